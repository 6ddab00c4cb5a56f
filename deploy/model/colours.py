"""Names colours: which of twelve basic colour words people would use for a pixel, and for the garment in a photograph.

Eleven are Berlin and Kay's basic colour terms, the twelfth is beige, which shops cannot do without. All names are ids of `lexicon.VALUES["colour"]`.
"""

import numpy as np

NAMES = ("black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "beige")
_NUMBER = {name: i for i, name in enumerate(NAMES)}


def lab_and_hue(rgb):
    """CIE L, chroma (D65, from a and b) and the hue of HSV in degrees, of sRGB in 0..255 with the channel last."""
    c = np.asarray(rgb, np.float64) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]]) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    light, a, b = 116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])
    top, low = c.max(-1), c.min(-1)
    span = np.maximum(top - low, 1e-9)
    red, green, blue = c[..., 0], c[..., 1], c[..., 2]
    hue = np.where(top == red, (green - blue) / span, np.where(top == green, 2 + (blue - red) / span, 4 + (red - green) / span)) * 60 % 360
    return light, np.hypot(a, b), hue


def names(rgb):
    """Number in `NAMES` of every pixel."""
    light, chroma, hue = lab_and_hue(rgb)
    result = np.full(light.shape, _NUMBER["grey"])

    def put(name, where):
        result[where] = _NUMBER[name]

    warm = (hue < 70) | (hue > 345)
    put("red", (hue >= 340) | (hue < 14))
    put("orange", (hue >= 14) & (hue < 42))
    put("yellow", (hue >= 42) & (hue < 70))
    put("green", (hue >= 70) & (hue < 175))
    put("blue", (hue >= 175) & (hue < 256))
    put("purple", (hue >= 256) & (hue < 312))
    put("pink", (hue >= 312) & (hue < 340))
    put("pink", ((hue >= 336) | (hue < 14)) & (light > 58) & (chroma > 10) & (chroma < 62))
    put("purple", (hue >= 300) & (hue < 330) & (light < 45))
    put("red", (hue >= 325) & (light < 45) & (chroma > 25))
    put("brown", (hue >= 8) & (hue < 50) & (light < 58) & (chroma < 58) | warm & (light < 40) & (chroma < 26))
    put("beige", (hue >= 14) & (hue < 70) & (light >= 58) & (chroma < 34))
    put("green", (hue >= 50) & (hue < 70) & (light < 55))
    put("white", (light > 72) & (chroma < 10))
    put("grey", (light <= 72) & (chroma < 7.5))
    put("grey", (light <= 60) & (light > 30) & (chroma < 9) & ~((hue > 190) & (hue < 260)))
    put("black", (light < 16) & (chroma < 22) | (light < 25) & (chroma < 9) | (light < 10))
    return result


def foreground(rgb):
    """Weight 0..1 of every pixel as part of the thing in the middle: unlike the border, and near the centre."""
    height, width = rgb.shape[:2]
    flat = rgb.astype(np.float64)
    border = np.concatenate([flat[: height // 12].reshape(-1, 3), flat[-height // 12:].reshape(-1, 3), flat[:, : width // 12].reshape(-1, 3), flat[:, -width // 12:].reshape(-1, 3)])
    # Two or three shades of background: the medians of the border's dark, middle and bright thirds.
    order = border[np.argsort(border.sum(1))]
    shades = [np.median(part, 0) for part in np.array_split(order, 3)]
    unlike = np.min([np.sqrt(((flat - shade) ** 2).sum(-1)) for shade in shades], 0)
    y, x = np.mgrid[0:height, 0:width]
    centre = np.exp(-(((y / height - 0.5) / 0.26) ** 2 + ((x / width - 0.5) / 0.22) ** 2))
    return np.clip((unlike - 18) / 30, 0.08, 1) * centre


def of_garment(rgb):
    """`(name, share)` of the commonest colour of the thing in the middle; pixels of neighbouring names count for a half."""
    weight = foreground(rgb)
    counts = np.bincount(names(rgb).ravel(), weight.ravel(), minlength=len(NAMES))
    shares = counts / counts.sum()
    best = int(np.argmax(shares))
    return NAMES[best], float(shares[best])
