"""Apply migrations one by one, each with its record in one transaction that checks what it kept."""

from __future__ import annotations

from itertools import takewhile
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.transactions import in_transaction

from bot.database.editors import CompleteEditor, PostgresEditor, SqliteEditor
from bot.database.states import foresee, foresee_all, in_a_hurry, runs

RECORDS = "tortoise_migrations"
ADDING: Final = (CreateModel, AddField, AddIndex, AddConstraint)

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
}


class MigrationFailed(RuntimeError):
    """Say why a migration was taken back, or not begun; the database is as it was before."""


class Migrator(MigrationExecutor):
    """Run forward only.

    A migration that deletes rows on purpose says so: `deletes_rows = True` in its class.
    """

    async def unapplied(self, target: str | None = None) -> list[str]:
        """Return the names of the migrations to come, up to and with `target`, oldest first."""
        return [step.migration.name for step in await self.plan(_targets(target))]

    async def upgrade(self, target: str | None = None) -> list[str]:
        """Apply what is missing, up to and with `target`; return the names."""
        steps = await self.plan(_targets(target))
        applied = set(await self.recorder.applied_migrations())
        unknown = sorted(key.name for key in applied if key not in self.loader.graph.nodes)
        if unknown:
            raise MigrationFailed(
                f"the database was made by a newer release (it has {', '.join(unknown)}): "
                "install that release, or restore the backup that it made"
            )
        if not steps:
            return []
        await self.recorder.ensure_schema(self._schema_editor(atomic=False))
        state = await self._project_state(applied)
        for step in steps:
            migration = step.migration
            if step.backward or not migration.atomic:
                raise MigrationFailed(f"{migration.name}: migrations go forward, each in one transaction")
            async with in_transaction(self.connection.connection_name) as connection:
                editor = self._schema_editor()
                editor.client = connection
                before = await row_counts(connection)
                await _apply(migration, state, editor)
                if not getattr(migration, "deletes_rows", False):
                    await _check_rows(connection, migration.name, before)
                await _check_references(connection, migration.name)
                await MigrationRecorder(connection).record_applied(migration.app_label, migration.name)
        return [step.migration.name for step in steps]

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        connections = {
            label: settings.get("default_connection", "default")
            for label, settings in self.loader.apps_config.items()
        }
        state = State(models={}, apps=StateApps(default_connections=connections))
        nodes = self.loader.graph.nodes
        done = [nodes[key] for key in takewhile(lambda key: key != upto, self._full_plan()) if key in applied]
        return foresee_all([migration for migration in done if migration is not None], state)

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> CompleteEditor:
        editor = SqliteEditor if self.connection.capabilities.dialect == "sqlite" else PostgresEditor
        return editor(self.connection, atomic=atomic, collect_sql=collect_sql)


async def _apply(migration: Migration, state: State, editor: CompleteEditor) -> None:
    """Run a migration's operations, as `Migration.apply` does but for what makes a first start slow.

    Each operation is handed the state before it; what only adds never looks at it, and a copy of all tables
    for each of dozens takes seconds.
    """
    with in_a_hurry(state):
        for run in runs(migration.operations):
            before = state if isinstance(run[0], ADDING) else state.clone()
            foresee(run, migration.app_label, state)
            for operation in run:
                await migration._run_database_forward(operation, before, state, editor, True)
    state.validate_relations_initialized()


def _targets(name: str | None) -> list[MigrationTarget]:
    return [MigrationTarget("models", name or "__latest__")]


async def row_counts(connection: BaseDBAsyncClient) -> dict[str, int]:
    """Count the rows of every table, but for the record of migrations."""
    tables = await connection.execute_query_dict(TABLES[connection.capabilities.dialect])
    counts: dict[str, int] = {}
    for name in sorted(table["name"] for table in tables if table["name"] != RECORDS):
        rows: list[dict[str, Any]] = await connection.execute_query_dict(
            f'SELECT count(*) AS n FROM "{name}"'  # noqa: S608  the name comes from the catalogue
        )
        counts[name] = int(rows[0]["n"])
    return counts


async def _check_rows(connection: BaseDBAsyncClient, name: str, before: dict[str, int]) -> None:
    after = await row_counts(connection)
    lost = [f"{table}: {n} -> {after[table]}" for table, n in before.items() if after.get(table, n) < n]
    if lost:
        raise MigrationFailed(f"{name} would delete rows ({'; '.join(lost)}) and was taken back")


async def _check_references(connection: BaseDBAsyncClient, name: str) -> None:
    # PostgreSQL never lets go of its foreign keys; SQLite has to while it rebuilds a table.
    if connection.capabilities.dialect != "sqlite":
        return
    broken = await connection.execute_query_dict("PRAGMA foreign_key_check")
    if broken:
        tables = sorted({row["table"] for row in broken})
        raise MigrationFailed(f"{name} would leave rows without their parents in {tables} and was taken back")
