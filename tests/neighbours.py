"""Two canteens in the middle of their day, with nothing to do with each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.calendar import ServiceDay
from models.calls import CallItem
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.closurenews import ClosureNews
from models.closures import Closure, ClosureKind, ClosureReason, Plan
from models.datedsettings import DatedSetting
from models.dietwishes import DietWish
from models.dishes import Course, Dish
from models.files import File, FileKind
from models.filling import Call
from models.firstvisits import BesideCall, FirstVisit
from models.groups import Group
from models.handover import Handover
from models.hours import HoursEntry, HoursSource
from models.joining import ask
from models.line import Standby
from models.meals import Meal, MealEvent, MealState
from models.menus import Planned, enter
from models.notices import Audience, Notice
from models.people import Membership, Person, Role
from models.phonecalls import PhoneCall
from models.risks import Risk
from models.routes import Route
from models.seniors import Agreed, Kinship, Mode, Senior, Status
from models.shifts import Claim, Shift
from models.spells import Spell, SpellKind
from models.standing import Away, Standing
from models.swaps import Swap
from tests.house import House, Phone
from tests.played import played_once

TODAY: Final = "2026-11-24"


@dataclass
class Neighbour:
    """One canteen, one person of every role in it, and one of everything that a button can name."""

    canteen: Canteen
    phones: dict[Role, Phone]
    route: Route
    senior: Senior
    waiting: Senior
    shift: Shift
    claim: Claim
    meal: Meal
    word: MealEvent
    case: Case
    entry: HoursEntry
    asked: Membership
    notice: Notice
    setting: DatedSetting
    news: ClosureNews
    to_call: CallItem
    dish: Dish
    planned: Planned
    wish: DietWish
    standby: Standby
    swap: Swap
    standing: Standing
    away: Away
    beside: BesideCall
    call: Call
    group: Group
    handover: Handover
    phoned: PhoneCall
    spell: Spell
    file: File
    secrets: tuple[str, ...]


async def neighbour(house: House, name: str, known: str) -> Neighbour:
    """Open a canteen whose seniors are called after `known`, and fill it up to the eve of its first day."""
    canteen = await house.canteen(name)
    canteen.human_name, canteen.human_phone = f"Ms {known}", "+862155550000"
    await canteen.save()
    phones = {
        role: await house.member(f"{role.capitalize()} {known}", role, canteen=canteen)
        for role in (Role.COORDINATOR, Role.VOLUNTEER, Role.KITCHEN, Role.COUNSELLOR, Role.FAMILY)
    }
    chen = await phones[Role.COORDINATOR].person()
    family = await phones[Role.FAMILY].person()
    seniors = []
    for at, called in enumerate((f"Grandma {known}", f"Grandpa {known}"), 1):
        senior = await Senior.register(
            canteen_id=canteen.id, name=f"{known}-{at}", called=called, born=1939 + at,
            phone=f"+8621555501{at:02}", address=f"{at} {known} Lane, door 201", knock=f"Knock {known} {at}",
            plan=f"Plan {known} {at}", mode=Mode.DELIVERY, weekdays=31, labels=["low_salt"], texture="soft",
            allergies=["fish"], avoids=None, contact=(f"Cousin {known} {at}", f"+8613900001{at:03}", None),
            alone=True, agreed=Agreed.YES, by=family, now=house.now,
        )  # fmt: skip
        seniors.append(senior)
    served, waiting = seniors
    await Senior.accept(served.id, chen, house.now)
    asker = house.phone(f"Asker {known}")
    await asker.says("/start")
    asked = await ask(
        await asker.person(), canteen.id, name=f"Asker {known}", phone="+8613900001999", now=house.now
    )
    await house.tick()
    shift = await Shift.get(canteen_id=canteen.id, day=TODAY)
    claim = await Shift.claim(shift.id, await phones[Role.VOLUNTEER].person(), house.now)
    entry = await HoursEntry.create(
        person_id=claim.person_id, canteen_id=canteen.id, day=TODAY, minutes=60,
        source=HoursSource.PLANNED, at=house.now,
    )  # fmt: skip
    await DatedSetting.plan(canteen.id, {"quota": 20}, date(2026, 12, 1), by=chen, now=house.now)
    friday = date.fromisoformat(TODAY) + timedelta(days=3)
    plan = Plan(
        canteen.id, friday, friday, ClosureKind.LATER, ClosureReason.OTHER, f"Word of {known}", None, 60
    )
    declared = await Closure.declare(plan, chen, house.now)
    assert declared.news is not None
    standby, swap = await _others(phones[Role.COORDINATOR], claim, house)
    later = shift.day + timedelta(days=30)
    notice = await Notice.send(canteen.id, Audience.EVERYONE, f"Word of {known}", chen, house.now)
    day = date.fromisoformat(TODAY)
    await enter(canteen.id, {day: [Course(f"Soup of {name}")]}, chen, house.now)
    wish = await DietWish.ask(
        served.id, labels=["gout"], texture="soft", allergies=[], avoids=None, since=day, by=family,
        now=house.now,
    )  # fmt: skip
    visit = await FirstVisit.create(shift_id=shift.id, at=house.now)
    return Neighbour(
        canteen=canteen,
        phones=phones,
        route=(await Route.of(canteen.id))[0],
        senior=served,
        waiting=waiting,
        shift=shift,
        claim=claim,
        meal=Meal(),
        word=MealEvent(),
        case=Case(),
        entry=entry,
        asked=asked,
        notice=notice,
        setting=await DatedSetting.get(canteen_id=canteen.id),
        news=declared.news,
        to_call=await CallItem.get(call_list__canteen_id=canteen.id),
        dish=await Dish.get(canteen_id=canteen.id),
        planned=await Planned.get(canteen_id=canteen.id),
        wish=wish,
        standby=standby,
        swap=swap,
        group=await _bound(canteen, house),
        beside=await BesideCall.create(visit_id=visit.id, person_id=chen.id, at=house.now),
        call=await Call.create(shift_id=shift.id, person_id=chen.id, step=0, asked_at=house.now),
        handover=await Handover.create(claim_id=claim.id, to_id=chen.id, asked_at=house.now),
        standing=await Standing.promise(shift.route_id, 1, chen, house.now),
        file=File(),
        away=await Away.say(chen, later, later, later, house.now),
        phoned=await _phones(canteen, chen, house),
        spell=await Spell.declare(
            canteen.id, SpellKind.COLD, friday, [Risk.ALONE], f"Word of {known}", chen, house.now
        ),
        secrets=(known,),
    )


async def _bound(canteen: Canteen, house: House) -> Group:
    chen = (await canteen.coordinators())[0]
    code = await Group.invite(canteen.id, by=chen, now=house.now)
    group, _before = await Group.bind(code, "test", f"-{canteen.id}", f"Helpers of {canteen.name}", house.now)
    return group


async def _phones(canteen: Canteen, chen: Person, house: House) -> PhoneCall:
    """Let the coordinator have a senior of the call list in hand."""
    call, _ended = await PhoneCall.take(canteen.id, chen, house.now)
    assert call is not None
    return call


async def _others(phone: Phone, claim: Claim, house: House) -> tuple[Standby, Swap]:
    """Let the coordinator wait for the volunteer's place, and the volunteer wish to swap for one of hers."""
    chen, volunteer = await phone.person(), await Person.get(id=claim.person_id)
    standby = await Standby.create(shift_id=claim.shift_id, person_id=chen.id, asked_at=house.now)
    later = await Shift.filter(canteen_id=claim.shift.canteen_id, day__gt=TODAY).order_by("day").first()
    assert later is not None
    theirs = await Shift.claim(later.id, chen, house.now)
    return standby, await Swap.ask(claim.id, theirs.id, volunteer, house.now)


