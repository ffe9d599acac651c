"""Read periods of days, and moments: "24 to 26 Nov", "周四17:00", "mañana a las 7:00"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers import answers
from handlers.chat import Unclear
from handlers.text import _
from models.canteens import instant

# What stands between the first and the last day; a hyphen within a date is not it, so both sides must read.
_BETWEEN: Final = re.compile(r"\s+(?:to|until|till|through|al?|hasta(?: el)?)\s+|\s*[至到–—~]\s*|\s*-\s*")
_AHEAD: Final = re.compile(r"^(?:from|desde(?: el)?|del?|从|從|自)\s*")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_WITHIN: Final = re.compile(r"[\d:.：/-]{2}")
_LOOSE: Final = " ,，、.:：的"


def period(today: date) -> Callable[[str], tuple[date, date]]:
    """Make a reader for a day or for the first and last of several."""
    read = answers.day(today)

    def both(text: str) -> tuple[date, date]:
        said = _AHEAD.sub("", answers.plain(text))
        for found in _BETWEEN.finditer(said):
            try:
                starts, ends = read(said[: found.start()]), read(said[found.end() :])
            except Unclear:
                continue
            if ends < starts:
                raise Unclear(_("The last day cannot be before the first, {day}.", day=starts))
            return starts, ends
        day = read(text)
        return day, day

    return both


def moment(now: datetime, zone: str) -> Callable[[str], datetime]:
    """Make a reader for a day with its clock that is still to come; a clock alone is the next such."""
    today = now.astimezone(ZoneInfo(zone)).date()

    def read(text: str) -> datetime:
        found = _moment(text, today, now, zone)
        if found is None:
            raise Unclear(
                _(
                    "I am not sure which moment you mean. You can write it like this: {example}",
                    example=instant(today + timedelta(1), "17:00", zone),
                )
            )
        if found <= now:
            raise Unclear(_("That moment has passed. Please write one that is still to come."))
        return found

    return read


def _moment(text: str, today: date, now: datetime, zone: str) -> datetime | None:
    if _MOMENT.fullmatch(text):
        return instant(date.fromisoformat(text[:10]), text[11:], zone)
    try:
        clock = answers.clock(text)
    except Unclear:
        pass
    else:
        first = instant(today, clock, zone)
        return first if first > now else instant(today + timedelta(1), clock, zone)
    for day, clock in _parted(text, today):
        return instant(day, clock, zone)
    return None


def _parted(text: str, today: date) -> Iterator[tuple[date, str]]:
    """Try every place at which a day and a clock could be parted."""
    read = answers.day(today)
    for at in range(1, len(text)):
        if _WITHIN.fullmatch(text[at - 1 : at + 1]):
            continue
        front, rear = text[:at].strip(_LOOSE), text[at:].strip(_LOOSE)
        for day, clock in ((front, rear), (rear, front)):
            try:
                yield read(day), answers.clock(clock)
            except Unclear:
                continue
