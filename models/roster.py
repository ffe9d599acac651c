"""The lists of a day: who eats where, what the kitchen has to cook, and how the day went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.meals import Due, Meal, MealState
from models.people import Membership, Person, Role
from models.routes import Route
from models.seniors import Diet, Mode, Senior

ORDER: Final = (Mode.DELIVERY, Mode.DINE_IN, Mode.PICK_UP)
AT_THE_END: Final = 1_000_000


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
    lines = await _lines([canteen_id], day, names=False)
    return _count(canteen_id, day, lines)


async def roster(canteen_id: int, day: date) -> Roster:
    """List who eats on a day: the routes in their order, then the table, then those who fetch their lunch."""
    return (await rosters([canteen_id], day))[canteen_id]


async def rosters(canteen_ids: Sequence[int], day: date) -> dict[int, Roster]:
    """List who eats on a day at several canteens, with as few questions as for one."""
    routes = {route.id: route for route in await Route.filter(canteen_id__in=canteen_ids)}
    by_canteen: dict[int, list[Line]] = {canteen_id: [] for canteen_id in canteen_ids}
    for line in await _lines(canteen_ids, day, names=True):
        by_canteen[line.due.canteen_id].append(line)
    return {
        canteen_id: Roster(_parts(lines, routes), _count(canteen_id, day, lines))
        for canteen_id, lines in by_canteen.items()
    }


def _parts(lines: Sequence[Line], routes: Mapping[int, Route]) -> list[Part]:
    groups: dict[tuple[int, int, int], list[Line]] = {}
    for line in lines:
        route = routes.get(line.due.route_id or 0)
        place = (
            ORDER.index(line.due.mode),
            route.position if route else AT_THE_END,
            route.id if route else 0,
        )
        groups.setdefault(place, []).append(line)
    return [
        Part(group[0].due.mode, routes[place[2]].name if place[2] else None, sorted(group, key=_walk))
        for place, group in sorted(groups.items())
    ]


async def _lines(canteen_ids: Sequence[int], day: date, *, names: bool) -> list[Line]:
    due = await Meal.due(canteen_ids, day)
    # Names are sealed: where nobody reads them they stay so.
    columns = ("id", "short_id", "name") if names else ("id", "short_id", "short_id")
    found = await Senior.filter(id__in=[each.senior_id for each in due]).values_list(*columns)
    people = {row[0]: row for row in found}
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


async def readers(canteen_ids: Sequence[int]) -> dict[tuple[int, Role], list[Person]]:
    """Find the coordinators and the cooks of several canteens."""
    held = await (
        Membership.filter(
            canteen_id__in=canteen_ids,
            role__in=[Role.COORDINATOR, Role.KITCHEN],
            ended_at=None,
            accepted_at__not_isnull=True,
        )
        .order_by("accepted_at", "id")
        .prefetch_related("person")
    )
    found: dict[tuple[int, Role], list[Person]] = {}
    for member in held:
        found.setdefault((member.canteen_id, member.role), []).append(member.person)
    return found


def diet_lines(lines: Sequence[Line]) -> list[DietLine]:
    """Count lunches by diet and texture, most first; without a diet on record they are in none."""
    kinds = Counter(
        (tuple(sorted(line.diet.labels)), line.diet.texture) for line in lines if line.diet is not None
    )
    return [
        DietLine(labels, texture, count)
        for (labels, texture), count in sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    ]


def _walk(line: Line) -> tuple[int, int, str]:
    """Order by the place on the route, then by short id: A2 before A17."""
    return (line.due.position or 0, len(line.short_id), line.short_id)


def _count(canteen_id: int, day: date, lines: Sequence[Line]) -> KitchenCount:
    modes = Counter(line.due.mode for line in lines)
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
        diets=diet_lines(lines),
        unknown=sum(line.diet is None for line in lines),
        care=care,
    )
