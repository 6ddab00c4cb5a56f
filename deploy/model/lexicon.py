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
pants = pants, trousers, bottoms, slacks / 裤子, 长裤, 裤装
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
shorts ; pants ; pants ; shorts, bermuda shorts, short pants / 短裤, 五分裤, 热裤 ; season:summer
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
    "bomber_jacket-leather_jacket storage_box-makeup_organizer cleanser-face_mask briefcase-handbag sweatpants-shorts "
    "pencil_skirt-pleated_skirt denim_skirt-pencil_skirt dumbbell-resistance_band puzzle-building_blocks"
)

RELATED_GROUPS = (
    "outerwear-tops tops-knitwear outerwear-knitwear dresses-skirts pants-skirts suits-outerwear suits-dresses shoes-boots "
    "accessories-headwear accessories-jewelry jewelry-watches decor-lighting decor-bedding kitchen-drinkware "
    "furniture-storage furniture-decor audio-phone_gear phone_gear-computer_gear skincare-makeup skincare-haircare "
    "fitness-outdoor_gear underlayer-bedding toys-stationery"
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
for _kind in KINDS.values():
    _kind["colour"] = "black white red burgundy blue light_blue navy green dark_green mint yellow orange pink purple brown camel khaki beige grey silver gold"
for _kind in ("beauty", "perfume"):
    KINDS[_kind]["colour"] = ""
KINDS["cosmetic"]["colour"] = "red pink orange purple brown burgundy beige gold silver black"
for _kind in KINDS.values():
    for _field in list(_kind):
        _kind[_field] = _kind[_field].split()

FIELDS = ("category", "colour", "material", "style", "audience", "season", "scene", "function", "detail", "pattern")


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
    both = set()
    for pair in text.split():
        left, right = pair.split("-")
        both |= {(left, right), (right, left)}
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
