"""A family says that a diet has changed; it counts once the coordinator has said yes."""

from __future__ import annotations

from datetime import timedelta

from models.dated import Diet
from models.dietwishes import DietWish
from models.endings import EndReason, end
from models.meals import Meal
from models.people import Role
from models.seniors import Senior
from tests.handlers.intake import gives, has_registered
from tests.house import House, Phone
from tests.played import played_once


@played_once
async def accepted(house: House) -> tuple[Phone, Phone, Senior]:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await has_registered(mei)
    await chen.taps("Accept")
    return chen, mei, await Senior.get()


async def asks(mei: Phone, since: str = ">now") -> None:
    await mei.taps("The diet has changed")
    for given in (["low_sugar"], ">minced", ["milk"], "pork liver", since):
        await gives(mei, given)


async def test_what_a_family_asks_for_holds_from_its_day_once_it_is_confirmed(house: House) -> None:
    chen, mei, senior = await accepted(house)
    await asks(mei, "1 December")
    assert "until then Grandma Wang gets the same food as now" in mei.last.text
    assert "says that the diet of Grandma Wang (A1) changes from Tue 1 Dec on:" in chen.last.text
    assert "Diet: controlled sugar and minced and moist\nMust not get: milk and pork liver" in chen.last.text
    before = await senior.diet_on(house.now.date() + timedelta(days=30))
    assert before is not None
    assert before.texture == "soft"
    await chen.taps("Confirm")
    assert "from Tue 1 Dec on Grandma Wang gets the new diet" in mei.last.text
    question = next(message for message in chen.heard if "says that the diet" in message.text)
    assert "Confirmed by Ms Chen" in question.text
    assert question.buttons == []
    today, then = house.now.date(), house.now.date() + timedelta(days=8)
    now, later = await senior.diet_on(today), await senior.diet_on(then)
    assert now is not None
    assert later is not None
    assert (now.texture, later.texture, later.avoids) == ("soft", "minced", "pork liver")


async def test_after_the_orders_closed_the_kitchen_is_told_when_it_is_confirmed(house: House) -> None:
    chen, mei, senior = await accepted(house)
    cook = await house.member("Cook Liu", Role.KITCHEN)
    await house.at("2026-11-23 16:05")
    cook.reads()
    await mei.presses(f"diet_wish:{senior.id}")
    for given in (["low_sugar"], ">minced", ["milk"], "pork liver", ">now"):
        await gives(mei, given)
    assert cook.reads() == []
    wish = await DietWish.get()
    await chen.presses(f"diet_yes:{wish.id}")
    (told,) = cook.reads()
    assert "Change for A1 on Tue 24 Nov: controlled sugar, minced and moist, no milk" in told.text
    newest = await Diet.all().order_by("-id").first()
    assert newest is not None
    assert (await Meal.get(senior_id=senior.id)).diet_id == newest.id


async def test_what_is_declined_changes_nothing_and_is_answered_once(house: House) -> None:
    chen, mei, _senior = await accepted(house)
    wu = await house.coordinator("Mr Wu")
    await asks(mei)
    await wu.taps("Leave the diet as it is")
    assert "stays as it is for now. Please call us about it." in mei.last.text
    wish = await DietWish.get()
    await chen.presses(f"diet_yes:{wish.id}")
    assert "Somebody has answered this already." in chen.last.text
    assert await Diet.all().count() == 1
    assert (wish.accepted, wish.decided_by_id) == (False, (await wu.person()).id)


async def test_nobody_asks_for_a_senior_whose_lunches_have_ended(house: House) -> None:
    chen, mei, senior = await accepted(house)
    await end(senior.id, EndReason.MOVED, await chen.person(), house.now)
    await mei.presses(f"diet_wish:{senior.id}")
    assert not await DietWish.exists()
    lin = await house.family("Lin")
    await lin.presses(f"diet_wish:{senior.id}")
    assert not await DietWish.exists()
