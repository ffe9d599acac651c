"""A first visit: whoever knows the way goes along, and the coordinator hears when nobody can."""

from __future__ import annotations

from datetime import date

from models.canteens import Canteen
from models.firstvisits import BesideCall, FirstVisit
from models.routes import Route, Stop
from models.shiftplan import replan
from models.shifts import Claim, Shift
from models.standing import Away
from models.swaps import Swap
from models.youth import AgeClass, AgeNote, GuardianYes
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import THURSDAY, TUESDAY, WEDNESDAY, a_senior
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts, the_shift


@played_once
async def a_new_door(house: House) -> tuple[Phone, Phone, Phone, Shift]:
    """Gao has walked the route; somebody new comes to its end, and Lin, who is new, takes the next round."""
    canteen = await a_canteen_with_shifts(house, homes=2)
    chen, gao, lin = await house.coordinator(), await house.volunteer("Gao"), await house.volunteer("Lin")
    await gao.presses(f"shift_take:{(await the_shift(canteen, TUESDAY)).id}:0")
    await house.at("2026-11-24 09:50")
    await gao.says("/round")
    await gao.taps("✓ Handed over")
    await gao.taps("✓ Handed over")
    senior = await a_senior(canteen, name="Sun Wei")
    await Stop.create(route_id=(await Route.get()).id, senior_id=senior.id, position=3, since=house.now)
    wednesday = await the_shift(canteen, WEDNESDAY)
    await lin.presses(f"shift_take:{wednesday.id}:0")
    return chen, gao, lin, wednesday


async def test_whoever_knows_the_way_goes_along_to_a_new_door(house: House) -> None:
    chen, gao, lin, wednesday = await a_new_door(house)
    await house.at("2026-11-24 13:00")
    assert "Could you go along? Wed 25 Nov, 10:00–12:00, Route 1" in gao.last.text
    assert "1 home gets lunch for the first time." in gao.last.text
    assert "Sun Wei" not in gao.last.text
    await gao.taps("I'll go along")
    shift = await Shift.get(id=wednesday.id)
    assert (shift.places, shift.taken) == (2, 2)
    assert "First visit: with Gao, who knows the way." in lin.last.text
    assert not [one for one in chen.heard if "familiar face" in one.text]
    await house.at("2026-11-24 16:01")
    await house.at("2026-11-25 08:01")
    assert any("Sun Wei" in one.text and "first lunch here" in one.text for one in chen.heard)
    await house.at("2026-11-25 09:50")
    await lin.says("/round")
    assert "First visit" not in lin.last.text
    await lin.taps("✓ Handed over")
    await lin.taps("✓ Handed over")
    assert "Sun Wei" in lin.last.text
    assert "First visit: with Gao" in lin.last.text
    await gao.says("/round")
    assert "First visit: please say who you are" in gao.last.text


@ONE_ENGINE
async def test_the_place_beside_the_carriers_goes_with_whoever_has_it(house: House) -> None:
    _chen, gao, lin, wednesday = await a_new_door(house)
    zhao = await house.volunteer("Zhao")
    await house.at("2026-11-24 13:00")
    await gao.taps("I'll go along")
    # Whoever stands in for Gao goes beside Lin too, and so does whoever swaps with them.
    mine = await Claim.get(shift_id=wednesday.id, person_id=(await gao.person()).id)
    await gao.presses(f"stand_in:{mine.id}:1")
    await zhao.presses(f"shift_take:{wednesday.id}:0")
    assert await FirstVisit.companion(wednesday.id) == await zhao.person()
    theirs = await Claim.get(shift_id=wednesday.id, person_id=(await zhao.person()).id)
    thursday = await the_shift(await Canteen.get(), THURSDAY)
    await gao.presses(f"shift_take:{thursday.id}:0")
    other = await Claim.get(shift_id=thursday.id)
    swap = await Swap.ask(other.id, theirs.id, await gao.person(), house.now)
    await Swap.agree(swap.id, await zhao.person(), house.now)
    assert await FirstVisit.companion(wednesday.id) == await gao.person()
    # Lin's own place stays one that others can take, whatever the settings; that of Gao is nobody's.
    await lin.presses(f"shift_back:{(await Claim.get(shift_id=wednesday.id, person=await lin.person())).id}")
    await replan(await Canteen.get(), house.now)
    shift = await Shift.get(id=wednesday.id)
    assert (shift.places, shift.taken) == (2, 1)
    await Shift.filter(id=wednesday.id).update(fill_at=None)
    again = await Claim.get(shift_id=wednesday.id, person=await gao.person(), given_back_at=None)
    await gao.presses(f"shift_back:{again.id}")
    await gao.presses(f"shift_back:{again.id}")
    shift = await Shift.get(id=wednesday.id)
    assert (shift.places, shift.taken, shift.fill_at) == (1, 0, None)
    assert await FirstVisit.companion(wednesday.id) is None


