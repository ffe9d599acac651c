"""Familiar faces: to how many of the doors of a shift a volunteer has brought lunch before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from models.meals import Meal, MealEvent, MealState
from models.people import Person


async def known_to(person: Person) -> set[int]:
    """List the seniors to whom a person has handed a lunch, by id."""
    told = MealEvent.filter(by_id=person.id, state=MealState.IN_PERSON, voided_at=None)
    return {int(str(number)) for number in await told.distinct().values_list("meal__senior_id", flat=True)}


async def familiar_doors(
    person: Person, canteen_id: int, days: Collection[date]
) -> dict[tuple[int, date], int]:
    """Count for each route and day how many of those who wait there know this person."""
    known = await known_to(person) if days else set()
    found: dict[tuple[int, date], int] = {}
    if known:
        for due in await Meal.due_between([canteen_id], min(days), max(days)):
            if due.route_id is not None and due.senior_id in known:
                found[due.route_id, due.day] = found.get((due.route_id, due.day), 0) + 1
    return found
