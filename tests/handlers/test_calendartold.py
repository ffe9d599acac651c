"""Days that the calendar adds or drops: shown before, told once to each, and called where no message goes."""

from __future__ import annotations

from datetime import date

import pytest
import pytest_asyncio

from models.callqueue import waiting
from models.calls import CallItem, CallState
from models.closurenews import ClosureReceipt
from models.closures import Closure, ClosureKind, ClosureReason, Plan
from models.daychoices import DayChoice
from models.kin import Kinship
from models.meals import Meal
from models.seniors import Senior
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import Town, a_town
from tests.house import House, Phone
from tests.models.making import TUESDAY, WEDNESDAY
from tests.played import played_once

TELL = "Yes, do it and tell them"


@pytest_asyncio.fixture
@played_once
async def town(house: House) -> Town:
    town = await a_town(house)
    await house.tick()
    town.read_all()
    return town


async def turns(town: Town, day: date, cooks: int) -> str:
    """Let Ms Chen open or close a day of the month; give what she is shown before her yes."""
    shown = await town.chen.presses(f"month_day:{town.canteen.id}:{day}:{cooks}")
    if shown and TELL in shown[-1].buttons:
        await town.chen.taps(TELL)
    return shown[-1].text if shown else ""


def news_of(phone: Phone) -> list[str]:
    return [each.text for each in phone.reads() if "The lunch days of Ping'an Lane change." in each.text]


async def to_be_called(house: House, town: Town) -> list[str]:
    return [each.senior.spoken for each in await waiting(town.canteen, house.now)]


async def test_a_dropped_day_is_shown_first_and_told_once_to_each_whatever_they_are(
    house: House, town: Town
) -> None:
    shown = await turns(town, TUESDAY, 0)
    assert "On Tue 24 Nov 4 lunches fall away." in shown
    assert "2 of them live alone." in shown
    assert "For 2 seniors a family is here by chat.\nFor 2 seniors nobody is." in shown
    assert "3 seniors have to be called by you." in shown
    assert "1 volunteer has a place on it." in shown
    await house.tick()
    (mei,) = news_of(town.mei)
    assert "On Tue 24 Nov there is no lunch for Wang Guilan. Please see that there is something" in mei
    assert "Your shift is called off: Tue 24 Nov" in mei
    (gao,) = news_of(town.gao)
    assert "no lunch for Zhao Fu" in gao
    assert [len(news_of(phone)) for phone in (town.wu, town.cook, town.lin, town.chen)] == [1, 1, 0, 0]
    assert await to_be_called(house, town) == ["Wang Guilan", "Sun Meifang", "Li Ming"]
    # Said again, nothing changes.
    assert await turns(town, TUESDAY, 0) == ""
    await house.tick()
    assert [news_of(phone) for phone in town.others()] == [[], [], [], [], []]
    assert await CallItem.all().count() == 3
    await town.mei.taps("I have read this")
    assert await to_be_called(house, town) == ["Sun Meifang", "Li Ming"]
    # Turned back before the call: there is nothing to tell them any more; the families hear it.
    await turns(town, TUESDAY, 1)
    await house.tick()
    assert "On Tue 24 Nov there is lunch for Wang Guilan as well." in news_of(town.mei)[0]
    assert await to_be_called(house, town) == ["Wang Guilan"]
    assert await CallItem.filter(state=CallState.VOID).count() == 2


@ONE_ENGINE
async def test_an_added_sunday_is_told_so_that_no_volunteer_stands_at_doors_that_expect_nobody(
    house: House, town: Town
) -> None:
    sunday = date(2026, 11, 29)
    await Senior.filter(id=town.li.id).update(weekdays=0b1000000)
    await Kinship.filter(senior_id=town.zhao.id).update(scope=0)
    assert "On Sun 29 Nov 4 lunches are added." in await turns(town, sunday, 1)
    await house.tick()
    assert [due.senior_id for due in await Meal.due([town.canteen.id], sunday)] == sorted(
        [town.wang.id, town.sun.id, town.li.id, town.zhao.id]
    ), "shown and planned by one rule"
    (mei,) = news_of(town.mei)
    assert "On Sun 29 Nov there is lunch for Wang Guilan as well." in mei
    assert "Leave one lunch out" in town.mei.last.buttons
    assert news_of(town.gao) == [], "who may not know of lunch hears nothing of it"
    assert "Zhao Fu" in await to_be_called(house, town)
    (cook,) = news_of(town.cook)
    assert "On Sun 29 Nov 4 lunches are added." in cook
    await town.chen.presses(f"calls:{town.canteen.id}")
    assert "To be told of other lunch days: 4" in town.chen.last.text
    await town.chen.taps("Call the next")
    assert "Please tell them by telephone on which days lunch is different." in town.chen.last.text
    assert "There is lunch on Sun 29 Nov as well." in town.chen.last.text


@ONE_ENGINE
async def test_a_day_far_ahead_is_told_when_it_is_planned_and_not_if_it_is_turned_back(
    house: House, town: Town
) -> None:
    far, farther = date(2026, 12, 18), date(2026, 12, 21)
    for day in (far, farther):
        assert "Of days more than three weeks ahead they are told three weeks before." in await turns(
            town, day, 0
        )
    await turns(town, farther, 1)
    await house.tick()
    assert [news_of(phone) for phone in town.others()] == [[], [], [], [], []]
    await house.at("2026-11-26 23:59")
    assert await ClosureReceipt.all().count() == 0
    await house.at("2026-11-27 09:00")
    (mei,) = news_of(town.mei)
    assert "On Fri 18 Dec there is no lunch for Wang Guilan." in mei
    await house.at("2026-12-01 09:00")
    assert news_of(town.mei) == []
    assert await DayChoice.filter(pending=True, voided_at=None).count() == 0


@ONE_ENGINE
async def test_a_day_with_which_another_goes_out_is_not_dropped(house: House, town: Town) -> None:
    thursday = date(2026, 11, 26)
    plan = Plan(town.canteen.id, thursday, thursday, ClosureKind.AHEAD, ClosureReason.STAFF, None, None)
    await Closure.declare(plan, await town.chen.person(), house.now)
    for day in (WEDNESDAY, thursday):
        assert "For Thu 26 Nov something else is declared already" in await turns(town, day, 0)
    assert await DayChoice.all().count() == 0
    week = (await town.chen.presses(f"month_week:{town.canteen.id}:2026-11-01:2026-11-23"))[-1]
    assert "Close Wed 25 Nov" not in week.buttons
    assert "Close Fri 27 Nov" in week.buttons


LUNCH_ON_SUNDAY = {
    "en": ("4 lunches are added", "there is lunch for Wang Guilan as well"),
    "zh-CN": ("多4份午饭", "也有Wang Guilan的午饭"),
    "zh-TW": ("多4份午餐", "也有Wang Guilan的午餐"),
    "es-MX": ("se añaden 4 comidas", "también hay comida para Wang Guilan"),
}


@pytest.mark.parametrize("language", LUNCH_ON_SUNDAY)
@ONE_ENGINE
async def test_an_added_day_is_told_in_four_languages(house: House, language: str) -> None:
    town = await a_town(house, language)
    shown, told = LUNCH_ON_SUNDAY[language]
    await town.chen.presses(f"month_day:{town.canteen.id}:2026-11-29:1")
    assert shown in town.chen.last.text
    await town.chen.presses(next(data for _label, data in town.chen.last.keys if data.endswith(":yes")))
    await house.tick()
    assert told in town.mei.last.text
