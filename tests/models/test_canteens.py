"""A canteen's settings and its routes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.database import transaction
from models.audit import AuditEvent
from models.calendar import ServiceDay
from models.canteens import Canteen, instant
from models.people import Role
from models.refusals import Gone, LastRoute, NotAllowed, SettingsOutOfOrder, SettingUnreadable, StopsChanged
from models.routes import Route, Stop, leave
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import NOW, TUESDAY, a_canteen, a_coordinator, a_person, a_senior, the_day

pytestmark = pytest.mark.usefixtures("db")


async def test_a_new_canteen_is_usable_at_once() -> None:
    canteen = await Canteen.open("North", "Asia/Taipei", "zh_Hant", NOW, route="路線一")
    assert (canteen.lunch_at, canteen.cutoff_at, canteen.cutoff_days, canteen.weekdays) == (
        "11:30",
        "16:00",
        1,
        31,
    )
    assert canteen.emergency_number == "119"
    assert canteen.human == ("", "")
    assert [route.name for route in await Route.of(canteen.id)] == ["路線一"]


@pytest.mark.parametrize(("name", "zone"), [("North", "Mars/Olympus"), ("North", ""), (" ", "Asia/Shanghai")])
async def test_a_canteen_needs_a_name_and_a_zone_of_this_world(name: str, zone: str) -> None:
    with pytest.raises(SettingUnreadable):
        await Canteen.open(name, zone, "en", NOW)
    assert await Canteen.all().count() == 0


@ONE_ENGINE
@pytest.mark.parametrize(
    "values",
    [
        {"weekdays": 0}, {"weekdays": 128}, {"places": 0}, {"places": 21}, {"cutoff_days": -1},
        {"cutoff_days": 8}, {"name": " "}, {"emergency_number": ""}, {"zone": "Mars/Olympus"},
    ],
)  # fmt: skip
async def test_a_setting_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    with pytest.raises(SettingUnreadable):
        await Canteen.change(canteen.id, by=chen, now=NOW, **values)
    fresh = await Canteen.get(id=canteen.id)
    assert all(getattr(fresh, name) == getattr(canteen, name) for name in values)


@ONE_ENGINE
@pytest.mark.parametrize(
    "values",
    [
        {"roster_at": "11:31"}, {"finish_at": "11:30"}, {"lunch_at": "13:00"}, {"cutoff_days": 0},
        {"cutoff_days": 0, "cutoff_at": "08:01"},
    ],
)  # fmt: skip
async def test_a_day_runs_in_its_order(values: dict[str, Any]) -> None:
    canteen = await a_canteen()
    with pytest.raises(SettingsOutOfOrder):
        await Canteen.change(canteen.id, by=await a_coordinator(canteen), now=NOW, **values)


async def test_orders_may_close_on_the_morning_itself() -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    await Canteen.change(canteen.id, by=chen, now=NOW, cutoff_days=0, cutoff_at="07:30")
    assert (await the_day(canteen, TUESDAY)).close_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


async def test_a_change_moves_the_planned_days_and_is_written_down() -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    await Canteen.change(canteen.id, by=chen, now=NOW, cutoff_at="15:00", zone="Asia/Tokyo")
    assert (await the_day(canteen, TUESDAY)).close_at == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    acts = await AuditEvent.filter(person_id=chen.id).order_by("act").values_list("act", flat=True)
    assert acts == ["canteen.cutoff_at", "canteen.zone"]


async def test_a_change_of_words_plans_nothing_anew() -> None:
    canteen = await a_canteen()
    await ServiceDay.all().delete()
    await Canteen.change(canteen.id, by=await a_coordinator(canteen), now=NOW, name="South")
    assert await ServiceDay.all().count() == 0


@ONE_ENGINE
async def test_settings_are_the_coordinators() -> None:
    canteen, other = await a_canteen(), await a_canteen()
    for nobody in (await a_person(), await a_coordinator(other)):
        with pytest.raises(NotAllowed):
            await Canteen.change(canteen.id, by=nobody, now=NOW, name="Mine")


@ONE_ENGINE
def test_a_time_in_the_gap_of_spring_moves_forward_and_the_first_of_a_double_hour_counts() -> None:
    spring, autumn = datetime(2026, 3, 29, tzinfo=UTC).date(), datetime(2026, 10, 25, tzinfo=UTC).date()
    assert instant(spring, "02:30", "Europe/Madrid") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(autumn, "02:30", "Europe/Madrid") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


# ------------------------------------------------------------------------------------------------ routes


async def with_stops(count: int) -> tuple[Canteen, Any, Route, list[int]]:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    (route,) = await Route.of(canteen.id)
    seniors = [(await a_senior(canteen)).id for _ in range(count)]
    for senior in seniors:
        await route.put(senior, None, by=chen, now=NOW)
    return canteen, chen, route, seniors


async def order(route: Route) -> list[int]:
    return [stop.senior_id for stop in await route.doors()]


async def test_a_door_is_put_at_a_number_and_put_again_stays() -> None:
    _canteen, chen, route, (a, b, c) = await with_stops(3)
    for _again in range(2):
        await route.put(c, 1, by=chen, now=NOW)
        assert await order(route) == [c, a, b]
    await route.put(a, 99, by=chen, now=NOW)
    assert await order(route) == [c, b, a]
    assert await Stop.all().count() == 3


async def test_a_door_that_left_comes_back_at_the_end() -> None:
    _canteen, chen, route, (a, b) = await with_stops(2)
    await leave(a, NOW)
    assert await order(route) == [b]
    await route.put(a, None, by=chen, now=NOW)
    assert await order(route) == [b, a]
    assert await Stop.filter(senior_id=a).count() == 2


@ONE_ENGINE
async def test_an_order_must_name_every_stop_of_now() -> None:
    _canteen, chen, route, _seniors = await with_stops(3)
    ids = [stop.id for stop in await route.doors()]
    for wrong in (ids[:2], [*ids, 999], [ids[0], ids[0], ids[1]], []):
        with pytest.raises(StopsChanged):
            await route.reorder(wrong, by=chen, now=NOW)
    await route.reorder(ids[::-1], by=chen, now=NOW)
    assert [stop.id for stop in await route.doors()] == ids[::-1]


async def test_doors_put_at_once_get_different_numbers() -> None:
    canteen, chen, route, _seniors = await with_stops(0)
    seniors = [(await a_senior(canteen)).id for _ in range(10)]

    async def put(senior: int) -> None:
        async with transaction():
            await route.put(senior, None, by=chen, now=NOW)

    await asyncio.gather(*(put(senior) for senior in seniors))
    assert sorted(await order(route)) == seniors
    assert [stop.position for stop in await route.doors()] == list(range(1, 11))


@ONE_ENGINE
async def test_a_senior_of_another_canteen_gets_no_stop_here() -> None:
    _canteen, chen, route, _seniors = await with_stops(0)
    stranger = await a_senior(await a_canteen())
    with pytest.raises(NotAllowed):
        await route.put(stranger.id, None, by=chen, now=NOW)


@ONE_ENGINE
async def test_closing_a_route_moves_its_homes_once() -> None:
    canteen, chen, route, (a, b) = await with_stops(2)
    with pytest.raises(LastRoute):
        await route.close(None, by=chen, now=NOW)
    east = await Route.add(canteen.id, "East", by=chen, now=NOW)
    with pytest.raises(LastRoute):
        await route.close(None, by=chen, now=NOW)
    await route.close(east, by=chen, now=NOW)
    assert await order(east) == [a, b]
    with pytest.raises(Gone):
        await route.close(east, by=chen, now=NOW)
    with pytest.raises(LastRoute):
        await east.close(None, by=chen, now=NOW)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": " "}, SettingUnreadable), ({"name": "x" * 81}, SettingUnreadable),
        ({"places": 0}, SettingUnreadable), ({"ends_at": "10:00"}, SettingsOutOfOrder),
        ({"starts_at": "12:00"}, SettingsOutOfOrder),
    ],
)  # fmt: skip
async def test_a_route_that_cannot_be_is_refused(values: dict[str, Any], refusal: type[Exception]) -> None:
    _canteen, chen, route, _seniors = await with_stops(0)
    with pytest.raises(refusal):
        await Route.change(route.id, by=chen, now=NOW, **values)


@ONE_ENGINE
async def test_routes_are_the_coordinators() -> None:
    canteen, _chen, route, (a,) = await with_stops(1)
    lin = await a_person()
    await joined(lin, canteen)
    for deed in (
        route.put(a, 1, by=lin, now=NOW),
        route.reorder([], by=lin, now=NOW),
        route.close(None, by=lin, now=NOW),
        Route.add(canteen.id, "East", by=lin, now=NOW),
        Route.change(route.id, by=lin, now=NOW, name="Mine"),
    ):
        with pytest.raises(NotAllowed):
            await deed


async def joined(person: Any, canteen: Canteen) -> None:
    from models.people import Membership

    await Membership.grant(person, canteen.id, Role.VOLUNTEER, by=None, now=NOW)
