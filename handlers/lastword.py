"""The last word on a day: what came in after the first report, told only where there is news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from handlers.chat import Mail, Priority, every
from handlers.daylists import report_words
from handlers.text import NOTHING, Text, _, bold, lines
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.dayreport import DayReport
from models.lastword import FirstReport

AT_ONCE: Final = 25


@every(seconds=60)
async def say_last_words(mail: Mail) -> bool:
    """Tell the coordinators how a day went in the end, if that is not how it stood at first."""
    due = await FirstReport.take_due(mail.now, AT_ONCE)
    for first in due:
        day = await ServiceDay.get(id=first.service_day_id)
        report = await DayReport.of(day)
        if report.figures == first.figures:
            continue
        canteen = await Canteen.get(id=day.canteen_id)
        words = last_words(report, first, canteen)
        for person in await canteen.coordinators():
            mail.say(
                words,
                to=person,
                zone=canteen.zone,
                priority=Priority.REMINDER,
                key=f"day {day.id} last word for {person.id}",
            )
    return len(due) == AT_ONCE


def last_words(report: DayReport, first: FirstReport, canteen: Canteen) -> Text:
    """Say what is different now, and then the whole report."""
    told_at = first.told_at.astimezone(ZoneInfo(canteen.zone)).time()
    return lines(
        bold(_("The last word on {day}: news since {clock}", day=report.day, clock=told_at)),
        *_changes(report.figures, first.figures),
        NOTHING,
        report_words(report),
    )


def _changes(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[Text]:
    return [
        text
        for name, text in (
            ("in_person", _("Handed over in person: {n}, not {before}.", **_both("in_person", now, then))),
            (
                "left",
                _("Left with a neighbour or at the door: {n}, not {before}.", **_both("left", now, then)),
            ),
            (
                "not_handed_over",
                _("Not handed over: {n}, not {before}.", **_both("not_handed_over", now, then)),
            ),
            ("unknown", _("Still not known: {n}, not {before}.", **_both("unknown", now, then))),
            ("cancelled", _("Called off late: {n}, not {before}.", **_both("cancelled", now, then))),
            ("open_cases", _("Worries still open: {n}, not {before}.", **_both("open_cases", now, then))),
        )
        if now[name] != then[name]
    ]


def _both(name: str, now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, int]:
    return {"n": now[name], "before": then[name]}
