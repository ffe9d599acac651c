"""Somebody else instead: until another says yes, a place stays whose it is."""

from __future__ import annotations

import asyncio

import pytest

from bot.database import transaction
from models.people import Person
from models.shifts import Claim, Shift
from models.swaps import Swap
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_shifts import takes
from tests.house import House, Phone
from tests.models.making import THURSDAY, WEDNESDAY
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts, the_shift

ON_THURSDAY = "Thu 26 Nov, 10:00–12:00 · Route 1"


@played_once
async def looks_for_a_stand_in(house: House) -> tuple[Phone, Claim]:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer("Lin")
    await takes(lin)
    await lin.says("/my")
    await lin.taps("Somebody else instead")
    await lin.taps("Find a stand-in: Wed 25 Nov, 10:00")
    return lin, await Claim.get()


async def test_the_owner_stays_responsible_until_somebody_takes_over(house: House) -> None:
    lin, claim = await looks_for_a_stand_in(house)
    assert "Until somebody says yes, it stays yours" in lin.last.text
    zhao = await house.volunteer("Zhao")
    assert "Route 1 · 12 homes · a stand-in is wanted" in (await zhao.says("/shifts"))[-1].text
    await house.at("2026-11-24 18:00")
    assert lin.last.text.startswith("Tomorrow is your shift")
    await zhao.says("/shifts")
    await zhao.taps("Wed 25 Nov, 10:00–12:00 · Route 1")
    assert "You go in the place of Lin, who knows." in zhao.last.text
    assert lin.last.text.startswith("Zhao goes in your place: Wed 25 Nov, 10:00–12:00, Route 1.")
    shift = await Shift.get(day=WEDNESDAY)
    assert shift.taken == 1
    held = await Claim.get(shift_id=shift.id, given_back_at=None)
    assert (held.person_id, held.relieves_id) == ((await zhao.person()).id, claim.id)
    gao = await house.volunteer("Gao")
    assert "full now" in (await gao.presses(f"shift_take:{shift.id}:0"))[-1].text


@ONE_ENGINE
async def test_one_may_go_after_all_or_give_the_place_back(house: House) -> None:
    lin, claim = await looks_for_a_stand_in(house)
    await lin.taps("I can go after all")
    assert "Good: you go yourself on Wed 25 Nov" in lin.last.text
    zhao = await house.volunteer("Zhao")
    assert "full now" in (await zhao.presses(f"shift_take:{claim.shift_id}:0"))[-1].text
    await lin.presses(f"stand_in:{claim.id}:1")
    await lin.taps("I can't come")
    assert (await Shift.get(day=WEDNESDAY)).taken == 0
    assert "not yours" in (await lin.presses(f"stand_in:{claim.id}:1"))[-1].text
    assert "not yours" in (await zhao.presses(f"stand_in:{claim.id}:1"))[-1].text


@ONE_ENGINE
async def test_a_stand_in_is_not_found_for_a_shift_under_way(house: House) -> None:
    lin, claim = await looks_for_a_stand_in(house)
    await house.at("2026-11-25 10:00")
    assert "has begun" in (await lin.presses(f"stand_in:{claim.id}:1"))[-1].text
    await lin.presses("instead")
    assert lin.last.text == "You have no shift to come."


async def test_of_many_stand_ins_at_once_one_goes(house: House) -> None:
    _lin, claim = await looks_for_a_stand_in(house)
    people = [await (await house.volunteer(f"Volunteer {n}")).person() for n in range(8)]

    async def tries(person: Person) -> None:
        async with transaction():
            await Shift.claim(claim.shift_id, person, house.now)

    got = await asyncio.gather(*(tries(person) for person in people), return_exceptions=True)
    assert got.count(None) == 1
    assert await Claim.filter(shift_id=claim.shift_id, given_back_at=None).count() == 1


@played_once
async def two_places(house: House) -> tuple[Phone, Phone, Claim, Claim]:
    """Let Lin have Wednesday and Zhao Thursday."""
    await a_canteen_with_shifts(house)
    lin, zhao = await house.volunteer("Lin"), await house.volunteer("Zhao")
    await takes(lin)
    await takes(zhao, ON_THURSDAY)
    return lin, zhao, await Claim.get(shift__day=WEDNESDAY), await Claim.get(shift__day=THURSDAY)


async def asks_to_swap(lin: Phone) -> None:
    await lin.says("/my")
    await lin.taps("Somebody else instead")
    await lin.taps("Swap: Wed 25 Nov, 10:00")
    await lin.taps("Thu 26 Nov, 10:00–12:00 · Route 1 · Zhao")


