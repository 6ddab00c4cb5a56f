"""The words of the synthetic shop: categories and attributes, each with its English and Chinese names.

A line is `id = english, synonyms / 中文, 同义词`; the first name is the usual one. Categories carry three more
columns: the group (hypernym), the kind (which attributes make sense) and the attributes that the category implies, so
that a down jacket is warm winter wear without saying so.
"""

import re

GROUPS_TEXT = """
outerwear = jacket, coat, outerwear, outer layer / 外套, 外衣, 上衣外套
tops = top, tops, shirt top / 上衣, 打底衫, 内搭
knitwear = knitwear, jumper / 针织衫, 针织, 毛衫
dresses = dress, dresses, gown / 裙子, 连衣裙, 裙装, 长裙子
skirts = skirt, skirts / 半身裙, 半裙, 裙子
pants = pants, trousers, long pants, slacks / 裤子, 长裤, 裤装
short_pants = shorts, short pants / 短裤, 裤子, 短裤子
underlayer = loungewear, sleepwear, homewear / 家居服, 睡衣, 居家服
suits = formal wear, suit / 正装, 西服, 礼服
shoes = shoes, footwear, pair of shoes / 鞋子, 鞋, 鞋履
boots = boots, booties / 靴子, 靴
bags = bag, bags, purse / 包包, 包, 包袋
headwear = hat, headwear, cap / 帽子, 帽
accessories = accessory, fashion accessory / 配饰, 饰品, 服饰配件
jewelry = jewelry, jewellery, trinket / 首饰, 珠宝, 饰品
watches = watch, wristwatch, timepiece / 手表, 腕表
bedding = bedding, bed linen / 床上用品, 床品
decor = home decor, decoration, room decor / 家居装饰, 摆件, 装饰品
lighting = lamp, light, lighting / 灯, 灯具, 台灯
kitchen = kitchenware, kitchen gear / 厨房用品, 厨具
drinkware = drinkware, cup, bottle / 杯子, 水杯, 水具
furniture = furniture, seat / 家具, 椅子
storage = storage, organizer / 收纳, 整理收纳
audio = headphones, audio device, earphones / 耳机, 音频设备
phone_gear = phone accessory, phone gear / 手机配件, 手机周边
computer_gear = computer accessory, desk gadget / 电脑配件, 电脑外设
skincare = skincare, skin care product / 护肤品, 护肤
makeup = makeup, cosmetics, beauty product / 彩妆, 化妆品
haircare = hair care, hair product / 洗护, 护发
fitness = fitness gear, workout equipment / 健身器材, 运动装备
outdoor_gear = camping gear, outdoor gear / 户外装备, 露营装备
toys = toy, toys, plaything / 玩具, 玩偶
stationery = stationery, office supplies / 文具, 办公用品
pets = pet supplies, pet product / 宠物用品, 宠物
snacks = snack, snacks, treats, nibbles / 零食, 小吃, 休闲食品
groceries = food, groceries, pantry food / 食品, 食物, 粮油食品
drinks = drink, beverage, drinks / 饮料, 饮品, 冲饮
computers = computer, pc, computer hardware / 电脑, 计算机, 电脑硬件
mobile = phone, mobile device, handheld / 手机, 移动设备, 数码设备
cameras = camera, camera gear, photo equipment / 相机, 摄影器材, 摄影设备
smart_home = smart home device, home automation, smart device / 智能家居, 智能设备, 智能家电
cables = cable, cord, adapter / 线材, 数据线, 转接器
gaming = gaming gear, video game accessory, gaming / 游戏设备, 电玩, 游戏外设
appliances = home appliance, appliance, household appliance / 家电, 电器, 家用电器
kitchen_appliances = kitchen appliance, small kitchen appliance / 厨房电器, 厨房小家电, 小家电
tools = tool, hand tool, diy tool / 工具, 手工工具, 五金工具
garden = garden tool, gardening supplies, garden gear / 园艺用品, 园艺工具, 园艺
auto = car accessory, auto part, car gear / 汽车用品, 车品, 汽车配件
cleaning = cleaning supplies, cleaner, household cleaner / 清洁用品, 清洁剂, 家居清洁
bathroom = bathroom accessory, bath supplies / 浴室用品, 卫浴, 卫浴用品
baby_care = baby product, baby gear, nursery item / 母婴用品, 婴儿用品, 宝宝用品
health = health product, health device, wellness / 健康用品, 医疗器械, 保健用品
personal_care = personal care, grooming product, hygiene product / 个人护理, 个护, 洗护用品
ball_sports = sports equipment, sporting goods, ball game gear / 体育用品, 运动器材, 球类用品
cycling_gear = bike accessory, cycling gear, bicycle gear / 骑行装备, 自行车配件, 单车装备
water_sports = swimming gear, water sports gear / 游泳用品, 水上运动装备
fishing_gear = fishing gear, fishing tackle / 渔具, 钓鱼用品
instruments = musical instrument, instrument / 乐器, 音乐器材
craft = craft supplies, art supplies, hobby supplies / 手工材料, 美术用品, 绘画用品
party = party supplies, party decoration / 派对用品, 节日用品, 聚会装饰
pet_food = pet food, animal food / 宠物食品, 宠物粮, 宠物零食
kids_gear = kids gear, children's product / 儿童用品, 童品
"""

