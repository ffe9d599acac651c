"""Everything is brought three times, in an order of its own for each chat; it happens once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kill.look import Report
from tests.kill.scene import opened
from tests.telegram_server import RemoteTelegram

TIMES = 3
WHILE_BUSY = 2.0
"""Seconds during which new people come."""


@pytest.mark.kill
@pytest.mark.slow
async def test_updates_that_come_three_times_in_any_order_are_lived_once(
    db_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance, report = random.Random(seed), Report(seed)
    async with opened(tmp_path, db_url, families=4) as scene:
        house = scene.installation(webhook=True)
        life = await house.start()
        async with asyncio.timeout(400), scene.busy():
            await life.works()
            until = asyncio.get_running_loop().time() + WHILE_BUSY
            while asyncio.get_running_loop().time() < until:
                await _bring_again(scene.telegram, chance)
        while await _bring_again(scene.telegram, chance):
            pass
        brought = Counter(delivery["update_id"] for delivery in scene.telegram.deliveries)
        assert min(brought.values()) >= TIMES
        await scene.end([life], house.lives, report)
    assert report.repeated == 0
    record_property("note", f"{report}; {len(brought)} updates brought {brought.total()} times")


async def _bring_again(telegram: RemoteTelegram, chance: random.Random) -> bool:
    """Bring again, in any order, what did not come often enough so far; False when all of it did."""
    brought = Counter(delivery["update_id"] for delivery in telegram.deliveries)
    seldom = [update for update, times in brought.items() for _ in range(TIMES - times)]
    chance.shuffle(seldom)
    for update in seldom:
        telegram.redeliver(update)
    await telegram.attempted(brought.total() + len(seldom), timeout=60)
    return bool(seldom)
