"""Temperature and samples: noted in a line, too cold is said at once, samples are kept for two days."""

from __future__ import annotations

import pytest
import pytest_asyncio

from handlers.food_reader import degrees, dishes, is_log
from handlers.talk import Unclear
from models.samples import Place, Reading, Sample, Verdict
from models.shifts import Shift
from tests.desk.scene import Scene, at_noon
from tests.fixtures_database import ONE_ENGINE
from tests.house import House
from tests.models.making import TUESDAY, a_senior
from tests.pdf import pages


@pytest_asyncio.fixture
async def scene(house: House) -> Scene:
    return await at_noon(house, when="2026-11-24 09:30")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("fish 72 130g", ("fish", 720, 130, False)),
        ("Fish soup: 72.5°C, 130 grams", ("Fish soup", 725, 130, False)),
        ("fish 72 130", ("fish", 720, 130, False)),
        ("rice 160°F", ("rice", 711, None, False)),
        ("红烧鱼72度130克", ("红烧鱼", 720, 130, False)),
        ("红烧鱼 七十二度 130克", ("红烧鱼", 720, 130, False)),
        ("紅燒魚 72℃ 130公克", ("紅燒魚", 720, 130, False)),
        ("pescado 72,5 grados 130 gramos", ("pescado", 725, 130, False)),
        ("ensalada (fría) 6 grados", ("ensalada", 60, None, True)),
        ("番茄蛋汤 130克", ("番茄蛋汤", None, 130, False)),
        ("ice cream -18", ("ice cream", -180, None, False)),
        ("ｆｉｓｈ ７２ １３０ｇ", ("fish", 720, 130, False)),
    ],
)
def test_a_line_is_read_in_four_languages(said: str, read: tuple[object, ...]) -> None:
    (noted,) = dishes(said)
    assert (noted.dish, noted.tenths, noted.grams, noted.cold) == read


def test_several_dishes_are_read_one_a_line() -> None:
    assert [each.dish for each in dishes("fish 72 130g\nrice 65 125g; soup 80 200 g")] == [
        "fish",
        "rice",
        "soup",
    ]


@pytest.mark.parametrize(
    "said", ["fish", "72", "130g", "fish 900", "fish 72 9000g", "😀 72", "", "x" * 90 + " 72"]
)
def test_what_is_no_line_of_the_log_is_not_guessed(said: str) -> None:
    with pytest.raises(Unclear):
        dishes(said)
    assert not is_log(said)


def test_only_a_line_with_a_unit_is_overheard() -> None:
    assert is_log("fish 72 130g")
    assert not is_log("fish 72")
    assert not is_log("I come at 10")


def test_a_temperature_alone_is_read() -> None:
    assert [degrees(said) for said in ("58", "58,5", "58 °C", "136f", "58度")] == [580, 585, 580, 578, 580]
    with pytest.raises(Unclear):
        degrees("hot")


async def test_a_dish_is_noted_in_one_line_and_too_cold_is_told_at_once(scene: Scene) -> None:
    cook, chen = scene.cook, scene.chen
    await cook.walks(("/kitchen", "Kitchen for"), ("Temperature and samples", "Nothing is noted yet"))
    await cook.walks(("Note dishes", "Which dishes?"), ("well", "Please write the dish"))
    news = await cook.says("fish 72 130g\nrice 48 90g")
    assert "fish: 72 °C. Good." in news[0].text
    assert "Sample of fish: 130 g. Keep it in the fridge until Thu 26 Nov, 09:30." in news[0].text
    assert "rice: 48 °C. That is too cold: at least 60 °C" in news[0].text
    assert "Please do not send it out" in news[0].text
    assert "90 g is too little, at least 125 g" in news[0].text
    assert chen.last.urgent
    assert "rice: 48 °C, 09:30 – too cold" in chen.last.text
    await cook.says("rice 75 130g")
    assert "rice: 75 °C, 09:30: now it is right." in chen.last.text
    assert await Reading.filter(verdict=Verdict.TOO_COLD).count() == 1
    log = (await cook.taps("Show the log"))[-1].text
    assert "No whole sample yet" not in log
    await cook.says("potato salad (cold) 20°")
    assert "too warm for a cold dish" in cook.last.text
    assert "too warm" in chen.last.text


