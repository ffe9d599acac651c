"""Shifts open once each, for routes that walk to somebody; who carries what, and when."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.database import transaction
from models import shiftplan
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.meals import Meal
from models.orders import ChangeKind, OrderChange, Origin
from models.people import Membership, Person, Role
from models.refusals import NotYours
from models.routes import Route, Stop
from models.seniors import Mode, Senior, Status
from models.shiftrefusals import ShiftOver
from models.shifts import Claim, Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import (
    MONDAY,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_canteen,
    a_person,
    a_senior,
    at,
    plan,
    run_the_day,
)

ALL = 10_000


async def opens(now: datetime = NOW) -> int:
    async with transaction():
        return await shiftplan.open_ahead(now, ALL)


async def a_stop(route: Route, **more: object) -> Senior:
    senior = await a_senior(await Canteen.get(id=route.canteen_id), **more)
    await Stop.create(route_id=route.id, senior_id=senior.id, position=1, since=NOW)
    return senior


async def a_shift() -> Shift:
    """Open a canteen whose only route walks to one home; find its shift of Tuesday."""
    canteen = await a_canteen()
    await a_stop(await Route.get(canteen_id=canteen.id))
    await opens()
    return await Shift.get(canteen_id=canteen.id, day=TUESDAY)


async def a_volunteer(shift: Shift, name: str = "Lin") -> Person:
    person = await a_person(name)
    await Membership.grant(person, shift.canteen_id, Role.VOLUNTEER, by=None, now=NOW)
    return person


# ---------------------------------------------------------------------------------------------- opening


async def test_processes_that_open_shifts_at_once_open_each_once(db: str) -> None:
    shift = await a_shift()
    await Shift.all().delete()
    await asyncio.gather(*(opens() for _ in range(4)))
    days = await Shift.filter(route_id=shift.route_id).values_list("day", flat=True)
    assert len(days) == len(set(days)) == 9


@ONE_ENGINE
async def test_shifts_of_many_canteens_open_with_a_bounded_number_of_statements(db: str) -> None:
    await Canteen.bulk_create(
        Canteen(name=f"Canteen {n}", zone="Asia/Shanghai", created_at=NOW) for n in range(40)
    )
    canteens = await Canteen.all()
    await Route.bulk_create(Route(canteen_id=canteen.id, name="Route 1", position=1) for canteen in canteens)
    await plan(NOW)
    for route in await Route.all():
        await a_stop(route)
    async with transaction() as connection:
        assert await shiftplan.open_ahead(NOW, ALL) == 40 * 9
        assert connection.tally.writes <= 2
    assert await opens() == 0


async def test_a_batch_takes_the_soonest_days_and_the_next_batch_the_rest(db: str) -> None:
    await a_shift()
    await Shift.all().delete()
    async with transaction():
        assert await shiftplan.open_ahead(NOW, 2) == 2
    assert await Shift.all().order_by("day").values_list("day", flat=True) == [TUESDAY, WEDNESDAY]
    assert await opens() == 7


@ONE_ENGINE
async def test_a_route_has_a_shift_on_the_days_on_which_it_walks_to_somebody(db: str) -> None:
    canteen = await a_canteen()
    route = await Route.get(canteen_id=canteen.id)
    await a_stop(route, weekdays=0b00010)  # Tuesdays
    await a_stop(route, mode=Mode.DINE_IN)
    await a_stop(route, status=Status.ENDED)
    guest = await a_stop(route, mode=Mode.DINE_IN)
    await OrderChange.create(
        senior_id=guest.id, day=THURSDAY, kind=ChangeKind.SWAP, mode=Mode.DELIVERY,
        origin=Origin.FAMILY, at=NOW,
    )  # fmt: skip
    await opens()
    days = await Shift.all().order_by("day").values_list("day", flat=True)
    assert days == [TUESDAY, THURSDAY, TUESDAY + timedelta(days=7)]


async def test_places_are_those_of_the_route_or_else_of_the_canteen(db: str) -> None:
    canteen = await a_canteen(places=2)
    route = await Route.get(canteen_id=canteen.id)
    other = await Route.create(canteen_id=canteen.id, name="Route 2", places=4)
    await a_stop(route)
    await a_stop(other)
    await opens()
    assert set(await Shift.filter(route_id=route.id).values_list("places", flat=True)) == {2}
    assert set(await Shift.filter(route_id=other.id).values_list("places", flat=True)) == {4}


async def test_a_closed_route_has_no_shifts_any_more(db: str) -> None:
    shift = await a_shift()
    await Route.filter(id=shift.route_id).update(closed_at=NOW)
    async with transaction():
        assert len(await shiftplan.drop_lost(NOW, ALL)) == 9
    assert set(await Shift.all().values_list("state", flat=True)) == {ShiftState.DROPPED}
    assert await opens() == 0


async def test_a_shift_under_way_is_not_dropped(db: str) -> None:
    shift = await a_shift()
    await ServiceDay.filter(day=TUESDAY).delete()
    async with transaction():
        assert await shiftplan.drop_lost(at("2026-11-24 10:00"), ALL) == []
    assert (await Shift.get(id=shift.id)).state is ShiftState.OPEN


@ONE_ENGINE
async def test_homes_are_counted_by_the_rule_of_who_eats_before_and_after_orders_close(db: str) -> None:
    canteen = await a_canteen()
    one = await Route.get(canteen_id=canteen.id)
    two = await Route.create(canteen_id=canteen.id, name="Route 2")
    for route, count in ((one, 3), (two, 2)):
        for _ in range(count):
            senior = await a_stop(route)
    await OrderChange.create(
        senior_id=senior.id, day=TUESDAY, kind=ChangeKind.SKIP, origin=Origin.FAMILY, at=NOW
    )
    await a_senior(canteen)  # on no route
    await a_senior(canteen, mode=Mode.DINE_IN)
    for _closed in (False, True):
        due = Counter(each.route_id for each in await Meal.due([canteen.id], TUESDAY) if each.route_id)
        assert due == {one.id: 3, two.id: 1}
        homes = await Meal.homes([canteen.id], MONDAY, WEDNESDAY)
        assert {route: n for (route, day), n in homes.items() if day == TUESDAY} == due
        assert homes[two.id, WEDNESDAY] == 2
        lunches = await Meal.lunches([canteen.id], MONDAY, WEDNESDAY)
        assert lunches[canteen.id, TUESDAY] == {Mode.DELIVERY: 5, Mode.DINE_IN: 1}
        assert lunches[canteen.id, WEDNESDAY] == {Mode.DELIVERY: 6, Mode.DINE_IN: 1}
        await run_the_day(at("2026-11-23 16:00"))
    assert await Meal.homes([], MONDAY, WEDNESDAY) == await Meal.lunches([], MONDAY, WEDNESDAY) == {}


# ------------------------------------------------------------------------------------------ who and when


async def test_a_route_is_carried_by_those_who_hold_a_place(db: str) -> None:
    shift = await a_shift()
    await Shift.filter(id=shift.id).update(places=2)
    lin, zhao = await a_volunteer(shift), await a_volunteer(shift, "Zhao")
    async with transaction():
        await Shift.claim(shift.id, lin, NOW)
        claim = await Shift.claim(shift.id, zhao, NOW)
    assert await Shift.carrier(shift.route_id, TUESDAY) == [lin, zhao]
    async with transaction():
        assert (await Claim.give_back(claim.id, zhao, NOW)).left == [lin]
    assert await Shift.carrier(shift.route_id, WEDNESDAY) == []


@ONE_ENGINE
async def test_a_place_that_is_over_or_given_back_is_not_confirmed(db: str) -> None:
    shift = await a_shift()
    lin = await a_volunteer(shift)
    async with transaction():
        claim = await Shift.claim(shift.id, lin, NOW)
    over = at("2026-11-24 12:00")
    with pytest.raises(ShiftOver):
        await Claim.confirm(claim.id, lin, over)
    with pytest.raises(ShiftOver):
        await Claim.give_back(claim.id, lin, over)
    async with transaction():
        await Claim.give_back(claim.id, lin, NOW)
    with pytest.raises(NotYours):
        await Claim.confirm(claim.id, lin, NOW)
