#!/usr/bin/python3
"""Scores documents for a query with a model package.

    try_pairs.py 复古风牛仔外套 "Vintage Denim Jacket, Washed" "Plain red dress"
"""

import argparse
import math
import os
import re

import torch

from wordpiece import Tokenizer

PACKAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "lychee-text-mini")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("query")
    parser.add_argument("documents", nargs="+")
    parser.add_argument("--package", default=PACKAGE)
    parser.add_argument("--bf16", action="store_true", help="use the bf16 weights")
    options = parser.parse_args()
    with open(os.path.join(options.package, "model.yaml"), encoding="utf-8") as file:
        temperature = float(re.search(r"^temperature: *([\d.]+)", file.read(), re.M).group(1))
    tokenizer = Tokenizer.load(os.path.join(options.package, "tokenizer.json"))
    model = torch.jit.load(os.path.join(options.package, "model-bf16.pt" if options.bf16 else "model.pt")).eval()
    rows = []
    for document in options.documents:
        ids, types = tokenizer.pair(options.query, document)
        with torch.no_grad():
            logit = model(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long), torch.tensor([types])).item()
        rows.append((logit, document))
    for logit, document in sorted(rows, reverse=True):
        print("%8.3f  %.3f  %s" % (logit, 1 / (1 + math.exp(-logit / temperature)), document))


if __name__ == "__main__":
    main()
