"""Who eats on a day: one rule before and after the orders close, once, and nothing manual is lost."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.database import transaction
from models import dayplan
from models.calendar import DayState, ServiceDay
from models.lunches import choosable
from models.meals import Meal, MealEvent, MealState
from models.orders import ChangeKind, OrderChange, Origin, pause, resume
from models.refusals import DaysBackwards, KitchenFrozen, NoLunchThatDay, NotAllowed, NotPaused, OrdersClosed
from models.roster import kitchen_count, roster
from models.routes import Route
from models.seniors import Diet, Kinship, Mode, Pause, Residence, Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import (
    FRIDAY,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_canteen,
    a_coordinator,
    a_person,
    a_relative,
    a_senior,
    at,
    eaters,
    run_the_day,
)

CLOSING, FREEZE = at("2026-11-23 16:00"), at("2026-11-24 08:00")


async def change(senior: Senior, kind: ChangeKind, mode: Mode | None = None, day: date = TUESDAY) -> None:
    await OrderChange.create(senior_id=senior.id, day=day, kind=kind, mode=mode, origin=Origin.FAMILY, at=NOW)


# ------------------------------------------------------------------------------------------------ who eats


@ONE_ENGINE
async def test_the_pattern_pauses_and_changes_decide_who_eats_before_and_after_the_closing(db: str) -> None:
    canteen = await a_canteen()
    usual = await a_senior(canteen)
    not_tuesdays = await a_senior(canteen, weekdays=0b0011101)
    extra = await a_senior(canteen, weekdays=0b0011101)
    await change(extra, ChangeKind.EXTRA)
    skips = await a_senior(canteen)
    await change(skips, ChangeKind.SKIP)
    swaps = await a_senior(canteen)
    await change(swaps, ChangeKind.SWAP, Mode.DINE_IN)
    paused = await a_senior(canteen)
    await Pause.create(senior_id=paused.id, starts=TUESDAY, ends=TUESDAY, at=NOW)
    back = await a_senior(canteen)
    await Pause.create(senior_id=back.id, starts=date(2026, 11, 1), ends=date(2026, 11, 23), at=NOW)
    voided = await a_senior(canteen)
    await Pause.create(senior_id=voided.id, starts=TUESDAY, at=NOW, voided_at=NOW)
    paused_with_extra = await a_senior(canteen)
    await Pause.create(senior_id=paused_with_extra.id, starts=TUESDAY, at=NOW)
    await change(paused_with_extra, ChangeKind.EXTRA)
    for status in (Status.ENQUIRY, Status.OWN_YES, Status.DECLINED, Status.ENDED):
        await a_senior(canteen, status=status)
    expected = [usual.id, extra.id, swaps.id, back.id, voided.id]
    assert not_tuesdays.id not in expected

    before = await Meal.due([canteen.id], TUESDAY)
    assert [due.senior_id for due in before] == expected
    await run_the_day(CLOSING)
    after = await Meal.due([canteen.id], TUESDAY)
    assert [due.senior_id for due in after] == expected
    assert [(due.mode, due.origin) for due in after] == [(due.mode, due.origin) for due in before]
    assert (await Meal.get(senior_id=swaps.id)).mode is Mode.DINE_IN
    assert (await Meal.get(senior_id=extra.id)).origin is Origin.FAMILY
    assert await Meal.all().count() == len(expected)


async def test_a_meal_refers_to_the_home_the_diet_and_the_place_on_the_route_of_that_day(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    chen = await a_coordinator(canteen)
    (route,) = await Route.of(canteen.id)
    await route.put((await a_senior(canteen)).id, None, chen, NOW)
    await route.put(senior.id, None, chen, NOW)
    home, diet = await Residence.get(senior_id=senior.id), await Diet.get(senior_id=senior.id)
    for since in (WEDNESDAY, THURSDAY):
        await Residence.create(senior_id=senior.id, since=since, address="new", created_at=NOW)
        await Diet.create(senior_id=senior.id, since=since, labels=[], created_at=NOW)
    newest = await Diet.create(senior_id=senior.id, since=WEDNESDAY, labels=["halal"], created_at=NOW)
    await run_the_day(CLOSING)
    await run_the_day(CLOSING + timedelta(days=1))
    tuesday, wednesday = await Meal.filter(senior_id=senior.id).order_by("day")
    assert (tuesday.residence_id, tuesday.diet_id) == (home.id, diet.id)
    assert (tuesday.route_id, tuesday.position) == (route.id, 2)
    assert wednesday.diet_id == newest.id
    assert wednesday.residence_id != home.id


@ONE_ENGINE
async def test_only_what_is_brought_home_is_on_a_route_and_a_closed_route_is_none(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    route = await Route.add(canteen.id, "Route 2", chen, NOW)
    seniors = [await a_senior(canteen) for _ in range(3)]
    for senior in seniors:
        await route.put(senior.id, None, chen, NOW)
    await change(seniors[0], ChangeKind.SWAP, Mode.PICK_UP)
    due = {each.senior_id: each for each in await Meal.due([canteen.id], TUESDAY)}
    assert (due[seniors[0].id].route_id, due[seniors[0].id].position) == (None, None)
    assert (due[seniors[1].id].route_id, due[seniors[1].id].position) == (route.id, 2)
    await Route.filter(id=route.id).update(closed_at=NOW)
    due = {each.senior_id: each for each in await Meal.due([canteen.id], TUESDAY)}
    assert (due[seniors[1].id].route_id, due[seniors[1].id].position) == (None, None)


@ONE_ENGINE
async def test_nobody_is_due_where_the_canteen_does_not_cook(db: str) -> None:
    canteen = await a_canteen()
    await a_senior(canteen, weekdays=127)
    assert await eaters(canteen, date(2026, 11, 28)) == []
    assert await Meal.due([], TUESDAY) == []


@ONE_ENGINE
async def test_the_days_of_one_senior_follow_the_same_rule(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen, weekdays=0b0010110)
    await a_senior(canteen)
    await change(senior, ChangeKind.SKIP, day=WEDNESDAY)
    await change(senior, ChangeKind.EXTRA, day=THURSDAY)
    await run_the_day(CLOSING)
    days = await Meal.days_of(senior.id, TUESDAY, date(2026, 12, 1))
    assert [due.day for due in days] == [TUESDAY, THURSDAY, FRIDAY, date(2026, 12, 1)]
    assert [due.meal_id is not None for due in days] == [True, False, False, False]


# --------------------------------------------------------------------------------------------- closing, once


async def test_closing_from_several_processes_at_once_makes_each_meal_once(db: str) -> None:
    canteens = [await a_canteen() for _ in range(5)]
    for canteen in canteens:
        for _ in range(4):
            await a_senior(canteen)

    async def close() -> int:
        async with transaction():
            return await ServiceDay.close_due(CLOSING, limit=2)

    taken = await asyncio.gather(*(close() for _ in range(8)))
    await run_the_day(CLOSING)
    assert sum(taken) <= 5
    assert await Meal.all().count() == 20
    assert await ServiceDay.filter(day=TUESDAY, state=DayState.CLOSED).count() == 5


@ONE_ENGINE
async def test_closing_again_adds_nothing_for_a_senior_who_came_later(db: str) -> None:
    canteen = await a_canteen()
    await a_senior(canteen)
    await run_the_day(CLOSING)
    await a_senior(canteen)
    await run_the_day(CLOSING)
    assert len(await eaters(canteen, TUESDAY)) == 1
    assert len(await eaters(canteen, WEDNESDAY)) == 2


async def test_a_skip_and_the_closing_at_the_same_moment_leave_no_meal_that_was_called_off(db: str) -> None:
    canteen = await a_canteen()
    seniors = [await a_senior(canteen) for _ in range(10)]
    people = [await a_relative(senior) for senior in seniors]
    just_before = CLOSING - timedelta(seconds=1)

    async def skip(senior: Senior, person: object) -> bool:
        try:
            async with transaction():
                await OrderChange.skip(senior, TUESDAY, person, just_before)
        except OrdersClosed:
            return False
        return True

    skipped, _ = await asyncio.gather(
        asyncio.gather(*(skip(senior, person) for senior, person in zip(seniors, people, strict=True))),
        run_the_day(CLOSING),
    )
    await run_the_day(CLOSING)
    assert set(await eaters(canteen, TUESDAY)) == {
        senior.id for senior, done in zip(seniors, skipped, strict=True) if not done
    }


# --------------------------------------------------------------------------------------- skipping, and rights


async def test_a_skip_done_twice_is_done_once_and_undone_twice_is_undone_once(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    mei = await a_relative(senior)
    for _ in range(2):
        async with transaction():
            await OrderChange.skip(senior, TUESDAY, mei, NOW)
    assert await OrderChange.filter(voided_at=None).count() == 1
    assert await eaters(canteen, TUESDAY) == []
    for _ in range(2):
        async with transaction():
            await OrderChange.undo_skip(senior, TUESDAY, mei, NOW)
    assert await OrderChange.filter(voided_at=None).count() == 0
    assert await eaters(canteen, TUESDAY) == [senior.id]


@ONE_ENGINE
@pytest.mark.parametrize(("kind", "weekdays"), [(ChangeKind.SWAP, 31), (ChangeKind.EXTRA, 0b0000001)])
async def test_a_change_that_a_skip_took_the_place_of_comes_back_with_it(
    db: str, kind: ChangeKind, weekdays: int
) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen, weekdays=weekdays)
    mei = await a_relative(senior)
    await change(senior, kind, Mode.DINE_IN)
    async with transaction():
        await OrderChange.skip(senior, TUESDAY, mei, NOW)
    assert await eaters(canteen, TUESDAY) == []
    async with transaction():
        await OrderChange.undo_skip(senior, TUESDAY, mei, NOW)
    (due,) = await Meal.due([canteen.id], TUESDAY)
    assert due.mode is Mode.DINE_IN


async def test_a_skip_is_refused_when_it_can_not_be(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen, weekdays=0b0001010)
    mei = await a_relative(senior)
    with pytest.raises(NoLunchThatDay):
        await OrderChange.skip(senior, WEDNESDAY, mei, NOW)
    with pytest.raises(NoLunchThatDay):
        await OrderChange.skip(senior, date(2026, 11, 28), mei, NOW)
    with pytest.raises(NoLunchThatDay):
        await OrderChange.skip(senior, date(2026, 11, 19), mei, NOW)
    with pytest.raises(KitchenFrozen) as refused:
        await OrderChange.skip(senior, TUESDAY, mei, FREEZE)
    assert (refused.value.day, refused.value.closed_at) == (TUESDAY, FREEZE)
    for stranger in (await a_person(), await a_coordinator(await a_canteen())):
        with pytest.raises(NotAllowed):
            await OrderChange.skip(senior, THURSDAY, stranger, NOW)
    assert await OrderChange.all().count() == 0


async def test_a_relative_who_no_longer_follows_may_not_order(db: str) -> None:
    senior = await a_senior(await a_canteen())
    mei = await a_relative(senior)
    await Kinship.all().update(ended_at=NOW)
    with pytest.raises(NotAllowed):
        await OrderChange.skip(senior, TUESDAY, mei, NOW)
    with pytest.raises(NotAllowed):
        await pause(senior, TUESDAY, None, mei, NOW)
    with pytest.raises(NotAllowed):
        await resume(senior, TUESDAY, mei, NOW)


@ONE_ENGINE
async def test_a_day_far_ahead_can_be_skipped_before_it_is_planned(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    mei = await a_relative(senior)
    far = date(2027, 1, 12)
    async with transaction():
        await OrderChange.skip(senior, far, mei, NOW)
    later = at("2027-01-04 09:00")
    async with transaction():
        await dayplan.plan_due(later)
    assert await eaters(canteen, far) == []


async def test_a_coordinator_takes_a_made_meal_off_the_list_and_puts_it_back_on_record(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    chen = await a_coordinator(canteen)
    await run_the_day(CLOSING)
    async with transaction():
        meal = await OrderChange.skip(senior, TUESDAY, chen, CLOSING)
    assert meal is not None
    assert await eaters(canteen, TUESDAY) == []
    event = await MealEvent.get(meal_id=meal.id)
    assert (event.state, event.by_id) == (MealState.CANCELLED, chen.id)
    async with transaction():
        await OrderChange.undo_skip(senior, TUESDAY, chen, CLOSING)
    assert await eaters(canteen, TUESDAY) == [senior.id]
    await event.refresh_from_db()
    assert event.voided_at == CLOSING


async def test_a_meal_that_was_handed_over_can_not_be_called_off_any_more(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    chen = await a_coordinator(canteen)
    await run_the_day(at("2026-11-24 11:00"))
    await Meal.all().update(state=MealState.IN_PERSON, state_at=at("2026-11-24 11:00"))
    with pytest.raises(OrdersClosed):
        await OrderChange.skip(senior, TUESDAY, chen, at("2026-11-24 11:05"))


# --------------------------------------------------------------------------------------------------- pausing


@ONE_ENGINE
async def test_a_pause_and_its_end_count_by_service_date(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    mei = await a_relative(senior)
    async with transaction():
        await pause(senior, WEDNESDAY, THURSDAY, mei, NOW)
    assert [await eaters(canteen, day) for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)] == [
        [senior.id], [], [], [senior.id]
    ]  # fmt: skip
    async with transaction():
        (over,) = await resume(senior, THURSDAY, mei, NOW)
    assert (over.starts, over.ends) == (WEDNESDAY, THURSDAY)
    assert [await eaters(canteen, day) for day in (WEDNESDAY, THURSDAY)] == [[], [senior.id]]


async def test_resuming_leaves_a_later_pause_alone_and_keeps_the_record_of_the_first(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    mei = await a_relative(senior)
    async with transaction():
        await pause(senior, TUESDAY, None, mei, NOW)
    later = await Pause.create(senior_id=senior.id, starts=date(2026, 12, 7), ends=date(2026, 12, 9), at=NOW)
    async with transaction():
        await resume(senior, FRIDAY, mei, NOW)
    in_force = await Pause.filter(voided_at=None).order_by("starts")
    assert [(each.starts, each.ends) for each in in_force] == [
        (TUESDAY, THURSDAY),
        (later.starts, later.ends),
    ]
    assert await Pause.all().count() == 3


@ONE_ENGINE
async def test_pausing_and_resuming_are_refused_when_they_can_not_be(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    mei = await a_relative(senior)
    with pytest.raises(DaysBackwards):
        await pause(senior, date(2026, 11, 22), None, mei, NOW)
    with pytest.raises(DaysBackwards):
        await pause(senior, FRIDAY, THURSDAY, mei, NOW)
    with pytest.raises(KitchenFrozen):
        await pause(senior, TUESDAY, None, mei, FREEZE)
    with pytest.raises(NotPaused):
        await resume(senior, FRIDAY, mei, NOW)
    with pytest.raises(DaysBackwards):
        await resume(senior, date(2026, 11, 22), mei, NOW)
    await Pause.create(senior_id=senior.id, starts=TUESDAY, at=NOW)
    with pytest.raises(OrdersClosed):
        await resume(senior, TUESDAY, mei, CLOSING)


@ONE_ENGINE
async def test_a_coordinators_pause_takes_made_meals_off_the_list(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen)
    chen = await a_coordinator(canteen)
    await run_the_day(CLOSING)
    async with transaction():
        (meal,) = await pause(senior, TUESDAY, None, chen, CLOSING)
    assert meal.day == TUESDAY
    assert await eaters(canteen, TUESDAY) == []


@ONE_ENGINE
async def test_the_days_to_choose_from_are_those_still_open(db: str) -> None:
    canteen = await a_canteen()
    senior = await a_senior(canteen, weekdays=0b0011110)
    await change(senior, ChangeKind.SKIP, day=THURSDAY)
    days = await choosable(senior, CLOSING, 4)
    assert [(each.day, each.eats, each.skipped) for each in days] == [
        (WEDNESDAY, True, False),
        (THURSDAY, False, True),
        (FRIDAY, True, False),
        (date(2026, 11, 30), False, False),
    ]
    assert await choosable(senior, CLOSING + timedelta(days=60)) == []


# ----------------------------------------------------------------------------------------- kitchen and roster


async def test_the_kitchens_figures_agree_with_the_roster_and_leave_nobody_out(db: str) -> None:
    canteen = await a_canteen()
    modes = [Mode.DELIVERY, Mode.DINE_IN, Mode.PICK_UP]
    for n in range(12):
        senior = await a_senior(canteen, mode=modes[n % 3])
        await Diet.filter(senior_id=senior.id).update(texture="pureed" if n % 4 == 0 else "regular")
        if n == 5:
            await Diet.filter(senior_id=senior.id).delete()
        if n == 7:
            await Diet.create(
                senior_id=senior.id,
                since=NOW.date(),
                labels=["halal", "gout"],
                allergies=["milk"],
                created_at=NOW,
            )
    for now in (NOW, CLOSING):
        await run_the_day(now)
        count = await kitchen_count(canteen.id, TUESDAY)
        lists = await roster(canteen.id, TUESDAY)
        assert lists.kitchen == count
        assert count.total == sum(len(part.lines) for part in lists.parts) == 12
        assert sum(line.count for line in count.diets) + count.unknown == 12
        assert count.unknown == 1
        assert count.modes == dict.fromkeys(modes, 4)
        assert [(line.labels, line.texture, line.count) for line in count.diets] == [
            (("low_salt",), "regular", 7),
            (("low_salt",), "pureed", 3),
            (("gout", "halal"), "regular", 1),
        ]
        assert [line.allergies for line in count.care] == [("milk",)]
