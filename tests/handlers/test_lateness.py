"""A late round: families hear once about when; food on its way too long: who carries it hears what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.lateness import RoundNotice, take_late
from models.meals import Meal, MealState
from models.people import Person
from models.routes import Kind, Route
from models.samples import Place, Reading, Verdict
from models.seniors import Kinship
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_presence import Scene as Town
from tests.handlers.test_presence import missed
from tests.handlers.test_presence import scene as town
from tests.handlers.test_rounds import Scene, scene
from tests.models.making import NOW, TUESDAY

__all__ = ["scene", "town"]


async def test_a_round_that_begins_late_is_told_once_to_those_who_wait_longer(
    scene: Scene,
) -> None:
    house, mei = scene.house, scene.mei
    gao, hua = await house.family("Gao"), await house.family("Hua")
    zhao = scene.seniors[2]
    for phone, wishes in ((gao, {"tell_problems": True}), (hua, {"tell_problems": False})):
        await Kinship.create(
            senior_id=zhao.id, person_id=(await phone.person()).id, linked=True, since=NOW, **wishes
        )
    await (await gao.person()).live_in("Australia/Sydney")
    for phone in (gao, hua, mei):
        phone.reads()
    await house.at("2026-11-24 10:40")
    await scene.lin.says("/round")
    await house.tick()
    await house.tick()
    # Three doors share two hours: the second is reached at 12:00 as usual, the third 40 minutes later.
    assert [one.text.splitlines()[:2] for one in gao.reads()] == [
        [
            "Lunch for Old Mr Zhao comes a little later today, at about 12:45.",
            "Where you are, that will be on Tue 24 Nov at 15:45.",
        ]
    ]
    assert (mei.reads(), hua.reads()) == ([], [])
    await house.at("2026-11-24 10:45")
    assert gao.reads() == []
    assert await RoundNotice.all().count() == 1


@ONE_ENGINE
async def test_a_round_that_begins_in_time_tells_nobody_and_a_kitchen_is_no_round(scene: Scene) -> None:
    kitchen = await Route.create(canteen_id=scene.canteen.id, name="Kitchen", kind=Kind.KITCHEN)
    starts = scene.canteen.at(TUESDAY, "10:00")
    cooking = await Shift.create(
        canteen_id=scene.canteen.id, route_id=kitchen.id, day=TUESDAY, places=1, taken=1,
        starts_at=starts, ends_at=starts + timedelta(hours=2),
    )  # fmt: skip
    person, late = await scene.wu.person(), starts + timedelta(minutes=25)
    await Claim.create(
        shift_id=cooking.id, person_id=person.id, claimed_at=NOW, arrived_at=late, started_at=late
    )
    scene.mei.reads()
    await scene.house.at("2026-11-24 10:10")
    await scene.lin.says("/round")
    await scene.house.at("2026-11-24 10:40")
    assert scene.mei.reads() == []
    assert await RoundNotice.all().count() == 0


@ONE_ENGINE
async def test_however_many_rounds_are_late_each_is_told_in_its_turn(town: Town) -> None:
    town.house.clock.instant += timedelta(hours=1)
    await Claim.filter(shift_id__in=[town.one.id, town.two.id]).update(started_at=town.house.now)
    told = [await take_late(town.house.now, 1) for _tick in range(3)]
    assert [[shift.id for shift, _late in due] for due in told] == [[town.one.id], [town.two.id], []]


@ONE_ENGINE
async def test_doors_that_go_to_the_end_of_another_round_are_told(town: Town) -> None:
    last = await Meal.filter(route_id=town.one.route_id, day=TUESDAY).order_by("-position").first()
    assert last is not None
    mei = await town.house.family("Mei")
    await Kinship.create(senior_id=last.senior_id, person_id=(await mei.person()).id, linked=True, since=NOW)
    await town.li.says("/round")
    await missed(town)
    mei.reads()
    await town.chen.taps("All doors to Route 2")
    (said,) = mei.reads()
    assert "comes a little later today, at about 12:45." in said.text


@ONE_ENGINE
async def test_old_food_warns_who_carries_it_and_the_coordinators(
    scene: Scene,
) -> None:
    house, lin, chen, wu = scene.house, scene.lin, scene.chen, scene.wu
    await chen.presses(f"desk_rule:{scene.canteen.id}:warm_for")
    await chen.says("90")
    await chen.taps("From now on")
    assert "90 minutes after packing hot food is on its way too long." in chen.last.text
    await Reading.create(
        canteen_id=scene.canteen.id, day=TUESDAY, dish="fish", at=house.now, tenths=720, place=Place.PACKING,
        verdict=Verdict.GOOD,
    )  # fmt: skip
    await house.at("2026-11-24 10:00")
    await lin.says("/round")
    await lin.taps("✓ Handed over")
    for phone in (lin, chen, wu):
        phone.reads()
    await house.at("2026-11-24 11:15")
    await house.tick()
    (said,) = [one for one in lin.reads() if "was packed" in one.text]
    assert said.urgent
    assert said.text.splitlines()[:5] == [
        "The lunch of Route 1 was packed at 09:45: that is long ago for hot food.",
        "2 doors are still to come.",
        "Please feel each box. What is hot may be eaten at once: say so at the door.",
        "What is only lukewarm: do not hand it over before you have called.",
        "To call: Ms Chen, +862155550000",
    ]
    for phone in (chen, wu):
        (said,) = [one for one in phone.reads() if "was packed" in one.text]
        assert "It is carried by: Lin." in said.text
        assert "heated until it steams" in said.text
    await house.at("2026-11-24 11:30")
    assert not [one for one in [*lin.reads(), *chen.reads()] if "was packed" in one.text]


@ONE_ENGINE
async def test_when_the_last_door_is_done_nobody_is_warned(scene: Scene) -> None:
    await scene.lin.says("/round")
    await Meal.filter(day=TUESDAY).update(state=MealState.IN_PERSON)
    await scene.house.at("2026-11-24 12:05")
    assert await RoundNotice.all().count() == 0


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "late", "old", "decide"),
    [
        (
            "zh-Hans",
            "今天的午饭会晚一点，大约12:45送到。",
            "Route 1的午饭是10:00装好的",
            "温的要热到冒热气再吃",
        ),
        (
            "zh-Hant",
            "今天的午餐會晚一點，大約12:45送到。",
            "Route 1的午餐是10:00裝好的",
            "溫的要熱到冒熱氣再吃",
        ),
        (
            "es",
            "llega hoy un poco más tarde, hacia las 12:45.",
            "de Route 1 se envasó a las 10:00",
            "se calienta",
        ),
    ],
)
async def test_a_late_round_is_told_in_each_language(
    scene: Scene, language: str, late: str, old: str, decide: str
) -> None:
    mei = await scene.house.family("Hua", language=language)
    await Kinship.create(
        senior_id=scene.seniors[2].id, person_id=(await mei.person()).id, linked=True, since=NOW
    )
    await Person.filter(id__in=[(await one.person()).id for one in (scene.lin, scene.chen)]).update(
        language=language.replace("-", "_")
    )
    await scene.house.at("2026-11-24 10:40")
    await scene.lin.says("/round")
    await scene.house.tick()
    assert late in mei.last.text
    await scene.house.at("2026-11-24 12:00")
    assert any(old in one.text for one in scene.lin.heard)
    assert any(decide in one.text for one in scene.chen.heard)
