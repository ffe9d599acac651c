"""Routes and the order of their stops, by chat."""

from __future__ import annotations

import pytest

from models.audit import AuditEvent
from models.canteens import Canteen
from models.datedsettings import DatedSetting
from models.meals import Meal, MealState
from models.routes import Route, Stop
from models.seniors import Mode, Senior, Status
from models.shifts import Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import THURSDAY, TUESDAY, WEDNESDAY
from tests.played import played_once


async def home(route: Route, name: str, number: int, chen: Phone) -> Senior:
    """Add a senior to a route."""
    senior = await Senior.create(
        canteen_id=route.canteen_id,
        short_id=f"A{number}",
        name=name,
        called=name,
        mode=Mode.DELIVERY,
        weekdays=31,
        status=Status.ACTIVE,
        registered_at=chen.house.now,
    )
    await route.put(senior.id, None, by=await chen.person(), now=chen.house.now)
    return senior


@played_once
async def with_homes(house: House, *names: str) -> tuple[Phone, Route]:
    canteen = await house.canteen()
    chen = await house.coordinator()
    (route,) = await Route.of(canteen.id)
    for number, name in enumerate(names, 1):
        await home(route, name, number, chen)
    return chen, route


async def order(route: Route) -> list[str]:
    return [stop.senior.called or "" for stop in await route.doors()]


async def test_a_route_is_added_renamed_and_given_hours_and_places(house: House) -> None:
    chen, _route = await with_homes(house)
    await chen.says("/settings")
    await chen.taps("Routes and stops")
    await chen.taps("Add a route")
    await chen.walks(("x" * 41, "at most 40 characters"))
    await chen.walks(("East", "East is open"), ("Name", "What shall East be called?"), ("Río", "Changed."))
    await chen.taps("Hours")
    await chen.walks(
        ("10:15", "And when are they back?"),
        ("11:45", "From when?"),
        ("From now on", "Río: 10:15–11:45, 0 homes"),
    )
    await chen.taps("Places")
    await chen.walks(("2", "From when?"), ("From now on", "Volunteers on each shift: 2"))
    river = await Route.get(name="Río")
    assert (river.starts_at, river.ends_at, river.places, river.position) == ("10:15", "11:45", 2, 2)


@ONE_ENGINE
async def test_a_route_cannot_end_before_it_begins(house: House) -> None:
    chen, route = await with_homes(house)
    await chen.presses(f"set_route:{route.id}:hours")
    await chen.walks(
        ("12:00", "And when"), ("11:00", "From when?"), ("From now on", "a route begins before it ends")
    )
    assert (await Route.get(id=route.id)).starts_at == "10:00"


