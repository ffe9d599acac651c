"""Each reminder is said once, to those who still have the place; the coordinator hears who is missing."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.scheduler import Scheduler
from handlers.chat import REGISTRY
from models.canteens import Canteen
from models.messaging import OutboxMessage
from models.routes import Route
from models.seniors import Senior
from models.shifts import Claim
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_shifts import takes
from tests.house import Heard, House, Phone
from tests.models.making import THURSDAY, at
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts, the_shift, walks_to

ON_THURSDAY = "Thu 26 Nov, 10:00–12:00 · Route 1"


def reminders(phone: Phone) -> list[Heard]:
    return [message for message in phone.heard if "your shift:" in message.text]


@played_once
async def took_thursday(house: House, **settings: object) -> Phone:
    """Let Lin take Thursday's shift on Monday morning."""
    await a_canteen_with_shifts(house, **settings)
    lin = await house.volunteer()
    await takes(lin, ON_THURSDAY)
    return lin


# ------------------------------------------------------------------------------------------- volunteers


@ONE_ENGINE
async def test_three_reminders_come_each_once_at_their_hour(house: House) -> None:
    lin = await took_thursday(house)
    await house.at("2026-11-23 17:59")
    assert reminders(lin) == []
    said = []
    for instant in ("2026-11-23 18:00", "2026-11-25 18:00", "2026-11-26 09:00"):
        await house.at(instant)
        await house.tick()
        said.append(lin.last)
        assert reminders(lin) == said
    assert [message.text.splitlines()[0] for message in said] == [
        "In three days is your shift: Thu 26 Nov, 10:00–12:00, Route 1.",
        "Tomorrow is your shift: Thu 26 Nov, 10:00–12:00, Route 1.",
        "Today is your shift: Thu 26 Nov, 10:00–12:00, Route 1.",
    ]
    assert all("12 people are waiting for this lunch." in message.text for message in said)
    assert [message.buttons for message in said] == [
        ["I'll be there", "I can't come"],
        ["I'll be there", "I can't come"],
        ["I'll be there", "I can't come", "I am there", "Show my round"],
    ]


@ONE_ENGINE
async def test_the_house_may_run_as_often_as_it_likes_between(house: House) -> None:
    lin = await took_thursday(house)
    for hour in range(17, 21):
        for minute in (0, 1, 30, 59):
            await house.at(f"2026-11-25 {hour}:{minute:02}")
    # Monday's was missed: nothing ran on that evening.
    assert [message.text.split(":")[0] for message in reminders(lin)] == ["Tomorrow is your shift"]


async def test_two_schedulers_at_once_remind_once(house: House) -> None:
    await a_canteen_with_shifts(house, places=20)
    phones = [await house.volunteer(f"Volunteer {n}") for n in range(12)]
    for phone in phones:
        await takes(phone, ON_THURSDAY)
    house.clock.instant = at("2026-11-25 18:00")
    schedulers = [Scheduler(house.clock) for _ in range(2)]
    for _again in range(3):
        for _seconds, job in REGISTRY.jobs:
            await asyncio.gather(*(scheduler.run(job) for scheduler in schedulers))
    await house.deliver()
    assert [len(reminders(phone)) for phone in phones] == [1] * 12
    assert await OutboxMessage.filter(key__startswith="reminder ").count() == 12


@ONE_ENGINE
async def test_saying_yes_is_noted_and_answered_in_place(house: House) -> None:
    lin = await took_thursday(house)
    await house.at("2026-11-25 18:00")
    (news,) = await lin.taps("I'll be there")
    assert news.edited
    assert news.text.startswith("Thank you, see you then: Thu 26 Nov, 10:00–12:00, Route 1.")
    assert (await Claim.get()).confirmed_at == house.now


@ONE_ENGINE
async def test_a_place_that_was_given_back_is_not_reminded_of(house: House) -> None:
    lin = await took_thursday(house)
    await lin.taps("I can't come")
    for instant in ("2026-11-23 18:00", "2026-11-25 18:00", "2026-11-26 09:00"):
        await house.at(instant)
    assert reminders(lin) == []


