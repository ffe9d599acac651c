"""Two processes serve one canteen; either may die at any moment."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.database import connect, disconnect
from models.messaging import Lease
from tests.kill.campaign import LATEST_MOMENT, LONGEST_LIFE, end
from tests.kill.front import front
from tests.kill.life import Life
from tests.kill.look import Report
from tests.kill.scene import opened
from tests.kill.windows import Window

KILLED = 4
TURN = (Window.BEFORE_COMMIT, Window.BEFORE_ACKNOWLEDGEMENT)
TAKEN_OVER_WITHIN = 10.0

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.postgres]

Note = Callable[[str, object], None]


async def test_two_processes_share_the_work_while_one_is_killed_again_and_again(
    postgres_url: str, tmp_path: Path, record_property: Note
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance, report = random.Random(seed), Report(seed)
    # Connections that are kept would all stay with the process that did not die: the other would get no turn.
    async with opened(tmp_path, postgres_url, keep_alive=False) as scene:
        houses = [scene.installation(webhook=True) for _ in range(2)]
        async with front([house.port for house in houses]) as port:
            for house in houses:
                house.webhook = port
            lives = [await house.start() for house in houses]
            async with asyncio.timeout(LONGEST_LIFE * (KILLED + 2)), scene.busy():
                for number in range(KILLED):
                    await asyncio.sleep(chance.uniform(0, LATEST_MOMENT))
                    lives[number % 2].kill()
                    await lives[number % 2].died()
                    report.ends[Window.RANDOM] += 1
                    # Turns come to both, whoever sends: the next one dies in a turn's window.
                    window = chance.choice(TURN)
                    await end(houses[number % 2], window, chance)
                    report.ends[window] += 1
                    lives[number % 2] = await houses[number % 2].start()
            await scene.end(lives, [life for house in houses for life in house.lives], report)
    record_property("note", str(report))


async def test_whoever_is_left_takes_over_receiving_and_sending_within_seconds(
    postgres_url: str, tmp_path: Path, record_property: Note
) -> None:
    waits = []
    async with opened(tmp_path, postgres_url) as scene:
        houses = [scene.installation(webhook=False) for _ in range(2)]
        lives = [await house.start() for house in houses]
        wu = scene.telegram.user("Wu")
        for _ in range(3):
            await wu.starts()
            await wu.hears("Who are you?", timeout=60)
            holder = await _holder(postgres_url, lives)
            lives[holder].kill()
            await lives[holder].died()
            died = time.monotonic()
            await wu.says("/start")
            await wu.hears("Who are you?", timeout=60)
            waits.append(time.monotonic() - died)
            lives[holder] = await houses[holder].start()
    record_property(
        "note", "first answer after the death of the poller: " + ", ".join(f"{it:.1f} s" for it in waits)
    )
    assert max(waits) < TAKEN_OVER_WITHIN


async def _holder(url: str, lives: list[Life]) -> int:
    """Tell which process receives."""
    await connect(url)
    try:
        owner = (await Lease.get(name="poller:telegram")).owner
    finally:
        await disconnect()
    return [str(life.pid) for life in lives].index(owner.split(":")[1])
