"""Waiting in line: a place that comes free is offered, kept for a while, and never assigned."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.database import transaction
from bot.scheduler import Scheduler
from handlers.line import ask_the_line
from models.line import Standby, StandbyEnd
from models.people import Membership, Role
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_shifts import ON_WEDNESDAY, takes
from tests.house import House, Phone
from tests.models.making import WEDNESDAY
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts, the_shift


async def waits(phone: Phone) -> str:
    """Ask for Wednesday's place, hear that it is full, and wait in line."""
    shift = await Shift.get(day=WEDNESDAY)
    await phone.presses(f"shift_take:{shift.id}:0")
    await phone.taps("Wait in line")
    return phone.last.text


@played_once
async def full(house: House, *names: str) -> tuple[Phone, list[Phone]]:
    """Let Lin take Wednesday's only place, and these others wait for it."""
    await a_canteen_with_shifts(house)
    lin = await house.volunteer("Lin")
    await takes(lin)
    phones = [await house.volunteer(name) for name in names]
    for phone in phones:
        await waits(phone)
    return lin, phones


async def gives_back(phone: Phone, house: House) -> None:
    await phone.presses(f"shift_back:{(await Claim.get(given_back_at=None)).id}")
    await house.tick()


async def test_whoever_waits_is_offered_the_place_and_takes_it_by_saying_yes(house: House) -> None:
    lin, (zhao,) = await full(house, "Zhao")
    assert zhao.last.text.splitlines() == [
        "You are in line for Wed 25 Nov, 10:00–12:00, Route 1.",
        "You are next.",
        "If a place comes free, I ask you first; nothing is decided without your yes.",
    ]
    await gives_back(lin, house)
    assert zhao.last.text.splitlines() == [
        "A place has come free: Wed 25 Nov, 10:00–12:00, Route 1.",
        "12 people are waiting for this lunch.",
        "I keep it for you until Mon 23 Nov, 09:30; then I ask the next.",
    ]
    assert (await Shift.get(day=WEDNESDAY)).taken == 0
    assert "Route 1 is yours" in (await zhao.taps("I'll take it"))[-1].text
    shift = await Shift.get(day=WEDNESDAY)
    assert (shift.taken, shift.offered) == (1, 0)
    assert (await Standby.get()).end is StandbyEnd.TAKEN


@ONE_ENGINE
async def test_a_place_that_is_kept_for_somebody_is_nobody_elses(house: House) -> None:
    lin, (zhao, gao) = await full(house, "Zhao", "Gao")
    assert "You are number 2." in gao.last.text
    await gives_back(lin, house)
    li = await house.volunteer("Li")
    shift = await Shift.get(day=WEDNESDAY)
    assert ON_WEDNESDAY not in (await li.says("/shifts"))[-1].buttons
    assert "full now" in (await li.presses(f"shift_take:{shift.id}:0"))[-1].text
    assert "full now" in (await gao.presses(f"shift_take:{shift.id}:0"))[-1].text
    await zhao.taps("Not this time")
    await house.tick()
    assert gao.last.text.startswith("A place has come free")
    assert "Route 1 is yours" in (await gao.taps("I'll take it"))[-1].text


@ONE_ENGINE
async def test_an_offer_that_nobody_answers_goes_to_the_next_and_then_to_all(house: House) -> None:
    lin, (zhao, gao) = await full(house, "Zhao", "Gao")
    await gives_back(lin, house)
    await house.at("2026-11-23 09:29")
    assert "A place has come free" not in gao.last.text
    await house.at("2026-11-23 09:30")
    assert zhao.last.text.startswith("I have asked the next in line for Wed 25 Nov")
    assert gao.last.text.startswith("A place has come free")
    await house.at("2026-11-23 10:00")
    assert (await Shift.get(day=WEDNESDAY)).offered == 0
    assert "Route 1 is yours" in await takes(zhao)


@ONE_ENGINE
async def test_at_night_nobody_is_asked_and_the_place_is_kept_until_the_morning(house: House) -> None:
    lin, (zhao, gao) = await full(house, "Zhao", "Gao")
    await house.at("2026-11-23 21:40")
    await gives_back(lin, house)
    assert "A place has come free" not in zhao.last.text
    assert "full now" in (await gao.presses(f"shift_take:{(await Shift.get(day=WEDNESDAY)).id}:0"))[-1].text
    await house.at("2026-11-24 08:00")
    assert any("I keep it for you until Tue 24 Nov, 08:30" in message.text for message in zhao.heard)
    await house.at("2026-11-24 08:29")
    assert not any("A place has come free" in message.text for message in gao.heard)
    await house.at("2026-11-24 08:30")
    assert any("A place has come free" in message.text for message in gao.heard)


async def test_shortly_before_the_start_the_next_is_asked_sooner_and_the_line_ends(house: House) -> None:
    lin, (zhao,) = await full(house, "Zhao")
    await house.at("2026-11-25 08:20")
    await gives_back(lin, house)
    assert "I keep it for you until Wed 25 Nov, 08:30" in zhao.last.text
    await house.at("2026-11-25 08:30")
    assert (await Standby.get()).end is StandbyEnd.EXPIRED


