"""Somebody has not come: who carries the round instead. Every door stays on exactly one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F

from models.audit import AuditEvent
from models.filling import anew
from models.firstvisits import FirstVisit
from models.households import doors_of
from models.meals import Meal, MealState
from models.people import Person, Role
from models.refusals import Gone
from models.routes import Kind
from models.seniors import Mode
from models.shiftrefusals import NobodyThere, NoLongerMissed
from models.shifts import Claim, Shift, ShiftState


@dataclass(frozen=True, slots=True)
class Covered:
    """What became of a round without anybody. moved: how many doors went over to `into`, meals: which."""

    claim: Claim
    shift: Shift
    into: Shift | None
    moved: int
    carriers: Sequence[Person]
    meals: Sequence[int] = ()


async def release(claim_id: int, by: Person, now: datetime) -> Claim:
    """Take the place of somebody who did not come away from them; they see no door any more.

    Raises Gone, NotAllowed, NoLongerMissed once they are there after all or somebody has done it.
    """
    claim = await _miss(claim_id, by, now)
    await Shift.free(claim)
    return claim


async def _miss(claim_id: int, by: Person, now: datetime) -> Claim:
    claim = (
        await Claim.filter(id=claim_id).prefetch_related("person", "shift__route", "shift__canteen").first()
    )
    if claim is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, claim.shift.canteen_id)
    missed = Claim.filter(id=claim.id, given_back_at=None, arrived_at=None, missed_at__not_isnull=True)
    if not await missed.update(given_back_at=now, next_at=None, watch_at=None):
        raise NoLongerMissed
    await AuditEvent.record("claim.missed", f"claim {claim.id}", by=by.id, now=now)
    return claim


async def want_somebody(claim_id: int, by: Person, now: datetime) -> Claim:
    """Have a few asked to jump in for somebody who is not there; whoever says yes goes in their place.

    Raises Gone, NotAllowed, NoLongerMissed.
    """
    claim = (
        await Claim.filter(id=claim_id).prefetch_related("person", "shift__route", "shift__canteen").first()
    )
    if claim is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, claim.shift.canteen_id)
    absent = Claim.filter(id=claim.id, given_back_at=None, arrived_at=None, watched__gt=0)
    if not await absent.update(stand_in_at=now):
        raise NoLongerMissed
    # The steps begin anew; nobody is asked twice all the same.
    await Shift.filter(id=claim.shift_id).update(fill_at=now, fill_step=anew(claim.shift.fill_step))
    return claim


async def go_oneself(claim_id: int, by: Person, now: datetime) -> Covered:
    """Carry the round of somebody who did not come. Raises what `release` and `Shift.claim` do."""
    claim = await _miss(claim_id, by, now)
    await _take_over(claim, by, now)
    return Covered(claim, claim.shift, None, 0, [by])


async def _take_over(claim: Claim, by: Person, now: datetime) -> None:
    """Give a coordinator the place of somebody who was missed, also where it was beside the carriers."""
    await Shift.filter(id=claim.shift_id).update(taken=F("taken") - 1)
    taken = await Shift.claim(claim.shift_id, by, now)
    await FirstVisit.pass_on(claim.id, taken.id)


async def others_on_the_way(shift: Shift, now: datetime) -> list[Shift]:
    """List the other routes of that day that somebody carries and that are not done."""
    return [other for other, _people in await others_with_carriers(shift, now)]


async def others_with_carriers(shift: Shift, now: datetime) -> list[tuple[Shift, list[Person]]]:
    """List the same routes, each with those who carry it."""
    found = Shift.filter(
        canteen_id=shift.canteen_id, day=shift.day, state=ShiftState.OPEN, ends_at__gt=now, taken__gt=0,
        route__kind=Kind.ROUND,
    )  # fmt: skip
    others = await found.exclude(id=shift.id).order_by("starts_at", "id").prefetch_related("route", "canteen")
    carried = [(other, await Shift.carrier(other.route_id, other.day)) for other in others]
    return [(other, people) for other, people in carried if people]


async def split(claim_id: int, into_id: int, by: Person, now: datetime, *, whole: bool) -> Covered:
    """Give the second half of an uncarried round to another route, and carry the first half; or give it all.

    Raises Gone, NotAllowed, NoLongerMissed, NobodyThere if nobody carries that other route, or where there
    are no doors.
    """
    claim = await _miss(claim_id, by, now)
    shift = claim.shift
    others = await others_with_carriers(shift, now)
    found = next((each for each in others if each[0].id == into_id), None)
    if found is None or shift.route.kind is not Kind.ROUND:
        raise NobodyThere
    into, carriers = found
    doors = await open_doors(shift)
    going = doors if whole else await later_half(doors)
    moved = await move_doors(going, into.route_id)
    if not whole:
        await _take_over(claim, by, now)
        return Covered(claim, shift, into, moved, carriers, [meal.id for meal in going])
    await Shift.free(claim)
    if not await Shift.carrier(shift.route_id, shift.day):
        await Shift.filter(id=shift.id).update(state=ShiftState.CANCELLED, next_at=None, fill_at=None)
    return Covered(claim, shift, into, moved, carriers, [meal.id for meal in going])


async def open_doors(shift: Shift) -> list[Meal]:
    """List the meals of a shift of which nobody has said anything, in their order, and hold their rows."""
    doors = Meal.filter(route_id=shift.route_id, day=shift.day, mode=Mode.DELIVERY, state=MealState.EXPECTED)
    return await doors.order_by("position", "id").select_for_update()


async def homes_of(meals: Sequence[Meal]) -> list[list[Meal]]:
    """Put the meals of each door together: two who live behind one are never parted."""
    behind = await doors_of(meal.senior_id for meal in meals)
    found: dict[int, list[Meal]] = {}
    for meal in meals:
        found.setdefault(behind[meal.senior_id], []).append(meal)
    return list(found.values())


async def later_half(meals: Sequence[Meal]) -> list[Meal]:
    """Give the meals of the second half of some doors."""
    homes = await homes_of(meals)
    return [meal for home in homes[(len(homes) + 1) // 2 :] for meal in home]


async def move_doors(meals: Sequence[Meal], route_id: int) -> int:
    """Put doors of one day behind those of another route, for this day only; tell how many."""
    there = await Meal.filter(route_id=route_id, day__in={meal.day for meal in meals})
    last = max((meal.position or 0 for meal in there), default=0)
    homes = await homes_of(meals)
    for position, home in enumerate(homes, last + 1):
        ids = [meal.id for meal in home]
        await Meal.filter(id__in=ids).update(route_id=route_id, position=position)
    return len(homes)
