"""Play the registration of a senior, question by question, in any language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.messaging import Conversation
from models.people import Account
from tests.house import Heard, Phone

Given = str | list[str]

TAP: Final = ">"  # before the value of a button
WANG: Final[Mapping[str, Given]] = {
    "who": "Wang Guifen, 1941, Grandma Wang",
    "phone": "021 5555 0101",
    "where": "5 Ping'an Lane, building 3, door 201",
    "door": "Ring long, she hears badly.\nAsk Mrs Li at 302.",
    "days": [],
    "labels": ["low_salt"],
    "texture": ">soft",
    "allergies": ["fish", "peanuts"],
    "contact": "Li Ming, her son, 139 1234 5678",
    "alone": ">yes",
    "agreed": ">yes",
    "sure": ">yes",
}
DINE_IN: Final[Mapping[str, Given]] = {
    "who": WANG["who"],
    "phone": WANG["phone"],
    "where": ">dine_in",
    "address": "5 Ping'an Lane, building 3, door 201",
    **{key: given for key, given in WANG.items() if key not in ("who", "phone", "where", "door")},
}


async def pending(phone: Phone) -> Conversation | None:
    """Find the open conversation of a phone."""
    return await Conversation.filter(person__accounts__address=phone.address, parked_at=None).first()


async def picks(phone: Phone, value: str) -> list[Heard]:
    """Tap a button of the open question by its value."""
    open_ = await pending(phone)
    assert open_ is not None
    return await phone.presses(f"q:{open_.id}:{open_.pending}:{value}")


async def gives(phone: Phone, given: Given) -> list[Heard]:
    """Answer the open question."""
    if isinstance(given, list):
        for value in given:
            await picks(phone, f"+{value}")
        return await picks(phone, "/done")
    return await (picks(phone, given[1:]) if given.startswith(TAP) else phone.says(given))


async def is_at(phone: Phone, key: str, given: Mapping[str, Given] = WANG) -> None:
    """Let a phone be at a question of the form, all before it answered, as if it had walked there."""
    before = list(given)[: list(given).index(key)]
    account = await Account.get(address=phone.address)
    await Conversation.create(
        person_id=account.person_id,
        account_id=account.id,
        script="command:register",
        args=[""],
        answers=[[one, _recorded(given[one])] for one in before],
        pending=key,
        began_at=phone.house.now,
        touched_at=phone.house.now,
    )


def _recorded(given: Given) -> str:
    return ",".join(given) if isinstance(given, list) else given.removeprefix(TAP)


async def has_registered(phone: Phone, given: Mapping[str, Given] = WANG) -> None:
    """Send the filled form."""
    await is_at(phone, "sure", given)
    await gives(phone, given["sure"])


async def registers(
    phone: Phone, given: Mapping[str, Given] = WANG, *, until: str | None = None
) -> list[str]:
    """Answer every question up to `until` (or the end); return the keys in the order asked."""
    open_ = await pending(phone)
    if open_ is None:
        await phone.says("/register")
        open_ = await pending(phone)
    asked: list[str] = []
    while open_ is not None and open_.pending is not None and open_.pending != until:
        asked.append(open_.pending)
        assert len(asked) < 20, asked
        await gives(phone, given[open_.pending])
        open_ = await pending(phone)
    return asked
