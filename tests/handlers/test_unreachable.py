"""Somebody whom no message reaches any more."""

from __future__ import annotations

from datetime import timedelta

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.people import Person
from models.routes import Route
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone


async def blocked(phone: Phone) -> Person:
    """Let the channel refuse everything for this phone; say something to it."""
    phone.house.wire.blocked.add(phone.address)
    await phone.says("/start")
    return await phone.person()


async def a_shift(house: House, lin: Phone) -> Claim:
    canteen = await Canteen.get()
    (route,) = await Route.of(canteen.id)
    day = await ServiceDay.get(canteen_id=canteen.id, day="2026-11-27")
    starts = canteen.at(day.day, route.starts_at)
    shift = await Shift.create(
        canteen=canteen,
        route=route,
        day=day.day,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        places=1,
    )
    return await Shift.claim(shift.id, await lin.person(), house.now)


async def test_the_coordinator_is_asked_to_call_and_may_free_the_shift(house: House) -> None:
    await house.canteen()
    await house.tick()
    chen, qian = await house.coordinator(), await house.volunteer("Qian")
    person = await qian.person()
    await person.introduce("Qian", "+8613912345678")
    claim = await a_shift(house, qian)
    chen.reads()
    await blocked(qian)
    (alert,) = chen.reads()
    assert alert.text.splitlines() == [
        "Qian does not get my messages any more.",
        "They have a shift: Fri 27 Nov, 10:00–12:00, Route 1.",
        "Please call them: +8613912345678",
    ]
    for _again in range(2):
        heard = await chen.taps("Open the place on Fri 27 Nov, 10:00–12:00 to others")
        assert "open to others" in heard[-1].text
    assert (await Claim.get(id=claim.id)).given_back_at == house.now
    assert (await Shift.get()).taken == 0


async def test_the_coordinator_hears_it_once_a_day(house: House) -> None:
    await house.canteen()
    chen, qian = await house.coordinator(), await house.volunteer("Qian")
    chen.reads()
    for _again in range(3):
        await blocked(qian)
    assert len(chen.reads()) == 1
    await house.at("2026-11-24 09:00")
    await blocked(qian)
    assert len([heard for heard in chen.reads() if "does not get my messages" in heard.text]) == 1


async def test_of_a_family_lunch_goes_on(house: House) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    chen.reads()
    await blocked(mei)
    (alert,) = chen.reads()
    assert "I have no phone number of theirs." in alert.text
    assert alert.buttons == []


async def test_a_coordinator_who_is_lost_is_told_of_to_the_others(house: House) -> None:
    await house.canteen()
    chen, wu = await house.coordinator(), await house.coordinator("Mr Wu")
    wu.reads()
    await blocked(chen)
    assert "Ms Chen does not get my messages" in wu.reads()[0].text


@ONE_ENGINE
async def test_only_the_coordinator_frees_somebody_elses_place(house: House) -> None:
    await house.canteen()
    await house.tick()
    lin, gao = await house.volunteer(), await house.volunteer("Gao")
    claim = await a_shift(house, lin)
    south = await Canteen.open("South", "Asia/Shanghai", "en", house.now)
    wu = await house.coordinator("Mr Wu", canteen=south)
    assert "not open to you here" in (await gao.presses(f"free_place:{claim.id}"))[-1].text
    assert "not open to you" in (await wu.presses(f"free_place:{claim.id}"))[-1].text
    assert "no longer there" in (await wu.presses("free_place:999"))[-1].text
    assert (await Claim.get(id=claim.id)).given_back_at is None


@ONE_ENGINE
async def test_the_shifts_of_somebody_whose_role_ends_are_open_again(house: House) -> None:
    await house.canteen()
    await house.tick()
    chen, lin = await house.coordinator(), await house.volunteer()
    await a_shift(house, lin)
    await chen.says("/revoke")
    await chen.taps("Volunteer: Lin, no number yet")
    await chen.taps("Yes, end it")
    assert (await Shift.get()).taken == 0
    assert (await Claim.get()).given_back_at == house.now
