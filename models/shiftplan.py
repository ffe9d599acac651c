"""Shifts to come: opened two weeks ahead, moved with their route, dropped with their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.firstvisits import FirstVisit
from models.line import Standby, StandbyEnd
from models.ordered import eats
from models.routes import Route
from models.schedule import Schedule
from models.shiftclock import AHEAD, first_call, next_reminder, next_step, reminders
from models.shifts import Claim, Shift, ShiftState
from models.sql import as_day, bit_of, rows

# Routes that walk to somebody on a service day of the next two weeks and have no shift on it yet, and the
# other work of those days. {eats}: the senior's weekdays have the day; {bit}: the bit of the day itself.
# A shift that was dropped comes back with its day.
# Nobody walks on a day that is closed; on a converted one to everybody.
# A route that closes or opens on a day to come (models/datedroutes.py) has shifts on one side of that day
# only: {closed}. Doors that come to a route from a day on are walked to from then on.
# What is cheap and mostly settles it stands first; CROSS JOIN keeps SQLite from reading every stop there is.
MISSING: Final = """
    SELECT r.id AS route_id, r.canteen_id, sd.day, sd.later
    FROM service_day sd JOIN route r ON r.canteen_id = sd.canteen_id AND r.closed_at IS NULL
    LEFT JOIN closure cl ON cl.canteen_id = sd.canteen_id AND cl.day = sd.day AND cl.ended_at IS NULL
    WHERE sd.out_at > {0} AND sd.out_at <= {1} AND COALESCE(cl.kind, '') NOT IN ('closed', 'ahead')
        AND NOT EXISTS (
            SELECT 1 FROM shift sh WHERE sh.route_id = r.id AND sh.day = sd.day AND sh.state <> 'dropped')
        AND NOT {closed}
        AND (r.kind <> 'round' AND (r.weekdays IS NULL OR r.weekdays & {bit} <> 0)
            OR r.kind = 'round' AND (EXISTS (
            SELECT 1 FROM senior s CROSS JOIN stop st
            LEFT JOIN order_change c ON c.senior_id = s.id AND c.day = sd.day AND c.voided_at IS NULL
            WHERE s.canteen_id = r.canteen_id AND s.status = 'active'
                AND st.senior_id = s.id AND st.left_at IS NULL AND st.route_id = r.id
                AND (cl.kind = 'converted' OR COALESCE(c.mode, s.mode) = 'delivery')
                AND (c.kind = 'extra' OR {eats}))
        OR EXISTS (
            SELECT 1 FROM order_change c JOIN senior s ON s.id = c.senior_id AND s.status = 'active'
            WHERE c.route_id = r.id AND c.day = sd.day AND c.voided_at IS NULL AND c.kind <> 'skip')
        OR EXISTS (
            SELECT 1 FROM dated_setting ds CROSS JOIN senior s
            LEFT JOIN stop st ON st.senior_id = s.id AND st.left_at IS NULL
            LEFT JOIN order_change c ON c.senior_id = s.id AND c.day = sd.day AND c.voided_at IS NULL
            WHERE ds.canteen_id = r.canteen_id AND ds.since <= sd.day AND ds.value = CAST(r.id AS TEXT)
                AND ds.applied_at IS NULL AND ds.voided_at IS NULL
                AND s.canteen_id = ds.canteen_id AND s.status = 'active' AND s.mode = 'delivery'
                AND (ds.name = 'route' AND ds.senior_id = s.id
                    OR ds.name = 'closes' AND ds.route_id = st.route_id)
                AND COALESCE(c.kind, '') <> 'skip' AND {eats})))
    ORDER BY sd.out_at, r.canteen_id, r.position, r.id LIMIT {2}
"""
CLOSED: Final = """
    EXISTS (SELECT 1 FROM dated_setting ds
        WHERE ds.canteen_id = r.canteen_id AND ds.route_id = r.id
            AND ds.applied_at IS NULL AND ds.voided_at IS NULL
            AND (ds.name = 'closes' AND ds.since <= {day} OR ds.name = 'opens' AND ds.since > {day}))
"""
# next_at is the indexed column that only open shifts fill. A round that still has lunches on its list is
# walked, whatever became of its route.
LOST: Final = """
    SELECT sh.id FROM shift sh JOIN route r ON r.id = sh.route_id
    LEFT JOIN service_day sd ON sd.canteen_id = sh.canteen_id AND sd.day = sh.day
    WHERE sh.next_at > {0} AND sh.starts_at > {0} AND sh.state = 'open'
        AND (sd.id IS NULL OR r.closed_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM meal m WHERE m.route_id = r.id AND m.day = sh.day AND m.state = 'expected')
            OR r.weekdays & {bit} = 0 OR {closed})
    ORDER BY sh.id LIMIT {1}