@ONE_ENGINE
async def test_the_coordinator_may_jump_in_although_a_place_is_kept(house: House) -> None:
    lin, (zhao,) = await full(house, "Zhao")
    chen = await house.coordinator()
    await gives_back(lin, house)
    shift = await Shift.get(day=WEDNESDAY)
    assert "Route 1 is yours" in (await chen.presses(f"shift_take:{shift.id}:0"))[-1].text
    assert "full now" in (await zhao.taps("I'll take it"))[-1].text
    shift = await Shift.get(day=WEDNESDAY)
    assert (shift.taken, shift.offered) == (1, 0)


async def test_a_full_shift_is_found_in_a_list_and_the_line_can_be_left(house: House) -> None:
    _lin, (_zhao,) = await full(house, "Zhao")
    gao = await house.volunteer("Gao")
    await gao.says("/shifts")
    await gao.taps("Wait for a full shift")
    assert "Wed 25 Nov, 10:00–12:00 · Route 1 · 1 waits" in gao.last.text
    await gao.taps("Wait in line: Wed 25 Nov, 10:00–12:00 · Route 1")
    assert "You are number 2." in gao.last.text
    await gao.presses(f"line_join:{(await Shift.get(day=WEDNESDAY)).id}")
    assert await Standby.all().count() == 2
    await gao.taps("Leave the line")
    assert "you no longer wait" in gao.last.text
    assert await Standby.filter(ended_at=None).count() == 1
    standby = await Standby.get(ended_at=None)
    assert "not yours" in (await gao.presses(f"line_leave:{standby.id}"))[-1].text


async def test_nobody_waits_in_line_where_a_place_is_free(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    zhao = await house.volunteer("Zhao")
    shift = await the_shift(canteen, WEDNESDAY)
    assert "free place" in (await zhao.presses(f"line_join:{shift.id}"))[-1].text
    assert not await Standby.exists()


async def test_whoever_left_or_is_elsewhere_is_passed_over(house: House) -> None:
    lin, (zhao, gao) = await full(house, "Zhao", "Gao")
    member = await Membership.get(person_id=(await zhao.person()).id)
    member.ended_at = house.now
    await member.save()
    await gives_back(lin, house)
    assert "A place has come free" in gao.last.text
    assert "A place has come free" not in zhao.last.text


@ONE_ENGINE
async def test_the_line_is_over_when_the_shift_begins_or_is_dropped(house: House) -> None:
    _lin, (zhao,) = await full(house, "Zhao")
    await house.at("2026-11-25 10:00")
    assert (await Standby.get()).end is StandbyEnd.OVER
    assert "A place has come free" not in zhao.last.text


async def test_several_schedulers_offer_a_place_once(house: House) -> None:
    lin, phones = await full(house, "Zhao", "Gao", "Li")
    await lin.presses(f"shift_back:{(await Claim.get(given_back_at=None)).id}")
    schedulers = [Scheduler(house.clock) for _ in range(3)]
    await asyncio.gather(*(scheduler.run(ask_the_line) for scheduler in schedulers))
    await house.deliver()
    assert sum("A place has come free" in phone.last.text for phone in phones) == 1
    assert (await Shift.get(day=WEDNESDAY)).offered == 1


async def test_many_who_answer_at_once_while_offers_expire_never_overfill(house: House) -> None:
    lin, phones = await full(house, *(f"Volunteer {n}" for n in range(6)))
    people = [await phone.person() for phone in phones]
    await Membership.grant(
        people[5], (await Shift.get(day=WEDNESDAY)).canteen_id, Role.COORDINATOR, by=None, now=house.now
    )
    await lin.presses(f"shift_back:{(await Claim.get(given_back_at=None)).id}")
    shift = await Shift.get(day=WEDNESDAY)

    async def takes_(person: object) -> None:
        async with transaction():
            await Shift.claim(shift.id, person, house.now)  # type: ignore[arg-type]  # a Person

    async def ticks() -> None:
        async with transaction():
            await Standby.expire_due(house.now + timedelta(hours=1), 10)
            await Standby.offer_due(house.now, 10)

    for _round in range(3):
        await asyncio.gather(
            *(takes_(person) for person in people), *(ticks() for _ in range(3)), return_exceptions=True
        )
    shift = await Shift.get(day=WEDNESDAY)
    active = await Claim.filter(shift_id=shift.id, given_back_at=None).count()
    offers = await Standby.filter(ended_at=None, offered_at__not_isnull=True).count()
    assert shift.taken == active <= 1
    assert shift.offered == offers
    assert shift.taken + shift.offered <= 1


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "wait", "offer", "take", "yours"),
    [
        (
            "zh-CN",
            "排队等一等",
            "空出一个位子了：11月25日周三 10:00–12:00，Route 1。",
            "我来",
            "您送Route 1",
        ),
        (
            "zh-TW",
            "排隊等候",
            "空出一個位子了：11月25日 週三 10:00–12:00，Route 1。",
            "我來",
            "您送Route 1",
        ),
        (
            "es",
            "Ponerme a la espera",
            "Ha quedado una plaza libre: mié 25 nov, 10:00–12:00, Route 1.",
            "Voy yo",
            "Route 1",
        ),
    ],
)
async def test_waiting_in_line_in_the_volunteers_language(
    house: House, language: str, wait: str, offer: str, take: str, yours: str
) -> None:
    lin, _none = await full(house)
    zhao = await house.volunteer("Zhao", language=language)
    await zhao.presses(f"shift_take:{(await Shift.get(day=WEDNESDAY)).id}:0")
    await zhao.taps(wait)
    await gives_back(lin, house)
    assert offer in zhao.last.text
    assert yours in (await zhao.taps(take))[-1].text
