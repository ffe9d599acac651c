"""What the coordinator changes on a senior's card."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.audit import AuditEvent
from models.meals import Meal, MealState
from models.people import Role
from models.routes import Stop
from models.seniors import Mode, Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import DINE_IN, gives, has_registered
from tests.house import House, Phone
from tests.played import played_once


@played_once
async def accepted(house: House) -> tuple[Phone, Phone, Senior]:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await has_registered(mei)
    await chen.taps("Accept")
    return chen, mei, await Senior.get()


async def new_diet(chen: Phone, senior: Senior, since: str) -> None:
    await chen.presses(f"senior_diet:{senior.id}")
    for given in (["halal"], ">minced", ["milk", "other"], "pork liver", since):
        await gives(chen, given)


@ONE_ENGINE
async def test_a_new_diet_counts_from_its_day(house: House) -> None:
    chen, _mei, senior = await accepted(house)
    await new_diet(chen, senior, "1 December")
    assert "Grandma Wang from Tue 1 Dec on: halal, minced and moist, no milk" in chen.last.text
    today = house.now.date()
    before, after = await senior.diet_on(today), await senior.diet_on(today + timedelta(days=8))
    assert before is not None
    assert after is not None
    assert (before.texture, before.avoids) == ("soft", None)
    assert (after.labels, after.texture, after.allergies, after.avoids) == (
        ["halal"], "minced", ["milk", "other"], "pork liver",
    )  # fmt: skip
    await chen.presses(f"senior:{senior.id}")
    assert "Must not get: fish and peanuts" in chen.last.text


async def test_after_the_orders_closed_the_kitchen_is_told_the_difference(house: House) -> None:
    chen, _mei, senior = await accepted(house)
    cook = await house.member("Cook Liu", Role.KITCHEN)
    await house.at("2026-11-23 16:05")
    assert await Meal.filter(senior_id=senior.id).count() == 1
    await new_diet(chen, senior, ">now")
    assert "the kitchen has just been told" in chen.last.text
    assert "Change for A1 on Tue 24 Nov: halal, minced and moist" in cook.last.text
    assert "does not eat: pork liver" in cook.last.text
    assert "Wang" not in cook.last.text
    assert cook.last.urgent


@ONE_ENGINE
async def test_without_a_cook_in_the_chat_the_coordinator_tells_the_kitchen(house: House) -> None:
    chen, _mei, senior = await accepted(house)
    await house.at("2026-11-23 16:05")
    await new_diet(chen, senior, ">now")
    assert "please tell the kitchen" in chen.last.text


@ONE_ENGINE
async def test_moving_house_changes_address_and_door(house: House) -> None:
    chen, _mei, senior = await accepted(house)
    await chen.taps("Move house")
    await chen.walks(
        ("9 Bridge Street, door 4", "How do we best get an answer there"),
        ("Knock at the window", "From which day on?"),
        ("From now on", "lives at the new address from Mon 23 Nov on"),
    )
    home = await senior.residence_on(house.now.date())
    assert home is not None
    assert (home.address, home.knock, home.plan) == (
        "9 Bridge Street, door 4", "Knock at the window", "Knock at the window",
    )  # fmt: skip
    card = next(message for message in chen.heard if "A1 ·" in message.text)
    assert "9 Bridge Street, door 4" in card.text
    assert card.text.count("Knock at the window") == 1


@pytest.mark.parametrize(("reason", "told"), [("Moved away", True), ("Has passed away", False)])
async def test_the_end_is_told_to_the_family_but_not_after_a_death(
    house: House, reason: str, told: bool
) -> None:
    chen, mei, senior = await accepted(house)
    await house.at("2026-11-23 16:05")
    heard = len(mei.heard)
    await chen.taps("End the lunches")
    if told:
        await chen.walks((reason, "end for good"), ("Yes, end", "have ended"))
    else:
        await chen.walks((reason, "We are sorry."), ("Yes, let everything rest", "have ended"))
    assert (await Senior.get()).status is Status.ENDED
    assert (await Meal.get(senior_id=senior.id)).state is MealState.CANCELLED
    assert (await Stop.get(senior_id=senior.id)).left_at is not None
    assert (len(mei.heard) > heard) is told
    card = next(message for message in chen.heard if "A1 ·" in message.text)
    assert "Ended by Ms Chen" in card.text
    assert card.buttons == ["Take this back"]


@ONE_ENGINE
async def test_nothing_ends_without_the_last_yes(house: House) -> None:
    chen, _mei, _senior = await accepted(house)
    await chen.taps("End the lunches")
    await chen.walks(("Own wish", "end for good"), ("Cancel", "nothing was changed"))
    assert (await Senior.get()).status is Status.ACTIVE


async def test_the_days_change_and_a_guest_leaves_the_route(house: House) -> None:
    chen, _mei, senior = await accepted(house)
    await chen.taps("Change days")
    await chen.taps("at the canteen")
    await gives(chen, ["0", "2"])
    await chen.taps("From now on")
    assert "Grandma Wang has lunch from now on: at the canteen, Mon and Wed" in chen.last.text
    assert "Say how to knock" not in chen.last.buttons
    changed = await Senior.get()
    assert (changed.mode, changed.weekdays) == (Mode.DINE_IN, 0b101)
    assert not await Stop.filter(senior_id=senior.id, left_at=None).exists()


@ONE_ENGINE
async def test_the_days_change_from_a_date_and_the_days_before_it_stay(house: House) -> None:
    chen, _mei, senior = await accepted(house)
    await chen.taps("Change days")
    await chen.taps("at the canteen")
    await gives(chen, ["0", "2"])
    said = (await chen.taps("From Mon 30 Nov on"))[-1].text
    assert "From Mon 30 Nov: Grandma Wang has lunch at the canteen, Mon and Wed" in said
    for hour in ("25 16:00", "26 16:00", "26 16:01", "27 16:00", "30 16:00"):
        assert ((await Senior.get()).mode is Mode.DELIVERY) is (hour in ("25 16:00", "26 16:00")), hour
        await house.at(f"2026-11-{hour}")
    modes = {meal.day.day: meal.mode for meal in await Meal.filter(senior_id=senior.id)}
    assert (modes[27], modes[30]) == (Mode.DELIVERY, Mode.DINE_IN)
    assert 1 not in modes, "on a Tuesday no more"
    assert not await Stop.filter(senior_id=senior.id, left_at=None).exists()
    about = f"senior {senior.id}: delivery:31 → dine_in:5"
    assert await AuditEvent.filter(act="senior.pattern_holds", about=about).count() == 1


@ONE_ENGINE
async def test_whose_lunch_is_brought_from_now_on_needs_a_door(house: House) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await has_registered(mei, DINE_IN)
    await chen.taps("Accept")
    senior = await Senior.get()
    await chen.presses(f"senior_days:{senior.id}")
    await chen.taps("brought home")
    await chen.taps("Done")
    await chen.taps("From now on")
    assert await Stop.filter(senior_id=senior.id, left_at=None).exists()
    await chen.walks(("Say how to knock", "new address"))
