"""Somebody is in hospital, is not well, comes back: lunch stops at once, and nobody else learns why."""

from __future__ import annotations

import json
from typing import Final

import pytest

from bot.database import transaction
from models.canteens import Canteen
from models.cases import Case
from models.endings import EndReason, end, undo
from models.kin import ALL, Kinship, Scope
from models.meals import Meal, MealState
from models.pauses import Homecoming, Pause
from models.people import Role
from models.seniors import Diet, Senior
from models.shifts import Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import closes
from tests.handlers.intake import gives
from tests.handlers.test_closing import AHEAD
from tests.handlers.test_meals import a_house, relative
from tests.handlers.test_otherways import on_the_route
from tests.house import House, Phone
from tests.models.making import TUESDAY, WEDNESDAY, a_senior
from tests.played import played_once

WORDS: Final = ("hospital", "住院", "not well")


@played_once
async def at_work(house: House) -> tuple[Senior, Phone, Phone, Phone, Phone]:
    """Open a canteen on Tuesday morning: a senior on the route, relative, coordinator, cook, volunteer."""
    senior = await a_house(house)
    mei, chen = await relative(house, senior), await house.coordinator()
    cook, lin = await house.member("Cook Sun", Role.KITCHEN), await house.volunteer()
    route = await on_the_route(house, senior, chen)
    await on_the_route(house, await a_senior(await Canteen.get(id=senior.canteen_id), name="Li Ming"), chen)
    shift = await Shift.get(route_id=route.id, day=TUESDAY)
    await Shift.claim(shift.id, await lin.person(), house.now)
    return senior, mei, chen, cook, lin


@pytest.mark.parametrize(
    ("language", "words", "question", "yes", "noted"),
    [
        ("en", "mum is in hospital since last night, no lunch these days please",
         "Today's lunch is called off.", "Yes, that is right", "We wish Wang Guilan well."),
        ("zh-CN", "我妈昨晚住院了, 这几天不用送", "今天的份已取消。", "对", "祝Wang Guilan早日康复"),
        ("zh-TW", "我媽昨晚住院了，這幾天不用送", "今天的份已取消。", "對", "祝Wang Guilan早日康復"),
        ("es-MX", "mi madre está ingresada, no le lleven la comida estos días",
         "La comida de hoy queda anulada.", "Sí, es así", "Deseamos a Wang Guilan"),
    ],
)  # fmt: skip
@ONE_ENGINE
async def test_a_relative_says_it_in_own_words_and_is_asked_one_question(
    house: House, language: str, words: str, question: str, yes: str, noted: str
) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior, language=language)
    await house.at("2026-11-24 07:35")
    await mei.walks((words, question), (yes, noted))
    assert (await Meal.get(senior_id=senior.id)).state is MealState.CANCELLED
    assert await Meal.due([senior.canteen_id], WEDNESDAY) == []


async def test_before_the_freeze_the_kitchen_counts_one_less_and_the_volunteer_sees_not_today(
    house: House,
) -> None:
    _senior, mei, chen, cook, lin = await at_work(house)
    await house.at("2026-11-24 07:35")
    for phone in (chen, cook, lin):
        phone.reads()
    await mei.walks(("Mum is in the hospital", "called off"), ("Yes, that is right", "Noted"))
    await house.at("2026-11-24 09:30")
    assert any("Mei says that Wang Guilan (A1) is in hospital." in message.text for message in chen.reads())
    assert "Kitchen for Tue 24 Nov: 1 lunch" in cook.last.text
    (round_,) = await lin.says("/round")
    assert "Door 2 of 2" in round_.text
    assert "Not today: door 1" in round_.text
    heard = " ".join(message.text for phone in (cook, lin) for message in phone.heard).casefold()
    assert not any(word in heard for word in WORDS)
    await house.at("2026-11-24 12:30")
    (report,) = [message.text for message in chen.reads() if "How Tue 24 Nov went" in message.text]
    assert "Not seen in person: Li Ming" in report
    assert "1 was called off late." in report
    assert "by then" not in report
    assert await Case.all().count() == 0


