"""Closures: days on which a canteen closes, brings lunch home, begins later or gives it the day before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField
from models.people import Person
from models.refusals import CanteenClosed

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.closing import Declared
    from models.closurenews import ClosureNews
    from models.reopening import Ended


class ClosureKind(StrEnum):
    """What happens instead of an ordinary lunch."""

    CLOSED = "closed"
    CONVERTED = "converted"
    LATER = "later"
    AHEAD = "ahead"


# On such a day itself nothing is cooked and nobody carries.
NOT_COOKING: Final = (ClosureKind.CLOSED, ClosureKind.AHEAD)


class ClosureReason(StrEnum):
    """Why; what none of these says is said in the coordinator's own words."""

    WEATHER = "weather"
    ROAD = "road"
    KITCHEN = "kitchen"
    STAFF = "staff"
    POWER = "power"
    WATER = "water"
    ILLNESS = "illness"
    HOLIDAY = "holiday"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a coordinator wants to declare for the service days of a period.

    words: the reason where none of the list fits. minutes: how much later lunch and routes begin.
    news_at: when people hear more; None when the last day says it all.
    """

    canteen_id: int
    starts: date
    ends: date
    kind: ClosureKind
    reason: ClosureReason
    words: str | None
    news_at: datetime | None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """How often closures have changed a day, and whether nothing is cooked on it."""

    number: int
    closed: bool


class Closure(Model):
    """One service day that is not as always; ended, never deleted. At most one is in force for a day.

    minutes: how much later lunch begins. ahead_on: the day on which this day's lunch goes out.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="closures"
    )
    canteen_id: int
    news: fields.ForeignKeyRelation[ClosureNews] = fields.ForeignKeyField(
        "models.ClosureNews", related_name="closures"
    )
    news_id: int
    day = fields.DateField()
    kind = fields.CharEnumField(ClosureKind, max_length=16)
    reason = fields.CharEnumField(ClosureReason, max_length=16)
    words = EncryptedTextField(null=True)
    minutes = fields.SmallIntField(null=True)
    ahead_on = fields.DateField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="closures", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    ended_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="ended_closures", null=True, on_delete=fields.SET_NULL
    )
    ended_by_id: int | None
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "closure"
        indexes = (("canteen_id", "day"), ("canteen_id", "ahead_on"))
        constraints = (
            UniqueConstraint(
                fields=("canteen", "day"), name="closure_in_force_is_one", condition="ended_at IS NULL"
            ),
            CheckConstraint(check="minutes IS NULL OR minutes > 0", name="closure_is_never_earlier"),
        )

    @classmethod
    async def declare(cls, plan: Plan, by: Person, now: datetime) -> Declared:
        """Declare a closure and do all that follows from it; declared again, it changes nothing.

        Raises what `closing.may_declare` raises.
        """
        from models.closing import declare

        return await declare(plan, by, now)

    @classmethod
    async def end(cls, closure_id: int, by: Person, now: datetime) -> Ended:
        """Go back to lunch as always, from this day of a closure on. Raises as `reopening.may_end`."""
        from models.reopening import end

        return await end(closure_id, by, now)

    @classmethod
    async def in_force(cls, canteen_id: int, starts: date, ends: date) -> dict[date, Closure]:
        """Find what is in force in a period."""
        found = cls.filter(canteen_id=canteen_id, day__gte=starts, day__lte=ends, ended_at=None)
        return {closure.day: closure for closure in await found.order_by("day")}

    @classmethod
    async def of(cls, canteen_id: int, day: date) -> Closure | None:
        """Find what is in force on a day."""
        return await cls.get_or_none(canteen_id=canteen_id, day=day, ended_at=None)

    @classmethod
    async def goes_with(cls, canteen_id: int, day: date) -> date:
        """Tell with which day's lunch that of a day goes out: its own, unless a closure brings it ahead."""
        closure = await cls.of(canteen_id, day)
        return day if closure is None or closure.ahead_on is None else closure.ahead_on

    @classmethod
    async def cooked_ahead(cls, days: Collection[tuple[int, date]]) -> list[tuple[int, date]]:
        """List the days of canteens with whose lunch that of some of these goes out."""
        known = cls.filter(canteen_id__in={one for one, _day in days}, day__in={day for _one, day in days})
        found = await known.filter(ahead_on__not_isnull=True, ended_at=None) if days else []
        return [
            (each.canteen_id, each.ahead_on)
            for each in found
            if each.ahead_on is not None and (each.canteen_id, each.day) in days
        ]

    @classmethod
    async def ahead_of(cls, canteen_ids: Sequence[int], day: date) -> list[Closure]:
        """List the days whose lunch goes out together with that of another day."""
        found = cls.filter(canteen_id__in=canteen_ids, ahead_on=day, ended_at=None)
        return await found.order_by("day")

    @classmethod
    async def editions(cls, days: Sequence[tuple[int, date]]) -> dict[tuple[int, date], Edition]:
        """Tell of days how often closures have changed them, and whether nothing is cooked now."""
        found = dict.fromkeys(days, Edition(0, closed=False))
        known = cls.filter(canteen_id__in={one for one, _day in days}, day__in={day for _one, day in days})
        for each in await known:
            before = found.get((each.canteen_id, each.day))
            if before is not None:
                ended = each.ended_at is not None
                closed = before.closed or (not ended and each.kind in NOT_COOKING)
                found[each.canteen_id, each.day] = Edition(before.number + 1 + ended, closed=closed)
        return found

    @classmethod
    async def must_cook(cls, canteen_id: int, day: date, zone: str) -> None:
        """Check that lunch is cooked on a day as far as closures go. Raises CanteenClosed."""
        closure = await cls.of(canteen_id, day)
        if closure is not None and closure.kind in NOT_COOKING:
            raise CanteenClosed(day, await closure.promised(), zone)

    @classmethod
    async def brings_all(cls, canteen_id: int, day: date) -> bool:
        """Tell whether every lunch of a day is brought home, however it is had otherwise."""
        closure = await cls.of(canteen_id, day)
        return closure is not None and closure.kind is ClosureKind.CONVERTED

    async def promised(self) -> datetime | None:
        """Tell when the next news of it was promised."""
        from models.closurenews import ClosureNews

        newest = await ClosureNews.of_root(self.news_id).order_by("-id").first()
        return None if newest is None else newest.news_at
