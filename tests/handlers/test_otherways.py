"""One day's lunch elsewhere, one more, or with guests; until when what may be changed; the kitchen's news."""

from __future__ import annotations

from datetime import date

import pytest

from models import hospital
from models.canteens import Canteen
from models.closures import Closure
from models.kitchenversions import KitchenVersion
from models.meals import Meal, MealState
from models.orders import ChangeKind, OrderChange
from models.people import Membership, Role
from models.routes import Route
from models.seniors import Mode, Pause, Senior
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import a_town, closes
from tests.handlers.intake import gives
from tests.handlers.test_closing import CLOSE, HOME, YES
from tests.handlers.test_meals import CHEN, a_house, relative
from tests.house import House, Phone
from tests.models.making import NOW, TUESDAY, WEDNESDAY, a_senior

CLOSED, FROZEN = "2026-11-23 16:00", "2026-11-24 08:00"


async def due(senior: Senior) -> list[tuple[Mode, int]]:
    return [(each.mode, each.guests) for each in await Meal.due([senior.canteen_id], TUESDAY)]


async def on_the_route(house: House, senior: Senior, coordinator: Phone) -> Route:
    (route,) = await Route.of(senior.canteen_id)
    await route.put(senior.id, None, await coordinator.person(), house.now)
    await house.tick()
    return route


# ---------------------------------------------------------------------------------------- before the cut-off


@ONE_ENGINE
async def test_on_a_closed_day_nothing_is_changed_but_a_change_is_taken_back(house: House) -> None:
    town = await a_town(house)
    await town.gao.walks(
        ("she comes to the canteen tomorrow", "On which day"), ("On Wed 25 Nov", "What shall be different?"),
        ("At the canteen", "at the canteen on Wed 25 Nov"), ("Yes, please", "Noted."),
    )  # fmt: skip
    await town.gao.walks(
        ("extra lunch", "On which day"), ("Sat 5 Dec", "There is no lunch on Sat 5 Dec anyway."),
    )  # fmt: skip
    await closes(town.chen, "Wed", CLOSE, "no water", "By 17:00", YES)
    closed = "The canteen is closed on Wed 25 Nov, so there is no lunch then. Next news by"
    await town.gao.says("a guest comes along")
    assert "On Wed 25 Nov" not in town.gao.last.buttons
    assert closed in (await town.gao.says("25 Nov"))[-1].text
    # It is the same for a coordinator, before the kitchen's count is final and after it.
    await town.chen.walks(("a guest comes along", "Whose lunch"), (town.zhao.short_id, "On which day"))
    assert closed in (await town.chen.says("25 Nov"))[-1].text
    await town.gao.presses(f"usual:{town.zhao.id}:2026-11-25")
    assert "Zhao Fu has lunch on Wed 25 Nov as usual." in town.gao.last.text
    assert await OrderChange.filter(voided_at=None).count() == 0
    await house.at("2026-11-24 16:30")
    await town.chen.walks(("a guest comes along", "Whose lunch"), (town.zhao.short_id, "On which day"))
    assert closed in (await town.chen.says("25 Nov"))[-1].text


async def test_where_every_lunch_is_brought_guests_may_come_along_and_no_other_way_is_offered(
    house: House,
) -> None:
    town = await a_town(house)
    await Senior.filter(id=town.zhao.id).update(mode=Mode.DINE_IN)
    await town.route.put(town.zhao.id, None, await town.chen.person(), house.now)
    await closes(town.chen, "Wed", HOME, "ice on the road", "By 17:00", YES)
    gao = town.gao
    await gao.walks(("a guest comes along", "On which day"), ("On Wed 25 Nov", "What shall be different?"))
    assert gao.last.buttons[0] == "A guest comes along"
    assert not {"At the canteen", "Picked up"} & set(gao.last.buttons)
    await gao.walks(("A guest comes along", "How many guests"), ("2 guests", "2 guests have lunch"))
    await gao.walks(("Yes, please", "Noted."))
    (lunch,) = await Meal.days_of(town.zhao.id, WEDNESDAY, WEDNESDAY)
    assert (lunch.mode, lunch.guests) == (Mode.DELIVERY, 2)
    closure = await Closure.get()
    await Closure.end(closure.id, await town.chen.person(), house.now)
    (lunch,) = await Meal.days_of(town.zhao.id, WEDNESDAY, WEDNESDAY)
    assert (lunch.mode, lunch.guests) == (Mode.DINE_IN, 2), "they come to the table after all"


