"""Prints how often 95 % intervals of experiments hold the truth, for docs/experiments.md.

Two equal arms. Each user has a click rate of their own, 4 r u^3 with u uniform (its mean is r), and 1 + floor(Exp(10))
exposures. Written out with numpy, apart from the Java code: intervals from 128 groups of users, and for comparison from
each exposure for itself.

Usage: python3 experiment_coverage.py
Made with numpy 1.24.2 and scipy 1.10.1. The seed is fixed.
"""

import numpy as np
from scipy.stats import t

RNG = np.random.default_rng(5)
GROUPS = 128
RUNS = 4_000
Z = 1.959963984540054


def wilson(rate, n):
    middle = (rate * n + Z * Z / 2) / (n + Z * Z)
    half = Z * np.sqrt(rate * (1 - rate) * n + Z * Z / 4) / (n + Z * Z)
    return rate, max(0, min(rate, middle - half)), min(1, max(rate, middle + half))


def arm(users, mean):
    own = 4 * mean * RNG.random(users) ** 3
    exposures = 1 + RNG.exponential(10, users).astype(int)
    clicks = RNG.binomial(exposures, own)
    group = RNG.integers(0, GROUPS, users)
    could = np.bincount(group, exposures, GROUPS)
    did = np.bincount(group, clicks, GROUPS)
    rate = did.sum() / could.sum()
    filled = (could > 0).sum()
    variance = ((did - rate * could) ** 2).sum() * filled / (filled - 1) / could.sum() ** 2
    independent = users
    if variance > 0:
        independent = rate * (1 - rate) / variance * (Z / t.ppf(0.975, filled - 1)) ** 2
    return wilson(rate, independent), wilson(rate, could.sum())


def difference(a, b):
    middle = b[0] - a[0]
    return middle - np.hypot(b[0] - b[1], a[2] - a[0]), middle + np.hypot(b[2] - b[0], a[0] - a[1])


def coverage(users, mean):
    hits = np.zeros(4)
    for _ in range(RUNS):
        one, other = arm(users, mean), arm(users, mean)
        for way in range(2):
            hits[2 * way] += one[way][1] <= mean <= one[way][2]
            low, high = difference(one[way], other[way])
            hits[2 * way + 1] += low <= 0 <= high
    return 100 * hits / RUNS


for case in [(60, 0.15), (800, 0.15), (10_000, 0.15), (800, 0.005), (10_000, 0.005)]:
    print(*case, *np.round(coverage(*case), 1))
