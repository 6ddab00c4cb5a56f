"""The synthetic shop: products with structured attributes, shoppers' queries, and the grade that one deserves from the other.

Everything here is about attributes; `prose.py` turns them into text. A product is a dict: `category` is a leaf id, every
other field of `lexicon.FIELDS` a tuple of values. A query asks for a list of `(field, value)`; for `category` the value is
the set of leaves that the words used can mean (`裙子` is any dress or skirt).
"""

import zlib

import demo_queries
from lexicon import CATEGORIES, CLOSE, FIELDS, GROUP_OF, GROUPS, IMPLIED, KIND_OF, KINDS, NEAR_VALUES, RELATED, VALUES

ATTRIBUTES = FIELDS[1:]
HELD_OUT_PERCENT = 15

# Status of one asked attribute. The order is also that of the auxiliary classes in training.
NOT_ASKED, MATCH, NEAR, UNSTATED, MISMATCH = range(5)

_PROBABILITY = dict(colour=0.8, material=0.6, style=0.7, audience=0.6, season=0.5, scene=0.6, function=0.7, detail=0.6, pattern=0.4)
_AT_MOST = dict(season=2, scene=2, function=3, detail=2)

def _held_out_hash(text):
    return zlib.crc32(text.encode()) % 100 < HELD_OUT_PERCENT


def key_fields(category):
    """The fields that, with the category, decide the split of a product."""
    kind = KINDS[KIND_OF[category]]
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
    kind = KINDS[KIND_OF[category]]
    product = {"category": category}
    for field in ATTRIBUTES:
        allowed = kind[field]
        values = []
        if field in IMPLIED[category]:
            values.append(IMPLIED[category][field])
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


def fit_split(rng, product, held_out, locked=()):
    """Changes key fields, where they are free, until the product is on the wanted side; None where that fails."""
    kind, category = KINDS[KIND_OF[product["category"]]], product["category"]
    free = [f for f in key_fields(category) if f not in locked and f not in IMPLIED[category]]
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
    groups = {GROUP_OF[asked] for asked in leaves}
    if GROUP_OF[leaf] in groups:
        return 2
    return 3 if any((GROUP_OF[leaf], group) in RELATED for group in groups) else 4


def attribute_status(field, value, stated):
    """How the stated values of one field meet the asked one."""
    if value in stated:
        return MATCH
    if any((value, other) in NEAR_VALUES[field] for other in stated):
        return NEAR
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
    for field, value in wishes:
        if field == "category":
            result.append(category_status(value, leaf))
            continue
        implied = IMPLIED[leaf].get(field)
        values = stated.get(field, ())
        result.append(attribute_status(field, value, tuple(values) + ((implied,) if implied else ())))
    return result


_CATEGORY_COST = (0, 1, 2, 3, 4)
_COST = {MATCH: 0, NEAR: 1, UNSTATED: 1, MISMATCH: 2}


def grade(wishes, leaf, stated):
    """Relevance 0..3 by summed costs: nothing missing 3, one small thing 2, up to three 1.

    Close category, near value or unstated attribute cost 1; wrong attribute or other category of the same group 2; wrong
    audience 3; another category altogether 4. Without a category in the query an unstated attribute costs 2, and a product that
    meets no wish at all gets 0. The same style in another category of clothing is worth 1.
    """
    result = statuses(wishes, leaf, stated)
    has_category = any(field == "category" for field, _ in wishes)
    cost, met, same_style, wrong = 0, 0, False, False
    for (field, _), status in zip(wishes, result):
        if field == "category":
            cost += _CATEGORY_COST[status]
            met += status <= 1
            continue
        met += status in (MATCH, NEAR)
        wrong |= status == MISMATCH
        same_style |= field == "style" and status == MATCH
        cost += 3 if field == "audience" and status == MISMATCH else _COST[status]
        if status == UNSTATED and not has_category:
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
        return [f for f in fields if product[f]]

    query_type = rng.choice(("scene", "style", "function", "visual"))
    main = {"scene": ("scene", "season", "audience"), "style": ("style",), "function": ("function",),
            "visual": ("colour", "pattern", "material", "detail")}
    if not has(*main[query_type]):
        options = [t for t in main if has(*main[t])]
        if not options:
            return "visual", [("category", product["category"])]
        query_type = rng.choice(options)
    fields = [rng.choice(has(*main[query_type]))]
    others = [f for f in ATTRIBUTES if product[f] and f not in fields]
    rng.shuffle(others)
    fields += others[: rng.choices((0, 1, 2, 3), (35, 40, 20, 5))[0]]
    wishes = [(f, rng.choice(product[f])) for f in fields]
    wanted = rng.random()
    if wanted < 0.62:
        wishes.insert(0, ("category", product["category"]))
    elif wanted < 0.88:
        wishes.insert(0, ("category", GROUP_OF[product["category"]]))
    if len(wishes) > 1 and rng.random() < 0.04:
        wishes = wishes[:1]
    return query_type, wishes


def candidate_products(rng, wishes, seed_product, held_out):
    """Products around a query: two that fit, then ever harder ways to be wrong. Yields those on the wanted side."""
    attributes = [(f, v) for f, v in wishes if f != "category"]
    leaves = next((v for f, v in wishes if f == "category"), None)
    locked = {f for f, _ in attributes}

    def leaf():
        return rng.choice(sorted(leaves)) if leaves else rng.choice(LEAVES)

    def other_value(field, value):
        allowed = KINDS[KIND_OF[seed_product["category"]]][field] or list(VALUES[field])
        near = [b for a, b in NEAR_VALUES[field] if a == value]
        pool = near if near and rng.random() < 0.3 else [v for v in allowed if v != value]
        return rng.choice(pool or list(VALUES[field]))

    def changed(count):
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
