"""Words without a meaning here: invented brands and terms, sizes, and the filler of sellers' prose.

Invented terms teach the model to match what it has never met by its pieces; filler teaches it to pass over what was not asked for.
"""

EN, ZH = 0, 1
SYLLABLES = ("ka lo ri ve mo ten sa bel nor dy fi ra lu zen ta mi or an el vi co su na per ly ho gra wen qi yu mar tis dor fen bra cle pho tri ex um ick est ond uff ash ool "
             "vex pix lum sor quin jax wil tam hub nex cor dan fly gid hex ing jol kip ").split()
_COMMON_HANZI = [bytes((0xB0 + row, 0xA1 + cell)).decode("gb2312") for row in range(39) for cell in range(94) if not (row == 39 and cell > 88)]

FILLER = (
    "about above across again air always amazing and are around as at back balance base beautiful because before best better between blend body box bring brand build built button "
    "buyer by call care carry carton case cent change check choice city class clean clear close clothes collection come comfort common complete contact cover create custom customer daily day "
    "deal delivery depth detail different discover double down dream dry durable each ease easy edge edition effect effortless end energy enjoy ensure enough even ever every experience expert extra "
    "eye fact family far fast feature feel few fiber finish first fit five flat floor follow form found four free fresh friend from front full fun game get give glow go good great group grow guarantee "
    "hand handy happy hard have head heart help here hidden high hold hour house idea ideal image important improve include inner inside inspire into issue item its job join joy just keep key kind know "
    "label large last layer lead learn left less let level life lift like limited line list little live local look love low luck made main make many mark market match matter may mean measure member "
    "meet message middle mind minute model modern moment month mood more most move much must name natural nature need never new next nice night no note now number of off offer often old on once one "
    "only open option order other our out outer over own pack package part peace people perfect person photo piece place plan play please plus point power practical present press price pride problem "
    "process produce product promise proof proper provide pure purpose put quality question quick range rate reach ready real reason refund relax reliable remove repeat request rest result return review "
    "rich right rise road room round rule run safe sale same save say scratch season second secure see select sense series serve service set seven shape share ship shop show side simple since single six "
    "skin small smart smooth snap so solid some soon sort source space special spend spot stable stage stand standard star start state stay step still stock stop store story strong style such suit "
    "support sure surface sweet system take tale talk tap team test texture than thank that the their them then there they thing think this three through time tip to today together top total touch "
    "track trade traditional treat trend trial trip true trust try turn twice two type ultimate under unique unit until up update upgrade upper us use user usual value variety version very view visit "
    "volume wait walk wall want warranty wash watch water way we week welcome well what when where which while who whole why wide will window wish with within without wonder word work world worry worth "
    "write year yes yet you young your zero ambient harbor maple canyon velocity orchard summit cedar ember drift prairie willow meadow granite signal vector atlas nimbus quartz raven falcon lotus saffron"
).split()
FILLER_ZH = (
    "大家 朋友 我们 你们 今天 明天 生活 品质 品牌 质量 服务 客服 发货 物流 快递 包裹 收货 好评 评价 店铺 收藏 关注 优惠 活动 折扣 满减 赠品 限时 抢购 现货 预售 正品 保证 放心 安心 选择 推荐 喜欢 满意 "
    "细节 做工 工艺 设计师 团队 研发 升级 全新 经典 传统 现代 时光 故事 灵感 来自 自然 城市 阳光 空气 呼吸 温度 触感 质感 光泽 线条 轮廓 比例 空间 收纳 打开 关闭 轻松 简单 方便 实用 耐用 坚固 精致 细腻 "
    "柔软 顺滑 饱满 丰富 层次 口感 香气 味道 新鲜 健康 安全 环保 认证 检测 标准 等级 进口 国产 原装 官方 旗舰 专柜 同款 明星 博主 测评 种草 回购 囤货 家庭 孩子 老人 父母 爱人 同事 同学 邻居 节日 新年 中秋 "
    "春节 早上 中午 晚上 周末 每天 一年 四季 出门 回家 厨房 客厅 阳台 书房 桌面 角落 地面 墙面 窗边 车里 随身 口袋 盒子 袋子 瓶子 颗粒 粉末 液体 按键 开关 接口 屏幕 电池 充电 指示灯 说明书 安装 拆卸 清洗 保养 "
    "更换 维修 保修 售后 退换 运费 地址 订单 数量 库存 颜色 尺寸 重量 长度 宽度 高度 厚度 容量 功率 电压 型号 规格 参数 材料 产地 日期 保质期 编号 条码 步骤 方法 技巧 建议 注意 避免 防止 适合 不适合 如果 因为 "
    "所以 但是 而且 或者 同时 然后 最后 首先 其次 非常 特别 十分 比较 更加 越来越 一定 可能 可以 需要 想要 希望 相信 感受 享受 陪伴 守护 记录 分享 创造 改变 提升 满足 解决 烦恼 困扰 难题 惊喜 温暖 幸福 美好 自由"
).split()


def invented(rng, script=EN):
    """A made-up word: syllables, or halves of two filler words; in Chinese two or three characters."""
    if script == ZH:
        return "".join(rng.choice(_COMMON_HANZI) for _ in range(rng.choice((2, 2, 3))))
    if rng.random() < 0.35:
        left, right = rng.choice(FILLER), rng.choice(FILLER)
        return (left[: max(2, len(left) * 2 // 3)] + right[len(right) // 3:])[:11]
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3))))


