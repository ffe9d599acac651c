"""The menu by chat: pasted, shown, sent in the morning, printed; for whom it does not go is told in time."""

from __future__ import annotations

from typing import Any

from models.canteens import Canteen
from models.dated import Diet
from models.dishes import Dish, Recipe
from models.endings import EndReason, end
from models.menumail import MenuWish
from models.menus import Cooked, Planned
from models.people import Role
from models.seniors import Mode, Senior
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import gives, has_registered, pending
from tests.house import House, Phone
from tests.models.making import LONG_AGO, NOW, a_senior
from tests.pdf import fonts, letter_sizes, pages
from tests.played import played_once

WEEK = """This week:
Mon: soup (celery); bread (gluten)
Tue: braised pork (soy, gluten); rice (none); vegetarian: tofu (soy); rice
Wed: fish (fish
Thu: noodles (gluten)"""


async def eats(canteen: Canteen, short_id: str, **diet: Any) -> Senior:
    senior = await a_senior(canteen, short_id=short_id, name=f"Senior {short_id}", mode=Mode.DINE_IN)
    values = {"labels": [], "allergies": [], "avoids": None, **diet}
    await Diet.create(senior_id=senior.id, since=LONG_AGO, created_at=NOW, **values)
    return senior


async def pastes(phone: Phone, text: str, *answers: str) -> None:
    """Paste a menu, answer what is asked, and keep it."""
    await phone.says("/menu")
    await phone.taps("Enter a week")
    await phone.says(text)
    for answer in answers:
        await gives(phone, answer)
    await phone.taps("Yes, keep it")


