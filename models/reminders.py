"""What is due of the shift clock: reminders to volunteers, and tomorrow's gaps to the coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.canteens import Canteen
from models.demand import waiting_for
from models.people import Person
from models.shiftclock import CLOSES_AFTER, Reminder, next_reminder, reminders
from models.shifts import Claim, Shift, ShiftState, young_alone


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is to be said now. step: 0 three days before, 1 the day before, 2 the same morning."""

    claim: Claim
    step: int
    until: datetime
    homes: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A shift that still lacks somebody: places that nobody has, and volunteers who have not answered.

    alone: who has it under age, without an adult.
    """

    shift: Shift
    homes: int
    silent: Sequence[Claim]
    alone: Sequence[Person] = ()


@dataclass(frozen=True, slots=True)
class Evening:
    """A canteen's shifts of the next day that lack somebody."""

    canteen: Canteen
    day: date
    gaps: Sequence[Gap]


async def take_due(now: datetime, limit: int) -> tuple[int, Sequence[Due]]:
    """Take up to `limit` places whose reminder is due; tell how many, and which are still worth saying.

    Of several that were missed only one that still holds is said; each is said at most once.
    """
    claims = await (
        Claim.filter(next_at__lte=now, given_back_at=None)
        .order_by("next_at", "id")
        .limit(limit)
        .select_for_update(skip_locked=True)
    )
    if not claims:
        return 0, []
    shifts = await with_homes([claim.shift_id for claim in claims])
    due = []
    for claim in claims:
        shift, homes = shifts[claim.shift_id]
        clock = reminders(shift.canteen, shift.day, shift.starts_at)
        step = _step(clock, claim.reminded, now)
        claim.reminded = step
        if step < len(clock) and clock[step].at <= now:
            claim.reminded = step + 1
            if shift.state is ShiftState.OPEN:
                claim.shift = shift
                due.append(Due(claim, step, clock[step].until, homes))
        claim.next_at = next_reminder(clock, claim.reminded)
    await Claim.bulk_update(claims, ["reminded", "next_at"], batch_size=100)
    people = await Person.in_bulk([each.claim.person_id for each in due], "id")
    for each in due:
        each.claim.person = people[each.claim.person_id]
    return len(claims), due


def _step(clock: Sequence[Reminder], reminded: int, now: datetime) -> int:
    """Pass over the reminders that nobody needs any more."""
    while reminded < len(clock) and clock[reminded].until <= now:
        reminded += 1
    return reminded


async def take_evening(now: datetime) -> Evening | None:
    """Take the shifts of one canteen and day of which the coordinator hears who is missing; None if none is.

    Whoever claimed after the day-before reminder has said yes by that.
    """
    waiting = Shift.filter(next_at__lte=now, state=ShiftState.OPEN, ends_at__gt=now - CLOSES_AFTER)
    found = await waiting.order_by("next_at", "id").first()
    if found is None:
        return None
    canteen = await Canteen.get(id=found.canteen_id)
    shifts = await waiting.filter(canteen_id=canteen.id, day=found.day).order_by("id").select_for_update()
    for shift in shifts:
        shift.next_at = shift.ends_at + CLOSES_AFTER
    if shifts:
        await Shift.bulk_update(shifts, ["next_at"], batch_size=100)
    doors = await with_homes([shift.id for shift in shifts if shift.starts_at > now])
    gaps = [gap for shift, homes in doors.values() if (gap := await _gap(shift, homes)) is not None]
    gaps.sort(key=lambda gap: (gap.shift.starts_at, gap.shift.route.position, gap.shift.id))
    return Evening(canteen, found.day, gaps)


async def _gap(shift: Shift, homes: int) -> Gap | None:
    day_before = reminders(shift.canteen, shift.day, shift.starts_at)[1].at
    silent = Claim.filter(
        shift_id=shift.id, given_back_at=None, confirmed_at=None, claimed_at__lt=day_before
    ).order_by("id")
    claims = await silent.prefetch_related("person")
    alone = await young_alone(shift, await Shift.carrier(shift.route_id, shift.day))
    return Gap(shift, homes, claims, alone) if homes and (shift.places_left or claims or alone) else None


async def with_homes(shift_ids: Sequence[int]) -> dict[int, tuple[Shift, int]]:
    """Read shifts with their route, their canteen and how many wait: one count for all of them."""
    rows = await Shift.filter(id__in=list(shift_ids)).prefetch_related("route", "canteen")
    homes = await waiting_for(rows)
    return {shift.id: (shift, homes[shift.id]) for shift in rows}
