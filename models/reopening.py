"""Ending a closure: lunches come back, shifts are offered anew, and everybody who was told is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tortoise.expressions import F

from models import dayplan
from models.audit import AuditEvent
from models.calendar import DayState, ServiceDay
from models.calls import CallItem, CallList, CallReason, CallState
from models.canteens import Canteen
from models.claiming import CARRIERS
from models.closing import first_asking, move_shifts
from models.closurenews import TASK, ClosureNews, ClosureReceipt, NewsKind
from models.closures import Closure, ClosureKind
from models.firstvisits import FirstVisit
from models.meals import BY_CLOSURE, Meal, MealState
from models.messaging import Task
from models.people import Membership, Person, Role
from models.refusals import Gone, LunchIsOut, NewsTooEarly, NothingClosed
from models.routes import Kind
from models.shiftclock import next_step
from models.shifts import Claim, Shift, ShiftState
from models.sql import numbers, rows

# A lunch that came back is not wanted any more if it was called off, paused or ended meanwhile.
UNWANTED: Final = """
    SELECT m.id FROM meal m JOIN senior s ON s.id = m.senior_id
    WHERE m.service_day_id IN ({days}) AND m.state = 'expected' AND (s.status <> 'active'
        OR EXISTS (SELECT 1 FROM order_change c WHERE c.senior_id = m.senior_id AND c.day = m.day
            AND c.voided_at IS NULL AND c.kind = 'skip')
        OR EXISTS (SELECT 1 FROM pause p WHERE p.senior_id = m.senior_id AND p.voided_at IS NULL
            AND p.starts <= m.day AND (p.ends IS NULL OR p.ends >= m.day)))
"""


@dataclass(frozen=True, slots=True)
class Endable:
    """What would be as always again. told: how many people hear of it; lunches: how many come back.

    rounds, works: how many shifts with doors and without are offered anew.
    """

    canteen: Canteen
    closures: Sequence[Closure]
    days: Sequence[ServiceDay]
    lunches: int
    told: int
    rounds: int
    works: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A closure that was ended. calls: who heard of it by telephone, and is called again."""

    news: ClosureNews
    closures: Sequence[Closure]
    calls: CallList | None


async def still_closed(canteen_id: int, now: datetime) -> list[Closure]:
    """List the days that are not as always and whose lunch has not begun, soonest first."""
    days = ServiceDay.filter(canteen_id=canteen_id, out_at__gt=now)
    found = Closure.filter(
        canteen_id=canteen_id, ended_at=None, day__in=await days.values_list("day", flat=True)
    )
    return await found.order_by("day")


async def may_end(closure_id: int, by: Person, now: datetime) -> Endable:
    """Check that a closure may end from one of its days on, and find what comes back.

    Raises Gone, NotAllowed, NothingClosed, LunchIsOut.
    """
    first = await Closure.get_or_none(id=closure_id)
    if first is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, first.canteen_id)
    canteen = await Canteen.get(id=first.canteen_id)
    found = Closure.filter(news_id=first.news_id, day__gte=first.day, ended_at=None)
    closures = await found.order_by("day")
    days = await ServiceDay.filter(
        canteen_id=canteen.id, day__in=[each.day for each in closures], out_at__gt=now
    ).order_by("day")
    open_again = {day.day for day in days}
    closures = [closure for closure in closures if closure.day in open_again]
    if not closures:
        raise NothingClosed
    for closure in closures:
        before = await ServiceDay.of(canteen.id, closure.ahead_on) if closure.ahead_on else None
        if before is not None and now >= before.out_at:
            raise LunchIsOut(before.day, None)
    wanted = await Meal.wanted([canteen.id], days[0].day, days[-1].day)
    which = Shift.filter(closure_id__in=[each.id for each in closures], starts_at__gt=now)
    called_off = await which.prefetch_related("route")
    return Endable(
        canteen=canteen,
        closures=closures,
        days=days,
        lunches=sum(each.day in open_again for each in wanted),
        told=len(await _readers(first.news_id, by)),
        rounds=sum(shift.route.kind is Kind.ROUND for shift in called_off),
        works=sum(shift.route.kind is not Kind.ROUND for shift in called_off),
    )


