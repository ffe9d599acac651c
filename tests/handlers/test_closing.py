"""The canteen closes, opens later, brings lunch home or gives it ahead; everybody hears of it once."""

from __future__ import annotations

from typing import Final

import pytest

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.closures import Closure, ClosureKind
from models.hours import HoursEntry
from models.meals import Meal, MealState
from models.people import Person
from models.routes import Stop
from models.seniors import Mode
from models.shifts import Claim, Shift, ShiftState
from models.youth import AgeClass, AgeNote, GuardianYes
from tests.facts import changed, facts
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import Town, a_town, closes
from tests.house import House, Phone
from tests.models.making import THURSDAY, TUESDAY, WEDNESDAY, at, the_day

CLOSE: Final = "Close: no lunch at all"
HOME: Final = "Bring every lunch home, nobody comes out"
LATER: Final = "Begin later"
AHEAD: Final = "Close, and bring that lunch the service day before"
YES: Final = "Yes, do it and tell them"


async def typhoon(house: House, town: Town) -> None:
    """Close on Tuesday at half past five, after the lists went out on the evening before."""
    await house.at("2026-11-24 05:30")
    town.read_all()
    await closes(town.chen, "today", CLOSE, "typhoon Bebinca", "Thu 17:00", YES)
    await house.tick()


def told(phone: Phone) -> list[str]:
    """Read what came; that an open place of another day asks for somebody is no news of the closure."""
    return [message.text for message in phone.reads() if not message.text.startswith("Could you come?")]


# ------------------------------------------------------------------------------------------------- closed


@ONE_ENGINE
async def test_on_a_typhoon_morning_everybody_hears_once_what_it_is_to_them(house: House) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    asked, (wu,), (mei,), (gao,), lin, (cook,) = town.chen.reads(), *(p.reads() for p in town.others())
    summary = next(message.text for message in asked if "Whom it concerns:" in message.text)
    for line in (
        "The lunch of 4 seniors changes.", "2 of them live alone.", "1 round is planned.",
        "1 volunteer has a place on it.", "1 cook is told.", "2 relatives are told by chat.",
        "3 seniors have to be called by you.",
    ):  # fmt: skip
        assert line in summary
    for message in (wu, mei, gao, cook):
        assert message.urgent
        assert message.text.startswith("Ping'an Lane is closed: Tue 24 Nov.\nReason: typhoon Bebinca")
        assert "Next news by Thu 26 Nov, 17:00." in message.text
        assert message.text.count("+862155550000") == 1
        assert "I have read this" in message.buttons
    assert "There is no lunch for Wang Guilan then." in mei.text
    assert "Your shift is called off: Tue 24 Nov, 10:00–12:00, Route 1." in mei.text
    assert "Zhao Fu" in gao.text
    assert "shift" not in gao.text
    for message in (wu, cook):
        assert (
            "Please do not cook: 4 lunches fall away.\nThe lists that you have for it are void."
            in message.text
        )
    assert any(message.text.endswith("The lists that you have for it are void.") for message in asked)
    assert lin == []


@ONE_ENGINE
async def test_a_closed_day_is_neither_served_nor_missed_and_harms_nobodys_record(house: House) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    assert set(await Meal.filter(day=TUESDAY).values_list("state", flat=True)) == {MealState.CLOSED}
    town.read_all()
    await house.at("2026-11-24 13:30")
    (report,) = [text for text in told(town.chen) if "How Tue 24 Nov went" in text]
    assert "4 fell away because the canteen was closed" in report
    assert "0 lunches were planned." in report
    assert "Not seen" not in report
    assert "Mei" not in report
    claim = await Claim.get(id=town.claim.id)
    assert (claim.given_back_at, claim.finished_at) == (None, None)
    assert await HoursEntry.all().count() == 0
    await house.at("2026-11-25 09:00")
    (card,) = await town.wu.says("/today")
    assert "to be called" not in card.text  # it is over, and nobody needs that call any more
    assert told(town.mei) == []
    (gone,) = await town.mei.presses(f"shift_yes:{claim.id}")
    assert "does not take place" in gone.text
    (gone,) = await town.mei.presses(f"shift_back:{claim.id}")
    assert "does not take place" in gone.text
    assert (await Claim.get(id=claim.id)).given_back_at is None


