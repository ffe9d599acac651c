"""Find what the migrations lack to describe the models."""

from __future__ import annotations

from copy import copy
from enum import Enum
from typing import Any

from tortoise.context import TortoiseContext
from tortoise.fields import CharField, SmallIntField
from tortoise.fields.base import Field
from tortoise.fields.data import CharEnumFieldInstance, IntEnumFieldInstance
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.migrations.writer import MigrationWriter

from bot.database.config import PRODUCT, Schema, config
from bot.database.states import foresee_all


class Detector(MigrationAutodetector):
    """Compare models with migrations in what a database knows of them.

    A docstring is no schema, and a choice is a text or a number there: so a migration stays as it is when
    words change, and still runs when the enumeration that it was written with is gone.
    """

    def _current_state(self) -> State:
        return _plain(super()._current_state())

    async def _project_state(self) -> State:
        nodes = self.loader.graph.nodes
        migrations = [migration for key in self._full_plan() if (migration := nodes[key]) is not None]
        return _plain(foresee_all(migrations, State(models={}, apps=StateApps())))


def _plain(state: State) -> State:
    for model in state.models.values():
        model.options.pop("table_description", None)
        model.fields = {name: _plain_field(field) for name, field in model.fields.items()}
    return state


def _plain_field(field: Field[Any]) -> Field[Any]:
    if isinstance(field, CharEnumFieldInstance):
        plain: Field[Any] = CharField(max_length=field.max_length)
    elif isinstance(field, IntEnumFieldInstance):
        plain = SmallIntField()
    else:
        plain = copy(field)
    for name in ("model_field_name", "source_field", "null", "unique", "index", "db_default", "model"):
        setattr(plain, name, getattr(field, name))
    plain.default = field.default.value if isinstance(field.default, Enum) else field.default
    plain.description = None
    return plain


async def missing_migrations(schema: Schema = PRODUCT) -> list[MigrationWriter]:
    """Return the migrations that would have to be written; no database is opened."""
    settings: dict[str, Any] = config("sqlite://unopened", schema)
    async with TortoiseContext() as context:
        await context.init(config=settings, init_connections=False)
        assert context.apps is not None
        return await Detector(context.apps, settings["apps"]).changes()
