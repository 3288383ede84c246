"""The words the prompt reader knows, in English and the commonest ones in other languages.

A line maps one meaning to its spellings. Latin words are written without accents; plurals in -s,
-es, -n and -en are found by the reader.
"""

from ..textures.texels import Colour

SUBJECTS: dict[str, str] = {
    "airplane": "airplane aeroplane plane aircraft jet biplane glider|flugzeug|avion|飞机 飛行機",
    "armchair": "armchair recliner|sessel|fauteuil|sillon|扶手椅",
    "axe": "axe ax hatchet tomahawk battleaxe|axt beil|hache|hacha|斧头 斧",
    "barrel": "barrel keg cask drum|fass tonne|tonneau|barril|木桶 樽",
    "bed": "bed bunk cot|bett|lit|cama|床 ベッド",
    "bench": "bench pew|bank|banc|banco|长椅 ベンチ",
    "bird": "bird parrot eagle owl duck chicken penguin raven crow swan|vogel|oiseau|pajaro|鸟 鳥",
    "boat": "boat sailboat ship canoe yacht galleon|boot schiff|bateau navire|barco|船",
    "book": "book tome grimoire spellbook|buch|livre|libro|书 本",
    "bookshelf": "bookshelf bookcase shelf shelves|regal bucherregal|etagere bibliotheque|"
    "estanteria|书架 本棚",
    "bottle": "bottle flask potion|flasche|bouteille|botella|瓶子 瓶 ボトル",
    "bowl": "bowl dish basin|schussel schale|bol|cuenco tazon|碗",
    "candle": "candle candlestick|kerze|bougie|vela|蜡烛 ろうそく",
    "car": "car automobile sedan coupe taxi cab jeep suv roadster racecar hatchback|auto wagen|"
    "voiture|coche carro|汽车 小汽车 轿车 车 車",
    "castle": "castle fortress citadel palace|burg schloss|chateau|castillo|城堡 城",
    "cat": "cat kitten kitty lion tiger panther lynx|katze kater|chat|gato|猫",
    "chair": "chair|stuhl|chaise|silla|椅子 椅 チェア いす",
    "chest": "chest trunk coffer treasure|truhe|coffre|cofre|宝箱 箱子",
    "crate": "crate box package carton|kiste|caisse|caja|木箱 箱",
    "cup": "cup mug teacup tankard stein|tasse becher|tasse|taza|杯子 茶杯 杯 カップ マグカップ",
    "crystal": "crystal gem gemstone diamond emerald ruby sapphire|kristall edelstein|cristal|"
    "水晶 宝石",
    "desk": "desk|schreibtisch|bureau|escritorio|书桌 机",
    "dog": "dog puppy hound wolf fox labrador terrier corgi|hund|chien|perro|狗 犬",
    "figure": "person man woman human figure boy girl child character knight warrior soldier "
    "wizard hero king queen princess elf dwarf mannequin angel astronaut|mensch mann frau ritter|"
    "personne homme femme chevalier|persona hombre mujer|人物 人 男人 女人",
    "fish": "fish shark goldfish whale dolphin|fisch|poisson|pez|鱼 魚",
    "flower": "flower rose tulip daisy sunflower|blume|fleur|flor|花",
    "gear": "gear cog cogwheel sprocket|zahnrad|engrenage|engranaje|齿轮 歯車",
    "goblet": "goblet chalice grail wineglass trophy|kelch pokal|calice|copa|奖杯 高脚杯",
    "guitar": "guitar ukulele violin lute|gitarre|guitare|guitarra|吉他 ギター",
    "hammer": "hammer mallet warhammer|hammer|marteau|martillo|锤子 锤 ハンマー",
    "hat": "hat cap fedora tophat|hut|chapeau|sombrero|帽子",
    "horse": "horse pony stallion donkey unicorn zebra cow deer sheep goat giraffe|pferd|cheval|"
    "caballo|马 馬",
    "house": "house home cottage hut cabin barn building villa bungalow|haus hutte|maison|casa|"
    "房子 房屋 家",
    "key": "key|schlussel|cle|llave|钥匙 鍵",
    "lamp": "lamp desklamp light|lampe leuchte|lampe|lampara|台灯 灯 ランプ",
    "lantern": "lantern|laterne|lanterne|farol|灯笼 提灯",
    "lighthouse": "lighthouse|leuchtturm|phare|faro|灯塔 灯台",
    "mushroom": "mushroom toadstool fungus|pilz|champignon|seta hongo|蘑菇 きのこ キノコ",
    "pine": "pine fir spruce conifer christmas|tanne fichte kiefer|sapin pin|pino abeto|松树",
    "plant": "plant cactus houseplant succulent|pflanze kaktus|plante|planta|植物 盆栽",
    "ring": "ring band wedding|ring|bague anneau|anillo|戒指 指輪",
    "robot": "robot android droid mech bot cyborg|roboter|robot|robot|机器人 ロボット",
    "rock": "rock stone boulder pebble meteor asteroid|fels stein|rocher pierre|roca piedra|"
    "石头 岩石 岩 石",
    "rocket": "rocket missile|rakete|fusee|cohete|火箭 ロケット",
    "shield": "shield buckler|schild|bouclier|escudo|盾牌 盾",
    "snowman": "snowman|schneemann|bonhomme|雪人 雪だるま",
    "sofa": "sofa couch settee loveseat|sofa couch|canape|sofa|沙发 ソファ ソファー",
    "spaceship": "spaceship spacecraft starship starfighter ufo shuttle spacefighter|raumschiff|"
    "vaisseau|nave|宇宙飞船 飞船 宇宙船",
    "stool": "stool barstool|hocker schemel|tabouret|taburete|凳子 凳",
    "sword": "sword blade katana dagger sabre saber knife longsword excalibur|schwert dolch|"
    "epee|espada|剑 刀 剣",
    "table": "table|tisch|table|mesa|桌子 桌 テーブル",
    "teapot": "teapot kettle|teekanne|theiere|tetera|茶壶 急須",
    "tower": "tower turret|turm|tour|torre|塔 塔楼",
    "tree": "tree oak maple willow bonsai|baum|arbre|arbol|树木 树 木",
    "truck": "truck lorry pickup van|lastwagen lkw|camion|camion camioneta|卡车 トラック",
    "vase": "vase urn amphora jug jar pitcher|vase krug|vase|jarron florero|花瓶",
    "pot": "pot planter cauldron flowerpot|topf kessel|pot|maceta olla|花盆 锅",
    "windmill": "windmill|windmuhle|moulin|molino|风车 風車",
    "helmet": "helmet helm|helm|casque|casco|头盔 兜",
    "bridge": "bridge|brucke|pont|puente|桥 橋",
    "well": "well|brunnen|puits|pozo|水井 井戸",
    "fence": "fence gate|zaun|cloture|valla|栅栏",
    "clock": "clock watch|uhr|horloge|reloj|钟 時計",
    "cake": "cake cupcake muffin|kuchen torte|gateau|pastel tarta|蛋糕 ケーキ",
    "apple": "apple fruit orange pear pumpkin|apfel|pomme|manzana|苹果 りんご",
    "bear": "bear teddy teddybear panda|bar teddybar|ours|oso|熊",
}
"""Shape name -> spellings; languages are separated by bars for the reader of this file only."""

