"""Write one row into every table of a schema, whatever its tables are by then."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.fields.base import Field
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.models import Model

from models.fields import (
    BlindIndexField,
    EncryptedJSONField,
    EncryptedTextField,
    LocalTimeField,
    UtcDatetimeField,
)

NOW = dt.datetime(2026, 11, 23, 11, 30, tzinfo=dt.UTC)

# The first kind that fits decides.
VALUES: tuple[tuple[type[Field[Any]], Any], ...] = (
    (LocalTimeField, "12:30"),
    (EncryptedTextField, "a secret"),
    (EncryptedJSONField, {"secret": ["x", 1]}),
    (BlindIndexField, "0" * 32),
    (fields.BooleanField, True),
    (fields.IntField, 1),
    (fields.DecimalField, Decimal(1)),
    (fields.FloatField, 1.0),
    (fields.UUIDField, uuid.UUID(int=1)),
    (fields.BinaryField, b"bytes"),
    (fields.JSONField, {"plain": 1}),
    (fields.CharField, "x"),
    (fields.TextField, "text"),
)


Choices = dict[tuple[str, str], Any]


def choices(models: Iterable[type[Model]]) -> Choices:
    """Return a value for each column that is a choice; a migration knows it as a plain text or number."""
    return {
        (model._meta.db_table, name): next(iter(field.enum_type)).value
        for model in models
        for name, field in model._meta.fields_map.items()
        if hasattr(field, "enum_type")
    }


async def fill(models: Iterable[type[Model]], chosen: Choices) -> None:
    """Write one row per table, parents first; what may be empty is filled where the table's checks let it."""
    left = sorted(models, key=lambda model: model._meta.db_table)
    made: dict[str, Model] = {}
    while left:
        ready = [model for model in left if _parents(model) <= made.keys()]
        assert ready, f"tables refer to each other in a circle: {[model._meta.db_table for model in left]}"
        for model in ready:
            made[model.__name__] = await _write(model, made, chosen)
            left.remove(model)


def _parents(model: type[Model]) -> set[str]:
    return {
        relation.related_model.__name__ for relation in _relations(model).values() if not relation.null
    } - {model.__name__}


def _relations(model: type[Model]) -> dict[str, ForeignKeyFieldInstance[Any]]:
    names = model._meta.fk_fields | model._meta.o2o_fields
    return {
        name: field
        for name in names
        if isinstance(field := model._meta.fields_map[name], ForeignKeyFieldInstance)
    }


async def _write(model: type[Model], made: dict[str, Model], chosen: Choices) -> Model:
    try:
        return await model.create(**_row(model, made, chosen, sparse=False))
    except IntegrityError:
        # A check wants some of it empty: a pair of columns of which one is set, for example.
        return await model.create(**_row(model, made, chosen, sparse=True))


def _row(model: type[Model], made: dict[str, Model], chosen: Choices, *, sparse: bool) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, relation in _relations(model).items():
        parent = made.get(relation.related_model.__name__)
        if parent is not None and not (sparse and relation.null):
            row[name] = parent
    for name in model._meta.fields_db_projection:
        field = model._meta.fields_map[name]
        if field.generated or field.reference is not None or (sparse and field.null):
            continue
        row[name] = chosen.get((model._meta.db_table, name), _value(field, len(row)))
    return row


def _value(field: Field[Any], place: int) -> Any:
    default = field.default() if callable(field.default) else field.default
    if default is not None:
        return default
    # What ends comes after what starts, as its columns do.
    if isinstance(field, UtcDatetimeField):
        return NOW + dt.timedelta(hours=place)
    if isinstance(field, fields.DateField):
        return NOW.date() + dt.timedelta(days=place)
    return next(value for kind, value in VALUES if isinstance(field, kind))