async def test_a_pasted_week_is_shown_as_understood_and_only_then_kept(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.says("/menu")
    assert "No menu has been entered yet for the week of Mon 23 Nov." in chen.last.text
    await chen.taps("Enter a week")
    assert "Allergens stand in brackets" in chen.last.text
    await chen.walks((WEEK, "Which week is it for?"), ("This week, from Mon 23 Nov", "I have understood:"))
    preview = chen.last.text
    assert "Tue 24 Nov\nbraised pork (with cereals with gluten and soy)" in preview
    assert "rice (none of the fourteen allergens entered)\nvegetarian:\ntofu (with soy)" in preview
    assert "“This week:” – No day stands before it." in preview
    assert "“Wed: fish (fish” – A bracket is missing" in preview
    assert not await Planned.exists()
    await chen.taps("Yes, keep it")
    assert "The menus of 3 days are kept." in chen.last.text
    await chen.taps("See the menu")
    assert chen.last.text.startswith("The menu of Ping'an Lane\n\nMon 23 Nov\nsoup (with celery)")
    assert "it may change" in chen.last.text


@ONE_ENGINE
async def test_what_does_not_go_is_told_to_coordinators_and_cooks_by_short_id(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A2", allergies=["soy"])
    await eats(canteen, "A10", allergies=["soy"])
    await eats(canteen, "A3", avoids="noodles and lamb")
    await eats(canteen, "A4", labels=["vegetarian"], allergies=["soy"])
    chen, cook = await house.coordinator(), await house.member("Cook Sun", Role.KITCHEN)
    await pastes(cook, WEEK, ">this")
    told = [message.text for message in chen.reads()]
    assert [message.text for message in cook.heard if message.text in told] == told
    tuesday, thursday = told
    assert "Lunch on Tue 24 Nov" in tuesday
    assert "2 × instead of braised pork (soy)\nA2 and A10" in tuesday
    assert "1 × instead of tofu (soy)\nA4" in tuesday
    assert "1 × instead of noodles (noodles)\nA3" in thursday
    assert "Nothing is on the menu yet for this kitchen line: vegetarian. It is for A4." in thursday
    assert "Senior" not in "".join(told)
    assert chen.heard[-2].urgent
    assert not chen.heard[-1].urgent


@ONE_ENGINE
async def test_what_is_only_likely_is_asked_to_be_looked_at_and_is_not_urgent(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A2", labels=["gout"])
    await eats(canteen, "A3", labels=["low_salt", "low_sugar"])
    await eats(canteen, "A4", labels=["low_salt"])
    chen = await house.coordinator()
    await pastes(chen, "Tue: liver (none); rice (none)\nWed: pickled cabbage (none); flan (eggs)", ">this")
    (tuesday,) = (one for one in chen.heard if "Lunch on Tue 24 Nov" in one.text)
    (wednesday,) = (one for one in chen.heard if "Lunch on Wed 25 Nov" in one.text)
    assert "1 × instead of liver (not for gout)\nA2" in tuesday.text
    assert tuesday.urgent
    assert "Please look at it, by its name it may not go:" in wednesday.text
    assert "pickled cabbage (perhaps too salty): A4" in wednesday.text
    assert "flan (perhaps too sweet) and pickled cabbage (perhaps too salty): A3" in wednesday.text
    assert "instead of" not in wednesday.text
    assert not wednesday.urgent
    await house.at("2026-11-24 16:00")
    assert any("pickled cabbage (perhaps too salty): A4" in message.text for message in chen.heard)


@ONE_ENGINE
async def test_the_clash_stands_in_the_lists_again_above_its_group(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A2", allergies=["soy"], texture="pureed")
    await eats(canteen, "A3", labels=["halal"])
    chen = await house.coordinator()
    await pastes(chen, WEEK, ">this")
    chen.reads()
    await house.at("2026-11-23 16:00")
    kitchen = chen.reads()[0].text
    assert "On the menu: braised pork and rice\nOn the menu, vegetarian: tofu and rice" in kitchen
    assert "1 × puréed\n\nTo be prepared “puréed”: 1 lunch, 1 of them with something else in it" in kitchen
    assert "Halal kitchen: 1 lunch, in containers of its own\nBrought home: 0 · at the canteen: 1" in kitchen
    assert "everybody:\n1 × instead of braised pork (soy)\nA2" in kitchen
    assert "Nothing is on the menu yet for this kitchen line: halal. It is for A3." in kitchen
    assert "Take care:\nA2: no soy" in kitchen


async def test_new_dishes_are_asked_about_once(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.says("/menu")
    await chen.taps("Enter a week")
    await chen.says("Tue: soup; bread")
    await chen.taps("This week, from Tue 24 Nov")
    assert "What is in soup?" in chen.last.text
    await chen.taps("celery")
    await chen.taps("Done")
    assert "What is in bread?" in chen.last.text
    await chen.taps("None of these")
    await chen.taps("Done")
    assert "soup (with celery)\nbread (none of the fourteen allergens entered)" in chen.last.text
    await chen.taps("Yes, keep it")
    await chen.says("/menu")
    await chen.taps("Enter a week")
    await chen.says("Thu: Soup; bread")
    await chen.taps("This week, from Thu 26 Nov")
    assert "Soup (with celery)" in chen.last.text
    await chen.taps("Yes, keep it")
    assert await Dish.all().count() == 2


@ONE_ENGINE
async def test_what_nobody_knows_yet_stays_unknown(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A2", allergies=["milk"])
    chen = await house.coordinator()
    await pastes(chen, "Tue: soup; bread; jam", ">this", ">later")
    told = next(message.text for message in chen.heard if "Still to be answered" in message.text)
    assert "Which allergens are in soup, bread and jam? Please ask before it is served to A2." in told
    await chen.taps("See the menu")
    assert "soup (allergens not entered yet)" in chen.last.text
    assert not any(recipe.known for recipe in await Recipe.all())


@ONE_ENGINE
async def test_one_day_is_entered_and_takes_the_place_of_what_stood_there(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await pastes(chen, "Tue: soup (none)", ">this")
    await chen.says("/menu")
    await chen.taps("Enter a day")
    await chen.walks(
        ("Tue 24 Nov", "What is for lunch on Tue 24 Nov?"),
        ("(", "A bracket is missing"),
        ("dumplings (gluten, pork)", "Tue 24 Nov (in place of what stood there)"),
        ("Yes, keep it", "The menu of 1 day is kept."),
        ("See the menu", "dumplings (with cereals with gluten)"),
    )
    assert "soup" not in chen.last.text


async def test_a_day_that_is_over_is_named_and_left_out(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await house.at("2026-11-25 09:00")
    await chen.says("/menu")
    await chen.taps("Enter a week")
    await chen.says("Mon: soup (none)\nFri: rice (none)")
    await chen.taps("This week, from Fri 27 Nov")
    assert "Left out, because it is over: Mon 23 Nov" in chen.last.text
    await chen.taps("Yes, keep it")
    assert await Planned.all().count() == 1
    await chen.says("/menu")
    await chen.taps("Enter a week")
    await chen.says("20/11: soup (none)")
    assert "is over, so its menu stays as it was" in chen.last.text


@ONE_ENGINE
async def test_on_a_weekend_the_week_to_come_is_meant(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await house.at("2026-11-28 10:00")
    await pastes(chen, "Mon: soup (none)")
    assert str((await Planned.get()).day) == "2026-11-30"


# ------------------------------------------------------------------------------------------- today's changes


async def test_what_else_is_in_a_dish_today_is_told_at_once_with_whom_it_concerns(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A2", allergies=["peanuts"])
    chen, cook = await house.coordinator(), await house.member("Cook Sun", Role.KITCHEN)
    await pastes(chen, "Tue: soup (celery); rice (none)\nWed: soup", ">this")
    await house.at("2026-11-24 08:30")
    chen.reads()
    await cook.says("/menu")
    await cook.taps("Something else is in it today")
    await cook.taps("soup")
    assert "Allergens: celery" in cook.last.text
    assert "celery" not in cook.last.buttons
    await gives(cook, [])
    await gives(cook, "peanut oil")
    (told,) = chen.reads()
    assert told.urgent
    assert "soup on Tue 24 Nov also has in it: peanut oil" in told.text
    assert "1 × instead of soup (peanuts)\nA2" in told.text
    assert (await Cooked.get()).ingredients == ["peanut oil"]
    assert (await Recipe.filter(dish__name="soup").get()).ingredients == []
    await cook.says("/menu")
    await cook.taps("Something else is in it today")
    await cook.taps("rice")
    await gives(cook, ["milk"])
    await gives(cook, ">none")
    assert "also has in it: milk" in cook.last.text
    assert "I found nobody on the list for whom that clashes." in cook.last.text
    await house.at("2026-11-24 13:00")
    planned = await Planned.filter(dish__name="rice").get()
    await cook.presses(f"dish_real:{planned.id}")
    await gives(cook, [])
    await gives(cook, ">none")
    assert "is over, so its menu stays as it was" in cook.last.text


async def test_a_dish_is_changed_for_the_days_to_come(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A2", allergies=["fish"])
    chen = await house.coordinator()
    await chen.says("/menu")
    await chen.taps("The dishes")
    assert "No dish has been entered yet." in chen.last.text
    await chen.says("/menu")
    await chen.taps("Something else is in it today")
    assert "Nothing is on the menu of the next lunch yet." in chen.last.text
    await pastes(chen, "Tue: soup (celery)", ">this")
    await chen.says("/menu")
    await chen.taps("The dishes")
    await chen.taps("soup")
    assert "Allergens: celery" in chen.last.text
    await chen.taps("Change what is in it")
    assert "Known so far: soup (with celery)" in chen.last.text
    await gives(chen, ["celery", "fish"])
    await gives(chen, "stock, leek")
    await gives(chen, [])
    clash, card = [message.text for message in chen.heard[-2:]]  # what is urgent goes first
    assert "1 × instead of soup (fish)\nA2" in clash
    assert "Allergens: fish and celery\nIngredients: stock and leek\nFor: ordinary" in card
    await chen.presses(f"dish_set:{(await Dish.get()).id}")
    await gives(chen, [])
    await gives(chen, ">keep")
    await gives(chen, ["vegetarian"])
    card = next(message.text for message in reversed(chen.heard) if "For:" in message.text)
    assert "Allergens: fish and celery\nIngredients: stock and leek\nFor: vegetarian" in card


@ONE_ENGINE
async def test_whose_diet_changes_later_is_held_against_the_menu_too(house: House) -> None:
    canteen = await house.canteen()
    senior = await eats(canteen, "A2")
    await eats(canteen, "A3", allergies=["soy"])
    chen, cook = await house.coordinator(), await house.member("Cook Sun", Role.KITCHEN)
    await pastes(chen, WEEK, ">this")
    cook.reads()
    await chen.presses(f"senior_diet:{senior.id}")
    for given in ([], ">regular", ["gluten"], ">none", "25 November"):
        await gives(chen, given)
    (told,) = cook.reads()
    assert "Lunch on Thu 26 Nov" in told.text
    assert "1 × instead of noodles (cereals with gluten)\nA2" in told.text
    assert "A3" not in told.text


@ONE_ENGINE
async def test_whoever_comes_later_is_held_against_the_menu_too(house: House) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    cook = await house.member("Cook Sun", Role.KITCHEN)
    await pastes(chen, "Tue: red fish (fish)", ">this")
    await has_registered(mei)
    assert cook.reads() == []
    await chen.taps("Accept")
    (told,) = cook.reads()
    assert "1 × instead of red fish (fish)\nA1" in told.text


# -------------------------------------------------------------------------------------- by itself, on paper


@played_once
async def with_a_menu(house: House, text: str = WEEK) -> tuple[Phone, Phone]:
    await eats(await house.canteen(), "A1")
    chen, mei = await house.coordinator(), await house.family()
    await pastes(chen, text, ">this")
    return chen, mei


async def test_the_menu_goes_out_in_the_morning_to_those_who_want_it_each_once(house: House) -> None:
    chen, mei = await with_a_menu(house)
    await mei.says("/menu")
    assert "Enter a week" not in mei.last.buttons
    await mei.taps("Send it to me every morning")
    assert "I will send you the menu at 10:00 on every day with lunch" in mei.last.text
    mei.reads()
    for when in ("2026-11-23 09:59", "2026-11-23 10:00", "2026-11-23 10:01"):
        await house.at(when)
    assert mei.reads() == []  # the canteen was opened too late for a lunch on Monday
    await house.at("2026-11-24 10:00")
    await house.tick()
    (sent,) = mei.reads()
    assert sent.text.startswith("Lunch at Ping'an Lane on Tue 24 Nov\nbraised pork")
    await mei.taps("Do not send it any more")
    mei.reads()
    await house.at("2026-11-26 10:00")
    assert mei.reads() == []
    assert "Lunch at" not in "".join(message.text for message in chen.heard)


@ONE_ENGINE
async def test_a_late_start_catches_up_until_lunch_is_over(house: House) -> None:
    _chen, mei = await with_a_menu(house)
    await mei.says("/menu")
    await mei.taps("Send it to me every morning")
    mei.reads()
    await house.at("2026-11-24 12:10")
    assert len(mei.reads()) == 1
    await house.at("2026-11-26 15:00")
    assert mei.reads() == []


@ONE_ENGINE
async def test_a_menu_entered_after_its_hour_goes_out_when_it_is_entered(house: House) -> None:
    chen, mei = await with_a_menu(house, "Thu: soup (none)")
    await mei.says("/menu")
    await mei.taps("Send it to me every morning")
    await house.at("2026-11-24 10:30")
    mei.reads()
    await pastes(chen, "24/11: soup (none)")
    await house.tick()
    assert "Lunch at Ping'an Lane on Tue 24 Nov" in mei.reads()[0].text
    await pastes(chen, "24/11: soup (none); rice (none)")
    await house.tick()
    assert mei.reads() == []


@ONE_ENGINE
async def test_on_a_day_on_which_nobody_eats_no_menu_goes_out(house: House) -> None:
    chen, mei = await with_a_menu(house)
    await mei.says("/menu")
    await mei.taps("Send it to me every morning")
    await end((await Senior.get()).id, EndReason.MOVED, await chen.person(), house.now)
    mei.reads()
    await house.at("2026-11-24 10:00")
    assert mei.reads() == []


@ONE_ENGINE
async def test_once_a_week_the_rest_of_the_week_comes_on_its_first_day_with_lunch(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A1")
    chen, lin = await house.coordinator(), await house.volunteer()
    await house.at("2026-11-26 09:00")
    await pastes(chen, "Mon: soup (none)\nTue: rice (none)", ">next")
    await lin.says("/menu")
    await lin.taps("Next week")
    await lin.taps("Send it to me once a week")
    assert "the first day with lunch of each week" in lin.last.text
    lin.reads()
    await house.at("2026-11-30 10:00")
    (sent,) = lin.reads()
    assert "Mon 30 Nov\nsoup" in sent.text
    assert "Tue 1 Dec\nrice" in sent.text
    await house.at("2026-12-01 10:00")
    assert lin.reads() == []
    await house.at("2026-12-02 10:00")
    assert lin.reads() == []
    assert await MenuWish.of((await lin.person()).id, canteen.id) == "week"


@ONE_ENGINE
async def test_the_week_comes_on_paper_in_the_readers_language(house: House) -> None:
    canteen = await house.canteen(language="zh_Hans")
    chen = await house.coordinator("Ms Chen", language="zh-CN")
    await chen.says("/menu")
    await chen.taps("写一周的菜单")
    await chen.says("周二：红烧鱼（鱼）；素食：豆腐（大豆）")
    await gives(chen, ">this")
    await chen.taps("好，记下")
    await chen.taps("看菜单")
    paper = next(message.file for message in await chen.taps("打印菜单") if message.file is not None)
    assert paper is not None
    (page,) = [words.replace(" ", "") for words in pages(paper.content)]
    assert paper.name == "menu-2026-11-23.pdf"
    assert "11月24日周二红烧鱼（含鱼）素食：豆腐（含大豆）" in page
    assert "有过敏的，请每次都问一下" in page
    assert all("NotoSansCJKsc" in name and embedded for name, embedded in fonts(paper.content).items())
    assert min(letter_sizes(paper.content, "红烧鱼")) >= 16
    (nothing,) = await chen.presses(f"menu_print:{canteen.id}:2026-12-07")
    assert nothing.file is None


# ------------------------------------------------------------------------------------------------ settings


@ONE_ENGINE
async def test_hour_readers_and_kitchen_lines_are_set_by_chat(house: House) -> None:
    canteen = await house.canteen()
    await eats(canteen, "A1")
    chen, mei = await house.coordinator(), await house.family()
    await pastes(chen, WEEK, ">this")
    await mei.says("/menu")
    await mei.taps("Send it to me every morning")
    await chen.says("/settings")
    await chen.taps("Menu and kitchen lines")
    assert "Kitchen lines: ordinary, halal and vegetarian" in chen.last.text
    await chen.taps("Hour of the menu")
    await chen.says("half past nine")
    await chen.says("9:30")
    await chen.taps("From now on")
    assert "The menu goes out at 09:30" in chen.last.text
    mei.reads()
    await house.at("2026-11-24 09:30")
    assert len(mei.reads()) == 1
    await chen.taps("Kitchen lines")
    await gives(chen, ["low_salt"])
    await chen.taps("From now on")
    assert "Kitchen lines: ordinary and low salt" in chen.last.text
    assert "Halal lunches are counted apart all the same" in chen.last.text
    await chen.taps("Who sees the menu")
    await chen.taps("Only helpers")
    await chen.taps("From now on")
    assert "Only helpers see the menu." in chen.last.text
    await mei.says("/menu")
    assert "The menu hangs in the canteen" in mei.last.text
    mei.reads()
    await house.at("2026-11-26 09:30")
    assert mei.reads() == []
    assert "That button" not in (await chen.presses(f"set_menu:{canteen.id}:nothing"))[-1].text


async def test_a_stranger_may_look_and_is_not_written_to(house: House) -> None:
    canteen = await house.canteen()
    wu = house.stranger()
    await wu.says("/menu")
    assert "No menu has been entered yet" in wu.last.text
    assert wu.last.buttons == ["Next week"]
    await wu.presses(f"menu_wish:{canteen.id}:day")
    assert not await MenuWish.exists()
    chen = await house.coordinator()
    await chen.presses(f"menu_wish:{canteen.id}:often")
    await chen.presses("menu_week:999:2026-11-23")
    assert not await MenuWish.exists()


@ONE_ENGINE
async def test_a_menu_is_not_longer_than_a_message(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.says("/menu")
    await chen.taps("Enter a week")
    await chen.says("Mon: " + "soup of the day (celery, mustard, sesame); " * 60)
    assert "in two parts: at most 2000 characters" in chen.last.text
    question = await pending(chen)
    assert question is not None
    assert question.pending == "text"
