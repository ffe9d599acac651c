"""Orders close at the canteen's hour; coordinators get roster, kitchen count and a report of the day."""

from __future__ import annotations

from models.canteens import Canteen
from models.meals import Meal, MealState
from models.people import Role
from models.routes import Route
from models.seniors import Diet, Mode, Senior
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import LONG_AGO, NOW, TUESDAY, a_senior
from tests.played import played_once

CLOSING, MORNING, AFTERWARDS = "2026-11-23 16:00", "2026-11-24 08:00", "2026-11-24 12:30"


@played_once
async def guests(house: House) -> list[Senior]:
    """Open a canteen with three seniors: one at home, one at the table, one at the counter."""
    canteen = await house.canteen()
    brought = await a_senior(canteen, name="Wang Guilan", short_id="A1")
    table = await a_senior(canteen, name="Li Ming", short_id="A2", mode=Mode.DINE_IN)
    counter = await a_senior(canteen, name="Zhao Fu", short_id="A3", mode=Mode.PICK_UP)
    await Diet.create(
        senior_id=table.id, since=LONG_AGO, labels=[], allergies=["peanuts"], avoids="lamb", created_at=NOW
    )
    return [brought, table, counter]


async def on_a_route(house: House, seniors: list[Senior], coordinator: Phone) -> None:
    (route,) = await Route.of(seniors[0].canteen_id)
    for senior in seniors:
        await route.put(senior.id, None, await coordinator.person(), house.now)


@ONE_ENGINE
async def test_at_the_canteens_hour_the_coordinator_gets_kitchen_count_and_roster(house: House) -> None:
    seniors = await guests(house)
    chen = await house.coordinator()
    await on_a_route(house, seniors[:1], chen)
    await house.at("2026-11-23 15:59")
    assert chen.reads() == []
    await house.at(CLOSING)
    kitchen, route, table, counter = [message.text for message in chen.reads()]
    assert "Kitchen for Tue 24 Nov: 3 lunches" in kitchen
    assert "Orders are closed. Not final yet: the count is final on Tue 24 Nov, 08:00." in kitchen
    assert "Brought home: 1 · at the canteen: 1 · picked up: 1" in kitchen
    assert "2 × low salt" in kitchen
    assert "1 × ordinary food" in kitchen
    assert "A2: no peanuts and does not eat: lamb" in kitchen
    assert "Wang" not in kitchen
    assert "Route 1, Tue 24 Nov: 1 home" in route
    assert "1. Wang Guilan (A1): low salt" in route
    assert "At the canteen, Tue 24 Nov: 1 guest" in table
    assert "Picked up, Tue 24 Nov: 1 lunch" in counter


@ONE_ENGINE
async def test_however_often_the_jobs_run_each_message_comes_once(house: House) -> None:
    await guests(house)
    chen = await house.coordinator()
    wu = await house.coordinator("Mr Wu")
    for when in (CLOSING, "2026-11-23 16:01", "2026-11-23 18:00"):
        await house.at(when)
        await house.tick()
    assert len(chen.reads()) == len(wu.reads()) == 4
    assert await Meal.filter(day=TUESDAY).count() == 3
    for when in (MORNING, "2026-11-24 08:01", "2026-11-24 10:00"):
        await house.at(when)
        await house.tick()
    assert len(chen.reads()) == len(wu.reads()) == 4


@ONE_ENGINE
async def test_the_morning_list_is_final(house: House) -> None:
    await guests(house)
    chen = await house.coordinator()
    await house.at(CLOSING)
    chen.reads()
    await house.at(MORNING)
    assert "This count is final." in chen.reads()[0].text


async def test_after_a_night_without_power_one_list_comes_and_not_two(house: House) -> None:
    await guests(house)
    chen = await house.coordinator()
    await house.at("2026-11-24 09:10")
    messages = [message.text for message in chen.reads()]
    assert len(messages) == 4
    assert "This count is final." in messages[0]
    assert await Meal.filter(day=TUESDAY).count() == 3


@ONE_ENGINE
async def test_of_a_lunch_that_is_over_nobody_is_told(house: House) -> None:
    await guests(house)
    chen = await house.coordinator()
    await house.at("2026-11-24 15:00")
    assert chen.reads() == []
    assert await Meal.filter(day=TUESDAY).count() == 0


@ONE_ENGINE
async def test_cooks_get_the_count_without_a_name(house: House) -> None:
    await guests(house)
    await house.coordinator()
    cook = await house.member("Cook Sun", Role.KITCHEN)
    await house.at(CLOSING)
    (message,) = cook.reads()
    assert "3 lunches" in message.text
    assert "Wang" not in message.text


@ONE_ENGINE
async def test_a_roster_of_sixty_comes_in_parts_that_a_channel_can_carry(house: House) -> None:
    canteen = await house.canteen()
    seniors = [await a_senior(canteen, name=f"Grandmother {n:03} of a long name") for n in range(60)]
    chen = await house.coordinator()
    await on_a_route(house, seniors, chen)
    await house.at(CLOSING)
    _kitchen, *pages = [message.text for message in chen.reads()]
    assert len(pages) == 3
    assert max(len(page) for page in pages) < 4096
    assert "Page 2 of 3" in pages[1]
    assert all(f"Grandmother {n:03}" in "".join(pages) for n in range(60))
    assert pages[0].index("Grandmother 000") < pages[0].index("Grandmother 001")