@ONE_ENGINE
async def test_lunch_does_not_come_again_on_a_closed_day(house: House) -> None:
    town = await a_town(house)
    await Pause.create(senior_id=town.zhao.id, starts=TUESDAY, at=NOW)
    await closes(town.chen, "Wed", CLOSE, "no water", "By 17:00", YES)
    await town.gao.says("/resume")
    assert town.gao.last.buttons[:2] == ["On Tue 24 Nov", "On Thu 26 Nov"]
    assert "closed on Wed 25 Nov" in (await town.gao.says("25 Nov"))[-1].text
    # What a coordinator lets come again after a look at the food comes on the first day that is cooked.
    chen = await town.chen.person()
    await hospital.come_home(town.zhao, date(2026, 11, 25), "soft", chen, house.now)
    assert await hospital.seen(town.zhao.id, chen, house.now) == date(2026, 11, 26)


@ONE_ENGINE
async def test_plain_words_lead_to_lunch_at_the_canteen_with_a_guest_and_back(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.walks(
        ("she comes to the canteen tomorrow", "On which day shall Wang Guilan's lunch be different?"),
        ("On Tue 24 Nov", "Wang Guilan's lunch is brought home on Tue 24 Nov."),
        ("At the canteen", "Wang Guilan has lunch at the canteen on Tue 24 Nov."),
        ("Yes, please", "You can take this back until Mon 23 Nov, 16:00."),
    )
    assert await due(senior) == [(Mode.DINE_IN, 0)]
    await mei.walks(
        ("we have a guest", "On which day"), ("tomorrow", "What shall be different?"),
        ("A guest comes along", "How many guests"), ("2 guests", "2 guests have lunch with Wang Guilan"),
        ("Yes, please", "Noted."),
    )  # fmt: skip
    assert await due(senior) == [(Mode.DINE_IN, 2)]
    assert await OrderChange.filter(voided_at=None).count() == 1
    await mei.walks(
        ("guests", "On which day"), ("tomorrow", "What shall be different?"), ("Other guests", "How many"),
        ("Nobody comes along", "has lunch without guests"), ("Yes, please", "Noted."),
    )  # fmt: skip
    assert await due(senior) == [(Mode.DINE_IN, 0)]
    (back,) = await mei.taps("As on other days")
    assert "All right: Wang Guilan has lunch on Tue 24 Nov as usual." in back.text
    assert await due(senior) == [(Mode.DELIVERY, 0)]
    assert await OrderChange.filter(voided_at=None).count() == 0


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "words", "tomorrow", "sure"),
    [
        ("en", "mum comes to the canteen tomorrow", "tomorrow", "has lunch at the canteen on Tue 24 Nov"),
        ("zh-CN", "明天我妈来食堂吃", "明天", "Wang Guilan到食堂吃午饭。"),
        ("zh-TW", "明天我媽來據點吃", "明天", "Wang Guilan到據點用午餐。"),
        ("es-MX", "mañana mi madre come en el comedor", "mañana", "Wang Guilan come en el comedor el"),
    ],
)
async def test_a_swap_is_understood_in_each_language(
    house: House, language: str, words: str, tomorrow: str, sure: str
) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior, language=language)
    await mei.says(words)
    await gives(mei, tomorrow)
    (question,) = await gives(mei, ">dine_in")
    assert sure in question.text
    (done,) = await gives(mei, ">yes")
    assert sure in done.text
    assert await due(senior) == [(Mode.DINE_IN, 0)]


@ONE_ENGINE
async def test_an_extra_lunch_to_a_door_without_a_place_is_the_last_of_a_route_and_the_coordinator_is_told(
    house: House,
) -> None:
    senior = await a_house(house, weekdays=0b0000100, mode=Mode.DINE_IN)
    other = await a_senior(await Canteen.get(id=senior.canteen_id))
    mei, chen = await relative(house, senior), await house.coordinator()
    await on_the_route(house, other, chen)
    await mei.walks(
        ("/skip", "Which day"), ("Lunch yes, but in another way", "On which day"),
        ("tomorrow", "Wang Guilan has no lunch on Tue 24 Nov."),
        ("An extra lunch, brought home", "is brought home on Tue 24 Nov"), ("Yes, please", "Noted."),
    )  # fmt: skip
    assert "A1 is brought lunch on Tue 24 Nov and has no place on a route" in chen.last.text
    assert "the last of Route 1" in chen.last.text
    for _closing in range(2):
        doors = {each.senior_id: each for each in await Meal.due([senior.canteen_id], TUESDAY)}
        assert doors[senior.id].route_id == doors[other.id].route_id
        assert (doors[other.id].position, doors[senior.id].position) == (1, 2)
        await house.at(CLOSED)
    (refused,) = await mei.taps("As on other days")
    assert "All right: Wang Guilan has no lunch on Tue 24 Nov, as usual." in refused.text
    assert (await Meal.get(senior_id=senior.id)).state is MealState.CANCELLED