@ONE_ENGINE
async def test_on_a_closed_day_status_and_skip_say_so_and_the_card_of_the_day_too(house: House) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    (status,) = await town.mei.says("/status")
    assert status.text.startswith(
        "Wang Guilan has no lunch today, Tue 24 Nov.\nPing'an Lane is closed: Tue 24 Nov.\n"
        "Reason: typhoon Bebinca\nNext news by Thu 26 Nov, 17:00.\nThe next lunch is on Wed 25 Nov."
    )
    await town.gao.says("/skip")
    (skip,) = await town.gao.says("24 Nov")
    assert "The canteen is closed on Tue 24 Nov, so there is no lunch then." in skip.text
    assert "Next news by Thu 26 Nov, 17:00." in skip.text
    (card,) = await town.wu.says("/today")
    assert "No lunch is cooked on this day.\nPing'an Lane is closed: Tue 24 Nov." in card.text
    assert "3 seniors are still to be called." in card.text
    assert "Route 1" not in card.text
    (count,) = await town.cook.says("/kitchen")
    assert "Kitchen for Tue 24 Nov: 0 lunches" in count.text
    await closes(
        town.chen, "tomorrow", CLOSE, "no water", "No more news: after Wed 25 Nov all is as always", YES
    )
    await town.gao.says("/skip")
    (skip,) = await town.gao.says("25 Nov")
    assert skip.text.startswith("The canteen is closed on Wed 25 Nov, so there is no lunch then.\n")


async def test_declared_again_nothing_changes_and_nobody_hears_it_twice(house: House) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    town.read_all()
    before = await facts()
    await closes(town.wu, "On Tue 24 Nov", CLOSE, "the weather", "Tomorrow by 07:00")
    await house.tick()
    assert town.wu.last.text.startswith("That is declared already, so nothing was changed")
    assert [told(phone) for phone in (town.mei, town.gao, town.cook)] == [[], [], []]
    assert changed(before, await facts()) == []


@ONE_ENGINE
async def test_any_answer_is_changed_from_the_summary_and_cancel_changes_nothing(house: House) -> None:
    town = await a_town(house)
    before = await facts()
    await closes(
        town.chen, "Wed to Thu", CLOSE, "no water", "By 17:00", "Change an answer", "What happens", LATER
    )
    await town.chen.taps("2 h later")
    assert town.chen.last.text.startswith(
        "Lunch at Ping'an Lane begins 2 h later: Wed 25 Nov and Thu 26 Nov.\nReason: no water"
    )
    await town.chen.says("/cancel")
    await house.tick()
    assert changed(before, await facts()) == []


@ONE_ENGINE
async def test_a_closure_long_ahead_wakes_nobody_and_shifts_of_that_day_never_open(house: House) -> None:
    town = await a_town(house)
    await house.at("2026-11-24 22:00")
    town.read_all()
    await closes(town.chen, "10 Dec to 11 Dec", CLOSE, "a public holiday",
                 "No more news: after Fri 11 Dec all is as always", YES)  # fmt: skip
    await house.tick()
    assert told(town.gao) == []
    await house.at("2026-11-25 08:00")
    (gao,) = told(town.gao)
    assert "Ping'an Lane is closed: Thu 10 Dec and Fri 11 Dec." in gao
    assert "From Mon 14 Dec on everything is as always." in gao
    await house.at("2026-12-04 09:00")
    days = set(await Shift.filter(state=ShiftState.OPEN).values_list("day", flat=True))
    assert max(days).isoformat() > "2026-12-11"
    assert not {"2026-12-10", "2026-12-11"} & {day.isoformat() for day in days}


@ONE_ENGINE
async def test_lists_that_still_wait_for_the_morning_are_not_sent_for_a_closed_day(house: House) -> None:
    town = await a_town(house)
    await Canteen.filter(id=town.canteen.id).update(cutoff_at="22:00")
    canteen = await Canteen.get(id=town.canteen.id)
    await canteen.replan(house.now)
    await house.at("2026-11-23 22:00")
    town.read_all()
    await closes(town.chen, "tomorrow", CLOSE, "the roads", "Tomorrow by 07:00", YES)
    await house.at("2026-11-24 08:30")
    assert not [text for phone in (town.wu, town.cook) for text in told(phone) if "Kitchen for" in text]


