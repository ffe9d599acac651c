"""Conversations that older releases began: today's code must go on with each of them.

A journal is what such a release had recorded. It is added when a conversation's questions change, and stays.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.messaging import Conversation
from models.people import Account
from models.seniors import Senior
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import gives
from tests.house import House

JOURNALS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent.parent / "journals").glob("*.json"))
}


@ONE_ENGINE
@pytest.mark.parametrize("name", JOURNALS)
async def test_a_conversation_of_an_older_release_goes_on(house: House, name: str) -> None:
    journal = JOURNALS[name]
    await house.canteen()
    await house.coordinator()
    mei = await house.family()
    account = await Account.get(address=mei.address)
    await Conversation.create(
        person_id=account.person_id,
        account_id=account.id,
        script=journal["script"],
        args=journal["args"],
        answers=journal["answers"],
        pending=journal["pending"],
        began_at=house.now,
        touched_at=house.now,
    )
    for given in journal["then"]:
        await gives(mei, given)
    assert journal["says"] in mei.last.text
    assert await Senior.all().count() == journal.get("seniors", 1)


def test_there_are_journals() -> None:
    assert len(JOURNALS) >= 4
