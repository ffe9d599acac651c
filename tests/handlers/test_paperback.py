"""A ticked route sheet comes back: the coordinator types it in, and is asked only about what is unclear."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import pytest_asyncio

from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.meals import EventOrigin, Meal, MealEvent, MealState
from models.people import Role
from models.routes import Route, Stop
from models.seniors import Kinship, Mode, Senior
from models.shifts import Shift
from tests.fixtures_database import ONE_ENGINE
from tests.house import Heard, House, Phone
from tests.models.making import TUESDAY, a_senior
from tests.played import played_once

NAMES = ("Wang", "Sun", "Zhao", "Qian", "Zhou", "Wu", "Zheng")
NOON = "2026-11-24 12:00"


@dataclass
class Scene:
    house: House
    canteen: Canteen
    seniors: list[Senior]
    chen: Phone
    lin: Phone
    mei: Phone

    async def state(self, number: int) -> MealState:
        meal = await Meal.get(senior_id=self.seniors[number - 1].id, day=TUESDAY)
        return meal.state

    async def states(self) -> list[str]:
        return [(await self.state(number)).value for number in range(1, len(self.seniors) + 1)]

    async def begins(self, phone: Phone | None = None) -> Heard:
        """Press the button that stands under a route sheet."""
        return (await (phone or self.chen).presses(f"sheet_in:{self.canteen.id}:2026-11-24"))[-1]


@pytest_asyncio.fixture
async def scene(house: House) -> Scene:
    """Tuesday noon: seven doors on Route 1; Lin carried it with paper, and Mei follows the second door."""
    return await opened(house, "en")


@played_once
async def opened(house: House, language: str) -> Scene:
    canteen = await house.canteen(language=language)
    route = await Route.get(canteen_id=canteen.id)
    seniors = []
    for position, name in enumerate(NAMES, 1):
        seniors.append(await a_senior(canteen, name=name, short_id=f"A{position}"))
        await Stop.create(route_id=route.id, senior_id=seniors[-1].id, position=position, since=house.now)
    chen = await house.coordinator(language=language)
    lin, mei = await house.volunteer("Lin", language=language), await house.family("Mei", language=language)
    await Kinship.create(
        senior_id=seniors[1].id, person_id=(await mei.person()).id, linked=True, tell_served=True,
        since=house.now,
    )  # fmt: skip
    await house.tick()
    shift = await Shift.get(route_id=route.id, day=TUESDAY)
    await Shift.claim(shift.id, await lin.person(), house.now)
    await house.at("2026-11-23 16:01")
    await house.at(NOON)
    for phone in (chen, lin, mei):
        phone.reads()
    return Scene(house, canteen, seniors, chen, lin, mei)


async def test_all_but_one_were_delivered_and_the_shut_door_becomes_a_case(scene: Scene) -> None:
    chen = scene.chen
    asked = await scene.begins()
    assert asked.text.startswith("What does the sheet say? Its doors: 1–7.\nWrite it as it comes, like: 1-14")
    (understood,) = await chen.says("1-7 delivered, 6 none")
    assert understood.text == (
        "Route 1, Tue 24 Nov. I have understood:\nHanded over: 1–5 and 7\nNo answer: 6 Wu"
    )
    assert await MealEvent.exists() is False
    news = await chen.taps("Write it down")
    texts = [message.text for message in news]
    assert any("Nobody answers at Wu's (A6)" in text for text in texts)
    assert "Thank you. What became of 7 lunches on Tue 24 Nov is written down, as told by the sheet." in texts
    assert await scene.states() == ["handed_over"] * 5 + ["no_answer", "handed_over"]
    case = await Case.get()
    assert (case.kind, case.senior_id) == (CaseKind.NO_ANSWER, scene.seniors[5].id)
    me = await chen.person()
    for event in await MealEvent.all():
        assert (event.origin, event.by_id, event.at) == (EventOrigin.PAPER, me.id, scene.house.now)
    # Paper tells no hour, and none is made up.
    assert not await Meal.filter(day=TUESDAY, state_at__not_isnull=True).exists()
    assert [message.text.splitlines()[0] for message in scene.mei.reads()] == [
        "Sun's lunch was handed over in person on Tue 24 Nov."
    ]


@ONE_ENGINE
async def test_typed_in_twice_it_is_written_once(scene: Scene) -> None:
    for _time in range(2):
        await scene.begins()
        await scene.chen.says("1-7 delivered")
        if "Write it down" in scene.chen.last.buttons:
            await scene.chen.taps("Write it down")
    assert scene.chen.last.text.endswith("There is nothing new to write down.")
    assert await MealEvent.all().count() == 7


@ONE_ENGINE
async def test_only_unclear_and_unsaid_doors_are_asked_about(scene: Scene) -> None:
    chen = scene.chen
    await scene.begins()
    await chen.walks(
        ("hello", "I found no door in that. Please write it like this: 1-14 delivered, 7 no answer"),
        ("1-3 delivered, 4 left, 99 refused, 5 dog", "You have said nothing of 6 Wu and 7 Zheng."),
        ("Ask me one by one", "What does the sheet say of 4 Qian?"),
        ("Left with the neighbour", "What does the sheet say of 5 Zhou?"),
        ("Nobody knows", "What does the sheet say of 6 Wu?"),
        ("Did not want it", "What does the sheet say of 7 Zheng?"),
        ("Nobody knows", "Left with the neighbour: 4 Qian\nDid not want it: 6 Wu"),
    )
    assert chen.last.text.splitlines()[-3:] == [
        "Still not known: 5 Zhou and 7 Zheng",
        "Not on this sheet: 99",
        "Left out, because I did not understand it: dog",
    ]
    await chen.taps("Write it down")
    assert await scene.states() == [
        "handed_over", "handed_over", "handed_over", "left_with_neighbour", "expected", "refused", "expected"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "rest"), [("All handed over", "handed_over"), ("Nobody knows", "expected")]
)
async def test_many_unsaid_doors_are_asked_about_at_once(scene: Scene, answer: str, rest: str) -> None:
    await scene.begins()
    await scene.chen.says("7 at the door")
    await scene.chen.taps(answer)
    await scene.chen.taps("Write it down")
    assert await scene.states() == [rest] * 6 + ["left_at_door"]


async def test_what_a_volunteer_said_is_never_overridden_without_asking(scene: Scene) -> None:
    chen, lin = scene.chen, scene.lin
    await lin.says("/round")
    await lin.taps("✓ Handed over")
    await lin.taps("✓ Handed over")
    await scene.begins()
    (asked,) = await chen.says("2 no answer, the rest delivered")
    assert asked.text == (
        "2 Sun: Lin said “Handed over” at 12:00, your sheet says “No answer”.\nWhich is right?"
    )
    await chen.taps("As it was said: Handed over")
    assert chen.last.text.endswith("Handed over: 3–7")
    # While she looks at it, Lin taps once more: the sheet is asked about that door, too.
    await lin.taps("✗ No answer")
    (asked,) = await chen.taps("Write it down")
    assert asked.text.startswith("3 Zhao: Lin said “No answer” at 12:00, your sheet says “Handed over”.")
    await chen.taps("As on the sheet: Handed over")
    await chen.taps("Write it down")
    assert await scene.states() == ["handed_over"] * 7
    assert await MealEvent.filter(origin=EventOrigin.PAPER).count() == 5
    await scene.begins()
    (asked,) = await chen.says("4 refused")
    assert asked.text.startswith(
        "4 Qian: Ms Chen typed in “Handed over” before, this sheet says “Did not want it”."
    )
    await chen.taps("As on the sheet: Did not want it")
    await chen.taps("Write it down")
    assert await scene.state(4) is MealState.REFUSED


async def test_a_tap_of_before_that_arrives_after_the_sheet_counts(scene: Scene) -> None:
    chen, lin, house = scene.chen, scene.lin, scene.house
    await lin.says("/round")
    shut = next(data for label, data in lin.last.keys if label == "✗ No answer")
    tapped = house.now
    await house.at("2026-11-24 12:20")
    await scene.begins()
    await chen.says("1-7 delivered")
    await chen.taps("Write it down")
    # Lin's phone was out of reach: nobody asked Ms Chen which of the two is right.
    await lin.presses(shut, at=tapped)
    assert await scene.state(1) is MealState.NO_ANSWER
    assert await Case.filter(closed_at=None).count() == 1
    paper = await MealEvent.get(meal__senior_id=scene.seniors[0].id, origin=EventOrigin.PAPER)
    assert paper.voided_at == house.now


@ONE_ENGINE
async def test_with_several_sheets_it_is_asked_which(scene: Scene) -> None:
    stray = await a_senior(scene.canteen, name="Stray", short_id="A9")
    await scene.house.at("2026-11-24 16:01")
    await scene.house.at("2026-11-25 08:00")
    day = f"sheet_in:{scene.canteen.id}:2026-11-25"
    (asked,) = await scene.chen.presses(day)
    assert asked.text == "Which sheet is it?"
    await scene.chen.walks(
        ("No route yet", "Its doors: 1."),
        ("1 delivered", "No route yet, Wed 25 Nov. I have understood:\nHanded over: 1"),
        ("Write it down", "What became of 1 lunch on Wed 25 Nov is written down"),
    )
    assert scene.chen.last.buttons == ["Type in another sheet"]
    assert (await Meal.get(senior_id=stray.id, day="2026-11-25")).state is MealState.IN_PERSON


async def test_a_lunch_called_off_after_printing_leaves_the_other_numbers_as_they_were(scene: Scene) -> None:
    await Meal.filter(senior_id=scene.seniors[2].id).update(state=MealState.CANCELLED)
    asked = await scene.begins()
    assert "Its doors: 1–2 and 4–7." in asked.text
    await scene.chen.says("1-7 delivered, 4 none")
    assert "Handed over: 1–2 and 5–7\nNo answer: 4 Qian" in scene.chen.last.text


@ONE_ENGINE
async def test_the_card_of_the_day_has_the_button_once_lunch_has_left(scene: Scene) -> None:
    (card,) = await scene.chen.says("/today")
    assert "Type in a sheet" in card.buttons
    (asked,) = await scene.chen.taps("Type in a sheet")
    assert asked.text.startswith("What does the sheet say?")


async def test_a_sheet_that_is_not_there_is_not_typed_in(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await a_senior(canteen, mode=Mode.DINE_IN)
    data = f"sheet_in:{canteen.id}:2026-11-24"
    (early,) = await chen.presses(data)
    assert early.text.startswith("The orders for Tue 24 Nov are still open, so there is no sheet")
    (none,) = await chen.presses(f"sheet_in:{canteen.id}:2026-11-29")
    assert none.text.startswith("There is no lunch on Sun 29 Nov anyway.")
    await house.at("2026-11-23 16:01")
    (nothing,) = await chen.presses(data)
    assert nothing.text.startswith("Nothing was brought home on Tue 24 Nov.")
    for other in (await house.volunteer(), await house.family(), await house.member("Cook", Role.KITCHEN)):
        assert "brought home" not in (await other.presses(data))[-1].text


SPOKEN = {
    "en": ("1-7 delivered, 6 none", "Handed over: 1–5 and 7\nNo answer: 6 Wu", "Write it down",
           "What became of 7 lunches on Tue 24 Nov"),
    "zh_Hans": ("1-7送到了，6没人应", "当面交给老人：1–5和7\n没人应：6 Wu", "记下来",
                "11月24日周二的7份午饭"),
    "zh_Hant": ("1-7送到了，6無人應門", "面交了：1–5和7\n無人應門：6 Wu", "記下來", "11月24日 週二的7份午餐"),
    "es": ("todas entregadas menos la 6, que no abren", "Entregada en mano: 1–5 y 7\nNo abren: 6 Wu",
           "Anotarlo", "7 comidas del mar 24 nov"),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("language", SPOKEN)
async def test_a_sheet_is_typed_in_in_each_language(house: House, language: str) -> None:
    typed, understood, yes, done = SPOKEN[language]
    scene = await opened(house, language)
    await scene.begins()
    (summary,) = await scene.chen.says(typed)
    assert understood in summary.text
    assert any(done in message.text for message in await scene.chen.taps(yes))
    assert await scene.states() == ["handed_over"] * 5 + ["no_answer", "handed_over"]
