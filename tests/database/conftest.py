"""Give the tests of the database an empty one, or the sample."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.database import connect, disconnect
from bot.database.config import Schema, sqlite_path
from bot.database.migrations import migrate_at_start
from tests.fixtures_database import create_database

SAMPLE = Schema(("tests.database.sample.tables",), "tests.database.sample.migrations")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without any table, on one engine after the other."""
    return _empty(request, tmp_path, "sample")


@pytest.fixture
def fresh_url(empty_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a second empty database on the same engine."""
    return _empty(request, tmp_path, "fresh", engine="sqlite" if sqlite_path(empty_url) else "postgres")


def _empty(request: pytest.FixtureRequest, folder: Path, name: str, engine: str | None = None) -> str:
    if (engine or request.param) == "sqlite":
        return f"sqlite://{folder / name}.sqlite3?synchronous=OFF"
    server = request.getfixturevalue("postgres")
    asyncio.run(create_database(server, name))
    url: str = server.url(name)
    return url


@pytest_asyncio.fixture
async def sample(empty_url: str) -> AsyncIterator[str]:
    """Connect to the sample, at its newest; yield its URL."""
    await migrate_at_start(empty_url, SAMPLE)
    await connect(empty_url, SAMPLE)
    yield empty_url
    await disconnect()
