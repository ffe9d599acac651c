"""Kitchen, desk and driving: shifts without doors, from the settings to the hours."""

from __future__ import annotations

from models.hours import HoursEntry, HoursSource
from models.routes import WORKS, Kind, Route
from models.shifts import Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import closes
from tests.house import House, Phone
from tests.models.making import THURSDAY, TUESDAY, WEDNESDAY
from tests.shifts.scene import a_canteen_with_shifts, the_shift

NO_NEWS = "No more news: after Tue 24 Nov all is as always"


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
        (places, "From when?"),
        ("From now on", "Kitchen is open"),
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


@ONE_ENGINE
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


@ONE_ENGINE
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


@ONE_ENGINE
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
    await chen.taps("From now on")
    await chen.taps("Yes, close it")
    await house.tick()
    assert "nobody is needed on Wed 25 Nov, 08:30–11:00, Kitchen" in "".join(one.text for one in lin.heard)
    assert [route.name for route in await Route.of(canteen.id)] == ["Route 1"]


@ONE_ENGINE
async def test_a_kitchen_that_is_closed_while_it_cooks_keeps_the_minutes_until_then(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2, human_name="Ms Chen", human_phone="+862155550000")
    chen, lin, gao = await house.coordinator(), await house.volunteer("Lin"), await house.volunteer("Gao")
    await opens_a_kitchen(chen)
    await house.tick()
    kitchen = await the_shift(canteen, TUESDAY, "Kitchen")
    for phone in (lin, gao):
        await phone.presses(f"shift_take:{kitchen.id}:0")
    await house.at("2026-11-24 08:31")
    await lin.taps("I am there")
    await house.at("2026-11-24 09:15")
    await closes(chen, "today", "Close: no lunch at all", "no gas", NO_NEWS, "Yes, do it and tell them")
    summary = next(one.text for one in chen.heard if "Whom it concerns:" in one.text)
    assert "1 round is planned.\n1 shift in the kitchen, at the desk or with a car is planned." in summary
    await house.tick()
    assert "Your shift ends now: Tue 24 Nov, 08:30–11:00, Kitchen. The time that" in lin.last.text
    assert "Your shift is called off: Tue 24 Nov, 08:30–11:00, Kitchen." in gao.last.text
    await house.at("2026-11-24 12:00")
    assert (await the_shift(canteen, TUESDAY, "Kitchen")).state is ShiftState.CANCELLED
    # Gao was not there, and is credited nothing.
    entry = await HoursEntry.get()
    assert (entry.person_id, entry.minutes, entry.source) == ((await lin.person()).id, 44, HoursSource.ROUND)


@ONE_ENGINE
async def test_whoever_forgets_to_say_that_the_kitchen_is_done_is_asked_without_a_word_of_doors(
    house: House,
) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2)
    chen, lin = await house.coordinator(), await house.volunteer("Lin")
    await opens_a_kitchen(chen)
    await house.tick()
    await lin.presses(f"shift_take:{(await the_shift(canteen, TUESDAY, 'Kitchen')).id}:0")
    await house.at("2026-11-24 08:31")
    await lin.taps("I am there")
    await house.at("2026-11-24 11:16")
    asked, shown = lin.last, chen.last
    assert asked.text == (
        "When did you finish on Tue 24 Nov, Kitchen? You did not tap “I am done”.\n"
        "Nothing is counted until we know. If you are still at work, just go on."
    )
    assert shown.text.startswith("Nobody noted when Lin finished on Tue 24 Nov, Kitchen.")
    board = (await chen.says("/hours"))[-1]
    assert "1 shift is not counted yet" in board.text
    await lin.taps("As planned, at 11:00")
    assert "Lin says that it took 2 h 29 min on Tue 24 Nov, Kitchen." in chen.last.text
    await chen.taps("That is right")
    assert "Your shift on Tue 24 Nov counts: 2 h 29 min." in lin.last.text
    said = [asked, shown, board, lin.last, chen.last]
    assert not [one.text for one in said for word in ("round", "door", "way") if word in one.text]


@ONE_ENGINE
async def test_a_closure_speaks_of_doors_to_those_alone_who_go_to_doors(house: House) -> None:
    canteen = await a_canteen_with_shifts(
        house, homes=2, places=3, human_name="Ms Chen", human_phone="+862155550000"
    )
    chen = await house.coordinator()
    by, phones = await chen.person(), {}
    for kind in WORKS:
        hours = {"starts_at": "08:30", "ends_at": "11:00"}
        route = await Route.add(canteen.id, kind.capitalize(), by, house.now, kind=kind, **hours)
        await house.tick()
        phones[kind] = await house.volunteer(kind.capitalize())
        for day in (TUESDAY, WEDNESDAY, THURSDAY):
            shift = await the_shift(canteen, day, route.name)
            await Shift.claim(shift.id, await phones[kind].person(), house.now)
    sure = "Yes, do it and tell them"
    no_news = "No more news: after {} all is as always"
    ahead = "Close, and bring that lunch the service day before"
    await closes(chen, "25 Nov", ahead, "the weather", no_news.format("Wed 25 Nov"), sure)
    await house.tick()
    said = {kind: phone.reads()[-1].text for kind, phone in phones.items()}
    assert "More is cooked that day, for the closed day as well: Tue 24 Nov" in said[Kind.KITCHEN]
    assert "More lunches than usual go out that day: Tue 24 Nov" in said[Kind.DESK]
    assert "More lunches than usual go out that day: Tue 24 Nov" in said[Kind.DRIVER]
    home = "Bring every lunch home, nobody comes out"
    await closes(chen, "26 Nov", home, "the weather", no_news.format("Thu 26 Nov"), sure)
    await house.tick()
    told = {kind: phone.reads()[-1].text for kind, phone in phones.items()}
    assert "All lunches are brought home that day: Thu 26 Nov" in told[Kind.KITCHEN]
    assert "Nobody comes to the desk that day. Please ask the coordinator" in told[Kind.DESK]
    assert "More lunches than usual go out that day: Thu 26 Nov" in told[Kind.DRIVER]
    assert not [text for text in (*said.values(), *told.values()) if "door" in text or "round" in text]
    await chen.says("/reopen")
    await chen.taps("Wed 25 Nov (closed, lunch the day before)")
    assert "3 shifts in the kitchen, at the desk or with a car are offered anew." in chen.last.text
    assert "1 round is offered anew." in chen.last.text
