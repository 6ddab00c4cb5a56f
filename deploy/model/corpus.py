#!/usr/bin/python3
"""Writes the training and evaluation pairs, and learns the tokenizer from the training texts.

    corpus.py --data /tmp/lychee --queries 150000

gives `tokenizer.json`, `train-*.npz` (eight documents a query) and `held-out.npz`. A query, its documents and their grades are a function
of the seed and the number of the query alone (and of the pictures' list).
"""

import argparse
import os
import random
import time
from collections import defaultdict
from multiprocessing import Pool

import numpy as np
import gallery
import prose
import shop
import wordpiece
import words
from lexicon import CATEGORIES, FIELDS, GROUP_OF, RELATED, VALUES
from network import CELLS
from wordpiece import IMG

CONCEPTS = {}
for _leaf in sorted(CATEGORIES):
    CONCEPTS["category", _leaf] = len(CONCEPTS)
for _field in VALUES:
    for _value in sorted(VALUES[_field]):
        CONCEPTS[_field, _value] = len(CONCEPTS)

LANGUAGES = ("en", "zh", "mixed")
MODES = ("text to text", "text to image", "image to text", "image to image", "both to both")


def query_language(rng):
    return rng.choices(LANGUAGES, (43, 43, 14))[0]


def document_language(rng):
    return rng.choices(LANGUAGES, (37, 37, 26))[0]


def document_text(rng, listing):
    """`(text, states)`: as the job shows it, or a title, or a description, or all."""
    form = rng.random()
    if form < 0.6:
        count = rng.choice((1, 2, 3, 3, 3))
        return listing.model_text(count), listing.model_states(count)
    if form < 0.82:
        return listing.title, listing.title_states
    if form < 0.91:
        return listing.description, listing.description_states
    return listing.title + (" | " if form < 0.96 else " ") + listing.description, prose.merged([listing.title_states, listing.description_states])


def text_example(rng, held_out, languages=None):
    """One query with its documents: a dict, or None where the draw does not fit the split. `languages`: of the query and of all documents."""
    script = words.ZH if rng.random() < 0.4 and "en" not in (languages or ()) else words.EN
    product = shop.fit_split(rng, shop.sample_seed(rng, script), held_out)
    if product is None:
        return None
    query_type, wishes = shop.sample_wishes(rng, product)
    if held_out != shop.query_is_held_out(wishes) and (held_out is False or len(wishes) > 1):
        return None
    # A Chinese term outside the lexicon has no place in an English text.
    foreign = any(str(v)[0] == "~" and str(v)[1] >= "\u3400" for _, v in wishes)
    language = languages[0] if languages else rng.choice(("zh", "zh", "mixed")) if foreign else query_language(rng)
    text, wishes = prose.query(rng, wishes, language, held_out)
    terms = any(f in ("brand", "size") or str(v)[0] == "~" or isinstance(v, frozenset) and min(v)[0] == "~" for f, v in wishes)
    query_type = "without" if any(f == "not" for f, _ in wishes) else "term, brand, size" if terms else query_type
    documents = []
    for candidate in shop.candidate_products(rng, wishes, product, held_out):
        document_lang = languages[1] if languages else rng.choice(("zh", "zh", "mixed")) if foreign else document_language(rng)
        body, states = document_text(rng, prose.listing(rng, candidate, document_lang, held_out))
        documents.append(dict(text=body, picture=-1, language=document_lang, shown=candidate["category"], states=states,
                              grade=shop.grade(wishes, candidate["category"], states), statuses=shop.statuses(wishes, candidate["category"], states)))
    return dict(query=text, picture=-1, language=language, query_type=query_type, mode=MODES[0], wishes=wishes, documents=documents)


class Gallery:
    """The pictures of a side, by class and by colour."""

    def __init__(self, pictures):
        self.sides = []
        for photograph in (True, False):
            some = [p for p in pictures if p.photograph == photograph]
            by_key, by_colour = defaultdict(list), defaultdict(list)
            for p in some:
                by_key[p.key].append(p)
                for colour in p.states.get("colour", ()):
                    by_colour[colour].append(p)
            self.sides.append((some, by_key, by_colour))


_SURE_FIELDS = ("colour", "pattern")


def picture_grade(wishes, asked_in_words, shown, states):
    """As `shop.grade`, but what only the query's picture shows is a hint: another colour costs 1, another pattern 1, unstated ones 1 and 0."""
    hints = [w for w in wishes if w[0] in _SURE_FIELDS and w not in asked_in_words]
    cost = 0
    for (field, _), status in zip(hints, shop.statuses(hints, shown, states)):
        cost += status == shop.MISMATCH or (status == shop.UNSTATED and field == "colour")
    base = shop.grade([w for w in wishes if w not in hints], shown, states)
    return max(0, base - min(cost, 1 if base == 3 else cost)) if base else 0


