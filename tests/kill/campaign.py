"""Kill the house again and again while people use it, then let it finish and look at what is left."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from tests.kill.furnish import furnish
from tests.kill.life import Cradle, Installation
from tests.kill.load import Coordinator, Crowd, Volunteer
from tests.kill.look import Report, look, settled
from tests.kill.windows import Window
from tests.telegram_server import UNPACED, RemoteTelegram

LATEST_PASSAGE = 15
LATEST_MOMENT = 1.5
"""Seconds after the start of a process within which the parent kills it."""
VOLUNTEERS = 4
RETRY_PAUSES = 0.02
"""What the pauses between Telegram's retries are multiplied with."""


async def campaign(
    folder: Path, database_url: str, windows: Sequence[Window], *, webhook: bool, seed: int
) -> Report:
    """Kill one process after another, once in each of the windows; AssertionError tells what went wrong."""
    chance, report, began = random.Random(seed), Report(seed), time.monotonic()
    async with (
        RemoteTelegram.started(limits=UNPACED, backoff=RETRY_PAUSES, webhook_timeout=5) as telegram,
        Cradle.opened() as cradle,
    ):
        chen = Coordinator(telegram.user("Ms Chen", wrote=True))
        volunteers = [
            Volunteer(telegram.user(f"Volunteer {number}", wrote=True)) for number in range(VOLUNTEERS)
        ]
        await furnish(database_url, chen.user, [volunteer.user for volunteer in volunteers])
        house = Installation(cradle, folder, database_url, telegram.url, telegram.token)
        house.webhook = house.port if webhook else None
        crowd = Crowd(telegram)
        async with asyncio.timeout(20 * len(windows)), asyncio.TaskGroup() as people:
            coming = people.create_task(crowd.come())
            accepting = people.create_task(chen.accept_until_idle(coming, crowd.registered))
            for volunteer in volunteers:
                people.create_task(volunteer.help())
            for window in windows:
                await _kill(house, window, chance)
                report.kills[window] += 1
            last = await house.start()
            crowd.close()
            await coming
            await accepting
        await telegram.delivered(timeout=30)
        await settled(database_url)
        assert await last.stop() == 0, house.logged()
        await look(database_url, telegram, (crowd, chen, volunteers), house.lives, report)
    report.seconds = time.monotonic() - began
    return report


async def _kill(house: Installation, window: Window, chance: random.Random) -> None:
    life = await house.start(window, chance.randint(1, LATEST_PASSAGE))
    if window is Window.RANDOM:
        await asyncio.sleep(chance.uniform(0, LATEST_MOMENT))
        life.kill()
    status = await life.died()
    assert status == -signal.SIGKILL, f"it ended by itself, with {status}: {house.logged()}"
    assert window is Window.RANDOM or life.killed_in is window
