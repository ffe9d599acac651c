"""What one route would carry is carried by another, when it closes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby

from tortoise.queryset import QuerySet

from models.canteens import Canteen
from models.cover import move_doors
from models.meals import Meal, MealState
from models.orders import OrderChange
from models.routes import Route
from models.shifts import Shift, ShiftState


async def hand_over_now(route: Route, into: Route, now: datetime) -> None:
    """Let another route carry at once what is brought for one day only, or is on lists already.

    What is to be brought today goes over as long as this round has not begun and that one has not ended.
    """
    today = (await Canteen.get(id=route.canteen_id)).today(now)
    await hand_over(route, into, today + timedelta(days=1))
    begun = Shift.filter(route_id=route.id, day=today, starts_at__lte=now)
    walked = Shift.filter(route_id=into.id, day=today, state=ShiftState.OPEN, ends_at__gt=now)
    if await walked.exists() and not await begun.exists():
        waiting = Meal.filter(route_id=route.id, day=today)
        await _carry(waiting.filter(state__in=(MealState.EXPECTED, MealState.CANCELLED)), into)


async def hand_over(route: Route, into: Route, since: date) -> None:
    """Let another route carry what is brought for one day only, or is on lists of these days already."""
    await OrderChange.filter(route_id=route.id, day__gte=since, voided_at=None).update(route_id=into.id)
    await _carry(Meal.filter(route_id=route.id, day__gte=since), into)


async def _carry(meals: QuerySet[Meal], into: Route) -> None:
    for _day, doors in groupby(await meals.order_by("day", "position", "id"), key=lambda meal: meal.day):
        await move_doors(list(doors), into.id)
