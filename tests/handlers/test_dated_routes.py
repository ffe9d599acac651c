"""A route's hours, places, order of doors, first and last day, from a day to come."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from models import datedroutes
from models.audit import AuditEvent
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.datedsettings import DatedSetting
from models.meals import Meal
from models.refusals import Gone, LastRoute, NotAllowed, SettingsOutOfOrder, SettingUnreadable, StopsChanged
from models.routes import Kind, Route
from models.shifts import Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_routes import home, order, with_homes
from tests.house import House, Phone
from tests.models.making import FRIDAY, THURSDAY, TUESDAY, WEDNESDAY

NEXT_MONDAY = date(2026, 11, 30)
FROM_MONDAY = "From Mon 30 Nov on"


async def takes_back(chen: Phone, words: str) -> None:
    await chen.says("/settings")
    assert words in chen.last.text.splitlines()
    await chen.taps(f"Take back: {words}")
    assert f"this will not happen:\n{words}" in chen.last.text


async def hours_of(route: Route, day: date) -> tuple[str, str, int]:
    shift = await Shift.get(route_id=route.id, day=day)
    zone = ZoneInfo((await Canteen.get(id=route.canteen_id)).zone)
    return (f"{shift.starts_at.astimezone(zone):%H:%M}", f"{shift.ends_at.astimezone(zone):%H:%M}",
            shift.places)  # fmt: skip


async def walked(route: Route) -> set[date]:
    """List the days of two weeks on which this route is walked."""
    open_ = Shift.filter(route_id=route.id).exclude(state=ShiftState.DROPPED)
    return {shift.day for shift in await open_}


def planned(chen: Phone) -> list[str]:
    return [message.text for message in chen.reads() if "As you planned" in message.text]


async def test_hours_and_places_from_a_date_are_those_of_the_shifts_from_then_on(house: House) -> None:
    chen, route = await with_homes(house, "Wang")
    lin = await house.volunteer()
    await house.tick()
    held = await Shift.get(day=date(2026, 12, 1))
    await Shift.claim(held.id, await lin.person(), house.now)
    for what, lines in (
        ("hours", (("9:30", "back?"), ("11:00", "From when?"), (FROM_MONDAY, "Route 1, 09:30–11:00"))),
        ("places", (("2", "From when?"), (FROM_MONDAY, "Route 1, 2 volunteers on each shift"))),
    ):
        await chen.presses(f"set_route:{route.id}:{what}")
        await chen.walks(*lines)
    assert "From Mon 30 Nov: Route 1, 09:30–11:00" in (await chen.presses(f"route:{route.id}"))[-1].text
    assert await hours_of(route, FRIDAY) == ("10:00", "12:00", 1)
    assert await hours_of(route, NEXT_MONDAY) == ("09:30", "11:00", 2)
    # Who has taken a place was promised an hour.
    assert await hours_of(route, held.day) == ("10:00", "12:00", 2)
    canteen = await Canteen.get()
    for day, out in ((FRIDAY, "10:00"), (NEXT_MONDAY, "09:30")):
        assert (await ServiceDay.get(day=day)).out_at == canteen.at(day, out)
    await takes_back(chen, "From Mon 30 Nov: Route 1, 09:30–11:00")
    assert await hours_of(route, NEXT_MONDAY) == ("10:00", "12:00", 2)
    await chen.presses(f"set_route:{route.id}:hours")
    await chen.walks(("9:30", "back?"), ("11:00", ""), (FROM_MONDAY, "Route 1, 09:30–11:00"))
    # What is changed at once does not reach the day from which on something else holds.
    await chen.presses(f"set_route:{route.id}:hours")
    await chen.walks(("10:15", "back?"), ("12:15", ""), ("From now on", "Changed."))
    assert (await hours_of(route, FRIDAY))[0] == "10:15"
    # Days that are planned only later have the hours, too.
    await house.at("2026-11-29 23:59")
    assert await hours_of(route, date(2026, 12, 11)) == ("09:30", "11:00", 2)
    assert (await Route.get(id=route.id)).starts_at == "10:15"
    chen.reads()
    await house.at("2026-11-30 00:00")
    changed = await Route.get(id=route.id)
    assert (changed.starts_at, changed.ends_at, changed.places) == ("09:30", "11:00", 2)
    assert await hours_of(route, NEXT_MONDAY) == ("09:30", "11:00", 2)
    about = f"route {route.id}: 10:15 12:15 → 09:30 11:00"
    assert await AuditEvent.filter(act="route.hours_holds", about=about).count() == 1
    await house.at("2026-11-30 08:30")
    (told,) = planned(chen)
    assert "this holds at Ping'an Lane now" in told
    assert "Route 1, 2 volunteers on each shift" in told
    assert "From Mon 30 Nov: Route 1, 09:30–11:00" in told
    assert planned(chen) == []


async def test_a_new_order_from_a_date_is_that_of_the_lists_from_then_on(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li", "Zhao")
    await house.tick()
    await chen.presses(f"stops:{route.id}")
    await chen.taps("Write a new order")
    await chen.walks(
        ("3 1", "From when?"), ("26 Nov", "From Thu 26 Nov: the stops of Route 1 in a new order")
    )
    assert "1. Zhao\n2. Wang\n3. Li" in chen.last.text
    await takes_back(chen, "From Thu 26 Nov: the stops of Route 1 in a new order")
    await chen.presses(f"stops:{route.id}")
    await chen.taps("Write a new order")
    await chen.walks(("3 1", "From when?"), ("26 Nov", "1. Zhao"))
    # A door that comes meanwhile follows; one that goes is left out.
    await home(route, "Sun", 9, chen)
    await (await route.doors())[1].delete()
    for hour in ("2026-11-23 16:00", "2026-11-24 16:00"):
        chen.reads()
        await house.at(hour)
        await house.at(f"{hour[:-2]}01")
    assert await order(route) == ["Zhao", "Wang", "Sun"]
    said = "From Thu 26 Nov: the stops of Route 1 in a new order"
    assert planned(chen) == [f"As you planned, the next lists of Ping'an Lane have this:\n{said}"]
    await house.at("2026-11-25 16:00")
    names = {stop.senior_id: stop.senior.called for stop in await route.doors()}
    for day, walk in ((WEDNESDAY, ["Wang", "Zhao", "Sun"]), (THURSDAY, ["Zhao", "Wang", "Sun"])):
        meals = await Meal.filter(day=day, route_id=route.id).order_by("position")
        assert [names[meal.senior_id] for meal in meals] == walk
    assert await AuditEvent.filter(act="route.order_holds").count() == 1


async def test_a_route_closes_from_a_date_and_its_homes_go_over_with_the_lists_of_that_day(
    house: House,
) -> None:
    chen, route = await with_homes(house, "Wang", "Li")
    east = await Route.add(route.canteen_id, "East", by=await chen.person(), now=house.now)
    await house.tick()
    lin = await house.volunteer()
    thursday = await Shift.get(route_id=route.id, day=THURSDAY)
    await Shift.claim(thursday.id, await lin.person(), house.now)
    assert await walked(east) == set()
    said = "From Thu 26 Nov: Route 1 is closed, its homes are the last ones of East"
    await chen.presses(f"end_route:{route.id}")
    await chen.walks(("East", "From when?"), ("26 Nov", said))
    await house.tick()
    days = {day.day for day in await ServiceDay.filter(day__lte=date(2026, 12, 4))}
    assert {TUESDAY, WEDNESDAY} <= await walked(route) <= {date(2026, 11, 23), TUESDAY, WEDNESDAY}
    assert {day for day in days if day >= THURSDAY} <= await walked(east)
    assert min(await walked(east)) == THURSDAY
    assert "nobody is needed on Thu 26 Nov" in "".join(one.text for one in lin.heard)
    assert "Which route" not in (await chen.presses(f"end_route:{east.id}"))[-1].text
    # Taken back, all is as it was; then it is planned for good.
    await takes_back(chen, said)
    await house.tick()
    assert THURSDAY in await walked(route)
    await chen.presses(f"end_route:{route.id}")
    await chen.walks(("East", "From when?"), ("26 Nov", said))
    for hour in ("2026-11-23 16:00", "2026-11-24 15:59"):
        await house.at(hour)
    assert await order(route) == ["Wang", "Li"]
    # The lists of Wednesday are made at 16:00: then its homes are East's, and Wednesday is walked still.
    await house.at("2026-11-24 16:00")
    await house.at("2026-11-24 16:01")
    assert (await order(route), await order(east)) == ([], ["Wang", "Li"])
    assert (await Route.get(id=route.id)).closed_at is None
    row = await DatedSetting.get(applied_at=None, voided_at=None)
    await chen.presses(f"setting_stays:{row.id}")
    assert "no longer there" in chen.last.text
    await chen.says("/settings")
    assert said in chen.last.text
    assert f"Take back: {said}" not in chen.last.buttons
    await house.at("2026-11-25 10:30")
    assert (await Shift.get(route_id=route.id, day=WEDNESDAY)).state is not ShiftState.DROPPED
    # Who still comes to it in between goes over as well, with the lunch that is on a list already.
    sun = await home(route, "Sun", 9, chen)
    await house.at("2026-11-25 16:00")
    assert (await Meal.get(senior_id=sun.id)).route_id == route.id
    chen.reads()
    await house.at("2026-11-26 00:00")
    routes = {(meal.day, meal.route_id) for meal in await Meal.filter(day__gte=TUESDAY)}
    assert routes == {(TUESDAY, route.id), (WEDNESDAY, route.id), (THURSDAY, east.id)}
    assert (await order(east), (await Meal.get(senior_id=sun.id)).position) == (["Wang", "Li", "Sun"], 3)
    assert (await Route.get(id=route.id)).closed_at is not None
    await house.at("2026-11-26 08:30")
    assert planned(chen) == [f"As you planned, this holds at Ping'an Lane now:\n{said}"]
    assert await Route.of(route.canteen_id) == [east]
    assert await AuditEvent.filter(act="route.closes_holds").count() == 1


@ONE_ENGINE
async def test_homes_go_to_a_route_that_is_open_when_the_day_comes_or_all_stays(house: House) -> None:
    chen, route = await with_homes(house, "Wang")
    by = await chen.person()
    east, west = [await Route.add(route.canteen_id, name, by=by, now=house.now) for name in ("East", "West")]
    row = await datedroutes.plan_close(route.id, east, THURSDAY, by=by, now=house.now)
    await east.close(None, by, house.now)
    for hour in ("2026-11-23 16:00", "2026-11-24 16:00", "2026-11-24 16:01"):
        await house.at(hour)
    assert (await order(west), (await DatedSetting.get(id=row.id)).value) == (["Wang"], str(west.id))
    await house.at("2026-11-26 08:30")
    assert "its homes are the last ones of West" in "".join(planned(chen))
    # The last one can't close, whatever was planned.
    north = await Route.add(route.canteen_id, "North", by=by, now=house.now)
    row = await datedroutes.plan_close(west.id, north, date(2026, 12, 3), by=by, now=house.now)
    await north.close(None, by, house.now)
    await house.at("2026-12-03 08:30")
    assert (await DatedSetting.get(id=row.id)).voided_at is not None
    assert await Route.of(route.canteen_id) == [west]
    assert planned(chen) == []


async def test_work_begins_and_ends_on_a_day_to_come(house: House) -> None:
    chen, _route = await with_homes(house, "Wang")
    await chen.presses(f"add_work:{(await Canteen.get()).id}")
    await chen.walks(
        ("Kitchen", "called"), ("Kitchen", "begin"), ("8:30", "end"), ("11:00", "How many"),
        ("1", "From when?"), ("25 Nov", "From Wed 25 Nov: Kitchen is open"),
    )  # fmt: skip
    kitchen = await Route.get(kind=Kind.KITCHEN)
    await house.tick()
    assert min(await walked(kitchen)) == WEDNESDAY
    await chen.presses(f"set_work:{kitchen.id}:close")
    await chen.walks((FROM_MONDAY, "From Mon 30 Nov: Kitchen is closed"))
    await chen.presses(f"set_work:{kitchen.id}:hours")
    await chen.walks(("9:00", "end"), ("11:30", ""), ("27 Nov", "From Fri 27 Nov: Kitchen, 09:00–11:30"))
    await house.tick()
    assert await walked(kitchen) == {WEDNESDAY, THURSDAY, FRIDAY}
    starts = [(await hours_of(kitchen, day))[0] for day in (WEDNESDAY, THURSDAY, FRIDAY)]
    assert starts == ["08:30", "08:30", "09:00"]
    assert "From Wed 25 Nov: Kitchen is open" in (await chen.presses(f"work:{kitchen.id}"))[-1].text
    await takes_back(chen, "From Wed 25 Nov: Kitchen is open")
    assert (await Route.get(id=kitchen.id)).closed_at is not None
    assert await DatedSetting.filter(voided_at=None).count() == 0, "nothing comes any more of what is closed"
    await house.tick()
    assert await walked(kitchen) == set()


@ONE_ENGINE
async def test_what_can_not_be_planned_of_a_route_is_refused(house: House) -> None:
    chen, route = await with_homes(house, "Wang", "Li")
    by, now = await chen.person(), house.now
    lin = await (await house.volunteer()).person()
    value = datedroutes.hours_value("09:30", "11:00")
    stops = [stop.id for stop in await route.doors()]
    for refusal, act in (
        (NotAllowed, lambda: datedroutes.plan_for(route.id, "hours", value, FRIDAY, by=lin, now=now)),
        (Gone, lambda: datedroutes.plan_for(99, "hours", value, FRIDAY, by=by, now=now)),
        (
            SettingUnreadable,
            lambda: datedroutes.plan_for(route.id, "hours", value, now.date(), by=by, now=now),
        ),
        (
            SettingsOutOfOrder,
            lambda: datedroutes.plan_for(route.id, "hours", "12:00 11:00", FRIDAY, by=by, now=now),
        ),
        (StopsChanged, lambda: datedroutes.plan_order(route.id, stops[:1], FRIDAY, by=by, now=now)),
        (LastRoute, lambda: datedroutes.plan_close(route.id, None, FRIDAY, by=by, now=now)),
    ):
        with pytest.raises(refusal):
            await act()
