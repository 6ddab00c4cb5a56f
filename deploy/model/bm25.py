"""BM25 as Lucene has it: k1 1.2, b 0.75, words of the standard analyzer, and single characters plus bigrams for Chinese."""

import math
import re
from collections import Counter

_TOKEN = re.compile(r"[a-z0-9]+(?:['.][a-z0-9]+)*|[\u3400-\u9fff]+")


def analyze(text):
    """Lower-case words; runs of Chinese characters as characters and bigrams."""
    terms = []
    for token in _TOKEN.findall(text.lower()):
        if token[0] >= "\u3400":
            terms += list(token) + [token[i: i + 2] for i in range(len(token) - 1)]
        else:
            terms.append(token)
    return terms


class Bm25:
    """An index over texts; `scores` gives one number per text."""

    def __init__(self, texts, k1=1.2, b=0.75):
        counts = [Counter(analyze(text)) for text in texts]
        lengths = [sum(c.values()) for c in counts]
        average = sum(lengths) / max(1, len(lengths))
        self.size, self.postings = len(texts), {}
        for i, count in enumerate(counts):
            for term, n in count.items():
                weight = n / (n + k1 * (1 - b + b * lengths[i] / average))
                self.postings.setdefault(term, []).append((i, weight))

    def scores(self, query):
        result = [0.0] * self.size
        for term in set(analyze(query)):
            found = self.postings.get(term, ())
            idf = math.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5))
            for i, weight in found:
                result[i] += idf * weight
        return result
