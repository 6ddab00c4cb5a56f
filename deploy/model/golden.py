"""Pairs whose logits travel with a package, so that whoever loads it can see that it reads them as it was trained."""

TEXTS = [
    ("复古风牛仔外套", "复古水洗牛仔外套女宽松 Vintage Denim Jacket | 港风设计，经典耐看 | 春秋百搭单品"),
    ("复古风牛仔外套", "Red Summer Dress, Chiffon, V-Neck | Perfect for date night"),
    ("复古风牛仔外套", "运动风速干短袖t恤 男"),
    ("red summer dress", "Red Floral Chiffon Dress for Summer | Breathable | Perfect for beach"),
    ("red summer dress", "夏季红色雪纺连衣裙 V领 | 透气"),
    ("red summer dress", "Blue Winter Wool Coat, Double-Breasted"),
    ("red summer dress", "dress"),
    ("约会穿的裙子", "法式碎花吊带裙 温柔风 | 适合约会"),
    ("约会穿的裙子", "Men's Hiking Shoes, Waterproof, Non-Slip"),
    ("gift for dad", "Men's Genuine Leather Belt | A thoughtful gift"),
    ("gift for dad", "女童可爱毛绒玩具"),
    ("防水登山鞋 男", "Waterproof hiking boots for men | Non-slip sole | Great for trekking"),
    ("noise cancelling headphones", "头戴式蓝牙耳机 主动降噪 长续航"),
    ("noise cancelling headphones", "Wireless Earbuds, ANC, Fast Charging | 30h playtime"),
    ("waterproof laptop bag for work", "商务防水电脑包 大容量 | 通勤出差都合适 | 尼龙面料"),
    ("oversize 卫衣 women", "宽松连帽卫衣女韩版 | Cotton | 秋季新款"),
    ("chic café dress – crème, 100% silk!", "Élégante robe… French-style SILK dress (cream/beige) ✨ 50% off!!"),
    ("ＲＥＤ　ｄｒｅｓｓ【新款】", "红色连衣裙，【包邮】～夏季新款！！"),
    ("保温杯", "304不锈钢保温杯 500ml | 24小时保温 | 防漏"),
    ("k", "瓷"),
    ("minimalist nordic table lamp for reading", "北欧简约护眼台灯 | 可调光 | Perfect for study | 原木底座"),
    ("给女朋友的生日礼物", "925银锁骨链 轻奢 女 | 生日礼物 | Sterling silver necklace with crystal"),
    ("vintage leather backpack", "New 2026 hot sale vintage brown genuine leather backpack, large capacity rucksack for men and women, travel school office laptop daypack "
     "with many pockets, water-resistant lining and adjustable straps | Crafted from real leather | Great for travel | One year warranty"),
    ("适合小个子女生的高腰阔腿牛仔裤", "高腰阔腿牛仔裤女夏季薄款小个子显瘦直筒宽松垂感拖地长裤 2026新款爆款网红百搭 | 遮肉显高，修饰身材 | 水洗牛仔布，柔软透气 | 七天无理由退换，尺码标准，S到XXL"),
]

# Pairs with pictures, drawn here: (query text, query drawing, document text, document drawing).
PICTURES = [
    ("red dress", None, "", ("casual_dress", "red", "solid")),
    ("red dress", None, "", ("casual_dress", "blue", "solid")),
    ("红色连衣裙", None, "Summer dress, new arrival", ("casual_dress", "red", "polka")),
    ("蓝色杯子", None, "", ("mug", "blue", "solid")),
    ("", ("sneakers", "white", "solid"), "White canvas sneakers for women", None),
    ("", ("sneakers", "white", "solid"), "黑色真皮高跟鞋", None),
    ("", ("backpack", "green", "solid"), "", ("backpack", "green", "plaid")),
    ("", ("backpack", "green", "solid"), "", ("desk_lamp", "yellow", "solid")),
    ("in black", ("handbag", "red", "solid"), "Black leather handbag", ("handbag", "black", "solid")),
    ("同款 蓝色", ("shirt", "white", "solid"), "蓝色条纹衬衫 男", ("shirt", "blue", "striped")),
]
