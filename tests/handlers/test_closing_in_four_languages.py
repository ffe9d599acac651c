"""A typhoon morning and the day after it, in each of the four languages."""

from __future__ import annotations

import pytest

from tests.handlers.closures import a_town, closes
from tests.house import House

# day, what, reason, news, yes · closed, shift, cook, promise, read, thanks · to call, next, reached
# · again, back
SCENES = {
    "en-GB": (
        "today", "Close: no lunch at all", "the weather", "Thu 17:00", "Yes, do it and tell them",
        "Ping'an Lane is closed: Tue 24 Nov.\nReason: the weather", "Your shift is called off: Tue 24 Nov",
        "Please do not cook: 4 lunches fall away.", "Next news by Thu 26 Nov, 17:00.",
        "I have read this", "Thank you. Now we know", "3 seniors are still to be called.",
        "Call the next", "Reached",
        "Yes, open again and tell them", "everything is as always again", "I can come: Tue 24 Nov, 10:00",
    ),
    "zh-CN": (
        "今天", "停餐：完全没有午饭", "天气", "周四17:00", "好，就这样，通知大家",
        "Ping'an Lane停餐：11月24日周二。\n原因：天气", "您的班取消了：11月24日周二 10:00",
        "请不要做：少4份午饭。", "下次消息不晚于11月26日周四 17:00。",
        "我看到了", "谢谢您。", "还要给3位老人打电话。", "打给下一位", "打通了",
        "好，恢复供餐，通知大家", "Ping'an Lane恢复照常", "我能来：11月24日周二 10:00",
    ),
    "zh-TW": (
        "今天", "停餐：完全沒有午餐", "天氣", "星期四 下午5點", "好，就這樣，通知大家",
        "Ping'an Lane停餐：11月24日 週二。\n原因：天氣", "您的班取消了：11月24日 週二 10:00",
        "請不要煮：少4份午餐。", "下次消息不晚於11月26日 週四 17:00。",
        "我看到了", "謝謝您。", "還要打電話給3位長輩。", "打給下一位", "打通了",
        "好，恢復供餐，通知大家", "Ping'an Lane恢復照常", "我能來：11月24日 週二 10:00",
    ),
    "es-MX": (
        "hoy", "Cerrar: no hay comida", "el tiempo", "el jueves a las 17:00", "Sí, hacerlo y avisar",
        "Ping'an Lane cierra: mar 24 nov.\nMotivo: el tiempo", "Su turno se suspende: mar 24 nov",
        "No cocine, por favor: se suprimen 4 raciones.", "Próximas noticias: jue 26 nov, 17:00",
        "Lo he leído", "Gracias.", "Falta llamar a 3 personas mayores.",
        "Llamar a la siguiente", "Ya lo sabe",
        "Sí, volver a abrir y avisar", "todo vuelve a ser como siempre", "Puedo ir: mar 24 nov, 10:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tag", SCENES)
async def test_the_canteen_closes_for_a_typhoon_and_opens_again(house: House, tag: str) -> None:
    (
        day, what, reason, news, yes, closed, shift, cook, promise, read, thanks, to_call, following, reached,
        again, back, come,
    ) = SCENES[tag]  # fmt: skip
    town = await a_town(house, tag)
    await house.at("2026-11-24 05:30")
    town.read_all()
    await closes(town.chen, day, what, reason, news, yes)
    await house.tick()
    assert town.chen.last.text.startswith(to_call)
    (mei,) = town.mei.reads()
    assert mei.urgent
    assert mei.text.startswith(closed)
    assert shift in mei.text
    assert promise in mei.text
    assert "Wang Guilan" in mei.text
    assert cook in town.cook.last.text
    assert thanks in (await town.mei.taps(read))[-1].text
    await town.chen.taps(following)
    await town.chen.taps(reached)
    await town.chen.says("/reopen")
    await town.chen.taps(again)
    await house.tick()
    assert back in town.mei.last.text
    await town.mei.taps(come)
    assert "10:00–12:00" in town.mei.last.text
