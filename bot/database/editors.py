"""Schema editors that do what the migrations say, and lose nothing on the way.

Tortoise 1.1.9 ignores `Meta.constraints` when it creates a table and `db_index` when it adds a column, and
rebuilds an SQLite table without its indexes and uniques, with foreign keys on: its child rows are deleted.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tortoise.fields.base import Field
from tortoise.fields.relational import ManyToManyFieldInstance
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_editor.data import ModelSqlData
from tortoise.models import Model

from bot.database.references import ReferenceEditor

Constraint = UniqueConstraint | CheckConstraint

# What Tortoise calls an index that has no name of its own; a rebuild makes these anew from the model.
GENERATED_NAME = re.compile(r"(?:idx|uid|uidx)_.+_[0-9a-f]{6}")


class CompleteEditor(ReferenceEditor):
    """Do on both engines what Tortoise leaves out."""

    async def create_model(self, model: type[Model]) -> None:
        """Create a table with the constraints of its Meta."""
        await super().create_model(model)
        for constraint in model._meta.constraints:
            await self.add_constraint(model, constraint)

    async def add_field(self, model: type[Model], field_name: str) -> None:
        """Add a column, and its index where it has `db_index`."""
        await super().add_field(model, field_name)
        field = model._meta.fields_map[field_name]
        if isinstance(field, ManyToManyFieldInstance):
            return
        column = field.source_field or field_name
        # Of a foreign key it is the raw column beside it that carries the index.
        if model._meta.fields_map.get(column, field).index:
            await self.add_index(model, Index(fields=(column,)))

    def _get_index_sql(
        self, model: type[Model], field_names: Sequence[str], *args: Any, **kwargs: Any
    ) -> str:
        # The name of a foreign key is not a column; SQLite would index it as a text, without a word.
        columns = self._resolve_fields_to_columns(model, list(field_names))
        return super()._get_index_sql(model, columns, *args, **kwargs)

    def _index_name_for_model(self, model: type[Model], index: Index) -> str:
        index.resolve_expressions(model)
        columns = self._resolve_fields_to_columns(model, index.field_names)
        return index.name or self._generate_index_name("idx", model, columns)


class PostgresEditor(CompleteEditor, AsyncpgSchemaEditor):
    """Change a PostgreSQL schema."""

    async def rename_constraint(self, model: type[Model], old: Constraint, new: Constraint) -> None:
        """Rename a constraint; a partial unique is an index here."""
        if isinstance(old, UniqueConstraint) and old.condition:
            fields = tuple(old.fields)
            await self.rename_index(
                model, Index(fields=fields, name=old.name), Index(fields=fields, name=new.name)
            )
            return
        await super().rename_constraint(model, old, new)


class SqliteEditor(CompleteEditor, SqliteSchemaEditor):
    """Change an SQLite schema; what ALTER TABLE can't do is done by building the table anew."""

    _checks: Sequence[str] = ()

    async def create_model(self, model: type[Model]) -> None:
        """Create a table; its checks are part of it."""
        await BaseSchemaEditor.create_model(self, model)
        await self._add_uniques(model)

    async def drop_reference(self, model: type[Model], column: str) -> None:
        """Let a column refer to rows of another table unchecked, by building its table anew."""
        await self._rebuild(model)

    async def add_constraint(self, model: type[Model], constraint: Constraint) -> None:
        """Add a check (by building the table anew) or a unique, which may be partial."""
        if isinstance(constraint, CheckConstraint):
            await self._rebuild(model)
            return
        columns = self._resolve_fields_to_columns(model, constraint.fields)
        name = constraint.name or self._get_unique_constraint_name(model, columns)
        where = f" WHERE {constraint.condition}" if constraint.condition else ""
        quoted = ", ".join(self.quote(column) for column in columns)
        await self._run_sql(f'CREATE UNIQUE INDEX "{name}" ON "{model._meta.db_table}" ({quoted}){where}')

    async def remove_constraint(self, model: type[Model], constraint: Constraint) -> None:
        """Remove a constraint; the model is the one that still has it."""
        await self._rebuild(model, without=constraint)

    async def rename_constraint(self, model: type[Model], old: Constraint, new: Constraint) -> None:
        """Rename a constraint; the model is the one that has the new name."""
        await self._rebuild(model, without=old)

    async def _remake_table(
        self,
        model: type[Model],
        create_field: Field[Any] | None = None,
        delete_field: Field[Any] | None = None,
        alter_fields: list[tuple[Field[Any], Field[Any]]] | None = None,
    ) -> None:
        assert create_field is None, "columns are added by ALTER TABLE"
        moved = {_column(new): _column(old) for old, new in alter_fields or ()}
        await self._rebuild(model, drop=_column(delete_field) if delete_field else None, moved=moved)

    async def _rebuild(
        self,
        model: type[Model],
        *,
        drop: str | None = None,
        without: Constraint | None = None,
        moved: dict[str, str] | None = None,
    ) -> None:
        """Build the table anew from its model, without one column or constraint, and keep its rows."""
        table = model._meta.db_table
        if (await self._query("PRAGMA foreign_keys"))[0][0]:
            raise RuntimeError(f"rebuilding {table} with foreign_keys=ON would delete its child rows")
        old_columns = {row["name"] for row in await self._query(f'PRAGMA table_info("{table}")')}
        kept = await self._by_hand(table, drop, without)
        last_id = await self._last_id(table)
        with self._trimmed(model, drop, without):
            create, *indexes = statements(self._get_model_sql_data(model).table_sql)
            sources = {
                column: (moved or {}).get(column, column)
                for column in model._meta.fields_db_projection.values()
            }
            common = {new: old for new, old in sources.items() if old in old_columns}
            into, select = (
                ", ".join(self.quote(c) for c in side) for side in (common.keys(), common.values())
            )
            await self._run_sql(create.replace(f'"{table}"', f'"new__{table}"', 1))
            await self._run_sql(f'INSERT INTO "new__{table}" ({into}) SELECT {select} FROM "{table}"')  # noqa: S608 -- names of our own tables
            await self._run_sql(f'DROP TABLE "{table}"')
            await self._run_sql(f'ALTER TABLE "new__{table}" RENAME TO "{table}"')
            for index in indexes:
                await self._run_sql(index)
            await self._add_uniques(model)
        if last_id is not None:
            # The ids of deleted rows must not come back: old buttons carry them.
            await self._query("DELETE FROM sqlite_sequence WHERE name = ?", [table])
            await self._query("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, last_id])
        present = {row["name"] for row in await self._query("SELECT name FROM sqlite_master")}
        for name, sql in kept:
            if name not in present:
                await self._run_sql(sql)

    async def _last_id(self, table: str) -> int | None:
        if not await self._query("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"):
            return None
        rows = await self._query("SELECT seq FROM sqlite_sequence WHERE name = ?", [table])
        return int(rows[0]["seq"]) if rows else None

    async def _by_hand(
        self, table: str, drop: str | None, without: Constraint | None
    ) -> list[tuple[str, str]]:
        """Read the indexes and triggers that a migration made in SQL of its own."""
        rows = await self._query(
            "SELECT type, name, sql FROM sqlite_master"
            " WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
            [table],
        )
        kept = []
        for row in rows:
            if GENERATED_NAME.fullmatch(row["name"]) or (without is not None and row["name"] == without.name):
                continue
            if row["type"] == "index":
                columns = await self._query(f'PRAGMA index_info("{row["name"]}")')
                if drop in {column["name"] for column in columns}:
                    continue
            kept.append((row["name"], row["sql"]))
        return kept

    @contextmanager
    def _trimmed(self, model: type[Model], drop: str | None, without: Constraint | None) -> Iterator[None]:
        """Let a model forget one column, with what stands on it, and one constraint."""
        meta = model._meta
        saved = meta.fields_db_projection, meta.unique_together, meta.indexes, meta.constraints

        def stays(fields: Sequence[str]) -> bool:
            return drop not in self._resolve_fields_to_columns(model, list(fields))

        gone = tuple(without.fields) if isinstance(without, UniqueConstraint) and not without.name else None
        meta.fields_db_projection = {f: c for f, c in meta.fields_db_projection.items() if c != drop}
        meta.unique_together = tuple(u for u in meta.unique_together if stays(u) and tuple(u) != gone)
        meta.indexes = tuple(i for i in meta.indexes if stays(i.field_names if isinstance(i, Index) else i))
        meta.constraints = tuple(
            c
            for c in meta.constraints
            if c != without and (isinstance(c, CheckConstraint) or stays(c.fields))
        )
        try:
            yield
        finally:
            meta.fields_db_projection, meta.unique_together, meta.indexes, meta.constraints = saved

    async def _add_uniques(self, model: type[Model]) -> None:
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                await self.add_constraint(model, constraint)

    def _get_model_sql_data(self, model: type[Model]) -> ModelSqlData:
        self._checks = [
            self.CHECK_CONSTRAINT_CREATE_TEMPLATE.format(name=constraint.name, check=constraint.check)
            for constraint in model._meta.constraints
            if isinstance(constraint, CheckConstraint)
        ]
        return super()._get_model_sql_data(model)

    def _get_inner_statements(self) -> list[str]:
        return list(self._checks)

    async def _query(self, sql: str, values: list[Any] | None = None) -> Sequence[Any]:
        return (await self.client.execute_query(sql, values))[1]

    async def _run_sql(self, sql: str) -> None:
        for statement in statements(sql):
            await self.client.execute_query(statement)


def statements(sql: str) -> Iterator[str]:
    """Split a script where its statements end: not in a text, nor inside a trigger."""
    statement = ""
    for piece in sql.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n\t;"):
                yield statement.strip()
            statement = ""
    if statement:
        yield statement


def _column(field: Field[Any]) -> str:
    return field.source_field or field.model_field_name