def picture_example(rng, gallery_, held_out, side=None, mode=None):
    """A query by picture, for pictures, or both. All pictures of an example are photographs (side 0), or all drawings (1)."""
    some, by_key, by_colour = gallery_.sides[(0 if rng.random() < 0.6 else 1) if side is None else side]
    seed = rng.choice(by_key[rng.choice(sorted(by_key))])
    mode = mode or rng.choices(MODES[1:], (34, 20, 26, 20))[0]
    colour, pattern = seed.states.get("colour", (None,))[0], seed.states.get("pattern", (None,))[0]
    category = ("category", rng.choice(seed.asked))
    language = query_language(rng)
    wishes, in_words = [], []
    text, query_picture = "", -1
    if mode == "text to image":
        if colour and rng.random() < 0.6:
            wishes.append(("colour", colour))
        if pattern and pattern != "solid" and rng.random() < 0.5:
            wishes.append(("pattern", pattern))
        if not wishes or rng.random() < 0.8:
            wishes.insert(0, category)
        text, wishes = prose.query(rng, wishes, language, held_out)
        in_words = wishes
    else:
        query_picture = seed.number
        asked = {"category": seed.shown, "colour": colour, "pattern": pattern if pattern != "solid" else None}
        if mode == "both to both":
            changed = rng.random()
            if colour and changed < 0.35:
                asked["colour"] = rng.choice(sorted(by_colour))
                said = [("colour", asked["colour"])]
            elif changed < 0.7:
                said = [category]
            else:
                said = [category] + ([("colour", colour)] if colour else [])
            text, in_words = prose.query(rng, said, language, held_out)
            in_words = [(f, seed.shown if f == "category" else v) for f, v in in_words]
        wishes = [(f, v) for f, v in asked.items() if v]
    want_colour = next((v for f, v in wishes if f == "colour"), None)
    documents = []

    def graded(shown, states):
        return picture_grade(wishes, in_words, shown, states)

    def add(words_, picture, shown, states, lang):
        grade = graded(shown, states)
        documents.append(dict(text=words_, picture=picture, language=lang, shown=shown, states=states, grade=grade, statuses=shop.statuses(wishes, shown, states)))

    if mode == "image to text":
        seed_product = shop.sample_product(rng, rng.choice(sorted(seed.shown)), [w for w in wishes if w[0] != "category"])
        for candidate in shop.candidate_products(rng, wishes, seed_product, held_out):
            lang = document_language(rng)
            body, states = document_text(rng, prose.listing(rng, candidate, lang, held_out))
            add(body, -1, candidate["category"], states, lang)
    else:
        sure = [p for p in some if p.states] if want_colour else some

        def other(test):
            for _ in range(25):
                found = rng.choice(sure)
                if found.number != query_picture and test(found):
                    return found
            return None

        def same_key():
            return [p for p in by_key[seed.key] if p.number != query_picture and (p.states or not want_colour)] or [seed]

        matching = [p for p in same_key() if not want_colour or want_colour in p.states.get("colour", ())] or same_key()
        groups = {GROUP_OF[leaf] for leaf in seed.shown}
        akin = {b for a, b in RELATED if a in groups} | groups
        chosen = [seed if mode != "image to image" and want_colour == colour else rng.choice(matching), rng.choice(matching), rng.choice(same_key()), rng.choice(same_key()),
                  rng.choice(by_colour[want_colour]) if want_colour else rng.choice(some), other(lambda p: p.key != seed.key and want_colour in p.states.get("colour", ())) if want_colour else rng.choice(some),
                  other(lambda p: p.key != seed.key and GROUP_OF[min(p.shown)] in akin), rng.choice(some)]
        titled = mode == "both to both" or rng.random() < 0.25
        seen = set() if query_picture < 0 or mode != "image to image" else {query_picture}
        for picture in chosen:
            if picture is None or picture.number in seen:
                continue
            seen.add(picture.number)
            body, states, shown, lang = "", dict(picture.states), picture.shown, ""
            if titled:
                lang = document_language(rng)
                leaf = rng.choice(sorted(picture.shown))
                product = shop.sample_product(rng, leaf, [(f, v[0]) for f, v in picture.states.items()])
                for field in _SURE_FIELDS:
                    product[field] = picture.states.get(field, ())
                listing = prose.listing(rng, product, lang, held_out)
                body, said_states = (listing.title, listing.title_states) if rng.random() < 0.7 else (listing.model_text(1), listing.model_states(1))
                states, shown = prose.merged([states, said_states]), leaf
            add(body, picture.number, shown, states, lang)
    return dict(query=text, picture=query_picture, language=language, query_type="picture", mode=mode, wishes=wishes, documents=documents, graded=graded)


