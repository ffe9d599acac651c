"""Give tests a migrated database of their own, on both engines.

`db` connects; `db_url` only makes the database. A test that needs one engine says so:
`@ONE_ENGINE`, for one whose statements the other engine has seen.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from tortoise import apps as tortoise_apps

from bot.database import connect, disconnect
from bot.database.migrations import migrate_at_start
from models.fields import Keyring, use_keys
from tests.postgres import TempPostgres, binaries

SECRET = f"1:{base64.b64encode(bytes(range(32))).decode()}"
KEYS = Keyring.parse(SECRET)

ONE_ENGINE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)

NO_POSTGRES = "no PostgreSQL: install the test extra, or set PG_BIN"

# Sessions that a test left open would keep the emptying waiting.
END_OTHER_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# Most tables are empty and stay untouched. To delete a few rows is far quicker than to make new files, as
# TRUNCATE does; but what was deleted lies about, so a table that has grown big is truncated.
EMPTY = """
    DO $$
    DECLARE
        name text;
        filled boolean;
        big text[] := '{}';
    BEGIN
        SET LOCAL session_replication_role = replica;  -- no foreign key is looked at
        FOR name IN
            SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
            IF pg_relation_size(quote_ident(name)) > 1000000 THEN
                big := big || quote_ident(name);
            ELSIF filled THEN
                EXECUTE format('DELETE FROM %I', name);
            END IF;
        END LOOP;
        IF big <> '{}' THEN
            EXECUTE 'TRUNCATE ' || array_to_string(big, ', ') || ' CASCADE';
        END IF;
        PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
    END $$
"""


_describe = tortoise_apps.Apps
_described: tuple[object, tortoise_apps.Apps | None] = None, None


def describe(config: dict[str, dict[str, Any]], connections: Any, *more: Any, **options: Any) -> Any:
    """Describe the models only where another engine or schema was described last."""
    engines = sorted(str(each["engine"]) for each in connections.db_config.values())
    which = (config, engines, more, sorted(options))
    global _described
    known, apps = _described
    if known != which or apps is None:
        apps = _describe(config, connections, *more, **options)
        _described = which, apps
    return apps


setattr(tortoise_apps, "Apps", describe)  # noqa: B010  mypy lets no class be replaced by its name


@pytest.fixture(autouse=True)
def keys() -> Keyring:
    """Give every test the same keys; one that changes them changes nothing for the next."""
    use_keys(KEYS)
    return KEYS


@pytest.fixture(scope="session")
def postgres() -> Iterator[TempPostgres]:
    """Start one server for this session (with xdist: for this worker)."""
    if binaries() is None:
        pytest.skip(NO_POSTGRES)
    with TempPostgres(in_memory=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_migrated(postgres: TempPostgres) -> str:
    """Make the product's schema once; return the URL of its database."""
    asyncio.run(create_database(postgres, "canteen"))
    url = postgres.url("canteen")
    asyncio.run(migrate_at_start(url))
    return url


@pytest.fixture(scope="session")
def broom(postgres_migrated: str) -> Iterator[Broom]:
    """Return what empties the database of the product's schema."""
    with Broom(postgres_migrated) as broom:
        yield broom


@pytest.fixture
def postgres_url(postgres_migrated: str, broom: Broom) -> str:
    """Return the URL of an empty database with the product's schema."""
    broom.sweep()
    return postgres_migrated


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the product's schema once, as a file to copy."""
    path = tmp_path_factory.mktemp("template") / "canteen.sqlite3"
    asyncio.run(migrate_at_start(f"sqlite://{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the URL of an empty file with the product's schema."""
    path = tmp_path / "canteen.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite://{path}?synchronous=OFF"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database with the product's schema, on one engine after the other."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest_asyncio.fixture
async def db(db_url: str) -> AsyncIterator[str]:
    """Connect, for every task that the test starts; yield the URL."""
    await connect(db_url)
    yield db_url
    await disconnect()


async def create_database(server: TempPostgres, name: str) -> None:
    """Make an empty database; one of the same name is dropped."""
    connection = await asyncpg.connect(server.url())
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


class Broom:
    """Delete all rows of a PostgreSQL database, again and again, and end who may hold some of them.

    It keeps its session: a new one would first have to learn of a hundred tables.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._runner = asyncio.Runner()
        self._session: asyncpg.Connection | None = None

    def __enter__(self) -> Broom:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._session is not None:
            self._runner.run(self._session.close())
        self._runner.close()

    def sweep(self) -> None:
        """Leave every table empty, and its numbers as if nothing had been."""
        self._runner.run(self._sweep())

    async def _sweep(self) -> None:
        if self._session is None or self._session.is_closed():
            self._session = await asyncpg.connect(self.url)
        await self._session.execute(END_OTHER_SESSIONS)
        await self._session.execute(EMPTY)
