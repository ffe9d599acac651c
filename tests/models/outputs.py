"""Every list of a day, held against each other: whatever is read, it is the same people and lunches."""

from __future__ import annotations

from collections import Counter

from handlers.daytables import roster_table, route_table
from handlers.kitchensheet import kitchen_table
from handlers.sheets import Table
from models.calendar import DayState, ServiceDay
from models.closures import NOT_COOKING, Closure
from models.dayreport import DayReport
from models.desk import guests_of
from models.labels import labels
from models.roster import kitchen_count, roster
from models.routesheets import route_sheets
from models.seniors import Mode

Lunches = dict[int, tuple[Mode, int]]


async def every_output(day: ServiceDay) -> Lunches:
    """Read a day in every way, check that all agree, and tell who has which lunch, with how many guests.

    The roster, the kitchen's count, route sheets, labels, the three tables; the desk and the report once the
    meals are made, except of a day that is closed, which has neither.
    """
    canteen_id = day.canteen_id
    lists = await roster(canteen_id, day.day)
    lines = [(part.mode, line) for part in lists.parts for line in part.lines]
    ids = [line.short_id for _mode, line in lines]
    brought = {line.short_id for mode, line in lines if mode is Mode.DELIVERY}
    guests = sum(line.due.guests for _mode, line in lines)
    assert len(ids) == len(set(ids)), "nobody stands on it twice"

    kitchen = await kitchen_count(canteen_id, day.day)
    assert kitchen == lists.kitchen
    assert kitchen.total == len(ids) == sum(kitchen.modes.values())
    assert kitchen.guests == guests
    assert sum(diet.count for diet in kitchen.diets) + kitchen.unknown == len(ids)

    doors = [door.line.short_id for sheet in await route_sheets(canteen_id, day.day) for door in sheet.doors]
    assert sorted(doors) == sorted(brought)
    # Those of closed days whose lunch goes out with it come after them.
    printed = [label for label in await labels(canteen_id, day.day) if label.day == day.day]
    stickers = Counter((label.line.short_id, label.guest) for label in printed)
    wanted = Counter({(short_id, False): 1 for short_id in ids})
    wanted += Counter({(line.short_id, True): line.due.guests for _mode, line in lines})
    assert stickers == wanted

    (table,) = (await roster_table(canteen_id, day.day)).tables
    assert sorted(_column(table, 1)) == sorted(ids)
    assert _sum(table, -1) == table.totals[-1] == len(ids) + guests
    tabs = (await route_table(canteen_id, day.day)).tables
    assert sorted(short_id for tab in tabs for short_id in _column(tab, 2)) == sorted(brought)
    for tab in tabs:
        assert _sum(tab, -1) == tab.totals[-1]
    taken_along = sum(line.due.guests for mode, line in lines if mode is Mode.DELIVERY)
    assert sum(_sum(tab, -1) for tab in tabs) == len(brought) + taken_along
    book = {tab.name.message: tab for tab in (await kitchen_table(canteen_id, day.day)).tables}
    by_mode = book["How lunch is had"]
    assert _sum(by_mode, 1) == by_mode.totals[1] == len(ids) + guests
    assert _sum(by_mode, 2) == by_mode.totals[2] == guests
    if ids:
        by_diet = book["Kitchen count"]
        assert _sum(by_diet, 2) == by_diet.totals[2] == len(ids) + guests

    closure = (await Closure.in_force(canteen_id, day.day, day.day)).get(day.day)
    if day.state is not DayState.PLANNED and not (closure and closure.kind in NOT_COOKING):
        at_the_desk = {guest.senior.short_id for guest in await guests_of(day)}
        assert at_the_desk >= set(ids) - brought
        assert not at_the_desk - set(ids)
        report = await DayReport.of(day)
        assert report.planned - report.cancelled == len(ids)
        assert report.guests == guests
    return {line.due.senior_id: (mode, line.due.guests) for mode, line in lines}


def _column(table: Table, number: int) -> list[str]:
    return [str(row[number]) for row in table.rows]


def _sum(table: Table, number: int) -> int:
    return sum(map(int, _column(table, number)))