# ------------------------------------------------------------------------------------------ other closures


@ONE_ENGINE
async def test_later_moves_the_day_and_its_shifts_and_never_the_orders(house: House) -> None:
    town = await a_town(house)
    before = await the_day(town.canteen, WEDNESDAY)
    await closes(town.chen, "Wed", LATER, "lunch is late", "1 h later", "the roads", "By 17:00", YES)
    await house.tick()
    assert (await the_day(town.canteen, TUESDAY)).later is None
    day = await the_day(town.canteen, WEDNESDAY)
    assert (day.close_at, day.roster_at) == (before.close_at, before.roster_at)
    assert day.out_at == at("2026-11-25 11:00")
    assert day.finish_at == at("2026-11-25 13:30")
    shift = await Shift.get(day=WEDNESDAY)
    assert (shift.starts_at, shift.ends_at) == (at("2026-11-25 11:00"), at("2026-11-25 13:00"))
    # New settings are computed with it, and reopening takes it back.
    await Canteen.change(town.canteen.id, by=await town.chen.person(), now=house.now, finish_at="13:00")
    assert (await the_day(town.canteen, WEDNESDAY)).finish_at == at("2026-11-25 14:00")
    assert (await Shift.get(day=WEDNESDAY)).starts_at == at("2026-11-25 11:00")
    await closes(town.chen)
    await town.chen.says("/cancel")
    await town.chen.says("/reopen")
    await town.chen.taps("Yes, open again and tell them")
    assert (await the_day(town.canteen, WEDNESDAY)).out_at == at("2026-11-25 10:00")
    assert (await Shift.get(day=WEDNESDAY)).starts_at == at("2026-11-25 10:00")


async def test_a_volunteer_of_a_later_shift_is_told_asked_anew_and_may_give_it_back(house: House) -> None:
    town = await a_town(house)
    await town.mei.presses(f"shift_yes:{town.claim.id}")
    await house.at("2026-11-24 08:30")
    town.read_all()
    await closes(town.chen, "today", LATER, "13:00", "no electricity", "By 17:00", YES)
    await house.tick()
    (mei,) = town.mei.reads()
    assert "Lunch at Ping'an Lane begins 1 h 30 min later: Tue 24 Nov." in mei.text
    assert "The lunch of Wang Guilan comes later than usual." in mei.text
    assert "Your shift begins later: Tue 24 Nov, 11:30–13:30, Route 1." in mei.text
    assert (await Claim.get(id=town.claim.id)).confirmed_at is None
    await town.wu.says("/reopen")
    await town.wu.taps("Yes, open again and tell them")
    await house.tick()
    assert "Your shift begins at its usual hour again: Tue 24 Nov, 10:00–12:00" in town.mei.last.text
    await town.mei.presses(f"shift_back:{town.claim.id}")
    assert (await Claim.get(id=town.claim.id)).given_back_at is not None


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_a_shift_that_ends_too_late_for_somebodys_age_is_open_to_others(house: House) -> None:
    town = await a_town(house)
    chen, lin = await town.chen.person(), await town.lin.person()
    await Shift.filter(id=town.claim.shift_id).update(places=2)
    await town.lin.presses(f"shift_take:{town.claim.shift_id}:0")
    await AgeNote.note(lin, AgeClass.UNDER_16, chen, house.now)
    await GuardianYes.hear(lin, town.canteen.id, "Mrs Lin", "+8613800000001", chen, house.now)
    town.read_all()
    await closes(town.chen, "24 Nov", LATER, "18:30", "no electricity", "By 17:00", YES)
    await house.tick()
    (told,) = town.lin.reads()
    assert "Your place is open to others now: Tue 24 Nov, 17:00–19:00, Route 1." in told.text
    assert "Lin may not come any more" in "".join(one.text for one in town.wu.reads())
    assert (await Shift.get(id=town.claim.shift_id)).taken == 1
    assert "Your shift begins later" in town.mei.last.text


