"""Writes the golden numbers that the Java maths is compared with.

What comes from where:
  normalize    scikit-learn's minmax_scale and robust_scale, scipy's zscore, rankdata and expit; topShare numpy.percentile
  isotonic     scikit-learn's IsotonicRegression; centres and bands from its blocks with numpy, and scipy's Wilson interval
  otsu         scikit-image's threshold_otsu on 8-bit values, where its histogram is exact; separation by trying all cuts
  ranking      scikit-learn's ndcg_score, average_precision_score, label_ranking_average_precision_score
  calibration  scikit-learn's brier_score_loss and log_loss; the calibration errors written out with numpy
  bootstrap    scipy's bootstrap
  knee         the published definition of Kneedle (no smoothing) over scipy's argrelextrema
  platt        scikit-learn's sigmoid calibration; slope and temperature again by scipy's minimize, covariance by numpy
  loss         cuts by trying all of them with numpy; p-values with scipy's binomial distribution
  reliability  scikit-learn's calibration_curve, and scipy's Wilson interval

Usage: python3 golden_maths.py [OUTPUT]   (default ../resources/golden/maths.json, next to this script)
Made with numpy 1.24.2, scipy 1.10.1, scikit-learn 1.2.1 and scikit-image 0.19.3. The seed is fixed; a run with the same
versions changes nothing.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.signal import argrelextrema
from scipy.special import expit
from scipy.stats import binom, binomtest, bootstrap, rankdata, zscore
from skimage.filters import threshold_otsu
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    label_ranking_average_precision_score,
    log_loss,
    ndcg_score,
)
from sklearn.preprocessing import minmax_scale, robust_scale

RNG = np.random.default_rng(20261121)


def rounded(values, digits=6):
    return np.round(values, digits)


def value_sets():
    return {
        "two": np.array([0.3, 0.7]),
        "logits": rounded(RNG.normal(0, 4, 25)),
        "probabilities": rounded(expit(RNG.normal(0, 4, 100))),
        "ties": rounded(RNG.integers(0, 5, 40) / 7),
        "far from zero": rounded(1e6 + RNG.normal(0, 1, 30)),
        "heavy tails": rounded(RNG.standard_cauchy(60)),
        "one outlier": np.array([1.0, 1.0, 1.0, 1.5, 2.0, 2.0, 3.0, 250.0]),
        "many": rounded(RNG.normal(0, 1, 300)),
    }


def normalize():
    cases = []
    for name, values in value_sets().items():
        cases.append(
            {
                "name": name,
                "values": values,
                "expected": {
                    "min-max": minmax_scale(values),
                    "z-score": expit(zscore(values)),
                    "robust": expit(robust_scale(values)),
                    "rank": (rankdata(values) - 1) / (len(values) - 1),
                },
                "topShare": {
                    str(keep): np.percentile(values, 100 * (1 - keep)) for keep in (0.0, 0.1, 0.3, 0.5, 0.77, 1.0)
                },
            }
        )
    return cases


def blocks_of(model, x, y, w):
    """Weighted mean, weight and fitted value of each stretch of equal predictions."""
    fitted = np.round(model.predict(x), 12)
    blocks = []
    for value in np.unique(fitted):
        inside = fitted == value
        blocks.append(
            {
                "centre": np.average(x[inside], weights=w[inside]),
                "probability": np.clip(np.average(y[inside], weights=w[inside]), 0, 1),
                "weight": w[inside].sum(),
            }
        )
    return blocks


def isotonic():
    def case(name, x, y, w):
        model = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x, y, w)
        query = rounded(np.linspace(x.min() - 1, x.max() + 1, 101))
        blocks = blocks_of(model, x, y, w)
        centred = np.interp(query, [b["centre"] for b in blocks], [b["probability"] for b in blocks])
        if np.all(w == 1) and set(y) <= {0.0, 1.0}:
            for block in blocks:
                n = int(round(block["weight"]))
                k = int(round(block["probability"] * n))
                interval = binomtest(k, n).proportion_ci(0.95, "wilson")
                block["low"], block["high"] = interval.low, interval.high
        return {
            "name": name,
            "logits": x,
            "labels": y,
            "weights": w,
            "query": query,
            "stepped": model.predict(query),
            "centred": centred,
            "blocks": blocks,
        }

    x = rounded(RNG.normal(0, 3, 200))
    clicks = (RNG.random(200) < expit(0.7 * x - 0.5)).astype(float)
    tied = rounded(RNG.integers(-8, 9, 300) / 2)
    bins = np.linspace(-6, 6, 40)
    counts = rounded(RNG.gamma(2, 20, 40))
    rates = rounded(np.clip(expit(bins) + RNG.normal(0, 0.1, 40), 0, 1))
    debiased = rounded(expit(x) + RNG.normal(0, 0.6, 200))
    return [
        case("clicks", x, clicks, np.ones(200)),
        case("ties", tied, (RNG.random(300) < expit(tied)).astype(float), np.ones(300)),
        case("weighted bins", bins, rates, counts),
        case("labels outside 0..1", x, debiased, rounded(RNG.random(200) + 0.1)),
        case("descending", np.arange(10.0), np.arange(10.0)[::-1] / 10, np.ones(10)),
        case("two", np.array([-1.0, 1.0]), np.array([0.0, 1.0]), np.ones(2)),
    ]


def otsu():
    def separation(values):
        ordered = np.sort(values)
        total = ((ordered - ordered.mean()) ** 2).sum()
        best = 0
        for cut in range(1, len(ordered)):
            low, high = ordered[:cut], ordered[cut:]
            within = ((low - low.mean()) ** 2).sum() + ((high - high.mean()) ** 2).sum()
            best = max(best, 1 - within / total)
        return best

    def two(n_low, n_high, low, high, spread):
        values = np.concatenate([RNG.normal(low, spread, n_low), RNG.normal(high, spread, n_high)])
        return np.clip(np.round(values), 0, 255).astype(np.uint8)

    cases = []
    for name, values in {
        "even": two(50, 50, 60, 190, 12),
        "few relevant": two(90, 12, 40, 215, 8),
        "small": two(6, 4, 30, 220, 5),
        "many": two(700, 300, 80, 170, 10),
        "one class": np.round(RNG.normal(128, 20, 200)).astype(np.uint8),
        "uniform": RNG.integers(0, 256, 300).astype(np.uint8),
    }.items():
        threshold = threshold_otsu(values)
        cases.append(
            {
                "name": name,
                "values": values.astype(float),
                "kept": int((values > threshold).sum()),
                "smallestKept": float(values[values > threshold].min()),
                "separation": separation(values.astype(float)),
            }
        )
    return cases


def ranking():
    cases = []
    for size in (1, 5, 20, 100):
        for grades in (2, 5):
            ranked = RNG.integers(0, grades, size).astype(float)
            ranked[RNG.integers(0, size)] = grades - 1
            scores = np.arange(size, 0, -1.0)
            relevant = (ranked > 0).astype(int)
            cutoffs = sorted({1, 3, 10, size})
            # scikit-learn has no NDCG of a single document.
            ndcg = {str(k): (ndcg_score([ranked], [scores], k=k) if size > 1 else 1.0) for k in cutoffs}
            gains = 2**ranked - 1
            exponential = {str(k): (ndcg_score([gains], [scores], k=k) if size > 1 else 1.0) for k in cutoffs}
            first = np.zeros(size, int)
            first[np.argmax(relevant)] = 1
            cases.append(
                {
                    "ranked": ranked,
                    "ndcgLinear": ndcg,
                    "ndcgExponential": exponential,
                    "averagePrecision": average_precision_score(relevant, scores),
                    "reciprocalRank": label_ranking_average_precision_score([first], [scores]),
                }
            )
    return cases


def calibration():
    def equal_width(p, y, bins):
        which = np.clip(np.digitize(p, np.arange(bins + 1) / bins, right=True) - 1, 0, bins - 1)
        groups = [which == b for b in range(bins)]
        return sum(g.sum() * abs(p[g].mean() - y[g].mean()) for g in groups if g.any()) / len(p)

    def equal_mass(p, y, bins):
        order = np.argsort(p, kind="stable")
        p, y = p[order], y[order]
        ends = [len(p) * (b + 1) // bins for b in range(bins)]
        error, start = 0.0, 0
        for end in ends:
            while 0 < end < len(p) and p[end] == p[end - 1]:
                end += 1
            if end > start:
                error += (end - start) * abs(p[start:end].mean() - y[start:end].mean())
                start = end
        return error / len(p)

    def class_balanced(p, y, bins):
        which = np.clip(np.digitize(p, np.arange(bins + 1) / bins, right=True) - 1, 0, bins - 1)
        weight = np.where(y == 1, 0.5 / (y == 1).sum(), 0.5 / (y == 0).sum())
        groups = [which == b for b in range(bins)]
        return sum(weight[g].sum() * abs(p[g].mean() - y[g].mean()) for g in groups if g.any())

    cases = []
    for name, p in {
        "continuous": rounded(RNG.random(500)),
        "on the edges": RNG.integers(0, 16, 400) / 15,
        "ties": rounded(RNG.integers(0, 6, 300) / 5),
        "certain": RNG.integers(0, 2, 50).astype(float) * 0.999998 + 0.000001,
    }.items():
        y = (RNG.random(len(p)) < p**1.5).astype(float)
        cases.append(
            {
                "name": name,
                "probabilities": p,
                "labels": y,
                "equalWidth": {str(b): equal_width(p, y, b) for b in (1, 10, 15)},
                "equalMass": {str(b): equal_mass(p, y, b) for b in (1, 10, 15)},
                "classBalanced": {str(b): class_balanced(p, y, b) for b in (1, 10, 15)},
                "brier": brier_score_loss(y, p),
                "logLoss": log_loss(y, p, eps=1e-15),
            }
        )
    return cases


def paired_bootstrap():
    before = rounded(RNG.beta(4, 3, 80))
    after = rounded(np.clip(before + RNG.normal(0.04, 0.12, 80), 0, 1))
    result = bootstrap(
        (after - before,), np.mean, n_resamples=200_000, batch=1000, method="percentile", random_state=7
    )
    return {
        "before": before,
        "after": after,
        "mean": (after - before).mean(),
        "low": result.confidence_interval.low,
        "high": result.confidence_interval.high,
        "standardError": result.standard_error,
    }


def knee():
    def find(scores, sensitivity):
        """Rank and bulge of the most pronounced knee of a falling curve, None without one."""
        y = np.sort(scores)[::-1]
        x = np.linspace(0, 1, len(y))
        bulge = (y.max() - y) / (y.max() - y.min()) - x
        peaks = [
            i
            for i in argrelextrema(bulge, np.greater_equal)[0]
            if 0 < i < len(y) - 1 and bulge[i] > bulge[i - 1] and bulge[i] > 0
        ]
        fall = sensitivity * np.mean(np.diff(x))
        knees = []
        for at, peak in enumerate(peaks):
            end = peaks[at + 1] if at + 1 < len(peaks) else len(y)
            if (bulge[peak + 1 : end] < bulge[peak] - fall).any():
                knees.append(peak)
        if not knees:
            return None, None
        best = max(knees, key=lambda i: (bulge[i], -i))
        return int(best), float(bulge[best])

    cases = []
    for name, scores in {
        "exponential": rounded(np.exp(-0.15 * np.arange(40))),
        "two classes": rounded(np.concatenate([RNG.normal(0.9, 0.02, 6), RNG.normal(0.1, 0.03, 44)])),
        "heavy tail": rounded(RNG.pareto(2, 100)),
        "logits": rounded(np.concatenate([RNG.normal(4, 1, 5), RNG.normal(-5, 1, 45)])),
        "straight": rounded(np.linspace(0, 1, 11)),
        "concave": rounded(1 - np.linspace(0, 1, 30) ** 3),
        "two steps": rounded(np.concatenate([np.full(3, 0.9), np.full(5, 0.5), np.full(40, 0.1)])),
        "uniform": rounded(RNG.random(60)),
        "gaussian": rounded(RNG.normal(0, 1, 200)),
    }.items():
        for sensitivity in (0.0, 1.0, 5.0):
            rank, bulge = find(scores, sensitivity)
            cases.append({"name": name, "scores": scores, "sensitivity": sensitivity, "rank": rank, "bulge": bulge})
    return cases


def platt():
    def case(name, z, y, w):
        fitted = _SigmoidCalibration().fit(z, y, w)
        positives, negatives = w[y > 0].sum(), w[y <= 0].sum()
        target = np.where(y > 0, (positives + 1) / (positives + 2), 1 / (negatives + 2))

        def loss(line):
            value = line[0] * z + line[1]
            return (w * (np.logaddexp(0, value) - target * value)).sum()

        solved = minimize(loss, [-fitted.a_, -fitted.b_], method="BFGS", options={"gtol": 1e-9}).x
        p = expit(solved[0] * z + solved[1])
        x = np.stack([z, np.ones_like(z)])
        covariance = np.linalg.inv((x * (w * p * (1 - p))) @ x.T)
        inverse = minimize_scalar(
            lambda b: (w * (np.logaddexp(0, b * z) - y * b * z)).sum(),
            bounds=(0.01, 100),
            method="bounded",
            options={"xatol": 1e-12},
        ).x
        p = expit(inverse * z)
        return {
            "name": name,
            "logits": z,
            "labels": y,
            "weights": w,
            "slope": -fitted.a_,
            "intercept": -fitted.b_,
            "slopeAgain": solved[0],
            "interceptAgain": solved[1],
            "covariance": [covariance[0, 0], covariance[0, 1], covariance[1, 1]],
            "temperature": 1 / inverse,
            "inverseVariance": 1 / (w * p * (1 - p) * z * z).sum(),
        }

    z = rounded(RNG.normal(-1, 3, 300))
    y = (RNG.random(300) < expit(0.4 * z + 0.7)).astype(float)
    few = rounded(RNG.normal(-4, 2, 120))
    return [
        case("too sure", z, y, np.ones(300)),
        case("weighted", z, y, rounded(RNG.gamma(2, 2, 300))),
        case("few relevant", few, (RNG.random(120) < expit(1.5 * few + 2)).astype(float), np.ones(120)),
        case("ties", np.round(z), y, np.ones(300)),
    ]


def loss():
    def p_value(n, mean, bound):
        if mean >= bound:
            return 1.0
        hoeffding = np.exp(-n * ((0 if mean == 0 else mean * np.log(mean / bound)) + (1 - mean) * np.log((1 - mean) / (1 - bound))))
        return min(1.0, hoeffding, np.e * binom.cdf(np.ceil(n * mean - 1e-9), n, bound))

    cases = []
    for name, requests, most in (("few", 40, 3), ("usual", 300, 6), ("many", 1500, 8)):
        relevant = [rounded(RNG.normal(2, 2, RNG.integers(1, most + 1))) for _ in range(requests)]
        cuts = np.unique(np.concatenate(relevant))
        losses = np.array([np.mean([np.mean(r < cut) for r in relevant]) for cut in cuts])
        found = []
        for max_loss in (0.02, 0.05, 0.1, 0.3):
            bound = (requests * losses + 1) / (requests + 1)
            good = cuts[bound <= max_loss]
            case = {"maxLoss": max_loss, "onAverage": good.max() if len(good) else None}
            for confidence in (0.5, 0.9, 0.99):
                values = np.array([p_value(requests, each, max_loss) for each in losses])
                failed = np.flatnonzero(values > 1 - confidence)
                first = failed[0] if len(failed) else len(cuts)
                case[str(confidence)] = cuts[first - 1] if first > 0 else None
            found.append(case)
        cases.append({"name": name, "relevant": relevant, "cuts": found})
    return cases


def reliability():
    p = rounded(RNG.random(400))
    y = (RNG.random(400) < p**2).astype(float)
    accuracy, confidence = calibration_curve(y, p, n_bins=10)
    which = np.digitize(p, np.arange(1, 10) / 10, right=True)
    counts = np.bincount(which, minlength=10)
    intervals = [binomtest(int(y[which == b].sum()), int(counts[b])).proportion_ci(0.95, "wilson") for b in range(10)]
    return {
        "probabilities": p,
        "labels": y,
        "meanProbability": confidence,
        "meanLabel": accuracy,
        "count": counts,
        "low": [each.low for each in intervals],
        "high": [each.high for each in intervals],
    }


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value


def main():
    here = pathlib.Path(__file__).resolve().parent
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "../resources/golden/maths.json"
    golden = {
        "normalize": normalize(),
        "isotonic": isotonic(),
        "otsu": otsu(),
        "ranking": ranking(),
        "calibration": calibration(),
        "bootstrap": paired_bootstrap(),
        "knee": knee(),
        "platt": platt(),
        "loss": loss(),
        "reliability": reliability(),
    }
    lines = [
        json.dumps(section) + ":\n" + (
            "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]" if isinstance(cases, list) else json.dumps(cases)
        )
        for section, cases in plain(golden).items()
    ]
    output.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
