"""Who comes to lunch is signed in: by a tap, a number, a name; nobody is taken for somebody else."""

from __future__ import annotations

import asyncio

import pytest_asyncio

from bot.database import transaction
from models.audit import AuditEvent
from models.desk import GuestCount, walk_in
from models.deskrules import DeskRules
from models.meals import SEEN, Meal, MealEvent, MealState
from models.orders import OrderChange, Origin
from models.pauses import Pause
from models.refusals import NoSpareLunch
from models.seniors import Mode
from tests.desk.scene import Scene, at_noon
from tests.fixtures_database import ONE_ENGINE
from tests.house import House
from tests.models.making import TUESDAY, a_senior


@pytest_asyncio.fixture
async def scene(house: House) -> Scene:
    return await at_noon(house)


async def test_a_guest_is_signed_in_with_one_tap_on_a_card_that_counts(scene: Scene) -> None:
    chen, cook = scene.chen, scene.cook
    (card,) = await chen.says("/signin")
    await cook.says("/signin")
    assert "0 of 4 came" in card.text
    await chen.taps("A1 Wang Guilan")
    assert await scene.state(scene.wang) is MealState.SIGNED_IN
    assert "1 of 4 came" in chen.last.text
    assert "✓ Wang Guilan (A1), 11:20" in chen.last.text
    assert "A1 Wang Guilan" not in chen.last.buttons
    assert chen.last.id == card.id, "the card is edited in place"
    assert "1 of 4 came" in cook.last.text, "whoever else has the card sees it too"
    assert any("came to the canteen for lunch" in message.text for message in scene.mei.heard)
    assert await AuditEvent.filter(act="shown", about__startswith="names at the desk").count() == 2


@ONE_ENGINE
async def test_a_repeated_tap_signs_in_once(scene: Scene) -> None:
    await scene.chen.says("/signin")
    data = f"desk_in:{(await scene.meal(scene.wang)).id}"
    for phone in (scene.chen, scene.cook, scene.chen):
        await phone.presses(data)
    assert await MealEvent.filter(state=MealState.SIGNED_IN).count() == 1


@ONE_ENGINE
async def test_numbers_and_names_are_typed_without_a_question(scene: Scene) -> None:
    chen = scene.chen
    assert "did not understand" in (await chen.says("A1"))[-1].text, (
        "without the desk at hand it means nothing"
    )
    await chen.says("/signin")
    await chen.says("a1， A2")
    assert [await scene.state(one) for one in (scene.wang, scene.li)] == [MealState.SIGNED_IN] * 2
    assert "2 of 4 came" in chen.last.text
    assert "noted before" in (await chen.says("Wang Guilan"))[-1].text
    assert "Nobody here has this number: C9" in (await chen.says("/signin C9"))[-1].text
    assert "can't find that senior" in (await chen.says("/signin Nobody"))[-1].text


@ONE_ENGINE
async def test_two_people_of_one_name_are_asked_about(scene: Scene) -> None:
    chen = scene.chen
    await chen.says("/signin")
    (question,) = await chen.says("li ming")
    assert question.buttons[:2] == ["Li Ming (A2, born 1939)", "Li Ming (A3, born 1944)"]
    assert await scene.state(scene.li) is MealState.EXPECTED
    await chen.taps("Li Ming (A3, born 1944)")
    assert await scene.state(scene.other_li) is MealState.SIGNED_IN
    assert await scene.state(scene.li) is MealState.EXPECTED


@ONE_ENGINE
async def test_a_lunch_that_somebody_else_picks_up_was_not_seen(scene: Scene) -> None:
    chen = scene.chen
    await chen.walks(
        ("/signin", "0 of 4"), ("A17 Zhao Fu (picks up)", "Who picks up the lunch of Zhao Fu (A17)?")
    )
    await chen.taps("Somebody else picks it up")
    state = await scene.state(scene.zhao)
    assert state is MealState.FETCHED
    assert state not in SEEN
    assert "0 of 4 came" in chen.last.text
    assert "picked up by somebody else" in chen.last.text
    await chen.taps("Undo")
    await chen.says("A17")
    await chen.taps("She or he came in person")
    assert await scene.state(scene.zhao) is MealState.SIGNED_IN
    assert "1 of 4 came" in chen.last.text


@ONE_ENGINE
async def test_a_sign_in_is_taken_back_within_ten_minutes_and_later_by_the_coordinator_only(
    scene: Scene,
) -> None:
    cook, house = scene.cook, scene.house
    await cook.walks(("/signin", "0 of 4"), ("A1 Wang Guilan", "1 of 4"))
    await cook.taps("Undo")
    assert await scene.state(scene.wang) is MealState.EXPECTED
    assert "is not signed in" in cook.last.text
    await cook.taps("A1 Wang Guilan")
    await house.at("2026-11-24 11:31")
    data = f"desk_undo:{(await scene.meal(scene.wang)).id}"
    assert "More than ten minutes" in (await cook.presses(data))[-1].text
    await scene.chen.says("/signin")
    await scene.chen.walks(("A1", "noted before"), ("Undo", "0 of 4 came"))
    assert await scene.state(scene.wang) is MealState.EXPECTED
    assert "no longer there" in (await scene.chen.presses(data))[-1].text


