"""The menus of the sample canteen, written as a cook pastes them in, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from handlers import menutext
from handlers.sample import Cast
from models.calendar import ServiceDay
from models.menus import enter

# One block a day, taken in turn. On the first somebody may not have the pudding, and somebody eats no lamb.
MENUS: Final[Mapping[str, str]] = {
    "en": """
lamb stew (celery); rice (none); greens (none); milk pudding (milk)
vegetarian: tofu stew (soy); rice; greens
halal: beef stew (celery); rice; greens

fish in brown sauce (fish, soy, gluten); rice; cabbage (none)
vegetarian: mushroom noodles (gluten, soy); cabbage
halal: chicken with chestnuts (nuts); rice; cabbage

tomatoes with eggs (eggs); rice; spinach (none)
vegetarian: braised aubergine (soy); rice; spinach
halal: lamb with leek (none); rice; spinach

meatballs (gluten, eggs, soy); rice; carrots (none)
vegetarian: tofu skin rolls (soy); rice; carrots
halal: beef noodles (gluten); carrots
""",
    "zh_Hans": """
萝卜炖羊肉（芹菜）；米饭（无）；青菜（无）；牛奶布丁（牛奶）
素食：炖豆腐（大豆）；米饭；青菜
清真：炖牛肉（芹菜）；米饭；青菜

红烧鱼（鱼、大豆、麸质）；米饭；白菜（无）
素食：香菇面（麸质、大豆）；白菜
清真：栗子鸡（坚果）；米饭；白菜

番茄炒蛋（蛋）；米饭；菠菜（无）
素食：红烧茄子（大豆）；米饭；菠菜
清真：葱爆羊肉（无）；米饭；菠菜

狮子头（麸质、蛋、大豆）；米饭；胡萝卜（无）
素食：素鸡卷（大豆）；米饭；胡萝卜
清真：牛肉面（麸质）；胡萝卜
""",
    "zh_Hant": """
蘿蔔燉羊肉（芹菜）；白飯（無）；青菜（無）；牛奶布丁（牛奶）
素食：燉豆腐（大豆）；白飯；青菜
清真：燉牛肉（芹菜）；白飯；青菜

紅燒魚（魚、大豆、麩質）；白飯；白菜（無）
素食：香菇麵（麩質、大豆）；白菜
清真：栗子雞（堅果）；白飯；白菜

番茄炒蛋（蛋）；白飯；菠菜（無）
素食：紅燒茄子（大豆）；白飯；菠菜
清真：蔥爆羊肉（無）；白飯；菠菜

獅子頭（麩質、蛋、大豆）；白飯；紅蘿蔔（無）
素食：素雞捲（大豆）；白飯；紅蘿蔔
清真：牛肉麵（麩質）；紅蘿蔔
""",
    "es": """
guiso de cordero (apio); arroz (ninguno); verdura (ninguno); natillas (leche)
vegetariano: guiso de tofu (soja); arroz; verdura
halal: guiso de ternera (apio); arroz; verdura

pescado en salsa (pescado, soja, gluten); arroz; col (ninguno)
vegetariano: fideos con setas (gluten, soja); col
halal: pollo con castañas (frutos secos); arroz; col

tomate con huevo (huevo); arroz; espinacas (ninguno)
vegetariano: berenjena guisada (soja); arroz; espinacas
halal: cordero con puerro (ninguno); arroz; espinacas

albóndigas (gluten, huevo, soja); arroz; zanahoria (ninguno)
vegetariano: rollitos de tofu (soja); arroz; zanahoria
halal: fideos con ternera (gluten); zanahoria
""",
}


async def hang_up(cast: Cast, now: datetime, language: str) -> None:
    """Put dishes on the menus of the next days with lunch."""
    blocks = MENUS[language].strip().split("\n\n")
    coming = await ServiceDay.open_days(cast.canteen.id, now, 2 * len(blocks))
    menus = {
        row.day: menutext.dishes(row.day)(blocks[at % len(blocks)]).on(row.day)[row.day]
        for at, row in enumerate(coming)
    }
    await enter(cast.canteen.id, menus, cast.coordinators[0], now)