async def test_a_reminder_that_was_written_is_not_sent_for_a_place_given_back_meanwhile(house: House) -> None:
    lin = await took_thursday(house)
    house.clock.instant = at("2026-11-25 18:00")
    await house.scheduler.catch_up()
    claim = await Claim.get()
    assert await OutboxMessage.filter(key=f"reminder {claim.id} 1").exists()
    await Claim.give_back(claim.id, await lin.person(), house.now)
    await house.deliver()
    assert reminders(lin) == []


@ONE_ENGINE
async def test_a_late_start_does_not_send_yesterdays_reminder(house: House) -> None:
    lin = await took_thursday(house)
    await house.at("2026-11-26 00:30")
    assert reminders(lin) == []
    await house.at("2026-11-26 09:00")
    assert [message.text.split(":")[0] for message in reminders(lin)] == ["Today is your shift"]


@ONE_ENGINE
async def test_a_short_outage_only_delays_a_reminder(house: House) -> None:
    lin = await took_thursday(house)
    await house.at("2026-11-25 20:10")
    assert len(reminders(lin)) == 1


@ONE_ENGINE
async def test_nobody_is_reminded_in_the_night(house: House) -> None:
    lin = await took_thursday(house)
    await house.at("2026-11-25 21:30")
    assert reminders(lin) == []


@ONE_ENGINE
async def test_whoever_comes_late_is_spared_the_reminders_of_before(house: House) -> None:
    await a_canteen_with_shifts(house)
    await house.at("2026-11-25 14:00")
    lin = await house.volunteer()
    await takes(lin, ON_THURSDAY)
    await house.tick()
    assert reminders(lin) == []
    await house.at("2026-11-25 18:00")
    await house.at("2026-11-26 09:00")
    assert [message.text.split(":")[0] for message in reminders(lin)] == [
        "Tomorrow is your shift",
        "Today is your shift",
    ]


@ONE_ENGINE
async def test_whoever_takes_a_place_again_is_reminded_of_what_is_still_to_come(house: House) -> None:
    lin = await took_thursday(house)
    await house.at("2026-11-25 18:00")
    await lin.taps("I can't come")
    await lin.taps("I can come after all")
    await house.at("2026-11-25 19:00")
    assert len(reminders(lin)) == 0
    await house.at("2026-11-26 09:00")
    assert [message.text.split(":")[0] for message in reminders(lin)] == ["Today is your shift"]


@ONE_ENGINE
async def test_the_morning_reminder_never_comes_before_eight(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    early = await Route.create(
        canteen_id=canteen.id, name="Early", position=2, starts_at="08:30", ends_at="09:30"
    )
    await walks_to(early, 1)
    await house.tick()
    lin = await house.volunteer()
    await takes(lin, "Thu 26 Nov, 08:30–09:30 · Early")
    await house.at("2026-11-26 07:59")
    assert reminders(lin) == []
    await house.at("2026-11-26 08:00")
    assert [message.text.split(":")[0] for message in reminders(lin)] == ["Today is your shift"]


@ONE_ENGINE
async def test_a_moved_hour_of_reminding_moves_what_is_still_to_come(house: House) -> None:
    lin = await took_thursday(house)
    canteen, chen = await Canteen.get(), await house.coordinator()
    await Canteen.change(canteen.id, by=await chen.person(), now=house.now, remind_at="17:00")
    await house.at("2026-11-23 17:00")
    assert len(reminders(lin)) == 1
    await Canteen.change(canteen.id, by=await chen.person(), now=house.now, remind_at="19:00")
    await house.at("2026-11-23 19:00")
    assert len(reminders(lin)) == 1


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        pytest.param("Europe/Madrid", date(2027, 3, 28), id="Madrid, last Sunday of March: an hour is lost"),
        pytest.param("Europe/Madrid", date(2027, 10, 31), id="Madrid, last Sunday of October: one is twice"),
        pytest.param("America/New_York", date(2027, 3, 14), id="New York, second Sunday of March"),
        pytest.param("America/New_York", date(2027, 11, 7), id="New York, first Sunday of November"),
    ],
)
async def test_on_the_day_of_daylight_saving_shift_and_reminders_keep_to_the_wall_clock(
    house: House, zone: str, day: date
) -> None:
    canteen = await a_canteen_with_shifts(house, zone=zone, weekdays=127)
    await Senior.all().update(weekdays=127)
    await house.at(f"{day - timedelta(days=10)} 09:00", zone)
    lin = await house.volunteer()
    shift = await the_shift(canteen, day)
    assert [shift.starts_at, shift.ends_at] == [at(f"{day} {clock}", zone) for clock in ("10:00", "12:00")]
    await lin.presses(f"shift_take:{shift.id}:0")
    for count, ahead, clock in ((1, 3, "18:00"), (2, 1, "18:00"), (3, 0, "09:00")):
        instant = at(f"{day - timedelta(days=ahead)} {clock}", zone)
        assert (await Claim.get()).next_at == instant
        house.clock.instant = instant - timedelta(minutes=1)
        await house.tick()
        assert len(reminders(lin)) == count - 1
        house.clock.instant = instant
        await house.tick()
        assert len(reminders(lin)) == count


