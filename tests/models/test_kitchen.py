"""The kitchen count: one population, halal apart, and for whom what is on the menu does not go."""

from __future__ import annotations

import time
from datetime import date

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.clashes import Clash
from models.dated import Diet
from models.dishes import Contents, Course, Dish
from models.meals import Meal
from models.menuchecks import checks, days_ahead
from models.menumail import MenuSetting
from models.menus import enter
from models.people import Person
from models.roster import KitchenCount, kitchen_count, roster
from models.seniors import Mode, Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import (
    LONG_AGO,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_canteen,
    a_coordinator,
    a_senior,
    at,
    run_the_day,
)

PORK = Course("Braised pork", Contents(("soy", "gluten"), (), known=True))
RICE = Course("Rice", Contents(known=True))


async def eats(canteen: Canteen, short_id: str, **diet: object) -> Senior:
    """Let a senior come who eats so."""
    senior = await a_senior(canteen, short_id=short_id, mode=Mode.DINE_IN)
    values = {"labels": [], "texture": "regular", "allergies": [], "avoids": None, **diet}
    await Diet.create(senior_id=senior.id, since=LONG_AGO, created_at=NOW, **values)
    return senior


async def counted(canteen: Canteen, *courses: Course, by: Person | None = None) -> KitchenCount:
    if courses:
        await enter(canteen.id, {TUESDAY: courses}, by or await a_coordinator(canteen), NOW)
    return await kitchen_count(canteen.id, TUESDAY)


@ONE_ENGINE
async def test_those_for_whom_the_very_same_does_not_go_are_one_group(db: str) -> None:
    canteen = await a_canteen()
    for short_id, allergies, avoids in (
        ("A10", ["soy"], None), ("A2", ["soy"], None), ("A3", ["gluten", "soy"], "rice"),
        ("A4", [], "不吃猪肉"), ("A5", ["fish"], "lamb"), ("A6", [], None),
    ):  # fmt: skip
        await eats(canteen, short_id, allergies=allergies, avoids=avoids)
    groups = (await counted(canteen, PORK, RICE)).check.groups
    assert [(group.clashes, group.short_ids) for group in groups] == [
        ((Clash("Braised pork", ("soy",), ()),), ("A2", "A10")),
        ((Clash("Braised pork", (), ("猪肉",)),), ("A4",)),
        ((Clash("Braised pork", ("gluten", "soy"), ()), Clash("Rice", (), ("rice",))), ("A3",)),
    ]


@ONE_ENGINE
async def test_without_a_menu_nothing_is_held_against_anybody(db: str) -> None:
    canteen = await a_canteen()
    await eats(canteen, "A1", allergies=["soy"])
    count = await counted(canteen)
    assert count.check.groups == count.check.gaps == ()
    assert [line.short_id for line in count.care] == ["A1"]


@ONE_ENGINE
async def test_a_dish_whose_allergens_nobody_said_is_asked_about_and_never_taken_for_good(db: str) -> None:
    canteen = await a_canteen()
    await eats(canteen, "A1", allergies=["milk"])
    await eats(canteen, "A2")
    count = await counted(canteen, Course("Soup"), Course("Cheese"), RICE)
    ((group,), (gap,)) = count.check.groups, count.check.gaps
    assert group.clashes == (Clash("Cheese", ("milk",), ()),)
    assert (gap.dishes, gap.short_ids) == (("Soup", "Cheese"), ("A1",))


@ONE_ENGINE
async def test_everybody_is_held_against_the_dishes_of_their_own_kitchen_line(db: str) -> None:
    canteen = await a_canteen()
    await eats(canteen, "A1", labels=["halal"], allergies=["soy"])
    await eats(canteen, "A2", labels=["vegetarian"])
    await eats(canteen, "A3", labels=["gout", "low_salt"])
    tofu = Course("Tofu", Contents(("soy",), (), known=True), lines=("vegetarian",))
    check = (await counted(canteen, PORK, tofu)).check
    assert check.groups == ()
    assert [(gap.line, gap.dishes, gap.short_ids) for gap in check.gaps] == [("halal", (), ("A1",))]
    chen = await a_coordinator(canteen)
    await MenuSetting.change(canteen.id, by=chen, now=NOW, lines=[])
    groups = (await kitchen_count(canteen.id, TUESDAY)).check.groups
    assert [(group.clashes[0].codes, group.short_ids) for group in groups] == [(("vegetarian",), ("A2",))]


