"""The last place goes to exactly one volunteer, however many want it at the same second."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence

import pytest

from bot.database import transaction
from models.people import Membership, Person, Role
from models.shifts import Claim, Shift
from tests.house import House
from tests.models.making import WEDNESDAY
from tests.shifts.claimers import wants
from tests.shifts.scene import a_canteen_with_shifts, the_shift
from tests.source import ROOT

WANTING = 100
PROCESSES = 4


async def volunteers(canteen_id: int, count: int, house: House) -> list[Person]:
    """Write down volunteers without phones."""
    people = [await Person.create(name=f"Volunteer {n}", created_at=house.now) for n in range(count)]
    await Membership.bulk_create(
        Membership(
            person_id=person.id,
            canteen_id=canteen_id,
            role=Role.VOLUNTEER,
            asked_at=house.now,
            accepted_at=house.now,
        )
        for person in people
    )
    return people


async def active(shift: Shift) -> int:
    return await Claim.filter(shift_id=shift.id, given_back_at=None).count()


async def test_the_last_place_goes_to_exactly_one_of_a_hundred_phones(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    shift = await the_shift(canteen, WEDNESDAY)
    phones = [await house.volunteer(f"Volunteer {n}") for n in range(WANTING)]
    await asyncio.gather(*(phone.presses(f"shift_take:{shift.id}:0") for phone in phones))
    answers = [phone.last.text for phone in phones]
    assert sum("Route 1 is yours" in answer for answer in answers) == 1
    assert sum("full now" in answer for answer in answers) == WANTING - 1
    assert await active(shift) == 1
    assert (await Shift.get(id=shift.id)).taken == 1


@pytest.mark.parametrize("places", [1, 7])
async def test_of_a_hundred_claims_at_once_as_many_hold_as_there_are_places(
    house: House, places: int
) -> None:
    canteen = await a_canteen_with_shifts(house, places=places)
    shift = await the_shift(canteen, WEDNESDAY)
    people = await volunteers(canteen.id, WANTING, house)
    got = await asyncio.gather(*(wants(shift.id, person, house.now) for person in people))
    assert sum(got) == places
    assert await active(shift) == places
    assert (await Shift.get(id=shift.id)).taken == places


async def test_one_volunteer_who_taps_a_hundred_times_gets_one_place(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, places=9)
    shift = await the_shift(canteen, WEDNESDAY)
    (lin,) = await volunteers(canteen.id, 1, house)
    assert all(await asyncio.gather(*(wants(shift.id, lin, house.now) for _ in range(WANTING))))
    assert await active(shift) == 1
    assert (await Shift.get(id=shift.id)).taken == 1


async def test_claims_of_two_shifts_at_the_same_time_never_both_hold(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, places=20)
    first = await the_shift(canteen, WEDNESDAY)
    second = await Shift.create(
        canteen_id=canteen.id,
        route_id=first.route_id,
        day=WEDNESDAY.replace(year=2027),
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        places=20,
    )
    people = await volunteers(canteen.id, 20, house)

    async def tries(shift: Shift, person: Person) -> bool:
        async with transaction():
            return (await Shift.claim(shift.id, person, house.now)).given_back_at is None

    got = await asyncio.gather(
        *(tries(shift, person) for person in people for shift in (first, second)), return_exceptions=True
    )
    assert sum(one is True for one in got) == len(people)
    for person in people:
        assert await Claim.filter(person_id=person.id).count() == 1


async def test_giving_back_and_taking_at_once_keeps_the_count_true(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, places=3)
    shift = await the_shift(canteen, WEDNESDAY)
    people = await volunteers(canteen.id, 30, house)

    async def comes_and_goes(person: Person) -> None:
        for _ in range(4):
            if await wants(shift.id, person, house.now):
                claim = await Claim.get(shift_id=shift.id, person_id=person.id, given_back_at=None)
                await asyncio.gather(*(gives_back(claim.id, person) for _ in range(2)))

    async def gives_back(claim_id: int, person: Person) -> None:
        async with transaction():
            await Claim.give_back(claim_id, person, house.now)

    await asyncio.gather(*(comes_and_goes(person) for person in people))
    assert await active(shift) == 0
    assert (await Shift.get(id=shift.id)).taken == 0
    assert await Claim.filter(shift_id=shift.id).count() >= 3


@pytest.mark.parametrize("db_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_the_last_place_goes_to_exactly_one_of_four_processes(house: House, db_url: str) -> None:
    canteen = await a_canteen_with_shifts(house)
    shift = await the_shift(canteen, WEDNESDAY)
    people = await volunteers(canteen.id, WANTING, house)
    got = await asyncio.to_thread(race, db_url, shift.id, house.now.isoformat(), [one.id for one in people])
    assert sum(got) == 1
    assert await active(shift) == 1
    assert (await Shift.get(id=shift.id)).taken == 1


def race(url: str, shift_id: int, now: str, people: Sequence[int]) -> list[int]:
    """Let several processes wait for each other and then claim at once; tell how many places each got."""
    claimers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.shifts.claimers", url, str(shift_id), now]
            + [str(number) for number in people[start::PROCESSES]],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for start in range(PROCESSES)
    ]
    try:
        for claimer in claimers:
            assert claimer.stdout is not None
            assert claimer.stdout.readline() == "ready\n"
        for claimer in claimers:
            assert claimer.stdin is not None
            claimer.stdin.write("go\n")
            claimer.stdin.flush()
        return [int(claimer.communicate(timeout=60)[0]) for claimer in claimers]
    finally:
        for claimer in claimers:
            claimer.kill()
            claimer.wait()
