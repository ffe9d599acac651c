"""A month of doors on two real processes that are killed all the time, on each engine."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from bot.database.migrations import migrate_at_start
from models.fields import use_keys
from tests.fixtures_database import KEYS, create_database
from tests.ladder.real import Rehearsal
from tests.postgres import TempPostgres

SENIORS, DAYS, SHARE = 60, 22, 0.04
SPEED = 20.0


async def run() -> None:
    """Live it and print what came of it; a failure is an AssertionError with its seed above it."""
    use_keys(KEYS)
    print(f"\n{DAYS} service days of {SENIORS} seniors, the clock {SPEED:g} times as fast\n")
    with TempPostgres() as postgres:
        for engine in ("sqlite", "postgres"):
            seed = random.SystemRandom().randrange(2**32)
            print(f"{engine}, seed {seed}:", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite://{folder}/canteen.sqlite3"
                if engine == "postgres":
                    await create_database(postgres, "canteen")
                    url = postgres.url("canteen")
                await migrate_at_start(url)
                began = time.monotonic()
                async with Rehearsal.opened(
                    Path(folder), url, seed=seed, seniors=SENIORS, speed=SPEED
                ) as rehearsal:
                    async for day, account in rehearsal.live(DAYS, SHARE):
                        print(f"  {day:%d %b}: {account}", flush=True)
                print(
                    f"  {rehearsal.twins}, {rehearsal.outages} outages; {time.monotonic() - began:.0f} s",
                    flush=True,
                )
