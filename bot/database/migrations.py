"""Bring a database to this release's schema before anything else touches it."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.recorder import MigrationRecorder

from bot.database.config import PRODUCT, Schema, config, create_private, sqlite_path
from bot.database.detector import missing_migrations
from bot.database.migrator import MigrationFailed, Migrator, row_counts

__all__ = ["MigrationFailed", "drift", "migrate_at_start", "pending"]

ADVISORY_LOCK = 0x63616E7465656E  # "canteen"; one migrator at a time in one PostgreSQL database
LOCK_POLL = 0.05  # seconds between looks at another process's lock


async def migrate_at_start(
    database_url: str, schema: Schema = PRODUCT, *, target: str | None = None
) -> list[str]:
    """Apply pending migrations (up to `target`), one process at a time; return their names.

    An SQLite file that holds rows is copied beside itself first, as `<file>.before-<migration>`.
    Call it before `connect`. `MigrationFailed` or the engine's error leave the database as it was.
    """
    path = sqlite_path(database_url)
    async with _only_migrator(database_url, path), _migrator(database_url, schema) as migrator:
        names = await migrator.unapplied(target)
        if path is not None and names and any((await row_counts(migrator.connection)).values()):
            await _back_up(migrator.connection, path, names[0])
        return await migrator.upgrade(target)


async def pending(database_url: str, schema: Schema = PRODUCT) -> list[str]:
    """Return the names of the migrations that the database still lacks; nothing is changed."""
    path = sqlite_path(database_url)
    if path is not None and not path.exists():
        loader = MigrationLoader(config(database_url, schema)["apps"], MigrationRecorder(None))
        loader.load_disk()
        return sorted(key.name for key in loader.disk_migrations)
    async with _migrator(database_url, schema) as migrator:
        return await migrator.unapplied()


async def drift(schema: Schema = PRODUCT) -> list[str]:
    """Describe what the migrations lack to describe the models; no database is opened."""
    return [op.describe() for writer in await missing_migrations(schema) for op in writer.operations]


@asynccontextmanager
async def _migrator(database_url: str, schema: Schema) -> AsyncIterator[Migrator]:
    settings = config(database_url, schema)
    credentials = settings["connections"]["default"]["credentials"]
    if sqlite_path(database_url) is not None:
        # DROP TABLE would delete the child rows of a table that is built anew.
        credentials["foreign_keys"] = "OFF"
    else:
        # A statement over a big table may take its time here.
        credentials["command_timeout"] = None
    EXECUTOR_CACHE.clear()
    try:
        async with TortoiseContext() as context:
            await context.init(config=settings)
            yield Migrator(context.db(), settings["apps"])
    finally:
        EXECUTOR_CACHE.clear()


@asynccontextmanager
async def _only_migrator(database_url: str, path: Path | None) -> AsyncIterator[None]:
    """Wait until no other process migrates this database, and keep others waiting."""
    if path is None:
        credentials: dict[str, Any] = config(database_url)["connections"]["default"]["credentials"]
        login = {key: credentials[key] for key in ("host", "port", "user", "password", "database")}
        connection = await asyncpg.connect(**login, ssl=credentials.get("ssl"))
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
            yield
        finally:
            # The lock belongs to the session and goes with it, however it ends.
            await connection.close()
        return
    create_private(path)
    with path.with_name(path.name + ".migrate.lock").open("w") as file:
        while not _locked(file.fileno()):  # noqa: ASYNC110  no event crosses from another process
            await asyncio.sleep(LOCK_POLL)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _back_up(connection: BaseDBAsyncClient, path: Path, first: str) -> None:
    """Copy the database beside itself; the copy has its name only when it is complete."""
    backup = path.with_name(f"{path.name}.before-{first}")
    unfinished = path.with_name(f"{backup.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    create_private(unfinished)
    await connection.execute_query("VACUUM INTO ?", [str(unfinished)])
    unfinished.replace(backup)
