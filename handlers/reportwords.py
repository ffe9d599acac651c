"""A month's report: its figures once, for the chat, for paper and for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from handlers.casefigures import KINDS
from handlers.chat import Cell, Sheet, Table, Workbook, paper
from handlers.daylists import MODES
from handlers.months import month_words
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models.canteens import Canteen
from models.cases import CaseKind
from models.meals import MealState
from models.monthreport import SERVED, DayCount, MonthReport
from models.seniors import Mode

# In the order of the parts of which a day's bar is built.
PARTS: Final = (
    _("Seen in person"),
    _("Left with a neighbour or at the door"),
    _("Fetched by somebody else"),
    _("Not handed over, or not come"),
    _("Not known"),
)
CALLED_OFF: Final = _("Called off after orders had closed")
CLOSED: Final = _("Fell away: the canteen was closed")
AHEAD: Final = _("Given beforehand, for days when the canteen was closed")
GUESTS: Final = _("Lunches for guests, besides")
HAD: Final[dict[Mode, Text]] = {
    Mode.DELIVERY: _("Served at home"),
    Mode.DINE_IN: _("Served at the canteen"),
    Mode.PICK_UP: _("Picked up at the canteen"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, how it is said, and what stands in a table's cell.

    rare: it is mostly nothing, and left out then; a table always has it.
    """

    what: Text
    said: Text | int
    cell: Cell
    rare: bool = False


def report_words(report: MonthReport) -> Text:
    """Say a month in a message."""
    return lines(
        bold(_("{canteen}, {month}", canteen=report.canteen.name, month=month_words(report.month))),
        _so_far(report),
        *(_("{what}: {figure}", what=each.what, figure=each.said) for each in _told(report)),
        NOTHING,
        _("No names are in it: you may pass it on."),
    )


def figures(report: MonthReport) -> list[Figure]:
    """List a month's figures in the order in which they are read."""
    return [
        _count(_("Lunches planned"), report.planned),
        _count(CALLED_OFF, report.count(MealState.CANCELLED)),
        _count(_("Lunches served"), report.count(*SERVED)),
        *(_count(what, sum(day.parts[at] for day in report.days)) for at, what in enumerate(PARTS)),
        *(_count(what, report.served.get(mode, 0)) for mode, what in HAD.items()),
        _count(GUESTS, report.guests, rare=True),
        _count(CLOSED, report.count(MealState.CLOSED), rare=True),
        _count(AHEAD, report.count(MealState.AHEAD), rare=True),
        _count(_("Different people served"), report.seniors),
        _days_open(report),
        *_volunteers(report),
        *(
            _count(what, report.cases.get(kind, 0), rare=kind not in (CaseKind.NO_ANSWER, CaseKind.CONCERN))
            for kind, what in KINDS.items()
        ),
        _count(_("Of these worries still open"), report.open_cases),
    ]


def _told(report: MonthReport) -> list[Figure]:
    return [each for each in figures(report) if each.cell or not each.rare]


def _days_open(report: MonthReport) -> Figure:
    what, n = _("Days with lunch"), report.days_open
    return Figure(what, n if report.quota is None else _("{n} of {quota}", n=n, quota=report.quota), n)


def _volunteers(report: MonthReport) -> list[Figure]:
    found = [_count(_("Volunteers"), report.volunteers)]
    hours = Figure(_("Time given"), _("{time}", time=timedelta(minutes=report.minutes)), report.minutes)
    found.append(hours)
    if report.open_ends:
        found.append(_count(_("Shifts not counted: nobody knows yet when they ended"), report.open_ends))
    if report.fill is not None:
        said = _(
            "{taken} of {places}, {percent} %", taken=report.taken, places=report.places, percent=report.fill
        )
        found.append(Figure(_("Places on rounds taken"), said, report.taken / report.places))
    found.append(_count(_("Shifts promised and not come to"), report.no_shows))
    if report.lead is not None:
        found.append(Figure(_("Taken so long before (the median)"), _lead(report.lead), _days(report.lead)))
    return found


def _lead(lead: timedelta) -> Text:
    if lead < timedelta(days=2):
        return _("{time}", time=lead)
    return _n("{n} day", "{n} days", round(_days(lead)))


def _days(length: timedelta) -> float:
    return round(length / timedelta(days=1), 1)


def _count(what: Text, n: int, *, rare: bool = False) -> Figure:
    return Figure(what, n, n, rare)


def _so_far(report: MonthReport) -> Text | None:
    return None if report.over else _("So far, up to {day}.", day=report.until)


def _row(day: DayCount) -> list[int]:
    """Count a day's lunches: those of its bar and those called off, which are all; then the rest."""
    return [
        *day.parts,
        day.count(MealState.CANCELLED),
        *(day.modes.get(mode, 0) for mode in MODES),
        day.guests,
        day.count(MealState.CLOSED),
        day.count(MealState.AHEAD),
    ]


# --------------------------------------------------------------------------------------------------- papers


@paper("month")
async def month_paper(canteen_id: int, month: date, until: date) -> Sheet:
    """Show a month: the lunches of each day as bars, and its figures."""
    report = await MonthReport.of(await Canteen.get(id=canteen_id), month, until)
    return Sheet(
        title=_title(report),
        template="month",
        file=f"report-{month:%Y-%m}",
        zone=report.canteen.zone,
        data={
            "heading": _("Report for {month}", month=month_words(month)),
            "note": _so_far(report),
            "plot_title": _("Lunches on each day"),
            "axis": _("Day of {month}", month=month_words(month)),
            "keys": PARTS,
            "days": [{"day": day.day.day, "parts": day.parts} for day in report.days],
            "figures": [{"what": each.what, "figure": _shown(each)} for each in _told(report)],
        },
    )


@paper("month_table")
async def month_table(canteen_id: int, month: date, until: date) -> Workbook:
    """Give a month's figures, and a row for each of its days."""
    report = await MonthReport.of(await Canteen.get(id=canteen_id), month, until)
    counts = [_row(day) for day in report.days]
    days: list[Sequence[Cell]] = [[day.day, *row] for day, row in zip(report.days, counts, strict=True)]
    sums = [sum(column) for column in zip(*counts, strict=True)]
    tables = [
        Table(
            _("Figures"),
            [_("What is counted"), _("Figure")],
            [[each.what, each.cell] for each in figures(report)],
        ),
        Table(
            _("Days"),
            [_("Date"), *PARTS, CALLED_OFF, *MODES.values(), GUESTS, CLOSED, AHEAD],
            days,
            [_("Together"), *sums],
        ),
    ]
    return Workbook(_title(report), f"report-{month:%Y-%m}", report.canteen.zone, tables)


def _title(report: MonthReport) -> Text:
    return _("{canteen}, {month}", canteen=report.canteen.name, month=month_words(report.month))


def _shown(figure: Figure) -> object:
    return figure.said if isinstance(figure.said, Text) else _("{n}", n=figure.said)
