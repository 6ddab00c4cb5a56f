#!/usr/bin/python3
"""Measures a model package against random order and BM25 and writes the report.

    evaluate.py --data /tmp/lychee --photographs data/clothing --sample ../sample --package ../models/lychee-nano --report report.md

NDCG@10 has gains 2^grade - 1 and its ideal over all judged documents; a relevant document for MRR has grade 2 or 3, as in `lychee eval`.
Intervals are 95 % bootstrap intervals over queries. Every part draws its queries from its own seed.
"""

import argparse
import base64
import glob
import io
import json
import os
import random
from collections import defaultdict
from multiprocessing import Pool

import numpy as np
import torch
from PIL import Image

import colours
import corpus
import gallery
import prose
import shop
from bm25 import Bm25
from pictures import CLASSES, SURE, squash
from scorer import Scorer, temperature
from vision import load

CANDIDATES = 50
ALL = "**all**"
VALIDATION = "photographs, validation split"


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


class Measured:
    """Rows of a part, `(name of a table's line, figures)`; all scored pairs `(logit, grade, table line)`, for the calibration; and what else is to be said."""

    def __init__(self, scorer):
        self.scorer, self.rows, self.pairs, self.notes = scorer, [], [], []

    def measure(self, names, query, documents, grades, rng):
        """NDCG and MRR of random order, BM25 (NaN without words) and the model, for documents `(text, image)`; the model's NDCG is returned."""
        order = list(range(len(documents)))
        rng.shuffle(order)
        documents, grades = [documents[i] for i in order], [grades[i] for i in order]
        scores = self.scorer.scores(query, documents)
        self.pairs += [(score, grade, names[0]) for score, grade in zip(scores.tolist(), grades)]
        row = []
        lexical = Bm25([text for text, _ in documents]).scores(query[0]) if query[0] and any(text for text, _ in documents) else None
        for values in (None, lexical, scores):
            if values is None and row:
                row += [np.nan, np.nan]
                continue
            ranked = [grades[i] for i in (range(len(grades)) if values is None else np.argsort(-np.array(values), kind="stable"))]
            row += [ndcg(ranked, grades), reciprocal_rank(ranked)]
        self.rows += [(name, row) for name in names]
        return row[4]


def _run(job):
    """One part, in a process of one thread."""
    package, precision, _, part, *arguments = job
    torch.set_num_threads(1)
    measured = Measured(Scorer(package, precision))
    part(measured, *arguments)
    measured.scorer = None
    return measured


def table(name, parts):
    cells = defaultdict(list)
    for measured in parts:
        for key, row in measured.rows:
            cells[key].append(row)
    lines = ["| %s | queries | random | BM25 | model NDCG@10 | model MRR | BM25 MRR |" % name, "|---|---|---|---|---|---|---|"]
    for key in sorted(cells, key=lambda k: (k == ALL, k)):
        c = np.array(cells[key])
        lexical = ("–", "–") if np.isnan(c[:, 2]).any() else ("%.3f" % c[:, 2].mean(), "%.3f" % c[:, 3].mean())
        lines.append("| %s | %d | %.3f | %s | %s | %.3f | %s |" % (key, len(c), c[:, 0].mean(), lexical[0], interval(c[:, 4]), c[:, 5].mean(), lexical[1]))
    return lines


def text_part(measured, document_language, per_cell):
    rng = random.Random("7" + document_language)
    pool = []
    while len(pool) < 600:
        product = shop.fit_split(rng, shop.sample_product(rng), True)
        if product:
            pool.append((product, prose.listing(rng, product, document_language, True)))
    for language in corpus.LANGUAGES:
        done = 0
        while done < per_cell:
            one = corpus.text_example(rng, True, (language, document_language))
            if not one:
                continue
            documents, grades = [(d["text"], None) for d in one["documents"]], [d["grade"] for d in one["documents"]]
            for product, listing in rng.sample(pool, CANDIDATES - len(documents)):
                documents.append((listing.model_text(), None))
                grades.append(shop.grade(one["wishes"], product["category"], listing.model_states()))
            if max(grades) >= 2:
                measured.measure(("%s → %s" % (language, document_language), "type: " + one["query_type"], ALL), (one["query"], None), documents, grades, rng)
                done += 1


