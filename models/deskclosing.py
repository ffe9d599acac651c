"""The closing of a desk: whose chair stayed empty. Noted once, where anybody was signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.desk import CAME, Guest, guests_of, settle
from models.meals import Meal, MealEvent, MealState
from models.noon import Noon, is_open_for_guests
from models.people import Person, Role
from models.refusals import DeskShut

USED_LATELY: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Closing:
    """What a closing found. used: somebody was signed in, so that an empty chair tells something."""

    service_day: ServiceDay
    used: bool
    missing: Sequence[Guest]


async def close(service_day_id: int, by: Person | None, now: datetime) -> Closing:
    """Write down who was expected at the desk and did not come, and open a case for each.

    Where nobody was signed in at all, nothing is concluded, unless a coordinator says that the desk was open.
    """
    service_day = await ServiceDay.filter(id=service_day_id).select_for_update().get()
    # Held before they are read, so that nobody is signed in between the look and the word.
    await Meal.filter(service_day_id=service_day_id).order_by("id").select_for_update()
    guests = await guests_of(service_day)
    missing = [guest for guest in guests if guest.meal.state is MealState.EXPECTED]
    used = by is not None or any(guest.meal.state in CAME for guest in guests)
    if not used:
        return Closing(service_day, False, missing)
    first = Noon.filter(service_day_id=service_day_id, closed_at=None)
    if not await first.update(closed_at=now, desk_at=None, closed_by_id=by.id if by else None):
        return Closing(service_day, True, [])
    for guest in missing:
        meal = guest.meal
        await MealEvent.create(
            meal_id=meal.id, state=MealState.NOT_COME, by_id=by.id if by else None, at=now, heard_at=now
        )
        await settle(meal)
        await Case.open(CaseKind.EMPTY_PLACE, guest.senior, meal.day, meal, by, None, now)
    return Closing(service_day, True, missing)


async def close_by_hand(canteen_id: int, day: date, by: Person, now: datetime) -> Closing:
    """Close a desk at which nobody was signed in: its guests did not come. Raises NotAllowed, DeskShut."""
    await by.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    service_day = await ServiceDay.of(canteen_id, day)
    if service_day is None or day != canteen.today(now) or not is_open_for_guests(service_day):
        raise DeskShut(day)
    return await close(service_day.id, by, now)


async def uses_a_desk(canteen_id: int, day: date) -> bool:
    """Tell whether a canteen has signed anybody in within the last two weeks."""
    lately = Meal.filter(canteen_id=canteen_id, day__gte=day - USED_LATELY, day__lt=day, state__in=CAME)
    return await lately.exists()
