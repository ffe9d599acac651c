"""What people say in their own words, and the command that they mean by it."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from bot.i18n import LANGUAGES, phrases_of, render
from bot.understanding import GAP, meant
from handlers.chat import ANYONE, REGISTRY
from handlers.start import NEEDS
from models.people import Role
from tests.fixtures_database import ONE_ENGINE
from tests.house import House

SPOKEN: Final = [*REGISTRY.commands.values(), *REGISTRY.buttons.values()]

SAID: Final[dict[tuple[Role, str, str], str]] = {
    (Role.FAMILY, "en", "status"): (
        "did mum eat?|has dad eaten|Has Grandma Wang eaten today?|did my mother have her lunch? did she eat"
        "|hi, did Mom eat today|How is lunch today?|where is lunch"
    ),
    (Role.FAMILY, "zh_Hans", "status"): (
        "我妈今天吃了吗|妈妈吃饭了吗|王奶奶吃了没有？|爸爸吃过午饭了吗|你好，妈妈吃了吗|今天的午饭怎么样了？"
    ),
    (Role.FAMILY, "zh_Hant", "status"): (
        "媽媽吃了嗎|我媽今天吃飯了嗎|阿嬤吃飽沒|媽媽食咗飯未|今天的午餐怎麼樣了？"
    ),
    (Role.FAMILY, "es", "status"): (
        "¿ha comido mi madre?|ha comido ya mi padre|¿comio mama?|¿Ya almorzó?|¿Qué tal la comida de hoy?"
    ),
    (Role.FAMILY, "en", "skip"): (
        "no lunch tomorrow, please|Mum is away tomorrow|she won't be home|not today|No lunch on one day"
        "|Dad doesn't need lunch today"
    ),
    (Role.FAMILY, "zh_Hans", "skip"): "明天不吃|妈妈明天不在家|明天妈妈不吃|今天不用送了|某天不吃",
    (Role.FAMILY, "zh_Hant", "skip"): "明天不吃|明天媽媽不用餐|聽日唔食|取消午餐|某天不用餐",
    (Role.FAMILY, "es", "skip"): "mañana no come|manana no|Hoy no, gracias|Un día sin comida",
    (Role.FAMILY, "en", "pause"): "no lunch for some days|away for a week|pause lunch",
    (Role.FAMILY, "zh_Hans", "pause"): "先停几天|这几天不用送|停一个星期",
    (Role.FAMILY, "zh_Hant", "pause"): "暫停幾天|先停幾天|停一個星期",
    (Role.FAMILY, "es", "pause"): "parar unos días|estos días no",
    (Role.FAMILY, "en", "in_hospital"): (
        "Mum is in hospital|she was taken to hospital last night, no lunch for some days"
        "|Dad is in the hospital"
    ),
    (Role.FAMILY, "zh_Hans", "in_hospital"): "妈妈住院了|我妈昨晚住院了, 这几天不用送|今天不吃，她送医院了",
    (Role.FAMILY, "zh_Hant", "in_hospital"): "媽媽住院了|我媽昨晚住院了，這幾天不用送|阿嬤在醫院，先停幾天",
    (
        Role.FAMILY,
        "es",
        "in_hospital",
    ): "mi madre está en el hospital|han ingresado a papá: está ingresado|estos días no, está ingresada",
    (Role.FAMILY, "en", "unwell"): "mum is not well|she feels sick today",
    (Role.FAMILY, "zh_Hans", "unwell"): "妈妈不舒服|她生病了",
    (Role.FAMILY, "zh_Hant", "unwell"): "媽媽不舒服|她發燒",
    (Role.FAMILY, "es", "unwell"): "mamá no se encuentra bien|tiene fiebre",
    (
        Role.FAMILY,
        "en",
        "another_way",
    ): "she comes to the canteen tomorrow|a guest comes along|one more lunch please",
    (Role.FAMILY, "zh_Hans", "another_way"): "明天她来食堂吃|明天有客人|明天改成堂食|多订一份",
    (Role.FAMILY, "zh_Hant", "another_way"): "明天她來據點吃|明天有客人|改成自取",
    (
        Role.FAMILY,
        "es",
        "another_way",
    ): "mañana viene al comedor|mañana hay una comida más|mañana tiene invitados",
    (Role.FAMILY, "en", "resume"): (
        "Mum is back|please start lunch again|she is back home|she came home from hospital|out of hospital"
    ),
    (Role.FAMILY, "zh_Hans", "resume"): "妈妈回来了|妈妈出院了，可以送了|住院的妈妈出院了|恢复送餐",
    (Role.FAMILY, "zh_Hant", "resume"): "媽媽回來了|媽媽出院了|恢復送餐",
    (Role.FAMILY, "es", "resume"): "mamá ha vuelto|ya está en casa|ha salido del hospital",
    (Role.VOLUNTEER, "en", "my"): (
        "take me off tomorrow|I can't come|I cannot make it on Friday|I’m sick|when am I on?|My shifts"
        "|can I give my shift back"
    ),
    (Role.VOLUNTEER, "zh_Hans", "my"): "我来不了|我明天有事去不了|请假|我什么时候去？|我的班",
    (Role.VOLUNTEER, "zh_Hant", "my"): "我不能來|明天沒辦法去|請假|我的班",
    (Role.VOLUNTEER, "es", "my"): "no puedo ir|mañana no puedo ir|¿Cuándo me toca?|quíteme mañana|Mis turnos",
    (Role.VOLUNTEER, "en", "shifts"): "I want to help|open shifts|when can I help?",
    (Role.VOLUNTEER, "zh_Hans", "shifts"): "我想帮忙|我要报名|哪些班缺人",
    (Role.VOLUNTEER, "zh_Hant", "shifts"): "我想幫忙|我要報名|哪些班缺人",
    (Role.VOLUNTEER, "es", "shifts"): "quiero ayudar|turnos libres|quiero apuntarme",
    (Role.VOLUNTEER, "en", "round"): "where do I go?|my round",
    (Role.VOLUNTEER, "zh_Hans", "round"): "下一户去哪家|我这一趟",
    (Role.VOLUNTEER, "es", "round"): "mi ruta|adonde voy",
    (Role.VOLUNTEER, "zh_Hans", "hours"): "我有多少小时了|我的服务时长",
    (Role.COORDINATOR, "en", "today"): "how is today going|today",
    (Role.COORDINATOR, "zh_Hans", "today"): "今天怎么样",
    (Role.COORDINATOR, "zh_Hans", "kitchen"): "今天多少份",
    (Role.COORDINATOR, "en", "settings"): "settings",
    (Role.COORDINATOR, "zh_Hant", "settings"): "設定",
    (Role.COORDINATOR, "es", "broadcast"): "avisar a todos",
    (Role.STRANGER, "en", "start"): "I would like to help|good morning",
}


@pytest.mark.parametrize(("role", "language", "name"), SAID)
def test_own_words_reach_the_command_that_is_meant(role: Role, language: str, name: str) -> None:
    found = {
        words: command.name if (command := meant(words, language, frozenset({role}))) else None
        for words in SAID[role, language, name].split("|")
    }
    assert found == dict.fromkeys(found, name)


def test_chinese_is_understood_by_whoever_reads_english_and_the_reverse() -> None:
    family = frozenset({Role.FAMILY})
    asked = [meant("妈妈吃了吗", "en", family), meant("did mum eat?", "zh_Hans", family)]
    assert [command.name for command in asked if command] == ["status", "status"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_reaches_its_own_command_whatever_else_one_may_do(language: str) -> None:
    astray = []
    for command in SPOKEN:
        for phrase in phrases_of(command.phrases, language) if command.phrases else []:
            for roles in [*({role} for role in command.for_), ANYONE]:
                reached = meant(phrase.replace(GAP, " "), language, frozenset(roles))
                if reached is not command:
                    astray.append((phrase, command.name, reached and reached.name))
    assert astray == []


def test_no_phrase_is_two_commands() -> None:
    spoken = [
        (phrase, command.name)
        for command in SPOKEN
        if command.phrases
        for language in LANGUAGES
        for phrase in phrases_of(command.phrases, language)
    ]
    often = Counter(phrase for phrase, _name in set(spoken))
    assert [phrase for phrase, times in often.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_start_button_do_what_the_button_does(language: str) -> None:
    astray = []
    for role, needs in NEEDS.items():
        for need in needs:
            label = render(need.label, language=language, zone="UTC", links=lambda _code: []).text
            reached = meant(label, language, frozenset({role}))
            if reached is None or f"/{reached.name}" != need.action:
                astray.append((label, need.action, reached and reached.name))
    assert astray == []


@ONE_ENGINE
async def test_a_family_and_a_volunteer_talk_in_their_own_words(house: House) -> None:
    await house.canteen()
    mei, lin = await house.family(language="zh-CN"), await house.volunteer(language="es")
    assert "您还没有关心哪位老人家的午饭" in (await mei.says("我妈今天吃了吗"))[-1].text
    assert "no tiene ningún turno" in (await lin.says("mañana no puedo ir"))[-1].text


def test_words_that_mean_nothing_to_us_are_not_guessed_at() -> None:
    for words in ("the weather is fine", "今天天气很好", "hace buen tiempo", "…", ""):
        for role in ANYONE - {Role.COORDINATOR}:
            assert meant(words, "en", frozenset({role})) is None, words
