"""A canteen's month: on which days it cooks and why, counted against its quota, and how to meet it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closures import Closure, ClosureKind
from models.months import last_day, month_of
from models.people import Person, Role
from models.refusals import Gone
from models.schedule import Opening, Schedule, Why

MONTHS_AHEAD: Final = 12
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of a month. fixed: not to be changed any more; served: its lunch is over; chosen: by choice.

    A day on which the canteen is closed is fixed, and neither cooked nor served; one whose lunch goes out
    the day before counts as any other. Fixed as well is a day that some other closure changes.
    """

    opening: Opening
    cooks: bool
    fixed: bool
    served: bool
    chosen: bool

    @property
    def day(self) -> date:
        """Tell its date."""
        return self.opening.day


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """A month of a canteen. sure: its country's holidays are known."""

    canteen: Canteen
    first_day: date
    quota: int | None
    sure: bool
    days: Sequence[MonthDay]

    @property
    def served(self) -> int:
        """Count the days whose lunch is over."""
        return sum(day.served for day in self.days)

    @property
    def planned(self) -> int:
        """Count the days on which it cooks, past and to come."""
        return sum(day.cooks for day in self.days)

    @classmethod
    async def of(cls, canteen_id: int, first_day: date, by: Person, now: datetime) -> MonthPlan:
        """Look at the month of a day, up to a year ahead. Raises NotAllowed, Gone."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await Canteen.get(id=canteen_id)
        today = canteen.today(now)
        if not 0 <= _months(first_day) - _months(today) <= MONTHS_AHEAD:
            raise Gone
        return await _month(canteen, month_of(first_day), now)

    @classmethod
    async def ahead(cls, canteen: Canteen, first_day: date, now: datetime) -> MonthPlan:
        """Look at a month as the canteen itself does, for whoever reads it in time."""
        return await _month(canteen, first_day, now)

    def proposal(self) -> Mapping[date, bool]:
        """Tell which days to add or drop so that the quota is met exactly, or as nearly as can be.

        Added are make-up workdays first, then workdays outside the week, Saturdays, Sundays, and public
        holidays last; dropped are make-up workdays first, then weekends, then the last days of the month.
        What the canteen has chosen itself is touched only when nothing else is left.
        """
        if self.quota is None:
            return {}
        free = [day for day in self.days if not day.fixed]
        missing = self.quota - self.planned
        if missing >= 0:
            found = sorted((day for day in free if not day.cooks), key=_worth_adding)
        else:
            found = sorted((day for day in free if day.cooks), key=_worth_dropping)
        return {day.day: missing > 0 for day in sorted(found[: abs(missing)], key=lambda day: day.day)}


@dataclass(frozen=True, slots=True)
class Served:
    """How far the month of a day is: lunch days that are over, planned in all, and meant to be."""

    served: int
    planned: int
    quota: int


async def served(canteen: Canteen, day: date, now: datetime) -> Served | None:
    """Count the month of a day against the quota; None where there is none."""
    if not -1 <= _months(day) - _months(canteen.today(now)) <= MONTHS_AHEAD:
        return None
    month = await _month(canteen, month_of(day), now)
    return None if month.quota is None else Served(month.served, month.planned, month.quota)


async def _month(canteen: Canteen, first_day: date, now: datetime) -> MonthPlan:
    until = last_day(first_day)
    schedule = await Schedule.of(canteen, now)
    held = ServiceDay.filter(canteen_id=canteen.id, day__gte=first_day, day__lte=until)
    rows = {row.day: row for row in await held}
    closures = await Closure.in_force(canteen.id, first_day, until)
    shut = {day for day, closure in closures.items() if closure.kind is ClosureKind.CLOSED}
    carrying = Closure.filter(canteen_id=canteen.id, ahead_on__gte=first_day, ahead_on__lte=until)
    bound = {*closures, *[closure.ahead_on for closure in await carrying.filter(ended_at=None)]}
    return MonthPlan(
        canteen=canteen,
        first_day=first_day,
        quota=schedule.on(until).quota,
        sure=schedule.sure(first_day.year),
        days=[
            _day(schedule, day, None if day in shut else rows.get(day), now, day in shut, day in bound)
            for ahead in range((until - first_day).days + 1)
            for day in [first_day + timedelta(days=ahead)]
        ],
    )


def _day(
    schedule: Schedule, day: date, row: ServiceDay | None, now: datetime, shut: bool, bound: bool
) -> MonthDay:
    opening = schedule.opening(day)
    closes_at = schedule.closes_at(day) if row is None else row.close_at
    fixed = shut or bound or now >= closes_at or (row is not None and row.state is not DayState.PLANNED)
    return MonthDay(
        opening=opening,
        # What is past, or too late to plan, is as the rows say; the rest as it will be planned.
        cooks=row is not None if fixed else opening.cooks,
        fixed=fixed,
        served=row is not None and row.state is DayState.FINISHED,
        chosen=day in schedule.choices,
    )


def _worth_adding(day: MonthDay) -> tuple[bool, int, date]:
    special = day.opening.special
    if special is not None and special.workday:
        return day.chosen, 0, day.day
    if special is not None:
        return day.chosen, 4, day.day
    return day.chosen, max(1, day.day.weekday() - SATURDAY + 2), day.day


def _worth_dropping(day: MonthDay) -> tuple[bool, int, int]:
    kind = 0 if day.opening.why is Why.MAKEUP else 1 if day.day.weekday() >= SATURDAY else 2
    return day.chosen, kind, -day.day.toordinal()


def _months(day: date) -> int:
    return day.year * 12 + day.month
