"""Know who writes: a conversation can't ask after it acted; a job that only looks needs no transaction.

What was read and written, table by table, tells which jobs need not look again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient, TransactionContext
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError

WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# A query that begins with WITH writes when one of its parts does; `FOR UPDATE` only locks.
WITH_WRITES = re.compile(
    r"\s*WITH\b.*\b(?:INSERT\s+INTO|DELETE\s+FROM|(?<!\bFOR\s)(?<!\bKEY\s)UPDATE)\b",
    re.IGNORECASE | re.DOTALL,
)
DELETES: Final = re.compile(r"\s*(?:DELETE|WITH)\b", re.IGNORECASE)

LOOKING: ContextVar[bool] = ContextVar("looking", default=False)


def writes(query: str) -> bool:
    """Tell whether a statement writes."""
    return bool(WRITES.match(query) or WITH_WRITES.match(query))


class WouldWrite(BaseException):
    """Who was only to look has found something to do. Not for handlers to catch."""


@contextmanager
def only_looking() -> Iterator[None]:
    """Let nothing be written, and no transaction begin, inside this block: WouldWrite ends it."""
    token = LOOKING.set(True)
    try:
        yield
    finally:
        LOOKING.reset(token)


class Traces:
    """Which tables the statements of a block read and wrote; more than that, never less."""

    __slots__ = ("read", "wrote")

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.wrote: set[str] = set()

    def note(self, query: str) -> None:
        """Note one statement."""
        if not writes(query):
            self.read |= _named(query)
        elif DELETES.match(query):
            # What hangs on the rows goes with them, and is not named.
            self.wrote |= _tables()
        else:
            self.wrote |= _named(query)


TRACES: ContextVar[Traces | None] = ContextVar("traces", default=None)


@contextmanager
def traced() -> Iterator[Traces]:
    """Note the tables that are read and written inside this block."""
    traces = Traces()
    token = TRACES.set(traces)
    try:
        yield traces
    finally:
        TRACES.reset(token)


def _tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for models in Tortoise.apps.values() for model in models.values())


@lru_cache(maxsize=4096)
def _named(query: str) -> frozenset[str]:
    return _tables().intersection(re.findall(r"\w+", query))


def _trace(query: str) -> None:
    traces = TRACES.get()
    if traces is not None:
        traces.note(query)


class LookingClient(BaseDBAsyncClient):
    """A connection outside of transactions, on which one may only look while that is agreed."""

    def transactions(self) -> TransactionContext:
        """Make the context of a new transaction."""
        raise NotImplementedError

    def _in_transaction(self) -> TransactionContext:
        if LOOKING.get():
            raise WouldWrite
        return self.transactions()

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        """Run one INSERT."""
        self._look(query)
        return await super().execute_insert(query, values)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run one statement for many rows."""
        self._look(query)
        await super().execute_many(query, values)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Any]:
        """Run one statement."""
        self._look(query)
        return await super().execute_query(query, values)

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and return its rows as dictionaries."""
        self._look(query)
        return await super().execute_query_dict(query, values)

    def _look(self, query: str) -> None:
        if LOOKING.get() and writes(query):
            raise WouldWrite
        _trace(query)


class Tally:
    """Hold how many statements wrote; a transaction shares it with its savepoints."""

    __slots__ = ("writes",)

    def __init__(self) -> None:
        self.writes = 0


class CountingTransaction(TransactionalDBClient):
    """Count writing statements, and refuse those that come after the transaction's end.

    A task that was started inside a transaction inherits its connection: without the refusal its
    statements would land in whatever transaction is open by then.
    """

    tally: Tally

    def share_tally(self, outer: object) -> None:
        """Go on counting where the outer transaction is, or start at nought."""
        self.tally = outer.tally if isinstance(outer, CountingTransaction) else Tally()

    def check_open(self) -> None:
        """Raise when the transaction is over."""
        if self._finalized:
            raise TransactionManagementError("the transaction is over: start tasks after its end, not inside")

    def _note(self, query: str) -> None:
        self.check_open()
        _trace(query)
        if writes(query):
            self.tally.writes += 1

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        """Run one INSERT."""
        self._note(query)
        return await super().execute_insert(query, values)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run one statement for many rows."""
        self._note(query)
        await super().execute_many(query, values)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Any]:
        """Run one statement."""
        self._note(query)
        return await super().execute_query(query, values)

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and return its rows as dictionaries."""
        self._note(query)
        return await super().execute_query_dict(query, values)


def written() -> int:
    """Return how many statements of the current transaction wrote; 0 outside of one."""
    connection = get_connection("default")
    return connection.tally.writes if isinstance(connection, CountingTransaction) else 0
