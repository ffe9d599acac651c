"""Cancel tasks at random moments: nothing hangs, nothing is lost, nothing is half done."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing, suppress

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError

from bot.database import connect, dialect, disconnect, transaction
from bot.database.config import sqlite_path
from bot.database.sqlite import ImmediateClient
from models.fields import blind
from tests.database.conftest import SAMPLE
from tests.database.sample.tables import House

STORMS = 12
TASKS = 40
BATCH = 5
PATIENCE = 20.0  # seconds; a leaked lock would last for ever


async def stored_names(url: str) -> set[str]:
    """Read the names in a way of its own: what only this process's connection sees was never committed."""
    path = sqlite_path(url)
    if path is not None:
        with closing(sqlite3.connect(path)) as file:
            return {row[0] for row in file.execute("SELECT name FROM house")}
    connection = await asyncpg.connect(url)
    try:
        return {row["name"] for row in await connection.fetch("SELECT name FROM house")}
    finally:
        await connection.close()


class Storm:
    """Start many writers and cancel a third of them somewhere on their way."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.told: set[str] = set()
        self.batches: list[list[str]] = []

    async def rage(self, number: int) -> None:
        writers = [asyncio.create_task(self.write(f"{number}-{task}")) for task in range(TASKS)]
        for writer in writers:
            if self.random.random() < 1 / 3:
                asyncio.get_running_loop().call_later(self.random.random() * 0.05, writer.cancel)
        await asyncio.gather(*writers, return_exceptions=True)

    async def write(self, name: str) -> None:
        kind = self.random.choice(["plain", "transaction", "savepoint", "batch", "batch in transaction"])
        if kind == "plain":
            await House.create(name=name)
            self.told.add(name)
        elif kind == "transaction":
            async with transaction():
                await House.create(name=name)
                await House.filter(name=name).update(phone_index=blind(name, "phone"))
            self.told.add(name)
        elif kind == "savepoint":
            async with transaction():
                await House.create(name=name)
                async with transaction():
                    await House.create(name=f"{name}-inner")
            self.told |= {name, f"{name}-inner"}
        else:
            names = [f"{name}-{row}" for row in range(BATCH)]
            self.batches.append(names)
            rows = [House(name=each) for each in names]
            if kind == "batch":
                await House.bulk_create(rows)
            else:
                async with transaction():
                    await House.bulk_create(rows)
            self.told.update(names)


async def test_a_storm_of_cancellations_leaves_no_lock_no_half_and_no_lie(sample: str) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    storm = Storm(seed)
    async with asyncio.timeout(PATIENCE):
        for number in range(STORMS):
            await storm.rage(number)
        async with transaction():
            await House.create(name="after the storm")

    stored = await stored_names(sample)
    assert "after the storm" in stored
    assert storm.told <= stored
    assert [batch for batch in storm.batches if 0 < len(stored.intersection(batch)) < BATCH] == []
    await nothing_is_leaked()


async def nothing_is_leaked() -> None:
    connection = get_connection("default")
    if isinstance(connection, ImmediateClient):
        assert not connection._lock.locked()
        assert connection._connection is not None
        assert not connection._connection.in_transaction
    else:
        pool = connection._pool
        assert pool.get_idle_size() == pool.get_size()


async def test_a_transaction_cancelled_while_it_waits_to_begin_frees_its_place(sample: str) -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction():
            inside.set()
            await leave.wait()

    async def wait() -> None:
        async with transaction():
            pass

    holders = [asyncio.create_task(hold()) for _ in range(1 if dialect() == "sqlite" else 10)]
    await inside.wait()
    waiting = [asyncio.create_task(wait()) for _ in range(20)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    leave.set()
    await asyncio.gather(*holders)

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(wait() for _ in range(20)))
    await nothing_is_leaked()


async def test_after_a_timeout_inside_a_transaction_the_same_task_goes_on(sample: str) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(0.01), transaction():
            await House.create(name="too late")
            await asyncio.Event().wait()

    await House.create(name="in time")

    assert await stored_names(sample) == {"in time"}
    await nothing_is_leaked()


async def test_a_failed_transaction_leaves_nothing(sample: str) -> None:
    async def fail() -> None:
        async with transaction():
            await House.create(name="never")
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await fail()

    assert await stored_names(sample) == set()


async def test_a_failed_savepoint_takes_back_only_itself(sample: str) -> None:
    async with transaction():
        await House.create(name="kept")
        with suppress(RuntimeError):
            async with transaction():
                await House.create(name="taken back")
                raise RuntimeError

    assert await stored_names(sample) == {"kept"}


async def test_a_task_that_outlives_its_transaction_is_refused(sample: str) -> None:
    over = asyncio.Event()

    async def late(kind: str) -> None:
        await over.wait()
        if kind == "statement":
            await House.create(name="stray")
        else:
            async with transaction():
                await House.create(name="stray")

    async with transaction():
        tasks = [asyncio.create_task(late(kind)) for kind in ("statement", "transaction")]
    over.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [TransactionManagementError] * 2
    assert await stored_names(sample) == set()


async def test_a_database_that_can_not_be_opened_says_so_every_time(empty_url: str) -> None:
    path = sqlite_path(empty_url)
    wrong = f"{empty_url}_missing" if path is None else f"sqlite://{path.parent}"

    for _ in range(2):
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Exception, match=r"establish connection|Is a directory"):
                await connect(wrong, SAMPLE)
    await disconnect()