@ONE_ENGINE
async def test_stops_move_up_and_down_by_buttons_and_a_second_tap_changes_nothing(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li", "Zhao")
    await chen.presses(f"route:{route.id}")
    card = (await chen.taps("Order of the stops"))[-1]
    assert card.text.splitlines()[1:] == ["1. Wang", "2. Li", "3. Zhao"]
    up = dict(card.keys)["↑ Zhao"]
    (edited,) = await chen.presses(up)
    assert edited.id == card.id
    assert await order(route) == ["Wang", "Zhao", "Li"]
    await chen.presses(up)
    assert await order(route) == ["Wang", "Zhao", "Li"]
    await chen.taps("↓ Wang")
    assert await order(route) == ["Zhao", "Wang", "Li"]


@ONE_ENGINE
async def test_a_new_order_is_written(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li", "Zhao", "Sun")
    await chen.presses(f"stops:{route.id}")
    await chen.taps("Write a new order")
    await chen.walks(
        ("3 3", "each once"),
        ("7", "each once"),
        ("hm", "each once"),
        ("3、1", "From when?"),
        ("From now on", "1. Zhao"),
    )
    assert await order(route) == ["Zhao", "Wang", "Li", "Sun"]
    assert [stop.position for stop in await route.doors()] == [1, 2, 3, 4]


@ONE_ENGINE
async def test_numbers_mean_the_stops_that_were_shown(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li")
    wu = await house.coordinator("Mr Wu")
    await chen.presses(f"stops:{route.id}")
    await chen.taps("Write a new order")
    await home(route, "Sun", 9, wu)
    assert "have changed meanwhile" in (await chen.says("2 1"))[-1].text
    assert await order(route) == ["Wang", "Li", "Sun"]


async def test_a_home_moves_to_another_route_and_keeps_its_history(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li")
    east = await Route.add(route.canteen_id, "East", by=await chen.person(), now=house.now)
    await chen.presses(f"move_stop:{route.id}")
    await chen.walks(
        ("Wang", "On which route shall Wang be?"),
        ("East", "From when?"),
        ("From now on", "Wang is now the last home of East."),
    )
    assert (await order(route), await order(east)) == (["Li"], ["Wang"])
    assert await Stop.filter(left_at__isnull=False).count() == 1


async def test_a_home_moves_from_a_date_and_the_rounds_before_it_stay_as_they_are(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li")
    canteen = await Canteen.get()
    east = await Route.add(route.canteen_id, "East", by=await chen.person(), now=house.now)
    await house.tick()
    wang = (await route.doors())[0]
    await chen.presses(f"move_stop:{route.id}")
    await chen.taps("Wang")
    await chen.walks(("East", "From when?"), ("26 Nov", "From Thu 26 Nov: Wang is on East"))
    assert "lists that are made already stay so" in chen.last.text
    assert "From Thu 26 Nov: Wang is on East" in (await chen.presses(f"senior:{wang.senior_id}"))[-1].text
    # Said again for the same day, the newer counts; taken back, nothing happens; then it is planned for good.
    await chen.presses(f"setting_stays:{(await DatedSetting.get()).id}")
    assert "this will not happen:\nFrom Thu 26 Nov: Wang is on East" in chen.last.text
    for _again in range(2):
        await chen.presses(f"move_stop:{route.id}")
        await chen.walks(("Wang", ""), ("East", ""), ("26 Nov", "From Thu 26 Nov: Wang is on East"))
    assert await DatedSetting.filter(voided_at=None).count() == 1
    for hour in ("2026-11-23 16:00", "2026-11-24 15:59"):
        await house.at(hour)
    assert await order(route) == ["Wang", "Li"]
    # Volunteers can take its shifts two weeks before somebody is on it.
    days = [shift.day for shift in await Shift.filter(route_id=east.id).order_by("day")]
    assert (days[0], len(days) > 5) == (THURSDAY, True)
    chen.reads()
    # Wednesday's lists are made at 16:00 with the old route, and Thursday's a day later with the new one.
    for hour in ("2026-11-24 16:00", "2026-11-24 16:01", "2026-11-25 09:00", "2026-11-25 16:00"):
        await house.at(hour)
    assert (await order(route), await order(east)) == (["Li"], ["Wang"])
    routes = {meal.day: meal.route_id for meal in await Meal.filter(senior_id=wang.senior_id)}
    assert [routes[day] for day in (TUESDAY, WEDNESDAY, THURSDAY)] == [route.id, route.id, east.id]
    told = [message.text for message in chen.reads() if "As you planned" in message.text]
    assert told == [
        f"As you planned, the next lists of {canteen.name} have this:\nFrom Thu 26 Nov: Wang is on East"
    ]
    about = f"senior {wang.senior_id}: route {route.id} → {east.id}"
    assert await AuditEvent.filter(act="senior.route_holds", about=about).count() == 1


@ONE_ENGINE
async def test_what_was_planned_for_a_route_that_was_closed_meanwhile_is_dropped(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li")
    by = await chen.person()
    east = await Route.add(route.canteen_id, "East", by=by, now=house.now)
    await house.tick()
    await chen.presses(f"move_stop:{route.id}")
    await chen.walks(("Wang", ""), ("East", ""), ("26 Nov", "From Thu 26 Nov: Wang is on East"))
    await east.close(route, by, house.now)
    # The orders of Wednesday close an hour earlier now: so does what waits for that.
    await Canteen.change(route.canteen_id, by=by, now=house.now, cutoff_at="15:00")
    assert (await DatedSetting.get()).starts_at == (await Canteen.get()).at(TUESDAY, "15:00")
    await house.at("2026-11-24 15:01")
    assert (await DatedSetting.get()).voided_at is not None
    assert await order(route) == ["Wang", "Li"]
    assert not any("As you planned" in message.text for message in chen.heard)


@ONE_ENGINE
async def test_closing_a_route_hands_its_homes_on(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li")
    east = await Route.add(route.canteen_id, "East", by=await chen.person(), now=house.now)
    await home(east, "Sun", 9, chen)
    await chen.presses(f"route:{route.id}")
    await chen.taps("Close this route")
    await chen.walks(
        ("East", "From when?"),
        ("From now on", "Close Route 1?"),
        ("Yes, close it", "Its homes are now the last ones of East."),
    )
    assert await order(east) == ["Sun", "Wang", "Li"]
    assert await Route.of(route.canteen_id) == [east]
    assert "no longer there" in (await chen.presses(f"route:{route.id}"))[-1].text


async def test_the_lists_of_a_route_that_is_closed_go_over_but_not_from_the_round_under_way(
    house: House,
) -> None:
    chen, route = await with_homes(house, "Wang")
    by = await chen.person()
    east, west = [await Route.add(route.canteen_id, name, by=by, now=house.now) for name in ("East", "West")]
    await home(east, "Sun", 8, chen)
    await home(west, "Li", 9, chen)
    lin = await house.volunteer()
    await house.at("2026-11-23 16:01")
    await Shift.claim((await Shift.get(route_id=east.id, day=WEDNESDAY)).id, await lin.person(), house.now)
    for hour in ("2026-11-24 16:00", "2026-11-24 16:01"):
        await house.at(hour)
    await closes_into_east(chen, west)
    await house.at("2026-11-25 10:05")
    assert "Door 1 of 2" in (await lin.says("/round"))[-1].text
    await closes_into_east(chen, route)
    rounds = {
        meal.senior.name: meal.route_id for meal in await Meal.filter(day=WEDNESDAY).select_related("senior")
    }
    assert rounds == {"Wang": route.id, "Sun": east.id, "Li": east.id}
    assert (await Shift.get(route_id=west.id, day=WEDNESDAY)).state is ShiftState.DROPPED
    assert (await Shift.get(route_id=route.id, day=WEDNESDAY)).state is ShiftState.OPEN
    assert await order(east) == ["Sun", "Li", "Wang"]


@ONE_ENGINE
async def test_a_round_that_no_other_can_take_over_is_walked_though_its_route_is_closed(
    house: House,
) -> None:
    chen, route = await with_homes(house, "Wang")
    by = await chen.person()
    east = await Route.add(route.canteen_id, "East", by=by, now=house.now)
    await home(east, "Sun", 8, chen)
    await Route.change(route.id, by=by, now=house.now, starts_at="16:00", ends_at="17:00")
    lin = await house.volunteer()
    await house.at("2026-11-23 16:01")
    await Shift.claim((await Shift.get(route_id=route.id, day=TUESDAY)).id, await lin.person(), house.now)
    await house.at("2026-11-24 12:30")
    await closes_into_east(chen, route)
    assert (await Meal.get(senior__short_id="A1", day=TUESDAY)).route_id == route.id
    await house.at("2026-11-24 16:05")
    assert "Door 1 of 1" in (await lin.says("/round"))[-1].text
    await lin.taps("✓ Handed over")
    assert (await Meal.get(senior__short_id="A1", day=TUESDAY)).state is MealState.IN_PERSON


async def closes_into_east(chen: Phone, route: Route) -> None:
    await chen.presses(f"end_route:{route.id}")
    await chen.walks(
        ("East", "From when?"), ("From now on", "Close"), ("Yes, close it", "the last ones of East.")
    )
    await chen.house.tick()


@ONE_ENGINE
async def test_the_only_route_stays(house: House) -> None:
    chen, route = await with_homes(house, "Wang")
    assert "the only route" in (await chen.presses(f"end_route:{route.id}"))[-1].text
    assert "the only route" in (await chen.presses(f"move_stop:{route.id}"))[-1].text
    assert await Route.of(route.canteen_id) == [route]


@ONE_ENGINE
async def test_of_fifty_homes_the_order_is_written_not_tapped(house: House) -> None:
    chen, route = await with_homes(house, *(f"Wang {n}" for n in range(1, 43)))
    card = (await chen.presses(f"stops:{route.id}"))[-1]
    assert card.buttons == ["Write a new order", "Back to the route"]
    await chen.taps("Write a new order")
    await chen.says("42")
    await chen.taps("From now on")
    assert (await order(route))[:3] == ["Wang 42", "Wang 1", "Wang 2"]


@ONE_ENGINE
@pytest.mark.parametrize(
    "data", ["route:{0}", "stops:{0}", "set_route:{0}:name", "end_route:{0}", "put_stop:{0}:1:1"]
)
async def test_a_route_of_another_canteen_stays_closed(house: House, data: str) -> None:
    _chen, route = await with_homes(house, "Wang", "Li")
    south = await Canteen.open("South", "Asia/Shanghai", "en", house.now)
    wu, lin = await house.coordinator("Mr Wu", canteen=south), await house.volunteer()
    before = await order(route)
    assert "not open to you" in (await wu.presses(data.format(route.id)))[-1].text
    assert "not open to you here" in (await lin.presses(data.format(route.id)))[-1].text
    assert await order(route) == before
