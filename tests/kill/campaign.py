"""End the house again and again while people use it, then let it finish and look at what is left."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from tests.kill.life import Installation
from tests.kill.look import Report
from tests.kill.scene import FAMILIES, opened
from tests.kill.windows import Window

LATEST_PASSAGE = 15
LATEST_MOMENT = 1.5
"""Seconds after the start of a process within which it is ended from outside."""
LONGEST_STOP = 5.0
"""Seconds that a process has for ending in good order."""
LONGEST_LIFE = 30.0


async def campaign(
    folder: Path,
    database_url: str,
    windows: Sequence[Window],
    *,
    webhook: bool,
    seed: int,
    families: int = FAMILIES,
) -> Report:
    """End one process after another, once in each of the windows; AssertionError tells what went wrong."""
    chance, report, began = random.Random(seed), Report(seed), time.monotonic()
    async with opened(folder, database_url, families=families) as scene:
        house = scene.installation(webhook=webhook)
        async with asyncio.timeout(LONGEST_LIFE * (len(windows) + 2)), scene.busy():
            for window in windows:
                await end(house, window, chance)
                report.ends[window] += 1
            last = await house.start()
        await scene.end([last], house.lives, report)
    report.seconds = time.monotonic() - began
    return report


async def end(house: Installation, window: Window, chance: random.Random) -> None:
    """Start a process and see it end as planned."""
    life = await house.start(window, chance.randint(1, LATEST_PASSAGE))
    if window is Window.STOPPED:
        await life.works()
        await asyncio.sleep(chance.uniform(0, LATEST_MOMENT))
        asked = time.monotonic()
        assert await life.stop() == 0, house.logged()
        assert time.monotonic() - asked < LONGEST_STOP
        assert not life.in_hand, "it left what it had sent without a mark"
        return
    if window is Window.RANDOM:
        await asyncio.sleep(chance.uniform(0, LATEST_MOMENT))
        life.kill()
    status = await life.died()
    assert status == -signal.SIGKILL, f"it ended by itself, with {status}: {house.logged()}"
    assert window is Window.RANDOM or life.killed_in is window