async def test_somebody_without_an_order_is_signed_in_while_the_kitchen_has_enough(scene: Scene) -> None:
    chen, canteen = scene.chen, scene.canteen
    await chen.says("/signin")
    assert "Sun Yun (B3) has no lunch ordered" in (await chen.says("B3"))[-1].text
    await chen.taps("Sign in without an order")
    meal = await scene.meal(scene.absent)
    assert (meal.state, meal.origin, meal.mode) == (MealState.SIGNED_IN, Origin.DESK, Mode.DINE_IN)
    assert "1 of 5 came" in chen.last.text
    await chen.taps("One more guest")
    await chen.taps("One more guest")
    assert "2 guests without a name" in chen.last.text
    assert "no lunch left" in (await chen.taps("One more guest"))[-1].text
    await chen.taps("One guest fewer")
    assert [row.count for row in await GuestCount.all().order_by("id")] == [1, 2, 1]
    extra = await a_senior(canteen, name="Qian", short_id="B4", weekdays=0, mode=Mode.DINE_IN)
    await chen.says("B4+")
    assert await scene.state(extra) is MealState.SIGNED_IN
    again = await a_senior(canteen, name="Feng", short_id="B5", weekdays=0, mode=Mode.DINE_IN)
    assert "no lunch left" in (await chen.says("B5+"))[-1].text
    assert await scene.state(again) is None
    await chen.presses(f"desk_undo:{meal.id}")
    assert await scene.state(scene.absent) is MealState.CANCELLED, "what only the desk ordered is not cooked"


async def test_who_called_lunch_off_or_has_it_brought_home_can_still_come(scene: Scene) -> None:
    chen, house = scene.chen, scene.house
    home = await a_senior(scene.canteen, name="Home Body", short_id="C1")
    meal = await Meal.create(
        senior_id=home.id,
        service_day_id=(await scene.meal(scene.wang)).service_day_id,
        canteen_id=scene.canteen.id,
        day=TUESDAY,
        mode=Mode.DELIVERY,
    )
    await OrderChange.skip(scene.wang, TUESDAY, await chen.person(), house.now)
    await chen.says("/signin")
    assert "0 of 3 came" in chen.last.text
    assert "has no lunch ordered" in (await chen.says("A1"))[-1].text
    await chen.taps("Sign in without an order")
    assert await scene.state(scene.wang) is MealState.SIGNED_IN
    await chen.taps("Undo")
    assert await scene.state(scene.wang) is MealState.CANCELLED
    for phone, who in ((chen, "Home Body (C1"), (scene.cook, "C1")):
        await phone.says("/signin")
        assert f"The lunch of {who}" in (await phone.says("C1"))[-1].text
        assert "is brought home today" in phone.last.text
    assert "Home Body" not in scene.cook.last.text, "a number tells the kitchen no name"
    await chen.says("C1+")
    assert (await Meal.get(id=meal.id)).state is MealState.SIGNED_IN


async def test_the_last_spare_lunch_goes_to_exactly_one_and_a_guest_is_let_in_once(scene: Scene) -> None:
    by, now = await scene.chen.person(), scene.house.now
    await DeskRules.change(scene.canteen.id, by=by, now=now, spare=1)
    others = [
        await a_senior(scene.canteen, name=f"Guest {n}", short_id=f"E{n}", weekdays=0, mode=Mode.DINE_IN)
        for n in range(3)
    ]

    async def let_in(senior_id: int) -> bool:
        try:
            async with transaction():
                return (await walk_in(senior_id, by, now, now)).news
        except NoSpareLunch:
            return False

    came = await asyncio.gather(*(let_in(senior.id) for senior in (*others, *others)))
    assert sum(came) == 1
    assert await Meal.filter(origin=Origin.DESK).count() == 1
    assert await MealEvent.filter(state=MealState.SIGNED_IN).count() == 1


@ONE_ENGINE
async def test_the_desk_is_open_on_its_day_only_and_for_those_who_stand_there(scene: Scene) -> None:
    chen, house = scene.chen, scene.house
    meal = await scene.meal(scene.wang)
    lin = await house.volunteer()
    assert "not open to you" in (await lin.presses(f"desk_in:{meal.id}"))[-1].text
    elsewhere = await house.canteen("Elsewhere")
    stranger = await house.coordinator("Ms Hu", canteen=elsewhere)
    assert "not open to you" in (await stranger.presses(f"desk_in:{meal.id}"))[-1].text
    assert "no longer there" in (await chen.presses("desk_in:999999"))[-1].text
    await house.at("2026-11-25 07:00")
    assert "Nobody can be signed in for Tue 24 Nov" in (await chen.presses(f"desk_in:{meal.id}"))[-1].text
    assert await scene.state(scene.wang) is MealState.EXPECTED
    await house.at("2026-11-28 11:00")
    assert "Nobody can be signed in for Sat 28 Nov" in (await chen.says("/signin"))[-1].text
    assert not await Pause.exists()


@ONE_ENGINE
async def test_many_guests_stand_on_several_cards(scene: Scene) -> None:
    day = (await scene.meal(scene.wang)).service_day_id
    for number in range(20, 50):
        senior = await a_senior(
            scene.canteen, name=f"Guest {number}", short_id=f"D{number}", mode=Mode.DINE_IN
        )
        await Meal.create(
            senior_id=senior.id,
            service_day_id=day,
            canteen_id=scene.canteen.id,
            day=TUESDAY,
            mode=Mode.DINE_IN,
        )
    await scene.chen.says("/signin")
    assert "D29 Guest 29" not in scene.chen.last.buttons
    await scene.chen.taps("More names")
    assert "D29 Guest 29" in scene.chen.last.buttons
    for _ in range(2):
        await scene.chen.taps("More names")
    assert "A1 Wang Guilan" in scene.chen.last.buttons
