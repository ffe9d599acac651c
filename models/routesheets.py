"""The route sheets of a day: the doors of each route in their order, with what is needed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.closures import Closure
from models.dated import Residence
from models.meals import Meal
from models.roster import DietLine, Line, Part, diet_lines, roster
from models.seniors import Mode, Senior


@dataclass(frozen=True, slots=True)
class PaperDoor:
    """One senior on a route sheet; without a residence on record it is None.

    number: what stands before it on paper, the same for all who live behind one door. It is the
    place on the route, which a lunch that is called off after printing leaves to the others as it was.
    ahead: the closed days whose lunch is brought with it.
    """

    number: int
    line: Line
    senior: Senior
    residence: Residence | None
    ahead: Sequence[date] = ()


@dataclass(frozen=True, slots=True)
class RouteSheet:
    """The doors of one route, or of those who are on no route yet."""

    part: Part
    doors: list[PaperDoor]

    @property
    def route_id(self) -> int | None:
        """Tell which route it is."""
        return self.part.lines[0].due.route_id

    @property
    def diets(self) -> list[DietLine]:
        """Count the lunches of this route by diet and texture, most first."""
        return diet_lines(self.part.lines)

    @property
    def unknown(self) -> int:
        """Count the lunches without a diet on record: with `diets` they are all."""
        return sum(line.diet is None for line in self.part.lines)


async def route_sheets(canteen_id: int, day: date) -> list[RouteSheet]:
    """List whose lunch is brought home on a day, route by route."""
    parts = [part for part in (await roster(canteen_id, day)).parts if part.mode is Mode.DELIVERY]
    due = [line.due for part in parts for line in part.lines]
    seniors = {one.id: one for one in await Senior.filter(id__in=[each.senior_id for each in due])}
    homes = {
        home.id: home
        for home in await Residence.filter(id__in=[each.residence_id for each in due if each.residence_id])
    }
    return [
        RouteSheet(
            part,
            [
                PaperDoor(
                    number,
                    line,
                    seniors[line.due.senior_id],
                    homes.get(line.due.residence_id or 0),
                    line.ahead,
                )
                for number, line in numbered(part.lines)
            ],
        )
        for part in parts
    ]


async def with_it(canteen_id: int, day: date) -> dict[int, list[date]]:
    """Find for each senior the closed days whose lunch goes out with that of this day."""
    found: dict[int, list[date]] = {}
    for closure in await Closure.ahead_of([canteen_id], day):
        for due in await Meal.wanted([canteen_id], closure.day, closure.day):
            found.setdefault(due.senior_id, []).append(due.day)
    return found


def numbered(lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """Number the doors of a sheet by their places on the route; where there is none, go on from the last.

    All who live behind one door stand together, under one number.
    """
    numbers: dict[int, int] = {}
    free = max((line.due.position or 0 for line in lines), default=0)
    for line in lines:
        number = line.due.position
        if line.door not in numbers:
            if number is None or number in numbers.values():
                number = free = free + 1
            numbers[line.door] = number
    found = [(numbers[line.door], line) for line in lines]
    return sorted(found, key=lambda each: each[0])
