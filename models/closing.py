"""Declaring a closure: what may be declared, and all that follows for days, meals and shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from models import dayplan
from models.affected import Affected, in_force_before
from models.audit import AuditEvent
from models.calendar import DayState, ServiceDay
from models.calls import CallList, CallReason
from models.canteens import Canteen
from models.closurenews import TASK, ClosureNews, ClosureReceipt, NewsKind
from models.closures import NOT_COOKING, Closure, ClosureKind, Plan
from models.conversion import convert
from models.hours import HoursEntry
from models.meals import Meal, MealState
from models.messaging import Task
from models.people import Person, Role
from models.refusals import (
    ClosedOtherwise,
    ClosureTooFar,
    LunchIsOut,
    NewsTooEarly,
    NobodyToCall,
    NoLunchThatDay,
    NothingAhead,
    SettingUnreadable,
)
from models.shiftclock import next_reminder, next_step, reminders
from models.shifts import Claim, Shift, ShiftState
from models.unsuited import Unsuited, give_back

LATEST: Final = 8 * 60
REMIND_BEFORE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Possible:
    """What would be declared: days that are not as always by then, and whom it concerns.

    ahead: on which day each day's lunch goes out.
    """

    canteen: Canteen
    days: Sequence[ServiceDay]
    ahead: dict[date, date]
    affected: Affected


@dataclass(frozen=True, slots=True)
class Declared:
    """A closure that was declared. news: None if it was declared before, and nothing changed.

    unsuited: places that end too late now for the age of whoever had them; they are open to others.
    """

    news: ClosureNews | None
    closures: Sequence[Closure]
    affected: Affected | None
    calls: CallList | None
    unsuited: Sequence[Unsuited] = ()


async def may_declare(plan: Plan, by: Person, now: datetime) -> Possible | None:
    """Check that a closure may be declared, and find whom it concerns; None if it is in force already.

    Raises NotAllowed, NoLunchThatDay, ClosureTooFar, LunchIsOut, ClosedOtherwise, NothingAhead, NewsTooEarly,
    NobodyToCall, SettingUnreadable.
    """
    await by.must_be(Role.COORDINATOR, plan.canteen_id)
    return await _possible(plan, await Canteen.get(id=plan.canteen_id), by, now)


async def may_touch(canteen: Canteen, starts: date, ends: date, now: datetime) -> list[ServiceDay]:
    """List the service days of a period, all of them before their lunch.

    Raises NoLunchThatDay, ClosureTooFar, LunchIsOut.
    """
    if canteen.planned_until is not None and ends > canteen.planned_until:
        raise ClosureTooFar(canteen.planned_until)
    coming = ServiceDay.filter(canteen_id=canteen.id)
    days = await coming.filter(day__gte=starts, day__lte=ends).order_by("day")
    if not days:
        raise NoLunchThatDay(starts)
    out = [day for day in days if now >= day.out_at]
    if out:
        following = await coming.filter(out_at__gt=now).order_by("day").first()
        raise LunchIsOut(out[0].day, following.day if following else None)
    return days


async def declare(plan: Plan, by: Person, now: datetime) -> Declared:
    """Declare a closure and do all that follows from it. Raises what `may_declare` raises."""
    await by.must_be(Role.COORDINATOR, plan.canteen_id)
    canteen = await Canteen.locked(plan.canteen_id)
    # Held, so that no day closes its orders, and no lunch is called off, while it happens.
    held = ServiceDay.filter(canteen_id=canteen.id, day__gte=canteen.today(now), day__lte=plan.ends)
    await held.order_by("day").select_for_update()
    possible = await _possible(plan, canteen, by, now)
    if possible is None:
        known = await Closure.in_force(canteen.id, plan.starts, plan.ends)
        return Declared(None, list(known.values()), None, None)
    news = await ClosureNews.create(
        canteen_id=canteen.id, kind=NewsKind.DECLARED, starts=possible.days[0].day,
        ends=possible.days[-1].day,
        lunches=len(possible.affected.lunches), news_at=plan.news_at, next_at=first_asking(plan.news_at, now),
        by_id=by.id, at=now,
    )  # fmt: skip
    closures = [
        await Closure.create(
            canteen_id=canteen.id, news_id=news.id, day=day.day, kind=plan.kind, reason=plan.reason,
            words=plan.words, minutes=plan.minutes, ahead_on=possible.ahead.get(day.day), by_id=by.id, at=now,
        )
        for day in possible.days
    ]  # fmt: skip
    await _act(plan, canteen, possible, closures, now)
    unsuited = await _part(possible.affected, now) if plan.kind is ClosureKind.LATER else []
    # Whoever lost a place hears of that; a message that their shift begins later would be wrong.
    gone = {each.given.claim.id for each in unsuited}
    told = replace(possible.affected, claims=[one for one in possible.affected.claims if one.id not in gone])
    await ClosureReceipt.bulk_create(told.receipts(news, by), batch_size=500)
    await Task.create(name=TASK, about=news.id, created_at=now)
    calls = await CallList.open(
        canteen.id, CallReason.CLOSED, news.id, await possible.affected.must_call(by), news.ends, by, now
    )
    await AuditEvent.record(f"closure.{plan.kind}", f"closure news {news.id}", by=by.id, now=now)
    return Declared(news, closures, possible.affected, calls, unsuited)


def first_asking(news_at: datetime | None, now: datetime) -> datetime | None:
    """Tell when a coordinator is first reminded of news that were promised."""
    if news_at is None:
        return None
    return news_at - REMIND_BEFORE if news_at - REMIND_BEFORE > now else news_at


async def _possible(plan: Plan, canteen: Canteen, by: Person, now: datetime) -> Possible | None:
    days = await may_touch(canteen, plan.starts, plan.ends, now)
    known = await Closure.in_force(canteen.id, plan.starts, plan.ends)
    for day in days:
        if day.day in known and known[day.day].kind is not plan.kind:
            raise ClosedOtherwise(day.day)
    days = [day for day in days if day.day not in known]
    if not days:
        return None
    if plan.news_at is not None and plan.news_at <= now:
        raise NewsTooEarly
    if not (canteen.human_phone or by.phone):
        raise NobodyToCall
    if (plan.kind is ClosureKind.LATER) != (plan.minutes is not None):
        raise SettingUnreadable
    if plan.minutes is not None and not 0 < plan.minutes <= LATEST:
        raise SettingUnreadable
    ahead = await _ahead(plan, canteen, days, now)
    return Possible(canteen, days, ahead, await Affected.of(canteen, days, plan.kind, ahead))


async def _ahead(plan: Plan, canteen: Canteen, days: Sequence[ServiceDay], now: datetime) -> dict[date, date]:
    if plan.kind is not ClosureKind.AHEAD:
        # A day with which others go out must be cooked.
        if plan.kind is ClosureKind.CLOSED:
            for day in days:
                if carried := await Closure.ahead_of([canteen.id], day.day):
                    raise ClosedOtherwise(carried[0].day)
        return {}
    found: dict[date, date] = {}
    for day in days:
        before = await in_force_before(canteen.id, day.day, [each.day for each in days])
        if before is None or now >= before.out_at:
            raise NothingAhead(day.day)
        found[day.day] = before.day
    return found


async def _act(
    plan: Plan, canteen: Canteen, possible: Possible, closures: Sequence[Closure], now: datetime
) -> None:
    ids = [day.id for day in possible.days]
    match plan.kind:
        case ClosureKind.CLOSED:
            await _become(ids, MealState.CLOSED, now)
        case ClosureKind.AHEAD:
            await _send_ahead(canteen, possible, now)
            await _become(ids, MealState.AHEAD, now)
        case ClosureKind.CONVERTED:
            await convert(ids)
            # The lists that went out say who comes to the table: they are sent anew.
            await ServiceDay.filter(id__in=ids).exclude(state=DayState.PLANNED).update(tell_at=now)
        case ClosureKind.LATER:
            for day in possible.days:
                day.later = plan.minutes
            await dayplan.set_clocks(canteen, possible.days, now)
            await move_shifts(canteen, possible.days, timedelta(minutes=plan.minutes or 0), now)
    if plan.kind in NOT_COOKING:
        await _call_off(canteen, closures, now)


async def _part(affected: Affected, now: datetime) -> list[Unsuited]:
    """Open the places of shifts that end too late for those under age who have them."""
    held = Claim.filter(id__in=[claim.id for claim in affected.claims], given_back_at=None).order_by("id")
    return await give_back(await held.prefetch_related("person", "shift__route", "shift__canteen"), now)


async def _become(day_ids: Sequence[int], state: MealState, now: datetime) -> None:
    made = Meal.filter(service_day_id__in=list(day_ids), state=MealState.EXPECTED)
    await made.update(state=state, state_at=now)


async def _send_ahead(canteen: Canteen, possible: Possible, now: datetime) -> None:
    """Close the orders of days with those of the day with which their lunch goes out."""
    before = {
        day.day: day
        for day in await ServiceDay.filter(canteen_id=canteen.id, day__in=list(possible.ahead.values()))
    }
    waiting = [day for day in possible.days if day.state is DayState.PLANNED]
    late = [day for day in waiting if before[possible.ahead[day.day]].state is not DayState.PLANNED]
    await Meal.make([day.id for day in late]) if late else None
    for day in waiting:
        day.closes_with = possible.ahead[day.day]
        if day in late:
            day.state, day.closed_at, day.close_at = DayState.CLOSED, now, now
    await dayplan.set_clocks(canteen, waiting, now)
    await ServiceDay.filter(id__in=[day.id for day in late]).update(state=DayState.CLOSED, closed_at=now)
    # The kitchen hears of it by the closure; from this count on it hears what becomes different.
    await ServiceDay.recount([day.id for day in before.values()], now)


async def _call_off(canteen: Canteen, closures: Sequence[Closure], now: datetime) -> None:
    """Cancel the shifts of days; their claims stay, so that nobody's record is touched.

    Whoever has begun, as a kitchen does hours before lunch is out, has given the time until now.
    """
    for closure in closures:
        open_ = Shift.filter(canteen_id=canteen.id, day=closure.day, state=ShiftState.OPEN)
        by_id = {shift.id: shift for shift in await open_.order_by("id").select_for_update()}
        ids = list(by_id)
        there = Claim.filter(shift_id__in=ids, given_back_at=None, finished_at=None, missed_at=None)
        for claim in await there.filter(arrived_at__not_isnull=True).order_by("id"):
            await HoursEntry.of_round(claim, by_id[claim.shift_id], now)
        await Shift.filter(id__in=ids).update(state=ShiftState.CANCELLED, closure_id=closure.id, next_at=None)


async def move_shifts(canteen: Canteen, days: Sequence[ServiceDay], by: timedelta, now: datetime) -> None:
    """Have the shifts of days begin later, or earlier again, with the reminders of those who have places.

    Their yes was to another hour, so they are asked anew.
    """
    shifts = await Shift.filter(
        canteen_id=canteen.id, day__in=[day.day for day in days], state=ShiftState.OPEN
    ).order_by("id").select_for_update()  # fmt: skip
    by_id = {shift.id: shift for shift in shifts}
    for shift in shifts:
        shift.starts_at, shift.ends_at = shift.starts_at + by, shift.ends_at + by
        shift.next_at = next_step(canteen, shift.day, shift.ends_at, now)
    claims = await Claim.filter(shift_id__in=list(by_id), given_back_at=None).order_by("id")
    for claim in claims:
        shift = by_id[claim.shift_id]
        clock = reminders(canteen, shift.day, shift.starts_at)
        claim.next_at, claim.confirmed_at = next_reminder(clock, claim.reminded), None
    if shifts:
        await Shift.bulk_update(shifts, ["starts_at", "ends_at", "next_at"], batch_size=100)
    if claims:
        await Claim.bulk_update(claims, ["next_at", "confirmed_at"], batch_size=100)
