"""Kitchen, roster, route sheets, labels, tables and the report: one day, one number, wherever it stands."""

from __future__ import annotations

import io
import random
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.database import transaction
from handlers.reportwords import PARTS
from models.canteens import Canteen
from models.closures import Closure, ClosureKind, ClosureReason, Plan
from models.meals import BY_CLOSURE, Meal, MealState
from models.orders import OrderChange
from models.routes import Route
from models.seniors import Diet, Mode, Pause, Senior
from tests.fixtures_database import ONE_ENGINE
from tests.house import Heard, House, Phone
from tests.models.making import LONG_AGO, NOW, TUESDAY, WEDNESDAY, a_senior
from tests.pdf import pages

DAY = "2026-11-24"
HEADS = r"(?:Route \d|On no route yet|At the canteen|Picked up), Tue 24 Nov: (\d+) "
KEY = r"\bA\d+\b"
GUESTS = r"and (\d+) guests?"


@dataclass(frozen=True)
class Said:
    """What each output says of a day. people: seniors who eat; boxes: guests', too; brought: taken home."""

    people: dict[str, int]
    boxes: dict[str, int]
    brought: dict[str, int]


async def a_random_day(canteen: Canteen, coordinator: Phone, chance: random.Random, house: House) -> None:
    """Give a canteen many seniors of every kind, some paused, some with another plan, some with guests."""
    by = await coordinator.person()
    routes = [
        (await Route.of(canteen.id))[0],
        await Route.create(canteen_id=canteen.id, name="Route 2", position=2),
    ]
    for number in range(1, 51):
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
        elif chance.random() < 0.3:
            kind = chance.choice(["skip", "swap", "extra", "guests"])
            await OrderChange.create(
                senior_id=senior.id, day=TUESDAY, kind=kind, by_id=by.id, at=NOW, origin="family",
                mode=None if kind in ("skip", "guests") else chance.choice(list(Mode)),
                guests=0 if kind == "skip" else 2 if kind == "guests" else chance.choice([0, 1]),
            )  # fmt: skip


async def said_by(chen: Phone, canteen: Canteen) -> Said:
    """Ask for a day in every way there is, and add up what each of them says."""
    day = f"{canteen.id}:{DAY}"
    people: dict[str, int] = {}
    boxes: dict[str, int] = {}
    count = "\n".join(message.text for message in await chen.presses(f"kitchen:{day}"))
    # What goes out with it for another day is counted by itself.
    cooked = count.partition("And to go out with it")[0]
    along = sum(numbers(r"^And (\d+) guests?:", cooked))
    people["kitchen words"] = first(r"Kitchen for Tue 24 Nov: (\d+) lunch", cooked)
    # The halal kitchen says its own below.
    people["modes in words"] = sum(numbers(r"(?:home|canteen|up): (\d+)", cooked)[:3])
    people["diets in words"] = sum(numbers(r"^(\d+) × ", cooked))
    roster = "\n".join(message.text for message in await chen.presses(f"roster:{day}"))
    people["roster words"] = len(set(re.findall(r"\((A\d+)\)", roster)))
    people["roster's heads"] = sum(numbers(HEADS, roster))
    boxes["kitchen words"] = people["kitchen words"] + along
    boxes["roster words"] = people["roster words"] + sum(numbers(GUESTS, roster))
    papers = await chen.presses(f"paper:{day}:all")
    printed = {name_of(paper): " ".join(pages(content(paper))) for paper in papers}
    people["roster on paper"] = len(set(re.findall(KEY, printed["roster"])))
    people["heads on paper"] = sum(numbers(HEADS, printed["roster"]))
    people["kitchen on paper"] = first(r"(\d+) lunches on", printed["kitchen"])
    boxes["roster on paper"] = people["roster on paper"] + sum(numbers(GUESTS, printed["roster"]))
    # The labels of a closed day whose lunch goes out with it have that day's date.
    ahead = printed["labels"].count("Wed 25 Nov")
    boxes["labels"] = len(re.findall(KEY, printed["labels"])) - ahead
    boxes["days on labels"] = printed["labels"].count("Tue 24 Nov")
    closed = count.partition("And to go out with it")[2]
    extra = sum(numbers(r"(\d+) lunch(?:es)? more", closed)) + sum(numbers(r"^And (\d+) guests?:", closed))
    assert ahead == extra
    tables = {what: tabs(await chen.presses(f"paper:{day}:{what}_table")) for what in ("roster", "routes")}
    kitchen = tabs(await chen.presses(f"count:{day}:kitchen_table"))
    people["rows of the roster table"] = len(tables["roster"]["Roster"]) - 2
    boxes["roster table"] = tables["roster"]["Roster"][-1][-1]
    boxes["rows of boxes"] = sum(row[-1] for row in tables["roster"]["Roster"][1:-1])
    boxes["kitchen table"] = sum(row[2] for row in kitchen["Kitchen count"][1:-1])
    boxes["modes in the table"] = sum(row[1] for row in kitchen["How lunch is had"][1:-1])
    assert first(r"Brought home: (\d+)", cooked) == len(set(re.findall(KEY, printed["routes"])))
    brought = {
        "kitchen table": kitchen["How lunch is had"][1][1],
        "kinds on the sheets": sum(int(n) for n in re.findall(r"(\d+) × ", printed["routes"])),
        "doors on the sheets": len(set(re.findall(KEY, printed["routes"])))
        + sum(numbers(GUESTS, printed["routes"])),
        "route tables": sum(tab[-1][-1] for tab in tables["routes"].values()),
        "rows of the tables": sum(row[-1] for tab in tables["routes"].values() for row in tab[1:-1]),
    }
    return Said(people, boxes, brought)


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


