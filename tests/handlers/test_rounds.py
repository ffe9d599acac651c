"""A volunteer walks the round; the door that stays shut is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest_asyncio

from bot.channels import Kind
from models.audit import AuditEvent
from models.canteens import Canteen
from models.cases import Case, CaseEvent, CaseOutcome
from models.hours import HoursEntry
from models.meals import Meal, MealEvent, MealState
from models.routes import Route, Stop
from models.seniors import Kinship, Residence, Senior
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import TUESDAY, a_senior
from tests.played import played_once

NAMES = ("Wang Guilan", "Sun A-yi", "Old Mr Zhao")


@dataclass
class Scene:
    house: House
    canteen: Canteen
    seniors: list[Senior]
    chen: Phone
    wu: Phone
    lin: Phone
    mei: Phone

    async def meal(self, number: int) -> Meal:
        return await Meal.get(senior_id=self.seniors[number].id, day=TUESDAY)

    async def state(self, number: int) -> MealState:
        return (await self.meal(number)).state


@pytest_asyncio.fixture
@played_once
async def scene(house: House) -> Scene:
    """Tuesday 24 November, 09:45: three doors on Route 1, and Lin carries it."""
    canteen = await house.canteen()
    canteen.human_name, canteen.human_phone = "Ms Chen", "+862155550000"
    await canteen.save()
    route = await Route.get(canteen_id=canteen.id)
    seniors = []
    for position, name in enumerate(NAMES, start=1):
        senior = await a_senior(canteen, name=name, phone="+862155551234" if position == 2 else None)
        await Residence.create(
            senior_id=senior.id,
            since=TUESDAY,
            address=f"Ping'an Lane 12, door {position}",
            knock="Knock loudly",
            plan="Back window; the niece has a key",
            created_at=house.now,
        )
        await Stop.create(route_id=route.id, senior_id=senior.id, position=position, since=house.now)
        seniors.append(senior)
    chen, wu = await house.coordinator("Ms Chen"), await house.coordinator("Mr Wu")
    lin, mei = await house.volunteer("Lin"), await house.family("Mei")
    await Kinship.create(
        senior_id=seniors[1].id,
        person_id=(await mei.person()).id,
        linked=True,
        tell_served=True,
        since=house.now,
    )
    await house.tick()
    shift = await Shift.get(route_id=route.id, day=TUESDAY)
    await Shift.claim(shift.id, await lin.person(), house.now)
    await house.at("2026-11-23 16:01")
    await house.at("2026-11-24 09:45")
    return Scene(house, canteen, seniors, chen, wu, lin, mei)


@ONE_ENGINE
async def test_the_round_goes_from_door_to_door_in_one_message(scene: Scene) -> None:
    lin = scene.lin
    (card,) = await lin.says("/round")
    assert "Door 1 of 3" in card.text
    assert "Ping'an Lane 12, door 1" in card.text
    assert "Knock loudly" in card.text
    assert "low salt" in card.text.lower()
    count = len(lin.heard)
    for number in range(3):
        assert f"Door {number + 1} of 3" in lin.last.text
        await lin.taps("✓ Handed over")
        assert await scene.state(number) is MealState.IN_PERSON
    assert len(lin.heard) == count
    assert "last door" in lin.last.text
    assert "3 meals were handed over" in lin.last.text
    entry = await HoursEntry.get()
    assert entry.person_id == (await lin.person()).id


@ONE_ENGINE
async def test_addresses_are_shown_only_from_an_hour_before_to_two_hours_after(scene: Scene) -> None:
    lin, house = scene.lin, scene.house
    await lin.says("/round")
    await house.at("2026-11-24 13:59")
    assert any("Ping'an Lane 12" in message.text for message in lin.heard)
    await house.at("2026-11-24 14:01")
    assert all("Ping'an Lane 12" not in message.text for message in lin.heard)
    news = await lin.says("/round")
    assert all("Ping'an Lane 12" not in message.text for message in news)


@ONE_ENGINE
async def test_before_the_window_only_the_hour_is_told(house: House, scene: Scene) -> None:
    lin = scene.lin
    claim = await Claim.get()
    await Shift.filter(id=claim.shift_id).update(
        starts_at=house.now + timedelta(hours=2), ends_at=house.now + timedelta(hours=4)
    )
    news = await lin.says("/round")
    assert "Tue 24 Nov" in news[-1].text
    assert "Ping'an Lane 12" not in news[-1].text
    assert "no round now" in (await (await house.volunteer("Zhao")).says("/round"))[-1].text


async def test_every_look_at_a_door_is_on_record(scene: Scene) -> None:
    await scene.lin.says("/round")
    shown = await AuditEvent.filter(act="shown", about=f"door of senior {scene.seniors[0].id}").get()
    assert shown.person_id == (await scene.lin.person()).id


async def test_no_answer_reaches_every_coordinator_at_once_and_shows_the_agreed_plan(scene: Scene) -> None:
    lin, chen = scene.lin, scene.chen
    await lin.walks(("/round", "Door 1 of 3"), ("✓ Handed over", "Door 2 of 3"))
    news = await lin.taps("✗ No answer")
    plan = next(message for message in news if "Nobody answers" in message.text)
    assert plan.urgent
    assert "Back window; the niece has a key" in plan.text
    assert "do not leave the meal" in plan.text
    assert "+862155551234" in plan.text
    for coordinator in (chen, scene.wu):
        alarm = coordinator.last
        assert alarm.urgent
        assert "Nobody answers at Sun A-yi's" in alarm.text
        assert "Nobody looks after it yet" in alarm.text
    assert await scene.state(1) is MealState.NO_ANSWER
    assert not any("Sun" in message.text for message in scene.mei.heard), "no machine tells the family"


async def test_a_case_is_taken_once_and_closed_by_a_person(scene: Scene) -> None:
    lin, chen, wu, mei = scene.lin, scene.chen, scene.wu, scene.mei
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"), ("✗ No answer", "Nobody answers"))
    await chen.taps("I look after it")
    assert "Ms Chen looks after it" in wu.last.text
    assert wu.last.edited
    assert any("You may go on with your round" in message.text for message in lin.heard)
    await wu.presses(f"take:{(await Case.get()).id}")
    assert "Somebody else looks after this" in wu.last.text
    await chen.walks(
        ("It is settled", "How is Sun A-yi?"),
        ("Safe, asleep or did not hear", "With whom have you"),
        ("With the family", "Anything to note"),
    )
    await chen.taps("No")
    case = await Case.get()
    assert case.outcome is CaseOutcome.SAFE_HOME
    assert any("Sun A-yi is safe" in message.text for message in lin.heard)
    assert any("Sun A-yi is safe" in message.text for message in mei.heard)
    kinds = [event.kind for event in await CaseEvent.all().order_by("id")]
    assert kinds == ["opened", "taken", "spoken", "closed:safe_home"]
    await wu.presses(f"settle:{case.id}")
    assert "settled already" in wu.last.text
    assert (await Case.get()).outcome is CaseOutcome.SAFE_HOME


@ONE_ENGINE
async def test_of_a_hospital_only_a_person_speaks(scene: Scene) -> None:
    lin, chen, mei = scene.lin, scene.chen, scene.mei
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"), ("✗ No answer", "Nobody answers"))
    before = len(mei.heard)
    await chen.walks(
        ("It is settled", "How is"),
        ("In hospital", "With whom"),
        ("With the family", "Anything"),
        ("No", "on record"),
    )
    assert len(mei.heard) == before
    assert not any("ospital" in message.text for message in lin.heard)
    assert any("is being looked after" in message.text for message in lin.heard)


async def test_someone_down_shows_the_emergency_number_first(scene: Scene) -> None:
    lin = scene.lin
    await lin.walks(("/round", "Door 1"), ("✗ No answer", "Nobody answers"))
    news = await lin.taps("I can see someone down")
    assert news[-1].text.startswith("Call 112 now.") or news[-1].text.startswith("Call 120 now.")
    assert any("sees someone lying" in message.text for message in scene.chen.heard)
    assert await CaseEvent.filter(kind="someone down").exists()


async def test_a_word_about_a_door_is_taken_back_within_ten_minutes(scene: Scene) -> None:
    lin, house = scene.lin, scene.house
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2 of 3"))
    await lin.taps("Undo: Wang Guilan")
    assert await scene.state(0) is MealState.EXPECTED
    assert "Door 1 of 3" in lin.last.text
    await lin.taps("✓ Handed over")
    undo = next(data for label, data in lin.last.keys if label.startswith("Undo"))
    await house.at("2026-11-24 09:56")
    news = await lin.presses(undo)
    assert "More than ten minutes" in news[-1].text
    assert await scene.state(0) is MealState.IN_PERSON
    assert await MealEvent.all().count() == 2


@ONE_ENGINE
async def test_undo_pressed_twice_takes_one_word_back_and_the_ladder_goes_on(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    await lin.walks(("/round", "Door 1"), ("✗ No answer", "Nobody answers"))
    shut = next(data for label, data in lin.last.keys + lin.heard[-2].keys if label.startswith("Undo"))
    await lin.taps("The door opened: handed over")
    card = next(message for message in reversed(lin.heard) if "Undo: Wang Guilan" in message.buttons)
    mistaken = dict(card.keys)["Undo: Wang Guilan"]
    assert mistaken != shut
    case = await Case.get()
    assert case.rested_at is not None
    for _press in range(2):
        await lin.presses(mistaken)
        assert await scene.state(0) is MealState.NO_ANSWER
        assert "Door 1 of 3" in card.text
        assert "So far: No answer" in card.text
    case = await Case.get()
    assert case.rested_at is None
    assert await CaseEvent.filter(kind="again").count() == 1
    await house.at("2026-11-24 09:50")
    assert "🔴 Nobody answers at Wang Guilan's" in chen.last.text
    # What a person has closed is not opened by a tap that comes once more; nor by one of an older release.
    await chen.walks(
        ("It is settled", "How is"), ("Safe, was out", "With whom"), ("With the family", "Anything")
    )
    await chen.taps("No")
    await lin.presses(mistaken)
    await lin.presses(f"undo:{(await scene.meal(0)).id}")
    assert "button" in lin.last.text
    assert await scene.state(0) is MealState.NO_ANSWER
    assert (await Case.get()).closed_at is not None
    # Only one's own word, and only of that door.
    wu = scene.wu
    word = await MealEvent.get(state=MealState.NO_ANSWER)
    assert "no longer there" in (await wu.presses(f"undo:{word.meal_id}:{word.id}"))[-1].text.lower()
    other = await scene.meal(1)
    assert "no longer there" in (await lin.presses(f"undo:{other.id}:{word.id}"))[-1].text.lower()
    assert await scene.state(0) is MealState.NO_ANSWER


@ONE_ENGINE
async def test_a_tap_that_comes_twice_or_late_ends_in_the_same_state(scene: Scene) -> None:
    lin, house = scene.lin, scene.house
    await lin.says("/round")
    meal = await scene.meal(0)
    earlier = house.now
    await house.at("2026-11-24 10:20")
    await lin.presses(f"at_door:{meal.id}:handed_over", at=house.now)
    await lin.presses(f"at_door:{meal.id}:handed_over", at=house.now)
    await lin.presses(f"at_door:{meal.id}:no_answer", at=earlier)
    assert await scene.state(0) is MealState.IN_PERSON
    assert (await scene.meal(0)).state_at == house.now
    assert not await Case.exists()


@ONE_ENGINE
async def test_a_place_given_away_takes_the_addresses_with_it(scene: Scene) -> None:
    zhao = await scene.house.volunteer("Zhao")
    meal = await scene.meal(0)
    news = await zhao.presses(f"at_door:{meal.id}:handed_over")
    assert "not yours just now" in news[-1].text
    assert await scene.state(0) is MealState.EXPECTED
    news = await scene.mei.presses(f"at_door:{meal.id}:handed_over")
    assert "not open to you" in news[-1].text


async def test_what_is_brought_back_is_asked_about_until_somebody_says_whether_they_met_anybody(
    scene: Scene,
) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    await lin.says("/round")
    await lin.taps("Something else happened")
    await lin.taps("Bringing it back")
    assert await scene.state(0) is MealState.RETURNED
    assert "Did you meet Wang Guilan?\n\nDoor 2 of 3" in lin.last.text
    unsure = "❗ 1 brought back, and nobody has said whether they met somebody"
    assert unsure in (await chen.says("/today"))[-1].text
    # It is asked on every card until somebody has answered.
    await lin.taps("✓ Handed over")
    assert "Did you meet Wang Guilan?" in lin.last.text
    assert not await Case.exists()
    no = dict(lin.last.keys)["Nobody answered: Wang Guilan"]
    yes = dict(lin.last.keys)["Met Wang Guilan"]
    await lin.presses(no)
    (plan,) = [message for message in lin.heard if "Nobody answers at Wang Guilan's" in message.text]
    assert {"Still no answer", "The door opened: handed over"} <= set(plan.buttons)
    assert chen.last.urgent
    assert "Nobody answers at Wang Guilan's" in chen.last.text
    # A "no" by mistake is taken back: the question is open again, and the worry is, too.
    await lin.taps("Undo: Wang Guilan")
    assert await scene.state(0) is MealState.RETURNED
    assert any("Did you meet Wang Guilan?" in message.text for message in lin.heard)
    assert (await Case.get()).rested_at is None
    for _press in range(2):
        await lin.presses(yes)
    assert (await Case.get()).rested_at == house.now
    assert await CaseEvent.filter(kind="opened after all").count() == 1
    assert not any("Did you meet" in message.text for message in lin.heard)
    assert "1 not wanted or brought back" in (await chen.says("/today"))[-1].text
    # Who refused was met; and of another's word nobody says anything.
    await lin.says("/round")
    await lin.walks(("Something else happened", "Door 3"), ("Did not want it", "last door"))
    last = await scene.meal(2)
    await lin.presses(f"at_door:{last.id}:returned")
    assert "Did you meet" not in lin.last.text
    gao = await house.volunteer("Gao")
    assert "not yours just now" in (await gao.presses(yes))[-1].text
    other = yes.replace(f":{(await scene.meal(0)).id}:", f":{last.id}:")
    assert "no longer there" in (await lin.presses(other))[-1].text.lower()


async def test_a_shut_door_stays_one_when_its_lunch_is_brought_back(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    first, second = await scene.meal(0), await scene.meal(1)
    await lin.walks(("/round", "Door 1"), ("✗ No answer", "Nobody answers"))
    for word in ("left_with_neighbour", "no_answer", "returned"):
        await lin.presses(f"at_door:{first.id}:{word}")
    assert not any("Did you meet" in message.text for message in lin.heard), "that is known"
    said = (await chen.says("/today"))[-1].text
    assert "❗ 1 did not answer the door" in said
    assert "brought back" not in said
    assert "left with" not in said
    plan = next(message for message in lin.heard if "Nobody answers at" in message.text)
    assert "Still no answer" in plan.buttons
    await lin.presses(dict(plan.keys)["Still no answer"])
    opened = "The door opened: handed over"
    assert opened in lin.last.buttons
    await house.at("2026-11-24 09:55")
    await lin.taps(opened)
    assert (await Case.get()).rested_at == house.now
    assert "did not answer the door" not in (await chen.says("/today"))[-1].text
    # Words that come in another order end in the same: the door of the second one stays shut, too.
    await lin.presses(f"at_door:{second.id}:left_at_door", at=house.now)
    before = house.now - timedelta(minutes=1)
    for _press in range(2):
        await lin.presses(f"at_door:{second.id}:no_answer", at=before)
    case = await Case.get(senior_id=second.senior_id)
    assert (case.began_at, await scene.state(1)) == (before, MealState.AT_DOOR)
    assert "Nobody answers at Sun A-yi's" in chen.last.text


@ONE_ENGINE
async def test_left_at_the_door_is_never_seen(scene: Scene) -> None:
    lin = scene.lin
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    await lin.taps("Something else happened")
    await lin.taps("Left at the door")
    assert await scene.state(1) is MealState.AT_DOOR
    status = (await scene.mei.says("/status"))[-1].text
    assert "in person at" not in status


@ONE_ENGINE
async def test_something_is_different_in_two_taps(scene: Scene) -> None:
    lin, chen = scene.lin, scene.chen
    await lin.walks(
        ("/round", "Door 1"),
        ("Something is different", "What is different"),
        ("Mood", "The coordinator has it now"),
    )
    assert "Something is different at Wang Guilan's" in chen.last.text
    assert "Mood" in chen.last.text
    assert not chen.last.urgent
    await lin.walks(("Add a few words", "What did you see?"))
    assert "only read words" in (await lin.sends(Kind.STICKER))[-1].text
    await lin.walks(("She cried", "on the card"))
    assert "She cried" in chen.last.text
    await chen.walks(("It is settled", "How is"), ("Looked into", "Anything"), ("No", "on record"))
    assert any("was followed up" in message.text for message in lin.heard)
    assert "No worry is open" in (await chen.says("/cases"))[-1].text


@ONE_ENGINE
async def test_a_second_alarm_of_a_day_goes_on_with_the_first_case(scene: Scene) -> None:
    lin, chen = scene.lin, scene.chen
    await lin.walks(("/round", "Door 1"), ("✗ No answer", "Nobody answers"))
    await chen.walks(
        ("It is settled", "How is"),
        ("False alarm", "With whom"),
        ("With nobody yet", "Anything"),
        ("No", "on record"),
    )
    meal = await scene.meal(0)
    await lin.presses(f"at_door:{meal.id}:handed_over")
    await lin.presses(f"at_door:{meal.id}:no_answer")
    case = await Case.get()
    assert case.closed_at is None
    assert case.outcome is None