PICTURE_SHARE = 0.36
_GALLERIES = {}


def example(seed, number, held_out, data=None):
    """The query of that number. Without `data`, the folder of the pictures, of text only."""
    rng = random.Random("%s-%d-%d" % ("held-out" if held_out else "train", seed, number))
    if data is None or rng.random() >= PICTURE_SHARE:
        return text_example(rng, held_out)
    if held_out not in _GALLERIES:
        _GALLERIES[held_out] = Gallery(gallery.pictures(data, held_out))
    return picture_example(rng, _GALLERIES[held_out], held_out)


def _concepts(shown, states):
    leaves = [shown] if isinstance(shown, str) else sorted(shown)
    found = [("category", leaf) for leaf in leaves] + [(f, v) for f, values in states.items() for v in values]
    return [CONCEPTS[one] for one in found if one in CONCEPTS]


def encode(examples, tokenizer):
    """Arrays of many examples; ragged lists are stored flat with their offsets. A picture is `[IMG]` sixteen times before the text."""
    flat = {name: [] for name in ("query_ids", "document_ids", "query_concepts", "document_concepts")}
    offsets = {name: [0] for name in flat}

    def add(name, values):
        flat[name].extend(values)
        offsets[name].append(len(flat[name]))

    def ids(text, picture, most):
        return ([IMG] * CELLS if picture >= 0 else []) + tokenizer.encode(text)[:most]

    group, grades, statuses, query_pictures, pictures, modes = [], [], [], [], [], []
    for number, one in enumerate(examples):
        add("query_ids", ids(one["query"], one["picture"], 40))
        query_pictures.append(one["picture"])
        modes.append(MODES.index(one["mode"]))
        leaves = next((value for field, value in one["wishes"] if field == "category"), frozenset())
        add("query_concepts", _concepts(leaves, prose.merged([{f: (v,)} for f, v in one["wishes"] if f not in ("category", "not")])))
        for document in one["documents"]:
            add("document_ids", ids(document["text"], document["picture"], 140))
            add("document_concepts", _concepts(document["shown"], document["states"]))
            pictures.append(document["picture"])
            group.append(number)
            grades.append(document["grade"])
            row = [0] * len(FIELDS)
            for (field, _), status in zip(one["wishes"], document["statuses"]):
                row[FIELDS.index(field)] = status + 1 if field == "category" else status
            statuses.append(row)
    arrays = {name: np.array(values, np.int16) for name, values in flat.items()}
    arrays.update({name + "_at": np.array(values, np.int32) for name, values in offsets.items()})
    return dict(arrays, group=np.array(group, np.int32), grade=np.array(grades, np.int8), status=np.array(statuses, np.int8), mode=np.array(modes, np.int8),
                query_picture=np.array(query_pictures, np.int32), document_picture=np.array(pictures, np.int32))


def _shard(job):
    path, seed, first, count, held_out, tokenizer_path, data = job
    examples = [e for e in (example(seed, n, held_out, data) for n in range(first, first + count)) if e and len(e["documents"]) > 3]
    np.savez(path, **encode(examples, wordpiece.Tokenizer.load(tokenizer_path)))
    return len(examples)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of pictures.py, and for the corpus")
    parser.add_argument("--queries", type=int, default=150000, help="training queries drawn (some fall to the other split)")
    parser.add_argument("--first", type=int, default=0, help="number of the first training query, to add to a corpus")
    parser.add_argument("--held-out", type=int, default=6000, help="held-out queries drawn")
    parser.add_argument("--shard", type=int, default=5000, help="queries drawn per file")
    parser.add_argument("--merges", type=int, default=3400, help="English word pieces to learn")
    parser.add_argument("--text-only", action="store_true", help="no pictures")
    parser.add_argument("--tokenizer", help="use this tokenizer.json instead of learning one")
    parser.add_argument("--seed", type=int, default=20260401)
    options = parser.parse_args()
    os.makedirs(options.data, exist_ok=True)
    started = time.time()
    path = os.path.join(options.data, "tokenizer.json")
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
    data = None if options.text_only else options.data
    jobs = []
    if options.first == 0:
        jobs = [(os.path.join(options.data, "held-out.npz"), options.seed, 0, options.held_out, True, path, data)]
    for first in range(options.first, options.first + options.queries, options.shard):
        jobs.append((os.path.join(options.data, "train-%04d.npz" % (first // options.shard)), options.seed, first, options.shard, False, path, data))
    with Pool(2) as pool:
        for done, count in enumerate(pool.imap(_shard, jobs), 1):
            print("%s: %d queries, %d of %d files, %.0f s" % (os.path.basename(jobs[done - 1][0]), count, done, len(jobs), time.time() - started), flush=True)


if __name__ == "__main__":
    main()
