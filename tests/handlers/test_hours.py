"""A round gives its minutes, once; a forgotten end is asked about and counts nothing until it is settled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial

import pytest

from bot.database import transaction
from models import forgottenends
from models.hours import HoursEntry, HoursKind, HoursSource
from models.people import Role
from models.refusals import NotAllowed
from models.shiftrefusals import HoursSettled
from models.shifts import Claim, Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_shifts import takes
from tests.house import House, Phone
from tests.models.making import TUESDAY, WEDNESDAY
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts

WORKED, CORRECTION, VOID = HoursKind.WORKED, HoursKind.CORRECTION, HoursKind.VOID
ON_TUESDAY = "Tue 24 Nov, 10:00–12:00 · Route 1"


@played_once
async def on_tuesday(house: House, name: str = "Lin") -> Phone:
    lin = await house.volunteer(name)
    await takes(lin, ON_TUESDAY)
    return lin


async def begins(house: House, phone: Phone, when: str) -> Claim:
    """Let a volunteer's first tap be at a time."""
    await house.at(f"{TUESDAY} {when}")
    claim = await Claim.get(person_id=(await phone.person()).id)
    await Claim.filter(id=claim.id).update(started_at=house.now)
    return claim


async def ends(house: House, phone: Phone, when: str) -> None:
    await house.at(f"{TUESDAY} {when}")
    claim = await Claim.get(person_id=(await phone.person()).id)
    async with transaction():
        await Shift.finish(claim.shift_id, house.now)


async def counted(phone: Phone) -> list[tuple[int, HoursSource]]:
    """List what counts for a person."""
    rows = HoursEntry.filter(person_id=(await phone.person()).id)
    return [(entry.counted, entry.source) for entry in await rows.order_by("id") if entry.counted]


async def ledger(phone: Phone) -> list[tuple[HoursKind, HoursSource, int, bool]]:
    """List all that was ever written about a person: kind, source, minutes, and whether it still stands."""
    rows = HoursEntry.filter(person_id=(await phone.person()).id).order_by("id")
    return [(each.kind, each.source, each.minutes, each.voided_at is None) for each in await rows]


async def has_given(house: House, phone: Phone, **minutes_by_day: int) -> None:
    """Write down hours of the past: on_2026_11_02=90."""
    person, shift = await phone.person(), await Shift.all().first()
    assert shift is not None
    for name, minutes in minutes_by_day.items():
        await HoursEntry.create(
            person_id=person.id,
            canteen_id=shift.canteen_id,
            day=date.fromisoformat(name.removeprefix("on_").replace("_", "-")),
            minutes=minutes,
            source=HoursSource.MANUAL,
            at=house.now,
        )


# --------------------------------------------------------------------------------------------- counting


