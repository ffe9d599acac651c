"""The lists of a day: who eats where, what the kitchen has to cook, and how the day went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from models import datedrules
from models.clashes import NO_CHECK, Check, check
from models.closures import Closure
from models.dated import Diet, Eats
from models.fields import open_column
from models.firstlunches import first_lunches
from models.households import door_of
from models.meals import Due, Meal, MealState
from models.menus import HALAL, Served, menus
from models.people import Membership, Person, Role
from models.routes import Route
from models.seniors import Mode, Senior, Status
from models.sql import numbers, rows

ORDER: Final = (Mode.DELIVERY, Mode.DINE_IN, Mode.PICK_UP)
AT_THE_END: Final = 1_000_000
REGULAR: Final = "regular"
SENIORS: Final = "SELECT id, short_id, household_id, {name} FROM senior WHERE id IN ({ids})"


@dataclass(frozen=True, slots=True)
class Line:
    """One senior on the list of a day. Without a diet on record it is None, never a guess.

    door: the same for all who live behind one door; first: no lunch came to them before that day.
    ahead: the closed days whose lunch goes out with it.
    """

    due: Due
    short_id: str
    name: str
    diet: Eats | None
    door: int = 0
    first: bool = False
    ahead: tuple[date, ...] = ()

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

    @property
    def homes(self) -> int:
        """Count the doors to which these lunches are brought."""
        return len({line.door for line in self.lines})

    @property
    def guests(self) -> int:
        """Count those who come along."""
        return sum(line.due.guests for line in self.lines)

    @property
    def boxes(self) -> int:
        """Count the lunches, those for guests among them."""
        return len(self.lines) + self.guests


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
class KitchenPart:
    """What one kitchen cooks; halal is a kitchen of its own, with containers of its own."""

    halal: bool
    total: int
    modes: dict[Mode, int]
    diets: list[DietLine]
    preparations: list[Preparation]
    menu: list[Served]


@dataclass(frozen=True, slots=True)
class Preparation:
    """How many lunches are prepared in a texture, and for how many of these something does not go."""

    texture: str
    count: int
    clashing: int


@dataclass(frozen=True, slots=True)
class KitchenCount:
    """What the kitchen has to cook; the diets and `unknown` (no diet on record) add up to the total.

    ahead: what goes out with it for days on which the canteen is closed.
    guests: lunches more, for those who come along; they are no seniors and in no other figure.
    guest_modes: the same, by how lunch is had.
    kitchens: the same diets, parted: the main kitchen first, the halal one only where somebody eats from it.
    unknown_ids: who has no diet on record, and so belongs to no kitchen yet.
    check: the menu of the day, held against them all; empty without a menu.
    """

    canteen_id: int
    day: date
    total: int
    modes: dict[Mode, int]
    diets: list[DietLine]
    unknown: int
    care: list[CareLine]
    ahead: Sequence[KitchenCount] = ()
    guests: int = 0
    guest_modes: Mapping[Mode, int] = field(default_factory=Counter)
    kitchens: Sequence[KitchenPart] = ()
    unknown_ids: Sequence[str] = ()
    check: Check = NO_CHECK

    @property
    def boxes(self) -> int:
        """Count all lunches of the day, those for guests among them."""
        return self.total + self.guests


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who eats at a canteen on a day, part by part."""

    parts: list[Part]
    kitchen: KitchenCount


async def kitchen_count(canteen_id: int, day: date) -> KitchenCount:
    """Count the meals of a day by mode, diet and texture, hold the menu against them, and list the care."""
    lines = await _lines(await Meal.due([canteen_id], day), names=False)
    ahead, _boxes = await _ahead([canteen_id], day)
    return (await _counts({canteen_id: lines}, day, ahead))[canteen_id]


async def roster(canteen_id: int, day: date) -> Roster:
    """List who eats on a day: the routes in their order, then the table, then those who fetch their lunch."""
    return (await rosters([canteen_id], day))[canteen_id]


