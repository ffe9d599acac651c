"""Whom a shift suits: a skill, a first time with somebody who knows it, helpers under age."""

from __future__ import annotations

from models.introductions import Introduction
from models.line import Standby
from models.people import Membership, Role
from models.routes import Kind, Route
from models.shifts import Claim, Shift
from models.skills import Need, Skill
from models.youth import AgeNote, GuardianYes
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import THURSDAY, TUESDAY, WEDNESDAY
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts, the_shift


@played_once
async def some(house: House, *names: str) -> list[Phone]:
    return [await house.volunteer(name) for name in names]


async def takes(phone: Phone, shift: Shift) -> str:
    await phone.presses(f"shift_take:{shift.id}:0")
    return phone.last.text


async def part_of(phone: Phone, shift: Shift) -> Skill | None:
    claim = await Claim.get(shift_id=shift.id, person_id=(await phone.person()).id, given_back_at=None)
    return claim.part


async def member_of(phone: Phone) -> Membership:
    return await Membership.get(person_id=(await phone.person()).id, role=Role.VOLUNTEER)


# ------------------------------------------------------------------------------------------------ skills


@ONE_ENGINE
async def test_the_drivers_place_is_left_to_somebody_who_can_drive(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=3, places=2)
    chen, lin, gao, zhao = (
        await house.coordinator(),
        *await some(house, "Lin", "Gao", "Zhao"),
    )
    await chen.presses(f"needs:{(await Route.get()).id}")
    await chen.walks(("Driving licence", "how many of the places"), ("1", "1 of them with: Driving licence"))
    shift = await the_shift(canteen, WEDNESDAY)
    assert "is yours" in await takes(lin, shift)
    assert await part_of(lin, shift) is None
    await gao.says("/shifts")
    assert (
        "Wed 25 Nov, 10:00–12:00 · Route 1 · 3 homes · 1 place left, only with: Driving licence"
        in gao.last.text
    )
    assert "for somebody with this: Driving licence" in await takes(gao, shift)
    await gao.taps("I have that: tell the coordinator")
    assert "Gao says: I have this: Driving licence" in chen.last.text
    assert "Driving licence" in await takes(gao, shift), "it counts once the coordinator has seen it"
    await chen.taps("Note it")
    assert "Ms Chen has noted that you have this: Driving licence" in gao.last.text
    assert "You are down for: Driving licence" in await takes(gao, shift)
    assert await part_of(gao, shift) is Skill.DRIVE
    # The driver looks for a stand-in: only another driver relieves him; who can't drive may stand in for Lin.
    mine = await Claim.get(shift_id=shift.id, part=Skill.DRIVE)
    await gao.presses(f"stand_in:{mine.id}:1")
    assert "shift is full now" in await takes(zhao, shift)
    theirs = await Claim.get(shift_id=shift.id, part=None)
    await lin.presses(f"stand_in:{theirs.id}:1")
    assert "You go in the place of Lin" in await takes(zhao, shift)
    assert await part_of(zhao, shift) is None


async def test_a_drivers_place_is_offered_to_the_first_in_line_who_drives(
    house: House,
) -> None:
    canteen = await a_canteen_with_shifts(house, homes=3, places=2)
    chen, lin, gao, zhao, wu = (
        await house.coordinator(), *await some(house, "Lin", "Gao", "Zhao", "Wu"),
    )  # fmt: skip
    route = await Route.get()
    await Need.set(route.id, Skill.DRIVE, 1, await chen.person(), house.now)
    for phone in (gao, wu):
        await chen.presses(f"skill_yes:{canteen.id}:{(await phone.person()).id}:drive")
    shift = await the_shift(canteen, WEDNESDAY)
    await takes(lin, shift)
    await takes(gao, shift)
    await zhao.presses(f"line_join:{shift.id}")
    await wu.presses(f"line_join:{shift.id}")
    await gao.presses(f"shift_back:{(await Claim.get(part=Skill.DRIVE)).id}")
    await house.tick()
    assert "A place has come free" in wu.last.text
    assert "A place has come free" not in zhao.last.text
    assert (await Standby.get(offered_at__not_isnull=True)).part is Skill.DRIVE
    await wu.taps("I'll take it")
    assert await part_of(wu, shift) is Skill.DRIVE
    await chen.presses(f"needs:{route.id}")
    await chen.walks(("The local dialect", "how many"), ("1", "1 of them with: The local dialect"))
    await zhao.presses(f"line_join:{(await the_shift(canteen, THURSDAY)).id}")
    assert "for somebody with this" in zhao.last.text
    await zhao.presses(f"promise:{route.id}")
    await zhao.taps("Mon")
    await zhao.taps("Done")
    assert "for somebody with this" in zhao.last.text


