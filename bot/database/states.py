"""Work out what migrations make of the tables, at a pace that a first start bears.

Tortoise describes all tables anew after each operation, makes them ready for queries and works out the same
filters of the same columns each time: seconds for a schema of this size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Final

import tortoise.models
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import Field, JSONField
from tortoise.fields.relational import BackwardFKRelation, ManyToManyFieldInstance
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import AddField, AddIndex, CreateModel, Operation
from tortoise.migrations.schema_generator.state import State

# One's SQL speaks of itself alone, whatever else of the same kind is described already. A constraint may
# build its table anew from the whole model: it has to find the tables described as they are at its turn.
ALIKE: Final = (CreateModel, AddField, AddIndex)
# Their filters hang on the field itself, not only on its name.
OF_THEIR_OWN: Final = (ManyToManyFieldInstance, BackwardFKRelation, JSONField, ArrayField)


def runs(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Split operations where the tables have to be described anew before the next one."""
    for kind, run in groupby(operations, type):
        found = list(run)
        yield from [found] if kind in ALIKE else ([operation] for operation in found)


def foresee(run: Iterable[Operation], label: str, state: State) -> None:
    """Bring the state forward over the operations of one run; describe the tables that they touch once."""
    touched: set[tuple[str, str]] = set()
    patched: Any = state
    patched.reload_models = touched.update
    patched.reload_model = lambda app, model: touched.add((app, model))
    try:
        for operation in run:
            operation.state_forward(label, state)
    finally:
        del patched.reload_models, patched.reload_model
    state.reload_models(touched)


def foresee_all(migrations: Iterable[Migration], state: State) -> State:
    """Bring the state forward over whole migrations; return it."""
    with in_a_hurry(state):
        for migration in migrations:
            for run in runs(migration.operations):
                foresee(run, migration.app_label, state)
    return state


@contextmanager
def in_a_hurry(state: State) -> Iterator[None]:
    """Make the tables ready for queries only at the end of this block, and work out no filter twice."""
    apps: Any = state.apps
    models: Any = tortoise.models
    work_out = models.get_filters_for_field
    known: dict[tuple[str, str, str], Any] = {}

    def remember(field_name: str, field: Field[Any] | None, source_field: str) -> Any:
        if field is None or isinstance(field, OF_THEIR_OWN):
            return work_out(field_name, field, source_field)
        key = (field_name, field.model_field_name, source_field)
        if key not in known:
            known[key] = work_out(field_name, field, source_field)
        return known[key]

    models.get_filters_for_field = remember
    apps._build_initial_querysets = _nothing
    try:
        yield
    finally:
        models.get_filters_for_field = work_out
        del apps._build_initial_querysets
    apps._build_initial_querysets()


def _nothing() -> None:
    """Make nothing ready."""