# id ; group ; kind ; english / chinese ; implied attributes
CATEGORIES_TEXT = """
denim_jacket ; outerwear ; top ; denim jacket, jean jacket, jeans jacket, trucker jacket, denim coat / 牛仔外套, 牛仔夹克, 牛仔衣, 丹宁外套, 牛仔上衣 ; material:denim
leather_jacket ; outerwear ; top ; leather jacket, biker jacket, moto jacket / 皮衣, 皮夹克, 机车夹克, 皮外套 ; material:leather
down_jacket ; outerwear ; top ; down jacket, puffer jacket, puffer coat, padded jacket / 羽绒服, 羽绒外套, 棉服, 面包服 ; season:winter function:warm
trench_coat ; outerwear ; top ; trench coat, trench, duster coat / 风衣, 风衣外套, 英伦风衣 ; season:autumn
wool_coat ; outerwear ; top ; wool coat, overcoat, peacoat, woolen coat / 毛呢大衣, 呢子大衣, 大衣, 羊毛大衣 ; season:winter material:wool
blazer ; outerwear ; top ; blazer, suit jacket, sport coat / 西装外套, 小西装, 西装, 西服外套 ;
bomber_jacket ; outerwear ; top ; bomber jacket, flight jacket, varsity jacket, baseball jacket / 飞行员夹克, 棒球服, 棒球外套, 飞行夹克 ;
windbreaker ; outerwear ; top ; windbreaker, shell jacket, rain jacket, hardshell / 冲锋衣, 防风外套, 登山外套, 硬壳冲锋衣 ; function:windproof
sun_hoodie ; outerwear ; top ; sun protection jacket, upf jacket, sun jacket / 防晒衣, 防晒服, 防晒外套, 皮肤衣 ; season:summer function:sun_protection
vest ; outerwear ; top ; vest, gilet, waistcoat, sleeveless jacket / 马甲, 背心外套, 马夹 ; detail:sleeveless
tshirt ; tops ; top ; t-shirt, tee, tshirt, t shirt / t恤, 短袖t恤, 短袖, 体恤 ;
shirt ; tops ; top ; shirt, button-up shirt, button down shirt, oxford shirt / 衬衫, 衬衣, 翻领衬衫 ;
blouse ; tops ; wtop ; blouse, chiffon blouse, ladies blouse / 雪纺衫, 女士衬衫, 小衫, 罩衫 ;
polo ; tops ; top ; polo shirt, polo, golf shirt / polo衫, 翻领t恤, 保罗衫 ;
tank_top ; tops ; top ; tank top, camisole, cami top, crop top / 吊带, 背心, 吊带背心, 小背心 ; detail:sleeveless season:summer
hoodie ; tops ; top ; hoodie, hooded sweatshirt, pullover hoodie / 连帽卫衣, 帽衫, 连帽衫 ; detail:hooded
sweatshirt ; tops ; top ; sweatshirt, crewneck sweatshirt, pullover / 卫衣, 圆领卫衣, 套头卫衣 ;
sweater ; knitwear ; top ; sweater, knit sweater, pullover sweater, jumper / 毛衣, 针织毛衣, 套头毛衣 ; material:knit function:warm
cardigan ; knitwear ; top ; cardigan, knit cardigan, open-front cardigan / 开衫, 针织开衫, 毛衣开衫 ; material:knit
maxi_dress ; dresses ; dress ; maxi dress, long dress, floor-length dress / 长裙, 连衣长裙, 及踝长裙 ; detail:long
casual_dress ; dresses ; dress ; dress, day dress, a-line dress, swing dress / 连衣裙, 裙子, a字连衣裙 ;
slip_dress ; dresses ; dress ; slip dress, cami dress, spaghetti strap dress, sundress / 吊带裙, 吊带连衣裙, 细带裙 ; season:summer
shirt_dress ; dresses ; dress ; shirt dress, button-down dress / 衬衫裙, 衬衣裙, 衬衫连衣裙 ;
knit_dress ; dresses ; dress ; sweater dress, knit dress, bodycon knit dress / 毛衣裙, 针织连衣裙, 针织裙 ; material:knit
evening_gown ; dresses ; dress ; evening gown, evening dress, prom dress, formal dress / 晚礼服, 礼服裙, 晚宴裙, 宴会礼服 ; scene:party
qipao ; dresses ; dress ; qipao, cheongsam, mandarin collar dress / 旗袍, 改良旗袍, 新中式旗袍 ; style:chinese
pleated_skirt ; skirts ; skirt ; pleated skirt, tennis skirt / 百褶裙, 褶裙, jk裙 ;
denim_skirt ; skirts ; skirt ; denim skirt, jean skirt / 牛仔裙, 牛仔半身裙, 牛仔短裙 ; material:denim
pencil_skirt ; skirts ; skirt ; pencil skirt, midi skirt, fitted skirt / 包臀裙, 一步裙, 包臀半身裙 ;
jeans ; pants ; pants ; jeans, denim pants, denim trousers / 牛仔裤, 牛仔长裤, 丹宁裤 ; material:denim
chinos ; pants ; pants ; chinos, chino pants, casual pants / 休闲裤, 斜纹裤, 奇诺裤 ;
dress_pants ; pants ; pants ; dress pants, suit pants, tailored trousers / 西裤, 西装裤, 正装裤 ;
cargo_pants ; pants ; pants ; cargo pants, utility pants, cargo trousers / 工装裤, 多口袋裤, 机能裤 ; style:utility
sweatpants ; pants ; pants ; sweatpants, joggers, track pants / 运动裤, 卫裤, 束脚裤 ;
shorts ; short_pants ; pants ; shorts, bermuda shorts, short pants / 短裤, 五分裤, 热裤 ; season:summer
leggings ; pants ; pants ; leggings, tights, shark pants / 打底裤, 鲨鱼裤, 紧身裤 ; detail:slim
yoga_pants ; pants ; pants ; yoga pants, yoga leggings, workout leggings / 瑜伽裤, 健身裤, 瑜伽长裤 ; scene:yoga
suit_set ; suits ; top ; suit, two-piece suit, business suit / 西装套装, 西服套装, 职业套装 ; style:business
tracksuit ; suits ; top ; tracksuit, sweatsuit, jogging suit / 运动套装, 运动服, 休闲套装 ; style:sporty
hanfu ; suits ; dress ; hanfu, hanfu dress, traditional hanfu / 汉服, 改良汉服, 汉元素套装 ; style:chinese
pajamas ; underlayer ; lounge ; pajamas, pyjamas, pj set, pajama set / 睡衣, 睡衣套装, 家居睡衣 ; scene:sleep
nightgown ; underlayer ; lounge ; nightgown, nightdress, sleep dress / 睡裙, 吊带睡裙 ; scene:sleep
bathrobe ; underlayer ; lounge ; bathrobe, robe, dressing gown / 浴袍, 睡袍, 浴衣 ; scene:home
bra ; underlayer ; lounge ; bra, wireless bra, bralette / 文胸, 内衣, 无钢圈内衣 ; audience:women
thermal_underwear ; underlayer ; lounge ; thermal underwear, long johns, base layer / 保暖内衣, 秋衣秋裤, 秋衣 ; function:warm season:winter
swimsuit ; underlayer ; swim ; swimsuit, bikini, bathing suit, swimwear / 泳衣, 比基尼, 游泳衣, 泳装 ; scene:beach season:summer
sports_bra ; fitness ; swim ; sports bra, workout bra, yoga bra / 运动内衣, 运动文胸, 瑜伽内衣 ; scene:gym audience:women
sneakers ; shoes ; shoe ; sneakers, trainers, tennis shoes, kicks / 运动鞋, 板鞋, 球鞋, 休闲运动鞋 ;
white_shoes ; shoes ; shoe ; canvas shoes, canvas sneakers, plimsolls / 帆布鞋, 布鞋, 平底帆布鞋 ; material:canvas
running_shoes ; shoes ; shoe ; running shoes, jogging shoes, runners / 跑鞋, 跑步鞋, 慢跑鞋 ; scene:running
hiking_shoes ; shoes ; shoe ; hiking shoes, hiking boots, trekking shoes, trail shoes / 登山鞋, 徒步鞋, 户外鞋 ; scene:hiking
loafers ; shoes ; shoe ; loafers, slip-on shoes, penny loafers / 乐福鞋, 豆豆鞋, 一脚蹬 ;
oxfords ; shoes ; shoe ; dress shoes, oxford shoes, derby shoes, brogues / 皮鞋, 德比鞋, 牛津鞋, 正装皮鞋 ; material:leather
high_heels ; shoes ; wshoe ; high heels, heels, pumps, stilettos / 高跟鞋, 细跟鞋, 单鞋 ; audience:women
mary_janes ; shoes ; wshoe ; mary janes, mary jane shoes, ballet flats, flats / 玛丽珍鞋, 芭蕾鞋, 平底单鞋 ; audience:women
sandals ; shoes ; shoe ; sandals, strappy sandals, beach sandals / 凉鞋, 罗马凉鞋, 沙滩凉鞋 ; season:summer
slippers ; shoes ; shoe ; slippers, slides, house slippers, flip flops / 拖鞋, 凉拖, 居家拖鞋, 人字拖 ; scene:home
ankle_boots ; boots ; shoe ; ankle boots, chelsea boots, short boots / 短靴, 切尔西靴, 踝靴 ;
knee_boots ; boots ; wshoe ; knee-high boots, tall boots, riding boots / 长靴, 骑士靴, 高筒靴 ;
combat_boots ; boots ; shoe ; combat boots, lace-up boots, work boots / 马丁靴, 工装靴, 系带靴 ;
snow_boots ; boots ; shoe ; snow boots, winter boots, fur-lined boots / 雪地靴, 棉靴, 加绒靴 ; season:winter function:warm
rain_boots ; boots ; shoe ; rain boots, wellies, rubber boots / 雨靴, 雨鞋, 水鞋 ; function:waterproof
backpack ; bags ; bag ; backpack, rucksack, knapsack, school bag / 双肩包, 背包, 书包, 双肩背包 ;
tote_bag ; bags ; bag ; tote bag, shopper bag, tote / 托特包, 购物袋, 大手提袋 ; function:large_capacity
crossbody_bag ; bags ; bag ; crossbody bag, messenger bag, sling bag / 斜挎包, 单肩斜挎包, 邮差包 ;
shoulder_bag ; bags ; bag ; shoulder bag, underarm bag, baguette bag / 单肩包, 腋下包, 法棍包 ;
handbag ; bags ; bag ; handbag, top-handle bag, purse / 手提包, 手拎包, 女包 ;
clutch ; bags ; bag ; clutch, evening bag, clutch purse / 手拿包, 晚宴包, 手包 ; scene:party
wallet ; bags ; bag ; wallet, card holder, billfold, coin purse / 钱包, 卡包, 零钱包, 皮夹 ;
waist_bag ; bags ; bag ; fanny pack, waist bag, belt bag, chest bag / 腰包, 胸包, 挂包 ;
suitcase ; bags ; bag ; suitcase, luggage, carry-on, trolley case / 行李箱, 拉杆箱, 旅行箱, 登机箱 ; scene:travel
briefcase ; bags ; bag ; briefcase, laptop bag, computer bag / 公文包, 电脑包, 商务包 ; scene:office
duffel_bag ; bags ; bag ; duffel bag, gym bag, weekender bag / 旅行袋, 健身包, 运动包 ; scene:travel
baseball_cap ; headwear ; acc ; baseball cap, cap, dad hat / 棒球帽, 鸭舌帽, 遮阳帽 ;
bucket_hat ; headwear ; acc ; bucket hat, fisherman hat / 渔夫帽, 盆帽 ;
beanie ; headwear ; acc ; beanie, knit hat, woolly hat / 毛线帽, 针织帽, 冷帽 ; season:winter function:warm
beret ; headwear ; acc ; beret, french beret / 贝雷帽, 画家帽 ;
sun_hat ; headwear ; acc ; sun hat, straw hat, wide-brim hat / 草帽, 太阳帽, 大檐帽 ; season:summer function:sun_protection
scarf ; accessories ; acc ; scarf, shawl, wrap / 围巾, 披肩, 丝巾, 围脖 ;
gloves ; accessories ; acc ; gloves, mittens, touchscreen gloves / 手套, 触屏手套, 连指手套 ; season:winter
belt ; accessories ; acc ; belt, waist belt, buckle belt / 皮带, 腰带, 裤带 ;
socks ; accessories ; acc ; socks, crew socks, ankle socks / 袜子, 中筒袜, 短袜, 棉袜 ;
tie ; accessories ; acc ; tie, necktie, bow tie / 领带, 领结 ; audience:men style:business
sunglasses ; accessories ; acc ; sunglasses, shades, sun glasses / 墨镜, 太阳镜, 太阳眼镜 ; function:sun_protection season:summer
glasses_frame ; accessories ; acc ; glasses frame, eyeglasses, blue light glasses / 眼镜框, 防蓝光眼镜, 镜框, 眼镜 ;
hair_clip ; accessories ; wacc ; hair clip, claw clip, barrette, hair claw / 发夹, 抓夹, 发卡, 鲨鱼夹 ; audience:women
umbrella ; accessories ; gear ; umbrella, parasol, folding umbrella / 雨伞, 遮阳伞, 折叠伞, 太阳伞 ;
necklace ; jewelry ; jewel ; necklace, pendant, choker / 项链, 吊坠, 锁骨链, 颈链 ;
earrings ; jewelry ; jewel ; earrings, ear studs, hoop earrings / 耳环, 耳钉, 耳坠, 耳饰 ; audience:women
bracelet ; jewelry ; jewel ; bracelet, bangle, charm bracelet / 手链, 手镯, 手串 ;
ring ; jewelry ; jewel ; ring, finger ring, band ring / 戒指, 指环, 对戒 ;
brooch ; jewelry ; jewel ; brooch, lapel pin, pin badge / 胸针, 别针, 徽章 ;
quartz_watch ; watches ; watch ; watch, quartz watch, wristwatch / 手表, 石英表, 腕表 ;
mechanical_watch ; watches ; watch ; mechanical watch, automatic watch / 机械表, 自动机械表, 机械手表 ;
smart_watch ; watches ; egadget ; smart watch, smartwatch, fitness tracker / 智能手表, 运动手环, 智能手环 ;
duvet_cover ; bedding ; textile ; duvet cover, bedding set, sheet set, quilt cover / 四件套, 被套, 床单, 床品套件 ; scene:sleep
blanket ; bedding ; textile ; blanket, throw blanket, throw / 毛毯, 毯子, 盖毯, 空调毯 ; function:warm
pillow ; bedding ; textile ; pillow, memory foam pillow, neck pillow / 枕头, 记忆枕, 颈枕 ; scene:sleep
cushion ; decor ; textile ; cushion, throw pillow, cushion cover / 抱枕, 靠垫, 靠枕 ;
rug ; decor ; textile ; rug, carpet, area rug, floor mat / 地毯, 地垫, 客厅地毯 ;
curtain ; decor ; textile ; curtains, drapes, window curtain / 窗帘, 纱帘, 遮光帘 ;
vase ; decor ; homeware ; vase, flower vase / 花瓶, 花器, 插花瓶 ;
wall_art ; decor ; homeware ; wall art, poster, canvas print, framed print / 装饰画, 挂画, 海报 ;
mirror ; decor ; homeware ; mirror, vanity mirror, full-length mirror / 镜子, 化妆镜, 全身镜 ;
scented_candle ; decor ; homeware ; scented candle, candle, aroma candle / 香薰蜡烛, 蜡烛, 香氛蜡烛 ;
clock ; decor ; homeware ; wall clock, alarm clock, clock / 挂钟, 闹钟, 时钟 ;
desk_lamp ; lighting ; lamp ; desk lamp, table lamp, reading lamp / 台灯, 护眼台灯, 书桌灯, 床头灯 ;
night_light ; lighting ; lamp ; night light, bedside light, nightlight / 小夜灯, 夜灯, 起夜灯 ; scene:sleep
pendant_light ; lighting ; lamp ; pendant light, ceiling light, chandelier / 吊灯, 吸顶灯, 顶灯 ;
string_lights ; lighting ; lamp ; string lights, fairy lights / 串灯, 彩灯, 星星灯 ;
mug ; drinkware ; cup ; mug, coffee mug, coffee cup / 马克杯, 咖啡杯, 茶杯 ;
thermos ; drinkware ; cup ; thermos, vacuum flask, insulated bottle, insulated tumbler / 保温杯, 保温壶, 真空杯 ; function:insulated
water_bottle ; drinkware ; cup ; water bottle, sports bottle, drink bottle / 水壶, 运动水杯, 随手杯 ;
teapot ; drinkware ; cup ; teapot, tea set, gongfu tea set / 茶壶, 茶具, 功夫茶具 ; style:chinese
frying_pan ; kitchen ; cook ; frying pan, skillet, non-stick pan / 平底锅, 煎锅, 不粘锅 ;
knife_set ; kitchen ; cook ; kitchen knife, chef knife, knife set / 菜刀, 刀具套装, 厨师刀 ;
lunch_box ; kitchen ; cook ; lunch box, bento box, food container / 饭盒, 便当盒, 午餐盒 ;
plate_set ; kitchen ; cook ; plate, dinnerware set, bowl set, dishes / 餐具, 盘子, 碗碟套装, 碗 ;
coffee_maker ; kitchen ; egadget ; coffee maker, french press, coffee machine / 咖啡机, 法压壶, 咖啡壶 ;
office_chair ; furniture ; furn ; office chair, ergonomic chair, desk chair / 办公椅, 人体工学椅, 电脑椅 ; scene:office
sofa ; furniture ; furn ; sofa, couch, loveseat / 沙发, 懒人沙发, 布艺沙发 ; scene:home
coffee_table ; furniture ; furn ; coffee table, side table, end table / 茶几, 边几, 小桌子 ; scene:home
bookshelf ; furniture ; furn ; bookshelf, bookcase, shelf / 书架, 置物架, 书柜 ; scene:home
storage_box ; storage ; furn ; storage box, storage bin, organizer box / 收纳箱, 收纳盒, 储物箱 ;
makeup_organizer ; storage ; furn ; makeup organizer, cosmetic box, toiletry bag / 化妆包, 化妆品收纳盒, 洗漱包 ;
earbuds ; audio ; eaudio ; earbuds, wireless earbuds, bluetooth earbuds, earphones / 蓝牙耳机, 无线耳机, 入耳式耳机, 真无线耳机 ; function:wireless
headphones ; audio ; eaudio ; headphones, over-ear headphones, headset / 头戴式耳机, 头戴耳机, 耳麦 ;
speaker ; audio ; eaudio ; bluetooth speaker, portable speaker, speaker / 蓝牙音箱, 音箱, 音响, 小音箱 ; function:wireless
phone_case ; phone_gear ; case ; phone case, phone cover, cell phone case / 手机壳, 手机套, 保护壳 ;
power_bank ; phone_gear ; egadget ; power bank, portable charger, battery pack / 充电宝, 移动电源, 便携充电器 ; function:portable
charger ; phone_gear ; egadget ; charger, wall charger, charging block, usb-c charger / 充电器, 充电头, 快充头 ;
phone_stand ; phone_gear ; case ; phone stand, phone holder, car phone mount / 手机支架, 车载支架, 懒人支架 ;
screen_protector ; phone_gear ; case ; screen protector, tempered glass film / 钢化膜, 手机膜, 贴膜 ; material:glass
laptop_sleeve ; computer_gear ; case ; laptop sleeve, laptop case, tablet sleeve / 笔记本内胆包, 平板保护套, 电脑保护套 ;
keyboard ; computer_gear ; egadget ; keyboard, mechanical keyboard / 键盘, 机械键盘 ;
mouse ; computer_gear ; egadget ; mouse, computer mouse, wireless mouse / 鼠标, 无线鼠标 ;
face_cream ; skincare ; beauty ; face cream, moisturizer, day cream / 面霜, 保湿霜, 乳霜 ;
serum ; skincare ; beauty ; serum, face serum, essence / 精华, 精华液, 面部精华 ;
cleanser ; skincare ; beauty ; cleanser, face wash, facial cleanser / 洗面奶, 洁面乳, 洁面 ;
sunscreen ; skincare ; beauty ; sunscreen, sunblock, spf lotion / 防晒霜, 防晒乳, 防晒 ; function:sun_protection season:summer
face_mask ; skincare ; beauty ; sheet mask, facial mask, face mask / 面膜, 补水面膜, 贴片面膜 ;
hand_cream ; skincare ; beauty ; hand cream, hand lotion / 护手霜, 手霜 ;
lipstick ; makeup ; cosmetic ; lipstick, lip gloss, lip tint / 口红, 唇釉, 唇膏 ;
foundation ; makeup ; cosmetic ; foundation, liquid foundation, cushion compact / 粉底液, 气垫, 粉底 ;
eyeshadow ; makeup ; cosmetic ; eyeshadow palette, eyeshadow, eye makeup / 眼影, 眼影盘 ;
nail_polish ; makeup ; cosmetic ; nail polish, press-on nails, gel polish / 指甲油, 穿戴甲, 美甲 ;
perfume ; makeup ; perfume ; perfume, fragrance, cologne, eau de toilette / 香水, 淡香水, 香氛 ;
shampoo ; haircare ; beauty ; shampoo, hair shampoo / 洗发水, 洗发露 ;
hair_dryer ; haircare ; egadget ; hair dryer, blow dryer / 吹风机, 电吹风 ;
yoga_mat ; fitness ; sport ; yoga mat, exercise mat / 瑜伽垫, 健身垫 ; scene:yoga
dumbbell ; fitness ; sport ; dumbbells, weights, kettlebell / 哑铃, 壶铃 ; scene:gym
resistance_band ; fitness ; sport ; resistance bands, exercise bands / 弹力带, 拉力带, 阻力带 ; scene:gym
jump_rope ; fitness ; sport ; jump rope, skipping rope / 跳绳, 健身跳绳 ; scene:gym
basketball ; fitness ; sport ; basketball, game ball / 篮球, 比赛篮球 ;
badminton_racket ; fitness ; sport ; badminton racket, badminton set / 羽毛球拍, 球拍 ;
tent ; outdoor_gear ; outdoor ; tent, camping tent, dome tent / 帐篷, 露营帐篷, 天幕帐篷 ; scene:camping
sleeping_bag ; outdoor_gear ; outdoor ; sleeping bag, camp bed sack / 睡袋, 露营睡袋 ; scene:camping
camping_chair ; outdoor_gear ; outdoor ; camping chair, folding chair, beach chair / 露营椅, 折叠椅, 月亮椅 ; function:portable
trekking_poles ; outdoor_gear ; outdoor ; trekking poles, hiking poles, walking stick / 登山杖, 徒步杖 ; scene:hiking
flashlight ; outdoor_gear ; outdoor ; flashlight, torch, headlamp / 手电筒, 头灯, 露营灯 ;
plush_toy ; toys ; toy ; plush toy, stuffed animal, teddy bear / 毛绒玩具, 公仔, 玩偶, 小熊 ;
building_blocks ; toys ; toy ; building blocks, building bricks, construction set / 积木, 拼装积木 ;
puzzle ; toys ; toy ; jigsaw puzzle, puzzle / 拼图, 益智拼图 ;
board_game ; toys ; toy ; board game, card game / 桌游, 棋牌, 卡牌游戏 ;
notebook ; stationery ; paper ; notebook, journal, planner, diary / 笔记本, 手账本, 日记本 ;
pen ; stationery ; paper ; fountain pen, gel pen, pen set / 钢笔, 中性笔, 签字笔 ;
pencil_case ; stationery ; paper ; pencil case, pen pouch / 笔袋, 文具盒, 铅笔盒 ;
cat_bed ; pets ; pet ; cat bed, dog bed, pet bed / 猫窝, 狗窝, 宠物窝 ;
dog_leash ; pets ; pet ; dog leash, dog collar, pet harness / 牵引绳, 狗绳, 项圈 ;
dog_clothes ; pets ; pet ; dog clothes, pet clothes, dog sweater / 宠物衣服, 狗衣服 ;
long_sleeve_tee ; tops ; top ; long sleeve t-shirt, long sleeve top, long-sleeved tee, longsleeve / 长袖t恤, 长袖上衣, 长袖衫, 长袖打底衫 ; detail:long_sleeve
overalls ; pants ; pants ; overalls, dungarees, bib overalls / 背带裤, 连体裤, 工装背带裤 ;
jumpsuit ; dresses ; dress ; jumpsuit, romper, playsuit / 连身裤, 连体衣裤, 阔腿连体裤 ;
poncho ; outerwear ; top ; poncho, cape, cloak / 斗篷, 披风, 斗篷外套 ;
raincoat ; outerwear ; top ; raincoat, rain poncho, slicker / 雨衣, 雨披, 连体雨衣 ; function:waterproof
underwear ; underlayer ; lounge ; underwear, panties, boxers, briefs / 内裤, 三角裤, 平角裤 ;
pantyhose ; accessories ; wacc ; pantyhose, tights stockings, stockings / 丝袜, 连裤袜, 光腿神器 ;
earmuffs ; headwear ; acc ; earmuffs, ear warmers / 耳罩, 护耳, 耳暖 ; season:winter function:warm
face_covering ; accessories ; acc ; bandana, neck gaiter, balaclava / 头巾, 面罩, 方巾 ;
suspenders ; accessories ; acc ; suspenders, braces / 背带, 吊裤带 ;
keychain ; accessories ; acc ; keychain, key ring, key holder / 钥匙扣, 钥匙链, 包挂 ;
anklet ; jewelry ; jewel ; anklet, ankle bracelet / 脚链, 脚镯 ;
cufflinks ; jewelry ; jewel ; cufflinks, tie clip / 袖扣, 领带夹 ; audience:men
toiletry_kit ; bags ; bag ; toiletry bag, dopp kit, travel wash bag / 洗漱包, 旅行洗漱袋 ; scene:travel
bread ; groceries ; food ; bread, loaf, toast bread / 面包, 吐司, 切片面包 ;
instant_noodles ; groceries ; food ; instant noodles, ramen, cup noodles / 方便面, 泡面, 拉面 ;
rice ; groceries ; food ; rice, basmati rice, jasmine rice / 大米, 香米, 米 ;
pasta ; groceries ; food ; pasta, spaghetti, macaroni / 意面, 意大利面, 通心粉 ;
olive_oil ; groceries ; food ; olive oil, extra virgin olive oil, cooking oil / 橄榄油, 食用油, 特级初榨橄榄油 ;
soy_sauce ; groceries ; food ; soy sauce, dark soy, seasoning sauce / 酱油, 生抽, 老抽 ;
hot_sauce ; groceries ; food ; hot sauce, chili sauce, chili oil / 辣椒酱, 辣酱, 油泼辣子 ; function:spicy
honey ; groceries ; food ; honey, raw honey, wildflower honey / 蜂蜜, 土蜂蜜, 百花蜜 ;
jam ; groceries ; food ; jam, fruit spread, marmalade / 果酱, 抹酱 ;
peanut_butter ; groceries ; food ; peanut butter, nut butter, almond butter / 花生酱, 坚果酱 ;
cereal ; groceries ; food ; cereal, granola, muesli, oatmeal / 麦片, 燕麦, 燕麦片 ;
dumplings ; groceries ; food ; dumplings, potstickers, gyoza / 饺子, 水饺, 煎饺, 速冻水饺 ;
canned_fish ; groceries ; food ; canned tuna, sardines, tinned fish / 金枪鱼罐头, 鱼罐头, 沙丁鱼 ;
steak ; groceries ; food ; steak, beef, sirloin / 牛排, 牛肉, 西冷牛排 ;
shrimp ; groceries ; food ; shrimp, prawns, frozen shrimp / 虾仁, 大虾, 冻虾 ;
eggs ; groceries ; food ; eggs, free-range eggs / 鸡蛋, 土鸡蛋 ;
fruit ; groceries ; food ; fresh fruit, apples, oranges, mangoes / 水果, 苹果, 橙子, 芒果 ;
vegetables ; groceries ; food ; vegetables, greens, salad / 蔬菜, 青菜, 沙拉 ;
flour ; groceries ; food ; flour, bread flour, baking mix / 面粉, 高筋面粉, 烘焙粉 ;
salt ; groceries ; food ; salt, sea salt, pepper, spice / 盐, 海盐, 胡椒, 香料 ;
cheese ; groceries ; food ; cheese, cheddar, mozzarella / 奶酪, 芝士, 马苏里拉 ;
yogurt ; groceries ; food ; yogurt, greek yogurt / 酸奶, 希腊酸奶 ;
chocolate_bar ; snacks ; food ; chocolate, chocolate bar, truffles, dark chocolate / 巧克力, 黑巧克力, 松露巧克力 ;
cookies ; snacks ; food ; cookies, biscuits, crackers / 饼干, 曲奇, 苏打饼干 ;
chips ; snacks ; food ; chips, potato chips, crisps / 薯片, 薯条, 锅巴 ;
candy ; snacks ; food ; candy, gummies, lollipops, sweets / 糖果, 软糖, 棒棒糖 ;
nuts ; snacks ; food ; nuts, mixed nuts, almonds, cashews / 坚果, 混合坚果, 腰果, 巴旦木 ;
jerky ; snacks ; food ; beef jerky, jerky, dried meat / 牛肉干, 肉干, 肉脯 ;
popcorn ; snacks ; food ; popcorn, kettle corn / 爆米花, 焦糖爆米花 ;
dried_fruit ; snacks ; food ; dried fruit, raisins, dried mango / 果干, 葡萄干, 芒果干 ;
cake ; snacks ; food ; cake, cupcake, birthday cake, pastry / 蛋糕, 纸杯蛋糕, 糕点 ;
seaweed ; snacks ; food ; seaweed snack, nori, roasted seaweed / 海苔, 紫菜 ;
protein_bar ; snacks ; food ; protein bar, energy bar, granola bar / 蛋白棒, 能量棒, 谷物棒 ;
ice_cream ; snacks ; food ; ice cream, gelato, popsicles / 冰淇淋, 雪糕, 冰棍 ;
green_tea ; drinks ; food ; green tea, sencha, longjing tea / 绿茶, 龙井, 茶叶 ;
black_tea ; drinks ; food ; black tea, earl grey, tea bags / 红茶, 伯爵红茶, 茶包 ;
herbal_tea ; drinks ; food ; herbal tea, chamomile tea, flower tea / 花草茶, 菊花茶, 养生茶 ; function:caffeine_free
coffee_beans ; drinks ; food ; coffee beans, ground coffee, espresso beans / 咖啡豆, 咖啡粉, 意式咖啡豆 ;
instant_coffee ; drinks ; food ; instant coffee, coffee sachets / 速溶咖啡, 冻干咖啡 ;
juice ; drinks ; food ; juice, orange juice, fruit juice / 果汁, 橙汁, nfc果汁 ;
soda ; drinks ; food ; soda, sparkling water, soft drink / 汽水, 气泡水, 苏打水 ;
milk ; drinks ; food ; milk, oat milk, soy milk / 牛奶, 燕麦奶, 豆奶 ;
wine ; drinks ; food ; red wine, wine, white wine / 红酒, 葡萄酒, 干红 ;
beer ; drinks ; food ; beer, craft beer, lager / 啤酒, 精酿啤酒, 黑啤 ;
liquor ; drinks ; food ; whisky, liquor, baijiu, vodka / 白酒, 威士忌, 洋酒 ;
mineral_water ; drinks ; food ; mineral water, drinking water, spring water / 矿泉水, 饮用水, 山泉水 ;
protein_powder ; health ; food ; protein powder, whey protein, whey / 蛋白粉, 乳清蛋白 ; scene:gym
vitamins ; health ; food ; vitamins, multivitamin, vitamin c tablets, supplement / 维生素, 维c片, 复合维生素, 保健品 ;
fish_oil ; health ; food ; fish oil, omega-3 capsules / 鱼油, 深海鱼油, 鱼油胶囊 ;
laptop ; computers ; egadget ; laptop, notebook computer, ultrabook / 笔记本电脑, 手提电脑, 轻薄本 ;
desktop_pc ; computers ; egadget ; desktop computer, gaming pc, tower pc / 台式机, 台式电脑, 电脑主机 ;
monitor ; computers ; egadget ; monitor, computer screen, display / 显示器, 电脑屏幕, 显示屏 ;
ssd ; computers ; egadget ; ssd, solid state drive, nvme drive / 固态硬盘, 固态, 移动固态硬盘 ;
hard_drive ; computers ; egadget ; hard drive, external hard drive, hdd / 移动硬盘, 机械硬盘, 硬盘 ;
memory_ram ; computers ; egadget ; ram, memory module, ddr5 memory / 内存条, 内存 ;
graphics_card ; computers ; egadget ; graphics card, gpu, video card / 显卡, 独立显卡 ;
printer ; computers ; egadget ; printer, laser printer, inkjet printer / 打印机, 激光打印机, 喷墨打印机 ;
router ; computers ; egadget ; wifi router, router, mesh router / 路由器, 无线路由器 ;
webcam ; computer_gear ; egadget ; webcam, web camera / 摄像头, 电脑摄像头 ;
usb_stick ; computer_gear ; egadget ; usb flash drive, usb stick, thumb drive / u盘, 优盘, 闪存盘 ;
mouse_pad ; computer_gear ; case ; mouse pad, desk mat, desk pad / 鼠标垫, 桌垫 ;
laptop_stand ; computer_gear ; case ; laptop stand, notebook riser, monitor arm / 笔记本支架, 电脑支架, 显示器支架 ;
usb_hub ; cables ; egadget ; usb hub, docking station, usb-c hub / 扩展坞, 分线器, 拓展坞 ;
charging_cable ; cables ; egadget ; charging cable, usb-c cable, lightning cable / 充电线, 数据线, 快充线 ;
hdmi_cable ; cables ; egadget ; hdmi cable, display cable, ethernet cable / hdmi线, 高清线, 网线 ;
power_strip ; cables ; egadget ; power strip, extension cord, surge protector / 插排, 插线板, 接线板 ;
memory_card ; mobile ; egadget ; memory card, sd card, micro sd card / 存储卡, 内存卡, sd卡 ;
smartphone ; mobile ; egadget ; smartphone, mobile phone, cell phone, handset / 智能手机, 手机, 5g手机 ;
tablet ; mobile ; egadget ; tablet, tablet pc, drawing tablet / 平板电脑, 平板 ;
ereader ; mobile ; egadget ; e-reader, ebook reader / 电子书阅读器, 电纸书, 墨水屏阅读器 ;
camera ; cameras ; egadget ; camera, mirrorless camera, digital camera, dslr / 相机, 微单, 数码相机, 单反 ;
lens ; cameras ; egadget ; camera lens, prime lens, zoom lens / 镜头, 定焦镜头, 变焦镜头 ;
tripod ; cameras ; egadget ; tripod, camera stand, selfie stick / 三脚架, 自拍杆, 相机支架 ;
drone ; cameras ; egadget ; drone, quadcopter, camera drone / 无人机, 航拍无人机 ;
action_camera ; cameras ; egadget ; action camera, sports camera, dash cam / 运动相机, 行车记录仪 ;
microphone ; audio ; eaudio ; microphone, mic, podcast microphone / 麦克风, 话筒, 收音麦 ;
soundbar ; audio ; eaudio ; soundbar, home theater, tv speaker / 回音壁, 家庭影院, 电视音响 ;
turntable ; audio ; eaudio ; record player, turntable, vinyl player / 黑胶唱片机, 唱片机, 留声机 ;
tv ; appliances ; egadget ; tv, television, smart tv / 电视, 电视机, 智能电视 ;
projector ; appliances ; egadget ; projector, home projector / 投影仪, 投影机 ;
vacuum ; appliances ; appliance ; vacuum cleaner, handheld vacuum, stick vacuum / 吸尘器, 手持吸尘器, 无线吸尘器 ;
robot_vacuum ; appliances ; appliance ; robot vacuum, robotic vacuum, sweeping robot / 扫地机器人, 扫拖机器人 ;
air_purifier ; appliances ; appliance ; air purifier, air cleaner / 空气净化器, 净化器 ;
humidifier ; appliances ; appliance ; humidifier, mist diffuser, aroma diffuser / 加湿器, 香薰机, 喷雾加湿器 ;
fan ; appliances ; appliance ; fan, electric fan, standing fan, desk fan / 电风扇, 风扇, 落地扇, 小风扇 ; season:summer
heater ; appliances ; appliance ; space heater, electric heater, radiator / 取暖器, 电暖器, 暖风机 ; season:winter
air_conditioner ; appliances ; appliance ; air conditioner, portable ac, aircon / 空调, 移动空调 ; season:summer
washing_machine ; appliances ; appliance ; washing machine, washer, mini washer / 洗衣机, 滚筒洗衣机 ;
fridge ; appliances ; appliance ; refrigerator, fridge, mini fridge / 冰箱, 小冰箱, 冷藏柜 ;
iron ; appliances ; appliance ; steam iron, garment steamer, iron / 熨斗, 挂烫机, 蒸汽熨斗 ;
rice_cooker ; kitchen_appliances ; appliance ; rice cooker, multicooker / 电饭煲, 电饭锅 ;
air_fryer ; kitchen_appliances ; appliance ; air fryer, oil-free fryer / 空气炸锅, 无油炸锅 ;
blender ; kitchen_appliances ; appliance ; blender, smoothie maker, juicer / 榨汁机, 破壁机, 料理机 ;
kettle ; kitchen_appliances ; appliance ; electric kettle, kettle, water boiler / 电水壶, 烧水壶, 热水壶 ;
toaster ; kitchen_appliances ; appliance ; toaster, bread toaster / 多士炉, 烤面包机, 吐司机 ;
microwave ; kitchen_appliances ; appliance ; microwave, microwave oven / 微波炉 ;
oven ; kitchen_appliances ; appliance ; oven, toaster oven, baking oven / 烤箱, 电烤箱 ;
mixer ; kitchen_appliances ; appliance ; hand mixer, stand mixer, egg beater / 打蛋器, 厨师机, 搅拌机 ;
water_filter ; kitchen_appliances ; appliance ; water filter, water purifier, filter jug / 净水器, 滤水壶 ;
cutting_board ; kitchen ; cook ; cutting board, chopping board / 菜板, 砧板, 切菜板 ;
wok ; kitchen ; cook ; wok, stir-fry pan / 炒锅, 铁锅 ;
stock_pot ; kitchen ; cook ; pot, stock pot, saucepan, casserole / 汤锅, 奶锅, 炖锅, 砂锅 ;
chopsticks ; kitchen ; cook ; chopsticks, cutlery, forks and spoons / 筷子, 刀叉, 勺子, 餐具套装 ;
baking_mold ; kitchen ; cook ; baking pan, cake mold, cookie cutter, bakeware / 烘焙模具, 蛋糕模具, 烤盘 ;
spatula ; kitchen ; cook ; spatula, ladle, kitchen utensils / 锅铲, 汤勺, 厨具套装 ;
apron ; kitchen ; textile ; apron, kitchen apron / 围裙, 厨房围裙 ;
wine_glass ; drinkware ; cup ; wine glass, goblet, champagne flute / 红酒杯, 高脚杯, 香槟杯 ;
straw_cup ; drinkware ; cup ; tumbler with straw, straw cup, iced coffee cup / 吸管杯, 冰霸杯, 随行杯 ;
spice_rack ; storage ; furn ; spice rack, dish rack, kitchen shelf / 调料架, 碗架, 沥水架 ;
shoe_rack ; storage ; furn ; shoe rack, shoe cabinet, shoe organizer / 鞋架, 鞋柜 ;
hangers ; storage ; furn ; hangers, clothes hangers, coat hanger / 衣架, 晾衣架, 挂衣架 ;
laundry_basket ; storage ; furn ; laundry basket, hamper / 脏衣篮, 洗衣篮 ;
bed_frame ; furniture ; furn ; bed frame, bed, platform bed / 床, 床架, 双人床 ; scene:sleep
mattress ; bedding ; textile ; mattress, mattress topper, memory foam mattress / 床垫, 乳胶床垫, 榻榻米床垫 ; scene:sleep
desk ; furniture ; furn ; desk, standing desk, writing desk, computer desk / 书桌, 升降桌, 电脑桌, 办公桌 ;
dining_table ; furniture ; furn ; dining table, kitchen table, dinner table / 餐桌, 饭桌, 折叠餐桌 ;
wardrobe ; furniture ; furn ; wardrobe, closet, dresser, chest of drawers / 衣柜, 斗柜, 抽屉柜 ;
stool ; furniture ; furn ; stool, bar stool, footstool / 凳子, 吧台椅, 换鞋凳 ;
artificial_plant ; decor ; homeware ; artificial plant, fake plant, dried flowers / 仿真花, 假花, 干花 ;
photo_frame ; decor ; homeware ; photo frame, picture frame / 相框, 画框 ;
wallpaper ; decor ; textile ; wallpaper, wall sticker, peel and stick wallpaper / 墙纸, 壁纸, 墙贴 ;
drill ; tools ; tool ; drill, power drill, cordless drill, electric screwdriver / 电钻, 手电钻, 电动螺丝刀 ;
screwdriver ; tools ; tool ; screwdriver, screwdriver set / 螺丝刀, 改锥, 螺丝批 ;
hammer ; tools ; tool ; hammer, claw hammer, mallet / 锤子, 羊角锤 ;
wrench ; tools ; tool ; wrench, spanner, socket set / 扳手, 套筒扳手 ;
pliers ; tools ; tool ; pliers, wire cutters / 钳子, 老虎钳, 尖嘴钳 ;
tape_measure ; tools ; tool ; tape measure, laser measure, ruler / 卷尺, 测距仪, 尺子 ;
saw ; tools ; tool ; saw, hand saw, circular saw / 锯子, 手锯, 电锯 ;
ladder ; tools ; tool ; ladder, step ladder, folding ladder / 梯子, 折叠梯, 人字梯 ;
toolbox ; tools ; tool ; tool box, tool kit, tool set / 工具箱, 工具套装 ;
glue ; tools ; tool ; glue, super glue, adhesive tape, duct tape / 胶水, 胶带, 强力胶 ;
paint ; tools ; tool ; paint, wall paint, spray paint / 油漆, 乳胶漆, 喷漆 ;
door_lock ; tools ; tool ; padlock, door lock, smart lock / 门锁, 挂锁, 智能门锁 ;
light_bulb ; lighting ; lamp ; light bulb, led bulb, lamp bulb / 灯泡, led灯泡, 球泡灯 ;
floor_lamp ; lighting ; lamp ; floor lamp, standing lamp / 落地灯, 立式台灯 ;
garden_hose ; garden ; tool ; garden hose, sprinkler, watering can / 浇花水管, 洒水壶, 花洒喷头 ;
lawn_mower ; garden ; tool ; lawn mower, hedge trimmer, grass cutter / 割草机, 修枝剪, 打草机 ;
flower_pot ; garden ; homeware ; flower pot, planter, plant pot / 花盆, 花盆托盘, 种植盆 ;
seeds ; garden ; food ; seeds, vegetable seeds, flower seeds / 种子, 蔬菜种子, 花种 ;
fertilizer ; garden ; food ; fertilizer, plant food, potting soil / 肥料, 营养土, 花肥 ;
bbq_grill ; outdoor_gear ; outdoor ; bbq grill, charcoal grill, barbecue / 烧烤架, 烤炉, 炭烤炉 ; scene:camping
camping_stove ; outdoor_gear ; outdoor ; camping stove, gas burner, portable stove / 卡式炉, 便携炉, 户外炉具 ; scene:camping
cooler_box ; outdoor_gear ; outdoor ; cooler box, ice chest, cooler bag / 冷藏箱, 保温箱, 冰包 ; function:insulated
hammock ; outdoor_gear ; outdoor ; hammock, camping hammock / 吊床, 露营吊床 ;
binoculars ; outdoor_gear ; outdoor ; binoculars, telescope / 望远镜, 双筒望远镜 ;
pocket_knife ; outdoor_gear ; outdoor ; pocket knife, multitool, swiss knife / 折刀, 多功能刀, 瑞士军刀 ;
car_charger ; auto ; tool ; car charger, cigarette lighter adapter / 车载充电器, 车充 ; scene:driving
car_seat_cover ; auto ; textile ; car seat cover, seat cushion / 汽车座套, 车座垫 ; scene:driving
floor_mats_car ; auto ; textile ; car floor mats, car mats / 汽车脚垫, 车垫 ; scene:driving
tire_inflator ; auto ; tool ; tire inflator, air compressor, tyre pump / 车载充气泵, 打气泵 ; scene:driving
car_wash ; auto ; tool ; car wash kit, car wax, car shampoo / 洗车液, 车蜡, 洗车工具 ; scene:driving
wiper ; auto ; tool ; wiper blades, windshield wipers / 雨刮器, 雨刷 ; scene:driving
motor_oil ; auto ; tool ; engine oil, motor oil, lubricant / 机油, 润滑油 ; scene:driving
bicycle ; cycling_gear ; sport ; bicycle, bike, mountain bike, road bike / 自行车, 单车, 山地车 ; scene:cycling
bike_helmet ; cycling_gear ; sport ; bike helmet, cycling helmet, helmet / 头盔, 骑行头盔, 安全帽 ; scene:cycling
bike_lock ; cycling_gear ; sport ; bike lock, bicycle lock / 车锁, 自行车锁 ; scene:cycling
bike_light ; cycling_gear ; sport ; bike light, bicycle lamp / 自行车灯, 车灯 ; scene:cycling
scooter ; cycling_gear ; sport ; scooter, electric scooter, kick scooter / 滑板车, 电动滑板车 ;
skateboard ; ball_sports ; sport ; skateboard, longboard / 滑板, 长板 ;
roller_skates ; ball_sports ; sport ; roller skates, inline skates / 轮滑鞋, 溜冰鞋 ;
football ; ball_sports ; sport ; soccer ball, football, match ball / 足球, 比赛足球 ;
tennis_racket ; ball_sports ; sport ; tennis racket, racquet / 网球拍, 网球拍套装 ;
table_tennis ; ball_sports ; sport ; ping pong paddle, table tennis bat / 乒乓球拍, 乒乓拍 ;
golf_clubs ; ball_sports ; sport ; golf clubs, golf balls, putter / 高尔夫球杆, 高尔夫球 ;
boxing_gloves ; ball_sports ; sport ; boxing gloves, punching bag / 拳击手套, 沙袋 ;
volleyball ; ball_sports ; sport ; volleyball, beach volleyball / 排球, 沙滩排球 ;
treadmill ; fitness ; sport ; treadmill, walking pad, exercise bike / 跑步机, 走步机, 动感单车 ;
foam_roller ; fitness ; sport ; foam roller, massage ball / 泡沫轴, 筋膜球 ;
pull_up_bar ; fitness ; sport ; pull-up bar, chin-up bar / 单杠, 引体向上器 ;
swim_goggles ; water_sports ; sport ; swim goggles, swimming goggles / 泳镜, 游泳镜 ;
swim_cap ; water_sports ; sport ; swim cap, bathing cap / 泳帽, 游泳帽 ;
surfboard ; water_sports ; sport ; surfboard, paddle board, kayak / 冲浪板, 桨板, 皮划艇 ;
pool_float ; water_sports ; sport ; pool float, swim ring, inflatable pool / 游泳圈, 充气泳池, 浮排 ; season:summer
fishing_rod ; fishing_gear ; outdoor ; fishing rod, fishing pole / 鱼竿, 钓竿 ;
fishing_lure ; fishing_gear ; outdoor ; fishing lure, fish hooks, bait / 鱼饵, 路亚饵, 鱼钩 ;
guitar ; instruments ; homeware ; guitar, acoustic guitar, electric guitar / 吉他, 民谣吉他, 电吉他 ;
piano ; instruments ; homeware ; piano, digital piano, keyboard piano / 钢琴, 电钢琴, 电子琴 ;
ukulele ; instruments ; homeware ; ukulele, soprano ukulele / 尤克里里, 小吉他 ;
violin ; instruments ; homeware ; violin, cello / 小提琴, 大提琴 ;
drum ; instruments ; homeware ; drum set, drum, electronic drum / 架子鼓, 鼓, 手鼓 ;
flute ; instruments ; homeware ; flute, harmonica, recorder / 笛子, 口琴, 竖笛 ;
yarn ; craft ; paper ; yarn, knitting wool, crochet kit / 毛线团, 钩针材料包, 编织线 ;
paint_brush ; craft ; paper ; paint brushes, acrylic paint, watercolor set / 画笔, 水彩颜料, 丙烯颜料 ;
sewing_kit ; craft ; paper ; sewing kit, sewing machine, thread / 针线盒, 缝纫机, 缝纫线 ;
stickers ; stationery ; paper ; stickers, washi tape, sticky notes / 贴纸, 手账胶带, 便利贴 ;
scissors ; stationery ; paper ; scissors, paper cutter / 剪刀, 裁纸刀 ;
highlighter ; stationery ; paper ; highlighters, markers, colored pencils / 荧光笔, 马克笔, 彩铅 ;
calculator ; stationery ; paper ; calculator, scientific calculator / 计算器, 科学计算器 ;
stapler ; stationery ; paper ; stapler, binder clips, folder / 订书机, 长尾夹, 文件夹 ;
novel ; stationery ; paper ; book, novel, paperback, textbook / 书, 小说, 教材, 图书 ;
whiteboard ; stationery ; paper ; whiteboard, blackboard, cork board / 白板, 黑板, 软木板 ;
balloons ; party ; toy ; balloons, balloon arch / 气球, 气球套装 ; scene:party
party_banner ; party ; toy ; party banner, garland, birthday decorations / 生日横幅, 拉花, 生日布置 ; scene:party
costume ; party ; dress ; costume, cosplay outfit, halloween costume / 演出服, cos服, 万圣节服装 ; scene:party
gift_box ; party ; paper ; gift box, wrapping paper, gift bag / 礼盒, 包装纸, 礼品袋 ; scene:gift
christmas_tree ; party ; homeware ; christmas tree, christmas ornaments / 圣诞树, 圣诞装饰 ; season:winter
detergent ; cleaning ; soap ; laundry detergent, washing liquid, laundry pods / 洗衣液, 洗衣凝珠, 洗衣粉 ;
dish_soap ; cleaning ; soap ; dish soap, dishwashing liquid / 洗洁精, 洗碗液 ;
tissue ; cleaning ; soap ; tissues, paper towels, toilet paper / 纸巾, 抽纸, 卫生纸, 卷纸 ;
trash_bags ; cleaning ; soap ; trash bags, garbage bags, bin liners / 垃圾袋, 保洁袋 ;
trash_can ; cleaning ; furn ; trash can, waste bin, dustbin / 垃圾桶, 废纸篓 ;
mop ; cleaning ; tool ; mop, spin mop, flat mop / 拖把, 平板拖把 ;
broom ; cleaning ; tool ; broom, dustpan, duster / 扫把, 簸箕, 鸡毛掸子 ;
sponge ; cleaning ; soap ; sponge, scrubber, cleaning cloth / 海绵, 百洁布, 抹布 ;
disinfectant ; cleaning ; soap ; disinfectant, sanitizer spray, alcohol wipes / 消毒液, 消毒湿巾, 酒精喷雾 ; function:antibacterial
insect_repellent ; cleaning ; soap ; mosquito repellent, bug spray, insect repellent / 驱蚊液, 蚊香, 花露水 ; season:summer
towel ; bathroom ; textile ; towel, bath towel, face towel / 毛巾, 浴巾, 洗脸巾 ;
shower_head ; bathroom ; tool ; shower head, faucet, tap / 花洒, 水龙头, 淋浴喷头 ;
shower_curtain ; bathroom ; textile ; shower curtain, bath curtain / 浴帘, 防水浴帘 ;
bath_mat ; bathroom ; textile ; bath mat, bathroom rug / 浴室地垫, 吸水垫, 硅藻泥脚垫 ;
toilet_seat ; bathroom ; tool ; toilet seat, bidet / 马桶盖, 马桶圈, 智能马桶盖 ;
soap_dispenser ; bathroom ; homeware ; soap dispenser, soap dish / 皂液器, 肥皂盒, 洗手液机 ;
toothbrush ; personal_care ; egadget ; toothbrush, electric toothbrush / 牙刷, 电动牙刷 ;
toothpaste ; personal_care ; beauty ; toothpaste, mouthwash, dental floss / 牙膏, 漱口水, 牙线 ;
razor ; personal_care ; egadget ; razor, electric shaver, trimmer / 剃须刀, 刮胡刀, 电动剃须刀 ; audience:men
body_wash ; personal_care ; beauty ; body wash, shower gel, bar soap / 沐浴露, 沐浴液, 香皂 ;
body_lotion ; skincare ; beauty ; body lotion, body butter / 身体乳, 润肤乳 ;
deodorant ; personal_care ; beauty ; deodorant, antiperspirant / 止汗露, 香体露 ;
sanitary_pads ; personal_care ; beauty ; sanitary pads, tampons / 卫生巾, 卫生棉条 ; audience:women
cotton_pads ; personal_care ; beauty ; cotton pads, cotton swabs, makeup remover pads / 化妆棉, 棉签, 卸妆棉 ;
hair_straightener ; haircare ; egadget ; hair straightener, curling iron, flat iron / 直发器, 卷发棒, 夹板 ;
conditioner ; haircare ; beauty ; hair conditioner, hair mask, hair oil / 护发素, 发膜, 护发精油 ;
hair_dye ; haircare ; cosmetic ; hair dye, hair color / 染发剂, 染发膏 ;
wig ; haircare ; wacc ; wig, hair extensions / 假发, 接发, 假发片 ;
comb ; haircare ; homeware ; comb, hair brush / 梳子, 气垫梳 ;
mascara ; makeup ; cosmetic ; mascara, eyelash curler, false lashes / 睫毛膏, 睫毛夹, 假睫毛 ;
eyeliner ; makeup ; cosmetic ; eyeliner, brow pencil / 眼线笔, 眉笔 ;
blush ; makeup ; cosmetic ; blush, highlighter powder, contour / 腮红, 高光, 修容 ;
makeup_brush ; makeup ; cosmetic ; makeup brushes, beauty blender, powder puff / 化妆刷, 美妆蛋, 粉扑 ;
makeup_remover ; skincare ; beauty ; makeup remover, cleansing oil, micellar water / 卸妆油, 卸妆水, 卸妆膏 ;
toner ; skincare ; beauty ; toner, facial toner, essence water / 爽肤水, 化妆水, 精华水 ;
eye_cream ; skincare ; beauty ; eye cream, eye mask patches / 眼霜, 眼膜 ;
lip_balm ; skincare ; beauty ; lip balm, chapstick / 润唇膏, 唇膜 ;
acne_patch ; skincare ; beauty ; acne patches, pimple cream / 祛痘贴, 痘痘贴, 祛痘膏 ;
massager ; health ; appliance ; massager, massage gun, neck massager / 按摩仪, 筋膜枪, 颈椎按摩器 ;
thermometer ; health ; egadget ; thermometer, forehead thermometer / 体温计, 额温枪 ;
blood_pressure ; health ; egadget ; blood pressure monitor, glucose meter / 血压计, 血糖仪 ; audience:senior
first_aid_kit ; health ; soap ; first aid kit, bandages, band-aids / 急救包, 创可贴, 绷带 ;
medical_mask ; health ; soap ; face masks, n95 masks, disposable masks / 口罩, 一次性口罩, n95口罩 ;
scale ; health ; egadget ; bathroom scale, smart scale, kitchen scale / 体重秤, 电子秤, 体脂秤 ;
knee_brace ; health ; sport ; knee brace, ankle support, wrist brace / 护膝, 护踝, 护腕 ;
walking_cane ; health ; tool ; walking cane, walker, wheelchair / 拐杖, 助行器, 轮椅 ; audience:senior
contact_lenses ; health ; beauty ; contact lenses, lens solution / 隐形眼镜, 美瞳, 护理液 ;
heating_pad ; health ; appliance ; heating pad, hand warmers, hot water bottle / 暖宝宝, 热水袋, 电热毯 ; function:warm season:winter
diapers ; baby_care ; baby ; diapers, nappies, pull-up pants / 纸尿裤, 尿不湿, 拉拉裤 ; audience:baby
baby_wipes ; baby_care ; baby ; baby wipes, wet wipes / 婴儿湿巾, 湿巾, 手口湿巾 ; audience:baby
baby_bottle ; baby_care ; baby ; baby bottle, feeding bottle / 奶瓶, 婴儿奶瓶 ; audience:baby
pacifier ; baby_care ; baby ; pacifier, teether, soother / 安抚奶嘴, 牙胶 ; audience:baby
baby_formula ; baby_care ; food ; baby formula, infant milk powder / 婴儿奶粉, 奶粉 ; audience:baby
stroller ; baby_care ; baby ; stroller, pram, baby carriage / 婴儿车, 推车, 婴儿推车 ; audience:baby
car_seat ; baby_care ; baby ; child car seat, booster seat, infant car seat / 安全座椅, 儿童安全座椅 ; scene:driving
crib ; baby_care ; baby ; crib, baby cot, bassinet / 婴儿床, 宝宝床 ; audience:baby
high_chair ; baby_care ; baby ; high chair, baby dining chair / 儿童餐椅, 宝宝餐椅 ;
baby_carrier ; baby_care ; baby ; baby carrier, baby sling / 婴儿背带, 腰凳 ;
baby_bib ; baby_care ; baby ; bib, baby bibs, burp cloth / 围嘴, 口水巾, 围兜 ; audience:baby
baby_bodysuit ; baby_care ; baby ; onesie, baby bodysuit, romper for baby / 婴儿连体衣, 哈衣, 爬服 ; audience:baby
breast_pump ; baby_care ; baby ; breast pump, nursing pads / 吸奶器, 防溢乳垫 ; audience:women
baby_monitor ; baby_care ; egadget ; baby monitor, nanny cam / 婴儿监护器, 宝宝监控 ;
toy_car ; toys ; toy ; toy car, rc car, remote control car / 玩具车, 遥控车, 小汽车玩具 ;
doll ; toys ; toy ; doll, fashion doll, doll house / 娃娃, 洋娃娃, 芭比娃娃 ;
action_figure ; toys ; toy ; action figure, figurine, collectible figure / 手办, 模型, 人偶 ;
train_set ; toys ; toy ; train set, toy train, race track / 玩具火车, 轨道车, 火车套装 ;
water_gun ; toys ; toy ; water gun, bubble machine / 水枪, 泡泡机 ; season:summer
rubiks_cube ; toys ; toy ; magic cube, puzzle cube, fidget toy / 魔方, 解压玩具 ;
play_tent ; toys ; toy ; play tent, playhouse, kids teepee / 儿童帐篷, 游戏屋 ; audience:kids
slime ; toys ; toy ; slime, play dough, modeling clay / 橡皮泥, 彩泥, 史莱姆 ;
kite ; toys ; toy ; kite, frisbee / 风筝, 飞盘 ;
kids_bike ; kids_gear ; toy ; kids bike, balance bike, tricycle / 儿童自行车, 平衡车, 三轮车 ; audience:kids
school_uniform ; kids_gear ; top ; school uniform, kids uniform / 校服, 学生校服 ; audience:student
globe ; kids_gear ; toy ; globe, world map, microscope / 地球仪, 世界地图, 显微镜 ; function:educational
game_console ; gaming ; egadget ; game console, handheld console / 游戏机, 掌机, 家用游戏机 ;
game_controller ; gaming ; egadget ; game controller, gamepad, joystick / 游戏手柄, 手柄 ;
gaming_chair ; gaming ; furn ; gaming chair, racing chair / 电竞椅, 游戏椅 ;
vr_headset ; gaming ; egadget ; vr headset, virtual reality glasses / vr眼镜, vr一体机 ;
smart_speaker ; smart_home ; eaudio ; smart speaker, voice assistant / 智能音箱, 语音助手 ;
security_camera ; smart_home ; egadget ; security camera, cctv camera, ip camera / 监控摄像头, 监控, 安防摄像头 ;
doorbell ; smart_home ; egadget ; video doorbell, doorbell / 门铃, 可视门铃 ;
smart_plug ; smart_home ; egadget ; smart plug, smart switch / 智能插座, 智能开关 ;
led_strip ; lighting ; lamp ; led strip lights, light strip / 灯带, led灯条 ;
dog_food ; pet_food ; food ; dog food, dry dog food, dog kibble / 狗粮, 犬粮 ;
cat_food ; pet_food ; food ; cat food, wet cat food, cat kibble / 猫粮, 猫罐头 ;
pet_treats ; pet_food ; food ; dog treats, cat treats, pet snacks / 宠物零食, 猫条, 狗零食 ;
cat_litter ; pets ; soap ; cat litter, kitty litter / 猫砂, 豆腐猫砂 ;
litter_box ; pets ; pet ; litter box, cat toilet / 猫砂盆, 猫厕所 ;
cat_tree ; pets ; pet ; cat tree, cat tower, scratching post / 猫爬架, 猫抓板 ;
pet_bowl ; pets ; pet ; pet bowl, pet feeder, pet water fountain / 宠物碗, 喂食器, 宠物饮水机 ;
pet_toy ; pets ; pet ; dog toy, cat toy, chew toy / 狗玩具, 猫玩具, 逗猫棒 ;
pet_carrier ; pets ; pet ; pet carrier, cat backpack, dog crate / 猫包, 宠物航空箱, 狗笼 ;
fish_tank ; pets ; homeware ; fish tank, aquarium / 鱼缸, 水族箱 ;
pet_shampoo ; pets ; beauty ; pet shampoo, dog shampoo / 宠物沐浴露, 狗狗沐浴露 ;
"""

