"""How long until a million seniors have their meals, and their 30,000 coordinators their lists."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import AsyncExitStack

from bot.app import load_features
from bot.database import connect, disconnect
from bot.database.migrations import migrate_at_start
from bot.scheduler import Scheduler
from handlers.calendar import plan_days
from models.fields import use_keys
from models.meals import Meal
from models.messaging import OutboxMessage
from models.sql import rows
from tests.bench import bars
from tests.bench.processes import module
from tests.bench.roster import CANTEENS, SENIORS, fill
from tests.fixtures_database import KEYS, create_database
from tests.house import TestClock
from tests.models.making import NOW, TUESDAY
from tests.postgres import TempPostgres

TIMES, PROCESSES = 100, 2
SECONDS = 60.0
"""The bar."""

# What is copied, and by how much its ids grow with each copy; without an entry the engine numbers the rows.
IDS = {
    "canteen": {"id": CANTEENS},
    "route": {"id": CANTEENS, "canteen_id": CANTEENS},
    "person": {"id": CANTEENS},
    "account": {"person_id": CANTEENS},
    "membership": {"person_id": CANTEENS, "canteen_id": CANTEENS},
    "senior": {"id": SENIORS, "canteen_id": CANTEENS},
    "diet": {"senior_id": SENIORS},
    "residence": {"senior_id": SENIORS},
    "stop": {"route_id": CANTEENS, "senior_id": SENIORS},
    "pause": {"senior_id": SENIORS},
    "order_change": {"senior_id": SENIORS},
    "service_day": {"canteen_id": CANTEENS},
}
COLUMNS = """
    SELECT column_name FROM information_schema.columns WHERE table_name = {0} AND table_schema = 'public'
"""
COPY = """
    INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, generate_series(1, {copies}) k WHERE {which}
"""


async def multiply(copies: int) -> None:
    """Copy the small town many times; what is sealed may be copied here, for nothing of it is anybody's."""
    for table, grows in IDS.items():
        named = [row["column_name"] for row in await rows(COLUMNS, table)]
        kept = [name for name in named if name != "id" or "id" in grows]
        values = [f"t.{name} + k * {grows[name]}" if name in grows else f"t.{name}" for name in kept]
        if table == "account":
            values[kept.index("address")] = "t.address || '-' || k"
        await rows(
            COPY,
            table=table,
            names=", ".join(kept),
            values=", ".join(values),
            copies=str(copies),
            which=f"t.day = '{TUESDAY}'" if table == "service_day" else "true",
        )
    await rows("ANALYZE")


async def furnish(url: str) -> None:
    """Write a town of 300 canteens with its days, and multiply it."""
    use_keys(KEYS)
    load_features()
    await migrate_at_start(url)
    await connect(url)
    try:
        await fill(CANTEENS, SENIORS)
        await Scheduler(TestClock(NOW)).run(plan_days)
        await multiply(TIMES - 1)
    finally:
        await disconnect()


async def close(url: str) -> tuple[float, list[int]]:
    """Let several processes work off one closing hour; give the seconds and each one's megabytes."""
    async with AsyncExitStack() as stack:
        closing = [
            await stack.enter_async_context(module("tests.bench.closing", url)) for _ in range(PROCESSES)
        ]
        for process in closing:
            assert process.stdout
            assert await process.stdout.readline() == b"ready\n"
        began = time.perf_counter()
        for process in closing:
            assert process.stdin
            process.stdin.write(b"go\n")
            await process.stdin.drain()
        megabytes = [int(await process.stdout.readline()) for process in closing if process.stdout]
        return time.perf_counter() - began, megabytes


async def run() -> None:
    """Measure and print."""
    with TempPostgres() as server:
        await create_database(server, "canteen")
        url = server.url("canteen")
        await furnish(url)
        seconds, megabytes = await close(url)
        await connect(url)
        try:
            meals, messages = await Meal.all().count(), await OutboxMessage.all().count()
        finally:
            await disconnect()
    print(
        f"\n{SENIORS * TIMES:,} seniors in {CANTEENS * TIMES:,} canteens, PostgreSQL, {PROCESSES} processes:"
        f" {meals:,} meals and {messages:,} messages in {seconds:.1f} s (bar: {SECONDS:g} s),"
        f" {1e6 * seconds / (SENIORS * TIMES):.1f} µs a senior, {max(megabytes)} MB each at the most"
    )
    bars.hold(f"{SENIORS * TIMES:,} seniors", seconds, SECONDS, "s")


if __name__ == "__main__":
    asyncio.run(run())
    sys.exit(bars.status())
