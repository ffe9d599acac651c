"""A day as tables, for those who count and sort: the roster and the doors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.chat import Cell, Table, Workbook, paper
from handlers.daylists import MODES
from handlers.daysheets import title_of
from handlers.diets import diet_label, door_label
from handlers.text import _, listed
from models.canteens import Canteen
from models.roster import roster
from models.routesheets import RouteSheet, route_sheets


@paper("roster_table")
async def roster_table(canteen_id: int, day: date) -> Workbook:
    """Give everybody who eats on a day, a row each."""
    canteen = await Canteen.get(id=canteen_id)
    lists = await roster(canteen_id, day)
    rows: list[Sequence[Cell]] = [
        [
            day,
            line.short_id,
            line.name,
            MODES[part.mode],
            part.route,
            line.due.position,
            _("no diet on record") if line.diet is None else diet_label(line.diet),
            _("{days}", days=listed(line.ahead)) if line.ahead else None,
            1 + line.due.guests,
        ]
        for part in lists.parts
        for line in part.lines
    ]
    boxes = sum(part.boxes for part in lists.parts)
    table = Table(
        name=_("Roster"),
        columns=[
            _("Date"),
            _("Number"),
            _("Senior"),
            _("How lunch is had"),
            _("Route"),
            _("Stop"),
            _("Diet"),
            _("Also the box for"),
            _("Lunches"),
        ],
        rows=rows,
        totals=[None, None, _("Together"), None, None, None, None, None, boxes],
    )
    return Workbook(title_of(canteen, day), f"roster-{day}", canteen.zone, [table])


@paper("routes_table")
async def route_table(canteen_id: int, day: date) -> Workbook:
    """Give the doors of each route, a tab for each."""
    canteen = await Canteen.get(id=canteen_id)
    sheets = await route_sheets(canteen_id, day)
    tables = [_doors(sheet, day) for sheet in sheets]
    return Workbook(title_of(canteen, day), f"routes-{day}", canteen.zone, tables)


def _doors(sheet: RouteSheet, day: date) -> Table:
    rows: list[Sequence[Cell]] = [
        [
            day,
            door.number,
            door.line.short_id,
            door.senior.display,
            door.residence.address if door.residence else None,
            door.residence.knock if door.residence else None,
            _("no diet on record") if door.line.diet is None else door_label(door.line.diet),
            1 + door.line.due.guests,
        ]
        for door in sheet.doors
    ]
    return Table(
        name=_("No route yet") if sheet.part.route is None else _("{route}", route=sheet.part.route),
        columns=[
            _("Date"),
            _("Stop"),
            _("Number"),
            _("Senior"),
            _("Address"),
            _("How to knock"),
            _("Diet"),
            _("Lunches"),
        ],
        rows=rows,
        totals=[None, None, None, _("Together"), None, None, None, sheet.part.boxes],
    )