def term(rng, script):
    """A term outside the lexicon: invented, or a real word that means nothing here."""
    chance = rng.random()
    if chance < 0.25:
        return rng.choice(FILLER_ZH if script == ZH else FILLER)
    if chance < 0.4 and script == EN:
        return invented(rng) + " " + invented(rng)
    return invented(rng, script)


def filler(rng, lang):
    """A sentence that says nothing about the product."""
    if lang == EN:
        words = [rng.choice(FILLER) if rng.random() < 0.93 else invented(rng) for _ in range(rng.randint(4, 11))]
        return " ".join(words).capitalize()
    return "".join(rng.choice(FILLER_ZH) for _ in range(rng.randint(3, 7)))


# Sizes by kind of product: families of numbers with their unit. A value is `family:number`.
FAMILIES = {
    "letter": "XS S M L XL XXL 3XL".split(), "eu": [str(n) for n in range(35, 47)], "gb": "16 32 64 128 256 512".split(), "tb": "1 2 4 8".split(),
    "ml": "30 50 100 150 200 250 300 350 500 600 750".split(), "l": "1 1.5 2 3 5 10 20 30 40 60".split(), "g": "50 80 100 150 200 250 300 400 500 750 800".split(), "kg": "1 2 2.5 5 10 15 20".split(),
    "inch": "6 7 8 10 11 13 14 15.6 16 20 24 27 28 32 43 55 65".split(), "mah": "3000 5000 10000 20000 27000 30000".split(), "w": "5 8 10 12 15 18 20 30 33 45 60 65 100 120 500 800 1200".split(),
    "pcs": "2 3 4 5 6 8 10 12 20 24 30 50 100".split(), "cm": "10 15 20 25 28 30 35 40 45 50 60 70 80 90 100 120 150 160 180 200".split(), "m": "1 1.5 2 3 5 10".split(),
    "month": "0-3 3-6 6-12 12-18 18-24".split(), "person": "1 2 3 4 6 8".split(), "model": [],
}
_SURFACES = {
    "letter": (["{}", "size {}"], ["{}", "{}码"]), "eu": (["EU {}", "size {}", "EU{}"], ["{}码", "{}号"]), "gb": (["{}GB", "{} GB"], ["{}GB", "{}G"]), "tb": (["{}TB", "{} TB"], ["{}TB", "{}T"]),
    "ml": (["{}ml", "{} ml"], ["{}ml", "{}毫升"]), "l": (["{}L", "{} liter"], ["{}L", "{}升"]), "g": (["{}g", "{} g"], ["{}g", "{}克"]), "kg": (["{}kg", "{} kg"], ["{}kg", "{}公斤"]),
    "inch": (["{} inch", '{}"', "{}in", "{}-inch"], ["{}寸", "{}英寸"]), "mah": (["{}mAh", "{} mAh"], ["{}mAh", "{}毫安"]), "w": (["{}W", "{} watt"], ["{}W", "{}瓦"]),
    "pcs": (["{} pcs", "{}-pack", "pack of {}", "set of {}"], ["{}个装", "{}件套", "{}只装"]), "cm": (["{}cm", "{} cm"], ["{}cm", "{}厘米"]), "m": (["{}m", "{} meters"], ["{}米", "{}m"]),
    "month": (["{} months"], ["{}个月"]), "person": (["{} person", "{}-person", "for {} people"], ["{}人", "{}人用"]), "model": (["{}"], ["{}"]),
}
SIZES_OF_KIND = dict(
    top=["letter"], wtop=["letter"], dress=["letter"], skirt=["letter"], pants=["letter"], lounge=["letter"], swim=["letter"], shoe=["eu"], wshoe=["eu"], acc=["letter", "cm"], wacc=["pcs"], bag=["l", "inch", "cm"],
    jewel=["cm", "pcs"], gear=["cm"], watch=["model", "month"], egadget=["gb", "tb", "inch", "mah", "w", "model", "m"], eaudio=["model", "w"], case=["model", "inch"], textile=["cm", "pcs"], homeware=["cm", "pcs"], lamp=["w", "m", "cm"],
    cup=["ml", "l"], cook=["cm", "l", "pcs"], furn=["cm", "l"], beauty=["ml", "g"], cosmetic=["g", "ml"], perfume=["ml"], sport=["kg", "cm", "pcs"], outdoor=["person", "l", "cm"], toy=["pcs", "cm"], paper=["pcs"],
    pet=["letter", "cm", "kg"], food=["g", "kg", "ml", "pcs"], tool=["pcs", "m", "model"], appliance=["l", "w", "model"], soap=["ml", "l", "pcs"], baby=["month", "pcs", "ml"])


def random_size(rng, kind, family=None):
    family = family or rng.choice(SIZES_OF_KIND[kind])
    if family == "model":
        return "model:" + rng.choice("ABCDEGHKMNPRSTVXZ") + rng.choice(("", rng.choice("ABCDEGHKMNPRSTVXZ"), "-")) + str(rng.randint(1, 99) if rng.random() < 0.4 else rng.randint(100, 9000))
    return family + ":" + rng.choice(FAMILIES[family])


def size_name(rng, value, lang):
    family, number = value.split(":")
    text = rng.choice(_SURFACES[family][lang]).replace("{}", number)
    return text.replace("-", "") if family == "model" and rng.random() < 0.2 else text