ATTRIBUTES_TEXT = {
    "colour": """
black = black, jet black, all-black / 黑色, 黑, 纯黑, 曜石黑
white = white, pure white, snow white / 白色, 白, 纯白, 本白
red = red, bright red, scarlet, crimson / 红色, 大红, 红, 正红色
burgundy = burgundy, wine red, maroon / 酒红色, 酒红, 枣红, 勃艮第红
blue = blue, royal blue, cobalt blue / 蓝色, 蓝, 宝蓝色, 克莱因蓝
light_blue = light blue, sky blue, baby blue / 浅蓝色, 天蓝色, 雾霾蓝, 冰蓝
navy = navy, navy blue, dark blue / 藏青色, 深蓝色, 藏蓝, 海军蓝
green = green, emerald green, grass green / 绿色, 绿, 草绿色, 翠绿
dark_green = dark green, olive green, army green, forest green / 墨绿色, 军绿色, 橄榄绿, 深绿
mint = mint, mint green, light green, sage green / 薄荷绿, 浅绿色, 抹茶绿, 鼠尾草绿
yellow = yellow, lemon yellow, mustard / 黄色, 柠檬黄, 鹅黄色, 姜黄
orange = orange, coral orange, tangerine / 橙色, 橘色, 橘红色, 爱马仕橙
pink = pink, blush pink, rose pink, baby pink / 粉色, 粉红色, 樱花粉, 浅粉
purple = purple, lavender, lilac, violet / 紫色, 薰衣草紫, 香芋紫, 浅紫色
brown = brown, chocolate brown, coffee brown / 棕色, 咖啡色, 褐色, 巧克力色
camel = camel, tan, caramel / 驼色, 焦糖色, 浅棕色
khaki = khaki, sand, khaki color / 卡其色, 卡其, 沙色
beige = beige, cream, ivory, off-white, apricot / 米色, 米白色, 杏色, 奶油色, 象牙白
grey = grey, gray, charcoal, heather gray / 灰色, 灰, 高级灰, 深灰色, 烟灰色
silver = silver, silvery, metallic silver / 银色, 银, 亮银色
gold = gold, golden, champagne gold / 金色, 香槟金, 金
""",
    "material": """
denim = denim, washed denim / 牛仔布, 丹宁, 水洗牛仔布
cotton = cotton, pure cotton, organic cotton / 纯棉, 棉, 全棉, 棉质
linen = linen, flax linen, cotton linen / 亚麻, 棉麻, 麻料
silk = silk, mulberry silk, pure silk / 真丝, 桑蚕丝, 丝绸
satin = satin, silky satin / 缎面, 绸缎, 醋酸
wool = wool, merino wool, woolen / 羊毛, 毛呢, 纯羊毛
cashmere = cashmere, pure cashmere / 羊绒, 山羊绒, 开司米
leather = leather, genuine leather, cowhide, real leather / 真皮, 牛皮, 头层牛皮, 皮质
faux_leather = faux leather, pu leather, vegan leather / pu皮, 仿皮, 人造皮
suede = suede, suede leather / 麂皮, 翻毛皮, 绒面皮
corduroy = corduroy, cord / 灯芯绒, 条绒
chiffon = chiffon, sheer chiffon / 雪纺, 薄纱
lace = lace, crochet lace / 蕾丝, 镂空蕾丝
knit = knit, knitted, ribbed knit / 针织, 坑条针织, 毛线
velvet = velvet, velour / 丝绒, 天鹅绒, 金丝绒
fleece = fleece, sherpa, polar fleece / 抓绒, 摇粒绒, 羊羔绒
nylon = nylon, ripstop nylon / 尼龙, 锦纶, 牛津布
canvas = canvas, cotton canvas / 帆布, 加厚帆布
mesh = mesh, mesh fabric / 网面, 网布, 网眼
fur = faux fur, furry, fluffy / 皮草, 毛绒, 仿皮草
straw = straw, raffia, woven straw / 草编, 拉菲草, 编织
rubber = rubber, eva, foam / 橡胶, eva, 泡沫
ceramic = ceramic, porcelain, stoneware / 陶瓷, 骨瓷, 瓷
glass = glass, borosilicate glass, crystal glass / 玻璃, 高硼硅玻璃, 水晶玻璃
wood = wood, wooden, solid wood, oak / 实木, 木质, 原木, 橡木
bamboo = bamboo, bamboo fiber / 竹, 竹制, 竹纤维
steel = stainless steel, steel / 不锈钢, 304不锈钢, 钢
metal = metal, aluminum alloy, iron / 金属, 铝合金, 铁艺
silicone = silicone, liquid silicone, soft silicone / 硅胶, 液态硅胶
plastic = plastic, acrylic, abs / 塑料, 亚克力, 塑胶
sterling = sterling silver, 925 silver, s925 / 925银, 纯银, 银饰
gold_plated = gold plated, 18k gold plated / 镀金, 18k金, 包金
pearl = pearl, freshwater pearl / 珍珠, 淡水珍珠
jade = jade, agate / 玉, 翡翠, 玉石
crystal = crystal, rhinestone, zircon / 水晶, 水钻, 锆石
rattan = rattan, wicker / 藤编, 藤条
paper = recycled paper, kraft paper / 牛皮纸, 环保纸
""",
    "style": """
vintage = vintage, retro, old-school, 90s style, antique style / 复古, 复古风, 怀旧, 港风, 古着, 复古风格
minimalist = minimalist, minimal, simple, clean design / 简约, 极简, 极简风, 简洁, 简约风
street = streetwear, street style, hip hop, urban / 街头, 街头风, 嘻哈, 潮牌, 潮流
preppy = preppy, college style, academy, schoolgirl style / 学院风, 校园风, 学院, 英伦学院
boho = boho, bohemian, ethnic style, hippie / 波西米亚, 民族风, 波西米亚风, 异域风
sporty = sporty, athletic, athleisure, sports style / 运动风, 运动, 运动休闲, 健美风
elegant = elegant, graceful, classy, ladylike, sophisticated / 优雅, 气质, 名媛, 端庄, 知性, 名媛风
cute = cute, kawaii, sweet, adorable, girly / 可爱, 甜美, 少女风, 萌, 软萌, 少女心
punk = punk, gothic, goth, rock, edgy / 朋克, 暗黑, 哥特, 摇滚, 暗黑系
business = business, formal, professional, office style / 商务, 职业, 通勤风, 正式, 职场风
casual = casual, everyday, relaxed, laid-back, versatile / 休闲, 日常, 百搭, 随性, 休闲风
french = french style, romantic, parisian, chic / 法式, 浪漫, 温柔风, 法式浪漫
y2k = y2k, hot girl, millennium style, sexy / y2k, 辣妹, 千禧风, 性感, 辣妹风
utility = utility, workwear, techwear, tactical / 工装, 机能, 机能风, 工装风, 山系
chinese = chinese style, oriental, new chinese style, chinoiserie / 国风, 新中式, 中国风, 国潮, 中式
luxury = luxury, luxe, premium look, high-end / 轻奢, 高级感, 奢华, 高端
nordic = nordic, scandinavian, scandi / 北欧, 北欧风, 北欧风格
industrial = industrial, loft style, industrial style / 工业风, 工业, loft风
rustic = rustic, cottagecore, farmhouse, pastoral / 田园, 田园风, 森系, 乡村风
korean = korean style, k-style, korean fashion / 韩版, 韩系, 韩式, 韩风
japanese = japanese style, japandi, zen, wabi-sabi / 日系, 日式, 和风, 侘寂风
""",
    "audience": """
women = women, ladies, womens, female, her / 女, 女士, 女款, 女生, 女式
men = men, mens, male, him, guys / 男, 男士, 男款, 男生, 男式
kids = kids, children, toddlers, child / 儿童, 小孩, 孩子, 童款, 小朋友
girls = girls, little girls, girl / 女童, 小女孩, 女孩
boys = boys, little boys, boy / 男童, 小男孩, 男孩
baby = baby, newborn, infant, babies / 婴儿, 宝宝, 新生儿
student = students, student, teens, teenagers / 学生, 学生党, 青少年
senior = seniors, elderly, older people, grandparents / 老人, 中老年, 老年人, 长辈
plus = plus size, curvy, big and tall / 大码, 胖mm, 加大码, 微胖
petite = petite, short women, petite size / 小个子, 矮个子, 娇小
couple = couples, couple, his and hers / 情侣, 情侣款, 夫妻
pregnant = maternity, pregnant women, moms-to-be / 孕妇, 孕期, 孕妈
cat = cats, cat, kittens, kitty / 猫咪, 猫, 幼猫, 猫用
dog = dogs, dog, puppies, puppy / 狗狗, 狗, 幼犬, 犬用
""",
    "season": """
spring = spring, springtime / 春季, 春天, 春
summer = summer, summertime, hot weather / 夏季, 夏天, 夏
autumn = autumn, fall, fall season / 秋季, 秋天, 秋
winter = winter, cold weather, cold days / 冬季, 冬天, 冬
""",
    "scene": """
date = date night, date, dating, a romantic dinner / 约会, 约会吃饭, 情人节约会
office = office, work, commuting, commute / 上班, 通勤, 办公室, 职场
wedding = wedding, wedding guest, bridal, bridesmaid / 婚礼, 婚宴, 结婚, 参加婚礼
party = party, night out, cocktail party, prom, club / 派对, 聚会, 晚宴, 年会, 宴会
beach = beach, seaside, vacation, holiday by the sea, resort / 海边, 沙滩, 度假, 海岛度假
camping = camping, camp, picnic / 露营, 野营, 野餐
hiking = hiking, trekking, mountain climbing, trail / 登山, 徒步, 爬山
gym = gym, workout, training, fitness / 健身, 健身房, 训练
running = running, jogging, marathon / 跑步, 慢跑, 马拉松
yoga = yoga, pilates / 瑜伽, 普拉提
travel = travel, trip, traveling, business trip / 旅行, 旅游, 出差, 出游
school = school, campus, back to school, classroom / 上学, 校园, 开学, 学校
home = home, at home, living room, around the house / 居家, 在家, 客厅, 家里
sleep = sleep, bedroom, bedtime / 睡觉, 卧室, 睡眠
interview = interview, job interview / 面试, 求职
driving = driving, car, road trip / 开车, 车载, 自驾
cycling = cycling, biking, bike commute / 骑行, 骑车, 自行车
rainy = rainy days, rain, rainy season / 下雨天, 雨天, 梅雨季
gift = gift, present, birthday gift, gifting / 礼物, 送礼, 生日礼物, 礼品
dance = dance, dancing, stage performance / 跳舞, 舞台, 演出
ski = skiing, snowboarding, snow trip / 滑雪, 单板滑雪, 雪场
study = study, studying, reading, desk / 学习, 读书, 书桌, 阅读
kitchen_use = kitchen, cooking, baking / 厨房, 烹饪, 烘焙
garden_use = garden, yard, balcony / 花园, 庭院, 阳台
bathroom_use = bathroom, shower / 浴室, 洗澡, 卫生间
breakfast = breakfast, morning / 早餐, 早饭
gaming_use = gaming, esports, playing games / 打游戏, 电竞, 游戏
streaming = live streaming, vlogging, podcasts / 直播, 拍视频, 播客
repair = repair, diy projects, home improvement / 维修, 装修, diy
""",
    "function": """
waterproof = waterproof, water-resistant, rainproof / 防水, 防雨, 防泼水
windproof = windproof, wind-resistant / 防风, 挡风
warm = warm, keeps you warm, thermal, fleece-lined, cozy / 保暖, 加绒, 加厚, 御寒
breathable = breathable, airy, ventilated / 透气, 散热, 透气排汗
quick_dry = quick-dry, moisture-wicking, fast drying / 速干, 吸湿排汗, 快干
sun_protection = sun protection, uv protection, upf50+ / 防晒, 防紫外线, 遮阳
slimming = slimming, flattering, tummy control / 显瘦, 遮肉, 收腹, 修饰身材
stretch = stretchy, stretch, elastic / 弹力, 有弹性, 高弹
wrinkle_free = wrinkle-free, non-iron, wrinkle resistant / 免烫, 抗皱, 不易皱
non_slip = non-slip, anti-slip, slip-resistant / 防滑, 止滑
lightweight = lightweight, light, ultralight / 轻便, 轻薄, 超轻, 轻量
portable = portable, foldable, compact, packable / 便携, 可折叠, 折叠, 小巧便携
large_capacity = large capacity, roomy, spacious, big / 大容量, 能装, 超大容量
cushioned = cushioned, shock-absorbing, comfortable sole / 缓震, 减震, 软底
noise_cancelling = noise cancelling, noise-cancelling, anc / 降噪, 主动降噪, 消噪
fast_charging = fast charging, quick charge, rapid charging / 快充, 闪充, 快速充电
wireless = wireless, bluetooth, cordless / 无线, 蓝牙, 免插线
long_battery = long battery life, all-day battery, 30h playtime / 长续航, 超长待机, 续航久
moisturizing = moisturizing, hydrating, nourishing / 保湿, 补水, 滋润
brightening = brightening, whitening, radiance / 美白, 提亮, 亮肤
oil_control = oil control, mattifying, for oily skin / 控油, 去油, 油皮适用
sensitive = gentle, for sensitive skin, fragrance-free, mild / 敏感肌, 温和, 无香精, 敏感肌可用
anti_aging = anti-aging, anti-wrinkle, firming / 抗老, 抗皱紧致, 紧致
anti_theft = anti-theft, theft-proof, rfid blocking / 防盗, 防盗刷
insulated = insulated, keeps drinks hot, keeps cold 24h / 保温, 保冷, 24小时保温
adjustable = adjustable, height adjustable / 可调节, 升降, 可调
washable = machine washable, easy clean, easy-care / 可机洗, 易清洗, 好打理
shockproof = shockproof, drop-proof, drop protection / 防摔, 抗摔, 全包防摔
eye_care = eye-care, flicker-free, anti blue light / 护眼, 无频闪, 防蓝光
dimmable = dimmable, adjustable brightness / 可调光, 调光, 亮度可调
leakproof = leakproof, spill-proof / 防漏, 不漏水, 密封
antibacterial = antibacterial, odor-resistant, anti-odor / 抗菌, 防臭, 抑菌
long_lasting = long-lasting, long wear, smudge-proof / 持久, 不脱色, 不沾杯, 持妆
height_boost = height-increasing, platform lift / 增高, 显高, 内增高
ergonomic = ergonomic, back support, lumbar support / 人体工学, 护腰, 支撑
silent = silent, quiet, low noise / 静音, 低噪音, 无声
blackout = blackout, light blocking, room darkening / 遮光, 全遮光
non_stick = non-stick, nonstick coating / 不粘, 不沾
heat_resistant = heat-resistant, oven safe, microwave safe / 耐高温, 耐热, 可微波
educational = educational, learning, stem, montessori / 益智, 早教, 启蒙
organic = organic, all-natural, non-gmo / 有机, 天然, 非转基因
sugar_free = sugar-free, zero sugar, no added sugar / 无糖, 0糖, 零糖
gluten_free = gluten-free, no gluten / 无麸质, 不含麸质
low_fat = low-fat, low calorie, fat-free / 低脂, 低卡, 0脂肪
high_protein = high-protein, protein rich / 高蛋白, 富含蛋白
vegan = vegan, plant-based, vegetarian / 素食, 植物基, 纯素
spicy = spicy, hot and spicy, fiery / 辣味, 香辣, 麻辣
caffeine_free = caffeine-free, decaf / 无咖啡因, 低因
fresh = freshly made, farm fresh, fresh / 新鲜, 现摘, 现做
rechargeable = rechargeable, usb rechargeable / 可充电, usb充电, 充电式
heavy_duty = heavy-duty, rugged, industrial strength / 加强型, 重型, 坚固耐用
energy_saving = energy-saving, low power, energy efficient / 节能, 省电
smart_control = app-controlled, voice control, wifi enabled / app控制, 语音控制, 智能联网
timer = with timer, programmable / 定时, 可预约
powerful = powerful, high-power, strong suction / 大功率, 强劲, 大吸力
high_res = 4k, ultra hd, high resolution / 4k, 超高清, 高清
fast = high-speed, fast, low latency / 高速, 极速, 低延迟
foldable_s = folding, collapsible, space-saving / 折叠收纳, 省空间, 可收纳
bpa_free = bpa-free, food grade, non-toxic / 食品级, 不含bpa, 无毒
rustproof = rustproof, rust-resistant / 防锈, 不生锈
hypoallergenic = hypoallergenic, skin-friendly / 防过敏, 亲肤
absorbent = super absorbent, highly absorbent / 强吸水, 吸水
""",
    "detail": """
oversized = oversized, loose fit, baggy, relaxed fit / 宽松, 大版型, oversize, 廓形
slim = slim fit, fitted, bodycon, skinny / 修身, 紧身, 合体
cropped = cropped, crop, short length / 短款, 露脐
long = long, full length, maxi, longline / 长款, 中长款, 及踝
mini = mini, short, above knee / 迷你, 超短, 短裙款
high_waist = high-waisted, high waist, high rise / 高腰, 高腰线
v_neck = v-neck, v neck, deep v / v领, 大v领
turtleneck = turtleneck, high neck, mock neck / 高领, 半高领
square_neck = square neck, square neckline / 方领, 方领口
sleeveless = sleeveless, strapless / 无袖, 抹胸
long_sleeve = long-sleeve, long sleeved / 长袖, 长袖款
short_sleeve = short-sleeve, short sleeved / 短袖, 短袖款
puff_sleeve = puff-sleeve, puffed sleeves, balloon sleeve / 泡泡袖, 灯笼袖
hooded = hooded, with hood / 连帽, 带帽
off_shoulder = off-shoulder, off the shoulder, one-shoulder / 露肩, 一字肩, 斜肩
backless = backless, open back / 露背, 美背
wide_leg = wide-leg, wide leg, flared / 阔腿, 喇叭, 直筒阔腿
straight = straight-leg, straight cut / 直筒, 直筒版型
pockets = with pockets, multi-pocket / 多口袋, 有口袋, 带口袋
double_breasted = double-breasted, double breasted / 双排扣, 双排扣款
platform = platform, chunky sole, thick sole / 厚底, 松糕底, 老爹款
pointed = pointed-toe, pointy / 尖头, 尖头款
round_toe = round-toe, rounded toe / 圆头, 圆头款
chain = chain strap, with chain / 链条, 链条带
quilted = quilted, diamond quilted / 菱格, 绗缝
ruffled = ruffled, ruffle trim, tiered / 荷叶边, 木耳边, 层叠
chocolate = chocolate flavor, chocolate flavoured, cocoa / 巧克力味, 可可味
strawberry = strawberry, strawberry flavor / 草莓味, 草莓
matcha = matcha, green tea flavor / 抹茶味, 抹茶
vanilla = vanilla, vanilla flavor / 香草味, 香草
lemon = lemon, lemon flavor, citrus / 柠檬味, 柠檬, 柑橘味
peach = peach, peach flavor / 蜜桃味, 白桃味
salty = salted, sea salt flavor, savory / 咸味, 海盐味
original_taste = original flavor, plain flavor, unflavored / 原味, 经典原味
coconut = coconut, coconut flavor / 椰子味, 椰香
garlic = garlic, garlic flavor / 蒜香, 蒜味
""",
    "pattern": """
solid = solid color, plain, solid / 纯色, 素色, 净色
striped = striped, stripe, pinstripe / 条纹, 竖条纹, 海魂条纹
floral = floral, flower print, flowery / 碎花, 花朵印花, 花卉, 小碎花
plaid = plaid, checkered, tartan, gingham / 格子, 格纹, 苏格兰格, 千鸟格
polka = polka dot, dotted, polka dots / 波点, 圆点, 波点图案
leopard = leopard print, animal print, leopard / 豹纹, 动物纹
graphic = graphic, letter print, printed / 印花, 字母印花, 图案
embroidered = embroidered, embroidery / 刺绣, 绣花, 重工刺绣
tie_dye = tie-dye, gradient, ombre / 扎染, 渐变, 晕染
sequin = sequin, glitter, sparkly / 亮片, 闪钻, 闪亮
camo = camo, camouflage / 迷彩, 丛林迷彩
cartoon = cartoon, anime print, bear pattern / 卡通, 动漫, 小熊图案
geometric = geometric, abstract pattern / 几何, 抽象图案
marble = marble, marbled / 大理石纹, 石纹
""",
}

