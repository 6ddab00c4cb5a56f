"""The synthetic shop: products with structured attributes, shoppers' queries, and the grade that one deserves from the other.

Everything here is about attributes; `prose.py` turns them into text. A product is a dict: `category` is a leaf id, every
other field of `lexicon.FIELDS` a tuple of values. A query asks for a list of `(field, value)`; for `category` the value is
the set of leaves that the words used can mean (`裙子` is any dress or skirt). A value that begins with `~` is a term outside the lexicon, for a category
`~term~kind`; `("not", (field, value))` asks for the absence of a value.
"""

import zlib

import demo_queries
import words
from lexicon import CATEGORIES, CLOSE, FIELDS, GROUP_OF, GROUPS, IMPLIED, KIND_OF, KINDS, NEAR_VALUES, RELATED, VALUES

ATTRIBUTES = tuple(f for f in FIELDS[1:] if f != "not")
HELD_OUT_PERCENT = 15

# Status of one asked attribute. The order is also that of the auxiliary classes in training.
NOT_ASKED, MATCH, NEAR, UNSTATED, MISMATCH = range(5)

_PROBABILITY = dict(colour=0.8, material=0.6, style=0.7, audience=0.6, season=0.5, scene=0.6, function=0.7, detail=0.6, pattern=0.4, size=0.3, brand=0.45)
_AT_MOST = dict(season=2, scene=2, function=3, detail=2)


def kind_of(leaf):
    """Kind of a category: of the lexicon, or an invented one."""
    return leaf.split("~")[2] if leaf[0] == "~" else KIND_OF[leaf]


def group_of(leaf):
    return leaf if leaf[0] == "~" else GROUP_OF[leaf]


def implied(leaf):
    return {} if leaf[0] == "~" else IMPLIED[leaf]


def _held_out_hash(text):
    return zlib.crc32(text.encode()) % 100 < HELD_OUT_PERCENT


def key_fields(category):
    """The fields that, with the category, decide the split of a product."""
    kind = KINDS[kind_of(category)]
    fields = [f for f in ("colour", "style", "pattern") if kind[f]]
    return fields if len(fields) > 1 else fields + ["function", "scene"]


def product_is_held_out(product):
    """Split of a product: by its category, colour, style and pattern together, fixed once and for all by a hash."""
    parts = ["%s=%s" % (f, "+".join(sorted(product[f]))) for f in key_fields(product["category"])]
    return _held_out_hash("|".join([product["category"]] + parts))


def _signature(wishes):
    return "|".join(sorted("%s=%s" % wish for wish in wishes))


def _demo_signatures():
    """What the demo's queries ask for, under every id that their category's name can stand for."""
    found = set()
    for _, _, _, name, text in demo_queries.QUERIES:
        wishes = demo_queries.wishes(text)
        ids = [i for table in (CATEGORIES, GROUPS) for i, names in table.items() if name in names[0] + names[1]]
        found |= {_signature([("category", i)] + wishes) for i in ids} if name else {_signature(wishes)}
    return found


_DEMO = _demo_signatures()


def query_is_held_out(wishes):
    """Split of a query: by the combination asked for. Single wishes belong to both sides (their phrasing differs)."""
    text = _signature(wishes)
    return text in _DEMO or (len(wishes) > 1 and _held_out_hash("q|" + text))


def _leaves_by_name():
    names = {}
    for leaf, both in CATEGORIES.items():
        for name in both[0] + both[1]:
            names.setdefault(name, set()).add(leaf)
    for group, both in GROUPS.items():
        for name in both[0] + both[1]:
            names.setdefault(name, set()).update(leaf for leaf in CATEGORIES if GROUP_OF[leaf] == group)
    return {name: frozenset(leaves) for name, leaves in names.items()}


LEAVES_NAMED = _leaves_by_name()


