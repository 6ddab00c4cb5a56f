#!/usr/bin/env python3
"""Writes the small pictures that the image tests decode, and how Pillow reads them.

Usage: python3 make_images.py [DIRECTORY]     (default: ../resources/images)
Made with Pillow 9.4.0 and scipy 1.10. `expected.json` holds, per file, width, height and the RGB bytes as base64:
upright (Exif) and on white, which is how ImageDecoder promises to give them.
"""
import base64
import io
import json
import os
import sys

import numpy as np
import scipy.ndimage
from PIL import Image, ImageOps

WIDTH, HEIGHT = 24, 16


def colours():
    """Red grows to the right, green downwards, blue falls to the right."""
    x = np.linspace(20, 235, WIDTH)
    y = np.linspace(20, 235, HEIGHT)
    red, green = np.meshgrid(x, y)
    return Image.fromarray(np.stack([red, green, 255 - red], -1).astype(np.uint8), "RGB")


def upright_on_white(image):
    image = ImageOps.exif_transpose(image)
    if image.mode == "I;16" or image.mode == "I":
        values = (np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8)
        return Image.fromarray(values, "L").convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")


def write(target):
    os.makedirs(target, exist_ok=True)
    picture = colours()
    alpha = picture.copy()
    alpha.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1)), "L"))
    grey = picture.convert("L")
    deep = Image.fromarray((np.asarray(grey).astype(np.uint16) << 8) + 77, "I;16")
    files = {
        "rgb.jpg": lambda f: picture.save(f, "JPEG", quality=95, subsampling=0),
        "progressive.jpg": lambda f: picture.save(f, "JPEG", quality=95, subsampling=0, progressive=True),
        "grey.jpg": lambda f: grey.save(f, "JPEG", quality=95),
        "cmyk.jpg": lambda f: picture.convert("CMYK").save(f, "JPEG", quality=95),
        "rgb.png": lambda f: picture.save(f, "PNG"),
        "alpha.png": lambda f: alpha.save(f, "PNG"),
        "grey.png": lambda f: grey.save(f, "PNG"),
        "grey-16-bit.png": lambda f: deep.save(f, "PNG"),
        "palette.png": lambda f: picture.quantize(16).save(f, "PNG"),
        "lossless.webp": lambda f: picture.save(f, "WEBP", lossless=True),
        "lossy.webp": lambda f: picture.save(f, "WEBP", quality=95),
        "alpha.webp": lambda f: alpha.save(f, "WEBP", lossless=True, exact=True),
        "animated.gif": lambda f: Image.new("RGB", (WIDTH, HEIGHT), (220, 20, 20)).save(
            f, "GIF", save_all=True, append_images=[Image.new("RGB", (WIDTH, HEIGHT), (20, 20, 220))], loop=0
        ),
    }
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        files["exif-%d.jpg" % orientation] = lambda f, e=exif: picture.save(
            f, "JPEG", quality=95, subsampling=0, exif=e.tobytes()
        )
    expected = {}
    for name, save in files.items():
        content = io.BytesIO()
        save(content)
        with open(os.path.join(target, name), "wb") as f:
            f.write(content.getvalue())
        read = upright_on_white(Image.open(io.BytesIO(content.getvalue())))
        expected[name] = {
            "width": read.width,
            "height": read.height,
            "rgb": base64.b64encode(read.tobytes()).decode("ascii"),
        }
    luma = np.asarray(picture).astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    laplacian = scipy.ndimage.laplace(luma)[1:-1, 1:-1]
    measured = {"laplacian_variance": float(laplacian.var()), "rms_contrast": float(luma.std() / 255)}
    with open(os.path.join(target, "expected.json"), "w", encoding="utf-8") as f:
        json.dump({"decoded": expected, "measured": {"rgb.png": measured}}, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    write(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "resources", "images"))