# ------------------------------------------------------------------------------------------ introduction


async def test_a_first_shift_goes_with_somebody_who_knows_it(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2, places=2)
    chen, lin, gao, zhao = (
        await house.coordinator(),
        *await some(house, "Lin", "Gao", "Zhao"),
    )
    await chen.says("/settings")
    await chen.taps("Volunteers and duty")
    await chen.taps("The first time with somebody")
    assert "goes with somebody who knows it" in chen.last.text
    await chen.presses(f"shown:{(await member_of(lin)).id}:round")
    assert "Knows: Delivery round" in chen.last.text
    tuesday, wednesday = await the_shift(canteen, TUESDAY), await the_shift(canteen, WEDNESDAY)
    assert "is yours" in await takes(gao, wednesday), "somebody who knows it can still come"
    await takes(lin, tuesday)
    await zhao.says("/shifts")
    assert "↳ Lin is there and shows you." in zhao.last.text
    assert "The first time (Delivery round) goes with somebody" in await takes(zhao, wednesday)
    await zhao.taps("Tue 24 Nov, 10:00–12:00 · Route 1")
    assert "It is your first time: Lin will show you." in zhao.last.text
    assert "Zhao comes for the first time: Tue 24 Nov, 10:00–12:00, Route 1." in lin.last.text
    await zhao.presses(f"promise:{tuesday.route_id}")
    await zhao.taps("Mon")
    await zhao.taps("Done")
    assert "The first time" in zhao.last.text, "a promise of every week comes after the first time"
    # Lin can't be swapped away for somebody new.
    await gao.presses(f"swap_ask:{(await held(gao, wednesday)).id}:{(await held(lin, tuesday)).id}")
    assert "The first time" in gao.last.text
    # Walked together, Zhao knows it.
    await house.at("2026-11-24 09:50")
    for phone in (lin, zhao):
        await phone.presses(f"here:{(await held(phone, tuesday)).id}")
    await house.at("2026-11-24 12:20")
    shown = await Introduction.get(person_id=(await zhao.person()).id)
    assert shown.by_id == (await lin.person()).id
    assert "is yours" in await takes(zhao, wednesday)
    assert "There for the first time: Gao." in zhao.last.text


async def held(phone: Phone, shift: Shift) -> Claim:
    return await Claim.get(shift_id=shift.id, person_id=(await phone.person()).id, given_back_at=None)


# --------------------------------------------------------------------------------------------- under age


@ONE_ENGINE
async def test_a_guardian_says_yes_before_the_first_shift(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2, places=2)
    chen, gao, lin = await house.coordinator(), await house.volunteer("Gao"), house.stranger("Lin")
    await lin.presses("offer")
    await lin.walks(
        ("Lin", "phone"), ("13912345678", "How old are you?"), ("16 or 17", "May I tell the coordinator"),
        ("Yes, please tell them", "a parent or guardian has to say yes"),
    )  # fmt: skip
    await chen.taps("Accept")
    shift = await the_shift(canteen, WEDNESDAY)
    assert "a parent or guardian has to say yes first" in await takes(lin, shift)
    await lin.presses(f"line_join:{shift.id}")
    assert "a parent or guardian has to say yes first" in lin.last.text
    await chen.taps("A guardian has said yes")
    await chen.walks(
        ("Mrs Lin", "phone number of Mrs Lin"), ("13800000001", "agrees that Lin helps at"),
        ("Yes, write it down", "Lin can take shifts now"),
    )  # fmt: skip
    yes = await GuardianYes.get()
    assert (yes.name, yes.heard_by_id) == ("Mrs Lin", (await chen.person()).id)
    assert "Mrs Lin has said yes" in lin.last.text
    # Never alone at a door: an adult first.
    assert "Nobody under 18 goes to a door alone" in await takes(lin, shift)
    await takes(gao, shift)
    assert "is yours" in await takes(lin, shift)
    await gao.presses(f"shift_back:{(await held(gao, shift)).id}")
    assert "Whoever is left is under 18" in chen.last.text
    await house.at("2026-11-24 20:00")
    assert "not every route is sure yet" in chen.last.text
    assert "Whoever is left is under 18 and may not go to a door alone" in chen.last.text
    await house.at("2026-11-25 09:50")
    assert "Nobody under 18 goes to a door alone" in (await lin.says("/round"))[-1].text
    # The yes is taken back: the places are open to others.
    await chen.presses(f"guardian_no:{(await member_of(lin)).id}")
    assert "No guardian has said yes so far" in chen.last.text
    assert "Your guardian would rather not" in "".join(message.text for message in lin.heard)
    assert await AgeNote.filter(person_id=(await lin.person()).id).count() == 1


