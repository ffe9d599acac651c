"""Shifts: who carries which route on which day."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.fields import UtcDatetimeField

if TYPE_CHECKING:
    from models.canteens import Canteen, Route
    from models.people import Person


class ShiftState(StrEnum):
    """What became of a shift."""

    OPEN = "open"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Shift(Model):
    """One route on one service day; `taken` of its `places` are claimed."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="shifts"
    )
    canteen_id: int
    route: fields.ForeignKeyRelation[Route] = fields.ForeignKeyField("models.Route", related_name="shifts")
    route_id: int
    day = fields.DateField()
    starts_at = UtcDatetimeField()
    ends_at = UtcDatetimeField()
    places = fields.SmallIntField()
    taken = fields.SmallIntField(default=0)
    state = fields.CharEnumField(ShiftState, max_length=16, default=ShiftState.OPEN)
    claims: fields.ReverseRelation[Claim]

    class Meta:
        table = "shift"
        unique_together = (("route", "day"),)
        indexes = (("canteen_id", "starts_at"),)
        constraints = (
            CheckConstraint(check="taken >= 0 AND taken <= places", name="shift_is_never_overfilled"),
            CheckConstraint(check="ends_at > starts_at", name="shift_ends_after_it_starts"),
        )


class Claim(Model):
    """A volunteer's place on a shift. Given back, it keeps its row.

    reminded: how many of its three reminders were taken (three days, one day, morning).
    """

    id = fields.IntField(primary_key=True)
    shift: fields.ForeignKeyRelation[Shift] = fields.ForeignKeyField("models.Shift", related_name="claims")
    shift_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="claims")
    person_id: int
    claimed_at = UtcDatetimeField()
    confirmed_at = UtcDatetimeField(null=True)
    given_back_at = UtcDatetimeField(null=True)
    started_at = UtcDatetimeField(null=True)
    finished_at = UtcDatetimeField(null=True)
    reminded = fields.SmallIntField(default=0)
    next_at = UtcDatetimeField(null=True, db_index=True)

    class Meta:
        table = "claim"
        constraints = (
            UniqueConstraint(
                fields=("shift", "person"), name="claim_is_held_once", condition="given_back_at IS NULL"
            ),
        )