# People asked for in queries only, and the audience of the products that suit them.
RECIPIENTS_TEXT = """
men = dad, my father, boyfriend, my husband, grandpa / 爸爸, 老爸, 男朋友, 老公, 男友, 父亲
women = mom, my mother, girlfriend, my wife, sister / 妈妈, 老妈, 女朋友, 老婆, 女友, 母亲
kids = my kid, nephew, little ones / 小朋友, 孩子, 侄子
girls = my daughter, niece / 女儿, 闺女
boys = my son, little brother / 儿子, 小弟弟
senior = grandma, grandparents / 奶奶, 爷爷, 外婆
couple = newlyweds, anniversary couple / 新婚夫妇, 情侣
student = college student, roommate / 大学生, 室友
"""

# Values that nearly fit when the other one is asked for.
NEAR = {
    "colour": "red-burgundy blue-light_blue blue-navy green-dark_green green-mint brown-camel camel-khaki khaki-beige "
    "white-beige grey-silver yellow-gold orange-yellow pink-purple",
    "material": "leather-faux_leather leather-suede faux_leather-suede silk-satin wool-cashmere wool-knit cotton-linen nylon-canvas "
    "velvet-corduroy chiffon-lace fleece-fur steel-metal wood-bamboo straw-rattan plastic-silicone glass-crystal denim-cotton",
    "style": "vintage-french elegant-french elegant-luxury elegant-business street-y2k street-utility street-punk "
    "minimalist-nordic minimalist-business minimalist-japanese casual-sporty casual-korean casual-minimalist cute-preppy "
    "boho-rustic industrial-utility preppy-vintage korean-cute",
    "audience": "kids-girls kids-boys kids-baby men-couple women-couple women-petite women-plus women-pregnant student-kids",
    "season": "spring-autumn autumn-winter spring-summer",
    "scene": "date-party wedding-party office-interview hiking-camping gym-running gym-yoga beach-travel school-study "
    "home-sleep hiking-travel hiking-ski rainy-hiking cycling-running",
    "function": "waterproof-windproof windproof-warm breathable-quick_dry lightweight-portable slimming-stretch "
    "moisturizing-brightening sensitive-moisturizing long_battery-fast_charging noise_cancelling-silent "
    "washable-wrinkle_free insulated-leakproof cushioned-lightweight shockproof-non_slip ergonomic-adjustable "
    "warm-insulated breathable-lightweight eye_care-dimmable",
    "detail": "long-wide_leg slim-high_waist cropped-mini sleeveless-off_shoulder sleeveless-backless oversized-wide_leg "
    "v_neck-square_neck straight-wide_leg",
    "pattern": "floral-graphic plaid-striped polka-graphic cartoon-graphic geometric-graphic floral-embroidered leopard-camo",
}

