"""PostgreSQL whose transactions give their connection back when they are cancelled.

Tortoise 1.1.9 loses the pool's connection for ever when a transaction is cancelled while it starts.
The migration executor knows the engine by this module's name: it has to contain "asyncpg".
"""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Any

from asyncpg import InterfaceError, Pool, PostgresError
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.connection import ConnectionToken, get_connections

from bot.database.writes import CountingTransaction, LookingClient


class PooledTransaction(CountingTransaction, TransactionWrapper):
    """A transaction on one connection of the pool."""

    def __init__(self, connection: AsyncpgDBClient) -> None:
        super().__init__(connection)
        self.share_tally(connection)

    def _in_transaction(self) -> TransactionContext:
        self.check_open()
        return NestedTransactionContext(PooledTransaction(self))


class PooledContext(TransactionContext):
    """Keep one connection from BEGIN to COMMIT, and give it back whatever happens in between."""

    __slots__ = ("_client", "_lock", "_token", "_transaction")

    def __init__(self, client: AsyncpgDBClient, lock: asyncio.Lock) -> None:
        self._client = client
        self._lock = lock
        self._token: ConnectionToken | None = None
        self._transaction: PooledTransaction | None = None

    async def __aenter__(self) -> PooledTransaction:
        transaction = PooledTransaction(self._client)
        transaction._connection = await (await self._pool()).acquire()
        try:
            await transaction.begin()
        except BaseException:
            await self._release(transaction)
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
                await (self._transaction.commit() if kind is None else self._roll_back(self._transaction))
        finally:
            await self._release(self._transaction)

    async def _pool(self) -> Pool:
        if self._client._pool is None:
            async with self._lock:
                if self._client._pool is None:
                    await self._client.create_connection(with_db=True)
        assert self._client._pool is not None
        return self._client._pool

    async def _roll_back(self, transaction: PooledTransaction) -> None:
        # A connection that can't roll back is reset or replaced when it is released; what went wrong
        # first is what the caller has to hear.
        with contextlib.suppress(OSError, InterfaceError, PostgresError):
            await transaction.rollback()

    async def _release(self, transaction: PooledTransaction) -> None:
        if self._client._pool is not None:
            await self._client._pool.release(transaction._connection)


class PooledClient(LookingClient, AsyncpgDBClient):
    """The connections of one process."""

    async def create_pool(self, **options: Any) -> Pool:
        """Open the pool; a connection that comes back is taken as it is.

        Nothing of ours outlives a transaction (no LISTEN, no SET, no advisory lock), and a transaction left
        open is rolled back by asyncpg itself: its reset query would be one more round trip for each turn.
        """
        return await super().create_pool(**options, reset=_as_it_is)

    def transactions(self) -> TransactionContext:
        """Make the context of a new transaction."""
        return PooledContext(self, self._pool_init_lock)


async def _as_it_is(_connection: object) -> None:
    """Reset nothing."""


client_class = PooledClient