KINDS_OF: dict[str, tuple[str, ...]] = {
    "boat": ("rocket", "spaceship"),
    "figure": ("robot", "snowman"),
    "flower": ("plant",),
    "plant": ("flower", "tree", "pine", "mushroom"),
    "pot": ("teapot",),
    "tree": ("pine",),
}
"""A general noun that does not displace the special one before it ("pine tree")."""

MATERIALS: dict[str, str] = {
    "wood": "wood wooden timber oak walnut pine birch mahogany bamboo teak|holz holzern|bois|"
    "madera|木头 木质 木制 木 木製",
    "metal": "metal metallic steel iron gold golden silver bronze copper brass chrome aluminium "
    "aluminum titanium rusty|metall eisen stahl gold golden silber|metal fer acier argent|"
    "metal hierro acero oro plata dorado|金属 铁 钢 金 银 金色 银色 鉄",
    "stone": "stone granite rocky cobblestone limestone sandstone concrete slate|stein steinern|"
    "pierre|piedra|石头 石",
    "marble": "marble jade onyx|marmor|marbre|marmol|大理石",
    "brick": "brick bricks|ziegel backstein|brique|ladrillo|砖 レンガ",
    "leather": "leather|leder|cuir|cuero|皮革 皮 革",
    "fabric": "fabric cloth textile velvet cotton linen wool woolen upholstered knitted felt|stoff|"
    "tissu|tela|布 布艺",
    "ceramic": "ceramic porcelain clay terracotta earthenware china glazed pottery|keramik "
    "porzellan|ceramique porcelaine|ceramica|陶瓷 瓷 陶器",
    "glass": "glass crystal transparent glassy ice|glas glasern|verre|vidrio cristal|玻璃 ガラス",
    "plastic": "plastic|plastik kunststoff|plastique|plastico|塑料 プラスチック",
    "rubber": "rubber|gummi|caoutchouc|goma|橡胶",
    "fur": "fur furry fluffy plush hairy|fell pluschig|fourrure|peluche|毛绒",
    "paint": "painted lacquered glossy|lackiert|peint|pintado|",
}

