#!/usr/bin/python3
"""Packs the pictures for training: photographs of clothing with measured colours, and drawings.

    pictures.py --photographs data/clothing --out /tmp/lychee --drawings 16000

writes `photographs-{train,validation,test}.npz`, `drawings.npz` and `drawings-held-out.npz`: pixels as uint8 [n, 128, 128, 3], and what a picture shows. Pictures are
squashed to a square by Pillow's bicubic filter, as the job does.
"""

import argparse
import glob
import os
import random
import zlib
from multiprocessing import Pool

import numpy as np
from PIL import Image

import colours
import drawing

PACKED = 128
CLASSES = ("dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt", "t-shirt")
# A measured colour is a label where at least this share of the garment has it.
SURE = 0.45


def is_held_out(category, colour, pattern):
    """Split of a drawing: by what it shows, fixed by a hash."""
    return zlib.crc32(("drawing|%s|%s|%s" % (category, colour, pattern)).encode()) % 100 < 15


def squash(image, side):
    return np.asarray(image.convert("RGB").resize((side, side), Image.BICUBIC))


def _photographs(job):
    folder, split, out = job
    pixels, kinds, shades = [], [], []
    for number, kind in enumerate(CLASSES):
        for path in sorted(glob.glob(os.path.join(folder, split, kind, "*"))):
            image = Image.open(path)
            pixels.append(squash(image, PACKED))
            kinds.append(number)
            name, share = colours.of_garment(squash(image, 96))
            shades.append(colours.NAMES.index(name) if share >= SURE else -1)
    np.savez(os.path.join(out, "photographs-%s.npz" % split), pixels=np.stack(pixels), kind=np.array(kinds), colour=np.array(shades))
    return "%s: %d photographs, %d with a colour" % (split, len(kinds), sum(s >= 0 for s in shades))


def random_look(rng):
    """`(category, colour, pattern)` of a drawing."""
    category = rng.choice(sorted(drawing.SHAPES))
    pattern = "solid" if category in drawing.PLAIN or rng.random() < 0.5 else rng.choice(drawing.PATTERNS)
    return category, rng.choice(sorted(drawing.SHADES)), pattern


def _drawings(job):
    seed, count, held_out = job
    rng, rows = random.Random(seed), []
    while len(rows) < count:
        look = random_look(rng)
        if is_held_out(*look) == held_out:
            rows.append((np.asarray(drawing.draw(rng, *look, size=PACKED)),) + look)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", required=True, help="folder with train, validation and test, a folder for each class in them")
    parser.add_argument("--out", required=True)
    parser.add_argument("--drawings", type=int, default=16000)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    with Pool(2) as pool:
        for said in pool.imap(_photographs, [(options.photographs, split, options.out) for split in ("train", "validation", "test")]):
            print(said, flush=True)
        for name, first, count, held_out in (("drawings", 0, options.drawings, False), ("drawings-held-out", 100000, options.drawings // 8, True)):
            if os.path.exists(os.path.join(options.out, name + ".npz")):
                continue
            rows = [row for part in pool.imap(_drawings, [(first + seed, 500, held_out) for seed in range(count // 500)]) for row in part]
            np.savez(os.path.join(options.out, name + ".npz"), pixels=np.stack([r[0] for r in rows]), category=np.array([r[1] for r in rows]), colour=np.array([r[2] for r in rows]), pattern=np.array([r[3] for r in rows]))
            print("%s: %d" % (name, len(rows)), flush=True)


if __name__ == "__main__":
    main()