# Categories that many shoppers take for one another.
CLOSE_CATEGORIES = (
    "sneakers-running_shoes sneakers-white_shoes running_shoes-hiking_shoes hoodie-sweatshirt sweater-cardigan shirt-blouse "
    "tshirt-polo leggings-yoga_pants yoga_pants-sweatpants tote_bag-handbag tote_bag-shoulder_bag handbag-shoulder_bag "
    "crossbody_bag-shoulder_bag crossbody_bag-waist_bag down_jacket-wool_coat trench_coat-wool_coat windbreaker-sun_hoodie "
    "pajamas-nightgown thermos-water_bottle earbuds-headphones casual_dress-slip_dress casual_dress-shirt_dress "
    "casual_dress-maxi_dress casual_dress-knit_dress maxi_dress-slip_dress maxi_dress-evening_gown qipao-hanfu "
    "combat_boots-ankle_boots ankle_boots-knee_boots desk_lamp-night_light serum-face_cream backpack-duffel_bag "
    "suitcase-duffel_bag blanket-duvet_cover pillow-cushion quartz_watch-mechanical_watch quartz_watch-smart_watch "
    "chinos-dress_pants cargo_pants-chinos baseball_cap-bucket_hat sun_hat-bucket_hat loafers-oxfords sandals-slippers "
    "mug-thermos high_heels-mary_janes blazer-suit_set power_bank-charger necklace-bracelet bomber_jacket-denim_jacket "
    "bomber_jacket-leather_jacket storage_box-makeup_organizer cleanser-face_mask briefcase-handbag "
    "pencil_skirt-pleated_skirt denim_skirt-pencil_skirt dumbbell-resistance_band puzzle-building_blocks long_sleeve_tee-sweatshirt raincoat-windbreaker "
    "jumpsuit-casual_dress jumpsuit-overalls toiletry_kit-makeup_organizer cookies-cake nuts-dried_fruit candy-chocolate_bar green_tea-black_tea green_tea-herbal_tea coffee_beans-instant_coffee "
    "protein_bar-protein_powder laptop-desktop_pc laptop-tablet ssd-hard_drive hard_drive-usb_stick usb_stick-memory_card smartphone-tablet tablet-ereader camera-action_camera vacuum-robot_vacuum "
    "fan-air_conditioner heater-heating_pad oven-microwave oven-air_fryer oven-toaster wok-frying_pan stock_pot-wok wine_glass-mug straw_cup-thermos straw_cup-water_bottle desk-dining_table "
    "desk_lamp-floor_lamp string_lights-led_strip drill-screwdriver wrench-pliers charger-car_charger charging_cable-charger skateboard-scooter bicycle-kids_bike football-basketball "
    "football-volleyball tennis_racket-badminton_racket face_cream-eye_cream face_cream-body_lotion serum-toner cleanser-makeup_remover lip_balm-lipstick shampoo-conditioner eyeshadow-blush "
    "mascara-eyeliner headphones-microphone speaker-smart_speaker speaker-soundbar office_chair-gaming_chair dog_food-pet_treats cat_food-pet_treats webcam-security_camera doll-plush_toy "
    "doll-action_figure towel-bath_mat detergent-dish_soap tissue-baby_wipes diapers-baby_wipes storage_box-laundry_basket bookshelf-shoe_rack blanket-mattress notebook-novel"
)

