"""One process of a closing hour: orders close, meals are made, lists are queued.

Run as `python -m tests.bench.closing URL`, it says "ready", waits for a line, works until nothing is due,
and says its megabytes at the highest.
"""

from __future__ import annotations

import asyncio
import resource
import sys

from bot.app import collect_rarely, load_features
from bot.database import connect, disconnect
from bot.scheduler import Scheduler
from handlers.calendar import close_orders
from handlers.roster import tell_the_coordinators
from models.fields import use_keys
from tests.bench.roster import CLOSING
from tests.fixtures_database import KEYS
from tests.house import TestClock


async def close(url: str) -> None:
    """Do what falls due at the closing hour."""
    use_keys(KEYS)
    load_features()
    await connect(url)
    try:
        scheduler = Scheduler(TestClock(CLOSING))
        collect_rarely()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        assert await scheduler.run(close_orders)
        assert await scheduler.run(tell_the_coordinators)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)
    finally:
        await disconnect()


if __name__ == "__main__":
    asyncio.run(close(sys.argv[1]))