# An ordinary day; one on which every lunch is brought home; one that takes the lunch of a closed day along.
DAYS = {
    "ordinary": ("sqlite", 20261124, None),
    "converted": ("sqlite", 20261125, (TUESDAY, ClosureKind.CONVERTED)),
    "ahead": ("postgres", 20261126, (WEDNESDAY, ClosureKind.AHEAD)),
}


@pytest.mark.parametrize(("db_url", "seed", "closure"), DAYS.values(), ids=DAYS, indirect=["db_url"])
async def test_every_output_of_a_random_day_says_the_same_number(
    house: House, seed: int, closure: tuple[date, ClosureKind] | None
) -> None:
    chance = random.Random(seed)
    canteen = await house.canteen()
    chen = await house.coordinator()
    await Canteen.filter(id=canteen.id).update(human_name="Ms Chen", human_phone="+862155550000")
    await a_random_day(canteen, chen, chance, house)
    if closure is not None:
        day, kind = closure
        plan = Plan(canteen.id, day, day, kind, ClosureReason.WEATHER, None, None)
        async with transaction():
            await Closure.declare(plan, await chen.person(), house.now)
    due = await Meal.due([canteen.id], TUESDAY)
    assert len(due) > 20
    assert sum(each.guests for each in due) > 2
    await house.at("2026-11-23 16:01")
    await house.at("2026-11-24 11:00")
    # Some lunches are called off late, and of the others we hear what became of them, or nothing.
    may_be = [state for state in MealState if state not in BY_CLOSURE]
    for meal in await Meal.filter(day=TUESDAY).order_by("id"):
        meal.state = MealState.CANCELLED if chance.random() < 0.2 else chance.choice(may_be)
        await meal.save(update_fields=["state"])
    late = await Meal.filter(day=TUESDAY, state=MealState.CANCELLED).count()
    assert late
    left = await Meal.filter(day=TUESDAY).exclude(state=MealState.CANCELLED)
    guests = sum(meal.guests for meal in left)
    said = await said_by(chen, canteen)
    assert set(said.people.values()) == {len(due) - late}, said
    assert set(said.boxes.values()) == {len(due) - late + guests}, said
    brought = sum(1 + meal.guests for meal in left if meal.mode is Mode.DELIVERY)
    assert set(said.brought.values()) == {brought}, said
    chen.reads()
    await house.at("2026-11-24 12:30")
    report = chen.reads()[-1].text
    assert first(r"^(\d+) lunches were planned", report) == len(due)
    assert first(r"^(\d+) w\w+ called off late", report) == late
    assert sum(numbers(r"^(\d+) guests? came along", report)) == guests
    became = r"(?: (?:was|were) (?:handed over|left|picked up)| could not be|\.)"
    told = rf"^(?:Nothing was noted about )?(\d+){became}"
    assert sum(numbers(told, report)) == len(due) - late
    await chen.says("/report")
    (month,) = await chen.taps("November 2026")
    figures = dict(re.findall(r"^(.+): (\d+)$", month.text, re.MULTILINE))
    assert int(figures["Lunches planned"]) == len(due)
    assert int(figures["Lunches for guests, besides"]) == guests
    parts = [str(part.message) for part in PARTS] + ["Called off after orders had closed"]
    assert sum(int(figures[part]) for part in parts) == len(due)
    assert int(figures["Called off after orders had closed"]) == late
    assert await Senior.all().count() == 50


@ONE_ENGINE
async def test_before_orders_close_the_outputs_agree_as_well(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await a_random_day(canteen, chen, random.Random(20261127), house)
    due = await Meal.due([canteen.id], TUESDAY)
    said = await said_by(chen, canteen)
    assert set(said.people.values()) == {len(due)}, said
    assert set(said.boxes.values()) == {len(due) + sum(each.guests for each in due)}, said
    assert len(set(said.brought.values())) == 1, said
