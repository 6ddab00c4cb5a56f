"""Writes the golden numbers that the Java image processors are compared with.

What comes from where:
  resize    Pillow's Image.resize with BICUBIC
  sizes     smart_resize of Qwen's reference implementation, written out in Python's own arithmetic
  patches   Pillow's resize, then rescaling, normalization and the reshapes and transposes of Qwen's reference in numpy
  squashed  Pillow's resize to a square, then the same rescaling and normalization, channels first

Small pictures are stored whole, as base64: bytes of random pixels, little-endian float32 of tensors. Large ones are made
by a formula on both sides (`pattern`), and only the SHA-256 of what becomes of them is stored.

Usage: python3 golden_images.py [OUTPUT]   (default ../resources/golden/images.json, next to this script)
Made with Pillow 9.4.0 and numpy 1.24.2. The seed is fixed; a run with the same versions changes nothing.
"""

import base64
import hashlib
import json
import math
import pathlib
import sys

import numpy as np
from PIL import Image

RNG = np.random.default_rng(20261122)
CLIP = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
SYMMETRIC = ([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])


def base64_of(array):
    return base64.b64encode(array.tobytes()).decode("ascii")


def sha256(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


def pattern(width, height):
    """Bytes without a visible order, [height, width, 3]."""
    place = np.arange(3 * width * height, dtype=np.uint64)
    return ((place * np.uint64(2654435761) % np.uint64(1 << 32)) >> np.uint64(15)).astype(np.uint8).reshape(height, width, 3)


def resized(pixels, width, height):
    return np.asarray(Image.fromarray(pixels, "RGB").resize((width, height), Image.Resampling.BICUBIC))


def resize():
    small = [
        ((1, 1), (1, 1)), ((1, 1), (7, 5)), ((2, 1), (9, 4)), ((1, 2), (4, 9)), ((2, 1), (1, 1)), ((3, 3), (2, 2)),
        ((17, 11), (17, 5)), ((17, 11), (6, 11)), ((17, 11), (6, 23)), ((17, 11), (40, 3)), ((17, 11), (40, 23)),
        ((17, 11), (16, 10)), ((17, 11), (1, 1)), ((64, 1), (5, 1)), ((1, 64), (3, 5)), ((90, 2), (7, 9)), ((2, 90), (28, 28)),
    ]
    cases = []
    for (width, height), (to_width, to_height) in small:
        # Black and white pixels make the filter overshoot, so that values are cut to 0 and 255.
        for kind in ("noise", "black and white"):
            pixels = RNG.integers(0, 256, (height, width, 3)).astype(np.uint8)
            if kind != "noise":
                pixels = np.where(pixels < 128, 0, 255).astype(np.uint8)
            cases.append(
                {
                    "name": "%s %dx%d to %dx%d" % (kind, width, height, to_width, to_height),
                    "width": width, "height": height, "rgb": base64_of(pixels), "toWidth": to_width, "toHeight": to_height,
                    "expected": base64_of(resized(pixels, to_width, to_height)),
                }
            )
    large = [
        ((1920, 1080), (1316, 728)), ((640, 480), (644, 476)), ((100, 101), (112, 112)), ((333, 777), (112, 112)),
        ((3000, 20), (308, 28)), ((20, 3000), (28, 308)), ((4000, 3000), (1148, 840)), ((5, 700), (1000, 56)),
    ]
    for (width, height), (to_width, to_height) in large:
        cases.append(
            {
                "name": "pattern %dx%d to %dx%d" % (width, height, to_width, to_height),
                "width": width, "height": height, "toWidth": to_width, "toHeight": to_height,
                "sha256": sha256(resized(pattern(width, height), to_width, to_height)),
            }
        )
    return cases


def smart_resize(height, width, factor, min_pixels, max_pixels):
    if max(height, width) / min(height, width) > 200:
        return None
    h, w = round(height / factor) * factor, round(width / factor) * factor
    if h * w > max_pixels:
        beta = math.sqrt((height * width) / max_pixels)
        h = max(factor, math.floor(height / beta / factor) * factor)
        w = max(factor, math.floor(width / beta / factor) * factor)
    elif h * w < min_pixels:
        beta = math.sqrt(min_pixels / (height * width))
        h, w = math.ceil(height * beta / factor) * factor, math.ceil(width * beta / factor) * factor
    return w, h


def sizes():
    cases = []
    for factor, low, high in ((28, 3136, 1003520), (28, 3136, 602112), (28, 4 * 784, 16384 * 784), (32, 4096, 1800 * 1024), (28, 1, 784)):
        named = [(1080, 1920), (480, 640), (224, 224), (30, 40), (14, 14), (70, 70), (42, 98), (3000, 4000), (600, 800), (100, 101),
                 (1, 1), (1, 200), (1, 201), (20000, 100), (20001, 100), (9, 1000), (13, 15)]
        drawn = [(int(a), int(b)) for a, b in np.exp(RNG.uniform(0, math.log(9000), (150, 2)))]
        rows = []
        for height, width in named + drawn:
            size = smart_resize(height, width, factor, low, high)
            rows.append([width, height] + (list(size) if size else []))
        cases.append({"factor": factor, "minPixels": low, "maxPixels": high, "sizes": rows})
    return cases


def normalized(pixels, normalization):
    """[height, width, 3] bytes to float32, rounded where the reference rounds."""
    mean, std = (np.array(part, dtype=np.float32) for part in normalization)
    return ((pixels.astype(np.float64) * (1 / 255)).astype(np.float32) - mean) / std


def patches_of(pixels, patch, size, normalization):
    width, height = size
    picture = normalized(resized(pixels, width, height), normalization).transpose(2, 0, 1)
    frames = np.tile(picture[np.newaxis], (2, 1, 1, 1))
    high, wide = height // patch, width // patch
    blocks = frames.reshape(1, 2, 3, high // 2, 2, patch, wide // 2, 2, patch)
    rows = blocks.transpose(0, 3, 6, 4, 7, 2, 1, 5, 8).reshape(high * wide, 3 * 2 * patch * patch)
    assert rows.dtype == np.float32
    return np.ascontiguousarray(rows), high, wide


def patches():
    cases = []
    for family, patch, normalization, low, high in (("qwen25", 14, CLIP, 3136, 1003520), ("qwen3", 16, SYMMETRIC, 4096, 1843200),
                                                    ("qwen25", 14, CLIP, 784, 1568)):
        for width, height in ((40, 30), (224, 224), (101, 100), (640, 480), (1920, 1080), (15, 200)):
            if high == 1568 and width != 40:
                continue
            size = smart_resize(height, width, 2 * patch, low, high)
            rows, grid_height, grid_width = patches_of(pattern(width, height), patch, size, normalization)
            case = {
                "family": family, "minPixels": low, "maxPixels": high, "width": width, "height": height,
                "gridHeight": grid_height, "gridWidth": grid_width, "rowSize": rows.shape[1],
                "tokens": grid_height * grid_width // 4, "sha256": sha256(rows),
            }
            if high == 1568:
                case["values"] = base64_of(rows)
            cases.append(case)
    return cases


def squashed():
    cases = []
    for width, height, size, normalization in ((13, 7, 8, CLIP), (640, 480, 112, SYMMETRIC), (112, 112, 112, CLIP)):
        tensor = np.ascontiguousarray(normalized(resized(pattern(width, height), size, size), normalization).transpose(2, 0, 1))
        case = {"width": width, "height": height, "size": size, "mean": normalization[0], "std": normalization[1], "sha256": sha256(tensor)}
        if size == 8:
            case["values"] = base64_of(tensor)
        cases.append(case)
    return cases


def main():
    here = pathlib.Path(__file__).resolve().parent
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent / "resources" / "golden" / "images.json"
    golden = {"resize": resize(), "sizes": sizes(), "patches": patches(), "squashed": squashed()}
    with open(output, "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(
            json.dumps(name) + ": [\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]" for name, cases in golden.items()) + "\n}\n")


if __name__ == "__main__":
    main()
