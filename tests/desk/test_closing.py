"""After lunch: an empty chair is told once, with the numbers to ask; a latecomer puts it right."""

from __future__ import annotations

import pytest_asyncio

from models.cases import Case, CaseKind, CaseOutcome
from models.dated import Residence
from models.meals import MealEvent, MealState
from models.noon import Noon
from tests.desk.scene import CLOSED, Scene, at_noon
from tests.fixtures_database import ONE_ENGINE
from tests.house import House
from tests.models.making import WEDNESDAY


@pytest_asyncio.fixture
async def scene(house: House) -> Scene:
    return await at_noon(house)


@ONE_ENGINE
async def test_who_has_not_come_when_the_desk_closes_is_asked_after_exactly_once(scene: Scene) -> None:
    chen, house = scene.chen, scene.house
    await chen.says("/signin")
    await chen.says("A2 A3")
    await house.at("2026-11-24 12:44")
    assert await scene.state(scene.wang) is MealState.EXPECTED
    before = len(scene.mei.heard)
    await house.at(CLOSED)
    assert [await scene.state(one) for one in (scene.wang, scene.zhao)] == [MealState.NOT_COME] * 2
    (told,) = [message for message in chen.heard if "2 guests did not come" in message.text]
    assert told.urgent
    assert "Wang Guilan (A1)\nown phone: +862155551234" in told.text
    assert "Zhao Fu (A17): lunch was not picked up" in told.text
    assert "no phone number on record" in told.text
    assert len(scene.mei.heard) == before, "no machine tells the family"
    assert [case.kind for case in await Case.all()] == [CaseKind.EMPTY_PLACE] * 2
    await chen.says("/cases")
    assert any("Wang Guilan (A1) has not come to lunch" in message.text for message in chen.heard)
    (card,) = await chen.says("/today")
    assert "Wang Guilan (A1) has not come to lunch: nobody looks into it" in card.text
    for when in ("2026-11-24 12:50", "2026-11-24 14:00"):
        await house.at(when)
    assert await MealEvent.filter(state=MealState.NOT_COME).count() == 2
    assert len([message for message in chen.heard if "did not come on" in message.text]) == 1


@ONE_ENGINE
async def test_a_latecomer_puts_it_right_and_the_worry_is_closed(scene: Scene) -> None:
    chen, house = scene.chen, scene.house
    await chen.says("/signin")
    await chen.says("A2")
    early = house.now
    await house.at(CLOSED)
    await chen.says("/signin")
    assert "The desk is closed" in chen.last.text
    # Tapped before the desk closed, on a phone that had no network until now.
    await chen.presses(f"desk_in:{(await scene.meal(scene.wang)).id}", at=early)
    assert await scene.state(scene.wang) is MealState.SIGNED_IN
    case = await Case.get(senior_id=scene.wang.id)
    assert case.outcome is CaseOutcome.FALSE_ALARM
    assert any("came to the canteen for lunch" in message.text for message in scene.mei.heard)
    await chen.presses(f"desk_undo:{(await scene.meal(scene.wang)).id}")
    assert await scene.state(scene.wang) is MealState.NOT_COME
    assert (await Case.get(senior_id=scene.wang.id)).closed_at is None


@ONE_ENGINE
async def test_of_an_empty_chair_only_a_person_says_how_it_ended(scene: Scene) -> None:
    chen, house = scene.chen, scene.house
    await chen.says("/signin A2")
    await chen.says("/signin A3")
    await house.at(CLOSED)
    case = await Case.get(senior_id=scene.wang.id)
    before = len(scene.mei.heard)
    await chen.presses(f"settle:{case.id}")
    await chen.walks(
        ("Safe, was out", "With whom have you spoken?"),
        ("With nobody yet", "Anything to note"),
        ("No", "on record"),
    )
    assert (await Case.get(id=case.id)).outcome is CaseOutcome.SAFE_OUT
    assert len(scene.mei.heard) == before


