"""A look back over each day that is over: who was not seen for days, and who fares worse than before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.boxes import BoxReturn
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.care import Care
from models.cases import LOOKED_BACK, MISSED, Case, CaseKind, CaseOutcome
from models.fields import UtcDatetimeField
from models.meals import BY_CLOSURE, SEEN, Meal, MealState
from models.phonecalls import SPOKEN_WITH, PhoneCall
from models.seniors import Mode, Senior, Status
from models.wellbeing import LOW, WellBeing

BACK: Final = timedelta(days=14)  # a lunch longer ago says nothing of how somebody is
LATE: Final = timedelta(days=3)  # a day that ended before that is looked back on no more
WEEK: Final = timedelta(days=7)
ENOUGH: Final = 3
LEARNT: Final = timedelta(days=60)
DID_NOT_EAT: Final = frozenset({MealState.REFUSED, MealState.RETURNED})


class Watch(Model):
    """One look back over a service day; a day is looked back on once."""

    id = fields.IntField(primary_key=True)
    service_day: fields.ForeignKeyRelation[ServiceDay] = fields.ForeignKeyField(
        "models.ServiceDay", related_name="watches"
    )
    service_day_id: int
    at = UtcDatetimeField()

    class Meta:
        table = "watch"
        unique_together = (("service_day",),)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a week showed of a senior: lunches not wanted, or not eaten, and low answers at the door.

    A lunch left with a neighbour or at the door is none of them: many have agreed to that for each day, and
    it says nothing of how somebody eats. That nobody sees them is another look (`_unseen`).
    """

    refused: int
    uneaten: int
    low: int

    @property
    def total(self) -> int:
        """Count all signs."""
        return self.refused + self.uneaten + self.low

    @classmethod
    async def of(cls, canteen: Canteen, senior_id: int, day: date) -> Signs:
        """Count the signs of the seven days up to a day."""
        return (await cls.of_all(canteen, [senior_id], day))[senior_id]

    @classmethod
    async def of_all(cls, canteen: Canteen, senior_ids: Collection[int], day: date) -> dict[int, Signs]:
        """Count the signs of several seniors, read in one go."""
        first, end = _nights(canteen, day)
        states: dict[int, list[MealState]] = {senior_id: [] for senior_id in senior_ids}
        newest: dict[int, dict[int, int]] = {senior_id: {} for senior_id in senior_ids}
        week = Meal.filter(senior_id__in=list(states), day__gt=day - WEEK, day__lte=day)
        for senior_id, state in await week.values_list("senior_id", "state"):
            states[senior_id].append(MealState(state))
        full: dict[int, int] = dict.fromkeys(states, 0)
        for senior_id in (
            await _full_boxes(day).filter(senior_id__in=list(states)).values_list("senior_id", flat=True)
        ):
            full[int(str(senior_id))] += 1
        said = WellBeing.filter(senior_id__in=list(states), at__gte=first, at__lt=end).order_by("at", "id")
        for senior_id, meal_id, rating in await said.values_list("senior_id", "meal_id", "rating"):
            newest[senior_id][meal_id] = rating
        return {
            senior_id: cls(
                refused=sum(state in DID_NOT_EAT for state in states[senior_id]),
                uneaten=full[senior_id],
                low=sum(rating <= LOW for rating in newest[senior_id].values()),
            )
            for senior_id in states
        }


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a look back: the cases that it opened, and those of earlier days that are still open."""

    canteen: Canteen
    day: date
    cases: Sequence[Case]
    still: Sequence[Case]


async def look_back(now: datetime) -> Look | None:
    """Look back over one day that has ended and was not looked back on; None if there is none."""
    over = ServiceDay.filter(
        state=DayState.FINISHED, finished_at__gt=now - LATE, watches__id__isnull=True
    ).order_by("day", "id")
    found = await over.first()
    if found is None:
        return None
    # Held, so that two processes do not look at the same time; who comes second finds the row.
    day = await ServiceDay.filter(id=found.id).select_for_update().get()
    if await Watch.filter(service_day_id=day.id).exists():
        return Look(await Canteen.get(id=day.canteen_id), day.day, [], [])
    await Watch.create(service_day_id=day.id, at=now)
    canteen = await Canteen.get(id=day.canteen_id)
    care = await Care.of(canteen.id)
    still = [case for case in await Case.open_of([canteen.id]) if case.kind in LOOKED_BACK]
    here = await Senior.filter(canteen_id=canteen.id, status=Status.ACTIVE).order_by("id")
    unseen = await _unseen(canteen, day.day, care.unseen_days)
    cases = [
        await Case.open(CaseKind.UNSEEN, senior, day.day, None, None, None, now)
        for senior in here
        if senior.id in unseen
    ]
    worse = await _worse(canteen, day.day)
    cases += [
        await Case.open(CaseKind.TREND, senior, day.day, None, None, None, now)
        for senior in here
        if senior.id in worse
    ]
    return Look(canteen, day.day, cases, still)


async def _unseen(canteen: Canteen, day: date, days: int) -> set[int]:
    """Find who had lunch coming on this day and was not seen at their last `days` lunches.

    A lunch called off is none, nor is that of a closed day: also where it went out the day before, nobody
    came for it, and that earlier visit says by itself whether anybody was met. What a person has found out
    since then counts as seen.
    """
    meals = (
        await Meal.filter(canteen_id=canteen.id, day__gt=day - BACK, day__lte=day)
        .exclude(state__in=(MealState.CANCELLED, *BY_CLOSURE))
        .order_by("-day")
    )
    desk = {meal.day for meal in meals if meal.state in (MealState.SIGNED_IN, MealState.NOT_COME)}
    watched = [meal for meal in meals if meal.mode is Mode.DELIVERY or meal.day in desk]
    known = await _known(canteen, day)
    by_senior: dict[int, list[Meal]] = {}
    for meal in watched:
        if meal.day > known.get(meal.senior_id, date.min):
            by_senior.setdefault(meal.senior_id, []).append(meal)
    return {
        senior_id
        for senior_id, newest in by_senior.items()
        if newest[0].day == day
        and len(newest) >= days
        and not any(meal.state in SEEN for meal in newest[:days])
    }


async def _known(canteen: Canteen, day: date) -> dict[int, date]:
    """Tell until which day somebody has found out, or is finding out, how each senior is.

    A voice that was heard by telephone says it for that day; news that somebody else passed on do not.
    """
    known: dict[int, date] = {}
    since = canteen.at(day - BACK, "00:00")
    spoken = PhoneCall.filter(canteen_id=canteen.id, outcome__in=list(SPOKEN_WITH), undone_at=None)
    for call in await spoken.filter(ended_at__gte=since).order_by("ended_at"):
        if call.ended_at is not None:
            known[call.senior_id] = canteen.today(call.ended_at)
    recent = Case.filter(
        canteen_id=canteen.id, day__gt=day - BACK, kind__in=[*MISSED, CaseKind.UNSEEN]
    ).order_by("id")
    for case in await recent:
        until = day if case.closed_at is None else canteen.today(case.closed_at)
        known[case.senior_id] = max(until, known.get(case.senior_id, until))
    return known


async def _worse(canteen: Canteen, day: date) -> set[int]:
    """Find in whom a week's signs are enough to raise a hand: once a week, later where it was nothing."""
    first, end = _nights(canteen, day)
    raised = await Case.filter(canteen_id=canteen.id, kind=CaseKind.TREND, day__gt=day - LEARNT)
    resting = {case.senior_id for case in raised if case.closed_at is None or case.day > day - WEEK}
    nothing = [case.senior_id for case in raised if case.outcome == CaseOutcome.FALSE_ALARM]
    low = await WellBeing.filter(
        senior__canteen_id=canteen.id, at__gte=first, at__lt=end, rating__lte=LOW
    ).values_list("senior_id", flat=True)
    week = Meal.filter(canteen_id=canteen.id, day__gt=day - WEEK, day__lte=day)
    refused = await week.filter(state__in=list(DID_NOT_EAT)).values_list("senior_id", flat=True)
    full = await _full_boxes(day).filter(senior__canteen_id=canteen.id).values_list("senior_id", flat=True)
    odd = {int(str(found)) for found in [*low, *refused, *full]} - resting
    signs = await Signs.of_all(canteen, odd, day)
    return {
        senior_id
        for senior_id, counted in signs.items()
        if counted.total >= ENOUGH + nothing.count(senior_id)
    }


def _full_boxes(day: date) -> QuerySet[BoxReturn]:
    """Select the boxes that came back full within the seven days up to a day."""
    return BoxReturn.filter(day__gt=day - WEEK, day__lte=day, full=True, count__gt=0)


def _nights(canteen: Canteen, day: date) -> tuple[datetime, datetime]:
    """Tell between which instants the seven days up to a day lie."""
    tomorrow = day + timedelta(days=1)
    return canteen.at(tomorrow - WEEK, "00:00"), canteen.at(tomorrow, "00:00")