def handwritten_part(measured, path):
    rng, documents, title, worst = random.Random(8), [], "", []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line.startswith("== "):
                documents, title = [], line[3:]
            elif line.startswith("d "):
                documents.append((line[2:], None))
            elif line.startswith("q "):
                text, grades = line[2:].rsplit("=", 1)
                language, text = text.strip().split(" ", 1)
                new = text.startswith("+ ")
                text = text[2:] if new else text
                grades = [int(g) for g in grades.split()]
                assert len(grades) == len(documents) == 10, text
                names = ("English queries" if language == "en" else "Chinese queries", "brands and models" if "brands" in title else "things that the lexicon lacks" if new else "things of the lexicon", ALL)
                worst.append((measured.measure(names, (text, None), documents, grades, rng), text))
    measured.notes.append("Worst: " + "; ".join("%s %.2f" % (text, value) for value, text in sorted(worst)[:8]) + ".")


def drawn_part(measured, data, mode, per_mode):
    """Drawings of looks never trained on."""
    rng = random.Random("9" + mode)
    drawn = load(os.path.join(data, "drawings-held-out.npz"))
    pictures = gallery.drawings(drawn)
    images = [Image.fromarray(p) for p in drawn["pixels"]]
    side = corpus.Gallery(pictures)

    def shown(number):
        return images[number] if number >= 0 else None

    done = 0
    while done < per_mode:
        one = corpus.picture_example(rng, side, True, 1, mode)
        documents, grades = [(d["text"], shown(d["picture"])) for d in one["documents"]], [d["grade"] for d in one["documents"]]
        titled = any(d["text"] for d in one["documents"])
        while len(documents) < CANDIDATES:
            if mode == "image to text" or titled:
                picture = rng.choice(pictures)
                leaf = rng.choice(sorted(picture.shown))
                product = shop.sample_product(rng, leaf, [(f, v[0]) for f, v in picture.states.items()])
                product.update({f: picture.states[f] for f in ("colour", "pattern")})
                listing = prose.listing(rng, product, corpus.document_language(rng), True)
                states = prose.merged([listing.title_states] + ([picture.states] if mode != "image to text" else []))
                documents.append((listing.title, None if mode == "image to text" else images[picture.number]))
                grades.append(one["graded"](leaf, states))
            else:
                picture = rng.choice(pictures)
                if picture.number == one["picture"]:
                    continue
                documents.append(("", images[picture.number]))
                grades.append(one["graded"](picture.shown, picture.states))
        if max(grades) >= 2:
            measured.measure((mode,), (one["query"], shown(one["picture"])), documents, grades, rng)
            done += 1


_ASK = {"dress": ("dress", "a nice dress", "连衣裙", "裙装"), "hat": ("hat", "a cap or hat", "帽子", "想买帽子"), "longsleeve": ("long sleeve t-shirt", "long sleeve top", "长袖t恤", "长袖上衣"),
        "outwear": ("jacket", "coat", "外套", "夹克外套"), "pants": ("pants", "trousers", "长裤", "裤装"), "shirt": ("shirt", "button-up shirt", "衬衫", "衬衣"), "shoes": ("shoes", "footwear", "鞋子", "一双鞋"),
        "shorts": ("shorts", "short pants", "短裤", "夏天的短裤"), "skirt": ("skirt", "looking for a skirt", "半身裙", "半裙"), "t-shirt": ("t-shirt", "tee", "短袖t恤", "t恤")}
_CHINESE = dict(black="黑色", white="白色", grey="灰色", red="红色", orange="橙色", yellow="黄色", green="绿色", blue="蓝色", purple="紫色", pink="粉色", brown="棕色", beige="米色")


def clothing_part(measured, folder, split, by):
    rng = random.Random("10" + by)
    items = []
    for kind in CLASSES:
        for path in sorted(glob.glob(os.path.join(folder, split, kind, "*"))):
            image = Image.open(path).convert("RGB")
            name, share = colours.of_garment(squash(image, 96))
            items.append((("", image), kind, name if share >= SURE else None))
    detail = defaultdict(list)

    def ask(mode, key, query, good, bad):
        chosen = rng.sample(good, 5) + rng.sample(bad, CANDIDATES - 5)
        value = measured.measure(("%s, by %s" % (mode, by),), query, chosen, [3] * 5 + [0] * (CANDIDATES - 5), rng)
        if mode == "text to image":
            detail[key].append(value)

    label = 1 if by == "class" else 2
    keys = CLASSES if by == "class" else sorted({i[2] for i in items if i[2] and sum(other[2] == i[2] for other in items) >= 8})
    for key in keys:
        good, bad = [i[0] for i in items if i[label] == key], [i[0] for i in items if i[label] and i[label] != key]
        phrases = _ASK[key] if by == "class" else ("%s clothes" % key, "something in %s" % key, _CHINESE[key] + "的衣服", _CHINESE[key])
        for text in phrases:
            for _ in range(2):
                ask("text to image", key, (text, None), good, bad)
        for document in rng.sample(good, min(8, len(good))):
            ask("image to image", key, document, [g for g in good if g is not document], bad)
        if by == "class":
            titles = defaultdict(list)
            for other in CLASSES:
                for _ in range(12):
                    leaf = rng.choice(sorted(gallery.CLASS[other][0]))
                    titles[other == key].append((prose.listing(rng, shop.sample_product(rng, leaf), rng.choice(("en", "zh")), True).title, None))
            for document in rng.sample(good, min(8, len(good))):
                ask("image to text", key, document, titles[True], titles[False])
    measured.notes.append("Text to image by %s: " % by + ", ".join("%s %.2f" % (key, np.mean(values)) for key, values in detail.items()) + ".")