async def noon(house: House, *neighbours: Neighbour, at: str = "10:30") -> None:
    """Go on to the middle of the round: orders closed, meals made, one door stayed shut."""
    await house.at(f"{TODAY} {at}")
    for each in neighbours:
        assert (await Senior.get(id=each.senior.id)).status is Status.ACTIVE
        assert await ServiceDay.of(each.canteen.id, each.shift.day) is not None
        each.meal = await Meal.get(senior_id=each.senior.id, day=TODAY)
        volunteer = await each.phones[Role.VOLUNTEER].person()
        # A word that was taken back, whatever the hour: at some of them nobody may say anything at the door.
        each.word = await MealEvent.create(
            meal_id=each.meal.id, state=MealState.AT_DOOR, by_id=volunteer.id,
            at=house.now, heard_at=house.now, voided_at=house.now,
        )  # fmt: skip
        each.case = await Case.open(
            CaseKind.NO_ANSWER, each.senior, each.shift.day, each.meal, volunteer, None, house.now
        )
        each.file = await File.create(
            canteen_id=each.canteen.id, senior_id=each.senior.id, case_id=each.case.id,
            kind=FileKind.VOICE, mime="audio/ogg", size=4, sealed="T2dnUw==", channel="test",
            by_id=volunteer.id, at=house.now,
        )  # fmt: skip
        assert await Kinship.of(each.senior)


@played_once
async def two_canteens(house: House) -> tuple[Neighbour, Neighbour]:
    """Open two canteens, ours and theirs, and go on to half past ten of a Tuesday."""
    ours = await neighbour(house, "Ping'an Lane", "Wang")
    theirs = await neighbour(house, "Long Street", "Zhao")
    await noon(house, ours, theirs)
    return ours, theirs