@pytest.mark.parametrize("made", [False, True], ids=["orders open", "lists out"])
async def test_on_a_converted_day_every_lunch_comes_home_and_doors_without_a_route_are_named(
    house: House, made: bool
) -> None:
    town = await a_town(house)
    if made:
        await house.at("2026-11-24 08:30")
    town.read_all()
    await closes(town.chen, "24 Nov", HOME, "the weather", "By 17:00", YES)
    await house.tick()
    (named,) = [message for message in town.chen.heard if "On no route yet, so nobody" in message.text][-1:]
    assert "Li Ming and Zhao Fu" in named.text
    gao, mei = told(town.gao), told(town.mei)
    assert "The lunch of Zhao Fu is brought to the door." in gao[0]
    assert "Your round may go to more doors than usual" in mei[0]
    assert "Wang Guilan" not in mei[0]
    await town.chen.taps("Put them on Route 1")
    (count,) = await town.cook.says("/kitchen")
    assert "Brought home: 4 · at the canteen: 0 · picked up: 0" in count.text
    assert (await Meal.homes([town.canteen.id], TUESDAY, TUESDAY)) == {(town.route.id, TUESDAY): 4}
    await town.wu.presses(f"closure_route:{(await Closure.get(day=TUESDAY)).news_id}:{town.route.id}")
    assert "All of them are on a route already." in town.wu.last.text
    await house.at("2026-11-24 09:00")
    meals = await Meal.filter(day=TUESDAY).order_by("position")
    assert [(meal.mode, meal.position) for meal in meals] == [(Mode.DELIVERY, n) for n in (1, 2, 3, 4)]
    await town.chen.says("/reopen")
    await town.chen.taps("Yes, open again and tell them")
    found = {meal.senior_id: (meal.mode, meal.route_id) for meal in await Meal.filter(day=TUESDAY)}
    assert found[town.li.id] == (Mode.DINE_IN, None)
    assert found[town.zhao.id] == (Mode.PICK_UP, None)
    assert found[town.wang.id] == (Mode.DELIVERY, town.route.id)


async def test_lunch_of_a_closed_day_goes_out_the_service_day_before_and_the_kitchen_counts_it(
    house: House,
) -> None:
    town = await a_town(house)
    await town.gao.says("/skip")
    await town.gao.taps("On Tue 24 Nov")
    await town.gao.taps("Yes, no lunch that day")
    await closes(town.chen, "Wed to Thu", AHEAD, "a public holiday",
                 "No more news: after Thu 26 Nov all is as always", YES)  # fmt: skip
    await house.tick()
    assert any("No lunch on the day before, so nobody would bring it to: Zhao Fu." in text
               for text in told(town.chen))  # fmt: skip
    (mei,) = town.mei.reads()
    assert "For Wang Guilan it comes on Tue 24 Nov, together with the lunch of that day." in mei.text
    assert "On your round each door gets more than one box: Tue 24 Nov" in mei.text
    assert "Please cook 8 lunches more, to go out on Tue 24 Nov." in told(town.cook)[0]
    for day in (WEDNESDAY, THURSDAY):
        assert (await the_day(town.canteen, day)).close_at == (await the_day(town.canteen, TUESDAY)).close_at
    await house.at("2026-11-23 16:00")
    kitchen = next(text for text in told(town.cook) if "Kitchen for" in text)
    assert "Kitchen for Tue 24 Nov: 3 lunches" in kitchen
    assert "And to go out with it for Wed 25 Nov: 4 lunches more\n4 × low salt" in kitchen
    assert "And to go out with it for Thu 26 Nov: 4 lunches more" in kitchen
    assert await Meal.filter(day__in=[WEDNESDAY, THURSDAY], state=MealState.AHEAD).count() == 8
    assert await Shift.filter(day__in=[WEDNESDAY, THURSDAY], state=ShiftState.OPEN).count() == 0
    await house.at("2026-11-24 09:45")
    await town.mei.says("/round")
    assert "Also the box for Wed 25 Nov and Thu 26 Nov" in town.mei.last.text
    await house.at("2026-11-24 10:05")
    await town.chen.says("/reopen")
    await town.chen.taps("Wed 25 Nov (closed, lunch the day before)")
    assert "Lunch of Tue 24 Nov is on its way or over." in town.chen.last.text
    await house.at("2026-11-25 12:31")
    assert any("4 fell away because the canteen was closed, or came the day before." in text
               for text in told(town.chen))  # fmt: skip