# ------------------------------------------------------------------------------------------- coordinator


async def test_on_the_evening_before_the_coordinator_gets_the_list_of_who_is_missing_once(
    house: House,
) -> None:
    canteen = await a_canteen_with_shifts(house)
    await walks_to(await Route.create(canteen_id=canteen.id, name="Route 2", position=2, places=2), 3)
    await walks_to(await Route.create(canteen_id=canteen.id, name="Route 3", position=3), 1)
    await house.tick()
    chen, lin = await house.coordinator(), await house.volunteer("Lin")
    zhao, gao = await house.volunteer("Zhao"), await house.volunteer("Gao")
    person = await lin.person()
    person.set_phone("+8613912345678")
    await person.save()
    await takes(lin, ON_THURSDAY)
    await takes(zhao, "Thu 26 Nov, 10:00–12:00 · Route 2")
    await takes(gao, "Thu 26 Nov, 10:00–12:00 · Route 3")
    await house.at("2026-11-25 18:00")
    await gao.taps("I'll be there")
    chen.reads()
    await house.at("2026-11-25 19:59")
    assert chen.reads() == []
    await house.at("2026-11-25 20:00")
    await house.at("2026-11-25 20:20")
    (told,) = chen.reads()
    assert told.text.splitlines() == [
        "Thu 26 Nov: not every route is sure yet.",
        "",
        "Thu 26 Nov, 10:00–12:00 · Route 1 · 12 homes",
        "Lin has not answered my reminder: +8613912345678",
        "",
        "Thu 26 Nov, 10:00–12:00 · Route 2 · 3 homes",
        "1 place is free.",
        "Zhao has not answered my reminder.",
    ]
    assert told.buttons == [
        "Open Lin's place to others",
        "Open Zhao's place to others",
        "I will take Route 2 myself",
        "Ask three more for Route 2",
    ]
    await chen.taps("Open Lin's place to others")
    assert (await the_shift(canteen, THURSDAY)).taken == 0


@ONE_ENGINE
async def test_when_all_is_sure_the_coordinator_is_left_in_peace(house: House) -> None:
    lin = await took_thursday(house)
    chen = await house.coordinator()
    await house.at("2026-11-25 19:00")
    await lin.taps("I'll be there")
    chen.reads()
    await house.at("2026-11-25 20:00")
    assert [heard for heard in chen.reads() if "not every route" in heard.text] == []


@ONE_ENGINE
async def test_whoever_took_a_place_after_the_reminder_has_said_yes(house: House) -> None:
    await a_canteen_with_shifts(house)
    chen = await house.coordinator()
    await house.at("2026-11-25 19:30")
    lin = await house.volunteer()
    await takes(lin, ON_THURSDAY)
    chen.reads()
    await house.at("2026-11-25 20:00")
    assert [heard for heard in chen.reads() if "not every route" in heard.text] == []
    assert (await the_shift(await Canteen.get(), THURSDAY)).taken == 1
