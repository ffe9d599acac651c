"""Canteens, their clock, their routes and the doors along them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.fields import EncryptedTextField, LocalTimeField, UtcDatetimeField

if TYPE_CHECKING:
    from models.people import Organisation
    from models.seniors import Senior

MONDAY_TO_FRIDAY: Final = 0b0011111


class Canteen(Model):
    """A place that cooks lunch, with its own clock.

    All times are local "HH:MM". Orders close at `cutoff_at`, `cutoff_days` service days before.
    """

    id = fields.IntField(primary_key=True)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="canteens", null=True
    )
    organisation_id: int | None
    name = fields.CharField(max_length=200)
    zone = fields.CharField(max_length=40)
    language = fields.CharField(max_length=10, default="en")
    weekdays = fields.SmallIntField(default=MONDAY_TO_FRIDAY)
    lunch_at = LocalTimeField(default="11:30")
    cutoff_at = LocalTimeField(default="16:00")
    cutoff_days = fields.SmallIntField(default=1)
    roster_at = LocalTimeField(default="08:00")
    finish_at = LocalTimeField(default="12:30")
    remind_at = LocalTimeField(default="18:00")
    human_name = EncryptedTextField(null=True)
    human_phone = EncryptedTextField(null=True)
    emergency_number = fields.CharField(max_length=40, default="112")
    places = fields.SmallIntField(default=1)
    planned_until = fields.DateField(null=True)
    next_at = UtcDatetimeField(null=True, db_index=True)
    created_at = UtcDatetimeField()
    routes: fields.ReverseRelation[Route]

    class Meta:
        table = "canteen"
        constraints = (
            CheckConstraint(check="weekdays BETWEEN 1 AND 127", name="canteen_opens_some_day"),
            CheckConstraint(check="places >= 1", name="canteen_shift_has_a_place"),
        )

    def today(self, now: datetime) -> date:
        """Tell the canteen's date at an instant."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, clock: str) -> datetime:
        """Turn a local wall time of a day into an instant (UTC): `instant` in this canteen's zone."""
        return instant(day, clock, self.zone)


class Route(Model):
    """A walk from door to door, with its hours and the places it needs."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField("models.Canteen", related_name="routes")
    canteen_id: int
    name = fields.CharField(max_length=80)
    starts_at = LocalTimeField(default="10:00")
    ends_at = LocalTimeField(default="12:00")
    places = fields.SmallIntField(null=True)
    position = fields.SmallIntField(default=0)
    closed_at = UtcDatetimeField(null=True)
    stops: fields.ReverseRelation[Stop]

    class Meta:
        table = "route"
        constraints = (CheckConstraint(check="places IS NULL OR places >= 1", name="route_has_a_place"),)


class Stop(Model):
    """A senior's door on a route, in its order; a stop that was left keeps its row."""

    id = fields.IntField(primary_key=True)
    route: fields.ForeignKeyRelation[Route] = fields.ForeignKeyField("models.Route", related_name="stops")
    route_id: int
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="stops")
    senior_id: int
    position = fields.SmallIntField()
    since = UtcDatetimeField()
    left_at = UtcDatetimeField(null=True)

    class Meta:
        table = "stop"
        constraints = (UniqueConstraint(fields=("senior",), name="stop_of_a_senior_is_one", condition="left_at IS NULL"),)


def instant(day: date, clock: str, zone: str) -> datetime:
    """Turn a local wall time into an instant (UTC).

    A time in a daylight-saving gap moves forward; of a repeated hour the first counts.
    """
    from datetime import UTC, time

    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)