MATERIAL_COLOURS: dict[str, Colour] = {
    "wood": (0.58, 0.38, 0.21),
    "metal": (0.62, 0.63, 0.65),
    "stone": (0.52, 0.5, 0.47),
    "marble": (0.93, 0.92, 0.9),
    "brick": (0.6, 0.28, 0.2),
    "leather": (0.4, 0.22, 0.13),
    "fabric": (0.45, 0.47, 0.52),
    "ceramic": (0.88, 0.87, 0.82),
    "glass": (0.42, 0.62, 0.68),
    "plastic": (0.85, 0.85, 0.85),
    "rubber": (0.08, 0.08, 0.085),
    "fur": (0.55, 0.38, 0.24),
    "paint": (0.72, 0.1, 0.09),
}

MATERIAL_WORD_COLOURS: dict[str, Colour] = {
    "oak": (0.66, 0.47, 0.28),
    "walnut": (0.36, 0.22, 0.13),
    "pine": (0.78, 0.6, 0.38),
    "birch": (0.85, 0.74, 0.57),
    "mahogany": (0.42, 0.17, 0.11),
    "bamboo": (0.79, 0.7, 0.42),
    "teak": (0.57, 0.36, 0.19),
    "gold": (0.95, 0.73, 0.3),
    "golden": (0.95, 0.73, 0.3),
    "oro": (0.95, 0.73, 0.3),
    "dorado": (0.95, 0.73, 0.3),
    "金": (0.95, 0.73, 0.3),
    "金色": (0.95, 0.73, 0.3),
    "silver": (0.86, 0.86, 0.87),
    "bronze": (0.62, 0.42, 0.22),
    "copper": (0.85, 0.5, 0.36),
    "brass": (0.8, 0.65, 0.32),
    "chrome": (0.8, 0.81, 0.83),
    "iron": (0.34, 0.34, 0.35),
    "rusty": (0.38, 0.33, 0.3),
    "granite": (0.45, 0.43, 0.43),
    "sandstone": (0.76, 0.63, 0.44),
    "limestone": (0.75, 0.72, 0.64),
    "concrete": (0.6, 0.6, 0.58),
    "slate": (0.3, 0.33, 0.37),
    "jade": (0.3, 0.58, 0.42),
    "onyx": (0.09, 0.09, 0.1),
    "terracotta": (0.72, 0.38, 0.25),
    "clay": (0.68, 0.42, 0.3),
    "velvet": (0.45, 0.08, 0.15),
    "ice": (0.7, 0.87, 0.94),
    "titanium": (0.55, 0.54, 0.53),
}

