"""Lunches end for good: after a death in one act and in words that fit; and back within a month."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.database import transaction
from bot.speech import Mailbag, Post
from handlers.meals import tell_family
from handlers.text import verbatim
from models.canteens import Canteen
from models.endings import Ending, EndReason
from models.kin import Kinship
from models.meals import Meal, MealState
from models.messaging import OutboxMessage, Sent
from models.people import Role
from models.routes import Stop
from models.seniors import Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_hospital import at_work
from tests.handlers.test_meals import a_house, relative
from tests.house import House
from tests.models.making import TUESDAY, WEDNESDAY, a_senior


async def test_after_a_death_one_act_stops_all_and_tells_only_whom_it_should(house: House) -> None:
    senior, mei, chen, cook, lin = await at_work(house)
    for when in ("2026-11-24 09:59", "2026-11-24 20:59"):
        await house.at(when)
    await Meal.filter(senior_id=senior.id, day=TUESDAY).update(state=MealState.NEIGHBOUR, state_at=house.now)
    await house.at("2026-11-25 07:30")
    async with transaction():
        mail = Mailbag(house.now)
        await tell_family(mail, await Meal.get(senior_id=senior.id, day=TUESDAY))
        # What tells of her and of somebody behind the same door goes, too; what tells of others stays.
        for about in (f"{senior.id}, senior 4711", f"4711, senior {senior.id}", f"{senior.id}4, senior 4711"):
            mail.say(verbatim("A door"), to=await lin.person(), not_before=house.now + timedelta(days=30),
                     reveals=f"door of senior {about}")  # fmt: skip
        await Post(house.now).write(mail.said)
    for phone in (mei, cook, lin, chen):
        phone.reads()
    await chen.presses(f"senior:{senior.id}")
    await chen.walks(
        ("End the lunches", "Why do the lunches of Wang Guilan end?"),
        ("Has passed away", "1 volunteer brought lunch to Wang Guilan in the last weeks."),
        ("These words", "We are sorry. Wang Guilan was one of us."),
        ("Yes, let everything rest", "I have not written to the family"),
    )
    assert "1 volunteer who brought lunch hears it from me." in chen.heard[-2].text + chen.last.text
    await house.at("2026-11-25 08:05")
    assert mei.reads() == []
    assert await OutboxMessage.filter(state=Sent.DROPPED).count() == 3
    assert ["We have sad news: Wang Guilan has passed away." in m.text for m in lin.reads()] == [True]
    assert ["One lunch less" in message.text for message in cook.reads()][:1] == [True]
    assert "Wang" not in " ".join(message.text for message in cook.heard)
    assert (await Meal.get(senior_id=senior.id, day=TUESDAY)).state is MealState.NEIGHBOUR
    assert (await Meal.get(senior_id=senior.id, day=WEDNESDAY)).state is MealState.CANCELLED
    assert await (await mei.person()).roles() == {Role.FAMILY}
    assert await Senior.followed_by(await mei.person()) == []
    assert (await Ending.get()).reason is EndReason.DIED
    for when in ("2026-11-26 08:00", "2026-12-09 10:00"):
        await house.at(when)
    assert mei.reads() == []

    await chen.presses(f"senior:{senior.id}")
    await chen.walks(("Take this back", "Shall everything go on"), ("Yes, go on as before", "goes on for"))
    assert (await Senior.get(id=senior.id)).status is Status.ACTIVE
    assert await Stop.filter(senior_id=senior.id, left_at=None).count() == 1
    assert len(await Meal.days_of(senior.id, house.now.date(), house.now.date() + timedelta(days=7))) > 3
    assert [one.id for one in await Senior.followed_by(await mei.person())] == [senior.id]
    (again,) = await chen.presses(f"senior_undo:{senior.id}") and await chen.taps("Yes, go on as before")
    assert "already" in again.text


async def test_taken_back_the_same_morning_todays_lunch_is_on_the_list_again(house: House) -> None:
    senior, _mei, chen, cook, lin = await at_work(house)
    await house.at("2026-11-24 09:00")
    cook.reads()
    await chen.presses(f"senior_end:{senior.id}")
    await chen.walks(("Has passed away", "We are sorry."), ("Yes, let everything rest", "end"))
    assert "Please skip door 1 today" in " ".join(message.text for message in lin.heard)
    await chen.presses(f"senior_undo:{senior.id}")
    await chen.taps("Yes, go on as before")
    meal = await Meal.get(senior_id=senior.id, day=TUESDAY)
    assert (meal.state, meal.surplus, meal.position) == (MealState.EXPECTED, False, 1)
    await house.at("2026-11-24 09:05")
    assert cook.reads() == []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("answer", "told"),
    [("Nothing: I will tell them myself", []), ("Rest well, dear Mrs Wang.", ["Rest well, dear Mrs Wang."])],
)
async def test_the_volunteers_hear_what_the_coordinator_chose(
    house: House, answer: str, told: list[str]
) -> None:
    senior, _mei, chen, _cook, lin = await at_work(house)
    for when in ("2026-11-24 09:00", "2026-11-24 13:00"):
        await house.at(when)
    lin.reads()
    await chen.presses(f"senior_end:{senior.id}")
    await chen.walks(("Has passed away", "brought lunch"), (answer, "We are sorry"))
    await chen.taps("Yes, let everything rest")
    assert [message.text for message in lin.reads()] == told


@ONE_ENGINE
async def test_after_thirty_days_or_a_new_registration_nothing_is_taken_back(house: House) -> None:
    senior = await a_house(house)
    await relative(house, senior)
    chen = await house.coordinator()
    await chen.presses(f"senior_end:{senior.id}")
    await chen.walks(("Moved away", "end for good"), ("Yes, end", "the family is told"))
    await Senior.filter(id=senior.id).update(born=1940, name_index="x")
    twin = await a_senior(await Canteen.get(id=senior.canteen_id), born=1940, name_index="x")
    await chen.presses(f"senior_undo:{senior.id}")
    await chen.taps("Yes, go on as before")
    assert "registered anew" in chen.last.text
    await twin.delete()
    await house.at("2026-12-24 10:00")
    await chen.presses(f"senior_undo:{senior.id}")
    await chen.taps("Yes, go on as before")
    assert "more than 30 days ago" in chen.last.text
    assert (await Senior.get(id=senior.id)).status is Status.ENDED
    assert await Kinship.filter(ended_at=None).count() == 0
