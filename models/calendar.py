"""Service days: what a canteen's day has been through, and when."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField

if TYPE_CHECKING:
    from models.canteens import Canteen


class DayState(StrEnum):
    """How far a service day is."""

    PLANNED = "planned"
    CLOSED = "orders_closed"
    ROSTER = "roster_made"
    OUT = "out"
    FINISHED = "finished"


class ServiceDay(Model):
    """One day on which a canteen cooks; its instants are computed from the canteen's clock when it is planned.

    next_at is the instant of its next step: the one column that the scheduler asks.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField("models.Canteen", related_name="days")
    canteen_id: int
    day = fields.DateField()
    state = fields.CharEnumField(DayState, max_length=32, default=DayState.PLANNED)
    close_at = UtcDatetimeField()
    roster_at = UtcDatetimeField()
    out_at = UtcDatetimeField()
    finish_at = UtcDatetimeField()
    closed_at = UtcDatetimeField(null=True)
    roster_made_at = UtcDatetimeField(null=True)
    finished_at = UtcDatetimeField(null=True)
    next_at = UtcDatetimeField(null=True, db_index=True)

    class Meta:
        table = "service_day"
        unique_together = (("canteen", "day"),)
