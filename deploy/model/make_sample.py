#!/usr/bin/python3
"""Writes the demo's catalogue, queries and relevance judgements, from the held-out side of the generator.

    make_sample.py --out deploy/sample

Combinations of category, colour, style and pattern, combinations asked for, and sentence templates were never used for training. Grades
follow from the structured attributes, all of which the title and three selling points state. Where a product can be drawn, it has a
picture of its category, colour and pattern; the last queries have one too.
"""

import argparse
import base64
import io
import json
import os
import random

import demo_queries
import drawing
import prose
import shop
from corpus import picture_grade
from gallery import shown_by
from lexicon import GROUP_OF, GROUPS

PRODUCTS = 480
QUERIES = 57
# Queries by words and a picture: wording, locale, category, colour and pattern of the drawing. The words say what, the picture which.
BY_PICTURE = [
    ("a mug like this", "en-US", "mug", "blue", "striped"),
    ("同款双肩包", "zh-CN", "backpack", "green", "solid"),
    ("similar dress", "en-US", "casual_dress", "red", "polka"),
    ("类似的帽子", "zh-CN", "bucket_hat", "yellow", "solid"),
    ("sneakers like these", "en-US", "sneakers", "purple", "solid"),
    ("找同款台灯", "zh-CN", "desk_lamp", "orange", "solid"),
    ("handbag in this style", "en-US", "handbag", "brown", "plaid"),
]
PIXELS = 128
BRANDS_ZH = ["禾屿", "南枝", "木白", "初岚", "云朵里", "山青", "知夏", "半糖", "未央里", "拾光屿", "青柚", "北野", "星眠", "棉小叶", "青墨坊"]
BRANDS_EN = ["Lorivé", "Tavenor", "Belmisa", "Graviten", "Norfenta", "Sulanor", "Zentari", "Vimora", "Copelra", "Dorwenna", "Karsute", "Mivandel", "Fironel", "Ostelia", "Yunoper"]
BRANDS = {"en": BRANDS_EN, "zh": BRANDS_ZH, "mixed": BRANDS_ZH + BRANDS_EN}
LANGUAGES = (("zh", 38), ("en", 36), ("mixed", 26))


def attributes(product):
    return {field: product[field] for field in shop.ATTRIBUTES if product.get(field)}


def trimmed(rng, product, keep):
    """At most seven attributes, so that the title and three selling points can state them all."""
    wishes = [(f, v) for f, values in attributes(product).items() if f not in ("brand", "size") for v in values]
    wishes.sort(key=lambda w: (w not in keep, rng.random()))
    result = {"category": product["category"]}
    result.update({field: tuple(v for f, v in wishes[:7] if f == field) for field in shop.ATTRIBUTES if field not in ("brand", "size")})
    return result


def picture(product):
    """The product drawn, as JPEG in base64; None where its category or pattern cannot be drawn, or its colour is not said."""
    pattern = (product.get("pattern") or ("solid",))[0]
    if product["category"] not in drawing.SHAPES or not product["colour"] or pattern not in ("solid",) + (() if product["category"] in drawing.PLAIN else drawing.PATTERNS):
        return None
    rng = random.Random("%s %s %s" % (product["category"], sorted(product.items()), pattern))
    file = io.BytesIO()
    drawing.draw(rng, product["category"], product["colour"][0], pattern, PIXELS).save(file, "JPEG", quality=82)
    return {"base64": base64.b64encode(file.getvalue()).decode()}


