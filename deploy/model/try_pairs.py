#!/usr/bin/python3
"""Scores documents for a query with a model package. A path of an image file is a picture.

    try_pairs.py 复古风牛仔外套 "Vintage Denim Jacket, Washed" "Plain red dress" jacket.png
"""

import argparse
import math
import os

from PIL import Image

from scorer import Scorer, temperature

PACKAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "lychee-nano")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("query")
    parser.add_argument("documents", nargs="+")
    parser.add_argument("--package", default=PACKAGE)
    parser.add_argument("--bf16", action="store_true", help="compute in bf16")
    options = parser.parse_args()
    heat = temperature(options.package)

    def side(text):
        return ("", Image.open(text)) if os.path.isfile(text) else (text, None)

    scorer = Scorer(options.package, "bf16" if options.bf16 else "fp32")
    rows = zip(scorer.scores(side(options.query), [side(document) for document in options.documents]), options.documents)
    for logit, document in sorted(rows, reverse=True):
        print("%8.3f  %.3f  %s" % (logit, 1 / (1 + math.exp(-logit / heat)), document))


if __name__ == "__main__":
    main()