def sample_product(rng, category=None, fixed=()):
    """A random plausible product; `fixed` lists `(field, value)` that it must have."""
    category = category or rng.choice(LEAVES)
    kind = KINDS[kind_of(category)]
    product = {"category": category}
    for field in ATTRIBUTES:
        if field in ("size", "brand"):
            known = rng.random() < _PROBABILITY[field]
            product[field] = ((words.random_size(rng, kind_of(category)) if field == "size" else random_brand(rng)),) if known else ()
            continue
        allowed = kind[field]
        values = []
        if field in implied(category):
            values.append(implied(category)[field])
        elif allowed and rng.random() < _PROBABILITY[field]:
            values.append(rng.choice(allowed))
        while values and allowed and len(values) < _AT_MOST.get(field, 1) and rng.random() < 0.35:
            extra = rng.choice(allowed)
            if extra not in values:
                values.append(extra)
        product[field] = tuple(values)
    for field, value in fixed:
        if value not in product[field]:
            single = _AT_MOST.get(field, 1) == 1
            product[field] = (value,) if single else (value,) + product[field][:1]
    return product


LEAVES = sorted(CATEGORIES)


def random_brand(rng):
    return words.invented(rng, words.ZH if rng.random() < 0.25 else words.EN)


def invented_category(rng, script):
    """A category that no lexicon knows."""
    return "~%s~%s" % (words.term(rng, script), rng.choice(sorted(KINDS)))


def sample_seed(rng, script):
    """A product for a query. Now and then its category, or an attribute, is a term outside the lexicon (of one script, en or zh)."""
    product = sample_product(rng, invented_category(rng, script) if rng.random() < 0.13 else None)
    if rng.random() < 0.16:
        product[rng.choice(("style", "function", "detail", "material"))] = ("~" + words.term(rng, script),)
    return product


def fit_split(rng, product, held_out, locked=()):
    """Changes key fields, where they are free, until the product is on the wanted side; None where that fails."""
    kind, category = KINDS[kind_of(product["category"])], product["category"]
    free = [f for f in key_fields(category) if f not in locked and f not in implied(category)]
    for _ in range(60):
        if product_is_held_out(product) == held_out:
            return product
        if not free:
            return None
        field = rng.choice(free)
        often = 0.35 if field == "pattern" else 0.9
        product = dict(product, **{field: (rng.choice(kind[field]),) if rng.random() < often else ()})
    return None


def category_status(leaves, leaf):
    """match, close, related (same group), akin (neighbouring group) or other, as 0..4."""
    if leaf in leaves:
        return 0
    if any((leaf, asked) in CLOSE for asked in leaves):
        return 1
    groups = {group_of(asked) for asked in leaves}
    if group_of(leaf) in groups:
        return 2
    return 3 if any((group_of(leaf), group) in RELATED for group in groups) else 4


def shown_status(leaves, shown):
    """As `category_status`, for a picture that may show any of several categories: sure only where all of them were asked for."""
    found = [category_status(leaves, leaf) for leaf in shown]
    return 0 if not any(found) else 1 if 0 in found else min(found)


def attribute_status(field, value, stated):
    """How the stated values of one field meet the asked one."""
    if value in stated:
        return MATCH
    if any((value, other) in NEAR_VALUES.get(field, ()) for other in stated):
        return NEAR
    if value[0] == "~" and field != "brand":
        return UNSTATED
    if not stated:
        return UNSTATED
    # A product may have more scenes, functions and details than its text names; colour, material ... are said once.
    return UNSTATED if field in ("scene", "function", "detail", "season", "audience") and not _excludes(field, value, stated) else MISMATCH


_EXCLUSIVE = [{"oversized", "slim"}, {"cropped", "long", "mini"}, {"sleeveless", "long_sleeve", "short_sleeve"}, {"v_neck", "turtleneck", "square_neck"},
              {"pointed", "round_toe"}, {"winter", "summer"}, {"slim", "wide_leg"},
              {"women", "men", "kids", "girls", "boys", "baby"}, {"men", "pregnant"}, {"kids", "senior"}, {"student", "senior"}]


