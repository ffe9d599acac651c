"""Play the beginning that many scenes share once for each engine, and go back to its end for each of them."""

from __future__ import annotations

import functools
import io
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from copy import deepcopy
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection

from tests.house import House

P = ParamSpec("P")
T = TypeVar("T")

# Whoever was there has left a row in one of these.
UNTOUCHED: Final = """
    SELECT 1 WHERE EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM canteen)
        OR EXISTS (SELECT 1 FROM inbox_update) OR EXISTS (SELECT 1 FROM outbox_message)
"""
TABLES: Final = """
    SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
"""
COUNTED: Final = """
    SELECT sequencename, last_value FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
GO_ON_COUNTING: Final = """
    SELECT setval(name::regclass, value) FROM unnest($1::text[], $2::bigint[]) AS counted (name, value)
"""


class Rows(Protocol):
    """All rows of a database, as they once were."""

    async def put_back(self) -> None:
        """Write them into the empty database of the house."""


class SqliteRows:
    """The pages of a file."""

    def __init__(self, path: str) -> None:
        self._pages = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(path)) as live:
            live.backup(self._pages)

    async def put_back(self) -> None:
        """Write the pages over those of the file."""
        database = get_connection("default")
        assert isinstance(database, SqliteClient)
        with closing(sqlite3.connect(database.filename)) as live:
            self._pages.backup(live)


class PostgresRows:
    """The rows of each table that has some, and how far the numbers have come."""

    def __init__(self, tables: dict[str, bytes], numbers: dict[str, int]) -> None:
        self._tables, self._numbers = tables, numbers

    @classmethod
    async def read(cls, database: AsyncpgDBClient) -> PostgresRows:
        """Copy what is there."""
        tables = {}
        async with database.acquire_connection() as session:
            for (table,) in await session.fetch(TABLES):
                rows = io.BytesIO()
                await session.copy_from_table(table, output=rows)
                if rows.getvalue():
                    tables[table] = rows.getvalue()
            numbers = dict(await session.fetch(COUNTED))
        return cls(tables, numbers)

    async def put_back(self) -> None:
        """Write the rows in one transaction, without looking at what they refer to: it is among them."""
        database = get_connection("default")
        assert isinstance(database, AsyncpgDBClient)
        async with database.acquire_connection() as session, session.transaction():
            await session.execute("SET LOCAL session_replication_role = replica")
            for table, rows in self._tables.items():
                await session.copy_to_table(table, source=io.BytesIO(rows))
            await session.execute(GO_ON_COUNTING, list(self._numbers), list(self._numbers.values()))


class Ending:
    """How everything stood when a beginning had been played."""

    def __init__(self, house: House, rows: Rows, told: object) -> None:
        self._rows, self._house = rows, house
        self._instant, self._phones, self._me = house.now, house.phones, house.leases.me
        self._left = self._copied(house, (told, house.wire.shown, house.wire.menus, house.wire.blocked))

    @classmethod
    async def of(cls, house: House, told: object) -> Ending:
        """Remember a house that was played with, and what its scene told of it."""
        database = get_connection("default")
        if isinstance(database, AsyncpgDBClient):
            return cls(house, await PostgresRows.read(database), told)
        assert isinstance(database, SqliteClient)
        return cls(house, SqliteRows(database.filename), told)

    async def comes_to(self, house: House) -> Any:
        """Let a new house stand as the old one did; return what the scene told."""
        await self._rows.put_back()
        house.clock.instant, house.phones, house.leases.me = self._instant, self._phones, self._me
        told, house.wire.shown, house.wire.menus, house.wire.blocked = self._copied(house, self._left)
        return told

    def _copied(self, house: House, value: Any) -> Any:
        """Copy phones, rows and messages; they belong to that house."""
        return deepcopy(value, {id(self._house): house, id(self._house.wire): house.wire})


Scene = Callable[Concatenate[House, P], Awaitable[T]]


def played_once(scene: Scene[P, T]) -> Scene[P, T]:
    """Play a beginning only once for each engine and for each set of arguments, if nothing went before it.

    It must not depend on anything but its arguments, and leave nothing behind but rows, messages and what
    it returns.
    """
    endings: dict[str, Ending] = {}

    @functools.wraps(scene)
    async def played(house: House, *args: P.args, **kwargs: P.kwargs) -> T:
        database = get_connection("default")
        if (await database.execute_query_dict(UNTOUCHED)) or house.phones:
            return await scene(house, *args, **kwargs)
        which = repr((type(database), house.now, args, sorted(kwargs.items())))
        if which not in endings:
            told = await scene(house, *args, **kwargs)
            endings[which] = await Ending.of(house, told)
            return told
        return await endings[which].comes_to(house)

    return played
