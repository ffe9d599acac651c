"""How many wait for what is done on a shift: homes of a round, lunches of a kitchen, guests of a desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.meals import Meal
from models.routes import Kind
from models.seniors import Mode

if TYPE_CHECKING:
    from models.shifts import Shift


async def waiting_for(shifts: Sequence[Shift]) -> dict[int, int]:
    """Count for each shift, by its id, who waits for it: homes on a round, lunches anywhere else.

    The shifts come with their route. Whoever helps at the desk serves those who come to it.
    """
    if not shifts:
        return {}
    canteens = sorted({shift.canteen_id for shift in shifts})
    found: dict[int, int] = {}
    rounds = [shift for shift in shifts if shift.route.kind is Kind.ROUND]
    if rounds:
        days = [shift.day for shift in rounds]
        homes = await Meal.homes(canteens, min(days), max(days))
        found |= {shift.id: homes.get((shift.route_id, shift.day), 0) for shift in rounds}
    works = [shift for shift in shifts if shift.route.kind is not Kind.ROUND]
    if works:
        days = [shift.day for shift in works]
        lunches = await Meal.lunches(canteens, min(days), max(days))
        for shift in works:
            by_mode = lunches.get((shift.canteen_id, shift.day), {})
            at_home = by_mode.get(Mode.DELIVERY, 0) if shift.route.kind is Kind.DESK else 0
            found[shift.id] = sum(by_mode.values()) - at_home
    return found
