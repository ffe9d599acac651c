"""A month's report: its figures once, for the chat, for paper and for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from handlers.chat import Cell, Sheet, Table, Workbook, paper
from handlers.daylists import MODES
from handlers.months import month_words
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models.canteens import Canteen
from models.cases import CaseKind
from models.meals import SEEN, MealState
from models.monthreport import DAYS_A_MONTH, LEFT, NOT_HANDED_OVER, DayCount, MonthReport
from models.seniors import Mode

SEEN_IN_PERSON: Final = _("Seen in person")
LEFT_THERE: Final = _("Left with a neighbour or at the door")
NOT_THEIRS: Final = _("Not handed over, or not come")
NOT_KNOWN: Final = _("Not known")
SERVED: Final[dict[Mode, Text]] = {
    Mode.DELIVERY: _("Served at home"),
    Mode.DINE_IN: _("Served at the canteen"),
    Mode.PICK_UP: _("Fetched"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, how it is said, and what stands in a table's cell."""

    what: Text
    said: Text | int
    cell: Cell


def report_words(report: MonthReport) -> Text:
    """Say a month in a message."""
    return lines(
        bold(_("{canteen}, {month}", canteen=report.canteen.name, month=month_words(report.month))),
        _so_far(report),
        *(_("{what}: {figure}", what=each.what, figure=each.said) for each in figures(report)),
        NOTHING,
        _("No names are in it: you may pass it on."),
    )


def figures(report: MonthReport) -> list[Figure]:
    """List a month's figures in the order in which they are read."""
    served = report.count(*SEEN, *LEFT)
    return [
        _count(_("Lunches planned"), report.planned),
        _count(_("Called off after orders had closed"), report.count(MealState.CANCELLED)),
        _count(_("Lunches served"), served),
        _count(SEEN_IN_PERSON, report.count(*SEEN)),
        _count(LEFT_THERE, report.count(*LEFT)),
        _count(NOT_THEIRS, report.count(*NOT_HANDED_OVER, MealState.NOT_COME)),
        _count(NOT_KNOWN, report.count(MealState.EXPECTED)),
        *(_count(label, report.served.get(mode, 0)) for mode, label in SERVED.items()),
        _count(_("Different people served"), report.seniors),
        Figure(
            _("Days with lunch"),
            _("{n} of {quota}", n=report.days_open, quota=DAYS_A_MONTH),
            report.days_open,
        ),
        *_volunteers(report),
        _count(_("Doors that stayed shut"), report.cases.get(CaseKind.NO_ANSWER, 0)),
        *(
            [_count(_("Calls that nobody answered"), report.cases[CaseKind.UNREACHED])]
            if report.cases.get(CaseKind.UNREACHED)
            else []
        ),
        _count(_("Something was different"), report.cases.get(CaseKind.CONCERN, 0)),
        _count(_("Of these worries still open"), report.open_cases),
    ]


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
    if report.lead is not None:
        found.append(Figure(_("Taken so long before (the median)"), _lead(report.lead), _days(report.lead)))
    return found


def _lead(lead: timedelta) -> Text:
    if lead < timedelta(days=2):
        return _("{time}", time=lead)
    return _n("{n} day", "{n} days", round(_days(lead)))


def _days(length: timedelta) -> float:
    return round(length / timedelta(days=1), 1)


def _count(what: Text, n: int) -> Figure:
    return Figure(what, n, n)


def _so_far(report: MonthReport) -> Text | None:
    return None if report.over else _("So far, up to {day}.", day=report.until)


def _parts(day: DayCount) -> list[int]:
    """Count a day's lunches as its bar is built, from the bottom."""
    return [
        day.count(*SEEN),
        day.count(*LEFT),
        day.count(*NOT_HANDED_OVER, MealState.NOT_COME),
        day.count(MealState.EXPECTED),
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
            "keys": [SEEN_IN_PERSON, LEFT_THERE, NOT_THEIRS, NOT_KNOWN],
            "days": [{"day": day.day.day, "parts": _parts(day)} for day in report.days],
            "figures": [{"what": each.what, "figure": _shown(each)} for each in figures(report)],
        },
    )


@paper("month_table")
async def month_table(canteen_id: int, month: date, until: date) -> Workbook:
    """Give a month's figures, and a row for each of its days."""
    report = await MonthReport.of(await Canteen.get(id=canteen_id), month, until)
    days: list[Sequence[Cell]] = [
        [day.day, *_parts(day), day.count(MealState.CANCELLED), *(day.modes.get(mode, 0) for mode in MODES)]
        for day in report.days
    ]
    sums: list[Cell] = [sum(int(str(row[place])) for row in days) for place in range(1, 6 + len(MODES))]
    tables = [
        Table(
            _("Figures"),
            [_("What is counted"), _("Figure")],
            [[each.what, each.cell] for each in figures(report)],
        ),
        Table(
            _("Days"),
            [
                _("Date"),
                SEEN_IN_PERSON,
                LEFT_THERE,
                NOT_THEIRS,
                NOT_KNOWN,
                _("Called off after orders had closed"),
                *MODES.values(),
            ],
            days,
            [_("Together"), *sums],
        ),
    ]
    return Workbook(_title(report), f"report-{month:%Y-%m}", report.canteen.zone, tables)


def _title(report: MonthReport) -> Text:
    return _("{canteen}, {month}", canteen=report.canteen.name, month=month_words(report.month))


def _shown(figure: Figure) -> object:
    return figure.said if isinstance(figure.said, Text) else _("{n}", n=figure.said)
