"""Planning: the service days of a canteen three weeks ahead, and what new settings do to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tortoise.expressions import Q

from models.calendar import BATCH, DayState, ServiceDay
from models.calendarasks import CalendarAsk
from models.canteens import Canteen
from models.routes import Kind, Route
from models.schedule import Schedule

HORIZON: Final = timedelta(days=21)
CLOCK: Final = ("close_at", "roster_at", "freeze_at", "out_at", "finish_at", "next_at")


@dataclass(frozen=True, slots=True)
class Replanned:
    """What new settings did to the days to come."""

    added: list[date]
    dropped: list[date]


async def plan(canteen: Canteen, until: date, now: datetime) -> None:
    """Make the days of one canteen from today to `until`; days that exist stay as they are."""
    rounds = await _rounds([canteen.id])
    schedule = await Schedule.of(canteen, now)
    await _add(_planned(schedule, rounds.get(canteen.id, []), canteen.today(now), until, now))
    await CalendarAsk.prepare([schedule], now)
    await _plan_again_tomorrow([canteen], until, now)


async def plan_due(now: datetime, limit: int = BATCH) -> int:
    """Keep the days of up to `limit` canteens planned three weeks ahead; tell how many were due.

    Once a day for each canteen; a day whose orders can't be given any more is not planned.
    """
    due = (
        await Canteen.filter(Q(next_at__lte=now) | Q(next_at__isnull=True))
        .order_by("id")
        .limit(limit)
        .select_for_update(skip_locked=True)
    )
    if not due:
        return 0
    ids = [canteen.id for canteen in due]
    rounds, schedules = await _rounds(ids), await Schedule.of_all(due, now)
    right = {
        (row.canteen_id, row.day, row.close_at, row.makeup, row.stands_for): row
        for schedule in schedules.values()
        for today in [schedule.canteen.today(now)]
        for row in _planned(schedule, rounds.get(schedule.canteen.id, []), today, today + HORIZON, now)
    }
    open_days = ServiceDay.filter(canteen_id__in=ids, state=DayState.PLANNED, close_at__gt=now)
    known = set(await open_days.values_list("canteen_id", "day", "close_at", "makeup", "stands_for"))
    await _add(row for plan, row in right.items() if plan not in known)
    # Days that were planned otherwise: a newer program knows newer holidays.
    for canteen_id in {canteen_id for canteen_id, *_rest in known - right.keys()}:
        await replan(schedules[canteen_id].canteen, now)
    await CalendarAsk.prepare(schedules.values(), now)
    by_today: dict[date, list[Canteen]] = {}
    for canteen in due:
        by_today.setdefault(canteen.today(now), []).append(canteen)
    for today, canteens in by_today.items():
        await _plan_again_tomorrow(canteens, today + HORIZON, now)
    return len(due)


async def replan(canteen: Canteen, now: datetime) -> Replanned:
    """Bring the days to come in line with the canteen's settings and routes, after they changed.

    Days whose orders are open are moved, dropped or added; of a day under way only later steps move.
    """
    rounds = (await _rounds([canteen.id])).get(canteen.id, [])
    schedule, today = await Schedule.of(canteen, now), canteen.today(now)
    known = (
        await ServiceDay.filter(canteen_id=canteen.id, day__gte=today)
        .exclude(state=DayState.FINISHED)
        .order_by("day")
        .select_for_update()
    )
    dropped = [row for row in known if row.state is DayState.PLANNED and not schedule.cooks(row.day)]
    await ServiceDay.filter(id__in=[row.id for row in dropped]).delete()
    for row in known:
        if row not in dropped:
            row.set_clock(schedule, rounds)
    kept = [row for row in known if row not in dropped]
    if kept:
        await ServiceDay.bulk_update(kept, [*CLOCK, "makeup", "stands_for"], batch_size=100)
    present = {row.day for row in known}
    added = [row for row in _planned(schedule, rounds, today, today + HORIZON, now) if row.day not in present]
    await _add(added)
    await CalendarAsk.prepare([schedule], now)
    await _plan_again_tomorrow([canteen], today + HORIZON, now)
    return Replanned([row.day for row in added], sorted(row.day for row in dropped))


async def set_clocks(canteen: Canteen, rows: Sequence[ServiceDay], now: datetime) -> None:
    """Compute the instants still to come of days that a closure moves; the caller holds them."""
    rounds = (await _rounds([canteen.id])).get(canteen.id, [])
    schedule = await Schedule.of(canteen, now)
    for row in rows:
        row.set_clock(schedule, rounds)
    if rows:
        await ServiceDay.bulk_update(rows, [*CLOCK, "later", "closes_with"], batch_size=100)


def _planned(
    schedule: Schedule, rounds: Sequence[Route], first: date, until: date, now: datetime
) -> list[ServiceDay]:
    """Compute the service days of a period, without those whose orders would have closed already."""
    rows: list[ServiceDay] = []
    for ahead in range((until - first).days + 1):
        day = first + timedelta(days=ahead)
        if schedule.cooks(day):
            row = ServiceDay(canteen_id=schedule.canteen.id, day=day, state=DayState.PLANNED)
            row.set_clock(schedule, rounds)
            rows.append(row)
    return [row for row in rows if row.close_at > now]


async def _add(rows: Iterable[ServiceDay]) -> None:
    await ServiceDay.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


async def _rounds(canteen_ids: Sequence[int]) -> dict[int, list[Route]]:
    """Find the routes of each canteen that lead from door to door: with the first of them a day goes out."""
    found: dict[int, list[Route]] = {}
    for route in await Route.filter(canteen_id__in=canteen_ids, closed_at__isnull=True, kind=Kind.ROUND):
        found.setdefault(route.canteen_id, []).append(route)
    return found


async def _plan_again_tomorrow(canteens: Sequence[Canteen], until: date, now: datetime) -> None:
    by_midnight: dict[datetime, list[int]] = {}
    for canteen in canteens:
        midnight = canteen.at(canteen.today(now) + timedelta(days=1), "00:00")
        by_midnight.setdefault(midnight, []).append(canteen.id)
    for midnight, ids in by_midnight.items():
        await Canteen.filter(id__in=ids).update(planned_until=until, next_at=midnight)
