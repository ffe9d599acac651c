"""Find what the migrations lack to describe the models."""

from __future__ import annotations

from typing import Any

from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.writer import MigrationWriter

from bot.database.config import PRODUCT, Schema, config


class Detector(MigrationAutodetector):
    """Compare models with migrations, but for what is written for the reader: a docstring is no schema."""

    def _current_state(self) -> State:
        state = super()._current_state()
        for model in state.models.values():
            model.options.pop("table_description", None)
            for field in model.fields.values():
                field.description = None
        return state


async def missing_migrations(schema: Schema = PRODUCT) -> list[MigrationWriter]:
    """Return the migrations that would have to be written; no database is opened."""
    settings: dict[str, Any] = config("sqlite://unopened", schema)
    async with TortoiseContext() as context:
        await context.init(config=settings, init_connections=False)
        assert context.apps is not None
        return await Detector(context.apps, settings["apps"]).changes()