def calibration_error(z, relevant, bins=15):
    p = 1 / (1 + np.exp(-z))
    at = np.minimum((p * bins).astype(int), bins - 1)
    return sum(abs(p[at == b].mean() - relevant[at == b].mean()) * np.mean(at == b) for b in range(bins) if (at == b).any())


def fitted(z, relevant, with_bias):
    """`(scale, bias)` with the least log loss of `sigmoid(scale * z + bias)`, by Newton's method."""
    x = np.stack([z, np.ones_like(z)], 1)[:, : 2 if with_bias else 1]
    w = np.array([1.0, 0.0])[: x.shape[1]]
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w = w + np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (relevant - p))
    return w[0], w[1] if with_bias else 0.0


def own_calibration(parts, heat):
    """What calibration of their own would do for pairs with photographs: fitted on the validation split, measured on the test split."""
    def pairs(name, kind):
        some = np.array([(z, g >= 2) for measured in parts[name] for z, g, line in measured.pairs if line.startswith(kind)], float)
        return some[:, 0], some[:, 1]

    lines = ["", "What photographs would gain from calibration of their own, fitted on their validation split and measured on the test split, by expected calibration error:", "",
             "| kind of pair | pairs | as it is | own temperature | own temperature and bias | with 30 % relevant instead of 10 %: as it is | own temperature and bias |", "|---|---|---|---|---|---|---|"]
    for kind in ("text to image", "image to text", "image to image"):
        z, relevant = pairs("photographs", kind)
        scale, _ = fitted(*pairs(VALIDATION, kind), False)
        both = fitted(*pairs(VALIDATION, kind), True)
        # The same candidates with fewer of the irrelevant ones.
        keep = (relevant == 1) | (np.random.RandomState(1).rand(len(z)) < relevant.mean() / 0.3 * 0.7 / (1 - relevant.mean()))
        lines.append("| %s | %d | %.3f | %.3f (temperature %.2f) | %.3f (%.2f, %+.2f) | %.3f | %.3f |" % (
            kind, len(z), calibration_error(z / heat, relevant), calibration_error(z * scale, relevant), 1 / scale,
            calibration_error(z * both[0] + both[1], relevant), 1 / both[0], both[1],
            calibration_error(z[keep] / heat, relevant[keep]), calibration_error(z[keep] * both[0] + both[1], relevant[keep])))
    return lines + ["", "A temperature for each kind of pair gains nothing. A bias does, but it is mostly the share of relevant documents, which is five of fifty here "
                    "and another one in each shop: so the package has neither. Fit a calibration map to your own judgements or clicks."]


def report_lines(parts, heat):
    lines = ["# What lychee-nano can do", "", "Written by `evaluate.py`; do not edit. NDCG@10 with gains 2^grade − 1 and, in brackets, the 95 % bootstrap interval over queries; MRR counts grades 2 and 3.",
             "BM25 is Lucene's BM25Similarity (k1 1.2, b 0.75, one-byte norms) over the 50 or 10 candidates of a query."]
    for name, title, said, column in _SECTIONS:
        if name in parts:
            lines += ["", "## " + title, "", said, ""] + table(column, parts[name])
            for measured in parts[name]:
                for note in measured.notes:
                    lines += ["", note]
    lines += ["", "## Calibration", "", "Expected calibration error (15 bins) of `sigmoid(logit / temperature)` for \"grade 2 or 3\", over the pairs above.", "",
              "| part | pairs | relevant | ECE at temperature 1 | ECE at %.2f | right at 0.5 |" % heat, "|---|---|---|---|---|---|"]
    for name in (name for name in parts if name != VALIDATION):
        pairs = [pair for measured in parts[name] for pair in measured.pairs]
        z, g = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]) >= 2
        lines.append("| %s | %d | %.3f | %.3f | %.3f | %.3f |" % (name, len(z), g.mean(), calibration_error(z, g), calibration_error(z / heat, g), np.mean((z > 0) == g)))
    return lines + (own_calibration(parts, heat) if VALIDATION in parts else [])


