"""Tell failures that pass by themselves from those that come back."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator

import asyncpg
from tortoise.exceptions import DBConnectionError

# The low byte of SQLite's extended codes.
SQLITE_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES_PASSING = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "55P03",  # lock_not_available
    "25P03",  # idle_in_transaction_session_timeout
    "53300",  # too_many_connections
    "57P01",  # admin_shutdown
    "57P02",  # crash_shutdown
    "57P03",  # cannot_connect_now
}
POSTGRES_CONNECTION = "08"  # the class of connection exceptions

# asyncpg raises the same InterfaceError for a lost connection and for a mistake of ours.
LOST = ("connection is closed", "connection was closed", "been released back to the pool", "pool is clos")


def retryable(error: BaseException) -> bool:
    """Say whether the same transaction may succeed when it is tried again.

    True for a deadlock, a busy or locked database, a serialization failure and a lost connection.
    """
    return any(_passes(cause) for cause in _causes(error))


def _passes(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE_PASSING
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state in POSTGRES_PASSING or state.startswith(POSTGRES_CONNECTION)
    if isinstance(error, asyncpg.InternalClientError):
        # The server ended the connection in the middle of a word, and the driver is out of step with it.
        return "another operation" in str(error)
    if isinstance(error, asyncpg.InterfaceError):
        return any(words in str(error) for words in LOST)
    return isinstance(error, ConnectionError | TimeoutError | socket.gaierror | DBConnectionError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it wraps: Tortoise keeps the driver's error as the first argument."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        wrapped = current.args[0] if current.args else None
        current = wrapped if isinstance(wrapped, BaseException) else current.__cause__
