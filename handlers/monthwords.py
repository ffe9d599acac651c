"""The sentences of the calendar: how a month stands, and why a day is not what its weekday says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Final

from handlers.chat import Button, press
from handlers.text import NOTHING, Text, _, _n, listed, verbatim
from models import holidays
from models.quota import MonthDay, MonthPlan, Served
from models.schedule import Why

# As the library of mainland China's holidays names them; elsewhere the names come in the country's words.
MAINLAND: Final = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-Sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-Autumn Festival"),
}
Names = Mapping[date, str]


def names(month: MonthPlan, language: str) -> Names:
    """Name the holidays of a month for a reader, where the country has other names than ours."""
    region = month.canteen.region
    return {} if region is None else holidays.names(region, month.first_day.year, language)


def standing(month: MonthPlan) -> list[Text]:
    """Say how a month stands against its number."""
    planned = month.planned
    if month.quota is None:
        return [_n("{n} lunch day in this month", "{n} lunch days in this month", planned)]
    served = _("{served} of {quota} lunch days served", served=month.served, quota=month.quota)
    missing = month.quota - planned
    if missing == 0:
        return [served, _("{planned} are planned in all: just right.", planned=planned)]
    if missing > 0:
        return [
            served,
            _n(
                "{planned} are planned in all: {n} is missing.",
                "{planned} are planned in all: {n} are missing.",
                missing,
                planned=planned,
            ),
        ]
    return [
        served,
        _n(
            "{planned} are planned in all: {n} too many.",
            "{planned} are planned in all: {n} too many.",
            -missing,
            planned=planned,
        ),
    ]


def this_month(month: Served) -> Text:
    """Say in one line how the month of a day stands."""
    more = month.planned - month.served
    return _n(
        "This month: {served} of {quota} lunch days served, {n} more is planned",
        "This month: {served} of {quota} lunch days served, {n} more are planned",
        more,
        served=month.served,
        quota=month.quota,
    )


def exceptions(month: MonthPlan, named: Names) -> Iterator[Text]:
    """Say which days are not what their weekday says, and why; those that follow each other in one line."""
    unusual = [day for day in month.days if day.opening.special is not None or day.opening.why is Why.CHOICE]

    def alike(place: tuple[int, MonthDay]) -> tuple[object, ...]:
        at, day = place
        return day.day.toordinal() - at, day.cooks, reason(day, named)

    for (_run, cooks, why), group in groupby(enumerate(unusual), alike):
        days = [day.day for _at, day in group]
        first, last = days[0], days[-1]
        assert isinstance(why, Text)
        if first == last:
            yield (
                _("{day}: open, {why}", day=first, why=why)
                if cooks
                else _("{day}: closed, {why}", day=first, why=why)
            )
        elif cooks:
            yield _("{first} to {last}: open, {why}", first=first, last=last, why=why)
        else:
            yield _("{first} to {last}: closed, {why}", first=first, last=last, why=why)


def reason(day: MonthDay, named: Names) -> Text:
    """Say why a day is not what its weekday says."""
    special = day.opening.special
    if day.opening.why is Why.CHOICE or special is None:
        return _("by your choice")
    if special.workday:
        return _("make-up workday")
    return MAINLAND.get(special.name) or verbatim(named.get(day.day, special.name))


def single(day: MonthDay, named: Names) -> Text:
    """Say of one day whether it is open, and why."""
    if day.served:
        return _("{day}: lunch was served", day=day.day)
    usual = day.opening.special is None and day.opening.why is not Why.CHOICE
    if usual and day.cooks:
        return _("{day}: open", day=day.day)
    if usual:
        return _("{day}: closed", day=day.day)
    why = reason(day, named)
    if day.cooks:
        return _("{day}: open, {why}", day=day.day, why=why)
    return _("{day}: closed, {why}", day=day.day, why=why)


def proposed(month: MonthPlan) -> list[Text]:
    """Say which days to add or to drop, and how near that comes."""
    proposal = month.proposal()
    if not proposal:
        return []
    days = listed(list(proposal))
    if any(proposal.values()):
        said = _("I propose to cook also on {days}.", days=days)
        reached = month.planned + len(proposal)
    else:
        said = _("I propose not to cook on {days}.", days=days)
        reached = month.planned - len(proposal)
    if reached == month.quota:
        return [NOTHING, said]
    return [
        NOTHING,
        said,
        _n("Then it is {n} day; more can't be done.", "Then it is {n} days; more can't be done.", reached),
    ]


def take_keys(month: MonthPlan) -> list[Button]:
    """Make the button that takes the proposal over just as it is shown."""
    proposal = month.proposal()
    adds, drops = (
        _mask(day for day, cooks in proposal.items() if cooks is wanted) for wanted in (True, False)
    )
    first = month.first_day
    return [press(_("Yes, do it so"), "month_take", month.canteen.id, first, adds, drops)] if proposal else []


def _mask(days: Iterable[date]) -> int:
    return sum(1 << day.day - 1 for day in days)
