#!/usr/bin/python3
"""Measures a model package on held-out text, against random order and BM25, with 95 % bootstrap intervals over queries.

    evaluate.py --package deploy/models/lychee-text-mini --sample deploy/sample

First part: fresh held-out queries, each with 50 candidates in one language (eight near the query, the rest at random), by pair of
languages and by query type. Second part: the demo's sample. BM25 ranks the whole catalogue by title, description and selling
points; the model re-ranks BM25's first 50, and for comparison the whole catalogue. NDCG@10 has gains 2^grade - 1 and its
ideal over all judged products; a relevant product for MRR has grade 2 or 3.
"""

import argparse
import json
import os
import random
import time
from collections import defaultdict

import numpy as np
import torch

import corpus
import prose
import shop
from bm25 import Bm25
from wordpiece import Tokenizer


class Scorer:
    """The TorchScript model of a package, scoring in padded batches of like length."""

    def __init__(self, package, weights):
        self.tokenizer = Tokenizer.load(os.path.join(package, "tokenizer.json"))
        self.model = torch.jit.load(os.path.join(package, weights)).eval()

    @torch.no_grad()
    def scores(self, query, documents, batch=64):
        rows = [self.tokenizer.pair(query, document) for document in documents]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
        result = np.zeros(len(rows), np.float32)
        for start in range(0, len(order), batch):
            part = order[start: start + batch]
            length = len(rows[part[-1]][0])
            ids, mask, types = (torch.zeros(len(part), length, dtype=torch.long) for _ in range(3))
            for i, at in enumerate(part):
                size = len(rows[at][0])
                ids[i, :size], types[i, :size], mask[i, :size] = torch.tensor(rows[at][0]), torch.tensor(rows[at][1]), 1
            result[part] = self.model(ids, mask, types).numpy()
        return result


def ndcg(ranked, grades, depth=10):
    """`ranked`: grades in ranked order; `grades`: all judged grades."""
    discounts = 1 / np.log2(np.arange(2, depth + 2))

    def total(values):
        gains = 2.0 ** np.asarray(values[:depth], float) - 1
        return float((gains * discounts[: len(gains)]).sum())

    return total(ranked) / total(sorted(grades, reverse=True))


def reciprocal_rank(ranked):
    return next((1 / (i + 1) for i, g in enumerate(ranked) if g >= 2), 0.0)


def interval(values):
    """Mean with the 95 % bootstrap interval."""
    values = np.array(values)
    means = np.random.RandomState(1).choice(values, (2000, len(values))).mean(1)
    return "%.3f [%.3f, %.3f]" % (values.mean(), np.percentile(means, 2.5), np.percentile(means, 97.5))


def held_out_part(scorer, per_cell, seed):
    rng = random.Random(seed)
    pool = []
    while len(pool) < 1500:
        product = shop.fit_split(rng, shop.sample_product(rng), True)
        if product:
            pool.append(product)
    listings = {lang: [(product, prose.listing(rng, product, lang, True)) for product in pool] for lang in corpus.LANGUAGES}
    by_cell, by_type, pairs = defaultdict(list), defaultdict(list), []
    for language in corpus.LANGUAGES:
        for document_language in corpus.LANGUAGES:
            done = 0
            while done < per_cell:
                product = rng.choice(pool)
                query_type, wishes = shop.sample_wishes(rng, product)
                if not shop.query_is_held_out(wishes):
                    continue
                text, wishes = prose.query(rng, wishes, language, True)
                candidates = [(c, prose.listing(rng, c, document_language, True)) for c in shop.candidate_products(rng, wishes, product, True)]
                candidates += rng.sample(listings[document_language], 50 - len(candidates))
                rng.shuffle(candidates)
                grades = [shop.grade(wishes, c["category"], listing.model_states()) for c, listing in candidates]
                if max(grades) < 2:
                    continue
                texts = [listing.model_text() for _, listing in candidates]
                scores = scorer.scores(text, texts)
                lexical = Bm25(texts).scores(text)
                pairs += zip(scores, grades)
                row = []
                for order in (range(50), np.argsort(-np.array(lexical), kind="stable"), np.argsort(-scores, kind="stable")):
                    ranked = [grades[i] for i in order]
                    row += [ndcg(ranked, grades), reciprocal_rank(ranked)]
                by_cell[language, document_language].append(row)
                by_type[query_type].append(row)
                done += 1

    def table(name, cells):
        print("\n%-24s %7s | %7s %7s | %7s %7s | %-24s %7s" % (name, "queries", "random", "MRR", "BM25", "MRR", "model NDCG@10", "MRR"))
        for key, rows in cells:
            columns = list(zip(*rows))
            print("%-24s %7d | %7.3f %7.3f | %7.3f %7.3f | %-24s %7.3f" % (key, len(rows), np.mean(columns[0]), np.mean(columns[1]), np.mean(columns[2]), np.mean(columns[3]), interval(columns[4]), np.mean(columns[5])))

    table("query -> documents", [("%s -> %s" % key, rows) for key, rows in by_cell.items()])
    table("query type", sorted(by_type.items()))
    table("all", [("", [row for rows in by_cell.values() for row in rows])])
    scores, grades = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    print("\npairs: %d; grade >= 2 told at logit 0: accuracy %.4f; mean logit by grade 0..3: %s" % (len(pairs), np.mean((scores > 0) == (grades >= 2)), " ".join("%.2f" % scores[grades == g].mean() for g in range(4))))


