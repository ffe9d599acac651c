"""Whatever somebody writes, sends or presses: a clear sentence, nothing lost, and the next message works."""

from __future__ import annotations

from typing import Final

import pytest
import pytest_asyncio

from bot.app import load_features
from handlers import words
from handlers.chat import REGISTRY
from models.people import Role
from models.seniors import Senior
from tests.facts import apologies
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import WANG, gives, pending, registers
from tests.house import House, Phone
from tests.neighbours import Neighbour, two_canteens
from tests.nonsense import ANSWERS, HARMLESS
from tests.played import played_once

load_features()

HELP: Final = "Tap or write one of these words:"

# One of each kind, for where all of them would take too long.
FEW: Final = {
    name: HARMLESS[name] for name in ("/nosuchword", "button q:x:y:z", "sticker", "a changed message")
}
FIRST_ROLES: Final = (Role.COORDINATOR, Role.VOLUNTEER, Role.FAMILY, Role.STRANGER)


@pytest_asyncio.fixture
@played_once
async def ours(house: House) -> Neighbour:
    return (await two_canteens(house))[0]


async def works(phone: Phone) -> bool:
    """Tell whether the next message works."""
    return any(message.text.startswith(HELP) for message in await phone.says("/help"))


async def answers_kept(phone: Phone) -> list[object] | None:
    """Read the open conversation's question and answers."""
    open_ = await pending(phone)
    return None if open_ is None else [open_.id, open_.pending, open_.answers]


@pytest.mark.parametrize("role", FIRST_ROLES)
@ONE_ENGINE
async def test_nothing_that_is_said_or_pressed_needs_an_apology(
    ours: Neighbour, house: House, role: Role
) -> None:
    phone = ours.phones.get(role) or house.stranger()
    for name, act in (ANSWERS | HARMLESS).items():
        assert await act(phone), f"{name!r} gets no answer"
        assert await apologies() == [], f"{name!r} fails"
        await phone.says("/cancel")
    assert await works(phone)


@ONE_ENGINE
async def test_the_first_question_of_every_command_bears_everything(ours: Neighbour, house: House) -> None:
    for command in REGISTRY.commands.values():
        role = next((role for role in FIRST_ROLES if role in command.for_), Role.KITCHEN)
        phone = ours.phones.get(role) or house.stranger()
        await phone.says(f"/{command.name}")
        asked = await answers_kept(phone)
        for name, act in FEW.items():
            assert await act(phone), f"/{command.name}: {name!r} gets no answer"
            assert await answers_kept(phone) == asked, f"/{command.name}: {name!r} changes what was answered"
        for name, act in ANSWERS.items() if asked else ():
            if await pending(phone) is None:
                await phone.says(f"/{command.name}")
            assert await act(phone), f"/{command.name}: {name!r} gets no answer"
        assert await apologies() == [], f"/{command.name} fails"
        assert await works(phone)
        await phone.says("/cancel")


@ONE_ENGINE
async def test_every_question_of_a_registration_bears_everything(house: House) -> None:
    await house.canteen()
    mei = await house.family("Mei")
    for key in WANG:
        await registers(mei, until=key)
        asked = await answers_kept(mei)
        for name, act in FEW.items():
            assert await act(mei), f"{key}: {name!r} gets no answer"
            assert await answers_kept(mei) == asked, f"{key}: {name!r} changes what was answered"
        for name, act in ANSWERS.items():
            assert await act(mei), f"{key}: {name!r} gets no answer"
            await back_to(mei, key)
        assert await apologies() == [], f"{key} fails"
    assert await works(mei)
    await registers(mei)
    assert await Senior.all().count() >= 1


async def back_to(phone: Phone, key: str) -> None:
    """Return to a question whose answer was taken; a form that was finished by it is begun anew."""
    while (open_ := await pending(phone)) is not None and open_.pending != key:
        before = await answers_kept(phone)
        await phone.says("/back")
        assert await answers_kept(phone) != before
    if open_ is None:
        await registers(phone, until=key)


@ONE_ENGINE
@pytest.mark.parametrize(
    "name",
    [
        "{name} {0} {",
        "<b>Wang</b> & <i>Co</i>",
        "👵🏽 Wang 🍜",
        "‏ونغ غويفن‎",
        "Wang \u202eneifiuG",
        "%s %(x)s",
        "O'Brien\\",
        "_Wang_ *Guifen* [x](y)",
    ],
)
async def test_a_strange_name_is_kept_and_said_as_it_is(house: House, name: str) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family("Mei")
    await registers(mei, {**WANG, "who": f"Wang Guifen, 1941, {name}"})
    senior = await Senior.get()
    visible = "".join(char for char in name if char not in "\u200e\u200f\u202e")
    assert senior.called == visible.strip()
    await chen.taps("Accept")
    await house.at("2026-11-23 16:01")
    assert any(visible in message.text for message in chen.heard)
    assert await apologies() == []


@ONE_ENGINE
@pytest.mark.parametrize("size", [200, 201, 10_000])
async def test_a_name_is_as_long_as_it_may_be(house: House, size: int) -> None:
    await house.canteen()
    wu = house.stranger("Wu")
    await wu.says("/register")
    before = await answers_kept(wu)
    heard = await wu.says(f"{'W' * (size - 9)}, 1941, W")
    assert heard
    assert (await answers_kept(wu) == before) == (size > 200)
    assert await apologies() == []


@ONE_ENGINE
async def test_a_button_pressed_twice_does_its_thing_once(house: House) -> None:
    canteen = await house.canteen()
    mei = await house.family("Mei", canteen=canteen)
    await registers(mei, until="sure")
    yes = next(data for label, data in mei.last.keys if data.endswith(":yes"))
    await mei.presses(yes, event="press-1")
    await mei.presses(yes, event="press-1")
    again = await mei.presses(yes)
    assert await Senior.all().count() == 1
    assert [message.text.split("\n\n")[0] for message in again] == [words.STALE_BUTTON.message]
    assert await apologies() == []


@ONE_ENGINE
async def test_a_button_of_yesterday_answers_nothing_today(house: House) -> None:
    await house.canteen()
    mei = await house.family("Mei")
    await registers(mei, until="alone")
    old = [data for _label, data in mei.last.keys if data.startswith("q:")]
    await mei.says("/cancel")
    await house.at("2026-11-24 09:00")
    await registers(mei, until="alone")
    asked = await answers_kept(mei)
    for data in old:
        heard = await mei.presses(data)
        assert any(words.STALE_BUTTON.message in message.text for message in heard)
        assert await answers_kept(mei) == asked
    assert await apologies() == []


@ONE_ENGINE
async def test_a_command_in_the_middle_of_a_form_loses_nothing(ours: Neighbour) -> None:
    chen = ours.phones[Role.COORDINATOR]
    known = await Senior.all().count()
    await registers(chen, until="contact")
    form = await pending(chen)
    assert form is not None
    for name in REGISTRY.commands:
        await chen.says(f"/{name}")
        other = await pending(chen)
        if other is not None and other.id != form.id:
            await chen.says("/cancel")
            await chen.taps("Continue")
        kept = await pending(chen)
        assert kept is not None, f"/{name} loses the form"
        assert (kept.id, kept.pending, kept.answers) == (form.id, form.pending, form.answers)
    assert await apologies() == []
    await gives(chen, WANG["contact"])
    await registers(chen)
    assert await Senior.all().count() == known + 1
