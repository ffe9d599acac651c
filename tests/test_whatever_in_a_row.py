"""Any row of sentences, presses and files, from anybody: each is answered, and the next message works."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import load_features
from bot.channels import Kind
from bot.database import connect, disconnect
from handlers.chat import REGISTRY
from models.people import Person, Role
from tests.facts import apologies
from tests.house import House, Phone
from tests.neighbours import two_canteens
from tests.nonsense import GARBAGE, MISSHAPEN, SENT, SLASHES, UNREADABLE

load_features()

ROLES: Final = (Role.COORDINATOR, Role.VOLUNTEER, Role.FAMILY, Role.STRANGER)
OTHERWISE: Final = (*SENT, Kind.EDITED, Kind.LOCATION)

texts = st.sampled_from(UNREADABLE) | st.text(max_size=40)
commands = st.sampled_from([f"/{name}" for name in REGISTRY.commands] + [*SLASHES, "/back", "/cancel"])
numbers = st.integers(-1, 40).map(str) | st.just("99999999999999999999")
data = st.sampled_from([*GARBAGE, *MISSHAPEN]) | st.builds(
    lambda name, rest: ":".join([name, *rest])[:64],
    st.sampled_from([*REGISTRY.buttons, "q", "k"]),
    st.lists(numbers | st.sampled_from(["2026-11-24", "x", "name", "in_person", "volunteer"]), max_size=3),
)
steps = st.lists(
    st.tuples(st.just("says"), texts | commands)
    | st.tuples(st.just("presses"), data)
    | st.tuples(st.just("taps"), st.integers(0, 30).map(str))
    | st.tuples(st.just("sends"), st.sampled_from([kind.value for kind in OTHERWISE])),
    min_size=1,
    max_size=12,
)


@pytest.mark.fuzz
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@settings(max_examples=max(15, settings.default.max_examples // 4))
@given(role=st.sampled_from(ROLES), did=steps)
def test_whatever_comes_in_a_row_is_answered(db_url: str, role: Role, did: list[tuple[str, str]]) -> None:
    asyncio.run(plays(db_url, role, did))


async def plays(url: str, role: Role, did: list[tuple[str, str]]) -> None:
    await connect(url)
    try:
        house = House()
        canteen = (await two_canteens(house))[0].canteen if not await Person.exists() else None
        await house.at("2026-11-24 10:30")
        name = f"Somebody {await Person.all().count()}"
        phone = house.stranger(name) if role is Role.STRANGER else await house.member(name, role, canteen)
        await phone.says("/start")
        for what, given_ in did:
            assert await does(phone, what, given_), f"{what} {given_!r} gets no answer"
            assert await apologies() == [], f"{what} {given_!r} fails"
        assert any("/help" in message.text for message in await phone.says("/help"))
    finally:
        await disconnect()


async def does(phone: Phone, what: str, given_: str) -> bool:
    """Do one step; tell whether it was answered."""
    if what == "says":
        return bool(await phone.says(given_)) or not given_.strip()
    if what == "presses":
        return bool(await phone.presses(given_))
    if what == "sends":
        return bool(await phone.sends(Kind(given_)))
    keys = [key for message in phone.heard[-3:] for _label, key in message.keys]
    # A card that shows the same as before is left as it is.
    await phone.presses(keys[int(given_) % len(keys)] if keys else "")
    return True