async def test_a_day_whose_orders_are_open_can_still_go_ahead_after_the_lists_of_the_day_before(
    house: House,
) -> None:
    town = await a_town(house)
    await house.at("2026-11-24 08:10")
    town.read_all()
    await closes(town.chen, "tomorrow", AHEAD, "the weather", "Tomorrow by 07:00", YES)
    await house.tick()
    assert "Please cook 4 lunches more, to go out on Tue 24 Nov." in told(town.cook)[0]
    assert await Meal.filter(day=WEDNESDAY, state=MealState.AHEAD).count() == 4
    await town.chen.says("/reopen")
    await town.chen.taps("Yes, open again and tell them")
    assert await Meal.filter(day=WEDNESDAY, state=MealState.EXPECTED).count() == 4


# ------------------------------------------------------------------------------------------------ refusals


@ONE_ENGINE
async def test_what_cannot_be_is_refused_with_a_way_on(house: House) -> None:
    town = await a_town(house)
    before = await facts()
    await closes(town.chen, "Sat")
    assert "There is no lunch on Sat 28 Nov anyway." in town.chen.last.text
    await closes(town.chen, "tomorrow to 25 Dec")
    assert "I can do that for days up to Mon 14 Dec only." in town.chen.last.text
    await town.chen.says("/reopen")
    assert "Nothing is closed that could still be opened." in town.chen.last.text
    await closes(town.chen, "Wed", LATER, "11:00")
    assert "Please write a time after 11:30, when lunch usually is." in town.chen.last.text
    await town.chen.says("/cancel")
    await closes(town.chen, "Wed", CLOSE, "no water", "yesterday 5")
    assert "I am not sure which moment you mean." in town.chen.last.text
    await town.chen.says("24 Nov 2025 17:00")
    assert "I am not sure which moment you mean." in town.chen.last.text
    await town.chen.says("today 8:30")
    assert "That moment has passed." in town.chen.last.text
    await town.chen.says("/cancel")
    await Canteen.filter(id=town.canteen.id).update(human_phone=None)
    await Person.filter(id=(await town.chen.person()).id).update(phone=None)
    await closes(town.chen, "Wed", CLOSE, "no water", "By 17:00")
    assert "please set a phone number first, under /settings" in town.chen.last.text
    assert [each for each in changed(before, await facts()) if not each.startswith("canteen")] == []


@ONE_ENGINE
async def test_a_lunch_that_is_out_cannot_be_closed_and_another_kind_needs_the_first_to_end(
    house: House,
) -> None:
    town = await a_town(house)
    await closes(town.chen, "Wed", CLOSE, "no water", "By 17:00", YES)
    await closes(town.chen, "Wed", HOME, "no water", "Tomorrow by 07:00")
    assert "For Wed 25 Nov something else is declared already. End that first: /reopen" in town.chen.last.text
    await house.at("2026-11-24 10:00")
    await closes(town.chen, "today")
    assert "Lunch of Tue 24 Nov is on its way or over." in town.chen.last.text
    assert "You can still /close from Wed 25 Nov on." in town.chen.last.text
    await closes(town.chen, "Thu", AHEAD, "the weather", "Tomorrow by 07:00")
    assert "No lunch goes out any more before Thu 26 Nov" in town.chen.last.text
    await closes(town.chen, "Fri", CLOSE, "the weather", "10:20")
    await house.at("2026-11-24 10:30")
    await town.chen.taps(YES)
    assert "The moment of the next news has passed meanwhile" in town.chen.last.text
    assert await Closure.filter(kind=ClosureKind.CLOSED).count() == 1
    days = ServiceDay.filter(canteen_id=town.canteen.id, day__lte=WEDNESDAY)
    await days.update(out_at=house.now, finish_at=house.now)
    await ServiceDay.filter(day__gt=WEDNESDAY).delete()
    await closes(town.chen, "Wed")
    assert town.chen.last.text == (
        "Lunch of Wed 25 Nov is on its way or over. Please call the volunteers: /today"
    )


async def test_a_door_put_on_a_route_keeps_its_place_for_the_next_time(house: House) -> None:
    town = await a_town(house)
    await closes(town.chen, "24 Nov", HOME, "the weather", "By 17:00", YES)
    await town.chen.taps("Put them on Route 1")
    assert await Stop.filter(senior_id=town.li.id, left_at=None).count() == 1
    await closes(town.chen, "Wed", HOME, "the weather", "By 17:00")
    assert "On no route yet" not in town.chen.last.text
