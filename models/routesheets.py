"""The route sheets of a day: the doors of each route in their order, with what is needed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.dated import Residence
from models.roster import Line, Part, roster
from models.seniors import Mode, Senior


@dataclass(frozen=True, slots=True)
class PaperDoor:
    """One door on a route sheet; without a residence on record it is None."""

    line: Line
    senior: Senior
    residence: Residence | None


@dataclass(frozen=True, slots=True)
class RouteSheet:
    """The doors of one route, or of those who are on no route yet."""

    part: Part
    doors: list[PaperDoor]


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
                PaperDoor(line, seniors[line.due.senior_id], homes.get(line.due.residence_id or 0))
                for line in part.lines
            ],
        )
        for part in parts
    ]
