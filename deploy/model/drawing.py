"""Draws products: silhouettes of some fifty categories in a colour and a pattern, on plain, shaded or speckled backgrounds.

A shape is a list of parts `(form, coordinates, role)` on the unit square: `poly` and `oval` are filled, `line` is stroked. The role `body`
takes the product's colour and pattern; `trim` is a darker shade of it; `wood`, `metal`, `white`, `dark`, `skin` and `glow` have colours of their own.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# sRGB of the lexicon's colours: the middle of a range.
SHADES = dict(black=(28, 28, 30), white=(244, 244, 242), red=(205, 30, 38), burgundy=(112, 20, 42), blue=(36, 86, 200), light_blue=(150, 196, 232),
              navy=(24, 36, 84), green=(40, 150, 66), dark_green=(44, 74, 46), mint=(166, 220, 190), yellow=(244, 208, 50), orange=(240, 126, 34),
              pink=(244, 160, 188), purple=(126, 70, 170), brown=(104, 66, 40), camel=(190, 142, 92), khaki=(190, 176, 132), beige=(232, 218, 194),
              grey=(136, 138, 142), silver=(196, 200, 206), gold=(212, 174, 80))
PATTERNS = ("striped", "polka", "plaid", "floral", "geometric", "graphic")


def _sym(*left):
    """A polygon from its left outline, mirrored at x = 0.5."""
    return list(left) + [(1 - x, y) for x, y in reversed(left)]


def _top(r, sleeve, length=0.86, neck="round", collar=False, hood=False, open_front=False, buttons=False):
    w, s = r.uniform(0.27, 0.32), r.uniform(-0.02, 0.02)
    hem = length + s
    sleeves = {"none": [(0.34, 0.2), (w + 0.02, 0.4)], "strap": [(0.36, 0.18), (w + 0.03, 0.36)], "short": [(0.3, 0.18), (0.13, 0.38), (0.22, 0.46), (w, 0.38)],
               "long": [(0.3, 0.18), (0.17, 0.36), (0.08, 0.76), (0.17, 0.79), (w - 0.01, 0.42)]}[sleeve]
    parts = [("poly", _sym((0.42, 0.16), *sleeves, (w - 0.01, hem)), "body")]
    if hood:
        parts.insert(0, ("oval", (0.36, 0.04, 0.64, 0.28), "trim"))
        parts.append(("poly", _sym((0.36, 0.62), (0.31, 0.78)), "trim"))
    parts.append(("poly", [(0.42, 0.155), (0.58, 0.155), (0.5, 0.3 if neck == "v" else 0.22)], "back") if not hood else ("oval", (0.42, 0.1, 0.58, 0.25), "dark"))
    if collar:
        parts += [("poly", [(0.4, 0.14), (0.5, 0.26), (0.43, 0.3)], "trim"), ("poly", [(0.6, 0.14), (0.5, 0.26), (0.57, 0.3)], "trim")]
    if open_front:
        parts.append(("line", [(0.5, 0.22), (0.5, hem)], "trim"))
    if buttons:
        parts += [("oval", (0.488, y - 0.012, 0.512, y + 0.012), "white") for y in np.linspace(0.32, hem - 0.08, 5)]
    return parts


def _dress(r, sleeve, length, flare):
    top = _top(r, sleeve, 0.5, r.choice(("v", "round")))
    return top + [("poly", _sym((0.33, 0.44), (0.33 - flare, length)), "body"), ("line", [(0.33, 0.47), (0.67, 0.47)], "trim")]


def _skirt(r, length, top, bottom, pleats=0):
    parts = [("poly", _sym((0.5 - top, 0.2), (0.5 - bottom, length)), "body"), ("poly", _sym((0.5 - top, 0.17), (0.5 - top, 0.22)), "trim")]
    return parts + [("line", [(0.5 + top * t, 0.22), (0.5 + bottom * t, length)], "trim") for t in (np.linspace(-0.8, 0.8, pleats) if pleats else ())]


def _pants(r, length, width=0.16, pockets=False, cuff=False):
    w = width + r.uniform(-0.02, 0.02)
    legs = [("poly", [(0.33, 0.12), (0.67, 0.12), (0.7, 0.35), (0.69, length), (0.69 - w, length), (0.5, 0.4), (0.31 + w, length), (0.31, length), (0.3, 0.35)], "body"),
            ("poly", _sym((0.33, 0.1), (0.325, 0.15)), "trim"), ("line", [(0.5, 0.15), (0.5, 0.38)], "trim")]
    if pockets:
        legs += [("poly", [(0.3, 0.5), (0.4, 0.5), (0.4, 0.62), (0.3, 0.62)], "trim"), ("poly", [(0.6, 0.5), (0.7, 0.5), (0.7, 0.62), (0.6, 0.62)], "trim")]
    if cuff:
        legs += [("poly", [(0.31, length - 0.05), (0.31 + w, length - 0.05), (0.31 + w, length), (0.31, length)], "trim"), ("poly", [(0.69 - w, length - 0.05), (0.69, length - 0.05), (0.69, length), (0.69 - w, length)], "trim")]
    return legs


def _shoe(r, kind):
    if kind == "boot":
        tall = r.uniform(0.22, 0.34)
        return [("poly", [(0.36, tall), (0.6, tall), (0.61, 0.62), (0.82, 0.7), (0.86, 0.8), (0.34, 0.8)], "body"), ("poly", [(0.34, 0.8), (0.86, 0.8), (0.86, 0.86), (0.34, 0.86)], "dark")]
    if kind == "heel":
        return [("poly", [(0.18, 0.38), (0.28, 0.4), (0.5, 0.6), (0.74, 0.66), (0.88, 0.74), (0.88, 0.78), (0.6, 0.78), (0.4, 0.66), (0.2, 0.54)], "body"), ("poly", [(0.18, 0.5), (0.25, 0.55), (0.23, 0.8), (0.2, 0.8)], "trim")]
    if kind == "sandal":
        return [("poly", [(0.14, 0.66), (0.86, 0.66), (0.88, 0.74), (0.14, 0.74)], "wood"), ("poly", [(0.56, 0.66), (0.62, 0.5), (0.76, 0.54), (0.78, 0.66)], "body"), ("poly", [(0.16, 0.66), (0.2, 0.42), (0.28, 0.42), (0.3, 0.66)], "body")]
    sole = "white" if kind == "sneaker" else "dark"
    parts = [("poly", [(0.14, 0.44), (0.3, 0.4), (0.36, 0.46), (0.5, 0.46), (0.64, 0.58), (0.84, 0.62), (0.9, 0.7), (0.14, 0.7)], "body"), ("poly", [(0.12, 0.69), (0.91, 0.69), (0.9, 0.77), (0.13, 0.77)], sole)]
    if kind == "sneaker":
        parts += [("line", [(0.42 + i * 0.06, 0.47 + i * 0.035), (0.38 + i * 0.07, 0.55 + i * 0.02)], "white") for i in range(4)]
    return parts


def _bag(r, kind):
    if kind == "backpack":
        return [("line", [(0.42, 0.2), (0.42, 0.12), (0.58, 0.12), (0.58, 0.2)], "dark"), ("poly", _sym((0.36, 0.16), (0.26, 0.26), (0.24, 0.86)), "body"), ("poly", _sym((0.31, 0.56), (0.31, 0.8)), "trim"), ("line", [(0.26, 0.4), (0.74, 0.4)], "dark")]
    if kind == "suitcase":
        return [("line", [(0.42, 0.26), (0.42, 0.08), (0.58, 0.08), (0.58, 0.26)], "metal"), ("poly", _sym((0.28, 0.26), (0.28, 0.86)), "body")] + [("line", [(x, 0.28), (x, 0.84)], "trim") for x in (0.36, 0.45, 0.55, 0.64)] + [("oval", (0.3, 0.85, 0.36, 0.92), "dark"), ("oval", (0.64, 0.85, 0.7, 0.92), "dark")]
    if kind == "tote":
        return [("line", [(0.38, 0.42), (0.4, 0.14), (0.6, 0.14), (0.62, 0.42)], "trim"), ("poly", _sym((0.2, 0.4), (0.25, 0.88)), "body")]
    if kind == "crossbody":
        return [("line", [(0.26, 0.48), (0.36, 0.08), (0.64, 0.08), (0.74, 0.48)], "trim"), ("poly", _sym((0.24, 0.46), (0.24, 0.8)), "body"), ("poly", _sym((0.24, 0.46), (0.3, 0.66)), "trim"), ("oval", (0.47, 0.62, 0.53, 0.68), "metal")]
    return [("line", [(0.36, 0.44), (0.4, 0.24), (0.6, 0.24), (0.64, 0.44)], "trim"), ("poly", _sym((0.28, 0.42), (0.18, 0.82)), "body"), ("poly", _sym((0.45, 0.42), (0.45, 0.52)), "metal")]


def _lamp(r, kind):
    if kind == "pendant":
        return [("line", [(0.5, 0.0), (0.5, 0.4)], "dark"), ("poly", _sym((0.44, 0.38), (0.22, 0.66)), "body"), ("oval", (0.43, 0.62, 0.57, 0.76), "glow")]
    if r.random() < 0.5:
        return [("poly", _sym((0.38, 0.18), (0.26, 0.5)), "body"), ("line", [(0.5, 0.5), (0.5, 0.82)], "metal"), ("poly", _sym((0.36, 0.82), (0.34, 0.88)), "metal")]
    return [("line", [(0.36, 0.84), (0.3, 0.5), (0.58, 0.24)], "body"), ("poly", [(0.52, 0.18), (0.64, 0.18), (0.82, 0.42), (0.54, 0.4)], "body"), ("oval", (0.6, 0.36, 0.74, 0.47), "glow"), ("poly", [(0.24, 0.84), (0.5, 0.84), (0.5, 0.89), (0.24, 0.89)], "trim")]


def _seat(r, kind):
    if kind == "sofa":
        return [("poly", _sym((0.14, 0.34), (0.14, 0.7)), "body"), ("poly", _sym((0.08, 0.46), (0.08, 0.78)), "body"), ("poly", _sym((0.18, 0.54), (0.18, 0.68)), "trim"), ("line", [(0.5, 0.36), (0.5, 0.68)], "trim"), ("line", [(0.15, 0.78), (0.15, 0.86)], "wood"), ("line", [(0.85, 0.78), (0.85, 0.86)], "wood")]
    if kind == "office":
        return [("poly", _sym((0.34, 0.12), (0.32, 0.5)), "body"), ("poly", _sym((0.28, 0.54), (0.28, 0.62)), "body"), ("line", [(0.5, 0.62), (0.5, 0.8)], "dark"), ("line", [(0.3, 0.88), (0.5, 0.8), (0.7, 0.88)], "dark"), ("oval", (0.27, 0.86, 0.33, 0.92), "dark"), ("oval", (0.67, 0.86, 0.73, 0.92), "dark")]
    return [("poly", _sym((0.12, 0.36), (0.12, 0.42)), "body"), ("line", [(0.18, 0.42), (0.16, 0.84)], "body"), ("line", [(0.82, 0.42), (0.84, 0.84)], "body"), ("line", [(0.3, 0.42), (0.3, 0.76)], "trim"), ("line", [(0.7, 0.42), (0.7, 0.76)], "trim")]


def _vessel(r, kind):
    if kind == "mug":
        return [("oval", (0.6, 0.36, 0.86, 0.68), "body"), ("oval", (0.65, 0.42, 0.8, 0.62), "back"), ("poly", [(0.24, 0.26), (0.7, 0.26), (0.68, 0.8), (0.26, 0.8)], "body"), ("oval", (0.24, 0.22, 0.7, 0.3), "trim")]
    if kind == "bottle":
        return [("poly", _sym((0.4, 0.1), (0.4, 0.22)), "dark"), ("poly", _sym((0.42, 0.2), (0.34, 0.32), (0.34, 0.9)), "body"), ("line", [(0.35, 0.4), (0.65, 0.4)], "trim")]
    if kind == "vase":
        return [("poly", _sym((0.42, 0.14), (0.45, 0.28), (0.3, 0.5), (0.33, 0.76), (0.4, 0.88)), "body"), ("line", [(0.5, 0.14), (0.44, 0.02)], "dark"), ("line", [(0.52, 0.14), (0.6, 0.03)], "dark")]
    if kind == "teapot":
        return [("poly", [(0.7, 0.5), (0.9, 0.34), (0.94, 0.38), (0.74, 0.66)], "body"), ("line", [(0.3, 0.44), (0.14, 0.44), (0.16, 0.66), (0.3, 0.68)], "body"), ("oval", (0.26, 0.32, 0.76, 0.8), "body"), ("oval", (0.38, 0.26, 0.64, 0.4), "trim"), ("oval", (0.47, 0.2, 0.55, 0.28), "trim")]
    return [("line", [(0.68, 0.5), (0.98, 0.4)], "dark"), ("oval", (0.08, 0.36, 0.72, 0.7), "body"), ("oval", (0.14, 0.39, 0.66, 0.63), "trim")]


def _small(r, kind):
    if kind == "watch":
        return [("poly", _sym((0.42, 0.06), (0.42, 0.94)), "body"), ("oval", (0.32, 0.32, 0.68, 0.68), "metal"), ("oval", (0.36, 0.36, 0.64, 0.64), "white"), ("line", [(0.5, 0.5), (0.5, 0.4)], "dark"), ("line", [(0.5, 0.5), (0.58, 0.53)], "dark")]
    if kind == "sunglasses":
        return [("oval", (0.1, 0.38, 0.45, 0.64), "body"), ("oval", (0.55, 0.38, 0.9, 0.64), "body"), ("oval", (0.14, 0.42, 0.41, 0.6), "dark"), ("oval", (0.59, 0.42, 0.86, 0.6), "dark"), ("line", [(0.44, 0.48), (0.56, 0.48)], "body")]
    if kind == "headphones":
        return [("arc", (0.2, 0.14, 0.8, 0.9), "body"), ("oval", (0.12, 0.46, 0.32, 0.78), "body"), ("oval", (0.68, 0.46, 0.88, 0.78), "body"), ("oval", (0.22, 0.5, 0.32, 0.74), "dark"), ("oval", (0.68, 0.5, 0.78, 0.74), "dark")]
    if kind == "umbrella":
        return [("line", [(0.5, 0.16), (0.5, 0.86), (0.58, 0.9), (0.6, 0.82)], "dark"), ("pie", (0.1, 0.14, 0.9, 0.94), "body")]
    if kind == "ball":
        return [("oval", (0.16, 0.16, 0.84, 0.84), "body"), ("line", [(0.5, 0.17), (0.5, 0.83)], "dark"), ("line", [(0.17, 0.5), (0.83, 0.5)], "dark"), ("arc2", (0.0, 0.2, 0.36, 0.8), "dark"), ("arc3", (0.64, 0.2, 1.0, 0.8), "dark")]
    if kind == "book":
        return [("poly", [(0.26, 0.14), (0.76, 0.14), (0.76, 0.86), (0.26, 0.86)], "body"), ("poly", [(0.26, 0.14), (0.33, 0.14), (0.33, 0.86), (0.26, 0.86)], "trim"), ("line", [(0.42, 0.32), (0.68, 0.32)], "white")]
    if kind == "phone_case":
        return [("poly", _sym((0.33, 0.1), (0.31, 0.13), (0.31, 0.87), (0.33, 0.9)), "body"), ("poly", [(0.35, 0.14), (0.5, 0.14), (0.5, 0.28), (0.35, 0.28)], "dark"), ("oval", (0.37, 0.15, 0.43, 0.21), "metal"), ("oval", (0.42, 0.21, 0.48, 0.27), "metal")]
    if kind == "cushion":
        return [("poly", _sym((0.16, 0.16), (0.21, 0.5), (0.16, 0.84), (0.5, 0.8)), "body"), ("poly", _sym((0.16, 0.16), (0.5, 0.2)), "body")]
    if kind == "lipstick":
        return [("poly", [(0.42, 0.44), (0.42, 0.18), (0.58, 0.1), (0.58, 0.44)], "body"), ("poly", _sym((0.4, 0.42), (0.4, 0.6)), "metal"), ("poly", _sym((0.37, 0.58), (0.37, 0.92)), "dark")]
    if kind == "scarf":
        return [("oval", (0.26, 0.1, 0.74, 0.46), "body"), ("oval", (0.38, 0.18, 0.62, 0.32), "back"), ("poly", [(0.34, 0.38), (0.5, 0.38), (0.46, 0.9), (0.3, 0.9)], "body"), ("poly", [(0.52, 0.38), (0.64, 0.36), (0.7, 0.8), (0.56, 0.82)], "trim")]
    if kind == "socks":
        return [("poly", [(0.2, 0.12), (0.38, 0.12), (0.38, 0.56), (0.5, 0.72), (0.44, 0.84), (0.34, 0.84), (0.2, 0.62)], "body"), ("poly", [(0.54, 0.12), (0.72, 0.12), (0.72, 0.56), (0.84, 0.72), (0.78, 0.84), (0.68, 0.84), (0.54, 0.62)], "body"), ("line", [(0.2, 0.18), (0.38, 0.18)], "trim"), ("line", [(0.54, 0.18), (0.72, 0.18)], "trim")]
    if kind == "gloves":
        return [("poly", [(0.3, 0.86), (0.3, 0.5), (0.18, 0.38), (0.24, 0.32), (0.34, 0.42), (0.34, 0.16), (0.42, 0.12), (0.5, 0.1), (0.58, 0.12), (0.66, 0.18), (0.66, 0.86)], "body"), ("poly", [(0.29, 0.76), (0.67, 0.76), (0.67, 0.86), (0.29, 0.86)], "trim")]
    if kind == "belt":
        return [("poly", [(0.04, 0.44), (0.96, 0.44), (0.96, 0.56), (0.04, 0.56)], "body"), ("poly", [(0.1, 0.4), (0.26, 0.4), (0.26, 0.6), (0.1, 0.6)], "metal"), ("poly", [(0.13, 0.44), (0.23, 0.44), (0.23, 0.56), (0.13, 0.56)], "body")]
    if kind == "tie":
        return [("poly", _sym((0.44, 0.08), (0.46, 0.2)), "trim"), ("poly", [(0.46, 0.2), (0.54, 0.2), (0.6, 0.78), (0.5, 0.92), (0.4, 0.78)], "body")]
    if kind == "tent":
        return [("poly", [(0.5, 0.18), (0.06, 0.82), (0.94, 0.82)], "body"), ("poly", [(0.5, 0.3), (0.38, 0.82), (0.62, 0.82)], "dark")]
    if kind == "clock":
        return [("oval", (0.16, 0.16, 0.84, 0.84), "body"), ("oval", (0.23, 0.23, 0.77, 0.77), "white"), ("line", [(0.5, 0.5), (0.5, 0.3)], "dark"), ("line", [(0.5, 0.5), (0.64, 0.56)], "dark")]
    if kind == "candle":
        return [("poly", _sym((0.32, 0.4), (0.32, 0.86)), "body"), ("oval", (0.32, 0.36, 0.68, 0.44), "trim"), ("line", [(0.5, 0.4), (0.5, 0.3)], "dark"), ("oval", (0.46, 0.14, 0.54, 0.32), "glow")]
    if kind == "necklace":
        return [("arc", (0.24, -0.3, 0.76, 0.7), "body2"), ("oval", (0.43, 0.66, 0.57, 0.84), "body")]
    if kind == "pen":
        return [("poly", [(0.18, 0.74), (0.7, 0.2), (0.78, 0.28), (0.26, 0.82)], "body"), ("poly", [(0.18, 0.74), (0.26, 0.82), (0.12, 0.88)], "metal")]
    if kind == "speaker":
        return [("poly", _sym((0.22, 0.22), (0.22, 0.82)), "body"), ("oval", (0.32, 0.36, 0.68, 0.74), "dark"), ("oval", (0.44, 0.48, 0.56, 0.62), "trim")]
    if kind == "bear":
        return [("oval", (0.26, 0.08, 0.4, 0.22), "body"), ("oval", (0.6, 0.08, 0.74, 0.22), "body"), ("oval", (0.28, 0.44, 0.72, 0.9), "body"), ("oval", (0.3, 0.12, 0.7, 0.5), "body"), ("oval", (0.42, 0.32, 0.58, 0.44), "trim"), ("oval", (0.39, 0.25, 0.43, 0.29), "dark"), ("oval", (0.57, 0.25, 0.61, 0.29), "dark")]
    if kind == "rug":
        return [("poly", [(0.16, 0.3), (0.84, 0.3), (0.96, 0.76), (0.04, 0.76)], "body"), ("line", [(0.1, 0.71), (0.9, 0.71)], "trim"), ("line", [(0.19, 0.34), (0.81, 0.34)], "trim")]
    return [("poly", [(0.2, 0.12), (0.8, 0.12), (0.8, 0.88), (0.2, 0.88)], "body"), ("line", [(0.2, 0.37), (0.8, 0.37)], "trim"), ("line", [(0.2, 0.62), (0.8, 0.62)], "trim")]


def _hat(r, kind):
    if kind == "cap":
        return [("pie", (0.2, 0.24, 0.74, 0.88), "body"), ("poly", [(0.64, 0.5), (0.94, 0.58), (0.92, 0.64), (0.5, 0.58)], "trim")]
    if kind == "beanie":
        return [("pie", (0.24, 0.2, 0.76, 0.92), "body"), ("poly", _sym((0.22, 0.54), (0.22, 0.7)), "trim"), ("oval", (0.43, 0.1, 0.57, 0.24), "trim")]
    if kind == "bucket":
        return [("poly", _sym((0.34, 0.26), (0.3, 0.52)), "body"), ("poly", _sym((0.3, 0.5), (0.14, 0.7)), "trim")]
    return [("oval", (0.06, 0.5, 0.94, 0.74), "body"), ("pie", (0.28, 0.22, 0.72, 0.92), "body"), ("line", [(0.28, 0.55), (0.72, 0.55)], "dark")]


SHAPES = {
    "tshirt": lambda r: _top(r, "short", 0.84), "polo": lambda r: _top(r, "short", 0.84, collar=True), "tank_top": lambda r: _top(r, "strap", 0.8),
    "shirt": lambda r: _top(r, "long", 0.86, collar=True, buttons=True), "sweater": lambda r: _top(r, "long", 0.82), "sweatshirt": lambda r: _top(r, "long", 0.8),
    "hoodie": lambda r: _top(r, "long", 0.84, hood=True), "cardigan": lambda r: _top(r, "long", 0.84, "v", open_front=True, buttons=True),
    "blazer": lambda r: _top(r, "long", 0.86, "v", collar=True, open_front=True), "denim_jacket": lambda r: _top(r, "long", 0.74, collar=True, open_front=True, buttons=True),
    "wool_coat": lambda r: _top(r, "long", 0.96, "v", collar=True, open_front=True), "vest": lambda r: _top(r, "none", 0.78, "v", open_front=True),
    "casual_dress": lambda r: _dress(r, r.choice(("short", "none")), r.uniform(0.76, 0.86), r.uniform(0.06, 0.14)), "maxi_dress": lambda r: _dress(r, r.choice(("strap", "short", "long")), 0.97, 0.12),
    "slip_dress": lambda r: _dress(r, "strap", r.uniform(0.8, 0.9), 0.04), "pleated_skirt": lambda r: _skirt(r, 0.72, 0.16, 0.32, 7), "pencil_skirt": lambda r: _skirt(r, 0.8, 0.17, 0.17),
    "jeans": lambda r: _pants(r, 0.94), "chinos": lambda r: _pants(r, 0.94), "cargo_pants": lambda r: _pants(r, 0.94, pockets=True), "sweatpants": lambda r: _pants(r, 0.92, 0.14, cuff=True),
    "shorts": lambda r: _pants(r, r.uniform(0.56, 0.64), 0.18), "leggings": lambda r: _pants(r, 0.96, 0.11),
    "sneakers": lambda r: _shoe(r, "sneaker"), "oxfords": lambda r: _shoe(r, "oxford"), "high_heels": lambda r: _shoe(r, "heel"), "sandals": lambda r: _shoe(r, "sandal"), "ankle_boots": lambda r: _shoe(r, "boot"),
    "backpack": lambda r: _bag(r, "backpack"), "suitcase": lambda r: _bag(r, "suitcase"), "tote_bag": lambda r: _bag(r, "tote"), "crossbody_bag": lambda r: _bag(r, "crossbody"), "handbag": lambda r: _bag(r, "handbag"),
    "baseball_cap": lambda r: _hat(r, "cap"), "beanie": lambda r: _hat(r, "beanie"), "bucket_hat": lambda r: _hat(r, "bucket"), "sun_hat": lambda r: _hat(r, "sun"),
    "desk_lamp": lambda r: _lamp(r, "desk"), "pendant_light": lambda r: _lamp(r, "pendant"), "sofa": lambda r: _seat(r, "sofa"), "office_chair": lambda r: _seat(r, "office"), "coffee_table": lambda r: _seat(r, "table"),
    "mug": lambda r: _vessel(r, "mug"), "water_bottle": lambda r: _vessel(r, "bottle"), "vase": lambda r: _vessel(r, "vase"), "teapot": lambda r: _vessel(r, "teapot"), "frying_pan": lambda r: _vessel(r, "pan"),
    "quartz_watch": lambda r: _small(r, "watch"), "basketball": lambda r: _small(r, "ball"), "notebook": lambda r: _small(r, "book"), "plush_toy": lambda r: _small(r, "bear"), "bookshelf": lambda r: _small(r, "shelf"),
}
SHAPES.update({name: (lambda r, kind=name: _small(r, kind)) for name in ("sunglasses", "headphones", "umbrella", "phone_case", "cushion", "lipstick", "scarf", "socks", "gloves",
                                                                             "belt", "tie", "tent", "clock", "necklace", "pen", "speaker", "rug")})
SHAPES["scented_candle"] = lambda r: _small(r, "candle")
# Too thin for a pattern to be seen.
PLAIN = {"desk_lamp", "sunglasses", "headphones", "necklace", "pen", "lipstick", "belt", "basketball", "quartz_watch", "coffee_table", "sandals", "clock", "frying_pan", "scented_candle", "bookshelf"}
_OWN = dict(wood=(150, 108, 66), metal=(190, 190, 196), white=(246, 246, 244), dark=(40, 40, 44), glow=(255, 240, 180))


def _near(rng, shade, spread):
    base = rng.uniform(-spread, spread)
    return tuple(int(min(255, max(0, c + base + rng.uniform(-spread, spread) / 2))) for c in shade)


def _pattern(rng, size, shade, pattern):
    """The body's surface: the colour with a pattern in white or a lighter or darker shade."""
    image = Image.new("RGB", (size, size), shade)
    draw = ImageDraw.Draw(image)
    light = sum(shade) > 480
    other = _near(rng, (70, 70, 80) if light and rng.random() < 0.7 else (245, 245, 240) if not light else tuple(int(c * 0.6) for c in shade), 10)
    step = size * rng.uniform(0.06, 0.12)
    if pattern == "striped":
        horizontal = rng.random() < 0.6
        for i in range(int(size / step) + 1):
            at = i * step
            draw.rectangle((0, at, size, at + step * 0.4) if horizontal else (at, 0, at + step * 0.4, size), fill=other)
    elif pattern == "polka":
        for i in range(int(size / step) + 1):
            for j in range(int(size / step) + 1):
                x, y = (i + 0.5 * (j % 2)) * step, j * step
                draw.ellipse((x - step * 0.24, y - step * 0.24, x + step * 0.24, y + step * 0.24), fill=other)
    elif pattern == "plaid":
        mixed = tuple((a + b) // 2 for a, b in zip(shade, other))
        for i in range(int(size / step / 1.5) + 1):
            at = i * step * 1.5
            draw.rectangle((0, at, size, at + step * 0.5), fill=mixed)
            draw.rectangle((at, 0, at + step * 0.5, size), fill=mixed)
        for i in range(int(size / step / 1.5) + 1):
            at = i * step * 1.5
            draw.rectangle((0, at + step * 0.2, size, at + step * 0.3), fill=other)
            draw.rectangle((at + step * 0.2, 0, at + step * 0.3, size), fill=other)
    elif pattern == "floral":
        for _ in range(int(60 * (0.09 * size / step) ** 2) + 12):
            x, y, a = rng.uniform(0, size), rng.uniform(0, size), step * rng.uniform(0.16, 0.3)
            petal = rng.choice((other, _near(rng, (236, 120, 150), 20), _near(rng, (250, 220, 120), 15), (250, 250, 250)))
            for k in range(5):
                px, py = x + a * math.cos(k * 1.2566), y + a * math.sin(k * 1.2566)
                draw.ellipse((px - a * 0.7, py - a * 0.7, px + a * 0.7, py + a * 0.7), fill=petal)
            draw.ellipse((x - a * 0.5, y - a * 0.5, x + a * 0.5, y + a * 0.5), fill=(240, 200, 70))
    elif pattern == "geometric":
        for i in range(int(size / step) + 1):
            for j in range(int(size / step) + 1):
                if (i + j) % 2:
                    x, y = i * step, j * step
                    draw.polygon([(x, y + step), (x + step / 2, y), (x + step, y + step)], fill=other)
    elif pattern == "graphic":
        x, y, a = size * 0.5, size * rng.uniform(0.42, 0.55), size * rng.uniform(0.06, 0.11)
        draw.ellipse((x - a, y - a, x + a, y + a), fill=_near(rng, rng.choice(list(SHADES.values())), 10))
        draw.rectangle((x - a * 1.2, y + a * 1.2, x + a * 1.2, y + a * 1.5), fill=other)
    return image


def _background(rng, size):
    kind = rng.random()
    tone = rng.choice([(255, 255, 255)] * 4 + [(238, 238, 240), (228, 224, 216), (206, 190, 168), (176, 132, 96), (140, 146, 156), (96, 100, 110), (210, 222, 232), (232, 210, 214)])
    tone = np.array(_near(rng, tone, 6), np.float32)
    field = np.broadcast_to(tone, (size, size, 3)).copy()
    if kind < 0.35:
        y, x = np.mgrid[0:size, 0:size] / size - 0.5
        field *= (1 + rng.uniform(-0.3, 0.1) * (x * rng.uniform(-1, 1) + y))[..., None]
    elif kind < 0.55:
        noise = np.random.RandomState(rng.randrange(1 << 30)).randn(size // 8, size // 8) * rng.uniform(4, 14)
        field += np.asarray(Image.fromarray((noise + 128).clip(0, 255).astype(np.uint8)).resize((size, size), Image.BILINEAR), np.float32)[..., None] - 128
    elif kind < 0.7:
        period = rng.uniform(0.08, 0.25) * size
        seams = np.where((np.arange(size) % period) < period * 0.04, 0.8, 1.0)
        field *= seams[:, None, None] if rng.random() < 0.5 else seams[None, :, None]
    return Image.fromarray(field.clip(0, 255).astype(np.uint8))


def draw(rng, category, colour, pattern=None, size=128):
    """An RGB picture of a product, `size` pixels wide and high. `pattern` None or `solid` is plain."""
    big = size * 2
    shade = _near(rng, SHADES[colour], 14)
    if rng.random() < 0.1:
        background = Image.new("RGB", (big, big), (255, 255, 255))
    else:
        background = _background(rng, big)
    if colour in ("white", "silver", "beige") and np.asarray(background).mean() > 225:
        # A white thing needs something to stand out from.
        background = Image.new("RGB", (big, big), _near(rng, rng.choice(((150, 160, 175), (186, 150, 120), (110, 110, 116))), 12))
    surface = _pattern(rng, big, shade, pattern)
    trim = tuple(int(c * 0.72) for c in shade) if sum(shade) > 150 else tuple(min(255, c + 34) for c in shade)
    parts = SHAPES[category](rng)
    image, mask_all = background.copy(), Image.new("L", (big, big))
    grow, turn, squeeze = rng.uniform(0.78, 1.0), math.radians(rng.uniform(-9, 9)), rng.uniform(0.92, 1.08)
    flip = rng.random() < 0.5
    move_x, move_y = rng.uniform(-0.04, 0.04), rng.uniform(-0.04, 0.04)

    def place(points):
        result = []
        for x, y in points:
            x, y = ((1 - x) if flip else x) - 0.5, y - 0.5
            x, y = x * grow * squeeze, y * grow
            result.append(((x * math.cos(turn) - y * math.sin(turn) + 0.5 + move_x) * big, (x * math.sin(turn) + y * math.cos(turn) + 0.5 + move_y) * big))
        return result

    def ring(box, start=0.0, end=2 * math.pi):
        (x0, y0, x1, y1) = box
        return [((x0 + x1) / 2 + (x1 - x0) / 2 * math.cos(a), (y0 + y1) / 2 + (y1 - y0) / 2 * math.sin(a)) for a in np.linspace(start, end, 28)]

    thick = max(3, int(big * rng.uniform(0.014, 0.024)))
    for form, where, role in parts:
        mask = Image.new("L", (big, big))
        pen = ImageDraw.Draw(mask)
        if form == "poly":
            pen.polygon(place(where), fill=255)
        elif form == "oval":
            pen.polygon(place(ring(where)), fill=255)
        elif form == "pie":
            pen.polygon(place(ring(where, math.pi, 2 * math.pi)), fill=255)
        else:
            points = where if form == "line" else ring(where, *{"arc": (math.pi, 2 * math.pi) if role == "body" else (0, math.pi), "arc2": (-1.3, 1.3), "arc3": (1.84, 4.44)}[form])
            pen.line(place(points), fill=255, width=thick * (2 if role in ("body", "body2") else 1), joint="curve")
        if role in ("body", "body2"):
            image.paste(surface, (0, 0), mask)
            mask_all.paste(255, (0, 0), mask)
        elif role == "back":
            image.paste(background, (0, 0), mask)
        else:
            image.paste(_near(rng, _OWN.get(role, trim), 8), (0, 0), mask)
    # Soft folds of light over the body, then a little blur and noise, so that no two pictures are alike.
    seed = np.random.RandomState(rng.randrange(1 << 30))
    folds = Image.fromarray((seed.rand(5, 5) * 255).astype(np.uint8)).resize((big, big), Image.BICUBIC)
    lit = np.asarray(image, np.float32) * (1 + (np.asarray(folds, np.float32)[..., None] / 255 - 0.5) * rng.uniform(0.05, 0.35) * (np.asarray(mask_all, np.float32)[..., None] > 0))
    small = Image.fromarray(lit.clip(0, 255).astype(np.uint8)).resize((size, size), Image.BOX)
    if rng.random() < 0.3:
        small = small.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))
    noisy = np.asarray(small, np.float32) * rng.uniform(0.85, 1.1) + seed.randn(size, size, 1) * rng.uniform(0, 5)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
