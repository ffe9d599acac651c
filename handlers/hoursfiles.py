"""Hours as files: every entry of the ledger, for a spreadsheet or for another program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from handlers.chat import Cell, Listing, Table, Workbook, paper
from handlers.hourswords import where
from handlers.months import month_words
from handlers.text import Text, _
from models.canteens import Canteen
from models.hours import HoursEntry, HoursKind, HoursSource
from models.hourslists import ledger
from models.people import Person

KINDS: Final[dict[HoursKind, Text]] = {
    HoursKind.WORKED: _("service"),
    HoursKind.CORRECTION: _("correction"),
    HoursKind.VOID: _("voided"),
}
SOURCES: Final[dict[HoursSource, Text]] = {
    HoursSource.ROUND: _("check-in and check-out"),
    HoursSource.PLANNED: _("check-out forgotten"),
    HoursSource.SAID: _("said by the volunteer, not confirmed"),
    HoursSource.MANUAL: _("coordinator"),
}
COLUMNS: Final = (
    _("Entry"),
    _("Full name"),
    _("Canteen"),
    _("Date"),
    _("Route"),
    _("Planned start"),
    _("Planned end"),
    _("Check-in"),
    _("Check-out"),
    _("Minutes"),
    _("Minutes that count"),
    _("Kind"),
    _("Known from"),
    _("Replaces entry"),
    _("Reason"),
    _("Written"),
    _("Written by"),
    _("Replaced"),
)


@paper("hours_table")
async def hours_table(canteen_id: int, person_id: int, day: date) -> Workbook:
    """Give the entries, and the sums by person and month, of a canteen's month or (canteen 0) of a person."""
    entries = await _entries(canteen_id, person_id, day)
    sums = Counter[tuple[date, str]]()
    for entry in entries:
        sums[entry.day.replace(day=1), entry.person.name or "?"] += entry.counted
    rows: list[Sequence[Cell]] = [
        [month_words(month), name, minutes] for (month, name), minutes in sorted(sums.items())
    ]
    tables = [
        Table(_("Entries"), COLUMNS, _rows(entries)),
        Table(
            _("By month"),
            [_("Month"), _("Full name"), _("Minutes")],
            rows,
            [_("Together"), None, sum(sums.values())],
        ),
    ]
    title, file, zone = await _named(canteen_id, person_id, day)
    return Workbook(title, file, zone, tables)


@paper("hours_csv")
async def hours_csv(canteen_id: int, person_id: int, day: date) -> Listing:
    """Give the entries of a canteen's month, or (canteen 0) of a person, for another program."""
    entries = await _entries(canteen_id, person_id, day)
    title, file, zone = await _named(canteen_id, person_id, day)
    return Listing(title, file, zone, Table(_("Entries"), COLUMNS, _rows(entries)))


async def _entries(canteen_id: int, person_id: int, day: date) -> list[HoursEntry]:
    if canteen_id:
        return await ledger(canteen_id=canteen_id, month=day.replace(day=1))
    return await ledger(person_id=person_id)


async def _named(canteen_id: int, person_id: int, day: date) -> tuple[Text, str, str]:
    if canteen_id:
        canteen = await Canteen.get(id=canteen_id)
        title = _("Hours at {canteen}, {month}", canteen=canteen.name, month=month_words(day))
        return title, f"hours-{day:%Y-%m}", canteen.zone
    person = await Person.get(id=person_id)
    return _("Hours of {name}", name=person.name or "?"), "hours", await person.home_zone() or "UTC"


def _rows(entries: Sequence[HoursEntry]) -> list[Sequence[Cell]]:
    return [
        [
            entry.id,
            entry.person.name or "?",
            entry.canteen.name,
            entry.day,
            where(entry),
            None if entry.shift is None else entry.shift.starts_at,
            None if entry.shift is None else entry.shift.ends_at,
            entry.began_at,
            entry.ended_at,
            entry.minutes,
            entry.counted,
            KINDS[entry.kind],
            SOURCES[entry.source],
            entry.replaces_id,
            entry.reason,
            entry.at,
            None if entry.by is None else entry.by.name,
            entry.voided_at,
        ]
        for entry in entries
    ]