RELATED_GROUPS = (
    "outerwear-tops tops-knitwear outerwear-knitwear dresses-skirts pants-skirts pants-short_pants short_pants-skirts suits-outerwear suits-dresses shoes-boots "
    "accessories-headwear accessories-jewelry jewelry-watches decor-lighting decor-bedding kitchen-drinkware "
    "furniture-storage furniture-decor audio-phone_gear phone_gear-computer_gear skincare-makeup skincare-haircare "
    "fitness-outdoor_gear underlayer-bedding toys-stationery snacks-groceries groceries-drinks snacks-drinks computers-computer_gear computers-mobile mobile-phone_gear cameras-mobile "
    "smart_home-appliances cables-phone_gear cables-computer_gear gaming-computers appliances-kitchen_appliances kitchen-kitchen_appliances tools-garden tools-auto cleaning-bathroom bathroom-personal_care "
    "baby_care-kids_gear kids_gear-toys health-personal_care personal_care-skincare personal_care-haircare ball_sports-fitness cycling_gear-ball_sports water_sports-ball_sports fishing_gear-outdoor_gear "
    "craft-stationery party-decor pets-pet_food smart_home-audio garden-decor"
)

# What makes sense for each kind of product. `colour` is on for all kinds that list it.
_WEAR_STYLES = (
    "vintage minimalist street preppy boho sporty elegant cute punk business casual french y2k utility chinese luxury korean japanese"
)
_FABRICS = "cotton linen silk satin wool cashmere leather faux_leather suede corduroy chiffon lace knit velvet fleece nylon denim"
KINDS = {
    "top": dict(material="cotton linen silk wool cashmere corduroy suede velvet fleece nylon knit satin leather faux_leather denim fur",
                style=_WEAR_STYLES, audience="women men kids girls boys student plus petite couple senior",
                season="spring summer autumn winter",
                scene="date office party travel school interview hiking gym camping running cycling driving rainy gift ski home",
                function="waterproof windproof warm breathable quick_dry sun_protection slimming stretch wrinkle_free lightweight washable portable antibacterial",
                detail="oversized slim cropped long v_neck turtleneck long_sleeve short_sleeve hooded pockets double_breasted quilted",
                pattern="solid striped plaid graphic embroidered tie_dye camo cartoon leopard floral geometric"),
    "dress": dict(material="cotton linen silk satin chiffon lace knit velvet denim corduroy",
                  style="vintage minimalist preppy boho elegant cute punk business casual french y2k chinese luxury korean japanese rustic",
                  audience="women girls plus petite pregnant student", season="spring summer autumn winter",
                  scene="date office wedding party beach travel school interview dance home gift",
                  function="slimming breathable stretch wrinkle_free lightweight washable sun_protection warm",
                  detail="oversized slim long mini high_waist v_neck square_neck sleeveless long_sleeve short_sleeve puff_sleeve off_shoulder backless ruffled turtleneck",
                  pattern="solid striped floral plaid polka leopard graphic embroidered tie_dye sequin geometric"),
    "pants": dict(material="cotton linen wool corduroy leather faux_leather nylon knit denim velvet fleece",
                  style="vintage minimalist street preppy sporty elegant punk business casual y2k utility chinese korean japanese",
                  audience="women men kids girls boys student plus petite pregnant senior", season="spring summer autumn winter",
                  scene="date office travel school interview hiking gym camping running cycling yoga home dance ski",
                  function="waterproof warm breathable quick_dry slimming stretch wrinkle_free lightweight washable windproof",
                  detail="oversized slim cropped long high_waist wide_leg straight pockets",
                  pattern="solid striped plaid graphic embroidered tie_dye camo leopard"),
    "jewel": dict(material="sterling gold_plated pearl jade crystal steel leather wood", style="vintage minimalist boho elegant cute punk chinese luxury french street korean",
                  audience="women men couple girls", season="", scene="date wedding party gift office dance",
                  function="adjustable waterproof sensitive lightweight", detail="chain", pattern="floral geometric cartoon"),
    "shoe": dict(material="leather faux_leather suede canvas mesh rubber nylon knit fur", style="vintage minimalist street preppy sporty elegant cute punk business casual french y2k utility korean japanese",
                 audience="women men kids girls boys student senior couple", season="spring summer autumn winter",
                 scene="date office wedding party beach hiking gym running travel school home dance camping rainy interview driving",
                 function="waterproof warm breathable non_slip lightweight cushioned height_boost antibacterial quick_dry washable",
                 detail="platform pointed round_toe", pattern="solid striped plaid leopard graphic embroidered sequin cartoon"),
    "bag": dict(material="leather faux_leather canvas nylon suede straw denim corduroy plastic metal", style="vintage minimalist street preppy boho sporty elegant cute punk business casual french y2k utility chinese luxury korean japanese",
                audience="women men kids girls boys student senior couple", season="summer",
                scene="date office wedding party beach travel school gym hiking camping cycling gift interview",
                function="waterproof large_capacity lightweight portable anti_theft adjustable washable", detail="mini chain quilted pockets",
                pattern="solid striped plaid leopard graphic embroidered camo cartoon floral geometric"),
    "acc": dict(material="cotton wool cashmere leather silk knit nylon fleece straw metal denim canvas", style="vintage minimalist street preppy boho sporty elegant cute punk business casual french y2k japanese korean luxury",
                audience="women men kids girls boys student couple senior", season="spring summer autumn winter",
                scene="date office beach hiking travel school running cycling gift driving party camping ski",
                function="warm windproof sun_protection breathable lightweight antibacterial adjustable portable quick_dry eye_care",
                detail="oversized long", pattern="solid striped floral plaid polka leopard graphic embroidered camo cartoon geometric"),
    "watch": dict(material="leather steel metal silicone gold_plated ceramic", style="vintage minimalist sporty elegant business luxury casual street cute",
                  audience="women men kids boys girls student couple senior", season="", scene="office gift date running interview hiking party",
                  function="waterproof lightweight adjustable shockproof long_battery", detail="", pattern="marble geometric cartoon"),
    "egadget": dict(material="metal plastic steel silicone glass", style="minimalist vintage cute business luxury sporty industrial",
                    audience="men women student kids senior", season="", scene="office travel gift home school running driving study gym camping",
                    function="waterproof wireless fast_charging long_battery portable lightweight silent ergonomic adjustable large_capacity",
                    detail="mini", pattern="cartoon geometric marble"),
    "eaudio": dict(material="metal plastic silicone wood", style="minimalist vintage cute sporty luxury street", audience="men women student kids",
                   season="", scene="office travel gift gym running home study sleep camping party",
                   function="noise_cancelling wireless long_battery waterproof fast_charging lightweight portable ergonomic", detail="mini", pattern="cartoon geometric"),
    "case": dict(material="silicone leather plastic glass faux_leather metal canvas", style="minimalist vintage cute luxury street business korean chinese",
                 audience="women men girls couple student", season="", scene="office gift travel driving study",
                 function="shockproof waterproof non_slip lightweight adjustable portable eye_care washable", detail="mini chain", pattern="cartoon marble floral leopard graphic geometric plaid"),
    "textile": dict(material="cotton linen silk wool velvet fleece fur knit bamboo nylon", style="minimalist nordic rustic vintage luxury boho cute chinese japanese french",
                    audience="kids baby couple student senior", season="summer winter spring autumn", scene="home sleep gift school camping travel office",
                    function="warm breathable washable non_slip antibacterial lightweight blackout ergonomic", detail="quilted long", pattern="solid striped floral plaid polka graphic embroidered geometric cartoon"),
    "homeware": dict(material="ceramic glass wood metal plastic rattan bamboo crystal", style="minimalist nordic rustic vintage luxury boho cute chinese japanese industrial french",
                     audience="couple women kids senior", season="", scene="home gift wedding office sleep party study", function="portable silent long_lasting adjustable dimmable shockproof",
                     detail="mini", pattern="floral geometric marble striped cartoon graphic"),
    "lamp": dict(material="metal wood glass plastic rattan ceramic paper", style="minimalist nordic rustic vintage luxury cute chinese japanese industrial",
                 audience="kids student baby senior", season="", scene="home sleep study office camping gift party", function="eye_care dimmable wireless portable adjustable long_battery", detail="mini", pattern="cartoon geometric floral"),
    "cup": dict(material="ceramic glass steel plastic silicone bamboo", style="minimalist vintage cute sporty business chinese japanese nordic luxury",
                audience="kids men women student couple senior baby", season="summer winter", scene="office travel gym school home gift hiking camping",
                function="insulated leakproof large_capacity lightweight portable heat_resistant washable shockproof", detail="mini", pattern="cartoon floral striped marble graphic geometric"),
    "cook": dict(material="ceramic glass steel wood bamboo plastic metal", style="minimalist nordic vintage japanese chinese rustic cute", audience="kids student couple",
                 season="", scene="home camping office school gift wedding", function="non_stick heat_resistant washable leakproof insulated lightweight non_slip large_capacity", detail="mini", pattern="floral striped cartoon marble geometric"),
    "furn": dict(material="wood metal leather linen velvet plastic rattan bamboo glass faux_leather canvas", style="minimalist nordic rustic vintage luxury chinese japanese industrial cute",
                 audience="kids student", season="", scene="home office study sleep travel", function="ergonomic adjustable portable large_capacity washable waterproof non_slip lightweight", detail="mini", pattern="solid plaid marble striped"),
    "beauty": dict(material="", style="", audience="women men student pregnant baby", season="winter summer autumn", scene="travel gift date home beach",
                   function="moisturizing brightening oil_control sensitive anti_aging sun_protection waterproof portable long_lasting", detail="mini", pattern=""),
    "cosmetic": dict(material="velvet satin", style="vintage cute elegant luxury korean chinese french y2k", audience="women student girls", season="summer winter autumn",
                     scene="date office party wedding gift school", function="long_lasting waterproof moisturizing oil_control sensitive brightening lightweight portable", detail="mini", pattern="sequin marble"),
    "perfume": dict(material="", style="elegant french luxury cute vintage", audience="women men", season="summer winter spring", scene="date office gift party wedding", function="long_lasting portable sensitive", detail="mini", pattern="floral"),
    "sport": dict(material="rubber steel nylon metal leather bamboo silicone", style="minimalist sporty cute", audience="women men kids student boys girls senior", season="",
                  scene="gym yoga home school travel running", function="non_slip portable lightweight adjustable silent cushioned waterproof", detail="mini long", pattern="solid geometric graphic"),
    "outdoor": dict(material="nylon canvas metal steel wood plastic bamboo", style="utility minimalist vintage", audience="men women couple kids", season="summer winter",
                    scene="camping hiking beach travel driving rainy", function="waterproof windproof portable lightweight large_capacity adjustable warm sun_protection long_battery", detail="", pattern="camo solid striped plaid"),
    "toy": dict(material="wood plastic cotton fur silicone paper", style="cute vintage minimalist chinese japanese", audience="kids girls boys baby student couple", season="", scene="gift home travel school party sleep",
                function="educational washable lightweight portable sensitive", detail="mini oversized", pattern="cartoon solid geometric"),
    "paper": dict(material="leather paper canvas metal plastic faux_leather", style="vintage minimalist cute business chinese japanese", audience="student kids men women girls boys", season="", scene="office school study gift travel",
                  function="portable large_capacity waterproof long_lasting lightweight", detail="mini", pattern="floral cartoon plaid solid geometric"),
    "pet": dict(material="cotton nylon leather fleece knit canvas", style="cute minimalist vintage street", audience="", season="winter summer autumn", scene="home travel running gift camping",
                function="warm washable breathable adjustable portable non_slip waterproof", detail="mini", pattern="plaid striped cartoon solid floral"),
}
KINDS["wtop"] = dict(KINDS["top"], audience="women girls plus petite student", pattern=KINDS["dress"]["pattern"], detail="oversized slim cropped v_neck square_neck long_sleeve short_sleeve puff_sleeve off_shoulder ruffled",
                     style="vintage minimalist preppy boho elegant cute business casual french y2k chinese korean", material="cotton linen silk satin chiffon lace")
