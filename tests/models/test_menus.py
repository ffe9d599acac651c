"""What a dish usually holds, what is planned and what was cooked are three things; none is overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.canteens import Canteen
from models.dishes import Contents, Course, Dish, Recipe
from models.menumail import DAILY, MenuSetting, MenuWish, may_read
from models.menus import ORDINARY, Cooked, Planned, enter, line_of, menu, monday_of
from models.people import Membership, Person, Role
from models.refusals import Gone, MenuHidden, MenuOver, NotAllowed, SettingUnreadable
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import (
    FRIDAY,
    MONDAY,
    NOW,
    TUESDAY,
    WEDNESDAY,
    a_canteen,
    a_coordinator,
    a_person,
    at,
)

SOY = Contents(("soy",), (), known=True)


async def a_cook(canteen: Canteen) -> Person:
    person = await a_person("Cook Sun")
    await Membership.grant(person, canteen.id, Role.KITCHEN, by=None, now=NOW)
    return person


@ONE_ENGINE
async def test_a_known_dish_brings_along_what_is_in_it(db: str) -> None:
    canteen = await a_canteen()
    cook = await a_cook(canteen)
    await enter(canteen.id, {TUESDAY: [Course("Braised pork", SOY)]}, cook, NOW)
    await enter(canteen.id, {WEDNESDAY: [Course("braised  PORK")]}, cook, NOW)
    (tuesday,), (wednesday,) = await menu(canteen.id, TUESDAY), await menu(canteen.id, WEDNESDAY)
    assert wednesday.dish_id == tuesday.dish_id
    assert wednesday.contents == tuesday.contents == SOY
    assert wednesday.name == "Braised pork"
    assert await Recipe.all().count() == 1


async def test_what_is_said_of_a_known_dish_comes_in_addition(db: str) -> None:
    canteen = await a_canteen()
    cook = await a_cook(canteen)
    await enter(canteen.id, {TUESDAY: [Course("Braised pork", SOY)]}, cook, NOW)
    more = Contents(("gluten",), ("flour",))
    await enter(canteen.id, {WEDNESDAY: [Course("Braised pork", more)]}, cook, NOW)
    both = Contents(("gluten", "soy"), ("flour",), known=True)
    for day in (TUESDAY, WEDNESDAY):
        assert (await menu(canteen.id, day))[0].contents == both
    assert await Recipe.all().count() == 2


@ONE_ENGINE
async def test_the_recipe_changes_for_days_to_come_and_history_stays(db: str) -> None:
    canteen = await a_canteen()
    cook = await a_cook(canteen)
    soup = [Course("Soup", Contents(known=True))]
    await enter(canteen.id, {MONDAY: soup, WEDNESDAY: soup}, cook, at("2026-11-23 08:00"))
    dish = await Dish.get()
    await Dish.rewrite(dish.id, Contents(("celery",), (), known=True), [], cook, at("2026-11-24 08:00"))
    assert (await menu(canteen.id, MONDAY))[0].contents.allergens == ()
    assert (await menu(canteen.id, WEDNESDAY))[0].contents.allergens == ("celery",)


async def test_what_was_really_cooked_is_added_and_the_recipe_stays(db: str) -> None:
    canteen = await a_canteen()
    cook = await a_cook(canteen)
    await enter(canteen.id, {TUESDAY: [Course("Soup", SOY)], WEDNESDAY: [Course("Soup")]}, cook, NOW)
    (planned,) = await menu(canteen.id, TUESDAY)
    await Planned.cook(planned.planned_id, ["celery"], ["leek"], cook, NOW)
    real = await Planned.cook(planned.planned_id, ["fish"], [], cook, NOW)
    assert real.contents == Contents(("fish", "soy", "celery"), ("leek",), known=True)
    assert (await menu(canteen.id, WEDNESDAY))[0].contents == SOY
    assert (await Recipe.get()).contents == SOY
    assert await Cooked.all().count() == 2


async def test_a_new_menu_takes_the_place_of_the_old_one_which_stays_on_record(db: str) -> None:
    canteen = await a_canteen()
    cook = await a_cook(canteen)
    await enter(canteen.id, {TUESDAY: [Course("Soup"), Course("Rice")]}, cook, NOW)
    tofu = Course("Tofu", SOY, lines=("vegetarian",))
    await enter(
        canteen.id, {TUESDAY: [tofu, Course("Rice"), Course("Rice", lines=("vegetarian",))]}, cook, NOW
    )
    served = [(one.name, one.line) for one in await menu(canteen.id, TUESDAY)]
    assert served == [("Rice", ORDINARY), ("Tofu", "vegetarian"), ("Rice", "vegetarian")]
    assert await Planned.all().count() == 5
    assert await Planned.filter(voided_at=None).count() == 3
    await enter(canteen.id, {FRIDAY: [Course("Tofu")]}, cook, NOW)
    assert [one.line for one in await menu(canteen.id, FRIDAY)] == ["vegetarian"]


@ONE_ENGINE
async def test_of_a_lunch_that_is_over_nothing_is_changed(db: str) -> None:
    canteen = await a_canteen()
    cook = await a_cook(canteen)
    await enter(canteen.id, {TUESDAY: [Course("Soup")]}, cook, NOW)
    (planned,) = await menu(canteen.id, TUESDAY)
    over = at("2026-11-24 13:00")
    for day in (MONDAY, TUESDAY):
        with pytest.raises(MenuOver):
            await enter(canteen.id, {day: [Course("Rice")]}, cook, over)
    with pytest.raises(MenuOver):
        await Planned.cook(planned.planned_id, ["soy"], [], cook, over)
    assert [one.name for one in await menu(canteen.id, TUESDAY)] == ["Soup"]


async def test_only_cooks_and_coordinators_of_the_canteen_write_its_menu(db: str) -> None:
    canteen, other = await a_canteen(), await a_canteen()
    cook, stranger, theirs = await a_cook(canteen), await a_person(), await a_cook(other)
    await enter(canteen.id, {TUESDAY: [Course("Soup")]}, await a_coordinator(canteen), NOW)
    dish, planned = await Dish.get(), await Planned.get()
    for nobody in (stranger, theirs):
        with pytest.raises(NotAllowed):
            await enter(canteen.id, {TUESDAY: [Course("Rice")]}, nobody, NOW)
        with pytest.raises(NotAllowed):
            await Dish.rewrite(dish.id, SOY, [], nobody, NOW)
        with pytest.raises(NotAllowed):
            await Planned.cook(planned.id, [], [], nobody, NOW)
        with pytest.raises(NotAllowed):
            await MenuSetting.change(canteen.id, by=nobody, now=NOW, families=False)
    with pytest.raises(NotAllowed):
        await MenuSetting.change(canteen.id, by=cook, now=NOW, families=False)
    for missing in (-1, 99_999):
        with pytest.raises(Gone):
            await Dish.rewrite(missing, SOY, [], cook, NOW)
        with pytest.raises(Gone):
            await Planned.cook(missing, [], [], cook, NOW)


@ONE_ENGINE
@pytest.mark.parametrize("name", ["", "🍲", "x" * 81])
async def test_a_dish_needs_a_name_that_can_be_read(db: str, name: str) -> None:
    canteen = await a_canteen()
    with pytest.raises(SettingUnreadable):
        await enter(canteen.id, {TUESDAY: [Course(name)]}, await a_cook(canteen), NOW)
    with pytest.raises(SettingUnreadable):
        await MenuSetting.change(
            canteen.id, by=await a_coordinator(canteen), now=NOW, lines=["halal", "something"]
        )


def test_halal_is_a_kitchen_of_its_own_and_the_first_of_several_labels_decides() -> None:
    assert line_of(["low_salt"], ["halal", "vegetarian"]) == ORDINARY
    assert line_of(["vegetarian", "halal"], []) == "halal"
    assert line_of(["low_salt", "vegetarian"], ["vegetarian", "low_salt"]) == "vegetarian"
    assert monday_of(FRIDAY) == MONDAY


async def test_a_menu_kept_to_the_helpers_is_shown_to_helpers_only(db: str) -> None:
    canteen = await a_canteen()
    chen, mei = await a_coordinator(canteen), await a_person("Mei")
    await Membership.grant(mei, canteen.id, Role.FAMILY, by=None, now=NOW)
    await MenuWish.set(mei, canteen.id, DAILY, NOW)
    await MenuWish.set(chen, canteen.id, DAILY, NOW)
    assert await MenuWish.readers(canteen.id, DAILY, families=True) == [mei, chen]
    await MenuSetting.change(canteen.id, by=chen, now=NOW, families=False)
    await may_read(chen, canteen.id)
    with pytest.raises(MenuHidden):
        await may_read(mei, canteen.id)
    assert await MenuWish.readers(canteen.id, DAILY, families=False) == [chen]
    with pytest.raises(NotAllowed):
        await MenuWish.set(await a_person("Nobody"), canteen.id, DAILY, NOW)


async def test_a_wish_said_twice_is_one_wish_and_ends_on_record(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    for _time in range(2):
        await MenuWish.set(chen, canteen.id, DAILY, NOW)
    assert await MenuWish.all().count() == 1
    await MenuWish.set(chen, canteen.id, None, NOW + timedelta(hours=1))
    assert await MenuWish.of(chen.id, canteen.id) is None
    assert (await MenuWish.get()).ended_at is not None
