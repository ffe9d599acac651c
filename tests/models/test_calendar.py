"""Days are planned ahead, at the right instants, and go through their steps once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.database import transaction
from models import dayplan
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.dayplan import Replanned
from models.meals import Meal
from models.routes import Route
from models.schedule import Schedule
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import (
    FRIDAY,
    MONDAY,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_canteen,
    a_senior,
    at,
    plan,
    run_the_day,
    the_day,
)  # fmt: skip

EVERY_DAY = 127
MONDAY_AND_THURSDAY = 0b0001001


# ------------------------------------------------------------------------------------------------ planning


async def test_days_are_planned_at_least_fourteen_days_ahead_on_the_weekdays_of_the_canteen(db: str) -> None:
    canteen = await a_canteen(weekdays=MONDAY_AND_THURSDAY)
    days = await ServiceDay.filter(canteen_id=canteen.id).order_by("day").values_list("day", flat=True)
    assert days[:3] == [THURSDAY, date(2026, 11, 30), date(2026, 12, 3)]
    assert days[-1] >= MONDAY + timedelta(days=14)
    assert {day.weekday() for day in days} == {0, 3}


@ONE_ENGINE
async def test_planning_again_adds_nothing_and_a_new_day_is_added_every_night(db: str) -> None:
    canteen = await a_canteen(weekdays=EVERY_DAY)
    before = await ServiceDay.all().count()
    await plan(NOW + timedelta(hours=1))
    await plan(NOW + timedelta(hours=2))
    assert await ServiceDay.all().count() == before
    await plan(at("2026-11-24 00:00"))
    assert await ServiceDay.all().count() == before + 1
    assert (await Canteen.get(id=canteen.id)).planned_until == TUESDAY + timedelta(days=21)


@ONE_ENGINE
async def test_many_canteens_are_planned_with_a_bounded_number_of_statements(db: str) -> None:
    await Canteen.bulk_create(
        Canteen(name=f"Canteen {n}", zone=["Asia/Shanghai", "Europe/Madrid"][n % 2], created_at=NOW)
        for n in range(60)
    )
    async with transaction() as connection:
        assert await dayplan.plan_due(NOW) == 60
        statements = connection.tally.writes
    assert statements <= 4
    assert await ServiceDay.filter(day=TUESDAY).count() == 60


async def test_a_day_whose_orders_could_not_be_given_any_more_is_not_planned(db: str) -> None:
    await a_canteen()
    assert not await ServiceDay.filter(day=MONDAY).exists()
    assert await ServiceDay.filter(day=TUESDAY).exists()


async def test_two_processes_plan_a_day_once(db: str) -> None:
    await Canteen.create(name="Ping'an Lane", zone="Asia/Shanghai", created_at=NOW)
    await asyncio.gather(*(plan(NOW) for _ in range(4)))
    days = await ServiceDay.all().values_list("day", flat=True)
    assert len(days) == len(set(days)) == 15


# ---------------------------------------------------------------------------------------------- its instants


@ONE_ENGINE
async def test_orders_close_in_service_days_before_and_not_in_hours(db: str) -> None:
    canteen = await a_canteen()
    next_monday = await the_day(canteen, date(2026, 11, 30))
    assert next_monday.close_at == at("2026-11-27 16:00")


async def test_the_steps_of_a_day_follow_the_canteens_clock_and_its_earliest_route(db: str) -> None:
    canteen = await a_canteen()
    await Route.create(canteen_id=canteen.id, name="Early", starts_at="09:30", ends_at="11:00")
    await Route.create(canteen_id=canteen.id, name="Gone", starts_at="07:00", ends_at="11:00", closed_at=NOW)
    async with transaction():
        await dayplan.replan(canteen, NOW)
    day = await the_day(canteen, WEDNESDAY)
    assert day.close_at == at("2026-11-24 16:00")
    assert day.roster_at == at("2026-11-25 08:00")
    assert day.out_at == at("2026-11-25 09:30")
    assert day.finish_at == at("2026-11-25 12:30")
    assert day.next_at == day.close_at


@ONE_ENGINE
async def test_steps_never_go_backwards_whatever_the_settings_say(db: str) -> None:
    canteen = await a_canteen(cutoff_days=0, cutoff_at="10:30", roster_at="08:00", finish_at="09:00")
    day = await the_day(canteen, TUESDAY)
    assert day.close_at == day.roster_at == day.out_at == day.finish_at == at("2026-11-24 10:30")


@ONE_ENGINE
async def test_a_cutoff_in_the_hour_that_new_york_skips_moves_forward(db: str) -> None:
    zone = "America/New_York"
    canteen = await a_canteen(zone, at("2027-03-10 09:00", zone), cutoff_at="02:30", weekdays=EVERY_DAY)
    day = await the_day(canteen, date(2027, 3, 15))
    assert day.close_at == at("2027-03-14 03:30", zone)


@ONE_ENGINE
async def test_of_the_hour_that_new_york_repeats_the_first_counts(db: str) -> None:
    zone = "America/New_York"
    canteen = await a_canteen(zone, at("2026-10-28 09:00", zone), cutoff_at="01:30", weekdays=EVERY_DAY)
    day = await the_day(canteen, date(2026, 11, 2))
    assert day.close_at.isoformat() == "2026-11-01T05:30:00+00:00"


@ONE_ENGINE
async def test_a_cutoff_in_the_hour_that_madrid_skips_moves_forward(db: str) -> None:
    zone = "Europe/Madrid"
    canteen = await a_canteen(zone, at("2027-03-22 09:00", zone), cutoff_at="02:30", weekdays=EVERY_DAY)
    assert (await the_day(canteen, date(2027, 3, 29))).close_at == at("2027-03-28 03:30", zone)


@ONE_ENGINE
async def test_of_the_hour_that_madrid_repeats_the_first_counts(db: str) -> None:
    zone = "Europe/Madrid"
    canteen = await a_canteen(zone, at("2026-10-20 09:00", zone), cutoff_at="02:30", weekdays=EVERY_DAY)
    assert (await the_day(canteen, date(2026, 10, 26))).close_at.isoformat() == "2026-10-25T00:30:00+00:00"


async def test_orders_close_at_four_by_the_wall_clock_on_both_sides_of_a_change(db: str) -> None:
    zone = "Europe/Madrid"
    canteen = await a_canteen(zone, at("2027-03-22 09:00", zone), weekdays=EVERY_DAY)
    before = (await the_day(canteen, date(2027, 3, 27))).close_at
    after = (await the_day(canteen, date(2027, 3, 29))).close_at
    assert (before.hour, after.hour) == (15, 14)


@ONE_ENGINE
async def test_no_day_is_lost_where_midnight_does_not_exist(db: str) -> None:
    zone = "America/Santiago"
    canteen = await a_canteen(zone, at("2026-09-04 09:00", zone), weekdays=EVERY_DAY)
    for hour in range(24 * 5):
        await plan(at("2026-09-04 09:00", zone) + timedelta(hours=hour))
    days = await ServiceDay.filter(canteen_id=canteen.id).order_by("day").values_list("day", flat=True)
    assert days == [date(2026, 9, 5) + timedelta(days=ahead) for ahead in range(len(days))]
    assert days[-1] == date(2026, 9, 30)


# ---------------------------------------------------------------------------------------------- new settings


async def test_new_settings_move_add_and_drop_the_days_to_come(db: str) -> None:
    canteen = await a_canteen(weekdays=MONDAY_AND_THURSDAY)
    canteen.weekdays, canteen.cutoff_at = 0b0011000, "12:00"
    async with transaction():
        changed = await dayplan.replan(canteen, NOW)
    assert isinstance(changed, Replanned)
    assert FRIDAY in changed.added
    assert date(2026, 11, 30) in changed.dropped
    assert (await the_day(canteen, FRIDAY)).close_at == at("2026-11-26 12:00")
    assert (await the_day(canteen, THURSDAY)).close_at == at("2026-11-20 12:00")
    async with transaction():
        assert await dayplan.replan(canteen, NOW) == Replanned([], [])


async def test_a_day_under_way_keeps_what_it_went_through_and_moves_the_rest(db: str) -> None:
    canteen = await a_canteen()
    await a_senior(canteen)
    await run_the_day(at("2026-11-23 16:00"))
    canteen.cutoff_at, canteen.finish_at, canteen.weekdays = "18:00", "13:30", 0b0000100
    async with transaction():
        await dayplan.replan(canteen, at("2026-11-23 16:30"))
    day = await the_day(canteen, TUESDAY)
    assert day.state is DayState.CLOSED
    assert day.close_at == at("2026-11-23 16:00")
    assert day.finish_at == at("2026-11-24 13:30")
    assert await Meal.all().count() == 1


# -------------------------------------------------------------------------------------------------- its steps


@ONE_ENGINE
async def test_a_day_goes_through_its_steps_when_their_hours_come(db: str) -> None:
    canteen = await a_canteen()
    seen = []
    for when in ("23 15:59", "23 16:00", "24 07:59", "24 08:00", "24 10:00", "24 12:29", "24 12:30"):
        await run_the_day(at(f"2026-11-{when}"))
        seen.append((await the_day(canteen, TUESDAY)).state)
    assert seen == [
        DayState.PLANNED, DayState.CLOSED, DayState.CLOSED, DayState.FROZEN,
        DayState.OUT, DayState.OUT, DayState.FINISHED,
    ]  # fmt: skip
    day = await the_day(canteen, TUESDAY)
    assert day.closed_at == at("2026-11-23 16:00")
    assert day.roster_made_at == at("2026-11-24 08:00")
    assert day.finished_at == at("2026-11-24 12:30")
    assert day.next_at is None


@pytest.mark.parametrize(
    ("when", "state", "told"),
    [
        ("2026-11-24 07:00", DayState.CLOSED, True),
        ("2026-11-24 09:00", DayState.FROZEN, True),
        ("2026-11-24 11:00", DayState.OUT, True),
        ("2026-11-24 12:30", DayState.FINISHED, False),
    ],
)
async def test_a_day_that_nobody_closed_in_time_is_brought_to_where_its_clock_is(
    db: str, when: str, state: DayState, told: bool
) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    await run_the_day(at(when))
    day = await the_day(canteen, TUESDAY)
    assert day.state is state
    assert (day.tell_at is not None) is told
    assert (await Meal.of(senior.id, TUESDAY) is not None) is told


@ONE_ENGINE
async def test_the_coordinators_of_a_day_are_owed_one_message_for_each_step(db: str) -> None:
    await a_canteen()
    for when, owed in (("23 16:00", 1), ("24 08:00", 1), ("24 10:00", 0), ("24 12:30", 1)):
        now = at(f"2026-11-{when}")
        await run_the_day(now)
        async with transaction():
            told = await ServiceDay.tell_due(now, 10)
        assert [day.day for day in told if day.day == TUESDAY] == [TUESDAY] * owed
        async with transaction():
            assert await ServiceDay.tell_due(now, 10) == []


@ONE_ENGINE
async def test_the_next_cutoff_is_known_also_of_days_that_are_not_planned(db: str) -> None:
    canteen = await a_canteen()
    schedule = await Schedule.of(canteen, NOW)
    assert schedule.closes_at(TUESDAY) == (await the_day(canteen, TUESDAY)).close_at == at("2026-11-23 16:00")
    assert schedule.closes_at(date(2027, 6, 7)) == at("2027-06-04 16:00")


@ONE_ENGINE
async def test_the_open_days_begin_with_the_first_that_can_still_be_changed(db: str) -> None:
    canteen = await a_canteen()
    open_days = await ServiceDay.open_days(canteen.id, at("2026-11-23 15:59"), 2)
    assert [day.day for day in open_days] == [TUESDAY, WEDNESDAY]
    open_days = await ServiceDay.open_days(canteen.id, at("2026-11-23 16:00"), 2)
    assert [day.day for day in open_days] == [WEDNESDAY, THURSDAY]
    coming = await ServiceDay.coming(canteen.id, at("2026-11-23 12:00"))
    assert [day.day for day in coming] == [TUESDAY]