async def end(closure_id: int, by: Person, now: datetime) -> Ended:
    """End a closure from one of its days on. Raises what `may_end` raises."""
    first = await Closure.get_or_none(id=closure_id)
    if first is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, first.canteen_id)
    canteen = await Canteen.locked(first.canteen_id)
    held = ServiceDay.filter(canteen_id=canteen.id, day__gte=canteen.today(now))
    await held.order_by("day").select_for_update()
    found = await may_end(closure_id, by, now)
    root = await ClosureNews.get(id=first.news_id)
    await Closure.filter(id__in=[each.id for each in found.closures]).update(ended_at=now, ended_by_id=by.id)
    news = await _news(root, NewsKind.REOPENED, None, None, by, now)
    news.starts, news.ends, news.lunches = found.days[0].day, found.days[-1].day, found.lunches
    await news.save()
    await _bring_back(canteen, first.kind, found, by, now)
    places = await _open_shifts(canteen, found, now)
    if first.kind is ClosureKind.LATER:
        places = await _places(found)
    await ClosureReceipt.bulk_create(await _receipts(root, news, places, by), batch_size=500)
    await Task.create(name=TASK, about=news.id, created_at=now)
    calls = await _call_again(root, news, by, now)
    await AuditEvent.record("closure.end", f"closure news {news.id}", by=by.id, now=now)
    return Ended(news, found.closures, calls)


async def say_news(
    news_id: int, words: str, news_at: datetime | None, by: Person, now: datetime
) -> ClosureNews:
    """Tell everybody who was told of a closure how it stands. Raises Gone, NotAllowed, NewsTooEarly."""
    said = await ClosureNews.get_or_none(id=news_id)
    if said is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, said.canteen_id)
    root = await ClosureNews.filter(id=said.root_id).select_for_update().get()
    if not await Closure.filter(news_id=root.id, ended_at=None).exists():
        raise NothingClosed
    if news_at is not None and news_at <= now:
        raise NewsTooEarly
    news = await _news(root, NewsKind.NEWS, words, news_at, by, now)
    await ClosureReceipt.bulk_create(await _receipts(root, news, {}, by), batch_size=500)
    await Task.create(name=TASK, about=news.id, created_at=now)
    await AuditEvent.record("closure.news", f"closure news {news.id}", by=by.id, now=now)
    return news


async def _news(
    root: ClosureNews, kind: NewsKind, words: str | None, news_at: datetime | None, by: Person, now: datetime
) -> ClosureNews:
    """Follow a declaration with news: what was promised before is kept by it."""
    await ClosureNews.of_root(root.id).update(next_at=None)
    return await ClosureNews.create(
        canteen_id=root.canteen_id, about_id=root.id, kind=kind, starts=root.starts, ends=root.ends,
        words=words, lunches=root.lunches, news_at=news_at, next_at=first_asking(news_at, now),
        by_id=by.id, at=now,
    )  # fmt: skip


async def _readers(root_id: int, by: Person) -> dict[int, ClosureReceipt]:
    receipts = ClosureReceipt.filter(news_id=root_id).exclude(person_id=by.id)
    return {receipt.person_id: receipt for receipt in await receipts.order_by("person_id")}


async def _receipts(
    root: ClosureNews, news: ClosureNews, places: dict[int, list[int]], by: Person
) -> list[ClosureReceipt]:
    """Make receipts for everybody who was told, and for those whose places it is about."""
    told = await _readers(root.id, by)
    return [
        ClosureReceipt(
            news_id=news.id, person_id=person_id,
            coordinates=person_id in told and told[person_id].coordinates,
            cooks=person_id in told and told[person_id].cooks,
            seniors=told[person_id].seniors if person_id in told else [],
            claims=places.get(person_id, []),
        )
        for person_id in sorted({*told, *places})
    ]  # fmt: skip


