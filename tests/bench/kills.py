"""Two hundred kills: fifty in each window, spread over both engines, webhook and polling."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from bot.database.migrations import migrate_at_start
from models.fields import use_keys
from tests.fixtures_database import KEYS, create_database
from tests.kill.campaign import campaign
from tests.kill.look import Report
from tests.kill.windows import KILLS, Window
from tests.postgres import TempPostgres

KILLED = 200
AT_A_TIME = 20


async def run() -> None:
    """Kill and print; a failure is an AssertionError with its seed above it."""
    use_keys(KEYS)
    print(f"\n{KILLED} kills\n")
    total = Report(seed=0)
    with TempPostgres() as postgres:
        for number in range(KILLED // AT_A_TIME):
            engine, webhook = ("sqlite", "postgres")[number % 2], number // 2 % 2 == 0
            seed = random.SystemRandom().randrange(2**32)
            print(f"{engine}, {'webhook' if webhook else 'polling'}, seed {seed}:", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite://{folder}/canteen.sqlite3"
                if engine == "postgres":
                    await create_database(postgres, "canteen")
                    url = postgres.url("canteen")
                await migrate_at_start(url)
                windows = _windows(seed)
                report = await campaign(Path(folder), url, windows, webhook=webhook, seed=seed)
            print(f"  {report}", flush=True)
            total.add(report)
    print(f"all: {total}")


def _windows(seed: int) -> list[Window]:
    windows = list(KILLS) * (AT_A_TIME // len(KILLS))
    random.Random(seed).shuffle(windows)
    return windows