@ONE_ENGINE
async def test_a_round_counts_from_its_first_tap_to_its_end(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await begins(house, lin, "10:05")
    await ends(house, lin, "11:50")
    assert await counted(lin) == [(105, HoursSource.ROUND)]
    assert (await Shift.get(day=TUESDAY)).state is ShiftState.FINISHED


@ONE_ENGINE
async def test_a_round_that_ends_twice_counts_once(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await begins(house, lin, "10:00")
    await ends(house, lin, "11:00")
    await ends(house, lin, "11:30")
    await house.at(f"{TUESDAY} 13:00")
    assert await counted(lin) == [(60, HoursSource.ROUND)]
    assert await HoursEntry.all().count() == 1


@ONE_ENGINE
async def test_two_who_walk_together_both_have_given_their_time(house: House) -> None:
    await a_canteen_with_shifts(house, places=3)
    lin, zhao, gao = [await on_tuesday(house, name) for name in ("Lin", "Zhao", "Gao")]
    await begins(house, lin, "10:00")
    await begins(house, zhao, "10:30")
    await ends(house, lin, "11:30")
    assert await counted(lin) == [(90, HoursSource.ROUND)]
    assert await counted(zhao) == [(60, HoursSource.ROUND)]
    assert await counted(gao) == []


@ONE_ENGINE
async def test_a_check_in_begins_the_minutes_and_a_look_from_home_does_not(house: House) -> None:
    await a_canteen_with_shifts(house, places=2)
    lin, zhao = [await on_tuesday(house, name) for name in ("Lin", "Zhao")]
    await begins(house, lin, "09:00")
    await house.at(f"{TUESDAY} 09:40")
    claim = await Claim.get(person_id=(await zhao.person()).id)
    assert "Good that you are there" in (await zhao.presses(f"here:{claim.id}"))[-1].text
    await ends(house, lin, "16:00")
    # Both forgot to say that they were done, too.
    assert await counted(lin) == [(15 + 120 + 120, HoursSource.ROUND)]
    assert await counted(zhao) == [(20 + 120 + 120, HoursSource.ROUND)]


@played_once
async def forgotten(house: House) -> tuple[Phone, Phone]:
    """Let Lin begin at 10:10 and tick nothing off; a quarter of an hour after the end it is noticed."""
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await on_tuesday(house)
    await begins(house, lin, "10:10")
    lin.reads()
    chen.reads()
    await house.at(f"{TUESDAY} 12:14")
    assert not any("round end" in heard.text for heard in lin.reads())
    await house.at(f"{TUESDAY} 12:15")
    await house.tick()
    return chen, lin


async def test_a_forgotten_end_counts_when_the_volunteer_has_said_it_and_a_coordinator_agrees(
    house: House,
) -> None:
    chen, lin = await forgotten(house)
    (asked,) = lin.reads()
    assert asked.text.startswith("When did your round end on Tue 24 Nov, Route 1?")
    assert asked.buttons == ["As planned, at 12:00", "At another time"]
    (noticed,) = [heard for heard in chen.reads() if "Nobody noted" in heard.text]
    assert noticed.text == (
        "Nobody noted when Lin finished on Tue 24 Nov, Route 1. I have asked. Nothing is counted yet;"
        " up to the planned end it would be 1 h 50 min."
    )
    assert await counted(lin) == []
    assert "0 min this month, 0 min in all" in (await lin.says("/hours"))[-1].text
    assert "Tue 24 Nov, Route 1: not counted yet" in lin.last.text

    await lin.walks(
        ("When it ended: Tue 24 Nov", "You began at 10:10."),
        ("9:00", "Please write a time after 10:10, when you began, and not after 12:15."),
        ("12:30", "not after 12:15."),
        ("11:40", "Thank you: 1 h 30 min on Tue 24 Nov."),
    )
    assert await counted(lin) == []
    assert chen.last.text == "Lin says that it took 1 h 30 min on Tue 24 Nov, Route 1. Is that right?"
    await chen.taps("That is right")
    assert await counted(lin) == [(90, HoursSource.MANUAL)]
    assert chen.last.text == "Thank you. I have counted 1 h 30 min for Lin on Tue 24 Nov."
    assert "Your shift on Tue 24 Nov counts: 1 h 30 min." in lin.reads()[-1].text
    assert await ledger(lin) == [
        (WORKED, HoursSource.PLANNED, 110, False),
        (WORKED, HoursSource.SAID, 90, False),
        (WORKED, HoursSource.MANUAL, 90, True),
    ]
    # Whoever is slower changes nothing.
    for phone, entry in ((chen, 1), (chen, 2), (lin, 1)):
        name = "hours_right" if phone is chen else "hours_ended"
        data = f"{name}:{(await HoursEntry.all().order_by('id'))[entry - 1].id}"
        assert "was changed meanwhile" in (await phone.presses(data))[-1].text
    assert await counted(lin) == [(90, HoursSource.MANUAL)]


@ONE_ENGINE
async def test_a_volunteer_takes_the_planned_end_in_one_tap_and_a_coordinator_may_say_otherwise(
    house: House,
) -> None:
    chen, lin = await forgotten(house)
    await lin.taps("As planned, at 12:00")
    assert "took 1 h 50 min on Tue 24 Nov, Route 1. Is that right?" in chen.last.text
    await chen.walks(
        ("Change it", "How many minutes did Lin give on Tue 24 Nov?"),
        ("many", "write a number"),
        ("80", "I have counted 1 h 20 min for Lin on Tue 24 Nov."),
    )
    assert await counted(lin) == [(80, HoursSource.MANUAL)]


@ONE_ENGINE
async def test_a_forgotten_end_waits_on_the_board_until_it_is_settled_and_may_count_nothing(
    house: House,
) -> None:
    chen, lin = await forgotten(house)
    board = (await chen.says("/hours"))[-1].text
    assert "Nobody's hours were counted in this month." in board
    assert "1 shift is not counted yet" in board
    (waiting,) = await chen.taps("Shifts not counted yet")
    assert waiting.text == "Lin, Tue 24 Nov, Route 1: 1 h 50 min if it counts. Does it?"
    await chen.taps("Count nothing")
    assert await ledger(lin) == [
        (WORKED, HoursSource.PLANNED, 110, False),
        (VOID, HoursSource.MANUAL, 0, True),
    ]
    assert "was not counted, because nobody noted it" in lin.reads()[-1].text
    assert "no hours yet" in (await lin.says("/hours"))[-1].text


async def test_a_round_that_ends_late_takes_the_place_of_the_forgotten_end(house: House) -> None:
    chen, lin = await forgotten(house)
    await ends(house, lin, "12:30")
    assert await counted(lin) == [(140, HoursSource.ROUND)]
    assert "was changed meanwhile" in (await chen.taps("Count 1 h 50 min"))[-1].text
    assert await counted(lin) == [(140, HoursSource.ROUND)]


async def test_whoever_settles_an_end_at_the_same_moment_it_counts_once(house: House) -> None:
    chen, lin = await forgotten(house)
    entry, claim = await HoursEntry.get(), await Claim.get(person_id=(await lin.person()).id)
    coordinator, volunteer = await chen.person(), await lin.person()

    async def tries(do: Callable[[], Awaitable[object]]) -> bool:
        try:
            async with transaction():
                await do()
        except HoursSettled:
            return False
        return True

    settle = partial(HoursEntry.settle, entry.id, 80, coordinator, house.now)
    propose = partial(forgottenends.propose, entry.id, None, volunteer, house.now)
    finish = partial(Shift.finish, claim.shift_id, house.now)
    done = await asyncio.gather(*(tries(each) for each in (settle, propose, settle, finish, propose)))
    # The end of the round is never refused: it takes what stands, or takes its place.
    assert done[3]
    assert len(await counted(lin)) == 1
    assert [still for *_said, still in await ledger(lin)].count(True) == 1


@ONE_ENGINE
async def test_no_end_and_no_day_is_written_down_that_cannot_have_been(house: House) -> None:
    chen, lin = await forgotten(house)
    entry, me, coordinator = await HoursEntry.get(), await lin.person(), await chen.person()
    assert entry.began_at is not None
    for minutes in (-1, 0, 126):
        ended = entry.began_at + timedelta(minutes=minutes)
        with pytest.raises(ValueError, match="cannot have ended"):
            await forgottenends.propose(entry.id, ended, me, house.now)
    with pytest.raises(ValueError, match="still to come"):
        await HoursEntry.add(me.id, entry.canteen_id, WEDNESDAY, 60, "soup", coordinator, house.now)
    with pytest.raises(NotAllowed):
        await HoursEntry.add(me.id, entry.canteen_id, TUESDAY, 60, "soup", me, house.now)
    assert await HoursEntry.all().count() == 1


@ONE_ENGINE
async def test_whoever_never_began_is_credited_nothing(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await house.at(f"{TUESDAY} 12:15")
    assert await HoursEntry.all().count() == 0
    assert (await Shift.get(day=TUESDAY)).state is ShiftState.FINISHED
    assert "no hours yet" in (await lin.says("/hours"))[-1].text


@ONE_ENGINE
async def test_hours_are_put_right_only_by_the_coordinator_of_that_canteen(house: House) -> None:
    _chen, lin = await forgotten(house)
    entry = await HoursEntry.get()
    await house.canteen("South")
    for role in (Role.VOLUNTEER, Role.COORDINATOR):
        wu = await house.member("Wu", role)
        for name in ("hours_right", "hours_change", "hours_none"):
            assert "not open to you" in (await wu.presses(f"{name}:{entry.id}"))[-1].text
        for name in ("hours_ended", "hours_ended_at"):
            assert "When did" not in (await wu.presses(f"{name}:{entry.id}"))[-1].text
    assert await ledger(lin) == [(WORKED, HoursSource.PLANNED, 110, True)]


# ------------------------------------------------------------------------------------- putting right


async def test_a_correction_is_a_new_entry_with_its_reason_and_a_void_one_stays_to_be_seen(
    house: House,
) -> None:
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer()
    await has_given(house, lin, on_2026_11_20=90, on_2026_11_23=60)
    assert "Lin: 2 h 30 min ▇▇▇▇▇▇▇▇" in (await chen.says("/hours"))[-1].text
    await chen.walks(
        ("One volunteer", "Whose hours?"),
        ("Gao", "I can't tell who that is."),
        ("Lin", "Fri 20 Nov, service without a round: 1 h 30 min"),
        ("Put something right", "Which one is wrong?"),
        ("Fri 20 Nov, service without a round: 1 h 30 min", "How many minutes was it really?"),
        ("75", "Why?"),
        ("came at 10:15", "Fri 20 Nov, service without a round: 1 h 15 min (came at 10:15)"),
    )
    assert "from 1 h 30 min to 1 h 15 min: came at 10:15" in lin.reads()[-1].text
    await chen.walks(
        ("Put something right", "Which one is wrong?"),
        ("Mon 23 Nov, service without a round: 1 h", "How many minutes was it really?"),
        ("It does not count", "Why?"),
        ("was at home", "Mon 23 Nov, service without a round: not counted (was at home)"),
    )
    assert "Your 1 h of Mon 23 Nov do not count any more: was at home." in lin.reads()[-1].text
    assert await ledger(lin) == [
        (WORKED, HoursSource.MANUAL, 90, False),
        (WORKED, HoursSource.MANUAL, 60, False),
        (CORRECTION, HoursSource.MANUAL, 75, True),
        (VOID, HoursSource.MANUAL, 0, True),
    ]
    assert "1 h 15 min this month, 1 h 15 min in all" in (await lin.says("/hours"))[-1].text
    # What was corrected once is not corrected a second time from an old question.
    old = await HoursEntry.all().order_by("id").first()
    assert old is not None
    with pytest.raises(HoursSettled):
        async with transaction():
            await HoursEntry.correct(old.id, 5, "again", await chen.person(), house.now)


@ONE_ENGINE
async def test_service_that_no_round_recorded_is_added_with_what_it_was(house: House) -> None:
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer()
    await chen.says("/hours")
    await chen.walks(
        ("One volunteer", "Whose hours?"),
        ("lin", "Together: 0 min"),
        ("Add hours", "On which day did Lin help?"),
        ("soon", "Please write a day that has passed"),
        ("2026-11-25", "Please write a day that has passed"),
        ("20 Nov", "How many minutes was it?"),
        ("45", "What was it?"),
        ("peeled potatoes", "Fri 20 Nov, service without a round: 45 min (peeled potatoes)"),
    )
    assert "has written down 45 min for you on Fri 20 Nov: peeled potatoes" in lin.reads()[-1].text
    assert await counted(lin) == [(45, HoursSource.MANUAL)]


# -------------------------------------------------------------------------------------------- /hours


@ONE_ENGINE
async def test_hours_are_told_month_by_month_with_a_small_plot_and_this_months_entries(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    await has_given(
        house,
        lin,
        on_2026_11_02=390,
        on_2026_11_20=360,
        on_2026_10_31=60,
        on_2026_06_01=30,
        on_2025_01_01=7560,
    )
    told = (await lin.says("/hours"))[-1]
    assert told.text.splitlines() == [
        "You have given 12 h 30 min this month, 140 h in all. Thank you.",
        "",
        "November 2026: 12 h 30 min ▇▇▇▇▇▇▇▇",
        "October 2026: 1 h ▇",
        "June 2026: 30 min ▇",
        "",
        "This month:",
        "Mon 2 Nov, service without a round: 6 h 30 min",
        "Fri 20 Nov, service without a round: 6 h",
        "",
        "From check-in to check-out, without the way there and back. If something is wrong, write 0.",
    ]
    assert told.buttons == ["Service record", "… as a table", "… as CSV"]
