"""The first lunch of all: to whom none came before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from models.meals import BY_CLOSURE, MealState
from models.sql import numbers, rows

NO_LUNCH: Final = ", ".join(f"'{state}'" for state in (MealState.CANCELLED, *sorted(BY_CLOSURE)))
NEVER: Final = """
    SELECT s.id FROM senior s WHERE s.id IN ({ids}) AND NOT EXISTS (
        SELECT 1 FROM meal m WHERE m.senior_id = s.id AND m.day < {0} AND m.state NOT IN ({no_lunch}))
    AND EXISTS (
        SELECT 1 FROM meal m
        WHERE m.canteen_id = s.canteen_id AND m.day < {0} AND m.state NOT IN ({no_lunch}))
"""


async def first_lunches(day: date, senior_ids: Collection[int]) -> set[int]:
    """Find for which of these seniors a lunch of that day is the first of all: none came to them before.

    Where the canteen itself begins it is so for everybody, and says nothing of anybody.
    """
    if not senior_ids:
        return set()
    found = await rows(NEVER, day, ids=numbers(senior_ids), no_lunch=NO_LUNCH)
    return {row["id"] for row in found}
