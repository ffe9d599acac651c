"""References that nobody checks: `db_constraint=False`, which Tortoise 1.1.9 overlooks in migrations."""

from __future__ import annotations

from typing import Final, cast

from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.models import Model

NAMES: Final = """
    SELECT c.conname AS name FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
    WHERE c.contype = 'f' AND c.conrelid = to_regclass($1) AND a.attname = $2
"""


class ReferenceEditor(BaseSchemaEditor):
    """Make columns with and without a checked reference, and let go of one."""

    def _get_fk_field_definition(self, model: type[Model], key_field_name: str) -> str:
        column = model._meta.fields_map[key_field_name]
        if cast("ForeignKeyFieldInstance[Model]", column.reference).db_constraint:
            return super()._get_fk_field_definition(model, key_field_name)
        return self._get_field_sql(
            db_field=model._meta.fields_db_projection[key_field_name],
            field_type=column.get_for_dialect(self.DIALECT, "SQL_TYPE"),
            nullable=column.null,
            unique=column.unique,
            is_pk=column.pk,
            comment="",
        )

    async def alter_field(self, old_model: type[Model], new_model: type[Model], field_name: str) -> None:
        """Change a column, and let go of its reference where that is not to be checked any more.

        Raises NotImplementedError for the other way round: a row may refer to what is not there.
        """
        old, new = (model._meta.fields_map[field_name] for model in (old_model, new_model))
        if isinstance(old, ForeignKeyFieldInstance) and isinstance(new, ForeignKeyFieldInstance):
            if new.db_constraint and not old.db_constraint:
                raise NotImplementedError(f"{field_name} would be checked from now on")
            if old.db_constraint and not new.db_constraint:
                await self.drop_reference(new_model, new.source_field or field_name)
        await super().alter_field(old_model, new_model, field_name)

    async def drop_reference(self, model: type[Model], column: str) -> None:
        """Let a column refer to rows of another table unchecked."""
        table = model._meta.db_table
        for row in (await self.client.execute_query(NAMES, [table, column]))[1]:
            await self._run_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{row["name"]}"')
