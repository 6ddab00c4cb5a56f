"""Writes the golden numbers that the fit of clicks is compared with.

What comes from where:
  fits   counts by rank and logit bin; labels of the bins written out with numpy from a known click model, the map by
         scikit-learn's weighted IsotonicRegression on them

Usage: python3 golden_clicks.py [OUTPUT]   (default ../resources/golden/clicks.json, next to this script)
Made with numpy 1.24.2 and scikit-learn 1.2.1. The seed is fixed; a run with the same versions changes nothing.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

RNG = np.random.default_rng(20261122)
BINS = 82


def bin_of(logits):
    return np.clip(np.floor((logits + 10) / 0.25) + 1, 0, BINS - 1).astype(int)


def fit(name, ranks, impressions, examination, positive, negative, smallest_slope):
    rank = RNG.integers(1, ranks + 1, impressions)
    logit = np.round(RNG.normal(0, 4, impressions), 3)
    relevant = expit(0.6 * logit - 1)
    theta, wrong = np.array(examination)[rank - 1], np.array(negative)[rank - 1]
    click = (RNG.random(impressions) < theta * (positive * relevant + wrong * (1 - relevant))).astype(int)
    slope = np.array(examination) * (positive - np.array(negative))
    intercept = np.array(examination) * np.array(negative)
    used = slope[rank - 1] >= smallest_slope
    bins = bin_of(logit)
    x, y, w = [], [], []
    for b in range(BINS):
        inside = (bins == b) & used
        if inside.any():
            weight = slope[rank[inside] - 1].sum()
            x.append(logit[bins == b].mean())
            y.append((click[inside] - intercept[rank[inside] - 1]).sum() / weight)
            w.append(weight)
    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x, y, sample_weight=w)
    return {
        "name": name,
        "ranks": ranks,
        "rank": rank.tolist(),
        "logit": logit.tolist(),
        "click": click.tolist(),
        "examination": examination,
        "positive": positive,
        "negative": negative,
        "smallest_slope": smallest_slope,
        "logits": list(map(float, x)),
        "labels": list(map(float, y)),
        "weights": list(map(float, w)),
        "fitted": fitted.predict(x).tolist(),
    }


def main():
    here = pathlib.Path(__file__).resolve().parent
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "../resources/golden/clicks.json"
    golden = {
        "fits": [
            fit("by position", 4, 600, [1, 0.5, 0.3, 0.2], 1.0, [0, 0, 0, 0], 0.05),
            fit("with trust", 3, 500, [1, 0.6, 0.4], 0.95, [0.3, 0.15, 0.1], 0.05),
            fit("a rank that is hardly seen", 3, 400, [1, 0.5, 0.01], 1.0, [0, 0, 0], 0.05),
            fit("few", 2, 12, [1, 0.7], 1.0, [0, 0], 0.05),
        ]
    }
    lines = ["{\n\"fits\":\n[\n" + ",\n".join(json.dumps(case) for case in golden["fits"]) + "\n]\n}\n"]
    output.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
