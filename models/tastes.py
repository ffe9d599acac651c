"""What is likely of a dish by its name: that it is salty, sweet, or a strong broth. Likely is not sure.

It asks somebody to look, and never says that a dish does not go. Of soy sauce and of sugar to taste nothing
is said, for they are in nearly every dish: a warning that comes every day is read by nobody.
"""

from __future__ import annotations

from typing import Final

from models.foods import finder

# What somebody with a label would rather not find on the plate. A strong broth holds much of what gout
# forbids (WS/T 560-2017).
UNLIKE: Final = {"low_salt": "salty", "low_sugar": "sugary", "gout": "broth"}

_WORDS: Final = {
    "salty": "salty|salted|salt fish|pickle|pickled|cured|brine|smoked|bacon|ham|sausage|salami|chorizo"
    "|anchovy|stock cube|instant noodle|sauerkraut|kimchi|pescado salado|carne salada|salazon|encurtido"
    "|pepinillo|curado|ahumado|salmuera|tocino|beicon|jamon|panceta|salchicha|embutido|cecina|anchoa"
    "|aceituna|bacalao|咸|腌|腊|榨菜|泡菜|酱菜|酸菜|雪菜|雪里蕻|梅菜|梅干菜|霉干菜|火腿|培根|香肠|腐乳|豆豉"
    "|豆瓣酱|虾酱|虾皮|卤|皮蛋|椒盐|盐焗|盐水|方便面|酱牛肉|酱肉|萝卜干|烟熏",
    "sugary": "sugar|syrup|honey|candied|caramel|sweet and sour|sweet soup|sweet bun|jam|dessert|cake|biscuit"
    "|cookie|pudding|ice cream|custard|condensed milk|chocolate|lemonade|azucar|almibar|miel|caramelo"
    "|mermelada|agridulce|postre|pudin|budin|flan|natillas|pastel|tarta|bizcocho|galleta|helado"
    "|arroz con leche|leche condensada|dulce de leche|cajeta|refresco|bunuelo|churro|糖|蜜|甜|拔丝|冰淇淋"
    "|冰激凌|蛋糕|饼干|月饼|汤圆|元宵|八宝饭|豆沙|蛋挞|布丁|炼乳|炼奶|巧克力|可乐|汽水|果酱|糕点|年糕",
    "broth": "bone broth|meat broth|broth|consomme|hot pot|caldo|consome|骨汤|骨头汤|排骨汤|浓汤|肉汤|高汤"
    "|老火汤|火锅|老鸭汤|鸡汤|羊汤|羊肉汤|牛肉汤",
    # Words that hold another's word without its taste.
    "": "fish cake|rice cake|crab cake|black pudding|yorkshire pudding|vegetable broth|caldo de verdura"
    "|sugar snap|pastel de carne|pastel de pescado|pastel de papa|蔬菜高汤|素高汤"
    "|甜椒|甜豆|甜玉米|甜菜|蜜瓜|糖尿",
}  # fmt: skip
# Said in its name that it is not so.
_NOT: Final = {
    "salty": "low salt|no salt|unsalted|sin sal|baja en sal|bajo en sal|少盐|低盐|无盐|淡味",
    "sugary": "sugar free|no sugar|low sugar|unsweetened|sin azucar|少糖|低糖|无糖|代糖|木糖醇",
}
_found: Final = finder(_WORDS)
_denied: Final = finder(_NOT)


def tastes_in(text: str) -> frozenset[str]:
    """Find what is likely of a dish by its words: salty, sugary, broth."""
    return _found(text) - _denied(text)