@ONE_ENGINE
async def test_the_coordinator_hears_of_a_first_visit_that_nobody_can_go_along_to(house: House) -> None:
    chen, gao, lin, _wednesday = await a_new_door(house)
    await house.at("2026-11-24 13:00")
    await gao.taps("Not this time")
    assert "First visit without a familiar face: Wed 25 Nov, 10:00–12:00, Route 1." in chen.last.text
    assert "Lin does not know the way yet" in chen.last.text
    heard = len(chen.heard)
    await house.at("2026-11-24 13:10")
    assert len(chen.heard) == heard
    assert await FirstVisit.filter(beside_id=None).count() == 1
    assert "First visit: with" not in "".join(one.text for one in lin.heard)


@ONE_ENGINE
async def test_a_yes_to_going_along_can_be_taken_back(house: House) -> None:
    chen, gao, lin, wednesday = await a_new_door(house)
    await house.at("2026-11-24 13:00")
    invited = gao.last
    (call,) = await BesideCall.all()
    await gao.taps("I'll go along")
    assert invited.text == "You said yes to this: Wed 25 Nov, 10:00–12:00, Route 1."
    assert not invited.buttons
    # A button that was on its way all the same takes the yes back, and everybody hears it.
    await gao.presses(f"beside_no:{call.id}")
    assert await FirstVisit.companion(wednesday.id) is None
    assert (await Shift.get(id=wednesday.id)).places == 1
    assert "Gao can't go along after all: Wed 25 Nov" in lin.last.text
    assert any("Gao can't go along after all" in one.text for one in chen.heard)
    assert "First visit without a familiar face" in chen.last.text
    assert any("All right, you don't go along: Wed 25 Nov" in one.text for one in gao.heard)
    # Once more yes, given back under /my, and Lin too: what is left is a place of Gao's own, which stays.
    await gao.presses(f"beside_yes:{call.id}")
    assert await FirstVisit.companion(wednesday.id) == await gao.person()
    mine = await Claim.get(person=await gao.person(), shift_id=wednesday.id, given_back_at=None)
    await gao.presses(f"shift_back:{mine.id}")
    assert "you don't go along" in gao.last.text
    assert "open to others" not in gao.last.text
    await lin.presses(f"shift_back:{(await Claim.get(person=await lin.person())).id}")
    await gao.presses(f"shift_take:{wednesday.id}:0")
    await gao.presses(f"beside_no:{call.id}")
    assert "You have a place there yourself, and it stays yours" in gao.last.text
    assert await Claim.filter(shift_id=wednesday.id, given_back_at=None).count() == 1


@ONE_ENGINE
async def test_nobody_under_age_goes_alone_where_the_carrier_has_given_back(house: House) -> None:
    chen, gao, lin, wednesday = await a_new_door(house)
    await house.at("2026-11-24 13:00")
    gao_, by, canteen = await gao.person(), await chen.person(), await Canteen.get()
    await AgeNote.note(gao_, AgeClass.UNDER_18, by, house.now)
    await GuardianYes.hear(gao_, canteen.id, "Mrs Gao", "+8613800000001", by, house.now)
    await lin.presses(f"shift_back:{(await Claim.get(person=await lin.person())).id}")
    await gao.taps("I'll go along")
    assert "Nobody under 18 goes to a door alone" in gao.last.text
    # Beside somebody who is under age too, it is no different.
    await lin.presses(f"shift_take:{wednesday.id}:0")
    await AgeNote.note(await lin.person(), AgeClass.UNDER_18, by, house.now)
    await gao.presses(f"beside_yes:{(await BesideCall.get()).id}")
    assert "Nobody under 18 goes to a door alone" in gao.last.text
    again = await Claim.get(person=await lin.person(), given_back_at=None)
    await lin.presses(f"shift_back:{again.id}")
    # Of age, Gao carries it, and it is the one place that the round has.
    await AgeNote.note(gao_, AgeClass.ADULT, by, house.now)
    await gao.presses(f"beside_yes:{(await BesideCall.get()).id}")
    assert "Wed 25 Nov, 10:00–12:00, Route 1 is yours." in gao.last.text
    shift = await Shift.get(id=wednesday.id)
    assert (shift.places, shift.taken) == (1, 1)


@ONE_ENGINE
async def test_nobody_who_is_away_is_asked_along(house: House) -> None:
    chen, gao, _lin, _wednesday = await a_new_door(house)
    person = await gao.person()
    await Away.say(person, WEDNESDAY, WEDNESDAY, date(2026, 11, 24), house.now)
    await house.at("2026-11-24 13:00")
    assert "Could you go along?" not in gao.last.text
    assert "First visit without a familiar face" in chen.last.text
