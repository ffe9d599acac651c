"""The calendar of a month: on which days lunch is cooked and why, and how the month comes to its number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from handlers.calendar_asks import decided
from handlers.calendartold import choose
from handlers.chat import COORDINATOR, Button, Chat, button, explains, press
from handlers.monthwords import exceptions, names, proposed, single, standing, take_keys
from handlers.text import NOTHING, Country, Month, Text, Weekdays, _, bold, lines, listed
from models.canteens import Canteen
from models.daychoices import ChoiceOrigin
from models.months import month_of
from models.quota import MonthPlan
from models.refusals import DayFixed, Gone

WEEK: Final = timedelta(days=7)


@button("month", for_=COORDINATOR)
async def show_month(chat: Chat, canteen_id: int, first_day: date) -> None:
    """Show a month at the bottom of the chat."""
    _say(chat, await MonthPlan.of(canteen_id, first_day, chat.person, chat.now))


@button("month_take", for_=COORDINATOR)
async def take_proposal(chat: Chat, canteen_id: int, first_day: date, adds: int, drops: int) -> None:
    """Take over a proposal just as it was shown: the days of the month to add and to drop, as masks."""
    month = await MonthPlan.of(canteen_id, first_day, chat.person, chat.now)
    first_day = month.first_day
    days = {**_days(first_day, adds, cooks=True), **_days(first_day, drops, cooks=False)}
    await choose(chat, month.canteen, days, ChoiceOrigin.PROPOSAL)
    _say(chat, await MonthPlan.of(canteen_id, first_day, chat.person, chat.now))


@button("month_week", for_=COORDINATOR)
async def show_week(chat: Chat, canteen_id: int, first_day: date, monday: date) -> None:
    """Show the days of one week of a month, with a button for each that can still be changed."""
    _say_week(chat, await MonthPlan.of(canteen_id, first_day, chat.person, chat.now), monday)


@button("month_day", for_=COORDINATOR)
async def change_day(chat: Chat, canteen_id: int, day: date, cooks: int) -> None:
    """Open or close one day."""
    canteen = await Canteen.get_or_none(id=canteen_id)
    if canteen is None:
        raise Gone
    asked = await choose(chat, canteen, {day: bool(cooks)}, ChoiceOrigin.SINGLE)
    month = await MonthPlan.of(canteen_id, day, chat.person, chat.now)
    said = await decided(month.canteen, day, cooks=bool(cooks))
    _say_week(chat, month, day - timedelta(days=day.weekday()), said, fresh=asked)


def _say(chat: Chat, month: MonthPlan) -> None:
    canteen, first = month.canteen, month.first_day
    open_on = [str(day.day.day) for day in month.days if day.cooks]
    unusual = list(exceptions(month, names(month, chat.person.language or canteen.language)))
    today = canteen.today(chat.now)
    chat.say(
        lines(
            bold(_("{month}, {canteen}", month=Month(first), canteen=canteen.name)),
            *standing(month),
            *([NOTHING, _("Open on: {days}", days=listed(open_on))] if open_on else []),
            *([NOTHING, *unusual] if unusual else []),
            None if month.sure else _unknown(month),
            *proposed(month),
        ),
        card=f"month {canteen.id} {first}",
        fresh=True,
        buttons=[
            *take_keys(month),
            press(_("Change single days"), "month_week", canteen.id, first, _first_week(month, today)),
            _turn(month, today),
            press(_("Calendar settings"), "calendar", canteen.id),
        ],
    )


def _unknown(month: MonthPlan) -> Text:
    return _(
        "I don't know yet all public holidays of {year} in {country}. Where I don't know, I count by your"
        " week: {weekdays}.",
        year=str(month.first_day.year),
        country=Country(month.canteen.region or ""),
        weekdays=Weekdays(month.canteen.weekdays),
    )


def _days(first_day: date, mask: int, *, cooks: bool) -> dict[date, bool]:
    """Read a mask of days back; bits beyond the month's end are nobody's."""
    month = [first_day + timedelta(days=ahead) for ahead in range(31)]
    return {day: cooks for day in month if mask >> day.day - 1 & 1 and day.month == first_day.month}


def _turn(month: MonthPlan, today: date) -> list[Button]:
    first = month.first_day
    earlier = press(_("Month before"), "month", month.canteen.id, month_of(first, -1))
    later = press(_("Month after"), "month", month.canteen.id, month_of(first, 1))
    return [earlier, later] if first > today else [later]


def _first_week(month: MonthPlan, today: date) -> date:
    start = max(month.first_day, min(today, month.days[-1].day))
    return start - timedelta(days=start.weekday())


def _say_week(
    chat: Chat, month: MonthPlan, monday: date, news: Iterable[Text] = (), *, fresh: bool = False
) -> None:
    canteen, first = month.canteen, month.first_day
    if not first - WEEK < monday <= month.days[-1].day:
        monday = _first_week(month, canteen.today(chat.now))
    named = names(month, chat.person.language or canteen.language)
    days = [day for day in month.days if monday <= day.day < monday + WEEK]
    said = list(news)
    turn = [
        press(label, "month_week", canteen.id, first, start)
        for label, start in ((_("Week before"), monday - WEEK), (_("Week after"), monday + WEEK))
        if any(start <= day.day < start + WEEK for day in month.days)
    ]
    chat.say(
        lines(
            *([*said, NOTHING] if said else []),
            *(single(day, named) for day in days),
            NOTHING,
            *standing(month),
        ),
        zone=canteen.zone,
        card=f"week {canteen.id}",
        fresh=fresh or not said,
        buttons=[
            *(
                press(_("Close {day}", day=day.day), "month_day", canteen.id, day.day, 0)
                if day.cooks
                else press(_("Open {day}", day=day.day), "month_day", canteen.id, day.day, 1)
                for day in days
                if not day.fixed
            ),
            *([turn] if turn else []),
            press(_("Look at the month"), "month", canteen.id, first),
        ],
    )


@explains(DayFixed)
def day_fixed(refusal: DayFixed) -> Text:
    return _(
        "It is too late for {day}: nobody can order for it or cancel any more. Nothing was changed.",
        day=refusal.day,
    )
