"""Whoever presses whatever in whatever order: only those who carry an address read it, in their window."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest
from hypothesis import settings

from handlers.chat import REGISTRY
from tests.facts import apologies
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.window import watched
from tests.house import House
from tests.neighbours import TODAY
from tests.test_roles import arguments, plausible, pressed

AT_LENGTH: Final = settings.default.max_examples > 1000
DRAWS: Final = 150 if AT_LENGTH else 3
HOURS: Final = ("10:31", "11:30", "13:59", "14:00")


@pytest.mark.fuzz
@ONE_ENGINE
async def test_whoever_presses_whatever_reads_no_address_outside_the_window(
    house: House, record_property: Any
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    record_property("note", f"seed {seed}")
    print(f"seed {seed}")
    dice = random.Random(seed)
    watchers = await watched(house, "08:59")
    there = await plausible(watchers.ours)
    names = [name for name in REGISTRY.buttons if set(arguments(name)) <= there.keys()]
    # At the desk whoever signs guests in must know whom; in the kitchen nobody is named.
    kitchen = [name for name in names if not name.startswith("desk")]
    carrier, gao = watchers.roles["carrier"], watchers.roles["no place"]

    async def everybody_draws() -> None:
        for phone in watchers.phones:
            did = []
            drawn = kitchen if phone is watchers.roles["cook"] else names
            for _draw in range(DRAWS):
                if dice.random() < 0.25:
                    did.append(f"/{dice.choice(list(REGISTRY.commands))}")
                    await phone.says(did[-1])
                else:
                    data = list(pressed(dice.choice(drawn), there))
                    did.append(dice.choice(data))
                    await phone.presses(did[-1])
            await phone.says("/cancel")
            await watchers.look(did)
        await house.tick()
        await watchers.look("the jobs")

    await everybody_draws()
    await house.at(f"{TODAY} 10:30")
    await carrier.says("/round")
    if watchers.reads(carrier):
        await carrier.presses(f"hand_all:{watchers.ours.shift.id}:{watchers.persons[gao.address].id}")
        await gao.taps("Yes, I take them")
        await watchers.look("the answer")
    for hour in HOURS:
        await house.at(f"{TODAY} {hour}")
        await watchers.look(f"{hour} has come")
        await everybody_draws()
    assert await apologies() == []
