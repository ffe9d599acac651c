"""The family asks how lunch stands, leaves one out, pauses, begins again, and hears what it wished."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.database import transaction
from bot.speech import Mailbag, Post
from handlers.meals import tell_family
from models.canteens import Canteen
from models.meals import Meal, MealState
from models.orders import ChangeKind, OrderChange
from models.people import Role
from models.seniors import Kinship, Mode, Pause, Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import NOW, TUESDAY, WEDNESDAY, a_senior
from tests.played import played_once

LEFT = (
    "Wang Guilan's lunch was left with a neighbour on Tue 24 Nov, 11:12."
    " We have not seen Wang Guilan in person."
)
CHEN = "A person to talk to: Ms Chen, +8613900000000"


@played_once
async def a_house(house: House, **more: Any) -> Senior:
    """Open a canteen with a human to call, a senior called Wang Guilan, and its days planned."""
    canteen = await house.canteen()
    canteen.human_name, canteen.human_phone = "Ms Chen", "+8613900000000"
    await canteen.save()
    senior = await a_senior(canteen, **{"name": "Wang Guilan", "short_id": "A1", **more})
    await house.tick()
    return senior


async def relative(
    house: House, *seniors: Senior, name: str = "Mei", language: str = "en", **wishes: bool
) -> Phone:
    """Give a relative a phone, who follows these seniors."""
    phone = await house.family(name, language=language)
    person = await phone.person()
    for senior in seniors:
        await Kinship.create(senior_id=senior.id, person_id=person.id, linked=True, since=NOW, **wishes)
    phone.reads()
    return phone


async def becomes(house: House, senior: Senior, state: MealState, day: date = TUESDAY) -> None:
    """Note what became of a meal, and tell the family, as a round does."""
    async with transaction():
        meal = await Meal.get(senior_id=senior.id, day=day)
        meal.state, meal.state_at = state, None if state is MealState.EXPECTED else house.now
        await meal.save()
        mail = Mailbag(house.now)
        await tell_family(mail, meal)
        await Post(house.now).write(mail.said)
    await house.deliver()


# --------------------------------------------------------------------------------------------------- status


@ONE_ENGINE
async def test_the_status_follows_the_day_from_list_to_door(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await house.at("2026-11-24 09:00")
    (answer,) = await mei.says("/status")
    assert (
        "Wang Guilan is on today's list. The lunches leave the canteen on Tue 24 Nov, 10:00." in answer.text
    )
    assert CHEN in answer.text
    await house.at("2026-11-24 10:30")
    (answer,) = await mei.taps("Ask again")
    assert "Wang Guilan's lunch is on its way. It has not been handed over yet." in answer.text
    await house.at("2026-11-24 11:12")
    await becomes(house, senior, MealState.IN_PERSON)
    (answer,) = await mei.taps("Ask again")
    assert "Wang Guilan's lunch was handed over in person on Tue 24 Nov, 11:12." in answer.text
    assert "The next lunch is on Wed 25 Nov." in answer.text


@ONE_ENGINE
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MealState.NEIGHBOUR, "was left with a neighbour on Tue 24 Nov, 11:12. We have not seen Wang Guilan"),
        (MealState.AT_DOOR, "was left at the door on Tue 24 Nov, 11:12. We have not seen Wang Guilan"),
        (MealState.REFUSED, "did not want the lunch that was brought on Tue 24 Nov, 11:12."),
        (MealState.NO_ANSWER, "has not been handed over yet."),
        (MealState.RETURNED, "has not been handed over yet."),
    ],
)
async def test_the_status_says_what_was_noted_and_never_that_nobody_answers(
    house: House, state: MealState, words: str
) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await house.at("2026-11-24 11:12")
    await becomes(house, senior, state)
    (answer,) = await mei.says("/status")
    assert words in answer.text
    assert "answer" not in answer.text
    assert "door stayed" not in answer.text


@ONE_ENGINE
async def test_what_nobody_noted_is_unknown_after_lunch_and_not_delivered(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await house.at("2026-11-24 08:00")
    await house.at("2026-11-24 14:00")
    (answer,) = await mei.says("/status")
    assert "We have no note yet of whether Wang Guilan had lunch on Tue 24 Nov." in answer.text


@ONE_ENGINE
async def test_those_who_eat_at_the_canteen_are_signed_in_and_not_on_their_way(house: House) -> None:
    senior = await a_house(house, mode=Mode.DINE_IN)
    mei = await relative(house, senior)
    await house.at("2026-11-24 11:00")
    (answer,) = await mei.says("/status")
    assert "Wang Guilan is on today's list. Nothing has been noted yet." in answer.text
    await becomes(house, senior, MealState.SIGNED_IN)
    (answer,) = await mei.says("/status")
    assert "Wang Guilan came to the canteen for lunch on Tue 24 Nov, 11:00." in answer.text


@ONE_ENGINE
async def test_on_a_day_without_service_the_next_lunch_is_named(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await house.at("2026-11-28 11:00")
    (answer,) = await mei.says("/status")
    assert "The canteen does not cook today, Sat 28 Nov." in answer.text
    assert "The next lunch is on Mon 30 Nov." in answer.text


async def test_the_status_tells_of_pauses_days_called_off_and_other_weekdays(house: House) -> None:
    senior = await a_house(house, weekdays=0b0000110)
    mei = await relative(house, senior)
    await OrderChange.create(senior_id=senior.id, day=TUESDAY, kind=ChangeKind.SKIP, origin="family", at=NOW)
    await Pause.create(senior_id=senior.id, starts=WEDNESDAY, ends=date(2026, 12, 1), at=NOW)
    await house.at("2026-11-24 11:00")
    (answer,) = await mei.says("/status")
    assert "it was called off for Tue 24 Nov" in answer.text
    assert "The next lunch is on Wed 2 Dec." in answer.text
    await house.at("2026-11-25 11:00")
    (answer,) = await mei.says("/status")
    assert "lunches are paused until the end of Tue 1 Dec" in answer.text
    await Pause.all().update(ends=None)
    (answer,) = await mei.says("/status")
    assert "lunches are paused until you write /resume" in answer.text
    await Pause.all().update(voided_at=house.now)
    await house.at("2026-11-26 11:00")
    (answer,) = await mei.says("/status")
    assert "Wang Guilan has no lunch with us today, Thu 26 Nov." in answer.text


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Has she eaten?"),
        ("zh_Hans", "妈妈吃饭了吗？"),
        ("zh_Hant", "媽媽吃飯了嗎？"),
        ("es", "¿Ha comido mamá?"),
    ],
)
async def test_the_question_is_understood_in_plain_words(house: House, language: str, words: str) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior, language=language)
    await house.at("2026-11-24 11:12")
    await becomes(house, senior, MealState.IN_PERSON)
    (answer,) = await mei.says(words)
    assert "Wang Guilan" in answer.text
    assert "11:12" in answer.text


@ONE_ENGINE
async def test_all_seniors_whom_one_follows_are_told_of(house: House) -> None:
    senior = await a_house(house)
    canteen = await Canteen.get(id=senior.canteen_id)
    father = await a_senior(canteen, name="Li Ming", status=Status.ENQUIRY)
    mei = await relative(house, senior, father)
    await house.at("2026-11-24 11:00")
    answers = await mei.says("did mum eat?")
    assert ["Wang Guilan" in answers[0].text, "Li Ming is registered." in answers[1].text] == [True, True]


@ONE_ENGINE
async def test_who_follows_nobody_is_shown_how_to_begin(house: House) -> None:
    await a_house(house)
    mei = await relative(house)
    (answer,) = await mei.says("/status")
    assert "You do not follow anybody's lunch yet." in answer.text


async def test_a_coordinator_asks_for_anyone_by_short_id_or_name(house: House) -> None:
    senior = await a_house(house)
    canteen = await Canteen.get(id=senior.canteen_id)
    await a_senior(canteen, name="Wang Fu", short_id="A2")
    chen = await house.coordinator()
    await house.at("2026-11-24 09:00")
    (answer,) = await chen.says("/status a1")
    assert "Wang Guilan" in answer.text
    await chen.walks(
        ("/status", "Whose lunch?"),
        ("Wang", "Do you mean Wang Guilan (A1) and Wang Fu (A2)?"),
        ("Nobody", "I can't find that senior."),
        ("guilan", "Wang Guilan is on today's list"),
    )


async def test_strangers_and_volunteers_and_other_families_learn_nothing(house: House) -> None:
    senior = await a_house(house)
    for phone in (await house.volunteer(), house.stranger()):
        await phone.says("hello")
        news = await phone.says("/status")
        assert all("Wang" not in message.text for message in news)
    other = await relative(house, name="Ping")
    (refused,) = await other.presses(f"status:{senior.id}")
    assert "Wang" not in refused.text


# ----------------------------------------------------------------------------------------------------- skip


@ONE_ENGINE
async def test_a_lunch_is_left_out_and_taken_back_until_the_cutoff(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    (question,) = await mei.says("/skip")
    assert "Which day will Wang Guilan not have lunch?" in question.text
    (sure,) = await mei.taps("On Tue 24 Nov")
    assert "Wang Guilan will get no lunch on Tue 24 Nov. Nothing will be cooked or brought." in sure.text
    assert await OrderChange.all().count() == 0
    (done,) = await mei.taps("Yes, no lunch that day")
    assert "You can take this back until Mon 23 Nov, 16:00." in done.text
    assert await Meal.due([senior.canteen_id], TUESDAY) == []
    (back,) = await mei.taps("Have lunch after all")
    assert "All right: Wang Guilan has lunch on Tue 24 Nov as usual." in back.text
    assert len(await Meal.due([senior.canteen_id], TUESDAY)) == 1


@ONE_ENGINE
async def test_the_day_can_be_written_and_cancelling_changes_nothing(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.walks(
        ("/skip", "Which day"),
        ("the day after the feast", "I am not sure which day you mean."),
        ("tomorrow", "no lunch on Tue 24 Nov"),
        ("/cancel", "nothing was changed"),
    )
    assert await OrderChange.all().count() == 0
    assert len(await Meal.due([senior.canteen_id], TUESDAY)) == 1


@ONE_ENGINE
async def test_when_the_kitchen_cooks_the_hour_and_a_human_are_named(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.says("/skip")
    await mei.taps("On Tue 24 Nov")
    await house.at("2026-11-24 08:00")
    (refused,) = await mei.taps("Yes, no lunch that day")
    assert "Since 08:00 the kitchen cooks for Tue 24 Nov" in refused.text
    assert CHEN in refused.text
    await mei.walks(("/skip", "Which day"), ("today", "Since 08:00 the kitchen cooks"))
    assert len(await Meal.due([senior.canteen_id], TUESDAY)) == 1


@ONE_ENGINE
async def test_a_skip_can_not_be_taken_back_after_the_cutoff(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.walks(("/skip", "Which day"), ("tomorrow", "no lunch"), ("Yes, no lunch that day", "Noted"))
    await house.at("2026-11-23 16:00")
    (refused,) = await mei.taps("Have lunch after all")
    assert "closed on Mon 23 Nov at 16:00" in refused.text
    assert await Meal.due([senior.canteen_id], TUESDAY) == []


@ONE_ENGINE
async def test_of_several_seniors_the_right_one_is_asked_for(house: House) -> None:
    senior = await a_house(house)
    father = await a_senior(await Canteen.get(id=senior.canteen_id), name="Li Ming")
    mei = await relative(house, senior, father)
    await mei.walks(
        ("/skip", "Whose lunch shall we leave out?"),
        ("Li Ming", "Which day will Li Ming not have lunch?"),
        ("On Tue 24 Nov", "Li Ming will get no lunch"),
        ("Yes, no lunch that day", "Noted: no lunch for Li Ming"),
    )
    assert [due.senior_id for due in await Meal.due([senior.canteen_id], TUESDAY)] == [senior.id]


@ONE_ENGINE
async def test_a_day_without_lunch_is_said_to_have_none(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.walks(("/skip", "Which day"), ("saturday", "There is no lunch on Sat 28 Nov anyway."))


@ONE_ENGINE
async def test_a_coordinator_takes_a_lunch_off_the_list_after_the_cutoff(house: House) -> None:
    senior = await a_house(house)
    chen = await house.coordinator()
    wu = await house.coordinator("Mr Wu")
    cook = await house.member("Cook Sun", Role.KITCHEN)
    await house.at("2026-11-24 07:35")
    for phone in (wu, cook):
        phone.reads()
    await chen.walks(
        ("/skip a1", "Which day"), ("today", "no lunch on Tue 24 Nov"), ("Yes, no lunch that day", "Noted")
    )
    await house.at("2026-11-24 08:00")
    assert (await Meal.get(senior_id=senior.id)).state is MealState.CANCELLED
    for phone in (wu, cook):
        assert "One lunch less on Tue 24 Nov: A1 was called off." in [m.text for m in phone.reads()]
    await house.at("2026-11-24 16:30")
    await chen.walks(("/skip a1", "Which day"), ("tomorrow", "no lunch"), ("Yes, no lunch that day", "Noted"))
    await chen.taps("Have lunch after all")
    assert (await Meal.get(senior_id=senior.id, day=WEDNESDAY)).state is MealState.EXPECTED
    assert "One lunch more on Wed 25 Nov: A1 eats after all." in wu.reads()[-1].text


@ONE_ENGINE
async def test_another_familys_lunch_can_not_be_changed(house: House) -> None:
    senior = await a_house(house)
    other = await relative(house, name="Ping")
    for data in (f"eat:{senior.id}:2026-11-24", "eat:9999:2026-11-24"):
        (refused,) = await other.presses(data)
        assert "Wang" not in refused.text
    (refused,) = await other.says("/skip")
    assert "Nobody whom you follow has lunch with us yet." in refused.text
    assert len(await Meal.due([senior.canteen_id], TUESDAY)) == 1


# ------------------------------------------------------------------------------------------- pause and resume


@ONE_ENGINE
async def test_a_pause_without_an_end_lasts_until_somebody_resumes(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.walks(
        ("/pause", "From which day will Wang Guilan have no lunch?"),
        ("On Tue 24 Nov", "Which will be the last day without lunch?"),
        ("I don't know yet", "no lunch from Tue 24 Nov on, until you tell us"),
        ("Yes, pause", "When lunch shall come again, write /resume"),
    )
    await house.at("2026-12-03 09:00")
    assert await Meal.all().count() == 0
    await mei.walks(
        ("/resume", "From which day shall Wang Guilan have lunch again?"),
        ("On Fri 4 Dec", "have lunch again from Fri 4 Dec on"),
        ("Yes, from that day", "How good."),
    )
    await house.at("2026-12-04 09:00")
    await mei.walks(("/resume", "Lunches are not paused then"))
    assert [meal.day for meal in await Meal.all()] == [date(2026, 12, 4)]


@ONE_ENGINE
async def test_a_pause_with_an_end_ends_by_itself(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.walks(
        ("/pause", "From which day"),
        ("On Tue 24 Nov", "last day"),
        ("yesterday", "I am not sure which day"),
        ("23 Nov", "The last day cannot be before the first, Tue 24 Nov."),
        ("25 Nov", "no lunch from Tue 24 Nov to Wed 25 Nov"),
        ("Yes, pause", "Noted."),
    )
    for day in ("24", "25", "26"):
        await house.at(f"2026-11-{day} 09:00")
    assert [meal.day for meal in await Meal.filter(senior_id=senior.id)] == [date(2026, 11, 26)]


@ONE_ENGINE
async def test_a_pause_can_not_begin_on_a_day_that_is_cooked_for(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await house.at("2026-11-24 08:00")
    await mei.walks(
        ("/pause", "From which day"),
        ("today", "Since 08:00 the kitchen cooks for Tue 24 Nov"),
        ("/pause", "From which day"),
        ("On Wed 25 Nov", "last day"),
    )
    await house.at("2026-11-25 08:00")
    await mei.walks(("I don't know yet", "Since 08:00 the kitchen cooks for Wed 25 Nov"))
    assert await Pause.all().count() == 0


@ONE_ENGINE
async def test_lunch_can_not_come_again_on_a_day_that_is_closed(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await Pause.create(senior_id=senior.id, starts=TUESDAY, at=NOW)
    await house.at("2026-11-24 16:30")
    await mei.walks(
        ("/resume", "From which day"),
        ("tomorrow", "The orders for Wed 25 Nov closed on Tue 24 Nov at 16:00"),
        ("/resume", "From which day"),
        ("On Thu 26 Nov", "have lunch again from Thu 26 Nov on"),
        ("Yes, from that day", "How good."),
    )


# ----------------------------------------------------------------------------------------- telling the family


@ONE_ENGINE
async def test_who_wished_it_is_told_once(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior, tell_served=True)
    brother = await relative(house, senior, name="Gang")
    await house.at("2026-11-24 11:12")
    for _ in range(3):
        await becomes(house, senior, MealState.IN_PERSON)
    (message,) = mei.reads()
    assert "Wang Guilan's lunch was handed over in person on Tue 24 Nov, 11:12." in message.text
    assert CHEN in message.text
    assert brother.reads() == []


@ONE_ENGINE
async def test_that_nobody_answers_is_never_told_by_the_machine(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior, tell_served=True, tell_problems=True)
    await house.at("2026-11-24 11:12")
    for state in (MealState.NO_ANSWER, MealState.RETURNED, MealState.NOT_COME, MealState.CANCELLED):
        await becomes(house, senior, state)
    assert mei.reads() == []


@ONE_ENGINE
async def test_a_box_left_with_a_neighbour_is_told_to_those_who_want_to_hear_of_problems(
    house: House,
) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior, tell_problems=True)
    silent = await relative(house, senior, name="Gang", tell_problems=False)
    await house.at("2026-11-24 11:12")
    await becomes(house, senior, MealState.NEIGHBOUR)
    (message,) = mei.reads()
    assert "We have not seen Wang Guilan in person." in message.text
    assert silent.reads() == []


@ONE_ENGINE
async def test_what_was_told_and_is_not_true_is_corrected_once_and_then_told_anew(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior, tell_served=True)
    await house.at("2026-11-24 11:12")
    for state in (
        MealState.IN_PERSON, MealState.NO_ANSWER, MealState.EXPECTED, MealState.NEIGHBOUR,
        MealState.IN_PERSON, MealState.IN_PERSON,
    ):  # fmt: skip
        await becomes(house, senior, state)
    said = [message.text.partition("\n")[0] for message in mei.reads()]
    assert said == [
        "Wang Guilan's lunch was handed over in person on Tue 24 Nov, 11:12.",
        "A correction, and we are sorry: Wang Guilan's lunch has not been handed over yet.",
        LEFT,
        "A correction, and we are sorry: Wang Guilan's lunch was handed over in person on Tue 24 Nov, 11:12.",
    ]