KINDS["skirt"] = dict(KINDS["dress"], material="cotton linen silk satin chiffon lace knit corduroy leather wool", detail="long mini high_waist slim ruffled pockets")
KINDS["lounge"] = dict(KINDS["dress"], audience="women men kids girls boys couple pregnant plus senior", scene="home sleep travel gift",
                       style="minimalist elegant cute casual french luxury japanese sporty", material="cotton silk satin lace fleece knit bamboo velvet",
                       function="breathable warm stretch washable lightweight antibacterial quick_dry", detail="oversized long v_neck sleeveless long_sleeve short_sleeve hooded")
KINDS["swim"] = dict(KINDS["dress"], audience="women men kids girls boys plus", scene="beach gym travel yoga running", material="nylon lace mesh",
                     style="sporty cute vintage elegant y2k minimalist korean", function="quick_dry slimming sun_protection stretch breathable",
                     detail="high_waist v_neck long_sleeve off_shoulder backless ruffled")
KINDS["wshoe"] = dict(KINDS["shoe"], audience="women girls petite", scene="date office wedding party dance school travel interview",
                      style="vintage minimalist preppy elegant cute punk business casual french y2k luxury", material="leather faux_leather suede satin velvet lace")
KINDS["wacc"] = dict(KINDS["acc"], audience="women girls", material="plastic metal silk pearl velvet crystal", detail="oversized mini", scene="date party wedding gift school home")
KINDS["gear"] = dict(KINDS["acc"], material="nylon bamboo metal wood", scene="travel office rainy gift school driving", function="waterproof windproof sun_protection portable lightweight long_lasting quick_dry", detail="mini oversized")
_FOOD_DETAIL = "chocolate strawberry matcha vanilla lemon peach salty original_taste coconut garlic mini"
KINDS["food"] = dict(material="", style="", audience="kids senior baby women men", season="summer winter", scene="breakfast gift office travel party home camping gym",
                     function="organic sugar_free gluten_free low_fat high_protein vegan spicy caffeine_free fresh portable large_capacity", detail=_FOOD_DETAIL, pattern="")
