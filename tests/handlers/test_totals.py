"""Kitchen, roster, route sheets, labels, tables and the report: one day, one number, wherever it stands."""

from __future__ import annotations

import io
import random
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from models.canteens import Canteen
from models.meals import BY_CLOSURE, Meal, MealState
from models.orders import OrderChange
from models.routes import Route
from models.seniors import Diet, Mode, Pause, Senior
from tests.house import Heard, House, Phone
from tests.models.making import LONG_AGO, NOW, TUESDAY, a_senior
from tests.pdf import pages

DAY = "2026-11-24"
HEADS = r"(?:Route \d|On no route yet|At the canteen|Picked up), Tue 24 Nov: (\d+) "
KEY = r"\bA\d+\b"


async def a_random_day(canteen: Canteen, coordinator: Phone, chance: random.Random, house: House) -> None:
    """Give a canteen many seniors of every kind, some paused, some with another plan for that day."""
    by = await coordinator.person()
    routes = [
        (await Route.of(canteen.id))[0],
        await Route.create(canteen_id=canteen.id, name="Route 2", position=2),
    ]
    for number in range(1, 61):
        senior = await a_senior(
            canteen, short_id=f"A{number}", name=f"Senior {number}", mode=chance.choice(list(Mode)),
            weekdays=chance.choice([31, 31, 31, 0b11101, 0b00010]),
        )  # fmt: skip
        if chance.random() < 0.4:
            await Diet.create(
                senior_id=senior.id,
                since=LONG_AGO,
                created_at=NOW,
                texture=chance.choice(["regular", "soft"]),
                labels=chance.choice([[], ["gout"], ["halal"]]),
                allergies=chance.choice([[], ["eggs"]]),
            )
        if chance.random() < 0.1:
            await Diet.filter(senior_id=senior.id).delete()
        if chance.random() < 0.8:
            await chance.choice(routes).put(senior.id, None, by, house.now)
        if chance.random() < 0.1:
            await Pause.create(senior_id=senior.id, starts=TUESDAY, by_id=by.id, at=NOW)
        elif chance.random() < 0.2:
            kind = chance.choice(["skip", "swap", "extra"])
            await OrderChange.create(
                senior_id=senior.id, day=TUESDAY, kind=kind, by_id=by.id, at=NOW, origin="family",
                mode=None if kind == "skip" else chance.choice(list(Mode)),
            )  # fmt: skip


async def said_by(chen: Phone, canteen: Canteen) -> dict[str, int]:
    """Ask for a day in every way there is, and add up what each of them says."""
    day = f"{canteen.id}:{DAY}"
    found: dict[str, int] = {}
    (count,) = await chen.presses(f"kitchen:{day}")
    found["kitchen words"] = first(r"Kitchen for Tue 24 Nov: (\d+) lunch", count.text)
    # The halal kitchen says its own below.
    found["modes in words"] = sum(numbers(r"(?:home|canteen|up): (\d+)", count.text)[:3])
    found["diets in words"] = sum(numbers(r"^(\d+) × ", count.text))
    roster = "\n".join(message.text for message in await chen.presses(f"roster:{day}"))
    found["roster words"] = len(set(re.findall(r"\((A\d+)\)", roster)))
    found["roster's heads"] = sum(numbers(HEADS, roster))
    papers = await chen.presses(f"paper:{day}:all")
    assert [name_of(paper) for paper in papers] == ["roster", "routes", "kitchen", "labels"]
    printed = {name_of(paper): " ".join(pages(content(paper))) for paper in papers}
    found["roster on paper"] = len(set(re.findall(KEY, printed["roster"])))
    found["heads on paper"] = sum(numbers(HEADS, printed["roster"]))
    found["kitchen on paper"] = first(r"(\d+) lunches on", printed["kitchen"])
    found["labels"] = len(re.findall(KEY, printed["labels"]))
    found["days on labels"] = printed["labels"].count("Tue 24 Nov")
    brought = len(set(re.findall(KEY, printed["routes"])))
    assert brought == first(r"Brought home: (\d+)", count.text)
    assert brought == sum(numbers(HEADS, printed["routes"]))
    assert brought == sum(int(n) for n in re.findall(r"(\d+) × ", printed["routes"]))
    tables = {what: tabs(await chen.presses(f"paper:{day}:{what}_table")) for what in ("roster", "routes")}
    kitchen = tabs(await chen.presses(f"count:{day}:kitchen_table"))
    found["roster table"] = tables["roster"]["Roster"][-1][-1]
    found["rows of the roster table"] = len(tables["roster"]["Roster"]) - 2
    found["kitchen table"] = sum(row[2] for row in kitchen["Kitchen count"][1:-1])
    found["modes in the table"] = sum(row[1] for row in kitchen["How lunch is had"][1:-1])
    assert brought == sum(tab[-1][-1] for tab in tables["routes"].values())
    assert brought == sum(len(tab) - 2 for tab in tables["routes"].values())
    return found


def numbers(pattern: str, text: str) -> list[int]:
    return [int(found) for found in re.findall(pattern, text, re.MULTILINE)]


def first(pattern: str, text: str) -> int:
    return numbers(pattern, text)[0]


def name_of(paper: Heard) -> str:
    assert paper.file is not None
    return paper.file.name.partition("-")[0]


def content(message: Heard) -> bytes:
    assert message.file is not None
    return message.file.content


def tabs(news: list[Heard]) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content(news[-1])))
    return {tab.title: list(tab.iter_rows(values_only=True)) for tab in book}


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [20261124])
async def test_every_output_of_a_random_day_says_the_same_number(house: House, seed: int) -> None:
    chance = random.Random(seed)
    canteen = await house.canteen()
    chen = await house.coordinator()
    await a_random_day(canteen, chen, chance, house)
    due = len(await Meal.due([canteen.id], TUESDAY))
    assert due > 20
    before = await said_by(chen, canteen)
    assert set(before.values()) == {due}, before
    await house.at("2026-11-23 16:01")
    await house.at("2026-11-24 11:00")
    # Some lunches are called off late, and of the others we hear what became of them, or nothing.
    for meal in await Meal.filter(day=TUESDAY):
        meal.state = chance.choice([state for state in MealState if state not in BY_CLOSURE])
        await meal.save(update_fields=["state"])
    late = await Meal.filter(day=TUESDAY, state=MealState.CANCELLED).count()
    assert late
    after = await said_by(chen, canteen)
    assert set(after.values()) == {due - late}, after
    chen.reads()
    await house.at("2026-11-24 12:30")
    report = chen.reads()[-1].text
    assert first(r"^(\d+) lunches were planned", report) == due
    assert first(r"^(\d+) w\w+ called off late", report) == late
    became = r"(?: (?:was|were) (?:handed over|left|picked up)| could not be|\.)"
    told = rf"^(?:Nothing was noted about )?(\d+){became}"
    assert sum(numbers(told, report)) == due - late
    assert await Senior.all().count() == 60
