"""What foods are called in our languages: found in dishes, in their ingredients, in what people do not eat.

It finds what could be in a dish and rather warns once too often. That nothing was found proves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

# The fourteen that caterers in the European Union must name, in the order of its regulation 1169/2011: on
# many menus they are numbered so.
ALLERGENS: Final = (
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk", "nuts", "celery", "mustard", "sesame",
    "sulphites", "lupin", "molluscs",
)  # fmt: skip
KEPT: Final = 4096  # words remembered: the same dishes meet the same wishes again and again
MEATS: Final = frozenset({"pork", "beef", "lamb", "poultry"})
MEAT: Final = "meat"
# What somebody with a label must not find on the plate. For gout it is what China's guidance for eating with
# raised uric acid says to avoid (WS/T 560-2017): inner organs, shellfish, alcohol. What is only likely, as
# that a sausage is salty, is looked for in models/tastes.py.
AGAINST: Final = {
    "vegetarian": MEATS | {MEAT, "offal", "blood", "fish", "crustaceans", "molluscs"},
    "halal": frozenset({"pork", "alcohol", "blood"}),
    "gout": frozenset({"offal", "crustaceans", "molluscs", "alcohol"}),
}

# English, Spanish, Chinese. Latin words in any number; Chinese in simplified characters, wherever they stand.
_WORDS: Final = {
    "gluten": "gluten|wheat|barley|rye|oat|spelt|flour|bread|breadcrumb|noodle|pasta|spaghetti|macaroni|bun"
    "|dumpling|wonton|cake|biscuit|couscous|semolina|seitan|oat milk|beer|trigo|cebada|centeno|avena|harina"
    "|pan|fideo|macarron|empanada|empanado|rebozado|bizcocho|galleta|cuscus|semola|cerveza|croqueta|bollo"
    "|麸质|面筋|小麦|大麦|燕麦|麦片|面粉|面条|面包|面|馒头|包子|花卷|饺|馄饨|云吞|烧卖|煎饼|油条|啤酒|蛋糕|饼干|烤麸",
    "crustaceans": "crustacean|shrimp|prawn|crab|lobster|crayfish|langoustine|crustaceo|gamba|camaron"
    "|langostino|cangrejo|langosta|bogavante|marisco|甲壳类|虾|虾肉|蟹|蟹肉|海鲜",
    "eggs": "egg|omelette|mayonnaise|huevo|tortilla francesa|tortilla de patata|mayonesa|蛋",
    "fish": "fish|salmon|cod|tuna|anchovy|sardine|hake|trout|carp|fish sauce|pescado|pescadito|atun|bacalao"
    "|merluza|sardina|anchoa|boqueron|trucha|marisco|鱼|鳕|鳗|三文鱼|鱼肉|鱼露|海鲜|鲈|带鱼|鲫",
    "peanuts": "peanut|groundnut|peanut butter|peanut oil|cacahuete|cacahuate|mani|花生",
    "soy": "soy|soya|soybean|tofu|edamame|miso|tempeh|soy milk|soja|salsa de soja|soy sauce|soya sauce"
    "|大豆|黄豆|毛豆|豆腐|豆浆|豆奶|豆干|豆皮|豆豉|腐竹|千张|素鸡|酱油|生抽|老抽|黄酱|豆瓣酱",
    "milk": "milk|butter|cheese|cream|yogurt|yoghurt|whey|lactose|dairy|leche|mantequilla|queso|nata|crema"
    "|yogur|lactosa|lacteo|牛奶|鲜奶|奶粉|奶油|黄油|奶酪|芝士|起司|乳酪|酸奶|优酪乳|炼乳|乳制品|乳糖|奶",
    "nuts": "nut|almond|almond milk|hazelnut|walnut|cashew|pecan|pistachio|macadamia|brazil nut|frutos secos"
    "|fruto seco|fruto de cascara|almendra|avellana|nuez|nueces|anacardo|pistacho"
    "|坚果|果仁|杏仁|榛子|核桃|腰果|开心果|夏威夷果|松仁",
    "celery": "celery|celeriac|apio|apionabo|芹",
    "mustard": "mustard|mostaza|芥末|黄芥",
    "sesame": "sesame|tahini|sesamo|ajonjoli|芝麻|香油|麻油|麻酱",
    "sulphites": "sulphite|sulfite|sulphur dioxide|sulfur dioxide|sulfito|dioxido de azufre|vino|wine"
    "|亚硫酸|二氧化硫|葡萄酒|红酒|白葡萄酒",
    "lupin": "lupin|lupine|altramuz|altramuces|羽扇豆",
    "molluscs": "mollusc|mollusk|mussel|clam|oyster|oyster sauce|scallop|squid|octopus|cuttlefish|snail"
    "|abalone|molusco|mejillon|almeja|ostra|vieira|calamar|pulpo|sepia|caracol|marisco"
    "|软体|贝|蛤|蚌|牡蛎|蚝|蛏|鱿鱼|墨鱼|章鱼|鲍鱼|螺|蜗牛|海鲜",
    "pork": "pork|ham|bacon|lard|pork rib|chorizo|cerdo|jamon|tocino|beicon|panceta|manteca de cerdo"
    "|猪|肉|培根|火腿|腊肠|香肠|排骨|猪油|叉烧",
    "beef": "beef|veal|ternera|vacuno|buey|res|牛肉|牛腩|牛",
    "lamb": "lamb|mutton|goat|cordero|oveja|cabrito|羊|羊肉",
    "poultry": "chicken|duck|turkey|goose|poultry|pollo|pato|pavo|ave|鸡肉|鸡|鸭|鸭肉|鹅|鹅肉|火鸡",
    "offal": "offal|liver|kidney|tripe|giblet|gizzard|sweetbread|pork liver|higado|rinon|callos|casqueria"
    "|molleja|mondongo|menudo|猪肝|肝|腰花|内脏|肚|下水|大肠|肥肠|杂碎|鸡胗|鸭胗|血",
    "blood": "blood|black pudding|blood sausage|morcilla|moronga|sangre|血|猪红",
    "alcohol": "alcohol|wine|rice wine|cooking wine|beer|sherry|brandy|rum|sake|mirin|liqueur|drunken|vino"
    "|cerveza|jerez|conac|ron|licor|tequila|borracho|酒|啤酒|葡萄酒|红酒|白葡萄酒|醉鸡|醉虾|醉蟹|醪糟|糟卤|香糟|味醂|味淋",
    "coriander": "coriander|cilantro|香菜|芫荽",
    "garlic": "garlic|ajo|蒜",
    "onion": "onion|spring onion|leek|shallot|cebolla|cebolleta|puerro|葱|韭",
    "chilli": "chilli|chili|spicy|chile|guindilla|picante|辣|麻辣",
    "mushrooms": "mushroom|champinon|seta|hongo|蘑菇|香菇|菌|菇|木耳",
    MEAT: "meat|carne|肉",
    # Words that hold another food's word without holding the food.
    "": "coconut milk|rice milk|rice noodle|rice flour|rice cake|buckwheat|cocoa butter|gluten free|egg free"
    "|leche de coco|fideo de arroz|harina de arroz|sin gluten|sin lactosa|sin huevo|pan de gamba|nuez moscada"
    "|鱼香|鱼腥草|椰奶|椰浆|米粉|米线|米面|荞麦|年糕|粉丝|无麸质|海带|鱼丸粗面|肉桂|肉豆蔻|木鱼花|牛油果|蜗牛|田鸡|鸡蛋|鸭蛋"
    "|鸡毛菜|鸡精|鸡腿菇|牛肝菌|羊肚菌|猴头菇|牛蒡|羊栖菜|蚂蚁上树|血橙|血糯|blood orange|kidney bean"
    "|naranja sanguina|wine vinegar|vinagre de vino",
}  # fmt: skip
_TOO: Final = {
    "鸡蛋": {"eggs"}, "鸭蛋": {"eggs"}, "蜗牛": {"molluscs"}, "木鱼花": {"fish"},
    "鱼丸粗面": {"fish", "gluten"},
    "田鸡": {MEAT}, "鸡腿菇": {"mushrooms"}, "牛肝菌": {"mushrooms"},
    "羊肚菌": {"mushrooms"}, "猴头菇": {"mushrooms"},
    "pan de gamba": {"crustaceans"}, "soy sauce": {"gluten"}, "soya sauce": {"gluten"},
    "salsa de soja": {"gluten"},
    "酱油": {"gluten"}, "生抽": {"gluten"}, "老抽": {"gluten"}, "黄酱": {"gluten"}, "豆瓣酱": {"gluten"},
    "cake": {"eggs", "milk"}, "蛋糕": {"eggs", "milk"}, "bizcocho": {"eggs", "milk"}, "鸡精": {"poultry"},
    "蚂蚁上树": {"pork"}, "wine vinegar": {"sulphites"}, "vinagre de vino": {"sulphites"},
}  # fmt: skip
# The very names of the fourteen: one of them in brackets speaks of allergens, not only of ingredients.
_NAMES: Final = (
    "gluten|wheat|trigo|麸质|小麦|面筋", "crustacean|shrimp|crab|prawn|crustaceo|甲壳类|虾|蟹|虾蟹",
    "egg|huevo|蛋|鸡蛋",
    "fish|pescado|鱼", "peanut|cacahuete|cacahuate|mani|花生", "soy|soya|soybean|soja|大豆|黄豆",
    "milk|dairy|lactose|leche|lacteo|lactosa|牛奶|奶|乳|乳制品|奶制品",
    "nut|tree nut|frutos secos|fruto seco|frutos de cascara|nuez|nueces|坚果|果仁", "celery|apio|芹菜|芹",
    "mustard|mostaza|芥末", "sesame|sesamo|ajonjoli|芝麻",
    "sulphite|sulfite|sulfito|sulphur dioxide|dioxido de azufre|亚硫酸盐|二氧化硫",
    "lupin|lupine|altramuz|altramuces|羽扇豆", "mollusc|mollusk|shellfish|molusco|软体动物|贝类|贝|贝壳类",
)  # fmt: skip
_SIMPLIFIED: Final = str.maketrans(
    "魚蝦麵麥麩質筋鳕鰻蛋雞鴨鵝豬馬豆漿醬腸鮮優亞軟體貝蠔蟶魷鮑螺蝸類殼乾奶黃蘿蔔蔥蒜薑內臟雜臘燒餃餛飩雲賣餅條"
    "煉製糖堅開鱸帶鯽無線腦鹽湯絲點無香絞滷鍋飯糰養榛杏蕎牠雙燴鱔頭腰頸腿蔴蘆筍紅鹹醃釀紹蠣濃餞凍圓寶撻燉裡參"
    ,
    "鱼虾面麦麸质筋鳕鳗蛋鸡鸭鹅猪马豆浆酱肠鲜优亚软体贝蚝蛏鱿鲍螺蜗类壳干奶黄萝卜葱蒜姜内脏杂腊烧饺馄饨云卖饼条"
    "炼制糖坚开鲈带鲫无线脑盐汤丝点无香绞卤锅饭团养榛杏荞它双烩鳝头腰颈腿麻芦笋红咸腌酿绍蛎浓饯冻圆宝挞炖里参",
)  # fmt: skip
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_PARTS: Final = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff_]+")
_ENDING: Final = re.compile(r"(?:[eoa]?s|[eoa])$")
_BETWEEN: Final = re.compile(
    r"[,，;；、/\n·。.!！|]+|\s(?:and|or|nor|y|e|o|u|ni)\s|[和或及与與跟]", re.IGNORECASE
)
_BEFORE: Final = re.compile(
    r"^\s*(?:(?:(?:she|he|ella|el|她|他)\s+)?"
    r"(?:(?:does not|doesn't|cannot|can't|must not|do not|don't|won't)\s+(?:eat|have|get|like)"
    r"|no\s+(?:come|puede\s+comer|debe\s+comer|le\s+gustan?|toma)|not?|without|sin|never"
    r"|allergic\s+to|allergy\s+to|al[eé]rgic[oa]\s+al?)(?=[\s:：])"
    r"|[她他]?(?:不能吃|不可以吃|不爱吃|不愛吃|不喜欢吃|不喜歡吃|不吃|不要|忌口|忌|没有|没|免|过敏|過敏))\s*[:：]?\s*",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """Bring words to one form for comparing: no accents, no case, no number, simplified characters."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(char for char in plain if not unicodedata.combining(char)).translate(_SIMPLIFIED)
    return " ".join(_stem(part) for part in _PARTS.findall(bare))