_SECTIONS = (
    ("text, held out", "Text to text, held-out combinations and phrasings", "50 candidates: eight around the query, the rest at random; all documents in one language.", "query → documents"),
    ("written by hand", "Text to text, written by hand without the generator", "`handwritten.txt`: ten documents a query, as on real shops, English and Chinese in one block. The honest figure.", "queries"),
    ("drawings", "Drawings, looks never trained on", "50 candidates: eight around the query, the rest at random. Graded by category, colour and pattern.", "mode"),
    ("photographs", "Photographs of clothing, test split", "Five relevant among 50; classes and colours weigh alike. Colours are measured by `colours.py`, not labelled by people: of 100 of its labels in the training split, 14 were wrong by eye.", "mode"),
    ("sample", "The sample shop", "BM25's first 50 of the whole catalogue, re-ranked; the ideal is over all judged products. Random is the order of the catalogue.", "queries by"),
)


def sample_part(measured, folder):
    def rows(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def picture(row):
        return Image.open(io.BytesIO(base64.b64decode(row["image"]["base64"]))) if row.get("image") else None

    products, queries = rows("catalogue.jsonl"), rows("queries.jsonl")
    grades = defaultdict(dict)
    with open(os.path.join(folder, "qrels.tsv"), encoding="utf-8") as file:
        for line in file:
            query, _, product, grade = line.split("\t")
            grades[query][product] = int(grade)
    index = Bm25([" ".join([p["title"], p["description"]] + p["selling_points"]) for p in products])
    documents = [(" | ".join([p["title"]] + p["selling_points"][:3])[:512], picture(p)) for p in products]
    recalls = []
    for query in queries:
        judged = grades[query["id"]]
        image = picture(query)
        lexical = index.scores(query["text"])
        first = [i for i in np.argsort(-np.array(lexical), kind="stable") if lexical[i] > 0][:CANDIDATES]
        scores = measured.scorer.scores((query["text"], image), [documents[i] for i in first])
        found = [judged.get(products[i]["id"], 0) for i in first]
        measured.pairs += [(score, grade, "sample") for score, grade in zip(scores.tolist(), found)]
        recalls.append(sum(g >= 2 for g in found) / sum(g >= 2 for g in judged.values()))
        row = []
        for ranked in ([judged.get(p["id"], 0) for p in products], found, [found[i] for i in np.argsort(-scores, kind="stable")]):
            row += [ndcg(ranked, list(judged.values())), reciprocal_rank(ranked)]
        measured.rows += [("words and picture" if image else "words", row)]
    measured.notes.append("%d products, %d of them with a picture. BM25's first 50 hold %.2f of the relevant products." % (len(products), sum(d[1] is not None for d in documents), np.mean(recalls)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--package", required=True)
    parser.add_argument("--precision", default="fp32", choices=("fp32", "bf16"))
    parser.add_argument("--data", help="folder of pictures.py, for held-out drawings")
    parser.add_argument("--photographs", help="folder of the photographs; their test split is used")
    parser.add_argument("--sample", help="folder of the sample")
    parser.add_argument("--report", help="file to write")
    parser.add_argument("--per-cell", type=int, default=24, help="held-out queries for each pair of languages; 0 skips this part")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    jobs = []
    if options.per_cell:
        jobs += [("text, held out", text_part, language, options.per_cell) for language in corpus.LANGUAGES]
    jobs.append(("written by hand", handwritten_part, os.path.join(here, "handwritten.txt")))
    if options.data:
        jobs += [("drawings", drawn_part, options.data, mode, max(20, options.per_cell)) for mode in corpus.MODES[1:]]
    if options.photographs:
        jobs += [(name, clothing_part, options.photographs, split, by) for name, split in (("photographs", "test"), (VALIDATION, "validation")) for by in ("class", "colour")]
    if options.sample:
        jobs.append(("sample", sample_part, options.sample))
    parts = defaultdict(list)
    with Pool(options.processes) as pool:
        for (name, *_), measured in zip(jobs, pool.imap(_run, [(options.package, options.precision) + job for job in jobs])):
            parts[name].append(measured)
            print("measured: %s" % name, flush=True)
    text = "\n".join(report_lines(parts, temperature(options.package)))
    print(text)
    if options.report:
        with open(options.report, "w", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
