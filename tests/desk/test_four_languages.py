"""A lunch at the desk and at the stove, in each of the four languages."""

from __future__ import annotations

import pytest

from models.meals import MealState
from models.samples import Sample
from tests.desk.scene import CLOSED, at_noon
from tests.house import House

# count, who picks up, [somebody else], missing, a dish typed, too cold, its sample, [settings], a rule
SCENES = {
    "en-GB": (
        "0 of 4 came", "Who picks up the lunch of Zhao Fu (A17)?", "Somebody else picks it up",
        "2 guests did not come on Tue 24 Nov:", "rice 48 130g", "rice: 48 °C. That is too cold",
        "Sample of rice: 130 g", "Desk and food log", "Hot dishes: at least 60 °C",
    ),
    "zh-CN": (
        "来了0位，共4位", "Zhao Fu（A17）的午饭是谁来取？", "别人代取",
        "11月24日周二有2位没来：", "米饭48度130克", "米饭：48 °C。太凉了",
        "米饭的留样：130克", "前台和测温留样", "热菜：至少60 °C",
    ),
    "zh-TW": (
        "來了0位，共4位", "Zhao Fu（A17）的午餐是誰來領？", "別人代領",
        "11月24日 週二有2位沒來：", "白飯 48度 130公克", "白飯：48 °C。太涼了",
        "白飯的留樣：130公克", "櫃檯和測溫留樣", "熱菜：至少60 °C",
    ),
    "es-MX": (
        "Han venido 0 de 4", "¿Quién recoge la comida de Zhao Fu (A17)?", "La recoge otra persona",
        "no vinieron 2 personas:", "arroz 48 grados 130 g", "arroz: 48 °C. Está demasiado frío",
        "Muestra de arroz: 130 g", "Mesa de entrada y registro de cocina", "Platos calientes: al menos 60 °C",
    ),
}  # fmt: skip


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tag", SCENES)
async def test_a_lunch_is_looked_after(house: House, tag: str) -> None:
    count, who, other, missing, line, cold, sample, card, rule = SCENES[tag]
    scene = await at_noon(house, language=tag)
    chen = scene.chen
    assert count in (await chen.says("/signin"))[-1].text
    await chen.says("A1")
    assert who in (await chen.says("a17"))[-1].text
    await chen.taps(other)
    assert await scene.state(scene.zhao) is MealState.FETCHED
    (noted,) = await chen.says(line)
    assert cold in noted.text
    assert sample in noted.text
    assert (await Sample.get()).grams == 130
    await chen.says("/settings")
    assert rule in (await chen.taps(card))[-1].text
    await house.at(CLOSED)
    assert any(missing in message.text for message in chen.heard)
