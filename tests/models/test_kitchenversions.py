"""A kitchen's versions: numbered without a gap, each told once by however many processes, kept sealed."""

from __future__ import annotations

import asyncio

from tortoise.connection import get_connection

from bot.database import transaction
from models import daychanges, endings, hospital
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.endings import EndReason
from models.kitchenversions import Difference, KitchenVersion
from models.meals import Meal, MealState
from models.people import Person
from models.roster import kitchen_count
from models.seniors import Diet, Mode, Senior
from tests.models.making import (
    LONG_AGO,
    NOW,
    TUESDAY,
    a_canteen,
    a_coordinator,
    a_relative,
    a_senior,
    at,
    run_the_day,
    the_day,
)

FREEZE, LATER, OVER = at("2026-11-24 08:00"), at("2026-11-24 08:05"), at("2026-11-24 12:30")


async def frozen() -> tuple[Canteen, list[Senior], Person]:
    canteen = await a_canteen()
    seniors = [await a_senior(canteen, mode=Mode.DINE_IN) for _one in range(3)]
    await Diet.create(senior_id=seniors[0].id, since=LONG_AGO, allergies=["nuts"], created_at=NOW)
    chen = await a_coordinator(canteen)
    for when in (at("2026-11-23 16:00"), FREEZE):
        await run_the_day(when)
    day = await the_day(canteen, TUESDAY)
    assert day.state is DayState.FROZEN
    for _again in range(2):
        await KitchenVersion.keep_first([(day, await kitchen_count(canteen.id, TUESDAY))], FREEZE)
    return canteen, seniors, chen


async def told() -> list[Difference]:
    """Do what the job does."""
    async with transaction():
        found = [
            await KitchenVersion.next(day, await kitchen_count(day.canteen_id, day.day), LATER)
            for day in await ServiceDay.recount_due(LATER, 10)
        ]
        return [difference for difference in found if difference is not None]


async def test_several_processes_tell_a_difference_once_and_what_was_undone_is_none(db: str) -> None:
    canteen, (first, second, _third), chen = await frozen()
    async with transaction():
        await daychanges.change(second, TUESDAY, chen, FREEZE, guests=2)
    async with transaction():
        await daychanges.change(first, TUESDAY, chen, FREEZE, mode=Mode.PICK_UP)
    heard = [each for some in await asyncio.gather(*(told() for _process in range(4))) for each in some]
    (difference,) = heard
    assert (difference.number, difference.guests, difference.total) == (2, 2, 3)
    assert difference.modes == [(Mode.DINE_IN, 2), (Mode.PICK_UP, 1)]
    assert (difference.diets, difference.care) == ([], [])
    for guests in (5, 2):
        await daychanges.change(second, TUESDAY, chen, FREEZE, guests=guests)
    assert await told() == []
    assert await KitchenVersion.number_of(await the_day(canteen, TUESDAY)) == 2


async def test_whom_the_cooks_take_care_of_is_sealed_and_goes_with_the_meal(db: str) -> None:
    _canteen, (first, *_others), _chen = await frozen()
    meals = await hospital.admit(first, await a_relative(first), FREEZE)
    assert [(meal.state, meal.surplus) for meal in meals] == [(MealState.CANCELLED, True)]
    (difference,) = await told()
    assert difference.no_care == [first.short_id]
    assert [(line.labels, line.count) for line in difference.diets] == [((), -1)]
    rows = await get_connection("default").execute_query_dict("SELECT said FROM kitchen_version")
    assert len(rows) == 2
    assert not any("nuts" in str(row["said"]) or first.short_id in str(row["said"]) for row in rows)


async def test_what_nobody_noted_stays_unknown_after_lunch_whatever_ends_then(db: str) -> None:
    _canteen, (first, second, _third), chen = await frozen()
    await run_the_day(OVER)
    assert await hospital.admit(first, chen, OVER) == []
    assert (await endings.end(second.id, EndReason.MOVED, chen, OVER)).meals == []
    assert await Meal.filter(day=TUESDAY, state=MealState.EXPECTED).count() == 3
    assert await told() == []