@ONE_ENGINE
async def test_days_off_pauses_and_other_families_are_refused(house: House) -> None:
    senior = await a_house(house, mode=Mode.PICK_UP)
    mei, other = await relative(house, senior), await relative(house, name="Ping")
    await mei.walks(
        ("one more lunch", "On which day"), ("saturday", "There is no lunch on Sat 28 Nov anyway.")
    )
    await Pause.create(senior_id=senior.id, starts=TUESDAY, ends=TUESDAY, at=NOW)
    await mei.walks(("one more lunch", "On which day"), ("tomorrow", "Lunches are paused on Tue 24 Nov."))
    await Pause.all().update(voided_at=NOW)
    await mei.walks(("guests", "On which day"), ("tomorrow", "What shall be different?"))
    assert "A guest comes along" not in mei.last.buttons
    (refused,) = await other.presses(f"usual:{senior.id}:{TUESDAY}")
    assert "Wang" not in refused.text
    assert await OrderChange.all().count() == 0


@ONE_ENGINE
async def test_where_lunch_is_picked_up_meanwhile_the_question_of_guests_is_asked_no_more(
    house: House,
) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    await mei.walks(
        ("guests", "On which day"), ("tomorrow", "What shall be different?"),
        ("A guest comes along", "How many"), ("1 guest", "1 guest has lunch"),
    )  # fmt: skip
    await OrderChange.create(
        senior_id=senior.id,
        day=TUESDAY,
        kind=ChangeKind.SWAP,
        mode=Mode.PICK_UP,
        origin="coordinator",
        at=NOW,
    )
    (refused,) = await mei.taps("Yes, please")
    assert "Wang Guilan's lunch is picked up on Tue 24 Nov." in refused.text
    assert "A guest comes along" not in refused.buttons


# ----------------------------------------------------------------------------------------- the late window


@ONE_ENGINE
async def test_between_cut_off_and_freeze_a_family_can_call_off_and_nothing_else(house: House) -> None:
    senior = await a_house(house)
    mei = await relative(house, senior)
    chen = await house.coordinator()
    await mei.walks(("guests", "On which day"), ("tomorrow", "What shall be different?"))
    await house.at(CLOSED)
    (refused,) = await mei.taps("A guest comes along")
    assert "Until 08:00 that day you can still call the lunch off with /skip." in refused.text
    assert CHEN in refused.text
    await mei.walks(("/skip", "Which day"), ("On Tue 24 Nov", "here it can't be taken back"))
    await mei.taps("Yes, no lunch that day")
    assert "Noted: no lunch for Wang Guilan on Tue 24 Nov." in mei.last.text
    assert "Have lunch after all" not in mei.last.buttons
    meal = await Meal.get(senior_id=senior.id)
    assert (meal.state, meal.surplus) == (MealState.CANCELLED, False)
    await house.at("2026-11-24 08:00")
    assert "Nobody has lunch on Tue 24 Nov." in [message.text for message in chen.reads()]


