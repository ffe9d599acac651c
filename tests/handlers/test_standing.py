"""Every week the same shift, days away, a turn for everybody, and familiar faces."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.database import transaction
from bot.scheduler import Scheduler
from handlers.standing import keep_promises
from models import standing
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.meals import Meal, MealEvent, MealState
from models.people import Membership
from models.routes import Route
from models.seniors import Senior
from models.shiftplan import replan
from models.shifts import Claim, Shift
from models.skills import Ability, Need, Skill
from models.standing import Away, Standing
from models.youth import AgeClass, AgeNote
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_shifts import takes
from tests.house import House, Phone
from tests.models.making import THURSDAY, TUESDAY, WEDNESDAY
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts, the_shift, walks_to

SATURDAY = date(2026, 11, 28)
TUESDAYS = [TUESDAY, TUESDAY + timedelta(days=7)]


async def days_of(phone: Phone) -> list[object]:
    held = Claim.filter(person_id=(await phone.person()).id, given_back_at=None)
    return list(await held.order_by("shift__day").values_list("shift__day", flat=True))


async def promises(phone: Phone, *weekdays: str) -> None:
    await phone.says("/my")
    await phone.taps("Every week, or away")
    await phone.taps("Every week: Route 1")
    for weekday in weekdays:
        await phone.taps(weekday)
    await phone.taps("Done")


@played_once
async def every_tuesday(house: House, **settings: object) -> tuple[Canteen, Phone]:
    canteen = await a_canteen_with_shifts(house, **settings)
    lin = await house.volunteer("Lin")
    await promises(lin, "Tue")
    return canteen, lin


@ONE_ENGINE
async def test_a_promise_puts_one_down_two_weeks_ahead_and_says_so_once(house: House) -> None:
    _canteen, lin = await every_tuesday(house)
    assert lin.last.text.startswith("Thank you! Tue, Route 1: that is yours every week now.")
    await house.tick()
    assert await days_of(lin) == TUESDAYS
    assert lin.last.text.splitlines() == [
        "As every week, I have put you down. Thank you!",
        "Tue 24 Nov, 10:00–12:00 · Route 1",
        "Tue 1 Dec, 10:00–12:00 · Route 1",
        "If one of them does not suit you, give it back: /my",
    ]
    count = len(lin.heard)
    await house.tick()
    await house.at("2026-11-23 12:00")
    assert len(lin.heard) == count
    await house.at("2026-11-25 10:00")
    assert await days_of(lin) == [*TUESDAYS, TUESDAY + timedelta(days=14)]


async def test_a_single_one_given_back_is_not_taken_again(house: House) -> None:
    canteen, lin = await every_tuesday(house)
    await house.tick()
    shift = await the_shift(canteen, TUESDAYS[1])
    await lin.presses(f"shift_back:{(await Claim.get(shift_id=shift.id)).id}")
    await house.tick()
    assert await days_of(lin) == TUESDAYS[:1]


async def test_an_ended_promise_takes_nothing_more_and_leaves_what_was_taken(house: House) -> None:
    _canteen, lin = await every_tuesday(house)
    await house.tick()
    await lin.says("/my")
    await lin.taps("Every week, or away")
    assert "Tue: Route 1" in lin.last.text
    await lin.taps("No longer every week: Route 1")
    await house.at("2026-11-25 10:00")
    assert await days_of(lin) == TUESDAYS
    standing = await Standing.get()
    zhao = await house.volunteer("Zhao")
    assert "not yours" in (await zhao.presses(f"promise_end:{standing.id}"))[-1].text


@ONE_ENGINE
async def test_a_saturday_that_is_made_a_workday_is_nobodys_every_saturday_or_tuesday(house: House) -> None:
    canteen, lin = await every_tuesday(house)
    await Standing.create(
        person_id=(await lin.person()).id, since=TUESDAY, weekdays=127,
        route_id=(await Route.get(canteen_id=canteen.id)).id,
    )  # fmt: skip
    await ServiceDay.create(
        canteen_id=canteen.id, day=SATURDAY, state=DayState.PLANNED,
        close_at=canteen.at(SATURDAY, "08:00"), roster_at=canteen.at(SATURDAY, "08:00"),
        out_at=canteen.at(SATURDAY, "10:00"), finish_at=canteen.at(SATURDAY, "12:30"), makeup=True,
    )  # fmt: skip
    await Senior.all().update(weekdays=127)
    await house.tick()
    assert await Shift.filter(day=SATURDAY).exists()
    held = await days_of(lin)
    assert SATURDAY not in held
    assert THURSDAY in held


async def test_days_away_give_places_back_and_rest_the_promise(house: House) -> None:
    _canteen, lin = await every_tuesday(house)
    chen = await house.coordinator()
    await house.tick()
    await lin.says("/my")
    await lin.taps("Every week, or away")
    await lin.walks(
        ("I am away for some days", "first day"),
        ("1 December", "And the last day?"),
        ("30 November", "can't be before"),
        ("10 December", "away from Tue 1 Dec to Thu 10 Dec"),
    )
    assert "1 shift of those days is open to others now." in lin.last.text
    await house.at("2026-11-25 12:00")
    assert await days_of(lin) == [TUESDAY]
    assert not any("can't come" in message.text for message in chen.heard)
    await lin.presses("every_week")
    assert "Away from Tue 1 Dec to Thu 10 Dec" in lin.last.text
    away = await Away.get()
    assert "not yours" in (await chen.presses(f"away_end:{away.id}"))[-1].text
    await lin.taps("I am there after all: Tue 1 Dec")
    await house.tick()
    assert await days_of(lin) == [TUESDAY, TUESDAY + timedelta(days=14)]


async def test_nothing_is_promised_without_a_day_or_for_a_route_that_is_gone(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer("Lin")
    await promises(lin)
    assert "Then nothing changes" in lin.last.text
    assert "no longer there" in (await lin.presses("promise:4711"))[-1].text
    assert not await Standing.exists()


async def test_whoever_left_has_promised_nothing(house: House) -> None:
    _canteen, lin = await every_tuesday(house)
    await Membership.filter(person_id=(await lin.person()).id).update(ended_at=house.now)
    await house.tick()
    assert await days_of(lin) == []
    assert (await Standing.get()).ended_at is not None


@ONE_ENGINE
async def test_promises_that_cannot_be_kept_now_are_in_nobodys_way(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    van = await Route.create(canteen_id=canteen.id, name="Van", places=1)
    await walks_to(van, 1)
    chen, lin, gao = await house.coordinator(), await house.volunteer("Lin"), await house.volunteer("Gao")
    zhao = await house.volunteer("Zhao")
    by, young = await chen.person(), await gao.person()
    (one,) = await Route.filter(name="Route 1")
    for phone, route in ((lin, van), (gao, one), (zhao, one)):
        await Standing.create(
            person_id=(await phone.person()).id, route_id=route.id, weekdays=0b10, since=TUESDAY
        )
    # Nobody has seen Lin's licence, and Gao's parents have not said yes.
    await Need.set(van.id, Skill.DRIVE, 1, by, house.now)
    await AgeNote.note(young, AgeClass.UNDER_18, by, house.now)
    await replan(canteen, house.now)
    for day in TUESDAYS:
        async with transaction():
            (kept,) = await standing.keep_promises(house.now, 1)
        assert (kept.person.name, [claim.shift.day for claim in kept.claims]) == ("Zhao", [day])
    async with transaction():
        assert await standing.keep_promises(house.now, 1) == []
    # Once they may, their promises hold.
    await Claim.all().delete()
    await Shift.all().update(taken=0)
    await Standing.filter(person_id=(await zhao.person()).id).update(ended_at=house.now)
    await Ability.confirm(await lin.person(), canteen.id, Skill.DRIVE, by, house.now)
    await AgeNote.note(young, AgeClass.ADULT, by, house.now)
    await house.tick()
    assert await days_of(lin) == await days_of(gao) == TUESDAYS


async def test_several_schedulers_keep_a_promise_once(house: House) -> None:
    _canteen, lin = await every_tuesday(house)
    schedulers = [Scheduler(house.clock) for _ in range(3)]
    await asyncio.gather(*(scheduler.run(keep_promises) for scheduler in schedulers))
    await house.deliver()
    assert await days_of(lin) == TUESDAYS
    assert sum("As every week" in message.text for message in lin.heard) == 1


async def test_so_many_shifts_a_week_that_others_get_a_turn_until_two_days_before(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer("Lin")
    await chen.walks(
        ("/settings", "Settings of"),
        ("Volunteers and duty", "as many shifts a week as they like"),
        ("Shifts a week", "How many shifts a week"),
        ("1", "From when?"),
        ("From Mon 30 Nov on", "From Mon 30 Nov: A volunteer may take 1 shift a week"),
    )
    next_week = [WEDNESDAY + timedelta(days=7), THURSDAY + timedelta(days=7)]
    await takes(lin, "Wed 2 Dec, 10:00–12:00 · Route 1")
    thursday = await the_shift(canteen, next_week[1])
    refused = (await lin.presses(f"shift_take:{thursday.id}:0"))[-1].text
    assert refused.splitlines() == [
        (
            "You have 1 shift in that week already. Thank you! So that others get a turn, too, it stays at"
            " that for now."
        ),
        "If nobody has taken it by Tue 1 Dec, it is open to you as well: /shifts",
    ]
    assert await days_of(lin) == next_week[:1]
    tomorrow = await the_shift(canteen, TUESDAY)
    assert "is yours" in (await lin.presses(f"shift_take:{tomorrow.id}:0"))[-1].text
    assert "is yours" in (await chen.presses(f"shift_take:{thursday.id}:0"))[-1].text
    await chen.presses(f"shift_back:{(await Claim.get(shift_id=thursday.id)).id}")
    await house.at("2026-12-01 10:00")
    assert "is yours" in (await lin.presses(f"shift_take:{thursday.id}:0"))[-1].text
    assert (await Canteen.get()).week_limit == 1
    await chen.presses(f"set_week_limit:{canteen.id}")
    await chen.walks(
        ("As many as they like", "From when?"), ("From now on", "as many shifts a week as they like")
    )
    gao = await house.volunteer("Gao")
    assert "not open to you" in (await gao.presses(f"set_week_limit:{canteen.id}"))[-1].text


async def test_whoever_knows_the_people_behind_the_doors_is_told_so(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=7)
    lin = await house.volunteer("Lin")
    await house.at("2026-11-23 16:00")
    seniors = await Senior.all().order_by("id").limit(5)
    for senior in seniors:
        meal = await Meal.get(senior_id=senior.id)
        for _again in range(2):
            await MealEvent.create(
                meal_id=meal.id, state=MealState.IN_PERSON, by_id=(await lin.person()).id,
                at=house.now, heard_at=house.now,
            )  # fmt: skip
    listed = (await lin.says("/shifts"))[-1].text
    assert "Wed 25 Nov, 10:00–12:00 · Route 1 · 7 homes, you know 5 of them · 1 place left" in listed
    assert "you know" not in (await (await house.volunteer("Gao")).says("/shifts"))[-1].text
    assert canteen.week_limit is None


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "every_week", "route", "day", "done", "yours", "put_down"),
    [
        (
            "zh-CN",
            "每周固定，或者请假",
            "每周固定：Route 1",
            "周二",
            "选好了",
            "以后每周都是您的",
            "我给您报上名了",
        ),
        (
            "zh-TW",
            "每週固定，或者請假",
            "每週固定：Route 1",
            "週二",
            "選好了",
            "以後每週都是您的",
            "我幫您報名了",
        ),
        (
            "es",
            "Cada semana, o ausencias",
            "Todas las semanas: Route 1",
            "mar",
            "Listo",
            "es suyo todas las semanas",
            "le he apuntado",
        ),
    ],
)
async def test_a_promise_in_the_volunteers_language(
    house: House, language: str, every_week: str, route: str, day: str, done: str, yours: str, put_down: str
) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer("Lin", language=language)
    await lin.says("/my")
    for label in (every_week, route, day, done):
        await lin.taps(label)
    assert yours in lin.last.text
    await house.tick()
    assert put_down in lin.last.text
