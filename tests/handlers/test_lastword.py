"""The last word on a day: told an hour and a half after lunch, and only where there is news."""

from __future__ import annotations

import pytest

from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.lastword import FirstReport
from models.meals import Meal, MealState
from models.seniors import Senior
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import TUESDAY, a_senior
from tests.played import played_once

OVER, FINAL = "2026-11-24 12:30", "2026-11-24 14:00"


@played_once
async def lunch(house: House, language: str = "en") -> tuple[Canteen, list[Senior], Phone]:
    """Go on to the end of a lunch of three seniors, of whom nobody has said anything."""
    canteen = await house.canteen()
    seniors = [await a_senior(canteen, name=name) for name in ("Wang", "Sun", "Zhao")]
    chen = await house.coordinator(language=language)
    await house.at("2026-11-23 16:01")
    await house.at(OVER)
    assert chen.reads()
    return canteen, seniors, chen


async def became(senior: Senior, state: MealState) -> None:
    await Meal.filter(senior_id=senior.id, day=TUESDAY).update(state=state)


async def test_what_came_in_after_the_first_report_is_told_once(house: House) -> None:
    _canteen, (wang, sun, _zhao), chen = await lunch(house)
    await became(wang, MealState.IN_PERSON)
    await became(sun, MealState.NEIGHBOUR)
    me = await chen.person()
    await Case.open(CaseKind.CONCERN, sun, TUESDAY, None, me, None, house.now)
    await house.at("2026-11-24 13:59")
    assert chen.reads() == []
    await house.at(FINAL)
    (last,) = chen.reads()
    assert last.text.splitlines() == [
        "The last word on Tue 24 Nov: news since 12:30",
        "Handed over in person: 1, not 0.",
        "Left with a neighbour or at the door: 1, not 0.",
        "Still not known: 1, not 3.",
        "Worries still open: 1, not 0.",
        "",
        "How Tue 24 Nov went",
        "3 lunches were planned.",
        "1 was handed over in person.",
        "1 was left with a neighbour or at the door.",
        "Nothing was noted about 1.",
        "Not seen in person: Sun and Zhao",
        "Something was different with Sun.",
        "1 worry is still open: /cases",
    ]
    await became(sun, MealState.IN_PERSON)
    await house.at("2026-11-24 15:00")
    assert chen.reads() == []
    assert await FirstReport.filter(last_at=None).count() == 1


@ONE_ENGINE
async def test_without_news_there_is_no_last_word(house: House) -> None:
    _canteen, _seniors, chen = await lunch(house)
    await house.at(FINAL)
    assert chen.reads() == []


async def test_after_down_time_one_report_says_it_all(house: House) -> None:
    canteen = await house.canteen()
    await a_senior(canteen)
    chen = await house.coordinator()
    await house.at("2026-11-23 16:01")
    await house.at("2026-11-24 08:00")
    chen.reads()
    await house.at("2026-11-24 16:00")
    assert chen.reads()[0].text.startswith("How Tue 24 Nov went")
    await Meal.all().update(state=MealState.IN_PERSON)
    await house.at("2026-11-24 18:00")
    assert chen.reads() == []


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_Hans", "11月24日周二最后汇总：12:30以后的新情况\n当面交给老人：1份，不是0份。"),
        ("zh_Hant", "11月24日 週二最後彙總：12:30以後的新情況\n面交：1份，不是0份。"),
        ("es", "Cierre del mar 24 nov: novedades desde las 12:30\nEntregadas en mano: 1, no 0."),
    ],
)
async def test_the_last_word_is_said_in_each_language(house: House, language: str, words: str) -> None:
    _canteen, (wang, *_others), chen = await lunch(house, language)
    await became(wang, MealState.IN_PERSON)
    await house.at(FINAL)
    assert chen.reads()[0].text.startswith(words)
