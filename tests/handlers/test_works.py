"""Kitchen, desk and driving: shifts without doors, from the settings to the hours."""

from __future__ import annotations

import pytest

from models.hours import HoursEntry
from models.routes import Kind, Route
from models.shifts import Shift, ShiftState
from tests.house import House, Phone
from tests.models.making import TUESDAY, WEDNESDAY
from tests.shifts.scene import a_canteen_with_shifts, the_shift

ON_SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


async def opens_a_kitchen(chen: Phone, places: str = "2") -> None:
    """Have the coordinator open kitchen shifts from the settings."""
    await chen.says("/settings")
    await chen.taps("Volunteers and duty")
    await chen.taps("Kitchen, desk and driving")
    await chen.walks(
        ("Add such a shift", "What is it?"),
        ("Kitchen", "What shall it be called?"),
        ("Kitchen", "When does it begin?"),
        ("8:30", "when does it end?"),
        ("11:00", "How many people"),
        (places, "Kitchen is open"),
    )


async def test_a_kitchen_has_shifts_of_its_own_from_the_settings_to_the_hours(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=3)
    chen, lin = await house.coordinator(), await house.volunteer("Lin")
    await opens_a_kitchen(chen)
    await chen.walks(("Where", "Where does one come to"), ("the back door", "Place: the back door"))
    await chen.walks(("Days", "On which days?"), ("Tue, Wed", "Kitchen (Kitchen): 08:30–11:00, Tue and Wed"))
    await house.tick()
    days = {shift.day.weekday() for shift in await Shift.filter(route__name="Kitchen")}
    assert days == {1, 2}
    await lin.says("/shifts")
    assert "Tue 24 Nov, 08:30–11:00 · Kitchen · 3 lunches · 2 places left" in lin.last.text
    await lin.taps("Tue 24 Nov, 08:30–11:00 · Kitchen")
    assert "3 people have lunch that day." in lin.last.text
    assert "Please come to: the back door" in lin.last.text
    await house.at("2026-11-23 18:00")
    assert "Tomorrow is your shift: Tue 24 Nov, 08:30–11:00, Kitchen." in lin.last.text
    await lin.taps("I'll be there")
    await house.at("2026-11-24 08:00")
    assert "Today is your shift" in lin.last.text
    assert "Show my round" not in lin.last.buttons
    await chen.says("/today")
    assert "Kitchen: Lin, from 08:30 · 1 place is free" in chen.last.text
    await house.at("2026-11-24 08:31")
    assert "Lin, your shift has begun: Kitchen. Are you on the way?" in lin.last.text
    await lin.taps("I am there")
    assert any("Kitchen: Lin, there since 08:31" in message.text for message in chen.heard)
    assert "You have no round now" in (await lin.says("/round"))[-1].text
    await house.at("2026-11-24 10:46")
    await lin.says("/my")
    await lin.taps("I am done")
    assert "I have noted 135 minutes" in lin.last.text
    await lin.taps("I am done")
    # One place is still open, so the kitchen is not done before its end.
    assert (await the_shift(canteen, TUESDAY, "Kitchen")).state is ShiftState.OPEN
    await house.at("2026-11-24 11:00")
    await lin.taps("I am done")
    entry = await HoursEntry.get(voided_at=None)
    assert (entry.minutes, entry.person_id) == (135, (await lin.person()).id)
    shift = await the_shift(canteen, TUESDAY, "Kitchen")
    assert shift.state is ShiftState.FINISHED
    assert any("Kitchen: Lin · ✓ done" in message.text for message in chen.heard)


@ON_SQLITE
async def test_nobody_is_done_before_the_kitchen_begins(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2)
    chen, lin = await house.coordinator(), await house.volunteer("Lin")
    await opens_a_kitchen(chen, places="1")
    await house.tick()
    kitchen = await the_shift(canteen, TUESDAY, "Kitchen")
    await lin.presses(f"shift_take:{kitchen.id}:0")
    await house.at("2026-11-24 08:10")
    await lin.taps("I am there")
    await lin.taps("I am done")
    assert "nothing was changed" in lin.last.text
    await lin.says("/my")
    assert "I am done" not in lin.last.buttons
    assert (await Shift.get(id=kitchen.id)).state is ShiftState.OPEN
    assert not await HoursEntry.exists()
    # The only place there is: with it the shift is done, before its end too.
    await house.at("2026-11-24 10:30")
    await lin.says("/my")
    await lin.taps("I am done")
    assert (await Shift.get(id=kitchen.id)).state is ShiftState.FINISHED


@ON_SQLITE
async def test_nobody_in_the_kitchen_is_told_without_doors_to_share_out(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2)
    chen, lin, gao = await house.coordinator(), await house.volunteer("Lin"), await house.volunteer("Gao")
    await opens_a_kitchen(chen, places="1")
    await house.tick()
    kitchen, round_ = await the_shift(canteen, TUESDAY, "Kitchen"), await the_shift(canteen, TUESDAY)
    await lin.presses(f"shift_take:{kitchen.id}:0")
    await gao.presses(f"shift_take:{round_.id}:0")
    for clock in ("08:30", "08:46", "09:11"):
        await house.at(f"2026-11-24 {clock}")
    assert "Nobody is there for Kitchen (2 lunches): Lin has not come." in chen.last.text
    assert "Shifts done so far: 0." in chen.last.text
    assert not [label for label in chen.last.buttons if "Route 1" in label]
    await chen.taps("I will go myself")
    assert "Thank you: Kitchen is yours now." in chen.last.text
    assert "somebody else is there for Kitchen today" in lin.last.text


@ON_SQLITE
async def test_what_is_closed_tells_those_who_had_a_place(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2)
    chen, lin = await house.coordinator(), await house.volunteer("Lin")
    await opens_a_kitchen(chen)
    await house.tick()
    work = await Route.get(kind=Kind.KITCHEN)
    await lin.presses(f"shift_take:{(await the_shift(canteen, WEDNESDAY, 'Kitchen')).id}:0")
    await lin.presses(f"promise:{work.id}")
    await lin.taps("Thu")
    await lin.taps("Done")
    assert "Thu, Kitchen: that is yours every week now" in lin.last.text
    await chen.presses(f"set_work:{work.id}:close")
    await chen.taps("Yes, close it")
    await house.tick()
    assert "nobody is needed on Wed 25 Nov, 08:30–11:00, Kitchen" in "".join(one.text for one in lin.heard)
    assert [route.name for route in await Route.of(canteen.id)] == ["Route 1"]
