#!/usr/bin/python3
"""Writes the model package from a checkpoint: TorchScript with weights rounded to bf16, tokenizer, golden pairs, model.yaml.

    export.py --data /tmp/lychee --package deploy/models/lychee-nano

The temperature is the one with the least log loss for "grade >= 2" on the held-out pairs of all modes. The files are checked before the
script ends: other batch sizes and lengths, padding, and the distance of TorchScript and of bf16 arithmetic from the eager model, which
computes in fp32 with the rounded weights; and how far rounding moved the checkpoint's own logits.
"""

import argparse
import base64
import copy
import io
import json
import os
import random

import numpy as np
import torch

import drawing
import golden
import wordpiece
from network import CELLS, MEAN, SIDE, STD, CrossEncoder
from scorer import Scorer, pair_ids
from torchscript import save_script
from train import Pairs, Seen, score_pairs, tensors

VERSION = "1"
YAML = """# A cross-encoder for product search in English and Chinese, by text and by picture; see deploy/model/README.md.
schema: 1
name: lychee-nano
version: "%(version)s"
kind: sequence-classification
languages: [en, zh]
license: Apache-2.0
weights:
  bf16: model.pt
  fp32: model.pt           # the same weights, widened when they are loaded
tokenizer: tokenizer.json
inputs: [input_ids, attention_mask, token_type_ids]
images:
  placeholder: "[IMG]"     # stands `tokens` times where a picture is
  processor: fixed         # squashed to size x size by the bicubic filter, then (x / 255 - mean) / std
  size: %(size)d
  tokens: %(tokens)d
  mean: %(mean)s
  std: %(std)s
  input: pixel_values
outputs: 1                 # one logit per pair
pad_token_id: 0
limits:
  max_tokens: 160          # whole pair with special tokens; only the document's text is shortened
  max_query_tokens: 64
temperature: %(temperature).2f          # least log loss for "grade >= 2" on the held-out pairs
golden:
  file: golden.jsonl
  tolerance: {fp32: 0.001, bf16: %(tolerance).2f}   # absolute, in logits; at least twice the largest difference measured
"""


def load_encoder(path):
    """The eager fp32 model of a checkpoint."""
    state = torch.load(path, map_location="cpu")
    encoder = CrossEncoder(**state["shape"])
    encoder.load_state_dict(state["encoder"])
    return encoder.eval()


def log_loss(logits, relevant, temperature):
    z = np.clip(logits / temperature, -30, 30)
    return float(np.mean(np.log1p(np.exp(-z)) * relevant + np.log1p(np.exp(z)) * (1 - relevant)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of train.py")
    parser.add_argument("--name", default="checkpoint", help="name of the checkpoint in that folder")
    parser.add_argument("--package", required=True)
    options = parser.parse_args()
    os.makedirs(options.package, exist_ok=True)
    torch.set_num_threads(1)

    def path(name):
        return os.path.join(options.package, name)

    unrounded = load_encoder(os.path.join(options.data, options.name + ".pt"))
    encoder = copy.deepcopy(unrounded).bfloat16().float()
    tokenizer = wordpiece.Tokenizer.load(os.path.join(options.data, "tokenizer.json"))
    wordpiece.write(tokenizer.vocabulary, path("tokenizer.json"))
    save_script(copy.deepcopy(encoder).bfloat16(), path("model.pt"))

    held = Pairs(os.path.join(options.data, "held-out.npz"))
    seen = Seen(options.data, True)
    rows = [row for i in range(held.count) for row in held.query(i)]
    logits = score_pairs(encoder, rows, seen)
    relevant = np.array([row[4] >= 2 for row in rows], float)
    grid = np.arange(0.3, 3.01, 0.01)
    losses = [log_loss(logits, relevant, t) for t in grid]
    temperature = float(grid[int(np.argmin(losses))])
    print("temperature %.2f: log loss %.4f (%.4f at 1.0), %d held-out pairs" % (temperature, min(losses), log_loss(logits, relevant, 1.0), len(rows)))

    scripted, scripted_half = Scorer(options.package), Scorer(options.package, "bf16")
    far, far_half, rounding, lines, drawn = 0.0, 0.0, 0.0, [], {}

    def picture(look):
        """Drawn once, by a seed of its own, so that the golden file is the same everywhere."""
        if look and look not in drawn:
            drawn[look] = drawing.draw(random.Random("golden " + " ".join(look)), *look, size=96)
        return drawn[look] if look else None

    def encoded(image):
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return base64.b64encode(file.getvalue()).decode()

    pairs = [((q, None), (d, None)) for q, d in golden.TEXTS] + [((q, picture(p)), (d, picture(r))) for q, p, d, r in golden.PICTURES]
    with torch.no_grad():
        for query, document in pairs:
            inputs = scripted.batch([(query, document)])
            logit = encoder(*inputs).item()
            far = max(far, abs(scripted.model(*inputs).item() - logit))
            far_half = max(far_half, abs(scripted_half.model(*inputs).item() - logit))
            rounding = max(rounding, abs(unrounded(*inputs).item() - logit))
            line = dict(query=query[0], document=document[0])
            for name, side in (("query_image", query), ("document_image", document)):
                if side[1] is not None:
                    line[name] = encoded(side[1])
            line.update(input_ids=pair_ids(tokenizer, query, document)[0], logit=round(logit, 6))
            lines.append(json.dumps(line, ensure_ascii=False))
        pad_gap, half_gap = 0.0, 0.0
        for size in (1, 3, 7, len(pairs)):
            some = random.Random(size).sample(pairs, size)
            batch = scripted.batch(some)
            alone = torch.cat([scripted.model(*scripted.batch([pair])) for pair in some])
            pad_gap = max(pad_gap, (scripted.model(*batch) - alone).abs().max().item())
            half_gap = max(half_gap, (scripted_half.model(*batch) - alone).abs().max().item())
        texts = [row for row in rows if row[2] < 0 and row[3] < 0][:400]
        for at in range(0, len(texts), 50):
            batch = tensors(texts[at: at + 50]) + (torch.zeros(0, 3, SIDE, SIDE),)
            half_gap = max(half_gap, (scripted_half.model(*batch) - scripted.model(*batch)).abs().max().item())
    print("largest difference from eager fp32 on golden pairs: TorchScript %.1e, bf16 %.3f; in padded batches: fp32 %.1e, bf16 %.3f" % (far, far_half, pad_gap, half_gap))
    print("largest difference by rounding the weights, on golden pairs: %.3f" % rounding)
    assert far < 1e-4 and pad_gap < 1e-4
    with open(path("golden.jsonl"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    tolerance = max(0.15, np.ceil(max(far_half, half_gap) * 2 * 20) / 20)
    with open(path("model.yaml"), "w", encoding="utf-8") as file:
        file.write(YAML % dict(version=VERSION, temperature=temperature, tolerance=tolerance, size=SIDE, tokens=CELLS, mean=list(MEAN), std=list(STD)))
    for name in sorted(os.listdir(options.package)):
        print("%9d  %s" % (os.path.getsize(path(name)), name))


if __name__ == "__main__":
    main()
