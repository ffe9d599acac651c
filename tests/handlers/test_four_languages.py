"""A stranger becomes a volunteer, in each of the four languages."""

from __future__ import annotations

import pytest

from models.people import Role
from tests.fixtures_database import ONE_ENGINE
from tests.house import House

# hello, who, [help], name, phone, age, [adult], may I, [yes], thanks
# request, [accept], done · welcome, [shifts]
SCENES = {
    "en-GB": (
        "good morning", "Who are you?", "I would like to help as a volunteer", "What is your name?",
        "On which phone number can we reach you?", "How old are you?", "18 or older",
        "that you would like to help?", "Yes, please tell them",
        "as soon as the coordinator has answered", "would like to help as a volunteer at Ping'an Lane.",
        "Accept", "is a volunteer now", "You are a volunteer at Ping'an Lane now.", "Open shifts",
    ),
    "zh-CN": (
        "您好", "请问您是哪一位？", "我想当志愿者", "请问您怎么称呼？",
        "打哪个电话能找到您？", "您多大了？", "18岁或以上", "您想来帮忙吗？", "好，请告诉他们",
        "负责人一回复，我马上告诉您。", "想来Ping'an Lane当志愿者。",
        "同意", "现在是志愿者了", "您现在是Ping'an Lane的志愿者了", "哪些班缺人",
    ),
    "zh-TW": (
        "哈囉", "請問您是哪一位？", "我想當志工", "請問您怎麼稱呼？",
        "打哪個電話能找到您？", "您多大了？", "18歲或以上", "您想來幫忙嗎？", "好，請告訴他們",
        "負責人一回覆，我馬上告訴您。", "想來Ping'an Lane當志工。",
        "同意", "現在是志工了", "您現在是Ping'an Lane的志工了", "哪些班缺人",
    ),
    "es-MX": (
        "buenos días", "¿Quién es usted?", "Quiero ayudar como voluntario", "¿Cómo se llama usted?",
        "¿En qué teléfono podemos localizarle?", "¿Qué edad tiene?", "18 o más",
        "que usted quiere ayudar?", "Sí, dígaselo",
        "En cuanto la coordinación conteste", "quiere ayudar como voluntario en Ping'an Lane.",
        "Aceptar", "ya forma parte del voluntariado", "Ya forma parte del voluntariado de Ping'an Lane.",
        "Turnos libres",
    ),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("tag", SCENES)
async def test_a_stranger_becomes_a_volunteer(house: House, tag: str) -> None:
    (
        hello, who, help_, name, phone, age, adult, may_i, yes, thanks,
        request, accept, done, welcome, shifts,
    ) = SCENES[tag]  # fmt: skip
    await house.canteen()
    chen = await house.coordinator("Ms Chen", language=tag)
    lin = house.stranger("Lin", language=tag)
    await lin.walks(
        (hello, who), (help_, name), ("Lin", phone), ("139 1234 5678", age), (adult, may_i), (yes, thanks)
    )  # fmt: skip
    assert request in chen.last.text
    assert done in (await chen.taps(accept))[-1].text
    assert welcome in lin.last.text
    assert lin.last.buttons == [shifts]
    assert await (await lin.person()).roles() == {Role.VOLUNTEER}


@ONE_ENGINE
@pytest.mark.parametrize(
    ("tag", "nought"), [("zh-CN", "电话：+8613912345678"), ("es", "le atiende Ms Chen: +8613912345678")]
)
async def test_a_person_to_talk_to_is_named_in_the_readers_language(
    house: House, tag: str, nought: str
) -> None:
    canteen = await house.canteen()
    canteen.human_name, canteen.human_phone = "Ms Chen", "+8613912345678"
    await canteen.save()
    assert nought in (await house.stranger("Wu", language=tag).says("0"))[-1].text
