"""A route's hours, places, order of doors and last day from a day on: rows of the dated settings.

Shifts are opened two weeks ahead, so that days from then on are planned with it beforehand. Lists copy route
and place when orders close: the order of the doors, and who goes over from a route that closes, are put into
force between the closing for the service day before and that for the day itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from models.audit import AuditEvent
from models.canteens import Canteen
from models.datedsettings import DatedSetting
from models.households import grouped
from models.people import Person, Role
from models.refusals import Gone, LastRoute, SettingUnreadable, StopsChanged
from models.routes import Kind, Route, number

HOURS: Final = "hours"
PLACES: Final = "places"
ORDER: Final = "order"
CLOSES: Final = "closes"
OPENS: Final = "opens"
NAMES: Final = frozenset({HOURS, PLACES, ORDER, CLOSES, OPENS})


def hours_value(starts_at: str, ends_at: str) -> str:
    """Write the hours of a route, "HH:MM" each."""
    return f"{starts_at} {ends_at}"


def follow(route: Route, row: DatedSetting, day: date) -> bool:
    """Give a route the hours and places that a row means for a day; tell whether it is open on that day."""
    if row.name == OPENS:
        return day >= row.since
    if day < row.since:
        return True
    if row.name == HOURS:
        route.starts_at, route.ends_at = row.value.split()
    elif row.name == PLACES:
        route.places = int(row.value)
    return row.name != CLOSES


def closes(row: DatedSetting) -> bool:
    """Tell whether a route closes with it: its doors go over first, with the lists of its day."""
    return row.route_id is not None and row.name == CLOSES


def is_under_way(row: DatedSetting) -> bool:
    """Tell whether the doors of a route that closes have gone over already."""
    return closes(row) and row.before is not None


async def plan_for(
    route_id: int, name: str, value: str, since: date, *, by: Person, now: datetime
) -> DatedSetting:
    """Let a route's hours or places hold from a day to come; a newer plan for that day takes its place.

    Raises NotAllowed, Gone, SettingUnreadable (also for a day that is not to come), SettingsOutOfOrder.
    """
    canteen, route = await _held(route_id, since, by, now)
    assert name in (HOURS, PLACES)
    row = await _keep(canteen, route, name, value, since, by, now)
    follow(route, row, since)
    route.must_fit()
    await canteen.replan(now)
    return row


async def plan_order(
    route_id: int, stops: Sequence[int], since: date, *, by: Person, now: datetime
) -> DatedSetting:
    """Let the stops with these ids be walked in this order from a day to come.

    A door that comes to the route meanwhile follows them. Raises as `plan_for`, and StopsChanged if they are
    not all of now's.
    """
    canteen, route = await _held(route_id, since, by, now)
    known = {stop.id: stop for stop in await route.doors()}
    if sorted(stops) != sorted(known):
        raise StopsChanged
    row = await _keep(canteen, route, ORDER, "", since, by, now, [known[stop].senior_id for stop in stops])
    await canteen.replan(now)
    return row


async def plan_close(
    route_id: int, into: Route | None, since: date, *, by: Person, now: datetime
) -> DatedSetting:
    """Close a route from a day to come; its doors follow at the end of another one, with that day's lists.

    Raises as `plan_for`, and LastRoute where no other route stays, or none is named for its doors.
    """
    canteen, route = await _held(route_id, since, by, now)
    if route.kind is Kind.ROUND:
        others = await staying(route)
        if not others or (into is None and await route.doors()) or (into is not None and into not in others):
            raise LastRoute
    # Whatever its day was, it closes once.
    known = DatedSetting.waiting().filter(route_id=route.id, name=CLOSES)
    if await known.filter(before__not_isnull=True).exists():
        raise Gone
    await known.update(voided_at=now)
    row = await _keep(canteen, route, CLOSES, str(into.id) if into else "", since, by, now)
    await canteen.replan(now)
    return row


async def plan_open(route: Route, since: date, *, by: Person, now: datetime) -> DatedSetting:
    """Let work that was just added have its first shift on a day to come. Raises as `plan_for`."""
    canteen, route = await _held(route.id, since, by, now)
    assert route.kind is not Kind.ROUND
    return await _keep(canteen, route, OPENS, "", since, by, now)


async def staying(route: Route) -> list[Route]:
    """List the other routes of its canteen that stay open, as far as is planned."""
    coming = await DatedSetting.coming([route.canteen_id])
    going = {row.route_id for row in coming if closes(row)}
    return [one for one in await Route.of(route.canteen_id) if one.id != route.id and one.id not in going]


async def coming_for(route_id: int) -> list[DatedSetting]:
    """List what is still to come of a route, soonest first."""
    return await DatedSetting.waiting().filter(route_id=route_id).order_by("since", "id")


async def was_taken_back(row: DatedSetting, now: datetime) -> None:
    """Close work again that was never to open before; the caller holds the canteen, and replans."""
    if row.route_id is not None and row.name == OPENS:
        await Route.filter(id=row.route_id, closed_at=None).update(closed_at=now)
        await drop(row.route_id, now)


async def put_into_force(row: DatedSetting, canteen: Canteen, now: datetime) -> bool:
    """Do what was planned, with old and new on record; the caller holds the canteen, and replans.

    Tell whether all of it is done: of a route that has gone nothing is, and one that closes is closed at the
    midnight after its doors have gone over.
    """
    route = await Route.filter(id=row.route_id, closed_at=None).select_for_update().first()
    if route is None:
        await DatedSetting.filter(id=row.id).update(voided_at=now)
        return False
    if row.name == CLOSES:
        return await _close(row, route, canteen, now)
    before, after = "", row.value
    match row.name:
        case "hours":
            before = hours_value(route.starts_at, route.ends_at)
        case "places":
            before = "" if route.places is None else str(route.places)
        case "order":
            before, after = await _order(row, route)
    follow(route, row, row.since)
    await route.save(update_fields=["starts_at", "ends_at", "places"])
    await DatedSetting.filter(id=row.id).update(before=before[:20], applied_at=now)
    await _record(row, f"{before} → {after}", now)
    return True


async def _order(row: DatedSetting, route: Route) -> tuple[str, str]:
    doors = await route.doors()
    places = {senior_id: place for place, senior_id in enumerate(row.order)}
    wanted = sorted(doors, key=lambda stop: places.get(stop.senior_id, len(places)))
    await number(grouped(wanted))
    return _ids(doors), _ids(wanted)


def _ids(stops: Sequence[Any]) -> str:
    return ",".join(str(stop.senior_id) for stop in stops)


async def _close(row: DatedSetting, route: Route, canteen: Canteen, now: datetime) -> bool:
    from models.goingover import hand_over

    doors = await route.doors()
    into = None
    if route.kind is Kind.ROUND:
        others = await staying(route)
        into = next((one for one in others if str(one.id) == row.value), others[0] if others else None)
        if into is None:
            await DatedSetting.filter(id=row.id).update(voided_at=now)
            return False
        for stop in doors:
            await into.receive(stop.senior_id, now)
        await hand_over(route, into, row.since)
    kept = {"value": str(into.id) if into is not None and (doors or row.value) else ""}
    row.value = kept["value"]
    midnight = canteen.at(row.since, "00:00")
    if midnight > now:
        row.before = str(len(doors))
        await DatedSetting.filter(id=row.id).update(before=row.before, starts_at=midnight, **kept)
        return False
    route.closed_at = now
    await route.save(update_fields=["closed_at"])
    await DatedSetting.filter(id=row.id).update(applied_at=now, **kept)
    await drop(route.id, now)
    await _record(row, f"into {row.value or None}", now)
    return True


async def drop(route_id: int, now: datetime) -> None:
    """Let nothing come any more of a route that is closed."""
    await DatedSetting.waiting().filter(route_id=route_id).update(voided_at=now)


async def _record(row: DatedSetting, what: str, now: datetime) -> None:
    about = f"route {row.route_id}: {what}"
    await AuditEvent.record(f"{row.act}_holds", about, by=row.by_id, now=now)


async def _held(route_id: int, since: date, by: Person, now: datetime) -> tuple[Canteen, Route]:
    """Hold canteen and route for a plan. Raises NotAllowed, Gone, SettingUnreadable."""
    route = await Route.get_or_none(id=route_id)
    if route is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, route.canteen_id)
    # The canteen is held first, as by whoever puts it into force.
    canteen = await Canteen.locked(route.canteen_id)
    route = await Route.locked(route_id, by)
    if since <= canteen.today(now):
        raise SettingUnreadable
    return canteen, route


async def _keep(
    canteen: Canteen,
    route: Route,
    name: str,
    value: str,
    since: date,
    by: Person,
    now: datetime,
    order: list[int] | None = None,
) -> DatedSetting:
    from models.schedule import Schedule

    same = DatedSetting.waiting().filter(route_id=route.id, since=since, name=name)
    await same.update(voided_at=now)
    row = DatedSetting(
        canteen_id=canteen.id, route_id=route.id, name=name, value=value, order=order, since=since,
        by_id=by.id, at=now,
    )  # fmt: skip
    row.starts_at = row.begins(await Schedule.of(canteen, now))
    await row.save()
    await AuditEvent.record(row.act, f"{row.whose} from {since}", by=by.id, now=now)
    return row
