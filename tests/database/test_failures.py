"""Cause each failure for real, and say whether to try again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable
from contextlib import closing
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError

from bot.database import connect, disconnect, retryable, transaction
from bot.database.config import sqlite_path
from tests.database.conftest import SAMPLE
from tests.database.sample.tables import Guest, House


async def failure(*works: Awaitable[Any]) -> BaseException:
    """Run them at once; return the error of the first that failed."""
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert errors
    return errors[0]


@pytest.mark.parametrize("sample_url", ["sqlite"], indirect=True)
async def test_a_database_that_another_process_keeps_locked_is_worth_another_try(sample_url: str) -> None:
    path = sqlite_path(sample_url)
    assert path is not None
    await connect(f"{sample_url}&busy_timeout=20", SAMPLE)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for work in (House.create(name="plain"), _create("in a transaction")):
                error = await failure(work)
                assert isinstance(error, OperationalError)
                assert retryable(error)
        await _create("when it is free")
    finally:
        await disconnect()


async def _create(name: str) -> None:
    async with transaction():
        await House.create(name=name)


@pytest.mark.postgres
@pytest.mark.parametrize("sample_url", ["postgres"], indirect=True)
class TestPostgres:
    async def test_a_deadlock_is_worth_another_try(self, sample: str) -> None:
        first, second = await House.create(name="a"), await House.create(name="b")
        both = asyncio.Barrier(2)

        async def lock(mine: House, theirs: House) -> None:
            async with transaction():
                await House.filter(id=mine.id).update(name="mine")
                await both.wait()
                await House.filter(id=theirs.id).update(name="theirs")

        error = await failure(lock(first, second), lock(second, first))

        assert isinstance(error, asyncpg.DeadlockDetectedError)
        assert retryable(error)

    async def test_a_serialization_failure_is_worth_another_try(self, sample: str) -> None:
        house = await House.create(name="a")
        both = asyncio.Barrier(2)

        async def rename() -> None:
            async with transaction() as connection:
                await connection.execute_query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
                await House.get(id=house.id)
                await both.wait()
                await House.filter(id=house.id).update(name="b")

        assert retryable(await failure(rename(), rename()))

    async def test_a_row_that_stays_locked_is_worth_another_try(self, sample: str) -> None:
        house = await House.create(name="a")
        async with transaction():
            await House.filter(id=house.id).update(name="b")

            async def wait() -> None:
                connection = await asyncpg.connect(sample)
                try:
                    await connection.execute("SET lock_timeout = 10")
                    await connection.execute("UPDATE house SET name = 'c'")
                finally:
                    await connection.close()

            assert retryable(await failure(wait()))

    async def test_a_lost_connection_is_worth_another_try_and_is_replaced(self, sample: str) -> None:
        async def lose() -> None:
            async with transaction() as connection:
                [row] = await connection.execute_query_dict("SELECT pg_backend_pid() AS pid")
                killer = await asyncpg.connect(sample)
                try:
                    await killer.execute("SELECT pg_terminate_backend($1)", row["pid"])
                finally:
                    await killer.close()
                await House.create(name="lost")

        assert retryable(await failure(lose()))
        await House.create(name="found")

    async def test_a_server_that_is_away_is_worth_another_try(self, sample: str) -> None:
        error = await failure(asyncpg.connect("postgres://postgres@127.0.0.1:1/canteen"))

        assert retryable(error)


async def test_a_broken_rule_is_not_worth_another_try(sample: str) -> None:
    error = await failure(Guest.create(house_id=99, name="homeless", number="A1", status="new"))

    assert isinstance(error, IntegrityError)
    assert not retryable(error)


async def test_a_mistake_of_ours_is_not_worth_another_try(sample: str) -> None:
    assert not retryable(await failure(get_connection("default").execute_query("SELEKT 1")))
    assert not retryable(RuntimeError("connection is closed"))
