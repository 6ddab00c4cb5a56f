"""The demo's hand-written queries: wording, locale, type, the name of the category and the other wishes.

What they ask for is never asked for in training (`shop.query_is_held_out`).
"""

QUERIES = [
    ("复古风牛仔外套", "zh-CN", "style", "牛仔外套", "style=vintage"),
    ("red summer dress", "en-US", "visual", "dress", "colour=red season=summer"),
    ("约会穿的裙子", "zh-CN", "scene", "裙子", "scene=date"),
    ("gift for dad", "en-US", "scene", None, "audience=men scene=gift"),
    ("男士防水登山鞋", "zh-CN", "function", "登山鞋", "function=waterproof audience=men"),
    ("noise cancelling headphones for travel", "en-US", "function", "headphones", "function=noise_cancelling scene=travel"),
    ("送女朋友的轻奢项链", "zh-CN", "scene", "项链", "audience=women style=luxury"),
    ("leather handbag for work", "en-US", "scene", "handbag", "material=leather scene=office"),
    ("oversize 卫衣 women", "zh-CN", "visual", "卫衣", "detail=oversized audience=women"),
    ("北欧风护眼台灯", "zh-CN", "function", "台灯", "function=eye_care style=nordic"),
    ("black leather jacket men", "en-US", "visual", "leather jacket", "colour=black audience=men"),
    ("适合小个子的高腰阔腿牛仔裤", "zh-CN", "visual", "牛仔裤", "audience=petite detail=high_waist detail=wide_leg"),
    ("cute phone case with cartoon bears", "en-US", "style", "phone case", "style=cute pattern=cartoon"),
    ("夏天去海边穿的碎花长裙", "zh-CN", "scene", "长裙", "scene=beach pattern=floral season=summer"),
    ("waterproof backpack for school", "en-US", "function", "backpack", "function=waterproof scene=school"),
    ("暖和的羊毛围巾", "zh-CN", "function", "围巾", "function=warm material=wool"),
    ("boho maxi dress for the beach", "en-US", "style", "maxi dress", "style=boho scene=beach"),
    ("可爱的儿童保温杯", "zh-CN", "style", "保温杯", "style=cute audience=kids"),
    ("lightweight running shoes for men", "en-US", "function", "running shoes", "function=lightweight audience=men"),
    ("主动降噪的蓝牙耳机", "zh-CN", "function", "蓝牙耳机", "function=noise_cancelling"),
    ("vintage ceramic vase", "en-US", "style", "vase", "style=vintage material=ceramic"),
    ("婚礼穿的红色旗袍", "zh-CN", "scene", "旗袍", "scene=wedding colour=red"),
    ("women's wool coat in camel", "en-US", "visual", "wool coat", "audience=women colour=camel"),
    ("黑色厚底马丁靴", "zh-CN", "visual", "马丁靴", "colour=black detail=platform"),
    ("quick-dry leggings for yoga", "en-US", "function", "leggings", "function=quick_dry scene=yoga"),
    ("敏感肌用的保湿面霜", "zh-CN", "function", "面霜", "function=sensitive function=moisturizing"),
    ("silk pajamas for women", "en-US", "visual", "pajamas", "material=silk audience=women"),
    ("学院风格子百褶裙", "zh-CN", "style", "百褶裙", "style=preppy pattern=plaid"),
    ("portable bluetooth speaker for camping", "en-US", "scene", "bluetooth speaker", "function=portable scene=camping"),
    ("情侣银戒指", "zh-CN", "scene", "戒指", "audience=couple material=sterling"),
    ("long-lasting red lipstick", "en-US", "function", "lipstick", "function=long_lasting colour=red"),
    ("送宝宝的纯棉毯子", "zh-CN", "scene", "毯子", "audience=baby material=cotton"),
    ("nordic coffee table made of wood", "en-US", "style", "coffee table", "style=nordic material=wood"),
    ("出差用的大容量双肩包", "zh-CN", "scene", "双肩包", "scene=travel function=large_capacity"),
    ("warm winter boots for women", "en-US", "scene", "boots", "function=warm season=winter audience=women"),
    ("防晒的米色帽子", "zh-CN", "function", "帽子", "function=sun_protection colour=beige"),
    ("french style floral blouse", "en-US", "style", "blouse", "style=french pattern=floral"),
    ("简约风陶瓷马克杯", "zh-CN", "style", "马克杯", "style=minimalist material=ceramic"),
    ("leakproof water bottle for the gym", "en-US", "function", "water bottle", "function=leakproof scene=gym"),
    ("妈妈的生日礼物", "zh-CN", "scene", None, "audience=women scene=gift"),
    ("vintage 手表 男", "zh-CN", "style", "手表", "style=vintage audience=men"),
    ("加绒 hoodie black", "en-US", "function", "hoodie", "function=warm colour=black"),
    ("laptop bag 防水 通勤", "zh-CN", "function", "laptop bag", "function=waterproof scene=office"),
    ("plaid blanket for the bedroom", "en-US", "visual", "blanket", "pattern=plaid scene=sleep"),
    ("办公室用的静音无线鼠标", "zh-CN", "function", "鼠标", "scene=office function=silent function=wireless"),
    ("ergonomic desk chair, adjustable", "en-US", "function", "desk chair", "function=ergonomic function=adjustable"),
    ("甜美风泡泡袖连衣裙", "zh-CN", "style", "连衣裙", "style=cute detail=puff_sleeve"),
    ("waterproof two person tent for hiking", "en-US", "function", "tent", "function=waterproof scene=hiking"),
    ("银色手链", "zh-CN", "visual", "手链", "colour=silver"),
    ("educational wooden puzzle for kids", "en-US", "function", "puzzle", "function=educational material=wood audience=kids"),
]


def wishes(text):
    """`field=value field=value` as a list of pairs."""
    return [tuple(part.split("=")) for part in text.split()]
