"""Turns products and wishes into text: sellers' titles, selling points and descriptions, and shoppers' queries.

Two sets of sentence templates: the last third of every list is never used for training. Every text comes with the set of
attributes that it really states, because the grade of a pair is that of what can be read, not of what only the
generator knows.
"""

import words
from lexicon import CATEGORIES, GROUPS, RECIPIENTS, VALUES
from shop import ATTRIBUTES, LEAVES, LEAVES_NAMED, group_of, kind_of
from words import EN, ZH

# Selling points. {x} is the attribute's name, {n} the product's. The last third of every list is held out.
_POINTS = {
    "colour": (["In a beautiful {x} that goes with everything", "{x} colour", "Color: {x}", "Comes in {x}", "The {x} tone looks great in photos", "Shade shown: {x}",
                "Finished in {x}", "You will love this {x}", "A classic {x} you can combine freely", "Photographed in {x}"],
               ["{x}，显白好搭", "颜色：{x}", "这款是{x}", "{x}很上镜", "经典{x}不挑人", "配色为{x}", "{x}款现货", "一眼爱上的{x}", "低调的{x}", "主图颜色是{x}"]),
    "material": (["Made of soft {x}", "{x} construction", "Material: {x}", "High quality {x}", "Crafted from {x}", "100% {x}", "We only use {x} here", "The {x} feels great to the touch", "Woven from selected {x}", "{x}, and you can feel it"],
                 ["精选{x}，手感舒服", "材质：{x}", "采用{x}材质", "优质{x}，耐用不变形", "{x}面料", "100%{x}", "用料是{x}", "摸起来就知道是好{x}", "选用{x}制作", "{x}质感，越用越喜欢"]),
    "style": (["A {x} look that never goes out of fashion", "{x} design", "Style: {x}", "Inspired by {x} fashion", "Gives you that {x} vibe", "Very {x}", "{x} at first sight", "For lovers of everything {x}", "The {x} touch makes the difference", "Where {x} meets comfort"],
              ["{x}设计，经典耐看", "风格：{x}", "满满的{x}感", "主打{x}", "{x}氛围感拉满", "{x}博主同款", "骨子里的{x}", "喜欢{x}的姐妹别错过", "把{x}穿出新意", "{x}爱好者的心头好"]),
    "audience": (["Designed for {x}", "For {x}", "Suits {x}", "Made with {x} in mind", "Loved by {x}", "Target group: {x}", "{x} will be delighted", "A favourite among {x}", "The right choice for {x}", "Sized for {x}"],
                 ["专为{x}设计", "适合{x}", "适用人群：{x}", "{x}都在用", "{x}首选", "{x}专属", "{x}收到很开心", "深受{x}喜欢", "为{x}量身打造", "推荐给{x}"]),
    "season": (["Perfect for {x}", "Made for {x}", "Season: {x}", "Your {x} essential", "Ideal in {x}", "{x} collection", "Ready when {x} comes", "A must-have this {x}", "The {x} line is here", "Bring on {x}"],
               ["{x}必备", "适合{x}", "季节：{x}", "{x}新款", "{x}穿刚刚好", "{x}百搭单品", "{x}到了就靠它", "这个{x}不能没有", "陪你过{x}", "为{x}准备的"]),
    "scene": (["Perfect for {x}", "Great for {x}", "Ideal choice for {x}", "Occasion: {x}", "Designed for {x}", "Take it along for {x}", "Your companion for {x}", "Ready for {x} and more", "Made to go along for {x}", "Also a good idea for {x}"],
              ["{x}都合适", "适合{x}", "场景：{x}", "{x}必备", "{x}也能轻松驾驭", "{x}好物", "{x}有它就够了", "无论{x}还是平时都好用", "{x}带上它", "用在{x}再好不过"]),
    "function": (["{x}", "{x} design", "Feature: {x}", "{x} and comfortable", "Really {x}", "{x}, tested in our lab", "It is {x}, promised", "Our customers praise it as {x}", "Stays {x} all day", "Proudly {x}"],
                 ["{x}", "{x}设计", "功能：{x}", "{x}，用着舒心", "真的{x}", "{x}，实测有效", "{x}这点没得说", "买家都夸{x}", "一整天都{x}", "{x}是它的强项"]),
    "detail": (["{x} cut", "{x} design", "{x}", "Detail: {x}", "Flattering {x} silhouette", "{x} version", "We went for {x} this time", "Note the {x} shape", "With its {x} line", "Cut to be {x}"],
               ["{x}设计", "{x}版型", "{x}", "细节：{x}", "{x}更有型", "{x}，上身好看", "这次做成{x}", "亮点是{x}", "采用{x}的剪裁", "{x}，别有味道"]),
    "pattern": (["{x} pattern", "{x}", "{x} print all over", "Pattern: {x}", "With {x} details", "Lovely {x} look", "Who can resist {x}", "Dressed up with {x}", "The {x} surface catches the eye", "{x} never looked better"],
                ["{x}图案", "{x}", "{x}元素", "图案：{x}", "{x}点缀", "{x}很吸睛", "谁能拒绝{x}", "用{x}提亮整体", "{x}，细看更美", "满满{x}的巧思"]),
    "size": (["Size: {x}", "{x}", "{x} version", "Available in {x}", "You get {x}", "Specification: {x}", "Comes as {x}", "Spec {x}"],
             ["规格：{x}", "{x}", "{x}款", "尺码：{x}", "现有{x}", "参数：{x}", "拍下为{x}", "型号规格{x}"]),
    "brand": (["Brand: {x}", "By {x}", "{x} quality", "Original {x}", "From the house of {x}", "Official {x} store", "Genuine {x} product", "Designed by {x}"],
              ["品牌：{x}", "{x}出品", "{x}正品", "{x}官方", "来自{x}", "{x}旗舰店", "{x}品质", "认准{x}"]),
}
_NEUTRAL = (["Free returns within 30 days", "Ships from our warehouse in 24 hours", "Please check the size chart", "Thousands of happy customers", "Great value for money", "Carefully packed",
             "Limited stock", "One year warranty", "Contact us with any question", "Hand wash recommended", "New arrival {year}", "True to size, S to XXL", "Gift wrap available", "Reply within one hour", "Made in small batches"],
            ["七天无理由退换", "24小时内发货", "请参考尺码表", "回头客超多", "性价比很高", "包装用心", "库存有限", "一年质保", "有问题请联系客服", "建议手洗", "{year}新款上市", "尺码标准，S到XXL", "可提供礼品包装", "一小时内回复", "小批量制作"])
