"""A round gives its minutes, once; what was not ended is assumed, asked about and put right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.database import transaction
from models.hours import HoursEntry, HoursSource
from models.people import Role
from models.shifts import Claim, Shift, ShiftState
from tests.handlers.test_shifts import takes
from tests.house import House, Phone
from tests.models.making import TUESDAY
from tests.shifts.scene import a_canteen_with_shifts

ON_TUESDAY = "Tue 24 Nov, 10:00–12:00 · Route 1"


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
    rows = HoursEntry.filter(person_id=(await phone.person()).id, voided_at=None)
    return [(entry.minutes, entry.source) for entry in await rows.order_by("id")]


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


async def test_a_round_counts_from_its_first_tap_to_its_end(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await begins(house, lin, "10:05")
    await ends(house, lin, "11:50")
    assert await counted(lin) == [(105, HoursSource.ROUND)]
    assert (await Shift.get(day=TUESDAY)).state is ShiftState.FINISHED


async def test_a_round_that_ends_twice_counts_once(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await begins(house, lin, "10:00")
    await ends(house, lin, "11:00")
    await ends(house, lin, "11:30")
    await house.at(f"{TUESDAY} 13:00")
    assert await counted(lin) == [(60, HoursSource.ROUND)]
    assert await HoursEntry.all().count() == 1


async def test_two_who_walk_together_both_have_given_their_time(house: House) -> None:
    await a_canteen_with_shifts(house, places=3)
    lin, zhao, gao = [await on_tuesday(house, name) for name in ("Lin", "Zhao", "Gao")]
    await begins(house, lin, "10:00")
    await begins(house, zhao, "10:30")
    await ends(house, lin, "11:30")
    assert await counted(lin) == [(90, HoursSource.ROUND)]
    assert await counted(zhao) == [(60, HoursSource.ROUND)]
    assert await counted(gao) == []


async def test_a_look_from_home_and_a_forgotten_end_are_not_service(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await begins(house, lin, "09:00")
    await ends(house, lin, "16:00")
    assert await counted(lin) == [(15 + 120 + 120, HoursSource.ROUND)]


async def test_a_round_that_nobody_ended_counts_to_its_planned_end_and_is_asked_about(house: House) -> None:
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await on_tuesday(house)
    await begins(house, lin, "10:10")
    chen.reads()
    await house.at(f"{TUESDAY} 12:14")
    assert await counted(lin) == []
    await house.at(f"{TUESDAY} 12:15")
    await house.tick()
    assert await counted(lin) == [(110, HoursSource.PLANNED)]
    asked = [heard for heard in chen.reads() if "did not end" in heard.text]
    (question,) = asked
    assert question.text == (
        "Lin did not end the round on Tue 24 Nov, Route 1. I have counted 1 h 50 min, up to the planned end."
        " Is that right?"
    )
    assert "1 h 50 min is counted to the planned end" in (await lin.says("/hours"))[-1].text
    await chen.taps("That is right")
    assert await counted(lin) == [(110, HoursSource.MANUAL)]
    assert question.text == "Thank you. I have counted 1 h 50 min for Lin on Tue 24 Nov."
    assert "planned end" not in (await lin.says("/hours"))[-1].text


async def test_the_coordinator_puts_an_assumed_end_right_and_the_old_entry_is_kept_as_void(
    house: House,
) -> None:
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await on_tuesday(house)
    await begins(house, lin, "10:00")
    await house.at(f"{TUESDAY} 12:15")
    await chen.walks(
        ("Change it", "How many minutes did Lin give on Tue 24 Nov?"),
        ("many", "write a number"),
        ("80", "I have counted 1 h 20 min for Lin on Tue 24 Nov."),
    )
    assert await counted(lin) == [(80, HoursSource.MANUAL)]
    kept = await HoursEntry.all().order_by("id")
    assert [(entry.minutes, entry.voided_at is None) for entry in kept] == [(120, False), (80, True)]
    assert kept[1].by_id == (await chen.person()).id


async def test_a_round_that_ends_late_takes_the_place_of_the_assumed_end(house: House) -> None:
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await on_tuesday(house)
    await begins(house, lin, "10:30")
    await house.at(f"{TUESDAY} 12:15")
    await ends(house, lin, "12:30")
    assert await counted(lin) == [(120, HoursSource.ROUND)]
    assert "no longer there" in (await chen.taps("That is right"))[-1].text
    assert await counted(lin) == [(120, HoursSource.ROUND)]


async def test_whoever_never_began_is_credited_nothing(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await house.at(f"{TUESDAY} 12:15")
    assert await counted(lin) == []
    assert (await Shift.get(day=TUESDAY)).state is ShiftState.FINISHED
    assert "no hours yet" in (await lin.says("/hours"))[-1].text


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.COORDINATOR])
async def test_hours_are_put_right_only_by_the_coordinator_of_that_canteen(house: House, role: Role) -> None:
    await a_canteen_with_shifts(house)
    lin = await on_tuesday(house)
    await begins(house, lin, "10:00")
    await house.at(f"{TUESDAY} 12:15")
    entry = await HoursEntry.get()
    await house.canteen("South")
    wu = await house.member("Wu", role)
    for name in ("hours_right", "hours_change"):
        assert "not open to you" in (await wu.presses(f"{name}:{entry.id}"))[-1].text
    assert await counted(lin) == [(120, HoursSource.PLANNED)]


# -------------------------------------------------------------------------------------------- /hours


async def test_hours_are_told_for_this_month_in_all_and_month_by_month(house: House) -> None:
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
    assert (await lin.says("/hours"))[-1].text.splitlines() == [
        "You have given 12 h 30 min this month, 140 h in all. Thank you.",
        "",
        "November 2026: 12 h 30 min",
        "October 2026: 1 h",
        "June 2026: 30 min",
    ]


async def test_what_was_voided_counts_nowhere(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    await has_given(house, lin, on_2026_11_02=60, on_2026_11_03=30)
    await HoursEntry.filter(minutes=30).update(voided_at=house.now + timedelta(hours=1))
    assert "1 h this month, 1 h in all" in (await lin.says("/hours"))[-1].text
