"""It opens again: lunches come back, shifts are offered anew, and everybody who was told is told."""

from __future__ import annotations

from typing import Final

from models.calls import CallItem, CallState
from models.meals import Meal, MealState
from models.people import Account
from models.seniors import Status
from models.shifts import Claim, Shift, ShiftState
from tests.facts import changed, facts
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import a_town, closes
from tests.handlers.test_closing import AHEAD, CLOSE, LATER, YES, told, typhoon
from tests.house import House, Phone
from tests.models.making import TUESDAY, WEDNESDAY

AGAIN: Final = "Yes, open again and tell them"


async def reopens(phone: Phone, *answers: str) -> None:
    await phone.says("/reopen")
    for answer in (*answers, AGAIN):
        await phone.taps(answer)


@ONE_ENGINE
async def test_lunches_come_back_and_those_who_had_a_place_are_asked_not_given_it(house: House) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    town.read_all()
    await house.at("2026-11-24 08:00")
    assert [told(phone) for phone in town.others()] == [[], [], [], [], []]
    await reopens(town.wu)
    summary = town.wu.heard[-2].text
    assert "4 lunches are as ordered again.\n1 round is offered anew." in summary
    await house.tick()
    (mei,) = town.mei.reads()
    for line in (
        "At Ping'an Lane everything is as always again: Tue 24 Nov.",
        "Lunch comes again for Wang Guilan, as it was ordered.",
        "Your shift takes place after all: Tue 24 Nov, 10:00–12:00, Route 1.",
    ):
        assert line in mei.text
    (gao,) = told(town.gao)
    assert "Lunch comes again for Zhao Fu" in gao
    assert told(town.lin) == []
    assert set(await Meal.filter(day=TUESDAY).values_list("state", flat=True)) == {MealState.EXPECTED}
    # The lists are valid again, and are sent anew to those who work by them.
    cook = told(town.cook)
    assert "Please cook after all: 4 lunches." in cook[0]
    assert "Kitchen for Tue 24 Nov: 4 lunches" in cook[1]
    shift = await Shift.get(day=TUESDAY)
    assert (shift.state, shift.taken) == (ShiftState.OPEN, 0)
    before = await Claim.get(id=town.claim.id)
    assert before.lifted_at is not None
    await town.mei.taps("I can come: Tue 24 Nov, 10:00")
    assert (await Shift.get(day=TUESDAY)).taken == 1
    # Once more there is nothing to open, and nobody hears it twice.
    before_again = await facts()
    await town.wu.says("/reopen")
    await house.tick()
    assert "Nothing is closed" in town.wu.last.text
    assert changed(before_again, await facts()) == []
    assert town.gao.reads() == []


async def test_of_several_days_those_from_one_on_are_opened_and_skips_made_meanwhile_hold(
    house: House,
) -> None:
    town = await a_town(house)
    await closes(town.chen, "Tue to Thu", CLOSE, "no water", "By 17:00", YES)
    await house.at("2026-11-23 16:30")
    assert await Meal.filter(day=TUESDAY, state=MealState.CLOSED).count() == 4
    await house.at("2026-11-24 16:30")
    town.li.status = Status.ENDED
    await town.li.save()
    await town.gao.says("/pause")
    await town.gao.says("25 Nov")
    await town.gao.taps("I don't know yet")
    await town.gao.taps("Yes, pause")
    await reopens(town.chen, "Wed 25 Nov (closed)")
    states = {meal.senior_id: meal.state for meal in await Meal.filter(day=WEDNESDAY)}
    assert states == {
        town.wang.id: MealState.EXPECTED, town.sun.id: MealState.EXPECTED,
        town.li.id: MealState.CANCELLED, town.zhao.id: MealState.CANCELLED,
    }  # fmt: skip
    assert set(await Meal.filter(day=TUESDAY).values_list("state", flat=True)) == {MealState.CLOSED}


@ONE_ENGINE
async def test_news_goes_to_all_who_were_told_and_a_promise_is_reminded_of_before_and_after(
    house: House,
) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    await house.at("2026-11-26 16:29")
    town.read_all()
    await house.at("2026-11-26 16:30")
    (before,) = [text for text in told(town.wu) if "News" in text]
    assert before.startswith("News is promised for Thu 26 Nov, 17:00.\n4 people wait for it.")
    await house.at("2026-11-26 16:50")
    assert not [text for text in told(town.wu) if "promised" in text]
    await house.at("2026-11-26 17:00")
    (passed,) = [text for text in told(town.wu) if "promised" in text]
    assert passed.startswith("News was promised for Thu 26 Nov, 17:00, and nobody has heard any.")
    await town.wu.taps("Tell them news")
    for answer in ("The roof is being mended.", "tomorrow 12:00", "Send"):
        await (town.wu.taps(answer) if answer == "Send" else town.wu.says(answer))
    await house.tick()
    assert "The roof is being mended." in town.gao.last.text
    assert "News of Ping'an Lane: Tue 24 Nov" in town.gao.last.text
    assert "Next news by Fri 27 Nov, 12:00." in town.mei.last.text
    await house.at("2026-11-27 11:00")
    town.read_all()
    await house.at("2026-11-27 12:30")
    assert len([text for text in told(town.chen) if "promised" in text]) == 1  # the first one was missed
    await town.gao.presses("closure_news:1")
    assert "not open to you" in town.gao.last.text