_PAIRING = (["Pairs well with {o}", "Wear it with {o}", "Looks great next to {o}", "Also see our {o}", "Not to be missed together with {o}", "Style it with your favourite {o}", "Our {o} completes the set", "Next to {o} it shines"],
            ["搭配{o}很好看", "配{o}也不错", "和{o}是绝配", "另有{o}可选", "可以和{o}一起入手", "随便搭一件{o}就很美", "同店{o}也热卖", "旁边放个{o}更出彩"])
_OPENERS = (["This {n} is a bestseller in our shop.", "Meet our new {n}.", "A {n} you will reach for every day.", "Looking for a good {n}? Here it is.", "{n}, finally back in stock.",
             "Why this {n}?", "Our team spent months on this {n}.", "Say hello to the {n} of the year.", "The {n} our regulars keep asking for.", "One {n}, many ways to use it.", "Here comes a {n} made with care."],
            ["这款{n}是本店爆款。", "全新{n}来啦。", "一款每天都想用的{n}。", "想找一款好的{n}？看这里。", "{n}终于补货了。", "为什么选这款{n}？", "这款{n}我们打磨了好几个月。", "年度{n}来报到。", "老顾客一直在问的{n}。", "一款{n}，多种用法。", "用心做的{n}来了。"])
# Frames around a whole noun phrase, for descriptions that do not go attribute by attribute.
_FRAMES = (["Discover this {n}.", "You get one {n}.", "Our {n} is made for you.", "Introducing the {n}, ready to ship.", "Say goodbye to compromise with this {n}.", "This {n} does its job day after day.",
            "Treat yourself to a {n}.", "If you want a {n}, stop searching.", "Every {n} is checked by hand before it leaves us.", "The {n} that does it all."],
           ["这是一款{n}。", "想要{n}？选它就对了。", "为你带来{n}。", "{n}，现货速发。", "精心打造的{n}。", "{n}，日常使用毫无压力。", "给自己挑一款{n}吧。", "一直在找{n}的话别再犹豫。", "每一件{n}都经过人工质检。", "{n}，一件搞定。"])
