"""Rounds that will be late, and food that is on its way too long: each is noticed once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from tortoise import fields
from tortoise.models import Model

from models.deskrules import DeskRules
from models.fields import UtcDatetimeField
from models.meals import Meal, MealState
from models.people import Person
from models.rounds import Door, doors
from models.routes import Kind
from models.samples import Place, Reading
from models.shiftclock import AFTER
from models.shifts import Claim, Shift, ShiftState

LATE_FROM: Final = timedelta(minutes=20)
QUARTER: Final = timedelta(minutes=15)


class NoticeKind(StrEnum):
    """What was noticed of a round."""

    LATE = "late"
    FOOD = "food"


class RoundNotice(Model):
    """Something that was noticed of a round, so that it is told once."""

    id = fields.IntField(primary_key=True)
    shift: fields.ForeignKeyRelation[Shift] = fields.ForeignKeyField("models.Shift", related_name="notices")
    shift_id: int
    kind = fields.CharEnumField(NoticeKind, max_length=16)
    at = UtcDatetimeField()

    class Meta:
        table = "round_notice"
        unique_together = (("shift", "kind"),)

    @classmethod
    async def is_news(cls, shift: Shift, kind: NoticeKind, now: datetime) -> bool:
        """Tell whether nobody has noticed this before; of several processes one is told so."""
        await Shift.filter(id=shift.id).select_for_update().get()
        _row, created = await cls.get_or_create({"at": now}, shift_id=shift.id, kind=kind)
        return created


@dataclass(frozen=True, slots=True)
class Expected:
    """A door that lunch reaches later than the round usually ends; about: when, to the quarter of an hour."""

    door: Door
    about: datetime


@dataclass(frozen=True, slots=True)
class Old:
    """Food that was packed too long ago, with doors still to come. carriers: who has it with them."""

    shift: Shift
    packed_at: datetime
    doors: int
    carriers: Sequence[Person]


async def expected(shift: Shift, begins: datetime, *, only: Collection[int] | None = None) -> list[Expected]:
    """List the open doors that are reached after the shift's usual end, if the next one is begun then.

    A door takes its share of the shift's time. only: some meals; those before them are counted all the same.
    """
    found = await doors(shift)
    if not found:
        return []
    pace = (shift.ends_at - shift.starts_at) / len(found)
    late = []
    for number, door in enumerate((one for one in found if one.open), 1):
        about = begins + pace * number
        if about > shift.ends_at and (only is None or door.meal.id in only):
            late.append(Expected(door, _to_the_quarter(about)))
    return late


def _to_the_quarter(at: datetime) -> datetime:
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole + QUARTER * -(-(at - whole) // QUARTER)


async def take_late(now: datetime, limit: int) -> list[tuple[Shift, list[Expected]]]:
    """Take rounds that somebody has begun late, each once, with the doors that are reached late."""
    begun = Claim.filter(
        shift__state=ShiftState.OPEN,
        shift__route__kind=Kind.ROUND,
        shift__starts_at__lte=now - LATE_FROM,
        shift__ends_at__gt=now - AFTER,
        given_back_at=None,
        started_at__not_isnull=True,
    )
    shifts: dict[int, tuple[Shift, datetime]] = {}
    for claim in await begun.order_by("started_at").prefetch_related("shift__canteen"):
        assert claim.started_at is not None
        shifts.setdefault(claim.shift_id, (claim.shift, claim.started_at))
    late = [(shift, started) for shift, started in shifts.values() if started >= shift.starts_at + LATE_FROM]
    known = await _noticed([shift.id for shift, _started in late], NoticeKind.LATE)
    due = [(shift, started) for shift, started in late if shift.id not in known][:limit]
    return [
        (shift, await expected(shift, started))
        for shift, started in due
        if await RoundNotice.is_news(shift, NoticeKind.LATE, now)
    ]


async def take_old(now: datetime, limit: int) -> list[Old]:
    """Take rounds with doors still to come whose food was packed too long ago, each once.

    Packed is when the kitchen first measured a hot dish; where it keeps no log, when the round begins.
    Hot food is eaten within two hours of cooking, or heated again (Jurong's rules, 句民发〔2023〕30号).
    """
    running = Shift.filter(
        state=ShiftState.OPEN,
        route__kind=Kind.ROUND,
        starts_at__lte=now,
        ends_at__gt=now - AFTER,
        taken__gt=0,
    )
    shifts = await running.order_by("starts_at", "id").prefetch_related("canteen", "route")
    known = await _noticed([shift.id for shift in shifts], NoticeKind.FOOD)
    under_way = await _with_open_doors([shift for shift in shifts if shift.id not in known])
    rules = await DeskRules.of_all(list({shift.canteen_id for shift in under_way}))
    measured = await _measured(under_way)
    old: list[Old] = []
    for shift in under_way:
        packed_at = min(measured.get((shift.canteen_id, shift.day), shift.starts_at), shift.starts_at)
        if len(old) == limit or now < packed_at + timedelta(minutes=rules[shift.canteen_id].warm_for):
            continue
        left = sum(door.open for door in await doors(shift))
        carriers = await Shift.carrier(shift.route_id, shift.day)
        if left and carriers and await RoundNotice.is_news(shift, NoticeKind.FOOD, now):
            old.append(Old(shift, packed_at, left, carriers))
    return old


async def _with_open_doors(shifts: Sequence[Shift]) -> list[Shift]:
    """Leave out the rounds whose last door is done."""
    if not shifts:
        return []
    routes, days = {shift.route_id for shift in shifts}, {shift.day for shift in shifts}
    open_ = Meal.filter(route_id__in=list(routes), day__in=list(days), state=MealState.EXPECTED)
    there = set(await open_.values_list("route_id", "day"))
    return [shift for shift in shifts if (shift.route_id, shift.day) in there]


async def _measured(shifts: Sequence[Shift]) -> dict[tuple[int, date], datetime]:
    """Find when each canteen first measured a hot dish while packing, by its days."""
    if not shifts:
        return {}
    canteens, days = {shift.canteen_id for shift in shifts}, {shift.day for shift in shifts}
    found = Reading.filter(
        canteen_id__in=list(canteens), day__in=list(days), place=Place.PACKING, cold=False, voided_at=None
    )
    return {(one.canteen_id, one.day): one.at for one in await found.order_by("-at")}


async def _noticed(shift_ids: Collection[int], kind: NoticeKind) -> set[object]:
    rows = RoundNotice.filter(shift_id__in=list(shift_ids), kind=kind)
    return set(await rows.values_list("shift_id", flat=True)) if shift_ids else set()