async def _bring_back(canteen: Canteen, kind: ClosureKind, found: Endable, by: Person, now: datetime) -> None:
    ids = [day.id for day in found.days]
    await Meal.filter(service_day_id__in=ids, state__in=list(BY_CLOSURE)).update(
        state=MealState.EXPECTED, state_at=None
    )
    turned = Meal.filter(service_day_id__in=ids, converted_from__not_isnull=True)
    await turned.filter(state__in=(MealState.EXPECTED, MealState.CANCELLED)).update(
        mode=F("converted_from"), route_id=None, position=None, converted_from=None
    )
    for row in await rows(UNWANTED, days=numbers(ids)):
        meal = await Meal.filter(id=row["id"]).select_for_update().get()
        await meal.cancel(by, now)
    if kind is ClosureKind.LATER:
        await move_shifts(canteen, found.days, -timedelta(minutes=found.closures[0].minutes or 0), now)
    if kind in (ClosureKind.LATER, ClosureKind.AHEAD):
        for day in found.days:
            day.later = day.closes_with = None
        await dayplan.set_clocks(canteen, found.days, now)
    # Lists that were void are sent anew; those of orders that are still open come in their time.
    again = [day.id for day in found.days if day.state is not DayState.PLANNED]
    await ServiceDay.filter(id__in=again).update(tell_at=now)


async def _open_shifts(canteen: Canteen, found: Endable, now: datetime) -> dict[int, list[int]]:
    """Open shifts that were called off; give by person the places that they had, and must take anew."""
    called_off = Shift.filter(
        closure_id__in=[each.id for each in found.closures], state=ShiftState.CANCELLED, starts_at__gt=now
    )
    shifts = await called_off.order_by("id").select_for_update()
    ids = [shift.id for shift in shifts]
    accompanied = await FirstVisit.with_company(ids)
    held = await Claim.filter(shift_id__in=ids, given_back_at=None).order_by("id")
    await Claim.filter(id__in=[claim.id for claim in held]).update(
        given_back_at=now, lifted_at=now, next_at=None
    )
    for shift in shifts:
        shift.state, shift.taken, shift.closure_id = ShiftState.OPEN, 0, None
        shift.places -= shift.id in accompanied
        shift.next_at = next_step(canteen, shift.day, shift.ends_at, now)
    if shifts:
        await Shift.bulk_update(shifts, ["state", "taken", "places", "closure_id", "next_at"], batch_size=100)
    freed: dict[int, list[int]] = {}
    for claim in held:
        if await Membership.holds(claim.person_id, canteen.id, *CARRIERS):
            freed.setdefault(claim.person_id, []).append(claim.id)
    return freed


async def _places(found: Endable) -> dict[int, list[int]]:
    """Give by person the places that they have on these days."""
    days = [day.day for day in found.days]
    held = Claim.filter(shift__canteen_id=found.canteen.id, shift__day__in=days, given_back_at=None)
    places: dict[int, list[int]] = {}
    for claim in await held.filter(shift__state=ShiftState.OPEN).order_by("id"):
        places.setdefault(claim.person_id, []).append(claim.id)
    return places


async def _call_again(root: ClosureNews, news: ClosureNews, by: Person, now: datetime) -> CallList | None:
    """Call those again who heard of the closure by telephone; who has not heard of it need not be called."""
    before = await CallList.get_or_none(reason=CallReason.CLOSED, about=root.id)
    if before is None:
        return None
    heard = CallItem.filter(call_list_id=before.id, state__in=(CallState.REACHED, CallState.TOLD))
    called = [item.senior_id for item in await heard]
    await CallList.settle(CallReason.CLOSED, root.id, None, CallState.VOID, now)
    return await CallList.open(root.canteen_id, CallReason.REOPENED, news.id, called, news.ends, by, now)
