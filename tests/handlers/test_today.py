"""The coordinator's card of the day stays true while the day goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest_asyncio

from models.canteens import Canteen
from models.meals import MealState
from models.people import Role
from models.routes import Route, Stop
from models.seniors import Mode, Status
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.house import Heard, House, Phone
from tests.models.making import TUESDAY, a_canteen, a_senior
from tests.played import played_once

NAMES = ("Wang Guilan", "Sun Meifang", "Zhao Fu")


@pytest_asyncio.fixture
@played_once
async def chen(house: House) -> Phone:
    """Monday, 09:00: three doors on Route 1, a guest at the table, and one who fetches lunch."""
    canteen = await house.canteen()
    route = await Route.get(canteen_id=canteen.id)
    for position, name in enumerate(NAMES, 1):
        senior = await a_senior(canteen, name=name)
        await Stop.create(route_id=route.id, senior_id=senior.id, position=position, since=house.now)
    await a_senior(canteen, name="Li Ming", mode=Mode.DINE_IN)
    await a_senior(canteen, name="Ma Fang", mode=Mode.PICK_UP)
    await house.tick()
    return await house.coordinator()


def card(phone: Phone) -> Heard:
    """Find the newest card of a day."""
    return [message for message in phone.heard if message.text.startswith("Ping'an Lane, ")][-1]


@played_once
async def lin_carries(house: House) -> Phone:
    lin = await house.volunteer("Lin")
    await house.tick()
    shift = await Shift.get(day=TUESDAY)
    await lin.presses(f"shift_take:{shift.id}:0")
    return lin


@ONE_ENGINE
async def test_while_orders_are_open_tomorrow_is_told_so_far(chen: Phone) -> None:
    (heard,) = await chen.says("/today")
    assert heard.text.splitlines()[0] == "Ping'an Lane, Mon 23 Nov"
    assert heard.text.splitlines()[-2:] == [
        "Tue 24 Nov so far: 5 lunches. Orders close on Mon 23 Nov, 16:00.",
        "1 place on a round is still free.",
    ]
    assert "Nothing is open." in heard.text


@ONE_ENGINE
async def test_plain_words_ask_for_it_too(chen: Phone) -> None:
    (heard,) = await chen.says("How is today going?")
    assert heard.text.startswith("Ping'an Lane, Mon 23 Nov")


@ONE_ENGINE
async def test_on_a_day_without_lunch_the_next_one_is_told(house: House, chen: Phone) -> None:
    await house.at("2026-11-28 10:00")
    (heard,) = await chen.says("/today")
    assert "No lunch is cooked on this day." in heard.text
    assert "Mon 30 Nov: 5 lunches, orders are closed." in heard.text


@ONE_ENGINE
async def test_the_card_goes_along_with_the_round_in_place(house: House, chen: Phone) -> None:
    lin = await lin_carries(house)
    await house.at("2026-11-24 09:50")
    await chen.says("/today")
    before = len(chen.heard)
    assert "5 lunches\nBrought home: 3 · at the canteen: 1 · picked up: 1" in card(chen).text
    assert "Route 1: Lin · 3 doors, leaves at 10:00" in card(chen).text
    await house.at("2026-11-24 10:02")
    await lin.says("/round")
    await lin.taps("✓ Handed over")
    assert len(chen.heard) == before
    assert "✓ 1 served in person\n4 not known yet" in card(chen).text
    assert "Route 1: Lin · 1 of 3 doors, on the way since 10:02" in card(chen).text
    await lin.taps("✓ Handed over")
    await lin.taps("✓ Handed over")
    assert "Route 1: Lin · ✓ all 3 doors done" in card(chen).text
    assert "✓ 3 served in person\n2 not known yet" in card(chen).text


@ONE_ENGINE
async def test_a_door_that_stays_shut_stands_on_the_card_until_it_is_settled(
    house: House, chen: Phone
) -> None:
    lin = await lin_carries(house)
    await house.at("2026-11-24 10:11")
    await chen.says("/today")
    assert "Nothing is open." in card(chen).text
    await lin.says("/round")
    await lin.taps("✗ No answer")
    assert "❗ 1 did not answer the door" in card(chen).text
    assert "❗ Wang Guilan did not answer, since 10:11: nobody looks into it yet." in card(chen).text
    assert "Open cases" in card(chen).buttons
    await house.at("2026-11-24 10:15")
    await chen.presses("take:1")
    await house.tick()
    assert "since 10:11: Ms Chen looks into it." in card(chen).text


@ONE_ENGINE
async def test_what_was_left_or_refused_is_not_served_in_person(house: House, chen: Phone) -> None:
    lin = await lin_carries(house)
    await house.at("2026-11-24 10:05")
    await lin.says("/round")
    for state in (MealState.NEIGHBOUR, MealState.AT_DOOR, MealState.REFUSED):
        await lin.taps("Something else happened")
        await lin.taps(next(data for _label, data in lin.last.keys if data.endswith(state.value)))
    await chen.says("/today")
    assert "✓ 0 served in person" in card(chen).text
    assert "2 left with a neighbour or at the door, not seen" in card(chen).text
    assert "1 not wanted or brought back" in card(chen).text


@ONE_ENGINE
async def test_a_place_given_back_and_a_registration_show_without_asking_again(
    house: House, chen: Phone
) -> None:
    lin = await lin_carries(house)
    await house.at("2026-11-24 08:30")
    await chen.says("/today")
    before = len(chen.heard)
    claim = await Claim.get(person_id=(await lin.person()).id)
    await Claim.give_back(claim.id, await lin.person(), house.now)
    await house.at("2026-11-24 08:31")
    assert "Route 1: nobody carries it yet · 3 doors" in card(chen).text
    assert "1 place on a round is still free." in card(chen).text
    await a_senior(await Canteen.get(), name="Gu Fen", status=Status.ENQUIRY)
    await house.at("2026-11-24 08:32")
    assert "1 person waits for your answer: /approve" in card(chen).text
    assert card(chen).edited
    assert len([message for message in chen.heard if message.text.startswith("Ping'an Lane, ")]) == 1
    assert len(chen.heard) >= before


@ONE_ENGINE
async def test_asked_again_it_comes_fresh_and_goes_on_there(house: House, chen: Phone) -> None:
    await chen.says("/today")
    await house.at("2026-11-23 09:10")
    await chen.says("/help")
    (heard,) = await chen.says("/today")
    assert chen.last is heard
    assert (await chen.taps("Refresh")) == []
    assert chen.last is heard


@ONE_ENGINE
async def test_who_carries_can_be_called(house: House, chen: Phone) -> None:
    lin = await lin_carries(house)
    person = await lin.person()
    person.set_phone("+8610000000011")
    await person.save()
    await house.at("2026-11-24 08:30")
    await chen.says("/today")
    (heard,) = await chen.taps("Who carries?")
    assert "Route 1, Tue 24 Nov, 10:00–12:00\nLin, +8610000000011" in heard.text


async def test_a_clock_that_stands_still_is_told(house: House, chen: Phone) -> None:
    await house.at("2026-11-23 15:00")
    house.clock.instant += timedelta(minutes=90)
    (heard,) = await chen.says("/today")
    assert "My clock stands still: something was due on Mon 23 Nov, 16:00" in heard.text
    await house.tick()
    assert "stands still" not in card(chen).text


@ONE_ENGINE
async def test_the_card_is_for_the_coordinators_of_that_canteen(house: House, chen: Phone) -> None:
    lin = await house.volunteer("Lin")
    assert "not open to you" in (await lin.says("/today"))[0].text
    other = await a_canteen()
    for data in (f"today:{other.id}:2026-11-23", f"carriers:{other.id}:2026-11-23"):
        assert "not open to you" in (await chen.presses(data))[0].text


@ONE_ENGINE
async def test_nobody_who_did_not_ask_gets_a_card(house: House, chen: Phone) -> None:
    wu = await house.member("Mr Wu", Role.COORDINATOR)
    await chen.says("/today")
    await house.at("2026-11-23 16:00")
    assert not any(message.text.startswith("Ping'an Lane, ") for message in wu.heard)
