"""At the door: the way there, two people behind one door, two people of one name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.channels import Kind
from bot.i18n import render
from bot.papers import Press
from handlers.text import Text
from handlers.wayfinding import address_of
from models import daychanges, endings
from models.audit import AuditEvent
from models.boxes import BoxReturn
from models.canteens import Canteen
from models.care import MapService
from models.cases import Case
from models.dated import Residence
from models.endings import EndReason
from models.households import Household
from models.meals import Meal, MealState
from models.people import Person
from models.refusals import Gone, NotAllowed
from models.routes import Route, Stop
from models.seniors import Kinship, Mode, Senior
from models.shifts import Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.house import House, Phone
from tests.models.making import TUESDAY, WEDNESDAY, a_senior
from tests.pdf import pages
from tests.played import played_once

__all__ = ["scene"]


# ---------------------------------------------------------------------------------------------- the way there


@ONE_ENGINE
async def test_the_way_is_a_link_to_the_door_in_hand_and_goes_with_its_address(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    await lin.says("/round")
    assert lin.last.links == {
        "Show the way": "https://uri.amap.com/search?keyword=Ping%27an%20Lane%2012%2C%20door%201&callnative=1"
    }
    await lin.taps("✓ Handed over")
    (first,) = lin.last.links.values()
    assert "door%202" in first
    # Whoever stands there notes the place once: the next day the link leads to the very door.
    await lin.taps("Something else happened")
    await lin.walks(("Note where this door is", "right at this door"), ("over there", "tap the button"))
    await lin.sends(Kind.LOCATION, "geo:31.23041,121.47370")
    assert "this very door" in lin.last.text
    await lin.says("/round")
    (noted,) = lin.last.links.values()
    assert "position=121.47370%2C31.23041&coordinate=wgs84" in noted
    assert await AuditEvent.filter(act="door.place", about=f"senior {scene.seniors[1].id}").count() == 1
    await chen.walks(("/settings", "Settings of"), ("On the round", "高德地图 Amap"), ("Map", "Which map"))
    await chen.taps("No map")
    assert "Volunteers see no map." in chen.last.text
    await lin.says("/round")
    assert lin.last.links == {}
    await chen.walks(("Map", "Which map"), ("OpenStreetMap", "OpenStreetMap"))
    await lin.says("/round")
    (told,) = lin.last.links.values()
    assert told == "https://www.openstreetmap.org/?mlat=31.23041&mlon=121.47370#map=18/31.23041/121.47370"
    gao = await house.volunteer("Gao")
    meal = await scene.meal(0)
    assert "not yours just now" in (await gao.presses(f"door_is_here:{meal.id}"))[-1].text
    # Also in the cards further up, which showed other doors.
    await house.at("2026-11-24 14:01")
    assert sum("addresses are gone" in message.text for message in lin.heard) >= 3
    assert all(message.links == {} for message in lin.heard)


def test_each_map_is_asked_in_its_own_way() -> None:
    words, point = Residence(address="平安里 3号\n2楼"), Residence(address="x", place="geo:41.38,2.17")
    assert address_of(MapService.GOOGLE, words).endswith(
        "?api=1&destination=%E5%B9%B3%E5%AE%89%E9%87%8C%203%E5%8F%B7%202%E6%A5%BC"
    )
    assert address_of(MapService.OSM, words).startswith(
        "https://www.openstreetmap.org/search?query=%E5%B9%B3"
    )
    assert address_of(MapService.GOOGLE, point).endswith("?api=1&destination=41.38%2C2.17")
    assert address_of(MapService.AMAP, point).startswith("https://uri.amap.com/marker?position=2.17%2C41.38&")


# ------------------------------------------------------------------------------------- two behind one door


@dataclass
class Couple:
    """Wang Guilan and Li Ming live behind one door of Route 1; Zhao and Sun have their own."""

    house: House
    canteen: Canteen
    wang: Senior
    li: Senior
    zhao: Senior
    chen: Phone
    lin: Phone
    mei: Phone
    jun: Phone

    async def state(self, senior: Senior) -> MealState:
        return (await Meal.get(senior_id=senior.id, day=TUESDAY)).state

    async def sheets(self) -> str:
        made = await Press().attach("routes", [str(self.canteen.id), str(TUESDAY)], "en", said_in_english)
        return " ".join(" ".join(pages(made.content)).split())


def said_in_english(text: Text, zone: str) -> str:
    return render(text, language="en", zone=zone, links=lambda _code: []).text


@pytest_asyncio.fixture
@played_once
async def couple(house: House) -> Couple:
    """Monday: the four doors are on the route; the coordinator has said nothing yet."""
    canteen = await house.canteen()
    chen = await house.coordinator()
    route = await Route.get(canteen_id=canteen.id)
    homes = {
        "Wang Guilan": "平安里 3号 2-1",
        "Zhao": "Far Road 2",
        "Li Ming": "平安里3号，2-1",
        "Sun": "Far Road 4",
    }
    seniors = []
    for place, (name, address) in enumerate(homes.items(), 1):
        senior = await a_senior(canteen, name=name, short_id=f"A{place}", phone=f"+86215555000{place}")
        await Residence.create(
            senior_id=senior.id, since=TUESDAY - timedelta(days=1), address=address, knock="Loudly",
            plan=f"Plan {place}", created_at=house.now,
        )  # fmt: skip
        await Stop.create(route_id=route.id, senior_id=senior.id, position=place, since=house.now)
        seniors.append(senior)
    wang, zhao, li, _sun = seniors
    lin, mei, jun = await house.volunteer("Lin"), await house.family("Mei"), await house.family("Jun")
    for phone, senior in ((mei, wang), (jun, li)):
        person = await phone.person()
        await Kinship.create(
            senior_id=senior.id, person_id=person.id, linked=True, tell_served=True, since=house.now
        )
    await house.tick()
    return Couple(house, canteen, wang, li, zhao, chen, lin, mei, jun)


async def to_the_door(couple: Couple) -> None:
    """Say that the two are one door, and go to Tuesday morning."""
    chen, lin, house = couple.chen, couple.lin, couple.house
    await chen.presses(f"senior_place:{couple.li.id}")
    assert "Wang Guilan (A1) has the same address. Do Li Ming and Wang Guilan" in chen.last.text
    await chen.walks(("Yes, one door", "On which day"), ("Not decided yet", "are one stop now"))
    shift = await Shift.get(day=TUESDAY)
    await Shift.claim(shift.id, await lin.person(), house.now)
    await house.at("2026-11-23 16:01")
    await house.at("2026-11-24 09:45")


async def test_two_behind_one_door_are_one_stop_and_two_meals(couple: Couple) -> None:
    house, chen, lin, mei, jun = couple.house, couple.chen, couple.lin, couple.mei, couple.jun
    await to_the_door(couple)
    assert "3 homes" in (await lin.says("/my"))[-1].text
    assert "3 doors" in (await chen.says("/today"))[-1].text
    await lin.says("/round")
    assert lin.last.text.splitlines()[:6] == [
        "Door 1 of 3", "2 lunches for this door:", "Wang Guilan", "low salt", "Li Ming", "low salt",
    ]  # fmt: skip
    assert lin.last.text.count("How to knock") == 1
    # One tap for both; each family hears of her own.
    await lin.taps("✓ Handed over to all of them")
    assert "Wang Guilan: Handed over. Thank you.\nLi Ming: Handed over. Thank you." in lin.last.text
    assert "Door 2 of 3" in lin.last.text
    for phone, own, other in ((mei, "Wang Guilan", "Li Ming"), (jun, "Li Ming", "Wang Guilan")):
        assert own in phone.last.text
        assert all(other not in message.text for message in phone.heard)
    # Each is taken back, and said, by itself.
    await lin.taps("Undo: Li Ming")
    assert (await couple.state(couple.wang), await couple.state(couple.li)) == (
        MealState.IN_PERSON, MealState.EXPECTED,
    )  # fmt: skip
    assert "Door 1 of 3" in lin.last.text
    assert "✓ Wang Guilan" not in lin.last.buttons
    assert "1 of 3 doors" not in (await chen.says("/today"))[-1].text, "the door is not done"
    await lin.taps("Something else happened")
    await lin.taps("Li Ming: Left with the neighbour")
    assert await couple.state(couple.li) is MealState.NEIGHBOUR
    # A tap on a card of before says nothing more of whom something was said.
    meal = await Meal.get(senior_id=couple.wang.id, day=TUESDAY)
    await lin.presses(f"at_home:{meal.id}:no_answer")
    assert await couple.state(couple.wang) is MealState.IN_PERSON
    gao = await house.volunteer("Gao")
    assert "not yours just now" in (await gao.presses(f"at_home:{meal.id}:no_answer"))[-1].text
    assert not await Case.exists()


@ONE_ENGINE
async def test_where_one_of_two_is_called_off_the_other_is_brought_lunch_all_the_same(couple: Couple) -> None:
    chen, lin = couple.chen, couple.lin
    await to_the_door(couple)
    await chen.walks(("/skip a1", "Which day"), ("today", "no lunch"), ("Yes, no lunch that day", "Noted"))
    assert (
        "At door 1 one lunch less today. Please go there all the same: your round says for whom."
        in lin.last.text
    )
    await lin.says("/round")
    assert "Door 1 of 3" in lin.last.text
    assert "Not today" not in lin.last.text
    # With nobody left to be brought lunch the door is skipped, and named once.
    await chen.walks(("/skip a3", "Which day"), ("today", "no lunch"), ("Yes, no lunch that day", "Noted"))
    assert "Please skip door 1 today, and bring the spare lunch back." in lin.last.text
    await lin.says("/round")
    assert lin.last.text.endswith("\nNot today: door 1")
    await chen.taps("Have lunch after all")
    assert "At door 1 there is lunch today after all." in lin.last.text


@ONE_ENGINE
async def test_a_door_of_two_that_stays_shut_is_two_cases_and_one_alarm(couple: Couple) -> None:
    house, chen, lin, mei, jun = couple.house, couple.chen, couple.lin, couple.mei, couple.jun
    await to_the_door(couple)
    await lin.says("/round")
    before = len(chen.heard)
    await lin.taps("✗ No answer at all")
    (alarm,) = chen.heard[before:]
    assert "Nobody answers at Wang Guilan's (A1)" in alarm.text
    assert "Nor does Li Ming (A3), who lives there, too." in alarm.text
    assert {"✓ Wang Guilan reached", "✓ Li Ming reached"} <= set(alarm.buttons)
    (plan,) = [message for message in lin.heard if "Nobody answers at" in message.text]
    assert "Nobody answers at Wang Guilan and Li Ming's" in plan.text
    assert "Plan 1" in plan.text
    assert "Call Li Ming: +862155550003" in plan.text
    assert await Case.all().count() == 2
    both = f"senior {couple.wang.id}, senior {couple.li.id}"
    for about in (f"door of {both}", f"phones of {both}", f"plan and phone of {both}"):
        assert await AuditEvent.filter(act="shown", about=about).exists(), about
    await house.at("2026-11-24 09:51")
    assert len(chen.heard) == before + 2, "red is said once"
    # One is met: the alarm goes on for the other, and says whose it is.
    await lin.taps("The door opened: handed over to Wang Guilan")
    assert "Nobody answers at Li Ming's (A3)" in chen.last.text
    assert "Wang" not in chen.last.text
    await chen.taps("I look after it")
    await chen.walks(("It is settled", "How is Li Ming"), ("Safe, was out", "With whom"))
    await chen.walks(("With the family", "Anything to note"), ("No", "on record"))
    assert any("Li Ming is safe" in message.text for message in jun.heard)
    assert not any("safe" in message.text for message in mei.heard)


@ONE_ENGINE
async def test_when_the_second_of_two_is_met_the_alarm_of_the_first_names_one_less(couple: Couple) -> None:
    chen, lin = couple.chen, couple.lin
    await to_the_door(couple)
    await lin.says("/round")
    before = len(chen.heard)
    await lin.taps("✗ No answer at all")
    await lin.taps("The door opened: handed over to Li Ming")
    alarm = chen.heard[before]
    assert "Nobody answers at Wang Guilan's (A1)" in alarm.text
    assert "Nor does" not in alarm.text
    assert "✓ Li Ming reached" not in alarm.buttons


@ONE_ENGINE
async def test_two_of_one_door_on_two_rounds_are_two_alarms_each_with_its_own_plan(couple: Couple) -> None:
    house, chen, lin, gao = couple.house, couple.chen, couple.lin, await couple.house.volunteer("Gao")
    other = await Route.add(couple.canteen.id, "Route 2", await chen.person(), house.now)
    await to_the_door(couple)
    await Meal.filter(senior_id=couple.li.id, day=TUESDAY).update(route_id=other.id, position=1)
    shift = (await Shift.get(day=TUESDAY)).clone()
    shift.route_id, shift.taken = other.id, 0
    await shift.save()
    await Shift.claim(shift.id, await gao.person(), house.now)
    for volunteer, name, plan in ((lin, "Wang Guilan", "Plan 1"), (gao, "Li Ming", "Plan 3")):
        await volunteer.says("/round")
        before = len(chen.heard)
        await volunteer.taps("✗ No answer")
        assert [f"Nobody answers at {name}'s" in message.text for message in chen.heard[before:]] == [True]
        (said,) = [message.text for message in volunteer.heard if "Nobody answers at" in message.text]
        assert plan in said
    assert "Nor does" not in " ".join(message.text for message in chen.heard)


@ONE_ENGINE
async def test_whoever_has_an_extra_lunch_is_brought_it_with_the_other_one_of_the_door(
    couple: Couple,
) -> None:
    house, chen, wang, li = couple.house, couple.chen, couple.wang, couple.li
    other = await Route.add(couple.canteen.id, "Route 2", await chen.person(), house.now)
    await Household.join(li.id, wang.id, await chen.person(), house.now)
    await other.put(wang.id, None, await chen.person(), house.now)
    await Senior.change_pattern(
        li.id, mode=Mode.DINE_IN, weekdays=0b0000100, by=await chen.person(), now=house.now
    )
    extra = await Senior.get(id=li.id)
    # Before the orders of the day close, and after.
    changed = await daychanges.change(extra, TUESDAY, await chen.person(), house.now, mode=Mode.DELIVERY)
    assert changed.put_on is None
    await house.at("2026-11-23 16:01")
    assert (await Meal.get(senior_id=li.id, day=TUESDAY)).route_id == other.id
    await daychanges.as_usual(extra, TUESDAY, await chen.person(), house.now)
    await Meal.filter(senior_id=li.id).update(route_id=None, position=None)
    await daychanges.change(extra, TUESDAY, await chen.person(), house.now, mode=Mode.DELIVERY)
    meal, beside = (
        await Meal.get(senior_id=li.id, day=TUESDAY),
        await Meal.get(senior_id=wang.id, day=TUESDAY),
    )
    assert (meal.route_id, meal.position) == (beside.route_id, beside.position) == (other.id, 1)


@ONE_ENGINE
async def test_a_wrong_meal_is_first_looked_for_in_the_other_box_of_the_same_door(couple: Couple) -> None:
    lin = couple.lin
    await to_the_door(couple)
    await lin.walks(("/round", "Door 1"), ("Wang Guilan: something is different", "What is different"))
    await lin.walks(("The wrong meal", "Has anybody eaten of it?"))
    await lin.taps("No, nothing")
    said = lin.last.text
    assert "Before door 1 Li Ming: on the box must stand “low salt”" in said
    assert "Before door 2: on the box must stand “low salt”" in said


@ONE_ENGINE
async def test_both_cases_of_a_door_are_closed_with_one_word_if_it_is_the_same(couple: Couple) -> None:
    chen, lin, mei, jun = couple.chen, couple.lin, couple.mei, couple.jun
    await to_the_door(couple)
    await lin.walks(("/round", "Door 1"), ("✗ No answer at all", "Nobody answers"))
    await chen.taps("I look after it")
    assert [case.owner_id for case in await Case.all()] == [(await chen.person()).id] * 2
    await chen.walks(("It is settled", "How is Wang"), ("Safe, was out", "With whom"))
    await chen.walks(("With the family", "Anything"), ("No", "Is it the same for Li Ming?"))
    await chen.walks(("Yes, for both", "on record"))
    assert not await Case.filter(closed_at=None).exists()
    for phone, own, other in ((mei, "Wang Guilan", "Li Ming"), (jun, "Li Ming", "Wang Guilan")):
        assert f"{own} is safe" in phone.last.text
        assert other not in phone.last.text


@ONE_ENGINE
async def test_paper_agrees_one_number_two_lunches_and_typed_in_for_both(couple: Couple) -> None:
    house, chen = couple.house, couple.chen
    await to_the_door(couple)
    sheet = await couple.sheets()
    assert "Route 1, Tue 24 Nov: 3 homes" in sheet
    assert "4 × low salt" in sheet
    assert "1 Wang Guilan A1 平安里 3 号 2-1 How to knock: Loudly low salt 1 Li Ming A3 Same door" in sheet
    assert sheet.index("Li Ming") < sheet.index("Zhao")
    await house.at("2026-11-24 12:00")
    await chen.presses(f"sheet_in:{couple.canteen.id}:2026-11-24")
    assert "Its doors: 1–3." in chen.last.text
    await chen.says("all delivered")
    assert "Handed over: 1–3" in chen.last.text
    await chen.says("/cancel")
    # The two boxes of one door were ticked differently: each is asked about.
    await chen.presses(f"sheet_in:{couple.canteen.id}:2026-11-24")
    await chen.walks(("2-3 delivered, 1 delivered, 1 no answer", "say of 1 Wang Guilan?"))
    await chen.walks(("Handed over", "say of 1 Li Ming?"), ("Did not want it", "I have understood"))
    assert "Handed over: 1 Wang Guilan, 2 Zhao and 3 Sun" in chen.last.text
    await chen.taps("Write it down")
    assert (await couple.state(couple.wang), await couple.state(couple.li)) == (
        MealState.IN_PERSON, MealState.REFUSED,
    )  # fmt: skip


@ONE_ENGINE
async def test_a_door_stays_one_wherever_it_is_put_until_somebody_moves(couple: Couple) -> None:
    house, chen, li, wang = couple.house, couple.chen, couple.li, couple.wang
    await chen.presses(f"senior:{li.id}")
    await chen.walks(("Same door as …", "Behind whose door"), ("Wang Guilan (A1)", "are one stop now"))
    await chen.presses(f"senior:{wang.id}")
    assert "Behind the same door: Li Ming (A3)" in chen.last.text
    route = await Route.get()

    async def order() -> list[list[str]]:
        return [[stop.senior.display for stop in home] for home in await route.homes()]

    assert await order() == [["Wang Guilan", "Li Ming"], ["Zhao"], ["Sun"]]
    await route.put(li.id, 3, await chen.person(), house.now)
    assert await order() == [["Zhao"], ["Sun"], ["Wang Guilan", "Li Ming"]]
    assert sorted([stop.position for stop in await Stop.filter(left_at=None)]) == [1, 2, 3, 3]
    other = await Route.add(couple.canteen.id, "Route 2", await chen.person(), house.now)
    await other.put(wang.id, None, await chen.person(), house.now)
    assert [len(home) for home in await other.homes()] == [2]
    # Whoever comes back to the round comes to the other one of the door, who stays where they are.
    for mode in (Mode.DINE_IN, Mode.DELIVERY):
        await Senior.change_pattern(li.id, mode=mode, weekdays=31, by=await chen.person(), now=house.now)
    assert [len(home) for home in await other.homes()] == [2]
    await endings.end(li.id, EndReason.OTHER, await chen.person(), house.now)
    await route.put(wang.id, None, await chen.person(), house.now)
    await endings.undo(li.id, await chen.person(), house.now)
    assert [len(home) for home in await route.homes()] == [1, 1, 2]
    await other.put(wang.id, None, await chen.person(), house.now)
    await chen.presses(f"same_door:{li.id}")
    await chen.walks(("Has a door of their own again", "door of their own"))
    assert [len(home) for home in await other.homes()] == [1, 1]
    with pytest.raises(Gone):
        await Household.join(li.id, li.id, await chen.person(), house.now)
    elsewhere = await a_senior(await house.canteen("Far Lane", zone="Europe/Madrid"))
    with pytest.raises(NotAllowed):
        await Household.join(li.id, elsewhere.id, await chen.person(), house.now)
    assert await Senior.filter(household_id__not_isnull=True).count() == 0


# ---------------------------------------------------------------------------------------- boxes come back


async def test_boxes_that_come_back_are_noted_at_the_door_and_counted_on_the_card_of_the_day(
    couple: Couple,
) -> None:
    house, chen, lin, zhao, canteen = couple.house, couple.chen, couple.lin, couple.zhao, couple.canteen
    await chen.presses(f"set_round:{canteen.id}:boxes")
    await chen.walks(("Yes", "counted since Mon 23 Nov"))
    await to_the_door(couple)
    assert "Left there Box is back 1 Wang" in await couple.sheets()
    await lin.walks(("/round", "Door 1 of 3"))
    assert not any("ox" in label for label in lin.last.buttons), "nothing is out yet"
    await lin.walks(("✓ Handed over to all of them", "Door 2"), ("✓ Handed over", "Door 3"))
    assert "3 boxes are still out." in (await chen.says("/today"))[-1].text
    shift = await Shift.get(day=WEDNESDAY)
    await Shift.claim(shift.id, await lin.person(), house.now)
    await house.at("2026-11-24 16:01")
    await house.at("2026-11-25 09:45")
    await lin.says("/round")
    # Two lived there, and two boxes are behind the one door.
    assert "Please bring back: 2 boxes" in lin.last.text
    await lin.taps("Box is back")
    assert "Door 1 of 3" in lin.last.text
    assert "1 box is back. Thank you." in lin.last.text
    assert "2 boxes are still out." in (await chen.says("/today"))[-1].text
    await lin.taps("No box after all")
    # One of them is still full, and of which of the two it is.
    await lin.taps("Box is back, still full: Li Ming")
    assert "A box came back still full. Thank you for telling us." in lin.last.text
    full = await BoxReturn.get(full=True)
    assert (full.senior_id, full.count) == (couple.li.id, 1)
    await lin.taps("No box after all")
    assert not await BoxReturn.filter(full=True).exists()
    await lin.taps("2 boxes are back")
    first = await BoxReturn.get(count=2)
    await lin.presses(f"box_back:{first.meal_id}:2")
    assert "1 box is still out." in (await chen.says("/today"))[-1].text
    # Also a moment after the door.
    await lin.walks(("✓ Handed over to all of them", "Door 2"), ("✓ Handed over", "Door 3"))
    await lin.taps("Box is back, still full: Zhao")
    assert "Door 3" in lin.last.text
    assert "3 boxes are still out." in (await chen.says("/today"))[-1].text
    meal = await Meal.get(senior_id=zhao.id, day=WEDNESDAY)
    assert "no longer there" in (await lin.presses(f"box_back:{meal.id}:10"))[-1].text
    assert (
        "not yours just now"
        in (await (await house.volunteer("Gao")).presses(f"box_back:{meal.id}:1"))[-1].text
    )
    # Paper says it, too; what the volunteer noted is not counted twice.
    await house.at("2026-11-25 12:00")
    await chen.presses(f"sheet_in:{canteen.id}:2026-11-25")
    await chen.walks(("3 delivered, box back 2-3", "I have understood"))
    assert "Handed over: 3" in chen.last.text
    assert "Box is back: 3" in chen.last.text
    await chen.taps("Write it down")
    assert await BoxReturn.filter(count__gt=0).count() == 3
    assert await BoxReturn.filter(full=True).values_list("senior_id", flat=True) == [zhao.id], (
        "paper has no say"
    )
    # A box that is lost is out no more.
    await chen.presses(f"senior:{zhao.id}")
    assert "1 box is still there" in chen.last.text
    await chen.taps("Boxes are back or lost")
    assert any("1 box of Zhao is not counted any more." in message.text for message in chen.heard)
    assert "Boxes are back or lost" not in chen.last.buttons
    await chen.presses(f"set_round:{canteen.id}:boxes")
    await chen.walks(("No", "Boxes do not come back."))
    assert "are not counted" in (await lin.presses(f"box_back:{meal.id}:1"))[-1].text
    assert "still out" not in (await chen.says("/today"))[-1].text


# ---------------------------------------------------------------------------------------- two of one name


@ONE_ENGINE
async def test_two_of_one_name_are_told_apart_in_every_list_button_and_question(scene: Scene) -> None:
    house, canteen, lin, chen, mei = scene.house, scene.canteen, scene.lin, scene.chen, scene.mei
    first, second = scene.seniors[:2]
    first.short_id, first.born = "B31", 1938
    await first.save()
    second.name, second.short_id, second.born, second.spoken_index = "王桂兰", "B32", 1941, None
    await second.save()
    first.name, first.spoken_index = "王 桂兰", None
    await first.save()
    await Kinship.create(
        senior_id=first.id, person_id=(await mei.person()).id, linked=True, tell_served=True, since=house.now
    )
    await house.tick()
    await lin.says("/round")
    assert "王 桂兰 (B31)" in lin.last.text
    await lin.taps("✓ Handed over")
    assert "王 桂兰 (B31): Handed over. Thank you." in lin.last.text
    assert "Undo: 王 桂兰 (B31)" in lin.last.buttons
    assert "王 桂兰 (B31)" in mei.last.text
    await lin.taps("✗ No answer")
    assert "Nobody answers at 王桂兰's (B32)" in chen.last.text
    assert "✓ 王桂兰 (B32) reached" in chen.last.buttons
    assert "王桂兰 (B32) did not answer" in (await chen.says("/today"))[-1].text
    # A name alone is never enough, and a relative of both picks one.
    await chen.says("/status 王桂兰")
    assert "Do you mean 王 桂兰 (B31, born 1938) and 王桂兰 (B32, born 1941)?" in chen.last.text
    await chen.says("B32")
    assert "王桂兰 (B32)" in chen.last.text
    await mei.says("/skip")
    assert mei.last.buttons[:2] == ["王 桂兰 (B31)", "王桂兰 (B32)"]
    await chen.presses(f"senior:{first.id}")
    assert "Of the same name: 王桂兰 (B32, born 1941)" in chen.last.text
    # A third one comes later, and of somebody who left the number stays.
    third = await a_senior(canteen, name="x", called="王桂蘭", short_id="B33")
    await house.tick()
    assert (await Senior.get(id=third.id)).display == "王桂蘭"
    await Senior.filter(id=second.id).update(status="ended")
    await house.tick()
    assert (await Senior.get(id=first.id)).display == "王 桂兰 (B31)"
    # Of two canteens, the canteen is said.
    far = await house.canteen("Far Lane", zone="Europe/Madrid")
    other = await a_senior(far, name="Zhao", called="王 桂兰 (B31)", short_id="B31")
    await Kinship.create(senior_id=other.id, person_id=(await mei.person()).id, linked=True, since=house.now)
    await mei.says("/cancel")
    await mei.says("/skip")
    assert mei.last.buttons[:2] == ["王 桂兰 (B31, born 1938), Ping'an Lane", "Zhao (B31), Far Lane"]


# -------------------------------------------------------------------------------------- in four languages


LANGUAGES = {
    "en": ("2 lunches for this door:", "Show the way", "✗ No answer at all", "lives there, too",
           "boxes of this canteen are not counted", "no yes to photos"),
    "zh_Hans": ("这一户2份：", "怎么走", "✗ 全家没人应", "同住的Li Ming",
                "不统计饭盒", "没有同意拍照"),
    "zh_Hant": ("這一戶2份：", "怎麼走", "✗ 全家無人應門", "同住的Li Ming",
                "不統計餐盒", "沒有同意拍照"),
    "es": ("2 comidas para esta puerta:", "Ver el camino", "✗ No abre nadie", "vive allí también",
           "no se cuentan los envases", "no ha dicho que sí a las fotos"),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_door_of_two_and_what_is_refused_there_in_each_language(
    couple: Couple, language: str
) -> None:
    chen, lin, wang = couple.chen, couple.lin, couple.wang
    await to_the_door(couple)
    await Person.all().update(language=language)
    lunches, way, nobody, also, boxes, photos = LANGUAGES[language]
    await lin.says("/round")
    assert lunches in lin.last.text
    assert list(lin.last.links) == [way]
    meal = await Meal.get(senior_id=wang.id, day=TUESDAY)
    assert boxes in (await lin.presses(f"box_back:{meal.id}:1"))[-1].text
    assert photos in (await lin.presses(f"door_photo:{meal.id}"))[-1].text
    await lin.taps(nobody)
    assert also in chen.last.text
