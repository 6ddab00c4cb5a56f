"""Scores pairs of texts and pictures with the TorchScript model of a package, in padded batches of like length."""

import os
import re

import numpy as np
import torch

from network import CELLS, MEAN, SIDE, STD
from pictures import squash
from wordpiece import IMG, Tokenizer


def pixel_values(image):
    """float32 [3, SIDE, SIDE] of a Pillow image: squashed by the bicubic filter, then (x / 255 - mean) / std."""
    x = squash(image, SIDE).astype(np.float32) / 255
    return ((x - np.array(MEAN, np.float32)) / np.array(STD, np.float32)).transpose(2, 0, 1)


def images(pairs):
    """All pictures of `[(query, document)]` in order of appearance."""
    return [image for pair in pairs for _, image in pair if image is not None]


def pair_ids(tokenizer, query, document):
    """`(input_ids, token_type_ids)` of two sides `(text, image or None)`."""
    return tokenizer.pair(query[0], document[0], *([IMG] * CELLS if image is not None else [] for _, image in (query, document)))


class Scorer:
    """`precision`: bf16, as the weights are stored, or fp32, which widens them as the job does."""

    def __init__(self, package, precision="fp32"):
        self.tokenizer = Tokenizer.load(os.path.join(package, "tokenizer.json"))
        self.model = torch.jit.load(os.path.join(package, "model.pt")).eval()
        if precision == "fp32":
            self.model.float()
        self._seen = {}

    def batch(self, pairs):
        """The four inputs for `[(query, document)]`."""
        pixels = [pixel_values(image) for image in images(pairs)]
        return self._tokens(pairs) + (torch.from_numpy(np.stack(pixels)) if pixels else torch.zeros(0, 3, SIDE, SIDE),)

    def _tokens(self, pairs):
        rows = [pair_ids(self.tokenizer, q, d) for q, d in pairs]
        length = max(len(ids) for ids, _ in rows)
        ids, mask, types = (torch.zeros(len(rows), length, dtype=torch.long) for _ in range(3))
        for i, (one, kinds) in enumerate(rows):
            ids[i, : len(one)], types[i, : len(one)], mask[i, : len(one)] = torch.tensor(one), torch.tensor(kinds), 1
        return ids, mask, types

    def _see(self, image):
        """The eyes' output; every picture is looked at once. The image is kept so that its id stays its own."""
        if id(image) not in self._seen:
            self._seen[id(image)] = (self.model.see(torch.from_numpy(pixel_values(image)[None])), image)
        return self._seen[id(image)][0]

    @torch.no_grad()
    def scores(self, query, documents, size=50):
        """Logits of one query, `(text, image or None)`, with its documents."""
        order = sorted(range(len(documents)), key=lambda i: len(documents[i][0]))
        result = np.zeros(len(documents), np.float32)
        for start in range(0, len(order), size):
            part = order[start: start + size]
            pairs = [(query, documents[i]) for i in part]
            # The steps of `forward`, so that a picture in many pairs is looked at once.
            seen = [self._see(image) for image in images(pairs)]
            x, bias = self.model.embed(*self._tokens(pairs), torch.cat(seen) if seen else torch.zeros(0, CELLS, 192))
            for layer in self.model.layers.children():
                x = layer(x, bias)
            result[part] = self.model.head(x).float().numpy()
        return result


def temperature(package):
    """The package's temperature, out of model.yaml."""
    with open(os.path.join(package, "model.yaml"), encoding="utf-8") as file:
        return float(re.search(r"^temperature: *([\d.]+)", file.read(), re.M).group(1))
