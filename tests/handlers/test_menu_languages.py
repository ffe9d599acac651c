"""A week is pasted, kept, shown and sent in each of the four languages."""

from __future__ import annotations

import pytest

from models.dated import Diet
from models.seniors import Mode
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import gives
from tests.house import House
from tests.models.making import LONG_AGO, NOW, a_senior

# [enter], the menu, understood, [keep], told, for whom, [see], shown, [every morning], sent
SCENES = {
    "en-GB": (
        "Enter a week", "Tue: braised pork (soy); rice (none)", "I have understood:", "Yes, keep it",
        "Please cook something else", "1 × instead of braised pork (soy)", "See the menu",
        "braised pork (with soy)", "Send it to me every morning", "Lunch at Ping'an Lane on Tue 24 Nov",
    ),
    "zh-CN": (
        "写一周的菜单", "周二：红烧肉（大豆）、米饭（无）", "我看懂的是：", "好，记下",
        "请另外做", "1 × 换掉红烧肉（大豆）", "看菜单",
        "红烧肉（含大豆）", "每天早上发给我", "Ping'an Lane11月24日周二的午饭",
    ),
    "zh-TW": (
        "寫一週的菜單", "週二：紅燒肉（大豆）、白飯（無）", "我看懂的是：", "好，記下",
        "請另外做", "1 × 換掉紅燒肉（大豆）", "看菜單",
        "紅燒肉（含大豆）", "每天早上傳給我", "Ping'an Lane11月24日 週二的午餐",
    ),
    "es-MX": (
        "Escribir una semana", "Martes: cerdo guisado (soja); arroz (ninguno)", "He entendido esto:",
        "Sí, guardarlo",
        "Cocine otra cosa", "1 × en lugar de cerdo guisado (soja)", "Ver el menú",
        "cerdo guisado (con soja)", "Enviármelo cada mañana", "La comida de Ping'an Lane el mar 24 nov",
    ),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("tag", SCENES)
async def test_a_week_is_pasted_and_whom_it_does_not_suit_is_named(house: House, tag: str) -> None:
    enter, menu, understood, keep, told, whom, see, shown, daily, sent = SCENES[tag]
    canteen = await house.canteen()
    senior = await a_senior(canteen, short_id="A2", mode=Mode.DINE_IN)
    await Diet.create(senior_id=senior.id, since=LONG_AGO, labels=[], allergies=["soy"], created_at=NOW)
    chen = await house.coordinator(language=tag)
    await chen.says("/menu")
    await chen.taps(enter)
    await chen.says(menu)
    await gives(chen, ">this")
    assert understood in chen.last.text
    await chen.taps(keep)
    clash = next(message.text for message in chen.heard if told in message.text)
    assert f"{whom}\nA2" in clash
    await chen.taps(see)
    assert shown in chen.last.text
    await chen.taps(daily)
    chen.reads()
    await house.at("2026-11-24 10:00")
    assert any(sent in message.text for message in chen.reads())