async def test_after_the_freeze_the_lunch_is_a_spare_one_and_the_door_is_skipped(house: House) -> None:
    senior, mei, chen, cook, lin = await at_work(house)
    await house.at("2026-11-24 09:20")
    cook.reads()
    await mei.walks(("mum was taken to hospital", "cooked already"), ("Yes, that is right", "Noted"))
    assert "Please skip door 1 today, and bring the spare lunch back." in lin.last.text
    meal = await Meal.get(senior_id=senior.id)
    assert (meal.state, meal.surplus) == (MealState.CANCELLED, True)
    await house.at("2026-11-24 09:22")
    assert ["version 2" in message.text for message in cook.reads()] == [True]
    heard = " ".join(message.text for phone in (cook, lin) for message in phone.heard).casefold()
    assert not any(word in heard for word in WORDS)
    (again,) = await mei.says("she is in hospital")
    assert "I know it already" in again.text
    assert await Pause.all().count() == 1
    assert "hospital" not in json.dumps(await Pause.all().values("id", "starts", "ends"), default=str)
    (card,) = await chen.presses(f"senior:{senior.id}")
    assert "In hospital since Tue 24 Nov: no lunch" in card.text
    assert "Back from hospital" in card.buttons
    await house.at("2026-11-24 12:30")
    assert "1 was cooked by then." in chen.last.text


@pytest.mark.parametrize(
    ("choice", "said", "eats", "paused"),
    [
        ("Lunch as usual", "lunch comes as usual", True, 0),
        ("No lunch today", "no lunch for Wang Guilan on Tue 24 Nov", False, 0),
        ("Please call me", "I have asked the coordinator to call you.", True, 0),
        ("In hospital: stop lunches", "From today on no lunch comes for Wang Guilan", True, 0),
    ],
)
@ONE_ENGINE
async def test_what_is_unclear_is_asked_and_nothing_stops_by_itself(
    house: House, choice: str, said: str, eats: bool, paused: int
) -> None:
    senior = await a_house(house)
    mei, chen = await relative(house, senior), await house.coordinator()
    await (await mei.person()).introduce("Mei", "+8613912345678")
    await house.at("2026-11-24 07:35")
    await mei.walks(
        ("she is not feeling well", "What shall we do about Wang Guilan's lunch?"), (choice, said)
    )
    assert bool(await Meal.due([senior.canteen_id], TUESDAY)) is eats
    assert await Pause.all().count() == paused
    await house.at("2026-11-24 08:00")
    heard = any("asks for a call: +86" in message.text for message in chen.heard)
    assert heard is (choice == "Please call me")


async def test_a_family_is_asked_once_after_two_weeks_at_ten(house: House) -> None:
    senior = await a_house(house)
    mei, ping = await relative(house, senior), await relative(house, senior, name="Ping")
    await mei.walks(("she is in hospital", "From today on"), ("Yes, that is right", "Noted"))
    for phone in (mei, ping):
        phone.reads()
    await house.at("2026-12-07 09:59")
    assert mei.reads() == []
    for when in ("2026-12-07 10:00", "2026-12-07 10:01", "2026-12-21 10:00"):
        await house.at(when)
        await house.tick()
    (asked,) = mei.reads()
    assert "Wang Guilan has had no lunch since Mon 23 Nov. Shall we keep pausing?" in asked.text
    assert len(ping.reads()) == 1
    await mei.walks(("Yes, keep pausing", "All right."))
    (refused,) = await (await relative(house, name="Wu")).presses(f"keep_pausing:{senior.id}")
    assert "Wang" not in refused.text