"""


async def open_ahead(now: datetime, limit: int) -> int:
    """Open up to `limit` shifts, one per route and service day, two weeks ahead; tell how many."""
    missing = await rows(
        MISSING,
        now,
        now + AHEAD,
        limit,
        eats=eats(),
        bit=bit_of("sd.day"),
        closed=CLOSED.format(day="sd.day"),
    )
    if not missing:
        return 0
    routes = {row.id: row for row in await Route.filter(id__in=[found["route_id"] for found in missing])}
    canteens = {
        row.id: row for row in await Canteen.filter(id__in=[found["canteen_id"] for found in missing])
    }
    schedules = await Schedule.of_all(list(canteens.values()), now)
    planned = []
    for found in missing:
        shift = Shift(
            canteen_id=found["canteen_id"],
            route_id=found["route_id"],
            day=as_day(found["day"]),
            state=ShiftState.OPEN,
            taken=0,
            offered=0,
        )
        schedule = schedules[shift.canteen_id]
        route = schedule.route_on(routes[shift.route_id], shift.day)
        if route is None:
            continue
        _set_hours(shift, canteens[shift.canteen_id], route, found["later"], now)
        shift.places = route.places or schedule.on(shift.day).places
        shift.fill_at = first_call(canteens[shift.canteen_id], shift.day)
        planned.append(shift)
    await Shift.bulk_create(
        planned,
        batch_size=500,
        on_conflict=["route_id", "day"],
        update_fields=["starts_at", "ends_at", "places", "state", "next_at", "fill_at"],
    )
    return len(planned)


def _set_hours(shift: Shift, canteen: Canteen, route: Route, later: int | None, now: datetime) -> None:
    delay = timedelta(minutes=later or 0)
    shift.starts_at = canteen.at(shift.day, route.starts_at) + delay
    shift.ends_at = canteen.at(shift.day, route.ends_at) + delay
    shift.next_at = next_step(canteen, shift.day, shift.ends_at, now)


async def replan(canteen: Canteen, now: datetime) -> None:
    """Bring a canteen's shifts to come in line with its settings and routes.

    Hours move only while nobody has claimed the shift; places never become fewer than are taken.
    """
    routes = {route.id: route for route in await Route.filter(canteen_id=canteen.id)}
    coming = Shift.filter(canteen_id=canteen.id, state=ShiftState.OPEN, starts_at__gt=now)
    shifts = await coming.order_by("id").select_for_update()
    moved = ServiceDay.filter(canteen_id=canteen.id, later__not_isnull=True)
    later = dict(await moved.values_list("day", "later"))
    schedule = await Schedule.of(canteen, now)
    accompanied = await FirstVisit.with_company([shift.id for shift in shifts])
    for shift in shifts:
        route = schedule.route_on(routes[shift.route_id], shift.day) or routes[shift.route_id]
        places = (route.places or schedule.on(shift.day).places) + (shift.id in accompanied)
        shift.places = max(places, shift.taken + shift.offered)
        if not shift.taken and canteen.at(shift.day, route.starts_at) > now:
            _set_hours(shift, canteen, route, later.get(shift.day), now)
        if shift.places_open and not shift.fill_step:
            shift.fill_at = first_call(canteen, shift.day)
    if shifts:
        await Shift.bulk_update(
            shifts, ["starts_at", "ends_at", "places", "next_at", "fill_at"], batch_size=100
        )
    by_id = {shift.id: shift for shift in shifts}
    claims = await Claim.filter(shift_id__in=list(by_id), given_back_at=None).order_by("id")
    for claim in claims:
        shift = by_id[claim.shift_id]
        clock = reminders(canteen, shift.day, shift.starts_at)
        claim.next_at = next_reminder(clock, claim.reminded)
    if claims:
        await Claim.bulk_update(claims, ["next_at"], batch_size=100)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A shift whose day or route is gone, and the places that were held on it."""

    shift: Shift
    claims: Sequence[Claim]


async def drop_lost(now: datetime, limit: int) -> Sequence[Dropped]:
    """Drop up to `limit` shifts to come whose day or route is gone; the caller tells their volunteers."""
    lost = [
        row["id"]
        for row in await rows(LOST, now, limit, bit=bit_of("sh.day"), closed=CLOSED.format(day="sh.day"))
    ]
    if not lost:
        return []
    held = Shift.filter(id__in=lost, state=ShiftState.OPEN).order_by("id")
    shifts = await held.select_for_update()
    ids = [shift.id for shift in shifts]
    claims = await Claim.filter(shift_id__in=ids, given_back_at=None).prefetch_related("person")
    await Claim.filter(id__in=[claim.id for claim in claims]).update(
        given_back_at=now, next_at=None, watch_at=None
    )
    await Shift.filter(id__in=ids).update(
        state=ShiftState.DROPPED, taken=0, offered=0, next_at=None, fill_at=None
    )
    await Standby.filter(shift_id__in=ids, ended_at=None).update(ended_at=now, end=StandbyEnd.OVER)
    return [
        Dropped(shift, [claim for claim in claims if claim.shift_id == shift.id])
        for shift in await Shift.filter(id__in=ids).order_by("id").prefetch_related("route", "canteen")
    ]
