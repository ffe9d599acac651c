"""The lists of a day: who eats where, what the kitchen has to cook, and how the day went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.meals import Due, Meal, MealState
from models.routes import Route
from models.seniors import Diet, Mode, Senior

ORDER: Final = (Mode.DELIVERY, Mode.DINE_IN, Mode.PICK_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """One senior on the list of a day. Without a diet on record it is None, never a guess."""

    due: Due
    short_id: str
    name: str
    diet: Diet | None

    @property
    def state(self) -> MealState:
        """Tell what became of the meal."""
        return self.due.state


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the roster: a route in the order of its doors, or a way of having lunch."""

    mode: Mode
    route: str | None
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class DietLine:
    """How many meals of one kind are to be cooked."""

    labels: tuple[str, ...]
    texture: str
    count: int


@dataclass(frozen=True, slots=True)
class CareLine:
    """One senior for whom the cooks must take care, by short id."""

    short_id: str
    allergies: tuple[str, ...]
    avoids: str | None


@dataclass(frozen=True, slots=True)
class KitchenCount:
    """What the kitchen has to cook; the diets and `unknown` (no diet on record) add up to the total."""

    canteen_id: int
    day: date
    total: int
    modes: dict[Mode, int]
    diets: list[DietLine]
    unknown: int
    care: list[CareLine]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who eats at a canteen on a day, part by part."""

    parts: list[Part]
    kitchen: KitchenCount


async def kitchen_count(canteen_id: int, day: date) -> KitchenCount:
    """Count the meals of a day by mode, diet and texture, and list whom the cooks must take care of."""
    return _count(canteen_id, day, await _lines(canteen_id, day, names=False))


async def roster(canteen_id: int, day: date) -> Roster:
    """List who eats on a day: the routes in their order, then the table, then those who fetch their lunch."""
    lines = await _lines(canteen_id, day, names=True)
    routes = {route.id: route for route in await Route.filter(canteen_id=canteen_id)}
    groups: dict[tuple[int, int, int], list[Line]] = {}
    for line in lines:
        route = routes.get(line.due.route_id or 0)
        place = (ORDER.index(line.due.mode), route.position if route else 9999, route.id if route else 0)
        groups.setdefault(place, []).append(line)
    parts = [
        Part(group[0].due.mode, routes[place[2]].name if place[2] else None, sorted(group, key=_walk))
        for place, group in sorted(groups.items())
    ]
    return Roster(parts, _count(canteen_id, day, lines))


async def _lines(canteen_id: int, day: date, *, names: bool) -> list[Line]:
    due = await Meal.due([canteen_id], day)
    columns = ("id", "short_id", "name") if names else ("id", "short_id", "id")
    people = {
        row[0]: row
        for row in await Senior.filter(id__in=[each.senior_id for each in due]).values_list(*columns)
    }
    diets = {
        diet.id: diet for diet in await Diet.filter(id__in=[each.diet_id for each in due if each.diet_id])
    }
    return [
        Line(
            each,
            people[each.senior_id][1],
            (people[each.senior_id][2] or "") if names else "",
            None if each.diet_id is None else diets[each.diet_id],
        )
        for each in due
    ]


def _walk(line: Line) -> tuple[int, int, str]:
    """Order by the place on the route, then by short id: A2 before A17."""
    return (line.due.position or 0, len(line.short_id), line.short_id)


def _count(canteen_id: int, day: date, lines: Sequence[Line]) -> KitchenCount:
    modes = Counter(line.due.mode for line in lines)
    kinds = Counter(
        (tuple(sorted(line.diet.labels)), line.diet.texture) for line in lines if line.diet is not None
    )
    care = [
        CareLine(line.short_id, tuple(line.diet.allergies), line.diet.avoids)
        for line in sorted(lines, key=lambda line: (len(line.short_id), line.short_id))
        if line.diet is not None and (line.diet.allergies or line.diet.avoids)
    ]
    return KitchenCount(
        canteen_id=canteen_id,
        day=day,
        total=len(lines),
        modes={mode: modes[mode] for mode in ORDER},
        diets=[
            DietLine(labels, texture, count)
            for (labels, texture), count in sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
        ],
        unknown=sum(line.diet is None for line in lines),
        care=care,
    )
