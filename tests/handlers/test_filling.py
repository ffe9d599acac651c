"""A place that is still open: a chosen few are asked, step by step, each once, and never at night."""

from __future__ import annotations

import asyncio

import pytest

from bot.scheduler import Scheduler
from handlers.filling import fill
from models.filling import Call
from models.meals import Meal, MealEvent, MealState
from models.routes import Route
from models.shifts import Claim, Shift, ShiftState
from models.standing import Away
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_shifts import takes
from tests.house import House, Phone
from tests.models.making import FRIDAY, MONDAY, TUESDAY, at
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts

ON_FRIDAY = "Could you come? Fri 27 Nov, 10:00–12:00, Route 1"


def asked(*phones: Phone, about: str = ON_FRIDAY) -> list[str]:
    """Name those who were asked."""
    return [phone.name for phone in phones if any(message.text.startswith(about) for message in phone.heard)]


@played_once
async def crowd(house: House, count: int) -> list[Phone]:
    """Open a canteen where only Friday lacks somebody, and volunteers; the first two know Route 1."""
    canteen = await a_canteen_with_shifts(house)
    await Shift.exclude(day=FRIDAY).update(places=20, taken=20)
    phones = [await house.volunteer(f"V{n}") for n in range(count)]
    route = await Route.get(canteen_id=canteen.id)
    day = MONDAY.replace(day=9)
    past = await Shift.create(
        canteen_id=canteen.id, route_id=route.id, day=day, places=9, taken=2, state=ShiftState.FINISHED,
        starts_at=canteen.at(day, "10:00"), ends_at=canteen.at(day, "12:00"),
    )  # fmt: skip
    for phone in phones[:2]:
        await Claim.create(
            shift=past, person=await phone.person(), claimed_at=past.starts_at, started_at=past.starts_at
        )
    return phones


@ONE_ENGINE
async def test_first_those_who_know_the_route_then_a_few_of_the_canteen_then_the_coordinator(
    house: House,
) -> None:
    phones = await crowd(house, 7)
    chen = await house.coordinator()
    await house.at("2026-11-24 18:29")
    assert asked(*phones) == []
    await house.at("2026-11-24 18:30")
    assert asked(*phones) == ["V0", "V1"]
    assert phones[0].last.text.splitlines() == [
        ON_FRIDAY,
        "12 people are waiting for this lunch.",
        "I ask only a few people, one group after the other.",
    ]
    await house.at("2026-11-24 19:30")
    await house.at("2026-11-25 18:30")
    assert asked(*phones) == ["V0", "V1", "V2", "V3", "V4"]
    for when in ("2026-11-25 18:31", "2026-11-26 18:30"):
        await house.at(when)
    assert asked(*phones) == ["V0", "V1", "V2", "V3", "V4"]
    chen.reads()
    await house.at("2026-11-26 20:00")
    (told,) = chen.reads()
    assert "1 place is free." in told.text
    assert [sum(m.text.startswith(ON_FRIDAY) for m in phone.heard) for phone in phones] == [1] * 5 + [0, 0]
    await chen.taps("Ask three more for Route 1")
    assert asked(*phones)[5:] == ["V5", "V6"]
    assert "I am asking V5 and V6." in chen.last.text
    assert "nobody left whom I could ask" in (await chen.taps("Ask three more for Route 1"))[-1].text


async def test_it_stops_when_the_place_is_taken_and_whoever_says_no_is_left_in_peace(house: House) -> None:
    phones = await crowd(house, 5)
    await house.at("2026-11-24 18:30")
    await phones[0].taps("Not this time")
    assert "Thank you for answering" in phones[0].last.text
    await phones[1].taps("Not this time")
    await house.at("2026-11-24 18:31")
    assert asked(*phones) == ["V2", "V3", "V4"]
    await phones[3].taps("I'll take it")
    assert "Route 1 is yours" in phones[3].last.text
    for when in ("2026-11-25 18:30", "2026-11-26 18:30"):
        await house.at(when)
    assert await Call.all().count() == 5
    assert (
        "not yours"
        in (
            await phones[0].presses(f"call_no:{(await Call.get(person_id=(await phones[3].person()).id)).id}")
        )[-1].text
    )