@ONE_ENGINE
async def test_a_promise_that_was_kept_or_is_over_reminds_nobody(house: House) -> None:
    town = await a_town(house)
    await closes(town.chen, "Wed", CLOSE, "no water", "By 17:00", YES)
    await closes(town.chen, "Thu", LATER, "1 h later", "no water", "By 17:00", YES)
    await reopens(town.chen, "Wed 25 Nov (closed)")
    await town.chen.says("/reopen")
    await town.chen.says("/cancel")
    closure_news = next(
        data for message in reversed(town.chen.heard) for label, data in message.keys
        if label == "Tell them news"
    )  # fmt: skip
    await town.chen.presses(closure_news)
    await town.chen.says("It stays so.")
    await town.chen.taps("No more news: after Thu 26 Nov all is as always")
    await town.chen.taps("Send")
    town.read_all()
    await house.at("2026-11-23 17:01")
    assert not [text for text in told(town.chen) if "promised" in text]
    await reopens(town.chen)
    await town.chen.presses(closure_news)
    await town.chen.says("Once more")
    await town.chen.taps("Tomorrow by 07:00")
    await town.chen.taps("Send")
    assert "Nothing is closed" in town.chen.last.text


# ------------------------------------------------------------------------------------------------- calling


async def test_the_call_list_goes_in_order_shrinks_by_itself_and_nobody_is_called_twice(house: House) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    assert town.chen.last.text == "3 seniors are still to be called.\nTo be told of the closure: 3"
    await town.wu.presses(f"calls:{town.canteen.id}")
    await town.wu.taps("Call the next")
    assert "Wang Guilan" in town.wu.last.text
    assert "\n+862155550101\n" in town.wu.last.text
    assert "Ping'an Lane is closed: Tue 24 Nov.\nReason: typhoon Bebinca" in town.wu.last.text
    await town.chen.taps("Call the next")
    assert "Sun Meifang" in town.chen.last.text
    count = len(town.chen.heard)
    # The family reads it while Mr Wu dials: what he taps then is told kindly.
    await town.mei.taps("I have read this")
    assert "seen to this call already" in (await town.wu.taps("Reached"))[-1].text
    await town.chen.taps("No answer, later")
    assert "Li Ming" in town.chen.last.text
    await town.chen.taps("Reached")
    assert "1 of them did not answer, and is called again from 06:00 on." in town.chen.last.text
    assert (await CallItem.get(senior_id=town.li.id)).state is CallState.REACHED
    assert len(town.chen.heard) == count
    await house.at("2026-11-24 06:00")
    await town.chen.says("/calls")
    await town.chen.taps("Call the next")
    assert "Nobody answered 1 time so far." in town.chen.last.text
    await town.chen.taps("Somebody told them")
    assert town.chen.last.text == "Noted: somebody has told Sun Meifang.\n\nNobody has to be called just now."
    # Those who heard it by telephone hear by telephone that it is over; the others have read it.
    await reopens(town.chen)
    await town.chen.taps("Call the next")
    assert "They heard of the closure by telephone." in town.chen.last.text


async def test_a_family_that_no_message_reaches_is_called(house: House) -> None:
    town = await a_town(house)
    house.wire.blocked.add(town.gao.address)
    await typhoon(house, town)
    await house.at("2026-11-24 05:31")
    waiting = CallItem.filter(state=CallState.OPEN)
    assert await waiting.filter(senior_id=town.zhao.id).count() == 1
    assert any(message.text.startswith("4 seniors are still to be called.") for message in town.chen.heard)
    await house.at("2026-11-24 05:40")
    assert await waiting.count() == 4


@ONE_ENGINE
async def test_a_senior_whose_relatives_cannot_be_written_to_is_on_the_list_at_once(house: House) -> None:
    town = await a_town(house)
    await Account.filter(address=town.gao.address).update(reachable=False)
    await closes(town.chen, "Wed", AHEAD, "the weather", "By 17:00", YES)
    assert await CallItem.filter(senior_id=town.zhao.id).count() == 1
