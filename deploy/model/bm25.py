"""BM25 as Lucene's BM25Similarity has it: k1 1.2, b 0.75, document lengths rounded as its one-byte norms round them.

Terms are those of the standard analyzer: lower-case words, and single Chinese characters. Differs from Lucene in the order of float
additions, and in words with characters beyond ASCII letters, digits and Chinese, which are left out.
"""

import math
import re
from collections import Counter

_TOKEN = re.compile(r"[a-z0-9]+(?:['.][a-z0-9]+)*|[\u3400-\u9fff]")


def analyze(text):
    """The terms of a text."""
    return _TOKEN.findall(text.lower())


def _rounded(length):
    """`SmallFloat.byte4ToInt(intToByte4(length))`: exact below 40, then four significant bits above an offset of 24."""
    if length < 24:
        return length
    rest = length - 24
    shift = max(0, rest.bit_length() - 4)
    return 24 + (rest >> shift << shift)


class Bm25:
    """An index over texts; `scores` gives one number per text."""

    def __init__(self, texts, k1=1.2, b=0.75):
        counts = [Counter(analyze(text)) for text in texts]
        lengths = [sum(c.values()) for c in counts]
        average = sum(lengths) / max(1, sum(length > 0 for length in lengths))
        self.size, self.postings = len(texts), {}
        for i, count in enumerate(counts):
            for term, n in count.items():
                weight = n / (n + k1 * (1 - b + b * _rounded(lengths[i]) / average))
                self.postings.setdefault(term, []).append((i, weight))

    def scores(self, query):
        result = [0.0] * self.size
        for term, times in Counter(analyze(query)).items():
            found = self.postings.get(term, ())
            idf = math.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5))
            for i, weight in found:
                result[i] += times * idf * weight
        return result
