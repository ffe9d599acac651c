"""Upgrade from every release: a full database arrives at today's schema with all its rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext, require_context

from bot.database import connect, disconnect
from bot.database.config import PRODUCT, config
from bot.database.migrations import drift, migrate_at_start
from bot.database.migrator import Migrator, row_counts
from tests.database.rows import choices, fill
from tests.database.schema import read_schema
from tests.database.squashed import squashed

MIGRATIONS = Path(__file__).parents[2] / "models" / "migrations"
RELEASES = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Migrator]:
    async with TortoiseContext() as context:
        await context.init(config=config(url))
        yield Migrator(context.db(), config(url)["apps"])


async def write_one_row_each(url: str) -> None:
    """Fill every table that the database has now, through the models of that release."""
    async with opened(url) as migrator:
        await migrator.plan()
        state = await migrator._project_state(set(await migrator.recorder.applied_migrations()))
        today = require_context().apps
        assert today is not None
        await fill(state.apps.apps["models"].values(), choices(today["models"].values()))


async def counted(url: str) -> dict[str, int]:
    async with opened(url) as migrator:
        return await row_counts(migrator.connection)


async def read_everything(url: str, filled: Collection[str]) -> None:
    """Read each row through today's models: what was sealed before has to open now."""
    await connect(url)
    try:
        context = require_context()
        assert context.apps is not None
        for model in context.apps["models"].values():
            # A table that came later may have nothing to begin with.
            assert await model.all() or model._meta.db_table not in filled
    finally:
        await disconnect()


@pytest.mark.parametrize("release", RELEASES)
async def test_a_full_database_of_a_release_arrives_at_todays_schema(
    release: str, empty_url: str, fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate_at_start(empty_url, target=release)
    await write_one_row_each(empty_url)
    before = await counted(empty_url)
    assert min(before.values()) == 1

    applied = await migrate_at_start(empty_url)

    assert applied == [name for name in RELEASES if name > release]
    after = await counted(empty_url)
    assert {table: n for table, n in after.items() if table in before} == before
    await read_everything(empty_url, before)

    await migrate_at_start(fresh_url, await squashed(PRODUCT.modules, tmp_path, monkeypatch))
    assert await read_schema(empty_url) == await read_schema(fresh_url)


async def test_the_migrations_describe_the_models() -> None:
    assert await drift() == []


def test_there_is_a_migration_to_upgrade_from() -> None:
    assert RELEASES
