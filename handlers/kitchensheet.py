"""The kitchen count on paper and as a table: all that the chat says, for who cooks by a printed list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.chat import Cell, Sheet, Table, Workbook, paper
from handlers.daylists import MODES, care_label, guests_line, kind_label, kitchen_state, modes_line
from handlers.daysheets import title_of
from handlers.kitchenwords import (
    ahead_heading,
    halal_heading,
    menu_of,
    preparation,
    texture_word,
    unknown_words,
)
from handlers.menuwords import check_lines, line_word
from handlers.text import Text, _, _n
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.clashes import by_line
from models.kitchenversions import KitchenVersion
from models.roster import CareLine, KitchenCount, kitchen_count


@paper("kitchen")
async def kitchen_paper(canteen_id: int, day: date) -> Sheet:
    """Show what each kitchen cooks, for whom something does not go, and what else goes out, by short id."""
    canteen = await Canteen.get(id=canteen_id)
    count = await kitchen_count(canteen_id, day)
    return Sheet(
        title=title_of(canteen, day),
        template="kitchen",
        file=f"kitchen-{day}",
        zone=canteen.zone,
        data={
            "total": count.total,
            "heading": _n("lunch on {day}", "lunches on {day}", count.total, day=day),
            "state": await _state(canteen_id, day) or "",
            "modes": modes_line(count),
            "guests": guests_line(count.guests) or "",
            **_cooked(count),
            "ahead": [{"heading": ahead_heading(each), **_cooked(each)} for each in count.ahead],
        },
    )


async def _state(canteen_id: int, day: date) -> Text | None:
    service_day = await ServiceDay.of(canteen_id, day)
    if service_day is None:
        return None
    return kitchen_state(service_day, await KitchenVersion.number_of(service_day))


def _cooked(count: KitchenCount) -> dict[str, object]:
    return {
        "kitchens": [
            {
                "heading": halal_heading(part) if part.halal else "",
                "modes": modes_line(part) if part.halal else "",
                "menu": menu_of(part.menu),
                "kinds": [{"count": line.count, "what": kind_label(line)} for line in part.diets],
                "preparations": [preparation(each) for each in part.preparations],
            }
            for part in count.kitchens
        ],
        "unknown": unknown_words(count) or "",
        "guests": guests_line(count.guests) or "",
        # An empty line parts the headings from what stands above them; on paper they stand apart anyway.
        "check": [{"strong": said.form == "bold", "said": said} for said in check_lines(count.check) if said],
        "care_heading": _("Take care:"),
        "care": [{"short_id": line.short_id, "what": care_label(line)} for line in count.care],
    }


# --------------------------------------------------------------------------------------------------- tables


@paper("kitchen_table")
async def kitchen_table(canteen_id: int, day: date) -> Workbook:
    """Give the kitchen count: what to cook, how it leaves the house, and whom to take care of."""
    canteen = await Canteen.get(id=canteen_id)
    count = await kitchen_count(canteen_id, day)
    tables = [
        _what(count),
        Table(
            _("How lunch is had"),
            [_("How lunch is had"), _("Lunches"), _("Of these for guests")],
            [
                [MODES[mode], n + count.guest_modes[mode], count.guest_modes[mode]]
                for mode, n in count.modes.items()
            ],
            [_("Together"), count.boxes, count.guests],
        ),
        Table(
            _("To be prepared"),
            [_("Kitchen"), _("To be prepared"), _("Lunches"), _("Of these with something else in it")],
            [
                [_kitchen(halal=part.halal), texture_word(each.texture), each.count, each.clashing]
                for part in count.kitchens
                for each in part.preparations
            ],
        ),
        _menu(count),
        Table(
            _("Menu and diets"),
            [_("What does not go, and what is still to be answered")],
            [[said] for said in check_lines(count.check) if said],
        ),
        _care(count.care),
        _ahead(count),
        _version(day, await _state(canteen_id, day)),
    ]
    filled = [table for table in tables if table.rows]
    return Workbook(title_of(canteen, day), f"kitchen-{day}", canteen.zone, filled)


def _what(count: KitchenCount) -> Table:
    """List what is cooked, kitchen by kitchen; together it is every box that leaves the kitchen that day."""
    rows: list[list[Cell]] = [
        [_kitchen(halal=part.halal), kind_label(line), line.count]
        for part in count.kitchens
        for line in part.diets
    ]
    if count.guests:
        rows.append([_kitchen(halal=False), _("ordinary food, for guests"), count.guests])
    if count.unknown:
        rows.append([None, _("no diet on record"), count.unknown])
    return Table(
        _("Kitchen count"),
        [_("Kitchen"), _("Diet"), _("Lunches")],
        rows,
        [_("Together"), None, count.boxes],
    )


def _kitchen(*, halal: bool) -> Text:
    return _("Halal kitchen") if halal else _("Main kitchen")


def _menu(count: KitchenCount) -> Table:
    return Table(
        _("Menu"),
        [_("Kitchen line"), _("Dish")],
        [
            [line_word(line), one.name]
            for part in count.kitchens
            for line, dishes in by_line(part.menu)
            for one in dishes
        ],
    )


def _care(care: Sequence[CareLine]) -> Table:
    return Table(
        _("Take care"),
        [_("Number"), _("Must not get")],
        [[line.short_id, care_label(line)] for line in care],
    )


def _ahead(count: KitchenCount) -> Table:
    """List what goes out besides, for days on which the canteen is closed."""
    rows: list[list[Cell]] = []
    for each in count.ahead:
        rows += [[each.day, kind_label(line), line.count, None] for line in each.diets]
        if each.guests:
            rows.append([each.day, _("ordinary food, for guests"), each.guests, None])
        if each.unknown:
            rows.append([each.day, _("no diet on record"), each.unknown, ", ".join(each.unknown_ids)])
        rows += [[each.day, care_label(line), None, line.short_id] for line in each.care]
    return Table(
        _("Goes out with it"),
        [_("For"), _("Diet"), _("Lunches"), _("Number")],
        rows,
        [_("Together"), None, sum(each.boxes for each in count.ahead), None],
    )


def _version(day: date, state: Text | None) -> Table:
    return Table(_("Version"), [_("Date"), _("Version")], [[day, state]] if state else [])