KINDS["tool"] = dict(material="steel metal plastic rubber wood silicone", style="", audience="men women", season="", scene="home garden_use driving repair camping bathroom_use",
                     function="wireless rechargeable adjustable portable waterproof non_slip heavy_duty rustproof powerful long_battery silent foldable_s", detail="mini long", pattern="")
KINDS["appliance"] = dict(material="metal plastic steel glass ceramic", style="minimalist vintage cute luxury", audience="senior couple student baby", season="", scene="home office kitchen_use sleep travel gift",
                          function="silent energy_saving large_capacity portable smart_control timer powerful washable adjustable wireless heat_resistant", detail="mini", pattern="")
KINDS["soap"] = dict(material="", style="", audience="baby kids women senior", season="summer", scene="home kitchen_use bathroom_use travel office",
                     function="antibacterial sensitive organic portable large_capacity long_lasting absorbent hypoallergenic powerful", detail="mini lemon", pattern="")
KINDS["baby"] = dict(material="cotton silicone plastic bamboo wood", style="cute minimalist", audience="baby kids pregnant", season="summer winter", scene="home travel gift sleep",
                     function="bpa_free washable leakproof portable breathable hypoallergenic absorbent adjustable foldable_s antibacterial", detail="mini", pattern="cartoon striped solid polka")
for _name, _extra in (("egadget", "smart_control high_res fast rechargeable energy_saving"), ("eaudio", "rechargeable smart_control"), ("lamp", "rechargeable smart_control energy_saving"),
                      ("cook", "bpa_free rustproof heavy_duty"), ("cup", "bpa_free"), ("outdoor", "rechargeable heavy_duty foldable_s"), ("furn", "foldable_s heavy_duty"), ("beauty", "hypoallergenic organic vegan"),
                      ("textile", "absorbent hypoallergenic"), ("sport", "foldable_s heavy_duty")):
    KINDS[_name]["function"] += " " + _extra
KINDS["egadget"]["scene"] += " gaming_use streaming"
KINDS["eaudio"]["scene"] += " gaming_use streaming"
KINDS["pet"]["audience"] = "cat dog"
for _kind in KINDS.values():
    _kind["colour"] = "black white red burgundy blue light_blue navy green dark_green mint yellow orange pink purple brown camel khaki beige grey silver gold"
for _kind in ("beauty", "perfume", "food", "soap"):
    KINDS[_kind]["colour"] = ""
KINDS["cosmetic"]["colour"] = "red pink orange purple brown burgundy beige gold silver black"
for _kind in KINDS.values():
    for _field in list(_kind):
        _kind[_field] = _kind[_field].split()

# Sizes, brands and what is not wanted have no list of values (see words.py and shop.py).
FIELDS = ("category", "colour", "material", "style", "audience", "season", "scene", "function", "detail", "pattern", "size", "brand", "not")


def _names(text):
    """`a, b / 甲, 乙` as ([a, b], [甲, 乙])."""
    english, chinese = text.split(" / ")
    return [n.strip() for n in english.split(",")], [n.strip() for n in chinese.split(",")]


def _table(text):
    table = {}
    for line in text.strip().splitlines():
        key, names = line.split(" = ", 1)
        table[key.strip()] = _names(names)
    return table


def _pairs(text):
    """Both directions of `a-b c-d`, as keys of a dict: unlike a set's, their order is the same in every run."""
    both = {}
    for pair in text.split():
        left, right = pair.split("-")
        both[left, right] = both[right, left] = None
    return both


GROUPS = _table(GROUPS_TEXT)
RECIPIENTS = _table(RECIPIENTS_TEXT)
VALUES = {field: _table(text) for field, text in ATTRIBUTES_TEXT.items()}
CATEGORIES, GROUP_OF, KIND_OF, IMPLIED = {}, {}, {}, {}
for _line in CATEGORIES_TEXT.strip().splitlines():
    _id, _group, _kind, _name, _implied = (part.strip() for part in (_line + " ").split(";"))
    CATEGORIES[_id], GROUP_OF[_id], KIND_OF[_id] = _names(_name), _group, _kind
    IMPLIED[_id] = dict(re.findall(r"(\w+):(\w+)", _implied))
NEAR_VALUES = {field: _pairs(text) for field, text in NEAR.items()}
CLOSE = _pairs(CLOSE_CATEGORIES)
RELATED = _pairs(RELATED_GROUPS)

for _id, _implied in IMPLIED.items():
    assert GROUP_OF[_id] in GROUPS and KIND_OF[_id] in KINDS, _id
    for _field, _value in _implied.items():
        assert _value in VALUES[_field], (_id, _field, _value)
for _name, _kind in KINDS.items():
    for _field, _values in _kind.items():
        assert set(_values) <= set(VALUES[_field]), (_name, _field, set(_values) - set(VALUES[_field]))
for _field, _near in NEAR_VALUES.items():
    for _left, _right in _near:
        assert _left in VALUES[_field] and _right in VALUES[_field], (_field, _left, _right)
for _left, _right in CLOSE:
    assert _left in CATEGORIES and _right in CATEGORIES, (_left, _right)
for _left, _right in RELATED:
    assert _left in GROUPS and _right in GROUPS, (_left, _right)
