#!/usr/bin/python3
"""What the packed pictures show, as the lexicon says it, and what the eyes see of them.

    gallery.py --data /tmp/lychee

writes `seen-{train,held-out}.npy`, float16 [views, 16, 192]: six views of each photograph, then two of each drawing (one where held out);
the first is the whole picture, the others are augmented.
"""

import argparse
import os
from multiprocessing import Pool

import numpy as np
import torch

import colours
from lexicon import CATEGORIES, GROUP_OF
from network import CELLS, Eyes
from pictures import CLASSES
from vision import augment, load, plain

# A photograph's class: what it may be, and the category or group that one asks for to find it.
CLASS = {
    "dress": (frozenset("casual_dress maxi_dress slip_dress shirt_dress knit_dress evening_gown".split()), "dresses"),
    "hat": (frozenset("baseball_cap bucket_hat beanie beret sun_hat".split()), "headwear"),
    "longsleeve": (frozenset(["long_sleeve_tee"]), "long_sleeve_tee"),
    "outwear": (frozenset("denim_jacket leather_jacket down_jacket trench_coat wool_coat blazer bomber_jacket windbreaker".split()), "outerwear"),
    "pants": (frozenset("jeans chinos dress_pants cargo_pants sweatpants".split()), "pants"),
    "shirt": (frozenset(["shirt"]), "shirt"),
    "shoes": (frozenset("sneakers white_shoes running_shoes loafers oxfords high_heels mary_janes sandals".split()), "shoes"),
    "shorts": (frozenset(["shorts"]), "shorts"),
    "skirt": (frozenset("pleated_skirt denim_skirt pencil_skirt".split()), "skirts"),
    "t-shirt": (frozenset(["tshirt"]), "tshirt"),
}
# Drawings that look the same.
_ALIKE = [{"sweater", "sweatshirt"}, {"jeans", "chinos", "dress_pants"}, {"oxfords", "loafers"}, {"casual_dress", "shirt_dress"}, {"tote_bag", "shoulder_bag"}, {"quartz_watch", "mechanical_watch"}]


class Picture:
    """`shown`: categories that it may be; `asked`: ids of a category or a group that fit it; `states`: colour and pattern; `key`: its class."""

    def __init__(self, number, key, shown, asked, states, photograph):
        self.number, self.key, self.shown, self.asked, self.states, self.photograph = number, key, shown, asked, states, photograph


def photographs(rows, first=0):
    found = []
    for i, (kind, colour) in enumerate(zip(rows["kind"], rows["colour"])):
        shown, asked = CLASS[CLASSES[kind]]
        found.append(Picture(first + i, CLASSES[kind], shown, (asked,), {"colour": (colours.NAMES[colour],)} if colour >= 0 else {}, True))
    return found


def shown_by(category):
    return frozenset(next((alike for alike in _ALIKE if category in alike), {category}))


def drawings(rows, first=0):
    found = []
    for i, (category, colour, pattern) in enumerate(zip(rows["category"], rows["colour"], rows["pattern"])):
        shown = shown_by(category)
        asked = (GROUP_OF[category],) + ((str(category),) if len(shown) == 1 else ())
        found.append(Picture(first + i, str(category), shown, asked, {"colour": (str(colour),), "pattern": (str(pattern),)}, False))
    assert all(p.key in CATEGORIES for p in found)
    return found


def eyes_from(folder):
    eyes = Eyes().fold()
    eyes.load_state_dict(torch.load(os.path.join(folder, "eyes.pt")))
    return eyes.eval()


@torch.no_grad()
def look(eyes, pixels, views, seed):
    """What the eyes see: float16 [n, views, 16, 192]; the first view is the whole picture, the others are augmented."""
    rng = np.random.RandomState(seed)
    seen = np.zeros((len(pixels), views, CELLS, 192), np.float16)
    for at in range(0, len(pixels), 64):
        some = pixels[at: at + 64]
        for view in range(views):
            seen[at: at + 64, view] = eyes(plain(some) if view == 0 else augment(some, rng)).numpy()
    return seen


def _files(folder, held_out):
    return [os.path.join(folder, name) for name in ("photographs-%s.npz" % ("validation" if held_out else "train"), "drawings%s.npz" % ("-held-out" if held_out else ""))]


def pictures(folder, held_out):
    """The pictures of a side: photographs, then drawings."""
    photos, drawn = (load(path, skip="pixels") for path in _files(folder, held_out))
    return photographs(photos) + drawings(drawn, len(photos["kind"]))


def views_of(held_out):
    """Views of a photograph and of a drawing."""
    return (1, 1) if held_out else (6, 2)


_PIXELS = []


def _look_at(job):
    """A part of `_PIXELS`, in a process of one thread."""
    folder, first, last, views = job
    torch.set_num_threads(1)
    return look(eyes_from(folder), _PIXELS[0][first: last], views, first)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of pictures.py and vision.py")
    options = parser.parse_args()
    for held_out in (True, False):
        parts = []
        for path, views in zip(_files(options.data, held_out), views_of(held_out)):
            # Loaded before the processes start, which then share it.
            _PIXELS[:] = [load(path)["pixels"]]
            with Pool(2) as pool:
                parts += [part.reshape(-1, CELLS, 192) for part in pool.imap(_look_at, [(options.data, at, at + 500, views) for at in range(0, len(_PIXELS[0]), 500)])]
        np.save(os.path.join(options.data, "seen-%s.npy" % ("held-out" if held_out else "train")), np.concatenate(parts))


if __name__ == "__main__":
    main()