async def test_whoever_comes_back_and_eats_differently_waits_until_the_coordinator_has_seen_it(
    house: House,
) -> None:
    senior = await a_house(house)
    mei, chen = await relative(house, senior), await house.coordinator()
    await mei.walks(("she is in hospital", "From today on"), ("Yes, that is right", "Noted"))
    await house.at("2026-12-01 09:00")
    await mei.walks(
        ("妈妈出院了", "From which day shall Wang Guilan have lunch again?"),
        ("On Wed 2 Dec", "Does the food have to change"), ("Yes, it changes", "What can Wang Guilan eat now"),
        ("soft food, no nuts", "as soon as the coordinator has seen"),
        ("Yes, from that day", "looks at it now"),
    )  # fmt: skip
    assert "soft food, no nuts" in chen.last.text
    assert await Meal.days_of(senior.id, TUESDAY, house.now.date().replace(day=18)) == []
    await mei.walks(("/resume", "From which day"), ("On Wed 2 Dec", "still looking at the new diet"))
    await house.at("2026-12-02 09:00")
    (card,) = await chen.presses(f"senior:{senior.id}")
    assert "eats differently: soft food, no nuts" in card.text
    await chen.presses(f"senior_diet:{senior.id}")
    for given in ([], ">soft", ["nuts"], ">none", ">now"):
        await gives(chen, given)
    await chen.presses(f"food_seen:{senior.id}")
    assert any("has lunch again from Thu 3 Dec on" in message.text for message in chen.heard)
    assert "has lunch again from Thu 3 Dec on" in mei.last.text
    (due, *_later) = await Meal.days_of(senior.id, TUESDAY, house.now.date().replace(day=18))
    assert due.day.day == 3
    assert (await Diet.get(id=due.diet_id)).texture == "soft"
    (again,) = await chen.presses(f"food_seen:{senior.id}")
    assert "no longer there" in again.text


@ONE_ENGINE
async def test_a_coordinator_notes_and_ends_a_stay_from_the_card(house: House) -> None:
    senior = await a_house(house)
    mei, chen = await relative(house, senior), await house.coordinator()
    await chen.presses(f"senior:{senior.id}")
    await chen.walks(("Is in hospital", "From today on no lunch"), ("Yes, that is right", "Noted"))
    assert mei.reads() == []
    assert await Meal.days_of(senior.id, TUESDAY, WEDNESDAY) == []
    await chen.taps("Back from hospital")
    await chen.walks(
        ("On Wed 25 Nov", "Does the food have to change"), ("No, as before", "as before"),
        ("Yes, from that day", "How good."),
    )  # fmt: skip
    assert [due.day for due in await Meal.days_of(senior.id, TUESDAY, WEDNESDAY)] == [WEDNESDAY]
    assert await Homecoming.all().count() == 0


@ONE_ENGINE
async def test_when_no_day_is_open_the_food_can_not_be_seen_yet(house: House) -> None:
    senior = await a_house(house)
    chen = await house.coordinator()
    await chen.presses(f"to_hospital:{senior.id}")
    await chen.taps("Yes, that is right")
    await Homecoming.create(
        senior_id=senior.id, day=house.now.date().replace(month=12, day=31), food="soft", at=house.now
    )
    (refused,) = await chen.presses(f"food_seen:{senior.id}")
    assert "The orders for Thu 31 Dec" in refused.text
    assert await Homecoming.waiting(senior.id) is not None


async def test_the_box_for_a_closed_day_is_called_off_with_the_rest_and_the_kitchen_hears_it(
    house: House,
) -> None:
    senior, mei, chen, cook, _lin = await at_work(house)
    await Canteen.filter(id=senior.canteen_id).update(human_name="Ms Chen", human_phone="+862155550000")
    await closes(chen, "Wed", AHEAD, "the weather", "No more news: after Wed 25 Nov all is as always",
                 "Yes, do it and tell them")  # fmt: skip
    for when in ("2026-11-23 16:00", "2026-11-24 08:00"):
        await house.at(when)
    assert "And to go out with it for Wed 25 Nov: 2 lunches more" in cook.heard[-1].text
    cook.reads()
    await mei.walks(("mum is in hospital", "Today's lunch"), ("Yes, that is right", "We wish"))
    await house.at("2026-11-24 08:05")
    (change,) = cook.reads()
    assert change.text == (
        "Kitchen for Tue 24 Nov, version 2: a change\n−1 low salt\nBrought home now: 1\nNow 1 lunch in all.\n"
        "What goes out with it for Wed 25 Nov:\n−1 low salt\nNow 1 lunch in all."
    )
    stopped = await Meal.filter(senior_id=senior.id).order_by("day")
    assert [(meal.state, meal.surplus) for meal in stopped] == [(MealState.CANCELLED, True)] * 2
    await cook.says("/kitchen")
    assert "And to go out with it for Wed 25 Nov: 1 lunch more" in cook.last.text

    # Who dies after the box has been brought had it; who comes back before that has it again.
    li = await Senior.exclude(id=senior.id).get()
    async with transaction():
        await end(li.id, EndReason.DIED, await chen.person(), house.now)
    assert await Meal.filter(senior_id=li.id, state=MealState.CANCELLED).count() == 2
    async with transaction():
        await undo(li.id, await chen.person(), house.now)
    assert [meal.state for meal in await Meal.filter(senior_id=li.id).order_by("day")] == [
        MealState.EXPECTED, MealState.AHEAD
    ]  # fmt: skip
    await house.at("2026-11-24 12:31")
    async with transaction():
        await end(li.id, EndReason.DIED, await chen.person(), house.now)
    assert (await Meal.get(senior_id=li.id, day=WEDNESDAY)).state is MealState.AHEAD