def _stem(word: str) -> str:
    """Cut what number and gender add: tomatoes and tomato, cebollas and cebolla are the same food."""
    return _ENDING.sub("", word) if len(word) > 3 and not _CHINESE.match(word) else word


def finder(
    words: Mapping[str, str], too: Mapping[str, set[str]] | None = None
) -> Callable[[str], frozenset[str]]:
    """Make what finds of which codes words speak: code → words with bars between; some are others, too."""
    found: dict[str, set[str]] = {}
    for code, names in words.items():
        for name in names.split("|"):
            found.setdefault(folded(name), set()).update([code] if code else [], (too or {}).get(name, ()))
    # The longest first: squid is no fish because a fish's sign is in it.
    find = re.compile(
        "|".join(
            re.escape(word) if _CHINESE.search(word) else rf"(?<!\S){re.escape(word)}(?!\S)"
            for word in sorted(found, key=len, reverse=True)
        )
    )

    @lru_cache(KEPT)
    def codes_in(text: str) -> frozenset[str]:
        return frozenset(code for word in find.findall(folded(text)) for code in found[word])

    return codes_in


_NAMED: Final = {
    folded(name): code for code, names in zip(ALLERGENS, _NAMES, strict=True) for name in names.split("|")
}
_FOUND: Final = finder(_WORDS, _TOO)


