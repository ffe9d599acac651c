"""A month in figures, for the coordinator and whoever gives the money: counts only, never a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from tortoise.expressions import Subquery
from tortoise.functions import Count, Sum

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.datedsettings import DatedSetting
from models.hours import HoursEntry
from models.meals import BY_CLOSURE, LEFT, SEEN, Meal, MealState
from models.months import last_day, month_of
from models.routes import Kind, Route
from models.seniors import Mode
from models.shifts import Claim, Shift, ShiftState

REPORT_AT: Final = "09:00"
FETCHED: Final = frozenset({MealState.FETCHED})
# Had, though somebody else may have carried it home: that is served, and not seen.
SERVED: Final = SEEN | LEFT | FETCHED
NOT_HANDED_OVER: Final = frozenset(
    {MealState.REFUSED, MealState.NO_ANSWER, MealState.RETURNED, MealState.NOT_COME}
)
# What became of the lunches that were cooked; with those that were called off they are all that was planned.
PARTS: Final = (SEEN, LEFT, FETCHED, NOT_HANDED_OVER, frozenset({MealState.EXPECTED}))


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day's lunches by what became of them.

    modes: how those that were planned were to be had. guests: lunches more, for who came along with them.
    """

    day: date
    states: Mapping[MealState, int]
    modes: Mapping[Mode, int]
    guests: int = 0

    def count(self, *states: MealState) -> int:
        """Count the lunches in any of these states."""
        return sum(self.states.get(state, 0) for state in states)

    @property
    def lunches(self) -> int:
        """Count the lunches that were neither called off nor fell to a closure."""
        return sum(self.parts)

    @property
    def parts(self) -> list[int]:
        """Count the lunches by `PARTS`."""
        return [self.count(*states) for states in PARTS]

    @property
    def planned(self) -> int:
        """Count the lunches that were on the list when orders closed, of days on which lunch was cooked."""
        return self.lunches + self.count(MealState.CANCELLED)


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The figures of a month up to the day `until`; what nobody noted is unknown, and never counts as served.

    served: by how lunch was had, of those that were handed over, signed for, or left. seniors: different
    people who were served. quota: on how many days the canteen meant to cook; None where it does not count.
    places, taken: on rounds. lead: how long before its start a place was taken, whatever is done there, the
    median; None without any. no_shows: places that somebody had promised to come to, and did not.
    open_ends: rounds whose check-out was forgotten; until a coordinator settles it, `minutes` leave them out.
    """

    canteen: Canteen
    month: date
    until: date
    days: Sequence[DayCount]
    served: Mapping[Mode, int]
    seniors: int
    quota: int | None
    places: int
    taken: int
    lead: timedelta | None
    no_shows: int
    volunteers: int
    minutes: int
    open_ends: int
    cases: Mapping[CaseKind, int]
    open_cases: int

    @property
    def over(self) -> bool:
        """Tell whether the whole month is counted."""
        return self.until == last_day(self.month)

    @property
    def planned(self) -> int:
        """Count the lunches that were on the list when orders closed, of days on which lunch was cooked."""
        return sum(day.planned for day in self.days)

    @property
    def guests(self) -> int:
        """Count the lunches for those who came along."""
        return sum(day.guests for day in self.days)

    @property
    def days_open(self) -> int:
        """Count the days on which somebody had lunch, or had it brought the day before, as the quota does."""
        return sum(day.lunches + day.count(MealState.AHEAD) > 0 for day in self.days)

    @property
    def fill(self) -> int | None:
        """Tell how much of all places on rounds was taken, in per cent; None where there were none."""
        return round(100 * self.taken / self.places) if self.places else None

    def count(self, *states: MealState) -> int:
        """Count the lunches of the month in any of these states."""
        return sum(day.count(*states) for day in self.days)

    @classmethod
    async def of(cls, canteen: Canteen, month: date, until: date) -> MonthReport:
        """Add up a month, to its day `until`."""
        span = {"canteen_id": canteen.id, "day__gte": month, "day__lte": until}
        on_shift = {"shift__canteen_id": canteen.id, "shift__day__gte": month, "shift__day__lte": until}
        days, served = await _days(span)
        rounds = Route.filter(canteen_id=canteen.id, kind=Kind.ROUND)
        shifts = (
            await Shift.filter(**span, route_id__in=Subquery(rounds.values("id")))
            .exclude(state__in=(ShiftState.CANCELLED, ShiftState.DROPPED))
            .annotate(all=Sum("places"), held=Sum("taken"))
            .values("all", "held")
        )
        claims = (
            await Claim.filter(**on_shift, given_back_at=None)
            .exclude(shift__state__in=(ShiftState.CANCELLED, ShiftState.DROPPED))
            .values_list("claimed_at", "shift__starts_at", "person_id")
        )
        missed = Claim.filter(**on_shift, missed_at__not_isnull=True)
        hours = await HoursEntry.filter(**span, voided_at=None)
        kinds = await Case.filter(**span).annotate(n=Count("id")).group_by("kind").values_list("kind", "n")
        lead = median((starts - taken).total_seconds() for taken, starts, _ in claims) if claims else None
        return cls(
            canteen=canteen,
            month=month,
            until=until,
            days=days,
            served=served,
            seniors=await _different(span),
            quota=await DatedSetting.quota_on(canteen, last_day(month)),
            places=int(shifts[0]["all"] or 0),
            taken=int(shifts[0]["held"] or 0),
            lead=None if lead is None else timedelta(seconds=lead),
            no_shows=await missed.exclude(shift__state=ShiftState.CANCELLED).count(),
            volunteers=len({row[2] for row in claims} | {entry.person_id for entry in hours}),
            minutes=sum(entry.counted for entry in hours),
            open_ends=sum(entry.open for entry in hours),
            cases={CaseKind(kind): int(n) for kind, n in kinds},
            open_cases=await Case.filter(**span, closed_at=None).count(),
        )


async def _days(span: Mapping[str, object]) -> tuple[list[DayCount], Mapping[Mode, int]]:
    rows = (
        await Meal.filter(**span)
        .annotate(n=Count("id"), along=Sum("guests"))
        .group_by("day", "mode", "state")
        .values_list("day", "mode", "state", "n", "along")
    )
    states: dict[date, Counter[MealState]] = {}
    modes: dict[date, Counter[Mode]] = {}
    guests: Counter[date] = Counter()
    served: Counter[Mode] = Counter()
    for day, mode, state, n, along in rows:
        states.setdefault(day, Counter())[MealState(state)] += int(n)
        planned = modes.setdefault(day, Counter())
        if MealState(state) not in BY_CLOSURE:
            planned[Mode(mode)] += int(n)
        if MealState(state) not in (MealState.CANCELLED, *BY_CLOSURE):
            guests[day] += int(along)
        if MealState(state) in SERVED:
            served[Mode(mode)] += int(n)
    return [DayCount(day, states[day], modes[day], guests[day]) for day in sorted(states)], served


async def _different(span: Mapping[str, object]) -> int:
    found = Meal.filter(**span, state__in=list(SERVED)).annotate(n=Count("senior_id", distinct=True))
    return int((await found.values("n"))[0]["n"])


async def counted_until(canteen: Canteen, month: date, now: datetime) -> date:
    """Find the last day of a month whose figures are in: of a running month, that of the last lunch."""
    if month_of(canteen.today(now)) > month:
        return last_day(month)
    over = ServiceDay.filter(canteen_id=canteen.id, day__gte=month, finish_at__lte=now).order_by("-day")
    found = await over.first()
    return min(found.day, last_day(month)) if found is not None else month - timedelta(days=1)


async def take_due(now: datetime, limit: int) -> list[tuple[Canteen, date]]:
    """Take up to `limit` reports that are due: a canteen and its month; the caller tells them now.

    On the first of each month at nine, once for each month, also of those that we were away for.
    """
    due = await (
        Canteen.filter(report_at__lte=now)
        .order_by("report_at", "id")
        .limit(limit)
        .select_for_update(skip_locked=True)
    )
    found = []
    for canteen in due:
        assert canteen.report_at is not None
        # Counted from the middle of that day: the canteen's zone may have been set right since.
        first = month_of(canteen.today(canteen.report_at + timedelta(hours=12)))
        found.append((canteen, month_of(first, -1)))
        following = canteen.at(month_of(first, 1), REPORT_AT)
        await Canteen.filter(id=canteen.id).update(report_at=following)
    return found


async def plan_reports(now: datetime, limit: int) -> int:
    """Work out the next report of up to `limit` canteens that have none yet; tell how many there were."""
    unplanned = Canteen.filter(report_at=None).order_by("id").limit(limit)
    found = await unplanned.select_for_update(skip_locked=True)
    by_instant: dict[datetime, list[int]] = {}
    for canteen in found:
        month = month_of(canteen.today(now))
        this, following = (canteen.at(month_of(month, ahead), REPORT_AT) for ahead in (0, 1))
        by_instant.setdefault(this if this > now else following, []).append(canteen.id)
    for instant, ids in by_instant.items():
        await Canteen.filter(id__in=ids).update(report_at=instant)
    return len(found)
