"""How hours are said: a month as a bar, an entry as a line, and the ways on from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.chat import Button, press
from handlers.months import month_words
from handlers.text import Blank, Text, _, _n, verbatim
from models.hours import HoursEntry, HoursKind, HoursSource

WIDEST: Final = 8  # letters; more would break the line on a small phone
NO_ROUND: Final = _("service without a round")
# The papers of handlers/hoursfiles.py: as a table, as comma-separated values.
FILES: Final = ("hours_table", "hours_csv")


def length(minutes: int) -> timedelta:
    """Make what is said as hours and minutes."""
    return timedelta(minutes=minutes)


def bar(minutes: int, most: int) -> str:
    """Draw how much something is, beside the most of its kind."""
    return "▇" * max(1, round(WIDEST * minutes / most))


def month_lines(months: Iterable[tuple[date, int]]) -> Iterator[Text]:
    """Say months and what was given in each, with a bar; one without anything is left out."""
    given = [(first, minutes) for first, minutes in months if minutes]
    for first, minutes in given:
        yield _(
            "{month}: {time} {bar}",
            month=month_words(first),
            time=length(minutes),
            bar=bar(minutes, max(each for _first, each in given)),
        )


def where(entry: HoursEntry) -> Text:
    """Say on which route it was."""
    return NO_ROUND if entry.shift is None else verbatim(entry.shift.route.name)


def entry_line(entry: HoursEntry) -> Text:
    """Say one entry on a line: when, where, how long, and what was done about it."""
    told: dict[str, Blank] = {"day": entry.day, "route": where(entry), "time": length(entry.minutes)}
    if entry.source is HoursSource.PLANNED:
        return _("{day}, {route}: not counted yet, we don't know when it ended", **told)
    if entry.source is HoursSource.SAID:
        return _("{day}, {route}: {time}, waits for the coordinator's yes", **told)
    if entry.kind is HoursKind.VOID:
        return (
            _("{day}, {route}: not counted ({reason})", reason=entry.reason, **told)
            if entry.reason
            else _("{day}, {route}: not counted", **told)
        )
    if entry.reason:
        return _("{day}, {route}: {time} ({reason})", reason=entry.reason, **told)
    return _("{day}, {route}: {time}", **told)


def not_counted(n: int) -> Text | None:
    """Say that some shifts wait to be counted; None when there is none."""
    return (
        _n(
            "{n} shift is not counted yet: we don't know when it ended.",
            "{n} shifts are not counted yet: we don't know when they ended.",
            n,
        )
        if n
        else None
    )


def end_key(entry: HoursEntry) -> Button:
    """Let a volunteer say when a shift ended."""
    return press(_("When it ended: {day}", day=entry.day), "hours_ended_at", entry.id)


def between(began: datetime, latest: datetime, zone: str) -> Text:
    """Say between which times a shift can have ended."""
    first, last = began.astimezone(ZoneInfo(zone)), latest.astimezone(ZoneInfo(zone))
    return _(
        "Please write a time after {first}, when you began, and not after {last}.",
        first=first.time(),
        last=last.time(),
    )


def card_of(entry: HoursEntry) -> str:
    """Name the coordinators' message about a forgotten end."""
    return f"hours {entry.shift_id} {entry.person_id}"
