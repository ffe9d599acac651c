"""A first visit: whoever knows the way goes along, and the coordinator hears when nobody can."""

from __future__ import annotations

from datetime import date

import pytest

from models.firstvisits import FirstVisit
from models.routes import Route, Stop
from models.shifts import Shift
from models.standing import Away
from tests.house import House, Phone
from tests.models.making import TUESDAY, WEDNESDAY, a_senior
from tests.shifts.scene import a_canteen_with_shifts, the_shift

ON_SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


async def a_new_door(house: House) -> tuple[Phone, Phone, Phone, Shift]:
    """Gao has walked the route; somebody new comes to its end, and Lin, who is new, takes the next round."""
    canteen = await a_canteen_with_shifts(house, homes=2)
    chen, gao, lin = await house.coordinator(), await house.volunteer("Gao"), await house.volunteer("Lin")
    await gao.presses(f"shift_take:{(await the_shift(canteen, TUESDAY)).id}:0")
    await house.at("2026-11-24 09:50")
    await gao.says("/round")
    await gao.taps("✓ Handed over")
    await gao.taps("✓ Handed over")
    senior = await a_senior(canteen, name="Sun Wei")
    await Stop.create(route_id=(await Route.get()).id, senior_id=senior.id, position=3, since=house.now)
    wednesday = await the_shift(canteen, WEDNESDAY)
    await lin.presses(f"shift_take:{wednesday.id}:0")
    return chen, gao, lin, wednesday


async def test_whoever_knows_the_way_goes_along_to_a_new_door(house: House) -> None:
    chen, gao, lin, wednesday = await a_new_door(house)
    await house.at("2026-11-24 13:00")
    assert "Could you go along? Wed 25 Nov, 10:00–12:00, Route 1" in gao.last.text
    assert "1 home gets lunch for the first time." in gao.last.text
    assert "Sun Wei" not in gao.last.text
    await gao.taps("I'll go along")
    shift = await Shift.get(id=wednesday.id)
    assert (shift.places, shift.taken) == (2, 2)
    assert "First visit: with Gao, who knows the way." in lin.last.text
    assert not [one for one in chen.heard if "familiar face" in one.text]
    await house.at("2026-11-24 16:01")
    await house.at("2026-11-25 08:01")
    assert any("Sun Wei" in one.text and "first lunch here" in one.text for one in chen.heard)
    await house.at("2026-11-25 09:50")
    await lin.says("/round")
    assert "First visit" not in lin.last.text
    await lin.taps("✓ Handed over")
    await lin.taps("✓ Handed over")
    assert "Sun Wei" in lin.last.text
    assert "First visit: with Gao" in lin.last.text
    await gao.says("/round")
    assert "First visit: please say who you are" in gao.last.text


@ON_SQLITE
async def test_the_coordinator_hears_of_a_first_visit_that_nobody_can_go_along_to(house: House) -> None:
    chen, gao, lin, _wednesday = await a_new_door(house)
    await house.at("2026-11-24 13:00")
    await gao.taps("Not this time")
    assert "First visit without a familiar face: Wed 25 Nov, 10:00–12:00, Route 1." in chen.last.text
    assert "Lin does not know the way yet" in chen.last.text
    heard = len(chen.heard)
    await house.at("2026-11-24 13:10")
    assert len(chen.heard) == heard
    assert await FirstVisit.filter(beside_id=None).count() == 1
    assert "First visit: with" not in "".join(one.text for one in lin.heard)


@ON_SQLITE
async def test_nobody_who_is_away_is_asked_along(house: House) -> None:
    chen, gao, _lin, _wednesday = await a_new_door(house)
    person = await gao.person()
    await Away.say(person, WEDNESDAY, WEDNESDAY, date(2026, 11, 24), house.now)
    await house.at("2026-11-24 13:00")
    assert "Could you go along?" not in gao.last.text
    assert "First visit without a familiar face" in chen.last.text