def _excludes(field, value, stated):
    return any(value in group and (group - {value}) & set(stated) for group in _EXCLUSIVE)


def statuses(wishes, leaf, stated):
    """Status of each wish against the attributes that a text states (those the category implies are always stated)."""
    result = []
    shown = [leaf] if isinstance(leaf, str) else sorted(leaf)

    def values(field):
        known = implied(shown[0]).get(field) if len(shown) == 1 else None
        return tuple(stated.get(field, ())) + ((known,) if known else ())

    for field, value in wishes:
        if field == "category":
            result.append(shown_status(value, shown))
        elif field == "not":
            result.append(MISMATCH if value[1] in values(value[0]) else MATCH)
        else:
            result.append(attribute_status(field, value, values(field)))
    return result


_CATEGORY_COST = (0, 1, 2, 3, 4)
_COST = {MATCH: 0, NEAR: 1, UNSTATED: 1, MISMATCH: 2}


def grade(wishes, leaf, stated):
    """Relevance 0..3 by summed costs: nothing missing 3, one small thing 2, up to three 1.

    Close category, near value or unstated attribute cost 1; wrong attribute or other category of the same group 2; wrong
    audience, or what was not wanted, 3; a brand or a term outside the lexicon that is not there 2; another category altogether 4. Without a category in the query an unstated attribute costs 2, and a product that
    meets no wish at all gets 0. The same style in another category of clothing is worth 1.
    """
    result = statuses(wishes, leaf, stated)
    has_category = any(field == "category" for field, _ in wishes)
    cost, met, same_style, wrong = 0, 0, False, False
    for (field, value), status in zip(wishes, result):
        if field == "category":
            cost += _CATEGORY_COST[status]
            met += status <= 1
            continue
        met += status in (MATCH, NEAR) and field != "not"
        wrong |= status == MISMATCH
        same_style |= field == "style" and status == MATCH
        cost += 3 if field in ("audience", "not") and status == MISMATCH else _COST[status]
        if status == UNSTATED and (not has_category or field == "brand" or value[0] == "~"):
            cost += 1
    if not met:
        return 0
    if cost <= 3:
        return (3, 2, 1, 1)[cost]
    return 1 if same_style and not wrong and cost <= 4 else 0


def sample_wishes(rng, product):
    """What a shopper who would be happy with this product might ask for: `(query_type, [(field, value), ...])`.

    The category appears as `("category", id)` where id is a leaf or a group; the wording decides later what it can mean.
    """
    def has(*fields):
        return [f for f in fields if product.get(f)]

    query_type = rng.choice(("scene", "style", "function", "visual"))
    main = {"scene": ("scene", "season", "audience"), "style": ("style",), "function": ("function",),
            "visual": ("colour", "pattern", "material", "detail")}
    if not has(*main[query_type]):
        options = [t for t in main if has(*main[t])]
        if not options:
            return "visual", [("category", product["category"])]
        query_type = rng.choice(options)
    fields = [rng.choice(has(*main[query_type]))]
    others = [f for f in ATTRIBUTES if product.get(f) and f not in fields and f not in ("size", "brand")]
    rng.shuffle(others)
    fields += others[: rng.choices((0, 1, 2, 3), (35, 40, 20, 5))[0]]
    fields += [f for f in others if product[f][0][0] == "~" and f not in fields and rng.random() < 0.8]
    # Brands and sizes are asked for beside the rest, or instead of it.
    named = [f for f, chance in (("brand", 0.22), ("size", 0.3)) if product.get(f) and rng.random() < chance]
    fields = named + (fields[:1] if named and rng.random() < 0.5 else [] if named and rng.random() < 0.4 else fields)
    wishes = [(f, rng.choice(product[f])) for f in fields]
    unwanted = [f for f in ("colour", "material", "pattern", "detail", "function", "style") if KINDS[kind_of(product["category"])][f]]
    if unwanted and not named and rng.random() < 0.07:
        field = rng.choice(unwanted)
        value = rng.choice(KINDS[kind_of(product["category"])][field])
        if value not in product[field] and implied(product["category"]).get(field) != value:
            wishes = wishes[:1] if rng.random() < 0.5 else []
            wishes = [w for w in wishes if w[0] != field] + [("not", (field, value))]
            wishes.insert(0, ("category", product["category"] if rng.random() < 0.7 else group_of(product["category"])))
            return query_type, wishes
    wanted = rng.random()
    if product["category"][0] == "~":
        wanted = 0.0
    if wanted < 0.62:
        wishes.insert(0, ("category", product["category"]))
    elif wanted < 0.88:
        wishes.insert(0, ("category", group_of(product["category"])))
    if len(wishes) > 1 and rng.random() < 0.04:
        wishes = wishes[:1]
    return query_type, wishes