COLOURS: dict[str, tuple[Colour, str]] = {
    "red": ((0.72, 0.07, 0.06), "scarlet|rot roter rote rotes|rouge|rojo roja|红色 红 赤い 赤"),
    "crimson": ((0.6, 0.04, 0.1), "ruby maroon burgundy"),
    "orange": ((0.92, 0.42, 0.06), "tangerine|oranger|naranja|橙色"),
    "yellow": ((0.95, 0.78, 0.1), "lemon|gelb gelber gelbe gelbes|jaune|amarillo amarilla|黄色 黄"),
    "green": ((0.16, 0.48, 0.16), "grun gruner grune grunes|vert verte|verde|绿色 绿 緑"),
    "lime": ((0.55, 0.8, 0.15), ""),
    "olive": ((0.38, 0.4, 0.17), "khaki"),
    "mint": ((0.6, 0.87, 0.74), ""),
    "emerald": ((0.05, 0.5, 0.32), ""),
    "teal": ((0.07, 0.45, 0.47), ""),
    "turquoise": ((0.2, 0.75, 0.72), "cyan aqua"),
    "blue": ((0.09, 0.24, 0.62), "blau blauer blaue blaues|bleu bleue|azul|蓝色 蓝 青い 青"),
    "navy": ((0.06, 0.1, 0.28), ""),
    "indigo": ((0.22, 0.14, 0.5), ""),
    "purple": ((0.4, 0.13, 0.52), "violet|lila|pourpre|morado purpura|紫色 紫"),
    "lavender": ((0.7, 0.62, 0.86), "lilac"),
    "magenta": ((0.75, 0.1, 0.5), "fuchsia"),
    "pink": ((0.93, 0.5, 0.62), "rosa|rose|粉色 粉红 ピンク"),
    "brown": ((0.37, 0.22, 0.12), "chocolate|braun brauner braune|marron|棕色 褐色 茶色"),
    "tan": ((0.77, 0.62, 0.43), "beige sand"),
    "cream": ((0.94, 0.89, 0.76), "ivory|creme"),
    "white": (
        (0.92, 0.92, 0.9),
        "snowy|weiss weisser weisse weisses|blanc blanche|blanco blanca|白色 白い 白",
    ),
    "grey": ((0.48, 0.49, 0.5), "gray|grau grauer graue graues|gris|灰色 灰"),
    "charcoal": ((0.17, 0.17, 0.18), ""),
    "black": (
        (0.055, 0.055, 0.06),
        "ebony|schwarz schwarzer schwarze schwarzes|noir noire|negro negra|黑色 黑 黒い 黒",
    ),
    "coral": ((0.95, 0.45, 0.38), "salmon"),
}

STYLES: dict[str, str] = {
    "low-poly": "lowpoly low-poly faceted polygonal blocky|低多边形 ローポリ",
    "medieval": "medieval fantasy rustic viking gothic dungeon|mittelalterlich|medieval|中世纪",
    "futuristic": "futuristic scifi sci-fi cyberpunk spacey hightech cyber|futuristisch|"
    "futuriste|futurista|科幻 未来",
    "modern": "modern minimal minimalist sleek scandinavian|modern|moderne|moderno|现代",
    "cartoon": "cartoon cute stylized stylised toon chibi kawaii toy|susser|mignon|卡通 可爱",
    "ornate": "ornate royal baroque victorian decorated fancy elegant luxury|edel|",
    "old": "old ancient weathered worn broken antique abandoned rusty dirty vintage|alt alter alte "
    "altes|vieux vieille ancien|viejo antiguo|旧 古老 古い",
    "new": "new clean shiny polished pristine|neu neuer neue|neuf|nuevo|",
}