async def rosters(canteen_ids: Sequence[int], day: date) -> dict[int, Roster]:
    """List who eats on a day at several canteens, with as few questions as for one."""
    routes = {route.id: route for route in await Route.filter(canteen_id__in=canteen_ids)}
    by_canteen: dict[int, list[Line]] = {canteen_id: [] for canteen_id in canteen_ids}
    ahead, boxes = await _ahead(canteen_ids, day)
    for line in await _lines(await Meal.due(canteen_ids, day), names=True):
        days = boxes.get(line.due.senior_id)
        by_canteen[line.due.canteen_id].append(replace(line, ahead=tuple(days)) if days else line)
    counts = await _counts(by_canteen, day, ahead)
    return {
        canteen_id: Roster(_parts(lines, routes), counts[canteen_id])
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


async def rosters_ahead(canteen_id: int, day: date) -> list[Roster]:
    """List who gets what goes out with the lunch of a day, for each day on which the canteen is closed."""
    routes = {route.id: route for route in await Route.filter(canteen_id=canteen_id)}
    found = []
    for closure in await Closure.ahead_of([canteen_id], day):
        lines = await _lines(await Meal.wanted([canteen_id], closure.day, closure.day), names=True)
        counts = await _counts({canteen_id: lines}, closure.day)
        found.append(Roster(_parts(lines, routes), counts[canteen_id]))
    return found


async def _ahead(canteen_ids: Sequence[int], day: date) -> tuple[list[KitchenCount], dict[int, list[date]]]:
    """Count what goes out with the lunch of a day for those days on which the canteen is closed.

    The other answer: for each senior the days whose lunch goes out with it.
    """
    found = []
    boxes: dict[int, list[date]] = {}
    for closure in await Closure.ahead_of(canteen_ids, day):
        wanted = await Meal.wanted([closure.canteen_id], closure.day, closure.day)
        lines = await _lines(wanted, names=False)
        counts = await _counts({closure.canteen_id: lines}, closure.day)
        found.append(counts[closure.canteen_id])
        for due in wanted:
            boxes.setdefault(due.senior_id, []).append(closure.day)
    return found, boxes


async def _lines(due: Sequence[Due], *, names: bool) -> list[Line]:
    # Names are sealed: where nobody reads them they stay so.
    name = "name" if names else "NULL AS name"
    found = await rows(SENIORS, ids=numbers(each.senior_id for each in due), name=name) if due else []
    known = open_column(Senior, "name", [row["name"] for row in found])
    people = {row["id"]: (row, name or "") for row, name in zip(found, known, strict=True)}
    diets = await Diet.eaten(each.diet_id for each in due if each.diet_id)
    new = await first_lunches(due[0].day, people) if names and due else set()
    lines = []
    for each in due:
        row, name = people[each.senior_id]
        diet = None if each.diet_id is None else diets[each.diet_id]
        door = door_of(each.senior_id, row["household_id"])
        lines.append(Line(each, row["short_id"], name, diet, door, each.senior_id in new))
    return lines


async def in_use(canteen_ids: Sequence[int]) -> set[int]:
    """Tell at which of these canteens somebody has lunch at all, if not on one day."""
    if not canteen_ids:
        return set()
    found = Senior.filter(canteen_id__in=canteen_ids, status=Status.ACTIVE).distinct()
    return {canteen_id for (canteen_id,) in await found.values_list("canteen_id")}


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


async def _counts(
    by_canteen: Mapping[int, Sequence[Line]], day: date, ahead: Sequence[KitchenCount] = ()
) -> dict[int, KitchenCount]:
    """Count for several canteens, with as few questions as for one."""
    served = await menus(list(by_canteen), day, day)
    kitchen_lines = await datedrules.kitchen_lines(list(by_canteen)) if served else None
    return {
        canteen_id: _count(
            canteen_id,
            day,
            lines,
            served.get((canteen_id, day), []),
            kitchen_lines(canteen_id, day) if kitchen_lines else (),
            [count for count in ahead if count.canteen_id == canteen_id],
        )
        for canteen_id, lines in by_canteen.items()
    }


def _count(
    canteen_id: int,
    day: date,
    lines: Sequence[Line],
    menu: Sequence[Served],
    kitchen_lines: Sequence[str],
    ahead: Sequence[KitchenCount],
) -> KitchenCount:
    by_id = sorted(lines, key=lambda line: (len(line.short_id), line.short_id))
    found = check([(line.short_id, line.diet) for line in by_id], menu, kitchen_lines)
    care = [
        CareLine(line.short_id, tuple(line.diet.allergies), line.diet.avoids)
        for line in by_id
        if line.diet is not None and (line.diet.allergies or line.diet.avoids)
    ]
    unknown = [line.short_id for line in by_id if line.diet is None]
    guests: Counter[Mode] = Counter()
    for line in lines:
        if line.due.guests:
            guests[line.due.mode] += line.due.guests
    return KitchenCount(
        canteen_id=canteen_id,
        day=day,
        total=len(lines),
        modes=_modes(lines),
        diets=diet_lines(lines),
        unknown=len(unknown),
        care=care,
        ahead=ahead,
        guests=guests.total(),
        guest_modes=guests,
        kitchens=_kitchens(lines, menu, found),
        unknown_ids=unknown,
        check=found,
    )


def _kitchens(lines: Sequence[Line], menu: Sequence[Served], found: Check) -> list[KitchenPart]:
    halal = [line for line in lines if line.diet is not None and HALAL in line.diet.labels]
    others = [line for line in lines if line.diet is not None and HALAL not in line.diet.labels]
    parts = [_kitchen(others, menu, found, halal=False)]
    return [*parts, _kitchen(halal, menu, found, halal=True)] if halal else parts


def _kitchen(lines: Sequence[Line], menu: Sequence[Served], found: Check, *, halal: bool) -> KitchenPart:
    textures: dict[str, list[str]] = {}
    for line in lines:
        if line.diet is not None and line.diet.texture != REGULAR:
            textures.setdefault(line.diet.texture, []).append(line.short_id)
    return KitchenPart(
        halal=halal,
        total=len(lines),
        modes=_modes(lines),
        diets=diet_lines(lines),
        preparations=[
            Preparation(texture, len(short_ids), len(found.clashing.intersection(short_ids)))
            for texture, short_ids in sorted(textures.items(), key=lambda each: (-len(each[1]), each[0]))
        ],
        menu=[one for one in menu if (one.line == HALAL) is halal],
    )


def _modes(lines: Sequence[Line]) -> dict[Mode, int]:
    modes = Counter(line.due.mode for line in lines)
    return {mode: modes[mode] for mode in ORDER}