@ONE_ENGINE
async def test_an_empty_chair_climbs_to_the_last_rung_with_the_plan_and_the_door_of_that_day(
    scene: Scene,
) -> None:
    chen, house, wu = scene.chen, scene.house, await scene.house.coordinator("Mr Wu")
    await Residence.filter(senior_id=scene.wang.id).update(plan="Ask the porter")
    await Residence.create(
        senior_id=scene.wang.id, since=WEDNESDAY, address="At her daughter's", created_at=house.now
    )
    await chen.says("/signin A2")
    await house.at(CLOSED)
    case = await Case.get(senior_id=scene.wang.id)
    for minute, words in (
        (5, "🔴"),
        (10, "Please phone now"),
        (30, "Nobody looks after this yet"),
        (120, "has not come to lunch"),
    ):
        for phone in (chen, wu):
            phone.reads()
        house.clock.instant = case.minute(minute)
        await house.tick()
        for phone in (chen, wu):
            (card,) = [one.text for one in phone.reads() if words in one.text and "To call" in one.text
                       and "Wang Guilan" in one.text]  # fmt: skip
            assert "What was agreed: Ask the porter" in card, minute
            assert "let somebody look at the door: 3 Ping'an Lane" in card, minute
    assert any("Shall the police be called" in message.text for message in wu.heard)
    await chen.presses(f"settle:{case.id}")
    await chen.walks(
        ("Safe, asleep or did not hear", "With whom"), ("With Wang Guilan", "Anything"), ("No", "on record")
    )
    await chen.presses(f"case:{case.id}")
    assert "3 Ping'an Lane" not in chen.last.text


async def test_where_nobody_is_signed_in_nothing_is_concluded(scene: Scene) -> None:
    chen, house = scene.chen, scene.house
    await house.at(CLOSED)
    assert await scene.state(scene.wang) is MealState.EXPECTED, "unknown stays unknown"
    assert not any("signed in on" in message.text for message in chen.heard), "no desk was ever used here"
    await house.at("2026-11-24 16:01")
    await house.at("2026-11-25 11:30")
    await chen.says("/signin A2")
    await house.at("2026-11-25 16:01")
    await house.at("2026-11-26 12:46")
    (asked,) = [message for message in chen.heard if "Nobody was signed in on Thu 26 Nov" in message.text]
    assert "The desk was open: nobody came" in asked.buttons
    for _ in range(2):
        await chen.taps("The desk was open: nobody came")
    assert await Case.filter(kind=CaseKind.EMPTY_PLACE).count() == 3 + 4
    assert await Noon.exclude(closed_at=None).count() == 2
    assert "Nobody is missing" in chen.last.text
    lin = await house.volunteer()
    assert "not open to you" in (await lin.presses(f"desk_empty:{scene.canteen.id}:{WEDNESDAY}"))[-1].text
    assert (
        "Nobody can be signed in"
        in (await chen.presses(f"desk_empty:{scene.canteen.id}:{WEDNESDAY}"))[-1].text
    )


@ONE_ENGINE
async def test_the_hour_of_the_desk_is_the_canteens(scene: Scene) -> None:
    chen, house = scene.chen, scene.house
    await chen.says("/settings")
    await chen.walks(
        ("Desk and food log", "The desk closes at 12:45"),
        ("The desk closes", "At what time does the desk close?"),
        ("10:00", "From when?"),
        ("From now on", "That can't be"),
    )
    await chen.presses(f"desk_rules:{scene.canteen.id}")
    await chen.walks(
        ("The desk closes", "At what time"), ("13:30", "From when?"), ("From now on", "closes at 13:30")
    )
    await chen.says("/signin A2")
    await house.at("2026-11-24 13:29")
    assert await scene.state(scene.wang) is MealState.EXPECTED
    await house.at("2026-11-24 13:31")
    assert await scene.state(scene.wang) is MealState.NOT_COME
    await chen.presses(f"desk_rules:{scene.canteen.id}")
    await chen.walks(
        ("The desk closes", "At what time"),
        ("75 minutes after lunch begins", "From when?"),
        ("From now on", "The desk closes at 12:45"),
    )
    await chen.presses(f"desk_rules:{scene.canteen.id}")
    await chen.walks(
        ("Hot at least", "How many degrees"),
        ("57", "From when?"),
        ("From now on", "at least 57 °C"),
        ("Back", "at least 57 °C"),
    )
    await chen.walks(
        ("Cold at most", "How many degrees"),
        ("5", "From when?"),
        ("From now on", "at most 5 °C"),
        ("Back", "at most 5 °C"),
    )
    await chen.walks(
        ("Spare lunches", "How many lunches"),
        ("1", "From when?"),
        ("From now on", "1 lunch a day"),
        ("Back", "1 lunch a day"),
    )
    await chen.walks(
        ("Reminder of samples", "At what time"),
        ("10:30", "From when?"),
        ("From now on", "reminded of at 10:30"),
    )
    assert "no longer there" in (await chen.presses(f"desk_rule:{scene.canteen.id}:nonsense"))[-1].text
