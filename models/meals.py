"""Meals: one senior, one service day, and what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.seniors import Mode

if TYPE_CHECKING:
    from models.calendar import ServiceDay
    from models.canteens import Canteen, Route
    from models.people import Person
    from models.seniors import Diet, Residence, Senior


class Origin(StrEnum):
    """Where a dated row comes from; only pattern rows are ever made anew."""

    PATTERN = "pattern"
    FAMILY = "family"
    COORDINATOR = "coordinator"


class ChangeKind(StrEnum):
    """What is different on one day."""

    SKIP = "skip"
    EXTRA = "extra"
    SWAP = "swap"


class OrderChange(Model):
    """One day's change of a senior's pattern; the newest that is not void counts."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="changes")
    senior_id: int
    day = fields.DateField()
    kind = fields.CharEnumField(ChangeKind, max_length=16)
    mode = fields.CharEnumField(Mode, max_length=16, null=True)
    origin = fields.CharEnumField(Origin, max_length=16)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="order_changes", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "order_change"
        indexes = (("senior_id", "day"),)
        constraints = (
            UniqueConstraint(fields=("senior", "day"), name="order_change_in_force_is_one", condition="voided_at IS NULL"),
            CheckConstraint(check="kind <> 'swap' OR mode IS NOT NULL", name="order_change_swap_has_a_mode"),
        )


class MealState(StrEnum):
    """What became of a meal. Unknown stays expected: it is never called delivered."""

    EXPECTED = "expected"
    CANCELLED = "cancelled"
    IN_PERSON = "handed_over"
    NEIGHBOUR = "left_with_neighbour"
    AT_DOOR = "left_at_door"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    RETURNED = "returned"
    SIGNED_IN = "signed_in"
    NOT_COME = "not_come"


SEEN = frozenset({MealState.IN_PERSON, MealState.SIGNED_IN})


class Meal(Model):
    """One lunch of one senior on one service day, with the residence and diet of that day."""

    id = fields.BigIntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="meals")
    senior_id: int
    service_day: fields.ForeignKeyRelation[ServiceDay] = fields.ForeignKeyField(
        "models.ServiceDay", related_name="meals"
    )
    service_day_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField("models.Canteen", related_name="meals")
    canteen_id: int
    day = fields.DateField()
    mode = fields.CharEnumField(Mode, max_length=16)
    origin = fields.CharEnumField(Origin, max_length=16, default=Origin.PATTERN)
    state = fields.CharEnumField(MealState, max_length=32, default=MealState.EXPECTED)
    state_at = UtcDatetimeField(null=True)
    residence: fields.ForeignKeyNullableRelation[Residence] = fields.ForeignKeyField(
        "models.Residence", related_name="meals", null=True
    )
    residence_id: int | None
    diet: fields.ForeignKeyNullableRelation[Diet] = fields.ForeignKeyField("models.Diet", related_name="meals", null=True)
    diet_id: int | None
    route: fields.ForeignKeyNullableRelation[Route] = fields.ForeignKeyField(
        "models.Route", related_name="meals", null=True
    )
    route_id: int | None
    position = fields.SmallIntField(null=True)

    class Meta:
        table = "meal"
        unique_together = (("senior", "day"),)
        indexes = (("canteen_id", "day"), ("route_id", "day"))


class MealEvent(Model):
    """What somebody said of a meal, and when; undone by voiding, never deleted."""

    id = fields.BigIntField(primary_key=True)
    meal: fields.ForeignKeyRelation[Meal] = fields.ForeignKeyField("models.Meal", related_name="events")
    meal_id: int
    state = fields.CharEnumField(MealState, max_length=32)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="meal_events", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    heard_at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "meal_event"
