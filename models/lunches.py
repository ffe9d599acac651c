"""How it stands with a senior's lunch, today and on the days to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closures import NOT_COOKING, Closure
from models.doorwords import left_with
from models.meals import SEEN, Meal, MealState
from models.orders import ChangeKind, OrderChange, pauses_of
from models.seniors import Mode, Pause, Senior, Status

AHEAD = 10


class Standing(StrEnum):
    """Where a lunch is; what became of it says its MealState."""

    NOT_ACTIVE = "not_active"
    NO_SERVICE = "no_service"
    NOT_ORDERED = "not_ordered"
    PAUSED = "paused"
    SKIPPED = "skipped"
    EXPECTED = "expected"
    ON_ITS_WAY = "on_its_way"
    NOT_NOTED = "not_noted"
    NOTED = "noted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Lunch:
    """One senior's lunch on one day. out_at: when the first route leaves."""

    senior: Senior
    zone: str
    day: date
    standing: Standing
    meal: Meal | None = None
    mode: Mode | None = None
    pause: Pause | None = None
    out_at: datetime | None = None
    next_day: date | None = None
    closure: Closure | None = None
    news_at: datetime | None = None
    canteen: str = ""
    neighbour: str | None = None

    @property
    def still_open(self) -> bool:
        """Tell whether there may be news of today's lunch."""
        return self.standing in (Standing.EXPECTED, Standing.ON_ITS_WAY, Standing.NOT_NOTED) or (
            self.meal is not None and self.meal.state is MealState.NO_ANSWER
        )

    @classmethod
    async def today(cls, senior: Senior, now: datetime) -> Lunch:
        """Tell how it stands with today's lunch; next_day is that of the next one."""
        canteen = await Canteen.get(id=senior.canteen_id)
        day = canteen.today(now)
        if senior.status is not Status.ACTIVE:
            return cls(senior, canteen.zone, day, Standing.NOT_ACTIVE)
        service_day = await ServiceDay.of(canteen.id, day)
        meal = await Meal.of(senior.id, day)
        coming = await Meal.days_of(senior.id, day, canteen.planned_until or day)
        due = next((each for each in coming if each.day == day), None)
        pause = await pauses_of(senior.id, day).filter(starts__lte=day).first()
        closure = await Closure.of(canteen.id, day)
        return cls(
            senior,
            canteen.zone,
            day,
            await _standing(senior, service_day, meal, due is not None, pause, closure, now),
            meal,
            None if due is None else due.mode,
            pause,
            None if service_day is None else service_day.out_at,
            next((each.day for each in coming if each.day > day), None),
            closure,
            None if closure is None else await closure.promised(),
            canteen.name,
            await _neighbour(meal),
        )


async def _neighbour(meal: Meal | None) -> str | None:
    if meal is None or meal.state is not MealState.NEIGHBOUR:
        return None
    word = (await left_with([meal.id])).get(meal.id)
    return None if word is None else word.neighbour


async def _standing(
    senior: Senior,
    day: ServiceDay | None,
    meal: Meal | None,
    due: bool,
    pause: Pause | None,
    closure: Closure | None,
    now: datetime,
) -> Standing:
    if day is None:
        return Standing.NO_SERVICE
    if closure is not None and closure.kind in NOT_COOKING and (meal is None or meal.state not in SEEN):
        return Standing.CLOSED
    if meal is not None and meal.state not in (MealState.EXPECTED, MealState.CANCELLED):
        return Standing.NOTED
    if not due:
        if pause is not None:
            return Standing.PAUSED
        left_out = meal is not None or await OrderChange.in_force(senior.id, day.day, ChangeKind.SKIP)
        return Standing.SKIPPED if left_out else Standing.NOT_ORDERED
    if day.state is DayState.FINISHED or now >= day.finish_at:
        return Standing.NOT_NOTED
    return Standing.ON_ITS_WAY if now >= day.out_at else Standing.EXPECTED


@dataclass(frozen=True, slots=True)
class Choosable:
    """A day whose orders are still open. eats: whether the senior has lunch then; usual: unchanged.

    late: the orders are closed, and a lunch can only be called off; close_at: until then.
    """

    day: date
    close_at: datetime
    eats: bool
    skipped: bool
    usual: bool
    late: bool = False


async def choosable(
    senior: Senior, now: datetime, count: int = AHEAD, *, late: bool = False
) -> list[Choosable]:
    """List the next days of which a senior's lunch can still be changed; `late`: or only called off.

    Days on which nothing is cooked are none of them.
    """
    days = await ServiceDay.open_days(senior.canteen_id, now, count)
    closed = await ServiceDay.cancel_only(senior.canteen_id, now) if late else []
    days = [*closed, *days]
    if not days:
        return []
    closures = await Closure.in_force(senior.canteen_id, days[0].day, days[-1].day)
    shut = {day for day, closure in closures.items() if closure.kind in NOT_COOKING}
    days = [each for each in days if each.day not in shut]
    if not days:
        return []
    due = {each.day for each in await Meal.days_of(senior.id, days[0].day, days[-1].day)}
    skipped = set(
        await OrderChange.filter(
            senior_id=senior.id, kind=ChangeKind.SKIP, voided_at=None, day__gte=days[0].day
        ).values_list("day", flat=True)
    )
    return [
        Choosable(
            each.day,
            each.freezes if each in closed else each.close_at,
            each.day in due,
            each.day in skipped,
            each.wanted_by(senior.weekdays),
            each in closed,
        )
        for each in days
    ]
