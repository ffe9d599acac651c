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
from tests.kill.campaign import LONGEST_LIFE, end
from tests.kill.front import front
from tests.kill.life import Life
from tests.kill.look import Report
from tests.kill.scene import opened
from tests.kill.windows import KILLS

TAKEN_OVER_WITHIN = 10.0

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.postgres]

Note = Callable[[str, object], None]


async def test_two_processes_share_the_work_while_one_is_killed_again_and_again(
    postgres_url: str, tmp_path: Path, record_property: Note
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance, report = random.Random(seed), Report(seed)
    windows = list(KILLS) * 2
    chance.shuffle(windows)
    async with opened(tmp_path, postgres_url) as scene:
        steady, mortal = scene.installation(webhook=True), scene.installation(webhook=True)
        async with front([steady.port, mortal.port]) as port:
            steady.webhook = mortal.webhook = port
            running = [await steady.start()]
            async with asyncio.timeout(LONGEST_LIFE * (len(windows) + 2)), scene.busy():
                for window in windows:
                    await end(mortal, window, chance)
                    report.ends[window] += 1
                running.append(await mortal.start())
            await scene.end(running, [*steady.lives, *mortal.lives], report)
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
