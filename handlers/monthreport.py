"""The report of a month: to the coordinators on the first of the next one, and of any month on demand."""

from __future__ import annotations

from datetime import date
from typing import Final

from handlers.chat import (
    COORDINATOR,
    Button,
    Chat,
    Choice,
    Mail,
    Priority,
    button,
    command,
    every,
    press,
)
from handlers.months import month, month_words
from handlers.places import which_canteen
from handlers.reportwords import report_words
from handlers.text import _
from models.canteens import Canteen
from models.monthreport import MonthReport, counted_until, plan_reports, take_due
from models.months import month_of
from models.people import Role
from models.refusals import Gone

AT_ONCE: Final = 10
PLANNED_AT_ONCE: Final = 500
PAPER, TABLE = "month", "month_table"


@every(seconds=60)
async def plan(mail: Mail) -> bool:
    """Work out when a canteen's next report is due."""
    return await plan_reports(mail.now, PLANNED_AT_ONCE) == PLANNED_AT_ONCE


@every(seconds=60)
async def report_months(mail: Mail) -> bool:
    """Tell the coordinators how the month that ended went."""
    due = await take_due(mail.now, AT_ONCE)
    for canteen, first in due:
        report = await MonthReport.of(canteen, first, await counted_until(canteen, first, mail.now))
        if not report.days:
            continue
        words = report_words(report)
        for person in await canteen.coordinators():
            mail.say(
                words,
                to=person,
                buttons=_keys(canteen.id, first),
                zone=canteen.zone,
                priority=Priority.REMINDER,
                key=f"month {canteen.id} {first} for {person.id}",
            )
    return bool(due)


@command(
    "report",
    for_=COORDINATOR,
    help=_("A month in figures"),
    phrases=_("month report|report of the month|how many lunches this month"),
)
async def report(chat: Chat) -> None:
    """Ask for a month, and tell its figures."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    today = canteen.today(chat.began)
    offered = [month_of(today, -ago) for ago in range(3)]
    first = await chat.ask(
        "month",
        _("Which month? Tap one, or write it, like {example}.", example=month_words(month_of(today, -6))),
        month(today),
        choices=[Choice(f"{each:%Y-%m}", month_words(each)) for each in offered],
    )
    found = await MonthReport.of(canteen, first, await counted_until(canteen, first, chat.now))
    if not found.days:
        chat.say(_("Nobody had lunch in {month}.", month=month_words(first)))
        return
    chat.say(report_words(found), buttons=_keys(canteen.id, first), zone=canteen.zone)


@button("report", for_=COORDINATOR)
async def bring(chat: Chat, canteen_id: int, day: date, what: str) -> None:
    """Bring the report of the month of a day, on paper or as a table."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    if what not in (PAPER, TABLE):
        raise Gone
    canteen = await Canteen.get(id=canteen_id)
    first = month_of(day)
    chat.say(
        _("The report for {month}. No names are in it.", month=month_words(first)),
        zone=canteen.zone,
        paper=(what, canteen_id, first, await counted_until(canteen, first, chat.now)),
    )


def _keys(canteen_id: int, first: date) -> list[Button | list[Button]]:
    return [
        [
            press(_("Print"), "report", canteen_id, first, PAPER),
            press(_("… as a table"), "report", canteen_id, first, TABLE),
        ]
    ]