async def may_know(phone: Phone, scope: Scope) -> None:
    """Let a coordinator have set what somebody may know."""
    await Kinship.filter(person_id=(await phone.person()).id).update(scope=int(scope))


@ONE_ENGINE
async def test_the_stay_is_told_to_nobody_of_the_family_who_may_not_hear_of_it(house: House) -> None:
    senior = await a_house(house)
    mei, ping, ren = [await relative(house, senior, name=name) for name in ("Mei", "Ping", "Ren")]
    ruo, chen = await relative(house, senior, name="Ruo"), await house.coordinator()
    await may_know(ren, Scope(0))
    await may_know(ruo, ALL)
    for said in ("/skip", "/pause", "/resume", "she is in hospital", "she is unwell", "a guest comes"):
        assert [each.text for each in await ren.says(said) if "nothing by message" in each.text], said
    for data in (f"eat:{senior.id}:{TUESDAY}", f"keep_pausing:{senior.id}", f"diet_wish:{senior.id}"):
        assert "nothing by message" in (await ren.presses(data))[-1].text, data
    assert await Pause.all().count() == 0

    await mei.walks(("she is in hospital", "From today on"), ("Yes, that is right", "Noted"))
    for knows in (mei, ruo):
        assert "I know it already" in (await knows.says("she is in hospital"))[-1].text
    (asked,) = await ping.says("she is in hospital")
    assert "From today on no lunch comes" in asked.text, "as if nobody had said it"
    await ping.says("/cancel")
    for phone in (ping, ren, ruo):
        phone.reads()
    await house.at("2026-12-07 10:00")
    assert [len(phone.reads()) for phone in (ping, ren, ruo)] == [1, 0, 1]

    for knows in (mei, ruo):
        await knows.walks(("/resume", "From which day"), ("On Wed 9 Dec", "Does the food have to change"))
        await knows.says("/cancel")
    await ping.walks(("/resume", "From which day"), ("On Wed 9 Dec", "from Wed 9 Dec on, as before"))
    await ping.walks(("Yes, from that day", "How good."))
    assert "I have not asked about the food, because Ping may not hear of the health" in chen.last.text
    assert not any("hospital" in each.text for each in ping.heard)

    # To hospital again before that day: this has no end, whatever was named before.
    await mei.walks(("she is in hospital", "From today on"), ("Yes, that is right", "Noted"))
    assert "I know it already" in (await mei.says("she is in hospital"))[-1].text
    assert await Pause.filter(ends=None, voided_at=None).count() == 1
    await house.at("2026-12-08 09:00")
    await mei.walks(("/resume", "From which day"), ("On Thu 10 Dec", "Does the food have"))
    await mei.walks(("Yes, it changes", "What can"), ("soft", "coordinator has seen"))
    await mei.taps("Yes, from that day")
    for phone in (ping, ren):
        phone.reads()
    await chen.taps("The food is right: lunch may come")
    assert [len(phone.reads()) for phone in (ping, ren)] == [1, 0]
