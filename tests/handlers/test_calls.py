"""Calls by telephone: one senior in one hand, the outcome in one tap, and what becomes of the unreached."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.database import transaction
from models.audit import AuditEvent
from models.callrounds import CallRound
from models.calls import CallItem, CallReason, CallState
from models.cases import Case, CaseKind, CaseOutcome
from models.meals import Meal, MealState
from models.people import Account, Membership, Person, Role
from models.phonecalls import PhoneCall
from models.seniors import Senior
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import Town, a_town
from tests.handlers.test_closing import typhoon
from tests.house import House, Phone
from tests.models.making import MONDAY, TUESDAY


async def a_caller(house: House, town: Town) -> Phone:
    """Let Ms Chen choose Lin for the telephone, and begin the calls of Monday."""
    await town.chen.presses(f"callers:{town.canteen.id}")
    await town.chen.taps("Lin may call")
    await town.chen.says("/calls")
    await town.chen.taps("Begin the calls of today")
    return town.lin


async def test_a_phone_volunteer_sees_one_number_at_a_time_and_only_in_its_turn(house: House) -> None:
    town = await a_town(house)
    assert "by those whom the coordinator has asked to" in (await town.lin.says("/calls"))[-1].text
    lin = await a_caller(house, town)
    assert "Volunteers call between 09:00 and 19:00." in lin.heard[-1].text
    assert town.chen.last.text == "3 seniors are still to be called.\nThe calls of every day: 3"
    await lin.says("/calls")
    assert "Wang" not in lin.last.text
    assert lin.last.buttons == ["Call the next"]
    await lin.taps("Call the next")
    card = lin.last
    assert card.text.splitlines()[:6] == [
        f"Wang Guilan ({town.wang.short_id})", "Lives alone", "Please ask how they are today.", "",
        "+862155550101", "",
    ]  # fmt: skip
    assert "Until 09:10 nobody else calls them." in card.text
    shown = AuditEvent.filter(act="shown", about=f"phones of senior {town.wang.id}")
    assert await shown.count() == 1
    # Another caller gets another senior; the first tap again shows the same.
    await town.chen.taps("Call the next")
    assert "Sun Meifang" in town.chen.last.text
    await lin.presses(f"call_next:{town.canteen.id}")
    assert "Wang Guilan" in lin.last.text
    await town.chen.taps("Not now")
    # Ten minutes later the number is gone, and she is nobody's.
    await house.at("2026-11-23 09:10")
    assert lin.last.text.startswith(f"The time for {town.wang.short_id} is over")
    assert not any("+8621555501" in message.text for message in lin.heard)
    await town.chen.taps("Call the next")
    assert "Wang Guilan" in town.chen.last.text
    # What came of it late is told kindly; after the hours there is no number for volunteers.
    await town.chen.taps("Reached, all is well")
    old = await PhoneCall.filter(person_id=(await lin.person()).id).first()
    assert old is not None
    assert "seen to this call already" in (await lin.presses(f"phoned:{old.id}:reached"))[-1].text
    await house.at("2026-11-23 19:00")
    assert "between 09:00 and 19:00" in (await lin.presses(f"call_next:{town.canteen.id}"))[-1].text
    # Who is no volunteer any more calls no more, and has nobody in hand.
    await house.at("2026-11-24 09:00")
    await town.chen.says("/calls")
    await town.chen.taps("Begin the calls of today")
    await lin.says("/calls")
    await lin.taps("Call the next")
    await town.chen.presses(f"caller_set:{town.canteen.id}:{(await lin.person()).id}:0")
    assert not any("+8621555501" in message.text for message in lin.heard)
    assert "coordinator has asked to" in (await lin.presses(f"call_next:{town.canteen.id}"))[-1].text


@ONE_ENGINE
async def test_every_outcome_is_one_tap_and_can_be_taken_back(house: House) -> None:
    town = await a_town(house)
    lin = await a_caller(house, town)
    await lin.says("/calls")
    await lin.taps("Call the next")
    await lin.taps("Reached, all is well")
    assert lin.last.text.startswith("Noted: you have spoken with Wang Guilan.\n\nSun Meifang")
    await lin.taps("Undo: Wang Guilan")
    assert lin.last.text.startswith("Wang Guilan")
    assert (await CallItem.get(senior_id=town.wang.id)).state is CallState.OPEN
    await lin.taps("Wrong number")
    assert f"The number of Wang Guilan ({town.wang.short_id}) is wrong: +862155550101" in town.wu.last.text
    await town.wu.taps("Write the new number")
    await town.wu.says("139 0000 0101")
    assert (await Senior.get(id=town.wang.id)).phone == "+8613900000101"
    # Sun is in hand now; she tells of something.
    await lin.taps("Reached, something is different")
    await lin.taps("Health")
    await lin.taps("It can't wait")
    assert "If somebody is in danger, call 120 first." in lin.last.text
    case = await Case.get(kind=CaseKind.CONCERN)
    assert (case.senior_id, case.urgent) == (town.sun.id, True)
    assert "Something is different at Sun Meifang's" in town.chen.last.text
    assert (await CallItem.get(senior_id=town.sun.id)).state is CallState.REACHED
    # Wang does not answer: again after half an hour, and the third time a case is opened.
    for clock in ("09:01", "09:31", "10:01"):
        await house.at(f"2026-11-23 {clock}")
        await lin.says("/calls")
        await lin.taps("Call the next")
        while "Wang Guilan (" not in lin.last.text:
            await lin.taps("Reached, all is well")
        await lin.taps("No answer, later")
    assert "did not answer again. The coordinators know it now" in lin.last.text
    unreached = await Case.get(kind=CaseKind.UNREACHED)
    assert unreached.senior_id == town.wang.id
    assert "does not answer the telephone" in town.chen.last.text
    assert "Please let somebody look at the door: 3 Ping'an Lane" in town.chen.last.text
    await lin.taps("Undo: Wang Guilan")
    assert (await Case.get(id=unreached.id)).rested_at is not None
    await lin.taps("No answer, later")
    await house.at("2026-11-23 10:20")
    last = await PhoneCall.filter(senior_id=town.wang.id).order_by("-id").first()
    assert last is not None
    assert "ten minutes have passed" in (await lin.presses(f"phoned_undo:{last.id}"))[-1].text
    # It climbs until somebody has looked; then the family and the caller hear that all is well.
    await town.chen.presses(f"case:{unreached.id}")
    await town.chen.taps("It is settled")
    await town.chen.taps("Safe, was out")
    await town.chen.taps("With Wang Guilan")
    await town.chen.taps("No")
    assert "Wang Guilan did not answer our calls at first." in town.mei.last.text
    assert "in vain: all is well" in lin.last.text


@ONE_ENGINE
async def test_whom_no_call_reaches_is_looked_after_and_is_still_to_be_told(house: House) -> None:
    town = await a_town(house)
    await typhoon(house, town)
    await town.chen.presses(f"set_calls:{town.canteen.id}:tries")
    await town.chen.says("1")
    await town.chen.taps("From now on")
    await town.chen.says("/calls")
    await town.chen.taps("Call the next")
    await town.chen.taps("No answer, later")
    assert (await Case.get(kind=CaseKind.UNREACHED)).senior_id == town.wang.id
    assert (await CallItem.get(senior_id=town.wang.id)).state is CallState.LATER
    # Sun tells of a wrong meal: it is urgent, and tapped anew after "not now" it is heard all the same.
    await town.chen.taps("Not now")
    call = await PhoneCall.filter(senior_id=town.sun.id).get()
    await town.chen.presses(f"phoned_different:{call.id}")
    await town.chen.taps("The wrong meal")
    assert any("Please ask them to eat no more of that meal." in one.text for one in town.chen.heard)
    assert (await Case.get(kind=CaseKind.CONCERN)).urgent
    await house.at("2026-11-24 19:30")
    assert "between 09:00 and 19:00" in (await town.chen.presses(f"calls_begin:{town.canteen.id}"))[-1].text
    assert await CallRound.all().count() == 0


@ONE_ENGINE
async def test_a_tap_that_is_taken_back_rests_only_the_case_that_it_opened(house: House) -> None:
    town = await a_town(house)
    lin = await a_caller(house, town)
    await town.chen.presses(f"set_calls:{town.canteen.id}:tries")
    await town.chen.says("1")
    await town.chen.taps("From now on")
    # Somebody looks for Wang already; the call in vain is no new worry, and taken back it rests nothing.
    before = house.now - timedelta(hours=1)
    known = await Case.open(CaseKind.UNREACHED, town.wang, MONDAY, None, None, None, before)
    await lin.says("/calls")
    await lin.walks(("Call the next", "Wang Guilan"), ("No answer, later", "did not answer again"))
    await lin.taps("Undo: Wang Guilan")
    assert (await Case.get(id=known.id)).rested_at is None
    await lin.taps("Not now")
    # Sun was the last call before the hour; the round is settled, and taking it back leaves her a case.
    await house.at("2026-11-23 18:58")
    sun = await PhoneCall.create(
        canteen_id=town.canteen.id, senior_id=town.sun.id, person_id=(await lin.person()).id,
        taken_at=house.now, until_at=house.now + timedelta(minutes=2),
    )  # fmt: skip
    await lin.presses(f"phoned:{sun.id}:no_answer")
    await house.at("2026-11-23 19:01")
    assert await CallRound.filter(settled_at__not_isnull=True).exists()
    await lin.presses(f"phoned_undo:{sun.id}")
    assert (await PhoneCall.get(id=sun.id)).undone_at is not None, "it stands, though nobody is called now"
    assert (await CallItem.get(senior_id=town.sun.id)).state is CallState.CASE
    assert (await Case.get(senior_id=town.sun.id)).rested_at is None
    # A “reached” that was none makes a case all the same.
    await CallItem.filter(senior_id=town.wang.id).update(state=CallState.LATER, tries=1, next_at=None)
    await known.refresh_from_db()
    await known.close(CaseOutcome.SAFE_OUT, await town.chen.person(), before)
    await CallRound.all().update(next_at=house.now + timedelta(minutes=1))
    wang = await PhoneCall.create(
        canteen_id=town.canteen.id, senior_id=town.wang.id, person_id=(await lin.person()).id,
        taken_at=house.now, until_at=house.now + timedelta(minutes=2),
    )  # fmt: skip
    await lin.presses(f"phoned:{wang.id}:reached")
    await house.at("2026-11-23 19:03")
    assert (await Case.get(id=known.id)).closed_at is not None
    await lin.presses(f"phoned_undo:{wang.id}")
    await house.tick()
    assert (await Case.get(id=known.id)).closed_at is None


@ONE_ENGINE
async def test_whoever_is_reached_when_the_hour_is_over_is_looked_for_no_longer(house: House) -> None:
    town = await a_town(house)
    lin = await a_caller(house, town)
    await lin.says("/calls")
    await lin.walks(("Call the next", "Wang Guilan"), ("No answer, later", "Again in"))
    await house.at("2026-11-23 18:59")
    await lin.presses(f"call_next:{town.canteen.id}")
    await lin.taps("Reached, all is well")
    await lin.taps("Reached, all is well")
    call = await PhoneCall.get(ended_at=None, senior_id=town.wang.id)
    await house.at("2026-11-23 19:01")
    case = await Case.get(senior_id=town.wang.id, kind=CaseKind.UNREACHED)
    # She picked up after all, while the clock made a case of it.
    await lin.presses(f"phoned:{call.id}:reached")
    assert any("you have spoken with Wang Guilan" in message.text for message in lin.heard)
    assert (await Case.get(id=case.id)).rested_at is not None
    assert "Lin has reached Wang Guilan by telephone." in town.chen.last.text
    await lin.presses(f"phoned_undo:{call.id}")
    assert (await Case.get(id=case.id)).rested_at is None


@ONE_ENGINE
async def test_one_case_answers_for_every_check_of_the_day_and_stays_closed(house: House) -> None:
    town = await a_town(house)
    await a_caller(house, town)
    chen = await town.chen.person()
    await CallRound.begin(town.canteen, CallReason.HEAT, [town.wang, town.sun], chen, house.now)
    daily, heat = [await CallRound.get(reason=reason) for reason in (CallReason.DAILY, CallReason.HEAT)]
    await CallItem.all().update(tries=1, state=CallState.LATER, at=house.now)
    # Wang's case is settled by the heat round; the daily one finds nothing more to look for.
    await CallRound.filter(id=heat.id).update(next_at=house.now)
    await house.tick()
    states = await CallItem.filter(senior_id=town.wang.id).values_list("state", flat=True)
    assert states == [CallState.CASE] * 2
    case = await Case.get(senior_id=town.wang.id, kind=CaseKind.UNREACHED)
    await case.close(CaseOutcome.SAFE_OUT, chen, house.now + timedelta(minutes=1))
    # A list that was not answered by it does not open it again either.
    await CallItem.filter(senior_id=town.wang.id).update(state=CallState.LATER, at=house.now)
    await CallRound.filter(id=daily.id).update(next_at=house.now + timedelta(minutes=2))
    await house.at("2026-11-23 09:03")
    assert (await CallRound.get(id=daily.id)).settled_at is not None
    assert (await Case.get(id=case.id)).closed_at is not None


async def test_two_callers_at_once_never_have_the_same_senior_in_hand(house: House) -> None:
    town = await a_town(house)
    await a_caller(house, town)
    people = [await phone.person() for phone in (town.lin, town.chen, town.wu)]

    async def takes(person: Person) -> int | None:
        async with transaction():
            call, _ended = await PhoneCall.take(town.canteen.id, person, house.now)
        return None if call is None else call.senior_id

    got = await asyncio.gather(*(takes(person) for person in people * 2))
    assert len(set(got)) == 3
    assert await PhoneCall.all().count() == 3


@ONE_ENGINE
async def test_the_calls_of_every_day_begin_by_themselves_and_are_settled_once(house: House) -> None:
    town = await a_town(house)
    await town.chen.presses(f"set_calls:{town.canteen.id}:daily_at")
    await town.chen.says("09:30")
    await town.chen.taps("From now on")
    assert "The calls of every day begin at 09:30." in town.chen.last.text
    await town.wu.presses(f"set_calls:{town.canteen.id}:daily_at")
    await town.wu.says("20:00")
    await town.wu.taps("From now on")
    assert "would not follow one another" in town.wu.last.text
    town.read_all()
    await house.at("2026-11-23 09:30")
    assert [message.text for message in town.wu.reads()] == ["3 seniors are to be called today."]
    await house.at("2026-11-23 16:01")
    await house.at("2026-11-24 09:30")
    await house.tick()
    assert await CallRound.all().count() == 2
    # Whom somebody met in person need not be asked how they are; who was called in vain becomes a case.
    await Meal.filter(senior_id=town.wang.id).update(state=MealState.IN_PERSON)
    await town.chen.says("/calls")
    await town.chen.taps("Call the next")
    assert "Sun Meifang" in town.chen.last.text
    await town.chen.taps("No answer, later")
    # A wrong number reached nobody either, unless they were met.
    wrong = CallItem.filter(call_list__ends=TUESDAY, senior_id__in=[town.wang.id, town.sun.id])
    await CallItem.filter(id__in=await wrong.values_list("id", flat=True)).update(
        state=CallState.WRONG, tries=0
    )
    town.read_all()
    await house.at("2026-11-24 19:00")
    await house.tick()
    (said,) = [one.text for one in town.wu.reads() if one.text.startswith("The calls of Tue 24 Nov")]
    assert said.splitlines()[1:] == [
        f"Not reached: Sun Meifang ({town.sun.short_id}). Please let somebody look at the door.",
        "Nobody had the time to call 1 senior.",
    ]
    assert [case.senior_id for case in await Case.filter(kind=CaseKind.UNREACHED)] == [town.sun.id]


@ONE_ENGINE
async def test_a_number_is_gone_from_every_message_when_the_call_is_over(house: House) -> None:
    town = await a_town(house)
    lin = await a_caller(house, town)

    def numbers(*phones: Phone) -> int:
        return sum("+8621555501" in message.text for phone in phones for message in phone.heard)

    # Asked again, it is shown once; and not on the other telephone, once it was told here what came of it.
    await lin.says("/calls")
    await lin.taps("Call the next")
    await lin.says("/calls")
    assert "+862155550101" in lin.last.text
    assert numbers(lin) == 1
    at_home = Phone(house, "lin-at-home", "Lin")
    await Account.create(
        person_id=(await lin.person()).id, channel="test", address=at_home.address, heard_at=house.now
    )
    await at_home.says("/calls")
    assert (numbers(lin), numbers(at_home)) == (0, 1)
    await lin.says("/calls")
    assert (numbers(lin), numbers(at_home)) == (1, 0)
    await at_home.presses(lin.last.keys[0][1])
    assert (numbers(lin), numbers(at_home)) == (0, 1)
    assert "Sun Meifang" in at_home.last.text
    await at_home.taps("Undo: Wang Guilan")
    assert "Wang Guilan" in at_home.last.text
    assert numbers(at_home) == 1
    # Somebody takes over whom Lin had too long, before anything was swept.
    house.clock.instant += timedelta(minutes=10)
    await town.chen.taps("Call the next")
    assert "Wang Guilan" in town.chen.last.text
    assert numbers(lin, at_home) == 0
    assert "This call is over, so the number is gone from here." in at_home.last.text
    # Who calls for another canteen puts them back here.
    other = await house.canteen("Long Lane")
    await Membership.grant(await town.chen.person(), other.id, Role.COORDINATOR, by=None, now=house.now)
    await town.chen.presses(f"call_next:{other.id}")
    assert numbers(town.chen) == 0
    # And whose role ends has nobody in hand.
    await lin.presses(f"call_next:{town.canteen.id}")
    assert numbers(lin, at_home) == 1
    await town.wu.says("/revoke")
    await town.wu.taps("Volunteer: Lin, no number yet")
    await town.wu.taps("Yes, end it")
    assert numbers(lin, at_home) == 0