@ONE_ENGINE
async def test_halal_is_never_counted_with_the_others(db: str) -> None:
    canteen = await a_canteen()
    await eats(canteen, "A1", labels=["halal"], texture="pureed")
    await eats(canteen, "A2", labels=["halal"], allergies=["celery"])
    await eats(canteen, "A3", texture="pureed", allergies=["soy"])
    await eats(canteen, "A4", texture="pureed")
    unknown = await a_senior(canteen, short_id="A5")
    await Diet.filter(senior_id=unknown.id).delete()
    beef = Course("Beef", Contents(("celery",), (), known=True), lines=("halal",))
    count = await counted(canteen, PORK, beef)
    main, halal = count.kitchens
    assert (main.halal, main.total, halal.halal, halal.total) == (False, 2, True, 2)
    assert main.total + halal.total + count.unknown == count.total == 5
    assert count.unknown_ids == ["A5"]
    assert {label for line in main.diets for label in line.labels} == set()
    assert all("halal" in line.labels for line in halal.diets)
    assert [one.name for one in main.menu] == ["Braised pork"]
    assert [one.name for one in halal.menu] == ["Beef"]
    assert [(one.texture, one.count, one.clashing) for one in main.preparations] == [("pureed", 2, 1)]
    assert [(one.texture, one.count, one.clashing) for one in halal.preparations] == [("pureed", 1, 0)]
    assert halal.modes == {Mode.DELIVERY: 0, Mode.DINE_IN: 2, Mode.PICK_UP: 0}


async def test_the_days_ahead_are_held_against_the_menu_as_the_count_does(db: str) -> None:
    canteen = await a_canteen()
    first = await eats(canteen, "A1", allergies=["soy"])
    await eats(canteen, "A2", avoids="pork")
    chen = await a_coordinator(canteen)
    await enter(canteen.id, {TUESDAY: [PORK], THURSDAY: [RICE, PORK]}, chen, NOW)
    days = await days_ahead(canteen, NOW)
    assert days == [TUESDAY, THURSDAY]
    assert await checks(canteen, days) == {day: (await kitchen_count(canteen.id, day)).check for day in days}
    alone = await checks(canteen, days, first)
    assert [group.short_ids for found in alone.values() for group in found.groups] == [("A1",), ("A1",)]
    assert await checks(canteen, [WEDNESDAY]) == {}
    rice = await Dish.get(name="Rice")
    assert await days_ahead(canteen, NOW, rice.id) == [THURSDAY]


@ONE_ENGINE
async def test_the_frozen_count_is_of_the_same_people_as_the_roster(db: str) -> None:
    canteen = await a_canteen()
    await eats(canteen, "A1", allergies=["soy"])
    away = await eats(canteen, "A2", allergies=["soy"])
    before = await counted(canteen, PORK)
    await run_the_day(at("2026-11-23 16:00"))
    assert await kitchen_count(canteen.id, TUESDAY) == before
    meal = await Meal.get(senior_id=away.id, day=TUESDAY)
    await meal.cancel(await a_coordinator(canteen), NOW)
    after = await kitchen_count(canteen.id, TUESDAY)
    assert (after.total, after.check.groups[0].short_ids) == (1, ("A1",))
    assert (await roster(canteen.id, TUESDAY)).kitchen == after
    assert await ServiceDay.of(canteen.id, TUESDAY) is not None


async def test_the_count_of_400_lunches_with_a_menu_takes_less_than_a_tenth_of_a_second(db: str) -> None:
    canteen = await a_canteen()
    await four_hundred(canteen)
    courses = [
        Course(f"Dish {n}", Contents(("soy",) if n else (), (f"lamb {n}",), known=n < 4)) for n in range(6)
    ]
    await counted(canteen, *courses)
    best = min([await seconds_of_a_processor(canteen.id, TUESDAY) for _time in range(5)])
    count = await kitchen_count(canteen.id, TUESDAY)
    assert (count.total, sum(len(group.short_ids) for group in count.check.groups)) == (400, 200)
    assert best < 0.1, f"{best:.3f} s"


async def four_hundred(canteen: Canteen) -> None:
    """Write down 400 guests; one in four is allergic, one in four avoids something."""
    first = 1 + (await Senior.all().order_by("-id").first() or Senior(id=0)).id
    seniors = [
        Senior(
            id=first + n, canteen_id=canteen.id, short_id=f"B{n}", name=f"Guest {n}", mode=Mode.DINE_IN,
            weekdays=31, status=Status.ACTIVE, registered_at=NOW,
        )
        for n in range(400)
    ]  # fmt: skip
    await Senior.bulk_create(seniors)
    await Diet.bulk_create(
        [
            Diet(
                senior_id=first + n, since=LONG_AGO, labels=["low_salt"] if n % 3 else [],
                texture="regular", allergies=["soy", "fish"] if n % 4 == 0 else [],
                avoids=f"lamb, coriander {n}" if n % 4 == 1 else None, created_at=NOW,
            )
            for n in range(400)
        ]
    )  # fmt: skip


async def seconds_of_a_processor(canteen_id: int, day: date) -> float:
    """Take the time of this process alone: others may keep the machine busy. The bench takes the clock's."""
    before = time.process_time()
    await kitchen_count(canteen_id, day)
    return time.process_time() - before
