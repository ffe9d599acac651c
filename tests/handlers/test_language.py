"""Four languages, chosen at any moment."""

from __future__ import annotations

import pytest

from bot.i18n import LANGUAGES
from models.people import Account
from tests.fixtures_database import ONE_ENGINE
from tests.house import House

OWN_NAMES = ["English", "简体中文", "繁體中文", "Español"]


@ONE_ENGINE
async def test_every_language_is_offered_by_its_own_name(house: House) -> None:
    wu = house.stranger()
    assert (await wu.says("/language"))[-1].buttons == OWN_NAMES == list(LANGUAGES.values())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("简体中文", "好的，从现在起我跟您说简体中文。"),
        ("繁體中文", "好的，從現在起我跟您說繁體中文。"),
        ("Español", "De acuerdo, desde ahora hablo español con usted."),
        ("English", "All right, from now on I speak English with you."),
    ],
)
async def test_a_language_holds_at_once_and_for_the_menu(house: House, name: str, said: str) -> None:
    wu = house.stranger()
    await wu.says("/language")
    assert (await wu.taps(name))[-1].text == said
    person = await wu.person()
    assert LANGUAGES[person.language] == name
    assert (await Account.get(person_id=person.id)).menu.startswith(person.language)
    assert (await wu.says("/language"))[-1].buttons == OWN_NAMES


@ONE_ENGINE
@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-TW", "zh_Hant"), ("zh-hans", "zh_Hans"), ("es-MX", "es"), ("de", "en"), ("", "en")],
)
async def test_the_first_language_is_guessed_from_the_channel(house: House, tag: str, language: str) -> None:
    wu = house.stranger(language=tag)
    await wu.says("hm")
    assert (await wu.person()).language == language


@ONE_ENGINE
@pytest.mark.parametrize("code", ["xx", "../../etc", "EN"])
async def test_a_forged_language_changes_nothing(house: House, code: str) -> None:
    wu = house.stranger()
    await wu.says("/language")
    assert "no longer there" in (await wu.presses(f"speak:{code}"))[-1].text
    assert (await wu.person()).language == "en"
