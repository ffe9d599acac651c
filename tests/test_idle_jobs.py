"""What the jobs do when nothing is due: they look, and hold up no turn."""

from __future__ import annotations

import pytest

from bot.conversations import REGISTRY
from bot.database import WouldWrite, only_looking
from bot.scheduler import name_of
from bot.speech import Mailbag, Post
from tests.handlers.closures import a_town
from tests.house import House

MOMENTS = ("2026-11-23 20:30", "2026-11-24 11:00", "2026-11-24 15:00", "2026-11-28 09:00")
"""Local times: the day before, during the rounds, after the report, on a day without lunch."""


async def wrote(house: House) -> list[str]:
    """Run every job once, none of which has anything to do; name those that write or say something new."""
    names = []
    for _seconds, job in REGISTRY.jobs:
        mail = Mailbag(house.now)
        try:
            with only_looking():
                more = await job(mail)
                busy = bool(more) or bool(await Post(house.now).write(mail.said))
        except WouldWrite:
            busy = True
        if busy:
            names.append(name_of(job))
    return names


async def test_a_house_without_a_canteen_only_looks(house: House) -> None:
    assert await wrote(house) == []


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_canteen_for_which_nothing_is_due_is_only_looked_at(house: House, moment: str) -> None:
    await a_town(house)
    await house.at(moment)
    assert await wrote(house) == []