def candidate_products(rng, wishes, seed_product, held_out):
    """Products around a query: two that fit, then ever harder ways to be wrong. Yields those on the wanted side."""
    attributes = [(f, v) for f, v in wishes if f not in ("category", "not")]
    unwanted = [v for f, v in wishes if f == "not"]
    leaves = next((v for f, v in wishes if f == "category"), None)
    locked = {f for f, _ in attributes + unwanted}

    def leaf():
        return rng.choice(sorted(leaves)) if leaves else rng.choice(LEAVES)

    def other_value(field, value):
        if field == "size":
            family = value.split(":")[0]
            return words.random_size(rng, None, family)
        if field == "brand":
            return random_brand(rng)
        if value[0] == "~":
            return "~" + words.term(rng, words.ZH if value[1] >= "\u3400" else words.EN)
        allowed = KINDS[kind_of(seed_product["category"])][field] or list(VALUES[field])
        near = [b for a, b in NEAR_VALUES[field] if a == value]
        pool = near if near and rng.random() < 0.3 else [v for v in allowed if v != value]
        return rng.choice(pool or list(VALUES[field]))

    def changed(count):
        if unwanted and (not attributes or rng.random() < 0.7):
            return sample_product(rng, leaf(), attributes + unwanted)
        chosen = rng.sample(attributes, min(count, len(attributes)))
        kept = [w for w in attributes if w not in chosen]
        product = sample_product(rng, leaf(), kept)
        for field, value in chosen:
            if rng.random() < 0.3:
                product[field] = ()
            else:
                product[field] = (other_value(field, value),)
        return product

    def neighbour():
        base = leaf()
        if base[0] == "~":
            script = words.ZH if base[1] >= "\u3400" else words.EN
            return "~%s~%s" % (words.term(rng, script), kind_of(base)) if rng.random() < 0.6 else rng.choice(LEAVES)
        close = [b for a, b in CLOSE if a == base]
        siblings = [c for c in LEAVES if GROUP_OF[c] == GROUP_OF[base] and c != base]
        akin = [c for c in LEAVES if (GROUP_OF[c], GROUP_OF[base]) in RELATED]
        pool = rng.choice([p for p in (close, siblings, siblings, akin) if p] or [LEAVES])
        return rng.choice(sorted(pool))

    makers = [
        lambda: dict(seed_product),
        lambda: sample_product(rng, leaf(), attributes),
        lambda: changed(1),
        lambda: changed(1),
        lambda: sample_product(rng, neighbour(), attributes),
        lambda: changed(2) if len(attributes) > 1 else sample_product(rng, neighbour()),
        lambda: sample_product(rng, rng.choice(LEAVES), attributes),
        lambda: sample_product(rng, leaf()) if rng.random() < 0.5 else sample_product(rng),
    ]
    for make in makers:
        product = fit_split(rng, make(), held_out, locked)
        if product is None:
            product = fit_split(rng, sample_product(rng), held_out)
        if product is not None:
            yield product