_UNWANTED = (["{n} not {x}", "{n} without {x}", "{n}, no {x}", "{n} but not {x}", "non {x} {n}", "{n} anything but {x}", "{n} that is not {x}"],
             ["不要{x}的{n}", "{n}不要{x}", "非{x}{n}", "{n} 不要{x}的", "不是{x}的{n}", "除了{x}以外的{n}", "{n}，别是{x}的"])

# Queries. {q} is the wish as a noun phrase.
_ASK = (["{q}", "looking for a {q}", "best {q}", "I need a {q}", "any good {q}?", "where to buy {q}", "{q} recommendations", "show me {q}", "really nice {q}", "can you suggest a {q}", "{q} please", "i want to get a {q}", "{q} under 50", "where can i find {q}", "a good {q}", "{q} that lasts"],
        ["{q}", "想买{q}", "有没有{q}", "{q}推荐", "求{q}", "找一款{q}", "好看的{q}", "哪里有{q}", "特别好的{q}", "帮我挑{q}", "{q}哪个好", "最近想入手{q}", "{q}怎么选", "想要一个{q}", "{q}有吗", "耐用的{q}"])
_SCENE = (["{n} for {x}", "{n} to use for {x}", "something like {n} for {x}", "{n} good for {x}", "{n} i can take for {x}"],
          ["{x}穿的{n}", "{x}用的{n}", "适合{x}的{n}", "{x}{n}", "{n} {x}", "去{x}带的{n}", "平时{x}用得上的{n}"])
_WEAR_SCENE = (["{n} to wear for {x}", "outfit for {x}: {n}", "what {n} to wear for {x}"], ["{x}穿的{n}", "{x}穿什么{n}", "去{x}要穿的{n}"])
_FOR = (["{n} for {x}", "{n} for {x}", "{x} {n}", "gift for {x}: {n}"], ["{x}{n}", "{n}{x}", "适合{x}的{n}", "给{x}的{n}", "送{x}的{n}"])
_THING = (["something", "stuff", "things", "items", "ideas"], ["东西", "好物", "单品", "小物", "款式"])
_WEARABLE = {"top", "wtop", "dress", "skirt", "pants", "lounge", "swim", "shoe", "wshoe", "acc", "wacc"}
_SALES = (["new", "2026", "hot sale", "fashion", "trendy", "premium", "original", "bestseller", "on sale", "new arrival", "designer", "popular", "free shipping"],
          ["新款", "2026", "爆款", "热卖", "网红", "高颜值", "正品", "特价", "包邮", "时尚", "ins", "潮", "2026新款", "百搭款", "厂家直销"])
_TYPOS_ZH = {"牛仔": "牛崽", "连衣裙": "连衣群", "耳机": "耳几", "外套": "外淘", "复古": "付古", "防水": "仿水", "蓝牙": "兰牙", "高跟鞋": "高根鞋", "卫衣": "卫依", "碎花": "岁花"}
_EMOJI = "🔥✨❤😍👗👟🎁💕⭐👍☀❄🌸🎉💯"