@ONE_ENGINE
async def test_a_missing_sample_is_reminded_of_once(scene: Scene) -> None:
    cook, house = scene.cook, scene.house
    await cook.says("fish 72°")
    for when in ("2026-11-24 10:59", "2026-11-24 11:01", "2026-11-24 11:30"):
        await house.at(when)
    (asked,) = [message for message in cook.heard if "No whole sample is kept yet of: fish" in message.text]
    assert "At least 125 g" in asked.text
    await cook.says("fish 130g")
    await house.at("2026-11-24 16:01")
    await house.at("2026-11-25 11:01")
    assert len([message for message in cook.heard if "Nothing is noted yet today" in message.text]) == 1


async def test_a_sample_may_be_thrown_away_after_two_days_and_that_is_said_once(scene: Scene) -> None:
    cook, house = scene.cook, scene.house
    await cook.says("fish 72 130g")
    await cook.presses(f"food_discard:{scene.canteen.id}")
    assert "No sample has been kept for two days yet" in cook.last.text
    for when in ("2026-11-26 09:29", "2026-11-26 09:31", "2026-11-26 11:00"):
        await house.at(when)
    (_told,) = [
        message for message in cook.heard if "can be thrown away now: fish (Tue 24 Nov)" in message.text
    ]
    await cook.taps("Samples thrown away")
    assert "Noted as thrown away: fish (Tue 24 Nov)" in cook.last.text
    assert (await Sample.get()).discarded_at == house.now
    await cook.says("rice 70 130g")
    await house.at("2026-11-28 12:00")
    assert "rice" not in cook.last.text, "on a Saturday nobody is there to open the fridge"
    await house.at("2026-11-30 08:01")
    assert any("now: rice (Thu 26 Nov)" in message.text for message in cook.heard)


@ONE_ENGINE
async def test_what_was_wrong_is_crossed_out_and_stays_on_paper(scene: Scene) -> None:
    cook, chen = scene.cook, scene.chen
    assert "Nothing is noted there" in (await chen.presses(f"food_wrong:{scene.canteen.id}"))[-1].text
    assert (
        "Nothing is noted there" in (await chen.presses(f"food_month:{scene.canteen.id}:2026-11-01"))[-1].text
    )
    await cook.says("fish 27 130g")
    await cook.says("fish 72°")
    await cook.walks(("Show the log", "too cold"), ("Cross something out", "Which one was wrong?"))
    await cook.taps("⚠ fish: 27 °C, 09:30 – too cold")
    assert "27 °C" not in cook.last.text
    await chen.says("soup 80 200g")
    other = await Reading.get(dish="soup")
    await cook.presses(f"food_wrong:{scene.canteen.id}")
    await cook.taps("soup: 80 °C, 09:30")
    assert "not open to you" in cook.last.text
    assert (await Reading.get(id=other.id)).voided_at is None
    await chen.presses(f"food:{scene.canteen.id}")
    await chen.taps("The log on paper")
    assert chen.last.buttons == ["November 2026", "October 2026", "September 2026"]
    (paper,) = await chen.taps("November 2026")
    assert paper.file is not None
    assert paper.file.name == "temperature-and-samples-2026-11.pdf"
    (sheet,) = pages(paper.file.content)
    for words in ("27 °C", "crossed out", "72 °C at packing", "sample 130 g", "Mr Wu", "48 hours", "soup"):
        assert words in sheet, words


@ONE_ENGINE
async def test_a_volunteer_measures_at_the_last_stop(scene: Scene) -> None:
    house, cook = scene.house, scene.cook
    lin = await house.volunteer()
    assert "not yours just now" in (await lin.presses("food_last:1"))[-1].text
    senior = await a_senior(scene.canteen, name="Home Body", short_id="C1")
    (route,) = await scene.canteen.routes
    await route.put(senior.id, None, await scene.chen.person(), house.now)
    await house.at("2026-11-24 16:01")
    shift = await Shift.get(route_id=route.id, day="2026-11-25")
    await Shift.claim(shift.id, await lin.person(), house.now)
    await house.at("2026-11-25 09:45")
    await cook.says("fish 72 130g")
    await lin.walks(("/round", "Door 1 of 1"), ("✓ Handed over", "last door"))
    await lin.walks(("Temperature of the last meal", "How warm"), ("hm", "like 72"), ("55", "too cold"))
    reading = await Reading.get(place=Place.LAST_STOP)
    assert (reading.tenths, reading.day) == (550, shift.day)
    assert "last meal of Route 1: 55 °C on arrival" in scene.chen.last.text
    assert reading.day > TUESDAY
