"""Hold the menus of several days against those who eat on them: everybody, or one senior."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from models import datedrules
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.clashes import NO_CHECK, Check, check
from models.dated import Diet
from models.meals import Meal
from models.menus import menus
from models.seniors import Senior


async def checks(canteen: Canteen, days: Sequence[date], senior: Senior | None = None) -> dict[date, Check]:
    """Tell for each day what does not go for whom, as the kitchen count does; others are left out."""
    if not days:
        return {}
    first, until = min(days), max(days)
    planned = await menus([canteen.id], first, until)
    lines = await datedrules.kitchen_lines([canteen.id])
    if senior is not None:
        due = await Meal.days_of(senior.id, first, until)
    else:
        asked = set(days)
        due = [one for one in await Meal.due_between([canteen.id], first, until) if one.day in asked]
    # Opened once for all days: most people eat the same every day.
    diets = await Diet.eaten({one.diet_id for one in due if one.diet_id is not None})
    seniors = Senior.filter(id__in=list({one.senior_id for one in due}))
    short_ids = {row[0]: row[1] for row in await seniors.values_list("id", "short_id")}
    found = {
        day: check(
            [
                (short_ids[one.senior_id], None if one.diet_id is None else diets[one.diet_id])
                for one in due
                if one.day == day
            ],
            planned.get((canteen.id, day), []),
            lines(canteen.id, day),
        )
        for day in sorted(set(days))
    }
    return {day: result for day, result in found.items() if result != NO_CHECK}


async def days_ahead(canteen: Canteen, now: datetime, dish_id: int | None = None) -> list[date]:
    """List the days to come on whose menu anything stands: any dish, or a certain one."""
    coming = await ServiceDay.filter(canteen_id=canteen.id, finish_at__gt=now).order_by("day")
    if not coming:
        return []
    planned = await menus([canteen.id], coming[0].day, coming[-1].day)
    cooked = {
        day
        for (_id, day), served in planned.items()
        if dish_id is None or any(one.dish_id == dish_id for one in served)
    }
    return [row.day for row in coming if row.day in cooked]
