"""A senior's days, way of lunch and route from a day on: rows of the dated settings.

Lists copy route, place and way when orders close. So what holds from a day on is put into force between the
closing for the service day before and that for the day itself: earlier days stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from models.audit import AuditEvent
from models.canteens import Canteen
from models.datedsettings import DatedSetting
from models.people import Person
from models.refusals import SettingUnreadable
from models.routes import Route, Stop, leave
from models.seniors import Mode, Senior, Status

if TYPE_CHECKING:
    from models.schedule import Schedule

PATTERN: Final = "pattern"
ROUTE: Final = "route"


def pattern_value(mode: Mode, weekdays: int) -> str:
    """Write how and on which weekdays lunch is had."""
    return f"{mode}:{weekdays}"


def read_pattern(value: str) -> tuple[Mode, int]:
    """Read it back."""
    mode, weekdays = value.split(":")
    return Mode(mode), int(weekdays)


def starts_at(schedule: Schedule, since: date) -> datetime:
    """Tell when it is put into force: as soon as the orders of the service day before are closed."""
    return schedule.closes_at(schedule.before(since, 1))


async def plan_for(
    senior_id: int, values: Mapping[str, str], since: date, *, by: Person, now: datetime
) -> list[DatedSetting]:
    """Let a senior's pattern or route hold from a day to come; a newer plan for that day takes its place.

    values: PATTERN → `pattern_value`, ROUTE → the id of an open route, at whose end the door comes.
    Raises NotAllowed, Gone, SettingUnreadable for a day that is not to come.
    """
    from models.schedule import Schedule

    assert values.keys() <= {PATTERN, ROUTE}
    senior = await Senior.coordinated(senior_id, by)
    if ROUTE in values:
        await Route.locked(int(values[ROUTE]), by)
    canteen = await Canteen.locked(senior.canteen_id)
    if since <= canteen.today(now):
        raise SettingUnreadable
    at = starts_at(await Schedule.of(canteen, now), since)
    same = DatedSetting.waiting().filter(senior_id=senior_id, since=since, name__in=list(values))
    await same.update(voided_at=now)
    planned = []
    for name, value in values.items():
        row = await DatedSetting.create(
            canteen_id=canteen.id, senior_id=senior_id, name=name, value=value, since=since, starts_at=at,
            by_id=by.id, at=now,
        )  # fmt: skip
        await AuditEvent.record(row.act, f"{row.whose} from {since}", by=by.id, now=now)
        planned.append(row)
    return planned


async def coming_for(senior_id: int) -> list[DatedSetting]:
    """List what is still to come for a senior, soonest first."""
    return await DatedSetting.waiting().filter(senior_id=senior_id).order_by("since", "id")


async def put_into_force(row: DatedSetting, now: datetime) -> bool:
    """Do what was planned, with old and new on record; False where the senior or the route has gone."""
    senior = await Senior.filter(id=row.senior_id, status=Status.ACTIVE).select_for_update().first()
    done = senior is not None and await (_route if row.name == ROUTE else _pattern)(senior, row, now)
    await DatedSetting.filter(id=row.id).update(**{"applied_at" if done else "voided_at": now})
    return done


async def _route(senior: Senior, row: DatedSetting, now: datetime) -> bool:
    route = await Route.filter(id=int(row.value), closed_at=None).select_for_update().first()
    if route is None:
        return False
    was = await Stop.filter(senior_id=senior.id, left_at=None).first()
    await route.receive(senior.id, now)
    about = f"senior {senior.id}: route {was and was.route_id} → {route.id}"
    await AuditEvent.record(f"{row.act}_holds", about, by=row.by_id, now=now)
    return True


async def _pattern(senior: Senior, row: DatedSetting, now: datetime) -> bool:
    was = pattern_value(senior.mode, senior.weekdays)
    senior.mode, senior.weekdays = read_pattern(row.value)
    await senior.save(update_fields=["mode", "weekdays"])
    about = f"senior {senior.id}: {was} → {row.value}"
    await AuditEvent.record(f"{row.act}_holds", about, by=row.by_id, now=now)
    if senior.mode is not Mode.DELIVERY:
        await leave(senior.id, now)
    elif not await Stop.filter(senior_id=senior.id, left_at=None).exists():
        from models.households import route_of_mates

        there = await route_of_mates(senior) or next(iter(await Route.of(senior.canteen_id)), None)
        if there is not None:
            await there.receive(senior.id, now)
    return True
