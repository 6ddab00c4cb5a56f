#!/usr/bin/python3
"""Writes the training and evaluation pairs, and learns the tokenizer from the training texts.

    corpus.py --out /tmp/lychee --queries 60000

gives `tokenizer.json`, `train-*.npz` (eight documents a query) and `held-out.npz`. A query, its documents and their grades are a function
of the seed and the number of the query alone.
"""

import argparse
import json
import os
import random
import time
from multiprocessing import Pool

import numpy as np

import prose
import shop
import wordpiece
from lexicon import CATEGORIES, FIELDS, VALUES

CONCEPTS = {}
for _leaf in sorted(CATEGORIES):
    CONCEPTS["category", _leaf] = len(CONCEPTS)
for _field in FIELDS[1:]:
    for _value in sorted(VALUES[_field]):
        CONCEPTS[_field, _value] = len(CONCEPTS)

LANGUAGES = ("en", "zh", "mixed")


def query_language(rng):
    return rng.choices(LANGUAGES, (43, 43, 14))[0]


def document_language(rng):
    return rng.choices(LANGUAGES, (37, 37, 26))[0]


def example(seed, number, held_out):
    """One query with its documents: a dict, or None where the draw does not fit the split."""
    rng = random.Random("%s-%d-%d" % ("held-out" if held_out else "train", seed, number))
    product = shop.fit_split(rng, shop.sample_product(rng), held_out)
    if product is None:
        return None
    query_type, wishes = shop.sample_wishes(rng, product)
    if held_out != shop.query_is_held_out(wishes) and (held_out is False or len(wishes) > 1):
        return None
    language = query_language(rng)
    text, wishes = prose.query(rng, wishes, language, held_out)
    documents = []
    for candidate in shop.candidate_products(rng, wishes, product, held_out):
        document_lang = document_language(rng)
        listing = prose.listing(rng, candidate, document_lang, held_out)
        form = rng.random()
        if form < 0.6:
            count = rng.choice((1, 2, 3, 3, 3))
            body, states = listing.model_text(count), listing.model_states(count)
        elif form < 0.85:
            body, states = listing.title, listing.title_states
        elif form < 0.93:
            body, states = listing.description, listing.description_states
        else:
            body, states = listing.title + " " + listing.description, prose.merged([listing.title_states, listing.description_states])
        documents.append(dict(text=body, language=document_lang, leaf=candidate["category"], states=states,
                              grade=shop.grade(wishes, candidate["category"], states),
                              statuses=shop.statuses(wishes, candidate["category"], states)))
    return dict(query=text, language=language, query_type=query_type, wishes=wishes, documents=documents)


def _concepts(leaf_or_leaves, states):
    leaves = [leaf_or_leaves] if isinstance(leaf_or_leaves, str) else sorted(leaf_or_leaves)
    return [CONCEPTS["category", leaf] for leaf in leaves] + [CONCEPTS[f, v] for f, values in states.items() for v in values]


def encode(examples, tokenizer):
    """Arrays of many examples; ragged lists are stored flat with their offsets."""
    flat = {name: [] for name in ("query_ids", "document_ids", "query_concepts", "document_concepts")}
    offsets = {name: [0] for name in flat}

    def add(name, values):
        flat[name].extend(values)
        offsets[name].append(len(flat[name]))

    group, grades, statuses = [], [], []
    for number, one in enumerate(examples):
        add("query_ids", tokenizer.encode(one["query"])[:64])
        leaves = next((value for field, value in one["wishes"] if field == "category"), frozenset())
        add("query_concepts", _concepts(leaves, prose.merged([{f: (v,)} for f, v in one["wishes"] if f != "category"])))
        for document in one["documents"]:
            add("document_ids", tokenizer.encode(document["text"])[:157])
            add("document_concepts", _concepts(document["leaf"], document["states"]))
            group.append(number)
            grades.append(document["grade"])
            row = [0] * len(FIELDS)
            for (field, _), status in zip(one["wishes"], document["statuses"]):
                row[FIELDS.index(field)] = status + 1 if field == "category" else status
            statuses.append(row)
    arrays = {name: np.array(values, np.int16) for name, values in flat.items()}
    arrays.update({name + "_at": np.array(values, np.int32) for name, values in offsets.items()})
    return dict(arrays, group=np.array(group, np.int32), grade=np.array(grades, np.int8), status=np.array(statuses, np.int8))


def _shard(job):
    path, seed, first, count, held_out, tokenizer_path = job
    examples = [e for e in (example(seed, n, held_out) for n in range(first, first + count)) if e]
    np.savez(path, **encode(examples, wordpiece.Tokenizer.load(tokenizer_path)))
    if held_out:
        with open(path[:-4] + ".jsonl", "w", encoding="utf-8") as file:
            for one in examples:
                rows = [dict(text=d["text"], language=d["language"], grade=d["grade"]) for d in one["documents"]]
                file.write(json.dumps(dict(query=one["query"], language=one["language"], query_type=one["query_type"], documents=rows), ensure_ascii=False) + "\n")
    return len(examples)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the corpus")
    parser.add_argument("--queries", type=int, default=100000, help="training queries drawn (some fall to the other split)")
    parser.add_argument("--held-out", type=int, default=12000, help="held-out queries drawn")
    parser.add_argument("--shard", type=int, default=5000, help="queries drawn per file")
    parser.add_argument("--merges", type=int, default=2200, help="English word pieces to learn")
    parser.add_argument("--tokenizer", help="use this tokenizer.json instead of learning one")
    parser.add_argument("--seed", type=int, default=20260101)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    started = time.time()
    path = os.path.join(options.out, "tokenizer.json")
    if options.tokenizer:
        wordpiece.write(wordpiece.Tokenizer.load(options.tokenizer).vocabulary, path)
    else:
        texts = []
        for number in range(6000):
            one = example(options.seed, number, False)
            if one:
                texts += [one["query"]] + [d["text"] for d in one["documents"]]
        wordpiece.write(wordpiece.learn(texts, options.merges), path)
    print("tokenizer: %d pieces, %.0f s" % (len(wordpiece.Tokenizer.load(path).vocabulary), time.time() - started), flush=True)
    jobs = [(os.path.join(options.out, "held-out.npz"), options.seed, 0, options.held_out, True, path)]
    for i, first in enumerate(range(0, options.queries, options.shard)):
        jobs.append((os.path.join(options.out, "train-%03d.npz" % i), options.seed, first, options.shard, False, path))
    with Pool(2) as pool:
        for done, count in enumerate(pool.imap(_shard, jobs), 1):
            print("%s: %d queries, %d of %d files, %.0f s" % (os.path.basename(jobs[done - 1][0]), count, done, len(jobs), time.time() - started), flush=True)


if __name__ == "__main__":
    main()