def _templates(lists, lang, held_out):
    """The training or the held-out part of a list of templates."""
    options = lists[lang]
    cut = len(options) - max(1, len(options) // 3)
    return options[cut:] if held_out else options[:cut]


def _surface(rng, names):
    return names[0] if rng.random() < 0.4 else rng.choice(names)


def name_of(rng, field, value, lang):
    """One of the names of a value in a language. Brands and invented terms have one for all."""
    if value[0] == "~":
        term = value.split("~")[1]
        return term + "s" if field == "category" and term.isascii() and rng.random() < 0.1 else term
    if field == "brand":
        return value if rng.random() < 0.2 else value.upper() if rng.random() < 0.2 else value.capitalize()
    if field == "size":
        return words.size_name(rng, value, lang)
    return _surface(rng, (CATEGORIES[value] if field == "category" else VALUES[field][value])[lang])


def _group_names(leaf, lang):
    return GROUPS[group_of(leaf)][lang] if leaf[0] != "~" else [leaf.split("~")[1]]


def _cased(rng, text):
    choice = rng.random()
    return text.title().replace("'S", "'s") if choice < 0.5 else text if choice < 0.8 else text.lower() if choice < 0.95 else text.upper()


def _sentence(text):
    return text[:1].upper() + text[1:]


def with_typos(rng, text, rate):
    """Swaps, drops or doubles a letter in some English words, and a homophone in some Chinese ones."""
    parts = text.split(" ")
    for i, word in enumerate(parts):
        if len(word) > 3 and word.isascii() and word.isalpha() and rng.random() < rate:
            at = rng.randint(1, len(word) - 2)
            parts[i] = rng.choice((word[:at] + word[at + 1] + word[at] + word[at + 2:], word[:at] + word[at + 1:], word[:at] + word[at] + word[at:]))
    text = " ".join(parts)
    if rng.random() < rate:
        for right, wrong in _TYPOS_ZH.items():
            if right in text:
                return text.replace(right, wrong, 1)
    return text


class Listing:
    """A product's texts and, for each, the attributes stated."""

    def __init__(self, title, title_states, points, point_states, description, description_states):
        self.title, self.title_states = title, title_states
        self.points, self.point_states = points, point_states
        self.description, self.description_states = description, description_states

    def model_text(self, count=3):
        """What the job shows to the model: title and up to three selling points joined by ` | `, at most 512 characters."""
        return " | ".join([self.title] + self.points[:count])[:512]

    def model_states(self, count=3):
        return merged([self.title_states] + self.point_states[:count])


def merged(states):
    """Union of several `{field: values}`."""
    union = {}
    for state in states:
        for field, values in state.items():
            union[field] = tuple(dict.fromkeys(union.get(field, ()) + tuple(values)))
    return union


def _title_en(rng, product, wishes):
    before, after = [], []
    order = ["audience", "season", "function", "detail", "style", "colour", "pattern", "material", "scene"]
    if rng.random() < 0.5:
        rng.shuffle(order)
    for field in order:
        for value in (v for f, v in wishes if f == field):
            name = name_of(rng, field, value, EN)
            chance = rng.random()
            if field == "audience":
                if chance < 0.5:
                    before.insert(0, {"women": "women's", "men": "men's", "kids": "kids'", "girls": "girls'", "boys": "boys'"}.get(value, name))
                else:
                    after.append(("for " if chance < 0.85 else "") + name)
            elif field in ("scene", "season"):
                (after if chance < 0.7 else before).append(("for " if chance < 0.7 else "") + name)
            elif field == "colour":
                (before if chance < 0.7 else after).append(name if chance < 0.85 else "in " + name)
            elif chance < 0.65:
                before.append(name)
            else:
                after.append(name)
    noun = name_of(rng, "category", product["category"], EN)
    if rng.random() < 0.15:
        noun += " " + _surface(rng, _group_names(product["category"], EN))
    elif rng.random() < 0.2:
        after.append(name_of(rng, "category", product["category"], EN))
    if rng.random() < 0.35:
        before.insert(rng.randint(0, len(before)), rng.choice(_SALES[EN]))
    text = " ".join(before + [noun])
    joint = rng.choice((", ", " - ", " ", " / ", ", "))
    text = joint.join([text] + after) if after else text
    return _cased(rng, text)


def _title_zh(rng, product, wishes):
    before, after = [], []
    order = ["season", "style", "colour", "pattern", "material", "detail", "function", "audience", "scene"]
    if rng.random() < 0.6:
        rng.shuffle(order)
    for field in order:
        for value in (v for f, v in wishes if f == field):
            name = name_of(rng, field, value, ZH)
            late = rng.random() < {"audience": 0.6, "scene": 0.5, "function": 0.4, "colour": 0.25}.get(field, 0.2)
            (after if late else before).append(name)
    noun = name_of(rng, "category", product["category"], ZH)
    if rng.random() < 0.15:
        after.append(_surface(rng, _group_names(product["category"], ZH)))
    elif rng.random() < 0.2:
        after.append(name_of(rng, "category", product["category"], ZH))
    if rng.random() < 0.45:
        before.insert(rng.randint(0, len(before)), rng.choice(_SALES[ZH]))
    joint = rng.choice(("", "", "", " "))
    return joint.join(before + [noun] + after)


def title(rng, product, wishes, lang, brand=None):
    """A title in `en`, `zh` or both (`mixed`), stating the wishes, among them brand and size; `brand` is put first as it stands."""
    named = [w for w in wishes if w[0] in ("brand", "size")]
    wishes = [w for w in wishes if w not in named]
    if lang == "en":
        text = _title_en(rng, product, wishes)
    elif lang == "zh":
        text = _title_zh(rng, product, wishes)
    elif rng.random() < 0.6:
        some = rng.sample(wishes, rng.randint(0, len(wishes))) if wishes else []
        rest = [w for w in wishes if w not in some] + [w for w in some if rng.random() < 0.5]
        parts = [_title_zh(rng, product, rest), _title_en(rng, product, some)]
        if rng.random() < 0.3:
            parts.reverse()
        text = " ".join(parts)
    else:
        parts = [name_of(rng, f, v, rng.choice((EN, ZH))) for f, v in wishes] + [name_of(rng, "category", product["category"], rng.choice((EN, ZH)))]
        rng.shuffle(parts)
        text = " ".join(parts)
    text = ((brand or "") + " " + text).strip()
    for field, value in named:
        name = name_of(rng, field, value, EN if lang == "en" else ZH)
        first = rng.random() < (0.85 if field == "brand" else 0.2)
        text = name + " " + text if first else text + " " + name
    if rng.random() < 0.06:
        text += rng.choice((" ", "")) + rng.choice(_EMOJI)
    if rng.random() < 0.05:
        text += " " + rng.choice(("S-XXL", "（现货）", "【包邮】", "no.%d" % rng.randint(1, 99)))
    return text


def _fill(rng, template, name):
    text = template.replace("{x}", name).replace("{year}", str(rng.choice((2025, 2026))))
    return _sentence(text)


def listing(rng, product, lang, held_out, typos=0.01, complete=False, brand=None):
    """Writes a product up. `lang` is en, zh or mixed; `complete` states every attribute in the title and three points."""
    wishes = [(field, value) for field in ATTRIBUTES for value in product.get(field, ())]
    rng.shuffle(wishes)
    share = rng.random()
    in_title = [w for w in wishes if rng.random() < (0.95 if w[0] == "brand" else 0.85 if share < 0.4 else 0.55 if share < 0.8 else 0.25)][: 7]
    rest = [w for w in wishes if w not in in_title]
    if complete:
        while len(rest) > 3:
            in_title.append(rest.pop())
    base = {"en": EN, "zh": ZH}.get(lang)

    def point_lang():
        if base is None:
            return rng.choice((EN, ZH))
        return base if rng.random() < 0.93 else 1 - base

    points = []
    for field, value in rest:
        one = point_lang()
        template = rng.choice(_templates(_POINTS[field], one, held_out))
        # Now and then one sentence says two things.
        points.append((_fill(rng, template, name_of(rng, field, value, one)), {field: (value,)}))
    said = [w for w in in_title if rng.random() < 0.2]
    if not complete or len(points) < 3:
        for field, value in said:
            one = point_lang()
            points.append((_fill(rng, rng.choice(_templates(_POINTS[field], one, held_out)), name_of(rng, field, value, one)), {field: (value,)}))
        for _ in range(rng.choices((0, 1, 2), (45, 40, 15))[0]):
            one = point_lang()
            chance = rng.random()
            if chance < 0.3:
                text = _fill(rng, rng.choice(_templates(_NEUTRAL, one, held_out)), "")
            elif chance < 0.65 and not complete:
                text = words.filler(rng, one)
            else:
                other = rng.choice(LEAVES)
                text = rng.choice(_templates(_PAIRING, one, held_out)).replace("{o}", name_of(rng, "category", other, one))
            points.append((text, {}))
    if complete:
        points = points[: 3]
    rng.shuffle(points)
    one = point_lang()
    opener = rng.choice(_templates(_OPENERS, one, held_out)).replace("{n}", name_of(rng, "category", product["category"], one))
    sentences, states = [_sentence(opener)], []
    told = rng.sample(wishes, min(len(wishes), rng.randint(2, 5)))
    if told and rng.random() < 0.4:
        some, told = told[:3], told[3:]
        phrase = (_title_en if one == EN else _title_zh)(rng, product, [w for w in some if w[0] not in ("brand", "size")])
        sentences = [rng.choice(_templates(_FRAMES, one, held_out)).replace("{n}", phrase.lower() if one == EN else phrase)]
        told += [w for w in some if w[0] in ("brand", "size")]
        states += [{f: (v,)} for f, v in some if f not in ("brand", "size")]
    if not complete and rng.random() < 0.35:
        sentences.insert(rng.randint(0, 1), words.filler(rng, one) + ("." if one == EN else "。"))
    for field, value in told:
        if not complete and rng.random() < 0.15:
            sentences.append(words.filler(rng, one) + ("." if one == EN else "。"))
        one = point_lang()
        sentences.append(_fill(rng, rng.choice(_templates(_POINTS[field], one, held_out)), name_of(rng, field, value, one)) + ("." if one == EN else "。"))
        states.append({field: (value,)})
    if rng.random() < 0.4:
        sentences.append(_fill(rng, rng.choice(_templates(_NEUTRAL, one, held_out)), ""))
    return Listing(with_typos(rng, title(rng, product, in_title, lang, brand), typos), merged([{f: (v,)} for f, v in in_title]),
                   [with_typos(rng, text, typos) for text, _ in points], [state for _, state in points],
                   " ".join(sentences).replace("。 ", "。"), merged(states))


def _noun(rng, wishes, lang, thing=True):
    """Words for the category asked for, and the wish with what those words can mean."""
    for field, value in wishes:
        if field == "category":
            if value[0] == "~":
                return value.split("~")[1], [("category", frozenset([value]))]
            name = _surface(rng, (CATEGORIES.get(value) or GROUPS[value])[lang])
            return name, [("category", LEAVES_NAMED[name])]
    return (rng.choice(_THING[lang]) if thing else ""), []


def query(rng, wishes, lang, held_out, typos=0.02):
    """Wishes as text: `(text, wishes)` with the category as a set of leaves. `lang` is en, zh or mixed."""
    attributes = [w for w in wishes if w[0] != "category"]
    unwanted = [w for w in attributes if w[0] == "not"]
    if lang == "mixed":
        noun, category = _noun(rng, wishes, rng.choice((EN, ZH)), thing=False)
        parts = [name_of(rng, f, v, rng.choice((EN, ZH))) for f, v in attributes if f != "not"] + ([noun] if noun else [])
        if rng.random() < 0.5:
            rng.shuffle(parts)
        text = " ".join(parts)
        for _, (field, value) in unwanted:
            one = rng.choice((EN, ZH))
            text = rng.choice(_templates(_UNWANTED, one, held_out)).replace("{n}", text).replace("{x}", name_of(rng, field, value, one))
        return with_typos(rng, text, typos), category + attributes
    one = EN if lang == "en" else ZH
    keywords = rng.random() < 0.45
    noun, category = _noun(rng, wishes, one, thing=not keywords)
    wearable = category and all(kind_of(leaf) in _WEARABLE for leaf in category[0][1])
    parts, outer, ends = [], [], []
    for field, value in attributes:
        if field == "not":
            outer.append((_UNWANTED, name_of(rng, value[0], value[1], one)))
            continue
        name = name_of(rng, field, value, one)
        if field in ("size", "brand"):
            (ends if rng.random() < (0.8 if field == "size" else 0.15) else parts).append(name.lower() if rng.random() < 0.5 else name)
        elif field == "audience" and value in RECIPIENTS and rng.random() < 0.4:
            name = _surface(rng, RECIPIENTS[value][one])
            outer.append((_FOR, name))
        elif not keywords and field == "audience" and rng.random() < 0.6:
            outer.append((_FOR, name))
        elif not keywords and field == "scene" and rng.random() < 0.8:
            outer.append((_WEAR_SCENE if wearable and rng.random() < 0.5 else _SCENE, name))
        elif not keywords and field == "season" and rng.random() < 0.4:
            outer.append((_WEAR_SCENE if wearable and one == ZH else _SCENE, name))
        else:
            parts.append(name)
    rng.shuffle(parts)
    if one == EN:
        text = " ".join(parts + [noun] + ends).strip()
    else:
        joint = " " if any(p.isascii() for p in parts) and rng.random() < 0.5 or keywords and rng.random() < 0.3 else "的" if not keywords and rng.random() < 0.3 else ""
        text = joint.join(parts + ([noun] if noun else [])) + "".join(rng.choice(("", " ")) + e for e in ends)
        if keywords and not category and len(parts) == 1 and rng.random() < 0.5:
            text += "的"
    for templates, name in outer:
        text = rng.choice(_templates(templates, one, held_out)).replace("{n}", text).replace("{x}", name).strip()
    if not keywords or held_out:
        text = rng.choice(_templates(_ASK, one, held_out)).replace("{q}", text)
    elif rng.random() < 0.15:
        text = rng.choice(_templates(_ASK, one, held_out)).replace("{q}", text)
    return with_typos(rng, text, typos), category + attributes
