"""The whole day, on every channel and engine, through real HTTP and real sockets."""

from __future__ import annotations

import pytest

from bot.i18n import LANGUAGES
from tests.day.scenes import CANTEEN, People, live
from tests.day.town import Way, town
from tests.facts import apologies


@pytest.mark.parametrize(("turn", "way"), [(0, "webhook"), (1, "polling"), (2, "webchat")])
async def test_a_lunch_is_lived_from_the_first_word_to_the_last(turn: int, way: Way, db_url: str) -> None:
    # Each day has the four languages on other phones.
    spoken = list(LANGUAGES)
    spoken = spoken[turn + ("postgres" in db_url) :] + spoken[: turn + ("postgres" in db_url)]
    async with town(way, db_url, "2026-11-23 09:00", CANTEEN) as (there, code):
        names = ("Chen", "Lin", "Zhao", "Mei")
        people = [await there.phone(name, language) for name, language in zip(names, spoken, strict=True)]
        await live(there, code, People(*people))
        assert await apologies() == []
