"""A day of calls in a heat wave, and every refusal of it, in each of the four languages."""

from __future__ import annotations

import pytest

from models.phonecalls import PhoneCall
from tests.handlers.closures import a_town
from tests.house import House

# not a caller, chosen, hours · alone, done, until, more, yes, card · next, why, later, noted, reached, undo
# · over, order, on already, nobody, unreached
SCENES = {
    "en-GB": (
        "Seniors are called by those whom the coordinator has asked to.", "Would you call seniors of",
        "Seniors are called between 09:00 and 19:00.",
        "Who lives alone", "Done", "Until Tue 24 Nov", "Nothing more", "Yes, switch it on",
        "Heat: extra checks at Ping'an Lane until the end of Tue 24 Nov",
        "Call the next", "It is very hot.", "No answer, later", "did not answer. Again in 30 minutes.",
        "Reached, all is well", "Undo: Sun Meifang",
        "Somebody else has seen to this call already.", "would not follow one another",
        "Nobody is on those lists just now", "The calls of Mon 23 Nov: 1 of 2 reached.",
    ),
    "zh-CN": (
        "给老人打电话的，是负责人请的人。", "您愿意给Ping'an Lane的老人打打电话吗？",
        "给老人打电话的时间是09:00到19:00。",
        "一个人住的", "选好了", "到11月24日周二", "没有了", "好，开始",
        "高温：Ping'an Lane多打一轮问候电话，到11月24日周二为止",
        "打给下一位", "天很热。", "没人接，等会儿再打", "没接。30分钟后再打。",
        "打通了，平安", "撤回：Sun Meifang",
        "这个电话已经有人处理了。", "这样时间就接不上了",
        "现在这些名单上没有人", "11月23日周一的电话：2位里联系上1位。",
    ),
    "zh-TW": (
        "打電話給長輩的，是負責人請的人。", "您願意打電話給Ping'an Lane的長輩嗎？",
        "打電話給長輩的時間是09:00到19:00。",
        "獨居的", "選好了", "到11月24日 週二", "沒有了", "好，開始",
        "高溫：Ping'an Lane多打一輪問候電話，到11月24日 週二為止",
        "打給下一位", "天氣很熱。", "沒人接，等等再打", "沒接。30分鐘後再打。",
        "打通了，平安", "收回：Sun Meifang",
        "這通電話已經有人處理了。", "這樣時間就接不上了",
        "現在這些名單上沒有人", "11月23日 週一的電話：2位中聯絡上1位。",
    ),
    "es": (
        "las llaman quienes la coordinación ha elegido.", "¿Podría usted llamar a personas mayores de",
        "se las llama entre las 09:00 y las 19:00.",
        "Quien vive sin nadie más", "Listo", "Hasta el mar 24 nov", "Nada más", "Sí, activar",
        "Calor: llamadas de más en Ping'an Lane hasta el final del mar 24 nov",
        "Llamar a la siguiente", "Hace mucho calor.", "No contesta, más tarde",
        "no ha contestado. Otra vez dentro de 30 minutos.",
        "Hablado, está bien", "Deshacer: Sun Meifang",
        "Otra persona ya se ha ocupado de esta llamada.", "no seguirían su orden",
        "Ahora no hay nadie en esas listas", "Llamadas del lun 23 nov: se habló con 1 de 2.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tag", SCENES)
async def test_a_hot_day_is_called_through(house: House, tag: str) -> None:
    (
        not_a_caller, chosen, hours, alone, done, until, more, yes, card, following, why, later, noted,
        reached, undo, over, order, nobody, unreached,
    ) = SCENES[tag]  # fmt: skip
    town = await a_town(house, tag)
    chen, lin, canteen = town.chen, town.lin, town.canteen.id
    assert not_a_caller in (await lin.says("/calls"))[-1].text
    await chen.presses(f"caller_set:{canteen}:{(await lin.person()).id}:1")
    assert chosen in lin.last.text
    await chen.says("/heat")
    await chen.taps(done)
    assert nobody in chen.last.text
    await chen.says("/heat")
    for answer in (alone, done, until, more, yes):
        await chen.taps(answer)
    assert card in chen.last.text
    await chen.presses(f"set_calls:{canteen}:check_by")
    await chen.says("20:00")
    await chen.taps(chen.last.buttons[0])
    assert order in chen.last.text
    await house.at("2026-11-23 10:00")
    await lin.says("/calls")
    await lin.taps(following)
    assert why in lin.last.text
    await lin.taps(later)
    assert noted in lin.last.text
    await lin.taps(reached)
    await lin.taps(undo)
    mine = await PhoneCall.in_hand((await lin.person()).id)
    assert mine is not None
    await house.at("2026-11-23 10:11")
    await chen.says("/calls")
    await chen.taps(following)
    await chen.taps(reached)
    assert over in (await lin.presses(f"phoned:{mine.id}:reached"))[-1].text
    await house.at("2026-11-23 15:00")
    assert any(unreached in message.text for message in chen.heard)
    await house.at("2026-11-23 19:00")
    assert hours in (await lin.says("/calls"))[-1].text
