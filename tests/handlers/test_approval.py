"""The coordinator's answer to a registration, and what the family hears of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from models.canteens import Canteen
from models.people import Membership, Role
from models.routes import Route, Stop
from models.seniors import Agreed, Consent, Mode, Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import DINE_IN, WANG, Given, has_registered
from tests.house import House, Phone
from tests.played import played_once


@played_once
async def scene(house: House, given: Mapping[str, Given] = WANG) -> tuple[Phone, Phone, Senior]:
    """A canteen, its coordinator, and a family that has registered its mother."""
    canteen = await house.canteen()
    canteen.human_name, canteen.human_phone = "Ms Chen", "+862155550000"
    await canteen.save()
    chen, mei = await house.coordinator(), await house.family()
    await has_registered(mei, given)
    return chen, mei, await Senior.get()


async def test_accepted_the_family_hears_when_the_first_lunch_comes(house: House) -> None:
    chen, mei, senior = await scene(house)
    await chen.taps("Accept")
    assert (await Senior.get()).status is Status.ACTIVE
    assert "Ping'an Lane welcomes Grandma Wang." in mei.last.text
    assert "First lunch: Tue 24 Nov, 11:30, brought home" in mei.last.text
    assert "+862155550000" in mei.last.text
    assert mei.last.buttons == [
        "Tell me each day", "Only when something is wrong", "Invite a relative", "The diet has changed",
        "My clock is another one",
    ]  # fmt: skip
    card = next(message for message in chen.heard if "A1 ·" in message.text)
    assert card.edited
    assert "Accepted by Ms Chen" in card.text
    assert "Accept" not in card.buttons
    assert (await Stop.get(senior_id=senior.id)).left_at is None


@ONE_ENGINE
async def test_after_the_cut_off_the_first_lunch_is_a_day_later(house: House) -> None:
    chen, mei, _senior = await scene(house, DINE_IN)
    await house.at("2026-11-23 17:00")
    await chen.taps("Accept")
    assert "First lunch: Wed 25 Nov, 11:30, at the canteen" in mei.last.text


async def test_without_the_own_yes_lunch_waits_for_it(house: House) -> None:
    chen, mei, senior = await scene(house, {**WANG, "agreed": ">not_asked"})
    await chen.taps("Accept")
    assert (await Senior.get()).status is Status.OWN_YES
    assert "we will ask Grandma Wang in person" in mei.last.text
    await house.at("2026-11-24 10:00")
    await chen.taps("Has said yes in person")
    assert (await Senior.get()).status is Status.ACTIVE
    assert "First lunch: Wed 25 Nov" in mei.last.text
    consent = await Consent.filter(senior_id=senior.id).order_by("-id").first()
    assert consent is not None
    assert (consent.answer, consent.at) == (Agreed.YES, house.now)
    assert consent.asked_by_id == (await chen.person()).id


@ONE_ENGINE
async def test_the_own_no_ends_it(house: House) -> None:
    chen, mei, _senior = await scene(house, {**WANG, "agreed": ">not_asked"})
    await chen.taps("Accept")
    await chen.taps("Said no")
    await chen.taps("No reason")
    assert (await Senior.get()).status is Status.DECLINED
    assert "can't take Grandma Wang in" in mei.last.text


@ONE_ENGINE
async def test_declined_the_family_hears_why_and_whom_to_call(house: House) -> None:
    chen, mei, _senior = await scene(house)
    await chen.walks(
        ("Decline", "What may I tell the family"),
        ("We are full until {spring} <b>", "the family is told"),
    )
    assert "The reason: We are full until {spring} <b>" in mei.last.text
    assert "Ms Chen will gladly talk about it with you: +862155550000" in mei.last.text
    assert (await Senior.get()).status is Status.DECLINED
    assert "Declined by Ms Chen" in next(m for m in chen.heard if "A1 ·" in m.text).text


@ONE_ENGINE
async def test_to_a_senior_without_family_in_the_chat_nobody_writes(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await has_registered(chen)
    await chen.walks(("Decline", "What may I tell"), ("No reason", "please call them"))


@ONE_ENGINE
async def test_a_question_goes_to_the_family_and_its_answer_comes_back(house: House) -> None:
    chen, mei, _senior = await scene(house)
    zhou = await house.coordinator("Mr Zhou")
    before = len(zhou.heard)
    await chen.walks(("Ask", "What would you like to ask"), ("Is there a {lift}?", "I have asked the family"))
    assert "Ms Chen of Ping'an Lane has a question about Grandma Wang:\nIs there a {lift}?" in mei.last.text
    await mei.walks(("Answer", "What may I answer"), ("No, third floor.\nSorry!", "I have passed it on"))
    assert "Mei answers about Grandma Wang:\nNo, third floor.\nSorry!" in chen.last.text
    assert len(zhou.heard) == before
    assert "Show the card" in chen.last.buttons


@ONE_ENGINE
async def test_an_answer_reaches_somebody_when_who_asked_is_gone(house: House) -> None:
    chen, mei, _senior = await scene(house)
    zhou = await house.coordinator("Mr Zhou")
    await chen.walks(("Ask", "What would you like to ask"), ("Which floor?", "I have asked the family"))
    await Membership.filter(person_id=(await chen.person()).id).update(ended_at=house.now)
    await mei.walks(("Answer", "What may I answer"), ("The third.", "I have passed it on"))
    assert "The third." in zhou.last.text


@ONE_ENGINE
async def test_a_family_that_is_not_in_the_chat_is_to_be_called(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await has_registered(chen)
    await chen.walks(("Ask", "Please call +8613912345678"))


async def test_the_second_coordinator_hears_that_it_is_decided(house: House) -> None:
    chen, mei, senior = await scene(house)
    zhou = await house.coordinator("Mr Zhou")
    await zhou.says("/approve")
    assert "Accept" in zhou.last.buttons
    await chen.taps("Accept")
    assert "Accepted by Ms Chen" in zhou.last.text
    heard = len(mei.heard)
    news = await zhou.presses(f"senior_yes:{senior.id}")
    assert "Somebody has answered this already" in news[-1].text
    await chen.presses(f"senior_yes:{senior.id}")
    assert len(mei.heard) == heard
    assert await Stop.filter(senior_id=senior.id).count() == 1


@ONE_ENGINE
async def test_a_press_that_is_delivered_twice_accepts_once(house: House) -> None:
    chen, mei, senior = await scene(house)
    heard = len(mei.heard)
    for _again in range(2):
        await chen.presses(f"senior_yes:{senior.id}", event="the same press")
    assert len(mei.heard) == heard + 1


BUTTONS = ("senior", "senior_yes", "senior_no", "senior_ask", "senior_agreed", "senior_place", "senior_diet",
           "senior_move", "senior_days", "senior_end")  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("button", BUTTONS)
async def test_nobody_else_presses_a_coordinators_buttons(house: House, button: str) -> None:
    _chen, mei, senior = await scene(house)
    volunteer = await house.volunteer()
    there = await house.canteen("Bridge Street")
    other = await house.coordinator("Mr Zhou", canteen=there)
    for phone in (mei, volunteer, other, house.stranger()):
        news = await phone.presses(f"{button}:{senior.id}")
        assert len(news) == 1
        assert "not open to you" in news[0].text
        assert "Wang" not in news[0].text
    news = await other.presses(f"{button}:{senior.id + 100}")
    assert "no longer there" in news[0].text
    assert (await Senior.get()).status is Status.ENQUIRY


@ONE_ENGINE
async def test_all_that_wait_are_shown_longest_first(house: House) -> None:
    chen, mei, _senior = await scene(house)
    await has_registered(mei, {**DINE_IN, "who": "Li Hua, 1938, Uncle Li", "phone": ">none"})
    canteen = await Canteen.get()
    bo = house.stranger("Bo")
    await bo.says("hello")
    person = await bo.person()
    await Membership.create(
        person_id=person.id, canteen_id=canteen.id, role=Role.VOLUNTEER, asked_at=house.now
    )
    news = await chen.says("/approve")
    assert "3 people wait for your answer" in news[0].text
    assert ["Wang Guifen" in news[1].text, "Li Hua" in news[2].text, "Bo" in news[3].text] == [True] * 3
    assert "Accept" in news[3].buttons


@ONE_ENGINE
async def test_more_than_ten_are_shown_ten_at_a_time(house: House) -> None:
    chen, mei, senior = await scene(house)
    for number in range(11):
        await Senior.register(
            canteen_id=senior.canteen_id, name=f"Senior {number}", called=None, born=1940, phone=None,
            address="Lane 1", knock=None, plan=None, mode=Mode.PICK_UP, weekdays=31, labels=[],
            texture="regular", allergies=[], avoids=None, contact=None, alone=False, agreed=Agreed.YES,
            by=await mei.person(), now=house.now,
        )  # fmt: skip
    news = await chen.says("/approve")
    assert len(news) == 12
    assert "2 more are waiting" in news[-1].text
    assert news[-1].buttons == ["Show the next"]


async def test_when_nobody_waits_it_says_so(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.walks(("/approve", "Nobody is waiting"), ("who is waiting?", "Nobody is waiting"))


async def test_the_card_is_completed_with_route_place_and_visit(house: House) -> None:
    chen, mei, senior = await scene(house)
    canteen = await Canteen.get()
    await Route.add(canteen.id, "Bridge route", await chen.person(), house.now)
    await chen.taps("Accept")
    await has_registered(mei, {**WANG, "who": "Li Hua, 1938, Uncle Li", "phone": ">none"})
    await chen.taps("Accept")
    await chen.walks(
        ("Route, stop and visit", "has the same address. Do Uncle Li"),
        ("No, two doors", "Which route shall bring lunch to Uncle Li?"),
        ("Route 1", "As which door shall Uncle Li come?"),
        ("7", "from 1 to 2"),
        ("1", "On which day will somebody visit Uncle Li"),
        ("Thursday", "Done. Uncle Li is on Route 1."),
    )
    uncle = await Senior.get(short_id="A2")
    assert str(uncle.visit_on) == "2026-11-26"
    assert [stop.senior_id for stop in await (await Route.of(canteen.id))[0].doors()] == [uncle.id, senior.id]
    await chen.presses(f"senior_place:{uncle.id}")
    await chen.walks(("No, two doors", "Which route"), ("Bridge route", "On which day"))
    await chen.walks(("Not decided yet", "Uncle Li is on Bridge route"))
    assert str((await Senior.get(short_id="A2")).visit_on) == "2026-11-26"


async def test_a_guest_of_the_canteen_needs_no_route(house: House) -> None:
    chen, _mei, _senior = await scene(house, DINE_IN)
    await chen.taps("Accept")
    assert "Route" not in chen.last.text
    await chen.walks(("Set the home visit", "On which day"), ("tomorrow", "card is up to date"))
    assert "Home visit: Tue 24 Nov" in next(m for m in chen.heard if "A1 ·" in m.text).text