async def test_after_the_freeze_only_the_coordinator_can_and_the_kitchen_hears_the_difference_once(
    house: House,
) -> None:
    senior = await a_house(house)
    canteen = await Canteen.get(id=senior.canteen_id)
    other = await a_senior(canteen, name="Li Ming", short_id="A2", mode=Mode.DINE_IN)
    mei, chen = await relative(house, senior), await house.coordinator()
    cook, lin = await house.member("Cook Sun", Role.KITCHEN), await house.volunteer()
    await Membership.grant(await chen.person(), canteen.id, Role.KITCHEN, by=None, now=house.now)
    route = await on_the_route(house, senior, chen)
    shift = await Shift.get(route_id=route.id, day=TUESDAY)
    await Shift.claim(shift.id, await lin.person(), house.now)
    await house.at(FROZEN)
    assert await KitchenVersion.all().values_list("number", flat=True) == [1]
    await mei.walks(("/skip", "Which day"), ("today", "Since 08:00 the kitchen cooks for Tue 24 Nov"))
    for phone in (chen, cook, lin):
        phone.reads()
    await chen.walks(("/skip a1", "Which day"), ("today", "no lunch"), ("Yes, no lunch that day", "Noted"))
    assert "Please skip door 1 today, and bring the spare lunch back." in lin.last.text
    meal = await Meal.get(senior_id=senior.id)
    assert (meal.state, meal.surplus) == (MealState.CANCELLED, True)
    await chen.presses(f"senior_diet:{other.id}")
    for given in ([], ">pureed", ["nuts"], ">none", ">now"):
        await gives(chen, given)
    assert "The kitchen hears of it within two minutes." in [message.text for message in chen.heard]
    assert cook.reads() == []
    for when in ("2026-11-24 08:01", "2026-11-24 08:02", "2026-11-24 08:10"):
        await house.at(when)
        await house.tick()
    (difference,) = cook.reads()
    assert "Kitchen for Tue 24 Nov, version 2: a change" in difference.text
    assert "−2 low salt" in difference.text
    assert "+1 puréed" in difference.text
    assert "A2: no nuts" in difference.text
    assert "Brought home now: 0" in difference.text
    assert "Now 1 lunch in all." in difference.text
    assert difference.urgent
    assert sum("version 2" in message.text for message in chen.reads()) == 1
    assert "up to version 2" in (await cook.says("/kitchen"))[-1].text
    await chen.taps("Have lunch after all")
    assert "At door 1 there is lunch today after all." in lin.last.text
    await house.at("2026-11-24 08:30")
    assert "version 3" in cook.last.text
    assert await Claim.all().count() == 1


async def test_a_guest_and_an_extra_door_after_the_freeze_reach_kitchen_and_round(house: House) -> None:
    senior = await a_house(house)
    canteen = await Canteen.get(id=senior.canteen_id)
    extra = await a_senior(canteen, name="Li Ming", short_id="A2", mode=Mode.DINE_IN, weekdays=0b0000100)
    chen, cook = await house.coordinator(), await house.member("Cook Sun", Role.KITCHEN)
    lin = await house.volunteer()
    route = await on_the_route(house, senior, chen)
    shift = await Shift.get(route_id=route.id, day=TUESDAY)
    await Shift.claim(shift.id, await lin.person(), house.now)
    await house.at("2026-11-24 09:10")
    cook.reads()
    for who, words in (("A1", "A guest comes along"), ("A2", "An extra lunch, brought home")):
        await chen.walks(
            (f"/skip {who}", "Which day"), ("Lunch yes, but in another way", "On which day"),
            ("today", "lunch"), (words, ""), *([("1", "1 guest has lunch")] if who == "A1" else []),
            ("Yes, please", "Noted."),
        )  # fmt: skip
    await house.at("2026-11-24 09:12")
    (difference,) = cook.reads()
    assert "+1 low salt" in difference.text
    assert "+1 guest" in difference.text
    assert "Brought home now: 2" in difference.text
    (card,) = await lin.says("/round")
    assert "Door 1 of 2" in card.text
    assert "And 1 lunch for a guest" in card.text
    assert (await Meal.get(senior_id=extra.id)).position == 2
    assert await Meal.filter(day=TUESDAY).count() == 2


@ONE_ENGINE
async def test_the_hour_of_the_freeze_is_a_setting_and_the_roster_before_it_is_provisional(
    house: House,
) -> None:
    canteen = await house.canteen()
    await a_senior(canteen)
    chen = await house.coordinator()
    await chen.says("/settings")
    await chen.taps("Orders and the kitchen's count")
    assert "Until 08:00 on the day itself families can still call a lunch off." in chen.last.text
    await chen.walks(
        ("When the count is final", "At what time is the kitchen's count final?"),
        ("13:00", "From when?"),
        ("From now on", "Then the day would not run in its order"),
        ("/cancel", ""),
    )
    await chen.walks(("/settings", "Settings"), ("Orders and the kitchen's count", "Orders at"))
    await chen.walks(("When the count is final", "At what time"), ("9:00", "From when?"))
    assert "Until 09:00 on the day itself" in (await chen.taps("From now on"))[-1].text
    await house.at("2026-11-24 08:00")
    assert any(
        "the kitchen's count is final on Tue 24 Nov, 09:00" in message.text for message in chen.reads()
    )
    assert "The kitchen's count is final at 09:00." in (await chen.says("/today"))[-1].text
    await house.at("2026-11-24 09:00")
    assert any("This count is final." in message.text for message in chen.reads())
    await chen.presses(f"freeze:{canteen.id}")
    await chen.walks(("When the roster comes", "From when?"), ("From now on", "Until 08:00 on the day"))
    assert (await Canteen.get(id=canteen.id)).freeze_at is None
