"""Give the tests of the database an empty one, or the sample."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.database import connect, disconnect
from bot.database.config import Schema, sqlite_path
from bot.database.migrations import migrate_at_start
from tests.fixtures_database import Broom, create_database
from tests.postgres import TempPostgres

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


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the sample's schema once, as a file to copy."""
    path = tmp_path_factory.mktemp("sample") / "sample.sqlite3"
    asyncio.run(migrate_at_start(f"sqlite://{path}", SAMPLE))
    return path


@pytest.fixture(scope="session")
def sample_broom(postgres: TempPostgres) -> Iterator[Broom]:
    """Make the sample's schema once on the server; return what empties it."""
    asyncio.run(create_database(postgres, "migrated_sample"))
    url = postgres.url("migrated_sample")
    asyncio.run(migrate_at_start(url, SAMPLE))
    with Broom(url) as broom:
        yield broom


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sample_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of the sample at its newest, without rows, on one engine after the other."""
    if request.param == "postgres":
        broom: Broom = request.getfixturevalue("sample_broom")
        broom.sweep()
        return broom.url
    path = tmp_path / "sample.sqlite3"
    shutil.copyfile(request.getfixturevalue("sample_template"), path)
    return f"sqlite://{path}?synchronous=OFF"


@pytest.fixture
def fresh_sample_url(sample_template: Path, tmp_path: Path) -> str:
    """Return the URL of another sample, always on SQLite."""
    path = tmp_path / "another.sqlite3"
    shutil.copyfile(sample_template, path)
    return f"sqlite://{path}?synchronous=OFF"


@pytest_asyncio.fixture
async def sample(sample_url: str) -> AsyncIterator[str]:
    """Connect to the sample; yield its URL."""
    await connect(sample_url, SAMPLE)
    yield sample_url
    await disconnect()