async def test_nobody_is_asked_for_what_they_cannot_do(house: House) -> None:
    phones = await crowd(house, 5)
    person = await phones[2].person()
    await Away.say(person, FRIDAY, FRIDAY, TUESDAY, house.now)
    route = await Route.create(canteen_id=(await Shift.get(day=FRIDAY)).canteen_id, name="Route 2")
    shift = await Shift.get(day=FRIDAY)
    other = await Shift.create(
        canteen_id=shift.canteen_id, route_id=route.id, day=FRIDAY, starts_at=shift.starts_at,
        ends_at=shift.ends_at, places=1, taken=1,
    )  # fmt: skip
    await Claim.create(shift=other, person=await phones[3].person(), claimed_at=house.now)
    house.wire.blocked.add(phones[4].address)
    await house.at("2026-11-24 18:30")
    await house.at("2026-11-25 18:30")
    assert asked(*phones) == ["V0", "V1"]


async def test_a_place_given_back_at_short_notice_is_asked_for_at_once_but_not_at_night(house: House) -> None:
    phones = await crowd(house, 5)
    lin, chen = await house.volunteer("Lin"), await house.coordinator()
    await takes(lin, "Fri 27 Nov, 10:00–12:00 · Route 1")
    await house.at("2026-11-26 22:00")
    await lin.presses(
        f"shift_back:{(await Claim.get(given_back_at=None, person_id=(await lin.person()).id)).id}"
    )
    await house.tick()
    assert asked(*phones, lin) == []
    await house.at("2026-11-27 08:00")
    assert asked(*phones, lin) == ["V0", "V1"]
    await house.at("2026-11-27 08:09")
    assert asked(*phones, lin) == ["V0", "V1"]
    await house.at("2026-11-27 08:10")
    assert asked(*phones, lin) == ["V0", "V1", "V2", "V3", "V4"]
    chen.reads()
    await house.at("2026-11-27 08:20")
    (told,) = chen.reads()
    assert told.text.startswith("Nobody found so far: Fri 27 Nov, 10:00–12:00, Route 1.")
    await house.at("2026-11-27 08:40")
    assert chen.reads() == []
    assert "Route 1 is yours" in (await chen.taps("I will go myself"))[-1].text


async def test_a_question_that_came_too_late_is_not_sent(house: House) -> None:
    phones = await crowd(house, 2)
    shift = await Shift.get(day=FRIDAY)
    house.clock.instant = at("2026-11-24 18:30")
    await house.scheduler.catch_up()
    await Shift.filter(id=shift.id).update(taken=1)
    await house.deliver()
    assert asked(*phones) == []


async def test_several_schedulers_ask_everybody_once(house: House) -> None:
    phones = await crowd(house, 6)
    await Shift.filter(day=FRIDAY).update(fill_at=house.now)
    schedulers = [Scheduler(house.clock) for _ in range(3)]
    for _again in range(3):
        await asyncio.gather(*(scheduler.run(fill) for scheduler in schedulers))
    await house.deliver()
    assert asked(*phones) == ["V0", "V1"]
    assert await Call.all().count() == 2


@ONE_ENGINE
async def test_whoever_looks_for_a_stand_in_has_others_asked(house: House) -> None:
    phones = await crowd(house, 3)
    lin = await house.volunteer("Lin")
    await takes(lin, "Fri 27 Nov, 10:00–12:00 · Route 1")
    await house.at("2026-11-24 18:30")
    assert asked(*phones) == []
    claim = await Claim.get(person_id=(await lin.person()).id)
    await lin.presses(f"stand_in:{claim.id}:1")
    await house.tick()
    assert asked(*phones) == ["V0", "V1"]
    assert "You go in the place of Lin" in (await phones[1].taps("I'll take it"))[-1].text


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "words", "known", "no", "thanks"),
    [
        ("zh-CN", "您能来吗？11月27日周五 10:00–12:00，Route 1", "其中1位您认识。", "这次不了", "谢谢您回话"),
        (
            "zh-TW",
            "您能來嗎？11月27日 週五 10:00–12:00，Route 1",
            "其中1位您認識。",
            "這次不了",
            "謝謝您回覆",
        ),
        (
            "es",
            "¿Podría venir? vie 27 nov, 10:00–12:00, Route 1",
            "Usted conoce a 1",
            "Esta vez no",
            "Gracias por contestar",
        ),
    ],
)
async def test_a_few_are_asked_in_their_language(
    house: House, language: str, words: str, known: str, no: str, thanks: str
) -> None:
    await crowd(house, 0)
    lin = await house.volunteer("Lin", language=language)
    await house.at("2026-11-23 16:00")
    meal = await Meal.all().first()
    assert meal is not None
    await MealEvent.create(
        meal_id=meal.id,
        state=MealState.IN_PERSON,
        by_id=(await lin.person()).id,
        at=house.now,
        heard_at=house.now,
    )
    await house.at("2026-11-24 18:30")
    assert words in lin.last.text
    assert known in lin.last.text
    assert thanks in (await lin.taps(no))[-1].text
    assert (await Shift.get(day=FRIDAY)).taken == 0