def foods_in(text: str) -> frozenset[str]:
    """Find the foods that words speak of: codes of the fourteen allergens, and of some others."""
    return _FOUND(text)


def allergen(word: str) -> str | None:
    """Read one allergen by its number or its very name, as it stands on menus; None for any other word."""
    said = folded(word)
    if said.isdecimal() and len(said) <= 2:
        return ALLERGENS[int(said) - 1] if 1 <= int(said) <= len(ALLERGENS) else None
    return _NAMED.get(said)


@lru_cache(KEPT)
def wishes(avoids: str) -> tuple[str, ...]:
    """Part what somebody does not eat into single things, in their own words."""
    parts = (_BEFORE.sub("", part).strip() for part in _BETWEEN.split(avoids))
    return tuple(dict.fromkeys(part for part in parts if folded(part)))


@lru_cache(KEPT)
def speaks_of(wish: str, text: str) -> bool:
    """Tell whether words (of a dish, of an ingredient) speak of what somebody does not eat."""
    sought, said = folded(wish), folded(text)
    held = sought in said if _CHINESE.search(sought) else f" {sought} " in f" {said} "
    return held or bool(foods_in(wish) & with_kinds(foods_in(text)))


def with_kinds(foods: frozenset[str]) -> frozenset[str]:
    """Add what foods are, too: pork is meat."""
    return foods | {MEAT} if foods & MEATS else foods