def keywords(rng, product, language):
    """The line of search words in the other language that sellers like to put below a description."""
    other = prose.ZH if language == "en" else prose.EN
    wishes = [(f, v) for f in shop.ATTRIBUTES for v in product.get(f, ())]
    names = [prose.name_of(rng, "category", product["category"], other)]
    names += [prose.name_of(rng, f, v, other) for f, v in rng.sample(wishes, min(len(wishes), rng.randint(1, 3)))]
    return " 关键词：" + "、".join(names) if other == prose.ZH else " Keywords: " + ", ".join(names)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=20260301)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    rng = random.Random(options.seed)
    languages, weights = zip(*LANGUAGES)

    queries, products, seen = [], [], set()

    def add(product, keep=()):
        product = trimmed(rng, product, keep)
        if not shop.product_is_held_out(product):
            return False
        key = repr(sorted(product.items()))
        if key in seen:
            return False
        seen.add(key)
        products.append(product)
        return True

    def supply(wishes, count):
        """Adds products that meet all wishes; gives one of them."""
        kept = [w for w in wishes if w[0] != "category"]
        leaves = next((v for f, v in wishes if f == "category"), frozenset(shop.LEAVES))
        locked = {f for f, _ in kept}
        added = []
        for _ in range(300):
            if len(added) == count:
                break
            product = shop.sample_product(rng, rng.choice(sorted(leaves)), kept)
            product = shop.fit_split(rng, product, True, locked)
            if product and add(product, kept):
                added.append(products[-1])
        return added

    def surround(wishes, fitting):
        """Adds products that miss the wishes in several ways."""
        if fitting:
            for candidate in list(shop.candidate_products(rng, wishes, fitting[0], True))[2:]:
                if rng.random() < 0.75:
                    add(candidate, [w for w in wishes if w[0] != "category"])

    for text, locale, query_type, name, wishes in demo_queries.QUERIES:
        wishes = [(f, v) for f, v in demo_queries.wishes(wishes)]
        if name:
            wishes.insert(0, ("category", shop.LEAVES_NAMED[name]))
        surround(wishes, supply(wishes, 3))
        queries.append((text, locale, query_type, wishes))

    used = {text for text, _, _, _ in queries}
    while len(queries) < QUERIES:
        seed_product = shop.fit_split(rng, shop.sample_product(rng), True)
        if seed_product is None:
            continue
        query_type, wishes = shop.sample_wishes(rng, seed_product)
        if len(wishes) < 2 or any(f in ("brand", "size", "not") for f, _ in wishes) or not shop.query_is_held_out(wishes):
            continue
        language = ("zh", "en", "zh", "en", "mixed")[len(queries) % 5]
        text, wishes = prose.query(rng, wishes, language, True, typos=0.01)
        if text in used:
            continue
        before = len(products)
        fitting = supply(wishes, 2)
        if len(fitting) < 2:
            del products[before:]
            continue
        surround(wishes, fitting)
        used.add(text)
        chinese = sum(c >= "\u3400" for c in text)
        queries.append((text, "zh-CN" if chinese * 2 >= len(text.replace(" ", "")) or chinese > 3 else "en-US", query_type, wishes))

    by_picture = []
    for text, locale, category, colour, pattern in BY_PICTURE:
        wishes = [("category", shown_by(category)), ("colour", colour)] + ([("pattern", pattern)] if pattern != "solid" else [])
        fitting = supply(wishes, 2) + supply(wishes[:2], 2)
        surround(wishes[:2], fitting)
        by_picture.append((text, locale, wishes, {"category": category, "colour": (colour,), "pattern": (pattern,)}))

    while len(products) < PRODUCTS:
        product = shop.fit_split(rng, shop.sample_product(rng, rng.choice(sorted(drawing.SHAPES)) if rng.random() < 0.5 else None), True)
        if product:
            add(product)
    rng.shuffle(products)

    rows, texts = [], set()
    for number, product in enumerate(products, 1):
        while True:
            language = rng.choices(languages, weights)[0]
            listing = prose.listing(rng, product, language, True, typos=0.004, complete=True, brand=rng.choice(BRANDS[language]) if rng.random() < 0.35 else "")
            if listing.model_text() not in texts and len(" | ".join([listing.title] + listing.points)) <= 512:
                break
        texts.add(listing.model_text())
        said = listing.model_states()
        assert all(set(product.get(f, ())) <= set(said.get(f, ())) for f in shop.ATTRIBUTES), listing.model_text()
        promoted = rng.random() < 0.3
        rows.append({
            "id": "p-%04d" % number,
            "title": listing.title,
            "description": listing.description + (keywords(rng, product, language) if rng.random() < 0.7 else ""),
            "selling_points": listing.points,
            "category": GROUPS[GROUP_OF[product["category"]]][0][0],
            **({"image": picture(product)} if picture(product) else {}),
            "fields": {
                "price": round(rng.lognormvariate(3.6, 0.7), 2),
                "inventory": 0 if rng.random() < 0.07 else rng.randint(1, 400),
                "rating": round(min(5.0, max(2.5, rng.gauss(4.3, 0.45))), 1),
                "max_rating": 5,
                "is_promotion": promoted,
                "discount_rate": rng.choice((0.05, 0.1, 0.15, 0.2, 0.3)) if promoted else 0.0,
                "listed_at": "2026-%02d-%02d" % (rng.randint(1, 10), rng.randint(1, 28)),
                "sales": int(rng.lognormvariate(5.0, 1.4)),
                "brand": next((b for b in BRANDS["mixed"] if listing.title.startswith(b)), None) or rng.choice(BRANDS[language]),
            },
        })

    with open(os.path.join(options.out, "catalogue.jsonl"), "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    weak, count = [], 0
    with open(os.path.join(options.out, "queries.jsonl"), "w", encoding="utf-8") as file, open(os.path.join(options.out, "qrels.tsv"), "w", encoding="utf-8") as qrels:
        number = 0
        for text, locale, query_type, wishes, image in [one + (None,) for one in queries] + [(text, locale, "picture", wishes, picture(look)) for text, locale, wishes, look in by_picture]:
            if image:
                grades = [picture_grade(wishes, wishes[:1], product["category"], attributes(product)) for product in products]
            else:
                grades = [shop.grade(wishes, product["category"], attributes(product)) for product in products]
            if sum(g >= 2 for g in grades) < 3 or max(grades) < 3:
                weak.append(text)
                continue
            number += 1
            file.write(json.dumps({"id": "q-%02d" % number, "text": text, "locale": locale, "query_type": query_type, **({"image": image} if image else {})}, ensure_ascii=False) + "\n")
            for row, one in zip(rows, grades):
                if one > 0:
                    qrels.write("q-%02d\t0\t%s\t%d\n" % (number, row["id"], one))
                    count += 1
    print("%d products, %d of them drawn, %d queries, %d judgements; dropped for too few relevant products: %s" % (len(rows), sum("image" in row for row in rows), number, count, weak or "none"))


if __name__ == "__main__":
    main()