def sample_part(scorer, folder, verbose):
    def rows(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    products, queries = rows("catalogue.jsonl"), rows("queries.jsonl")
    grades = defaultdict(dict)
    with open(os.path.join(folder, "qrels.tsv"), encoding="utf-8") as file:
        for line in file:
            query, _, product, grade = line.split("\t")
            grades[query][product] = int(grade)
    index = Bm25([" ".join([p["title"], p["description"]] + p["selling_points"]) for p in products])
    texts = [" | ".join([p["title"]] + p["selling_points"][:3])[:512] for p in products]
    results, recalls = defaultdict(list), []
    for query in queries:
        judged = grades[query["id"]]
        lexical = index.scores(query["text"])
        first = [i for i in np.argsort(-np.array(lexical), kind="stable") if lexical[i] > 0][:50]
        scores = scorer.scores(query["text"], texts)
        again = sorted(first, key=lambda i: -scores[i])
        everything = np.argsort(-scores, kind="stable")
        recalls.append(sum(judged.get(products[i]["id"], 0) >= 2 for i in first) / sum(g >= 2 for g in judged.values()))
        row = []
        for name, order in (("random", random.Random(query["id"]).sample(range(len(products)), len(products))), ("BM25", first), ("re-ranked", again), ("model on all", everything)):
            ranked = [judged.get(products[i]["id"], 0) for i in order]
            results[name].append((ndcg(ranked, list(judged.values())), reciprocal_rank(ranked)))
            row.append("%s %.3f" % (name, results[name][-1][0]))
        if verbose:
            print("%-45s %s" % (query["text"], "  ".join(row[1:])))
    print("\nsample: %d products, %d queries; BM25's first 50 hold %.3f of the relevant products" % (len(products), len(queries), np.mean(recalls)))
    for name, values in results.items():
        print("%-14s NDCG@10 %s   MRR %s" % (name, interval([v[0] for v in values]), interval([v[1] for v in values])))
    print("%-14s NDCG@10 %s" % ("gain", interval([a[0] - b[0] for a, b in zip(results["re-ranked"], results["BM25"])])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True)
    parser.add_argument("--weights", default="model.pt")
    parser.add_argument("--sample", help="folder of the sample")
    parser.add_argument("--per-cell", type=int, default=120, help="held-out queries for each pair of languages; 0 skips this part")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--verbose", action="store_true", help="print the sample's queries one by one")
    options = parser.parse_args()
    torch.set_num_threads(1)
    scorer = Scorer(options.package, options.weights)
    started = time.time()
    if options.per_cell:
        held_out_part(scorer, options.per_cell, options.seed)
    if options.sample:
        sample_part(scorer, options.sample, options.verbose)
    print("%.0f s" % (time.time() - started))


if __name__ == "__main__":
    main()
