"""On which days a canteen cooks, in layers: its week, then its country's holidays, then its own choice."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from models import datedroutes, holidays
from models.canteens import MONDAY_TO_FRIDAY, Canteen
from models.datedsettings import DatedSetting
from models.daychoices import DayChoice
from models.holidays import Special
from models.routes import Route

LOOK_BACK: Final = timedelta(days=60)  # more than a month, and than any count of service days before a day


class Why(StrEnum):
    """The layer that decides of a day."""

    WEEK = "week"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a canteen cooks on a day, and why.

    special: what the country says of it, whatever was decided. makeup: it cooks though its week lacks this
    weekday. stands_for: the weekdays whose eaters eat on this day as well.
    """

    day: date
    cooks: bool
    why: Why
    special: Special | None
    makeup: bool
    stands_for: int | None

    def wanted_by(self, weekdays: int) -> bool:
        """Tell whether somebody with these weekdays has lunch on it."""
        return wanted(weekdays, self.day, self.stands_for)


class Schedule:
    """A canteen's days, past and to come, with the settings that hold on each of them."""

    def __init__(
        self, canteen: Canteen, choices: Mapping[date, bool], dated: Sequence[DatedSetting] = ()
    ) -> None:
        self.canteen = canteen
        self.choices = choices
        self.dated = dated
        self._settings = {date.min: canteen}
        for row in sorted(dated, key=lambda row: (row.since, row.id)):
            if not row.of_canteen:
                continue
            changed = self._settings.get(row.since) or copy.copy(self.on(row.since))
            setattr(changed, row.name, row.setting)
            self._settings[row.since] = changed

    @classmethod
    async def of_all(cls, canteens: Sequence[Canteen], now: datetime) -> dict[int, Schedule]:
        """Read the schedules of several canteens with as few questions as that of one."""
        ids = [canteen.id for canteen in canteens]
        choices: dict[int, dict[date, bool]] = {}
        for row in await DayChoice.in_force(ids, (now - LOOK_BACK).date()):
            choices.setdefault(row.canteen_id, {})[row.day] = row.cooks
        dated: dict[int, list[DatedSetting]] = {}
        for setting in await DatedSetting.coming(ids):
            dated.setdefault(setting.canteen_id, []).append(setting)
        return {
            canteen.id: cls(canteen, choices.get(canteen.id, {}), dated.get(canteen.id, []))
            for canteen in canteens
        }

    @classmethod
    async def of(cls, canteen: Canteen, now: datetime) -> Schedule:
        """Read the schedule of one canteen."""
        return (await cls.of_all([canteen], now))[canteen.id]

    def on(self, day: date) -> Canteen:
        """Give the canteen with the settings that hold on a day; not to be saved."""
        return self._settings[max(since for since in self._settings if since <= day)]

    def route_on(self, route: Route, day: date) -> Route | None:
        """Give a route with its hours and places of a day, not to be saved; None where it is closed."""
        then = copy.copy(route)
        for row in self.dated:
            if row.route_id == route.id and not datedroutes.follow(then, row, day):
                return None
        return then

    def first_start(self, routes: Iterable[Route], day: date) -> str | None:
        """Tell at which hour the first of these routes leaves on a day."""
        there = [self.route_on(route, day) for route in routes]
        return min((route.starts_at for route in there if route is not None), default=None)

    def changes(self) -> Iterator[Canteen]:
        """Give the canteen as it is now, and as each dated setting will make it."""
        for since in sorted(self._settings):
            yield self._settings[since]

    def special(self, day: date) -> Special | None:
        """Tell what the country says of a day."""
        return holidays.pack(self.on(day).region, day.year).days.get(day)

    def opening(self, day: date) -> Opening:
        """Tell whether the canteen cooks on a day, and which layer says so."""
        weekdays = self.on(day).weekdays
        special = self.special(day)
        in_week, cooks, why = serves(weekdays, day), serves(weekdays, day), Why.WEEK
        workday = special is not None and special.workday
        if special is not None and not special.workday and in_week:
            cooks, why = False, Why.HOLIDAY
        # It stands in for a weekday: a canteen that cooks on all of them cooks on it, too.
        elif workday and weekdays & MONDAY_TO_FRIDAY == MONDAY_TO_FRIDAY:
            cooks, why = True, Why.MAKEUP
        if day in self.choices:
            why = why if self.choices[day] == cooks else Why.CHOICE
            cooks = self.choices[day]
        stands_for = None
        if cooks and workday:
            stands_for = weekdays & MONDAY_TO_FRIDAY or weekdays
        elif cooks and not in_week:
            stands_for = weekdays
        return Opening(day, cooks, why, special, cooks and not in_week, stands_for)

    def cooks(self, day: date) -> bool:
        """Tell whether the canteen cooks on a day."""
        return self.opening(day).cooks

    def before(self, day: date, count: int) -> date:
        """Go back `count` service days."""
        while count > 0:
            day -= timedelta(days=1)
            count -= self.cooks(day)
        return day

    def closes_at(self, day: date) -> datetime:
        """Tell when the orders of a day close, if the canteen cooks on it."""
        canteen = self.on(day)
        return canteen.at(self.before(day, canteen.cutoff_days), canteen.cutoff_at)

    def wishing(self, choices: Mapping[date, bool]) -> Schedule:
        """Give the schedule as it would be with other choices."""
        return Schedule(self.canteen, {**self.choices, **choices}, self.dated)

    def sure(self, year: int) -> bool:
        """Tell whether the holidays of a year are known, or are not wanted."""
        return holidays.pack(self.on(date(year, 12, 31)).region, year).sure


def serves(weekdays: int, day: date) -> bool:
    """Tell whether a weekly pattern (Monday is bit 0) has a day."""
    return bool(weekdays >> day.weekday() & 1)


def wanted(weekdays: int, day: date, stands_for: int | None) -> bool:
    """Tell whether a senior with these weekdays eats on a day that may stand for others.

    Who eats on all of those eats on it as well; who eats on some of them only is not meant.
    """
    return serves(weekdays, day) or (stands_for is not None and weekdays & stands_for == stands_for)
