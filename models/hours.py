"""Volunteers' hours: minutes as facts, corrected by new entries, never deleted."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.fields import UtcDatetimeField

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.people import Person
    from models.shifts import Shift


class HoursSource(StrEnum):
    """How we know the minutes."""

    ROUND = "round"
    PLANNED = "planned"
    MANUAL = "manual"


class HoursEntry(Model):
    """Minutes that a volunteer served, travel excluded (Ministry of Civil Affairs Order 67: true, accurate, complete)."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="hours")
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="hours"
    )
    canteen_id: int
    shift: fields.ForeignKeyNullableRelation[Shift] = fields.ForeignKeyField(
        "models.Shift", related_name="hours", null=True
    )
    shift_id: int | None
    day = fields.DateField()
    minutes = fields.IntField()
    source = fields.CharEnumField(HoursSource, max_length=16)
    at = UtcDatetimeField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="entered_hours", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "hours_entry"
        constraints = (
            UniqueConstraint(
                fields=("shift", "person"), name="hours_of_a_shift_count_once", condition="voided_at IS NULL"
            ),
        )