SIZES: dict[str, tuple[float, float]] = {
    # word -> scale of everything, extra stretch of the height
    "tiny": (0.4, 1.0),
    "small": (0.7, 1.0),
    "little": (0.7, 1.0),
    "mini": (0.5, 1.0),
    "miniature": (0.3, 1.0),
    "klein": (0.7, 1.0),
    "kleiner": (0.7, 1.0),
    "petit": (0.7, 1.0),
    "petite": (0.7, 1.0),
    "pequeno": (0.7, 1.0),
    "小": (0.7, 1.0),
    "big": (1.4, 1.0),
    "large": (1.4, 1.0),
    "huge": (2.0, 1.0),
    "giant": (3.0, 1.0),
    "gross": (1.4, 1.0),
    "grosser": (1.4, 1.0),
    "grand": (1.4, 1.0),
    "grande": (1.4, 1.0),
    "大": (1.4, 1.0),
    "tall": (1.0, 1.25),
    "high": (1.0, 1.2),
    "long": (1.0, 1.1),
    "short": (1.0, 0.8),
    "squat": (1.0, 0.75),
}

PART_WORDS: dict[str, str] = {
    "legs": "leg foot feet|bein fuss|pied|pata",
    "seat": "seat cushion upholstery pillow|sitz kissen polster|coussin|asiento cojin|坐垫",
    "back": "backrest|lehne|dossier|respaldo",
    "wheels": "wheel tire tyre|rad rader reifen|roue|rueda|轮子",
    "roof": "roof rooftop|dach|toit|tejado techo|屋顶",
    "door": "door|tur|porte|puerta|门",
    "windows": "window|fenster|fenetre|ventana|窗户",
    "walls": "wall|wand mauer|mur|pared|墙",
    "handle": "handle grip hilt shaft haft|griff|poignee manche|mango|把手",
    "blade": "blade edge|klinge|lame|hoja filo|刀刃",
    "guard": "guard crossguard pommel",
    "lid": "lid cover|deckel|couvercle|tapa|盖子",
    "shade": "shade lampshade|schirm|abat-jour|pantalla",
    "leaves": "leaf leaves foliage crown|blatt blatter laub|feuille feuillage|hoja|树叶",
    "bark": "bark|rinde|ecorce|corteza",
    "wings": "wing|flugel|aile|ala|翅膀",
    "sail": "sail|segel|voile|",
    "hull": "hull|rumpf|coque|casco",
    "eyes": "eye|auge|oeil yeux|ojo|眼睛",
    "hair": "hair mane|haar|cheveux|pelo|头发",
    "clothes": "shirt coat robe dress armor armour suit jacket cloak|hemd|chemise|camisa|衣服",
    "trousers": "trousers pants jeans skirt|hose|pantalon|",
    "fittings": "fitting hinge rivet stripe band rim trim buckle strap|beschlag|ferrure|",
    "petals": "petal|blutenblatt|petale|petalo|花瓣",
    "stem": "stem stalk|stiel stangel|tige|tallo",
    "top": "top tabletop|platte|plateau|tablero",
    "chimney": "chimney|schornstein|cheminee|chimenea",
    "liquid": "liquid coffee tea water wine soup|flussigkeit|liquide|liquido",
    "spots": "spot dot",
    "sheets": "blanket sheet duvet mattress|decke|couverture|manta",
    "nose": "nose|nase|nez|nariz",
    "scarf": "scarf tie|schal|echarpe|bufanda",
    "gem": "jewel",
    "flag": "flag banner|fahne|drapeau|bandera",
    "rope": "rope string|seil saite|corde|cuerda",
}

DEPICTIONS: dict[str, str | None] = {
    # "statue of a dog": the noun after it is the subject; the value is a material it suggests
    "statue": "stone",
    "sculpture": "marble",
    "figurine": None,
    "bust": "marble",
    "model": None,
    "toy": "plastic",
    "carving": "wood",
    "statuette": "metal",
    "skulptur": "marble",
    "雕像": "stone",
}

BREAKS: dict[str, str] = {
    "break": "with on of in under next near holding and made from by at over wearing standing "
    "sitting having featuring for|mit auf von aus und im|avec en de du sur et|con sobre y del|"
    "和 与 带 有 の"
}
"""Words that end a noun phrase."""