@ONE_ENGINE
async def test_a_home_on_no_route_and_a_senior_without_a_diet_are_not_lost(house: House) -> None:
    senior = await a_senior(await house.canteen(), name="Wang Guilan")
    await Diet.filter(senior_id=senior.id).delete()
    chen = await house.coordinator()
    await house.at(CLOSING)
    kitchen, page = [message.text for message in chen.reads()]
    assert "1 × no diet on record" in kitchen
    assert "On no route yet, Tue 24 Nov: 1 home" in page
    assert "Wang Guilan" in page
    assert "no diet on record" in page


@ONE_ENGINE
async def test_a_new_canteen_without_seniors_hears_nothing(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await house.at(CLOSING)
    assert chen.reads() == []


@ONE_ENGINE
async def test_when_nobody_eats_the_coordinator_hears_that(house: House) -> None:
    await a_senior(await house.canteen(), weekdays=0b0000001)
    chen = await house.coordinator()
    await house.at(CLOSING)
    assert [message.text for message in chen.reads()] == ["Nobody has lunch on Tue 24 Nov."]


async def test_the_report_counts_what_was_noted_and_names_whom_nobody_saw(house: House) -> None:
    seniors = await guests(house)
    canteen = await Canteen.get(id=seniors[0].canteen_id)
    more = [await a_senior(canteen, name=name) for name in ("Sun", "Qian", "Zhou")]
    chen = await house.coordinator()
    await on_a_route(house, [seniors[0], *more], chen)
    await house.at("2026-11-24 11:30")
    chen.reads()
    outcomes = {
        seniors[0].id: MealState.IN_PERSON,
        more[0].id: MealState.NEIGHBOUR,
        more[1].id: MealState.NO_ANSWER,
    }
    for senior_id, state in outcomes.items():
        await Meal.filter(senior_id=senior_id, day=TUESDAY).update(state=state, state_at=house.now)
    await house.at(AFTERWARDS)
    (report,) = chen.reads()
    assert "How Tue 24 Nov went" in report.text
    assert "6 lunches were planned." in report.text
    assert "1 was handed over in person." in report.text
    assert "1 was left with a neighbour or at the door." in report.text
    assert "1 could not be handed over." in report.text
    assert "Nothing was noted about 3." in report.text
    assert "Not seen in person: Sun, Qian and Zhou" in report.text
    assert await Meal.filter(day=TUESDAY, state=MealState.EXPECTED).count() == 3


@ONE_ENGINE
async def test_the_count_can_be_asked_for_before_the_orders_close(house: House) -> None:
    await guests(house)
    chen = await house.coordinator()
    await house.at("2026-11-23 13:00")
    (count,) = await chen.says("/kitchen")
    assert "Kitchen for Tue 24 Nov: 3 lunches" in count.text
    assert "Not final yet: orders close on Mon 23 Nov, 16:00." in count.text
    names = await chen.taps("Who eats?")
    assert [message.text.partition(",")[0] for message in names] == [
        "On no route yet", "At the canteen", "Picked up"
    ]  # fmt: skip
    (following,) = await chen.taps("Kitchen for Wed 25 Nov")
    assert "Kitchen for Wed 25 Nov: 3 lunches" in following.text


@ONE_ENGINE
async def test_the_count_is_understood_from_plain_words(house: House) -> None:
    await guests(house)
    chen = await house.coordinator()
    await house.at("2026-11-23 13:00")
    (count,) = await chen.says("How many lunches?")
    assert "lunches" in count.text


@ONE_ENGINE
async def test_a_cook_sees_the_count_and_no_names(house: House) -> None:
    seniors = await guests(house)
    cook = await house.member("Cook Sun", Role.KITCHEN)
    (count,) = await cook.says("/kitchen")
    assert "Who eats?" not in count.buttons
    (refused,) = await cook.presses(f"roster:{seniors[0].canteen_id}:2026-11-24")
    assert "Wang" not in refused.text


@ONE_ENGINE
async def test_volunteers_families_and_other_canteens_do_not_see_the_lists(house: House) -> None:
    seniors = await guests(house)
    here = seniors[0].canteen_id
    for phone in (await house.volunteer(), await house.family()):
        (refused,) = await phone.says("/kitchen")
        assert "lunches" not in refused.text
    await house.canteen("Another Lane")
    other = await house.coordinator("Mr Wu")
    for button in ("roster", "kitchen"):
        (refused,) = await other.presses(f"{button}:{here}:2026-11-24")
        assert "Wang" not in refused.text
        assert "lunch" not in refused.text


@ONE_ENGINE
async def test_a_day_without_service_is_not_an_error(house: House) -> None:
    seniors = await guests(house)
    chen = await house.coordinator()
    (answer,) = await chen.presses(f"kitchen:{seniors[0].canteen_id}:2026-11-28")
    assert "There is no lunch on Sat 28 Nov anyway." in answer.text


@ONE_ENGINE
async def test_the_lists_speak_the_coordinators_language(house: House) -> None:
    await guests(house)
    chen = await house.coordinator(language="es")
    await house.at(CLOSING)
    assert "24 nov" in chen.reads()[0].text