@ONE_ENGINE
async def test_places_that_do_not_suit_an_age_are_open_to_others_once_it_is_noted(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2, places=2)
    chen, lin, gao = await house.coordinator(), await house.volunteer("Lin"), await house.volunteer("Gao")
    by = await chen.person()
    await Route.add(canteen.id, "Van", by, house.now, kind=Kind.DRIVER, starts_at="08:00", ends_at="09:30")
    await house.tick()
    driving, round_ = await the_shift(canteen, TUESDAY, "Van"), await the_shift(canteen, TUESDAY)
    for phone, shift in ((gao, round_), (lin, round_), (lin, driving)):
        await takes(phone, shift)
    await GuardianYes.hear(await lin.person(), canteen.id, "Mrs Lin", "+8613800000001", by, house.now)
    for _twice in range(2):
        await chen.presses(f"age_set:{(await member_of(lin)).id}:under_18")
    (told,) = [one for one in lin.heard if "Your place is open to others now" in one.text]
    assert "Tue 24 Nov, 08:00–09:30, Van" in told.text
    assert "Nobody under 18 drives for us" in told.text
    (heard,) = [one for one in chen.heard if "Lin may not come any more" in one.text]
    assert "Nobody else is down for it." in heard.text
    assert (await Shift.get(id=driving.id)).taken == 0
    assert await held(lin, round_), "beside an adult Lin may stay"


@ONE_ENGINE
async def test_nobody_under_age_drives_or_stays_after_their_hour(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, homes=2, places=2)
    chen, lin, gao = await house.coordinator(), await house.volunteer("Lin"), await house.volunteer("Gao")
    member, person, by = await member_of(lin), await lin.person(), await chen.person()
    await chen.says("/people")
    await chen.taps("Skills and age of a volunteer")
    await chen.taps("Lin")
    await chen.taps("Has it: Driving licence")
    await chen.presses(f"helper:{member.id}")
    assert "Has: Driving licence" in chen.last.text
    await chen.taps("14 or 15")
    assert "Age: 14 or 15" in chen.last.text
    assert "Driving licence" not in chen.last.text
    await GuardianYes.hear(person, canteen.id, "Mrs Lin", "+8613800000001", by, house.now)
    van = await Route.add(canteen.id, "Van", by, house.now, kind=Kind.DRIVER)
    late = await Route.add(
        canteen.id, "Washing up", by, house.now, kind=Kind.KITCHEN, starts_at="16:00", ends_at="18:30"
    )
    await house.tick()
    assert "Nobody under 18 drives" in await takes(lin, await the_shift(canteen, TUESDAY, "Van"))
    assert "goes on after 18:00" in await takes(lin, await the_shift(canteen, TUESDAY, "Washing up"))
    for route, words in ((van, "drives"), (late, "after 18:00")):
        await lin.presses(f"promise:{route.id}")
        await lin.taps("Mon")
        await lin.taps("Done")
        assert words in lin.last.text
    await lin.presses(f"skill_say:{canteen.id}:drive")
    assert "Nobody under 18 drives" in lin.last.text
    # Nor is Lin asked, or swapped there.
    tuesday, wednesday = await the_shift(canteen, TUESDAY), await the_shift(canteen, WEDNESDAY)
    driving = await the_shift(canteen, TUESDAY, "Van")
    await takes(chen, wednesday)
    await takes(lin, wednesday)
    await takes(gao, driving)
    await lin.presses(f"swap_ask:{(await held(lin, wednesday)).id}:{(await held(gao, driving)).id}")
    assert "Nobody under 18 drives" in lin.last.text
    await chen.presses(f"ask_more:{tuesday.id}")
    assert "Could you come?" not in lin.last.text