async def holds(phone: Phone) -> list[object]:
    held = Claim.filter(person_id=(await phone.person()).id, given_back_at=None)
    return list(await held.order_by("shift__day").values_list("shift__day", flat=True))


async def test_two_swap_when_the_other_says_yes(house: House) -> None:
    lin, zhao, *_claims = await two_places(house)
    await asks_to_swap(lin)
    assert lin.last.text == (
        "I have asked Zhao. Until the answer comes, you go on Wed 25 Nov, 10:00–12:00, Route 1."
    )
    assert zhao.last.text.splitlines() == [
        "Lin would like to swap with you.",
        "You would go on Wed 25 Nov, 10:00–12:00, Route 1.",
        "In return you would be free on Thu 26 Nov, 10:00–12:00, Route 1.",
        "Nothing changes unless you say yes.",
    ]
    assert await holds(lin) == [WEDNESDAY]
    await zhao.taps("Yes, swap")
    assert (await holds(lin), await holds(zhao)) == ([THURSDAY], [WEDNESDAY])
    assert lin.last.text.startswith("Swapped! You go on Thu 26 Nov, 10:00–12:00, Route 1.")
    assert zhao.last.text.startswith("Swapped! You go on Wed 25 Nov, 10:00–12:00, Route 1.")
    assert [shift.taken for shift in await Shift.filter(day__in=[WEDNESDAY, THURSDAY])] == [1, 1]
    swap = await Swap.get()
    await zhao.presses(f"swap_yes:{swap.id}")
    assert await holds(zhao) == [WEDNESDAY]


async def test_a_no_changes_nothing_and_is_told_kindly(house: House) -> None:
    lin, zhao, *_claims = await two_places(house)
    await asks_to_swap(lin)
    await zhao.taps("No, thank you")
    assert "everything stays as it is" in zhao.last.text
    assert lin.last.text == "Zhao can't swap. Your shift stays yours: Wed 25 Nov, 10:00–12:00, Route 1."
    swap = await Swap.get()
    assert "no longer possible" in (await zhao.presses(f"swap_yes:{swap.id}"))[-1].text
    assert await holds(lin) == [WEDNESDAY]


async def test_a_swap_is_over_when_one_of_the_places_is(house: House) -> None:
    lin, zhao, mine, _theirs = await two_places(house)
    await asks_to_swap(lin)
    await lin.presses(f"shift_back:{mine.id}")
    assert "no longer possible" in (await zhao.taps("Yes, swap"))[-1].text
    assert await holds(zhao) == [THURSDAY]
    swap = await Swap.get()
    assert "not yours" in (await lin.presses(f"swap_yes:{swap.id}"))[-1].text
    assert "no longer there" in (await lin.presses("swap_no:4711"))[-1].text


async def test_nobody_is_offered_a_swap_that_would_put_them_in_two_places(house: House) -> None:
    lin, zhao, mine, _theirs = await two_places(house)
    await Shift.filter(day=WEDNESDAY).update(places=2)
    await zhao.presses(f"shift_take:{mine.shift_id}:0")
    assert "nobody to swap with" in (await lin.presses(f"swap:{mine.id}"))[-1].text


async def test_two_yes_at_once_swap_once(house: House) -> None:
    lin, zhao, mine, theirs = await two_places(house)
    swap = await Swap.ask(mine.id, theirs.id, await lin.person(), house.now)
    person = await zhao.person()

    async def agrees() -> None:
        async with transaction():
            await Swap.agree(swap.id, person, house.now)

    await asyncio.gather(*(agrees() for _ in range(4)), return_exceptions=True)
    assert (await holds(lin), await holds(zhao)) == ([THURSDAY], [WEDNESDAY])
    assert await Claim.filter(given_back_at=None).count() == 2


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "instead", "stand_in", "said"),
    [
        ("zh-CN", "换别人来", "找人替班：11月25日周三 10:00", "在有人答应之前"),
        ("zh-TW", "換別人來", "找人代班：11月25日 週三 10:00", "在有人答應之前"),
        (
            "es",
            "Que vaya otra persona",
            "Buscar suplente: mié 25 nov, 10:00",
            "Hasta que alguien diga que sí",
        ),
    ],
)
async def test_a_stand_in_is_looked_for_in_the_volunteers_language(
    house: House, language: str, instead: str, stand_in: str, said: str
) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin = await house.volunteer("Lin", language=language)
    await lin.presses(f"shift_take:{(await the_shift(canteen, WEDNESDAY)).id}:0")
    await lin.says("/my")
    await lin.taps(instead)
    await lin.taps(stand_in)
    assert said in lin.last.text
