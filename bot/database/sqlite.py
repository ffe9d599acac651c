"""SQLite whose transactions take the write lock at once, and leave nothing behind when they are cancelled.

Tortoise 1.1.9 begins deferred (a later write may then fail as "locked"), keeps its lock for ever when a
transaction is cancelled while it starts, and leaves a cancelled `bulk_create` open.
The migration executor knows the engine by this module's name: it has to contain "sqlite".
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from types import TracebackType
from typing import Any

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper, NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.connection import ConnectionToken, get_connections
from tortoise.exceptions import OperationalError, TransactionManagementError

from bot.database.writes import CountingTransaction, LookingClient


class Connection(ConnectionWrapper[aiosqlite.Connection]):
    """Borrow the one connection for one statement; give its lock back when opening fails."""

    __slots__ = ()

    async def __aenter__(self) -> aiosqlite.Connection:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


class ImmediateTransaction(CountingTransaction, SqliteTransactionWrapper):
    """A transaction that waits for the write lock when it begins, so that no later statement has to."""

    def __init__(self, connection: SqliteClient) -> None:
        super().__init__(connection)
        self.share_tally(connection)

    def _in_transaction(self) -> TransactionContext:
        self.check_open()
        return NestedTransactionContext(ImmediateTransaction(self))

    async def execute_script(self, query: str) -> None:
        """Refuse: SQLite's driver would commit first."""
        raise TransactionManagementError(
            "a script would commit the transaction: run its statements one by one"
        )

    async def begin(self) -> None:
        """Wait for the write lock, for at most the connection's busy_timeout."""
        try:
            # One errand for its thread instead of two.
            begin: Any = self._connection._execute
            await begin(_begin, self._connection._conn)
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


def _begin(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        # What is still open here belongs to a turn that failed: nobody was told that it was done.
        connection.rollback()
    connection.execute("BEGIN IMMEDIATE").close()


class ImmediateContext(TransactionContext):
    """Hold the process's one connection from BEGIN to COMMIT, whatever happens in between."""

    __slots__ = ("_client", "_lock", "_token", "_transaction")

    def __init__(self, client: SqliteClient, lock: asyncio.Lock) -> None:
        self._client = client
        self._lock = lock
        self._token: ConnectionToken | None = None
        self._transaction: ImmediateTransaction | None = None

    async def __aenter__(self) -> ImmediateTransaction:
        await self._lock.acquire()
        try:
            if self._client._connection is None:
                await self._client.create_connection(with_db=True)
            transaction = ImmediateTransaction(self._client)
            await transaction.begin()
        except BaseException:
            await self._undo_and_release()
            raise
        self._transaction = transaction
        self._token = get_connections().set(transaction.connection_name, transaction)
        return transaction

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._transaction is not None
        try:
            get_connections().reset(self._token)
            if not self._transaction._finalized:
                await (self._transaction.commit() if kind is None else self._transaction.rollback())
        except BaseException:
            await self._undo_and_release()
            raise
        self._lock.release()

    async def _undo_and_release(self) -> None:
        """Roll back behind whatever the connection's thread still does, and only then let the next one in."""
        undo = asyncio.ensure_future(self._undo())
        undo.add_done_callback(lambda _: self._lock.release())
        await asyncio.shield(undo)

    async def _undo(self) -> None:
        if self._client._connection is not None:
            # ValueError: the connection was closed meanwhile, and its transaction with it.
            with contextlib.suppress(sqlite3.Error, ValueError):
                await self._client._connection.rollback()


class ImmediateClient(LookingClient, SqliteClient):
    """The connection of one process."""

    def acquire_connection(self) -> Connection:
        """Borrow the connection for one statement."""
        return Connection(self._lock, self)

    def transactions(self) -> TransactionContext:
        """Make the context of a new transaction."""
        return ImmediateContext(self, self._lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run one statement for many rows, all or none of them."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)


client_class = ImmediateClient
