"""All else that happens at a door, in each language: other outcomes, undo, faces, a wrong meal, an outage.

What is expected is looked up in the catalogue, and is no English where another language is spoken.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.clock import Clock
from bot.database import transaction
from bot.housekeeping import come_back
from bot.i18n import render
from bot.speech import Mailbag, Post
from handlers import doorcard
from handlers.casecard import tell_coordinators
from handlers.text import Blank, Text
from models.care import Care
from models.cases import Case, CaseKind
from models.meals import Meal, MealEvent, MealState
from models.messaging import Heartbeat
from models.people import Person
from models.seniors import Senior
from models.shifts import Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_different import lived
from tests.handlers.test_rounds import Scene, scene
from tests.house import Phone

__all__ = ["scene"]

OTHERWISE = (MealState.AT_DOOR, MealState.REFUSED, MealState.NEIGHBOUR, MealState.RETURNED)


def said(language: str, sentence: str | Text, **blanks: Blank) -> str:
    """Look a sentence up: as the reader of a language reads it."""
    text = Text(sentence, blanks) if isinstance(sentence, str) else sentence
    here, english = (
        render(text, language=each, zone="Asia/Shanghai", links=lambda _code: []).text
        for each in (language, "en")
    )
    assert (here == english) is (language == "en"), f"{english!r} in {language}"
    return here


def label_of(phone: Phone, data: str) -> str:
    """Read the newest button of a phone that carries these data."""
    keys = [key for message in reversed(phone.heard) for key in message.keys]
    return next(label for label, carried in keys if carried == data)


@ONE_ENGINE
@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant", "es"])
async def test_whatever_else_happens_at_a_door_is_said_in_the_readers_language(
    scene: Scene, language: str
) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    first, second, third = [await scene.meal(number) for number in range(3)]
    await Care.create(canteen_id=scene.canteen.id, wellbeing=True)
    await lived(scene, date(2026, 11, 23), MealState.AT_DOOR, MealState.AT_DOOR, MealState.IN_PERSON)
    await Person.all().update(language=language)

    def heard(phone: Phone, sentence: str | Text, **blanks: Blank) -> bool:
        words = said(language, sentence, **blanks)
        return any(words in message.text for message in phone.heard)

    # Something else happened, one thing after the other at the same door; each can be taken back.
    shift = await Shift.get(route_id=first.route_id, day=first.day)
    await lin.says("/round")
    for state in OTHERWISE:
        await lin.presses(f"door:{shift.id}:{first.id}")
        await lin.taps(said(language, "Something else happened"))
        assert label_of(lin, f"at_door:{first.id}:{state}") == said(language, doorcard.OUTCOMES[state])
        await lin.presses(f"at_door:{first.id}:{state}")
        # What more is asked about it is answered with what is offered first.
        if await scene.state(0) is not state:
            await lin.taps(lin.last.keys[0][1])
        assert await scene.state(0) is state
        word = await MealEvent.filter(meal_id=first.id, voided_at=None).order_by("-id").first()
        assert word is not None
        undo = f"undo:{first.id}:{word.id}"
        assert label_of(lin, undo).startswith("Undo") is (language == "en")
        await lin.presses(undo)
        assert await scene.state(0) is MealState.EXPECTED

    # In five faces, and one of them is sad.
    await lin.presses(f"at_door:{first.id}:{MealState.IN_PERSON}")
    await lin.taps("🙁")
    assert said(language, "What is different with {name}?", name="Wang Guilan") in lin.last.buttons

    # The wrong meal: stop first.
    await lin.presses(f"different:{third.id}")
    assert said(language, "What is different today?") in lin.last.text
    await lin.taps(said(language, "The wrong meal"))
    assert (
        said(language, "Please stop: nobody shall eat of it now. Has anybody eaten of it?") in lin.last.text
    )
    await lin.taps(said(language, "Yes, some"))
    assert heard(lin, "Please take the meal back: nobody eats of it.")
    wrong = await Case.get(kind=CaseKind.WRONG_MEAL)
    senior = await Senior.get(id=wrong.senior_id)
    whose = {"name": senior.spoken, "short": senior.short_id}
    assert heard(chen, "{name} ({short}) was given the wrong meal", **whose)

    # The house was away.
    await Heartbeat.all().delete()
    await Heartbeat.create(job="any", at=Clock().now() - timedelta(minutes=28))
    await come_back(house.now)
    await house.deliver()
    away = "I was away from {since} to {now}. Please tap once more what I missed."
    again = said(language, away, since="§", now="§").rpartition("§")[2].strip()
    assert len(again) > 5
    for phone in (lin, chen):
        assert any(again in message.text for message in phone.heard)

    # A place at the table stays empty.
    await Meal.filter(id=second.id).update(mode="dine_in", state="not_come")
    async with transaction():
        mail, wu = Mailbag(house.now), await scene.wu.person()
        guest = await Senior.get(id=second.senior_id)
        case = await Case.open(CaseKind.EMPTY_PLACE, guest, second.day, second, wu, None, mail.now)
        await tell_coordinators(mail, case, fresh=True)
        await Post(mail.now).write(mail.said)
    await house.deliver()
    whose = {"name": guest.spoken, "short": guest.short_id}
    assert heard(chen, "{name} ({short}) has not come to lunch", **whose)

    # And after two days on which nobody met them, somebody raises a hand.
    await Meal.filter(id=second.id).update(mode="delivery", state="left_at_door")
    await case.filter(id=case.id).delete()
    await house.at("2026-11-24 12:31")
    assert heard(chen, "Nobody has seen {name} ({short}) for some days", **whose)
