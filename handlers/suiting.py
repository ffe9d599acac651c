"""Whom a shift suits: skills that are asked for, the first time with somebody who knows it, and age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Final

from handlers.chat import VOLUNTEER, Chat, Mail, button, explains, press
from handlers.shiftwords import KINDS, SKILLS, when
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.introductions import guides, knows
from models.people import Person
from models.refusals import Gone
from models.routes import Kind
from models.shiftrefusals import (
    GuardianMissing,
    NeedsAdult,
    NotIntroduced,
    SkillWanted,
    TooLateForAge,
    TooYoungToDrive,
)
from models.shifts import Claim, Shift
from models.skills import Ability, Skill

SHOWN: Final = 3


async def refuse(chat: Chat, refused: SkillWanted | NotIntroduced) -> None:
    """Say why not, with the nearest way to a yes."""
    if isinstance(refused, SkillWanted):
        chat.say(
            skill_wanted(refused),
            buttons=[
                press(_("I have that: tell the coordinator"), "skill_say", refused.canteen_id, refused.skill),
                press(_("See the other shifts"), "/shifts"),
            ],
        )
        return
    canteen = await Canteen.get(id=refused.canteen_id)
    shifts = [
        shift
        for shift in await Shift.coming(refused.canteen_id, chat.now)
        if shift.route.kind is Kind(refused.kind) and await guides(shift)
    ][:SHOWN]
    chat.say(
        not_introduced(refused),
        buttons=[
            *(
                press(
                    _("{when} · {route}", when=when(shift), route=shift.route.name), "shift_take", shift.id, 0
                )
                for shift in shifts
            ),
            press(_("See the other shifts"), "/shifts"),
        ],
        zone=canteen.zone,
    )


@button("skill_say", for_=VOLUNTEER)
async def say_skill(chat: Chat, canteen_id: int, skill: str) -> None:
    """Tell the coordinators what one can do; it counts once one of them has seen to it."""
    if skill not in set(Skill):
        raise Gone
    ability, news = await Ability.say(chat.person, canteen_id, Skill(skill), chat.now)
    canteen = await Canteen.get(id=canteen_id)
    if ability.confirmed_at is not None:
        chat.say(
            _(
                "The coordinator knows that already: {skill}. Open shifts are under /shifts",
                skill=SKILLS[ability.skill],
            )
        )
        return
    chat.say(
        _(
            "Thank you! I have told the coordinator: {skill}. You hear from me when it is noted.",
            skill=SKILLS[ability.skill],
        )
    )
    if not news:
        return
    for coordinator in await canteen.coordinators():
        chat.say(
            lines(
                _(
                    "{name} says: I have this: {skill}",
                    name=chat.person.name or "?",
                    skill=SKILLS[ability.skill],
                ),
                _("Please look at the paper itself before you note it."),
            ),
            to=coordinator,
            buttons=[press(_("Note it"), "skill_yes", canteen_id, chat.person.id, skill)],
            zone=canteen.zone,
            key=f"ability {ability.id} {coordinator.id}",
        )


# --------------------------------------------------------------------------------------- the first time


async def guides_of(shifts: Sequence[Shift], person: Person, canteen: Canteen) -> dict[int, Text]:
    """Say on which shifts somebody is there who shows it to this person, if it is their first time."""
    if not canteen.introduces:
        return {}
    new = {
        kind for kind in {shift.route.kind for shift in shifts} if not await knows(person, canteen.id, kind)
    }
    found: dict[int, Text] = {}
    for shift in shifts:
        there = await guides(shift) if shift.route.kind in new else []
        if there:
            found[shift.id] = _("↳ {name} is there and shows you.", name=there[0].person.name or "?")
    return found


async def together(claim: Claim) -> list[Text]:
    """Say who shows it to whoever is new to a shift, or who is new to it."""
    others = await _others(claim)
    if others is None:
        return []
    new, names = others
    if not names:
        return []
    return [
        _("It is your first time: {names} will show you.", names=names)
        if new
        else _("There for the first time: {names}. Please show them.", names=names)
    ]


async def tell_guides(mail: Mail, claim: Claim) -> None:
    """Tell those who know a shift who comes to it for the first time."""
    shift = claim.shift
    if not shift.canteen.introduces or await knows(await claim.person, shift.canteen_id, shift.route.kind):
        return
    for guide in await guides(shift):
        mail.say(
            lines(
                bold(
                    _(
                        "{name} comes for the first time: {when}, {route}.",
                        name=(await claim.person).name or "?",
                        when=when(shift),
                        route=shift.route.name,
                    )
                ),
                _("Please show how it is done. Thank you!"),
            ),
            to=guide.person,
            zone=shift.canteen.zone,
            key=f"guide {guide.id} {claim.id}",
        )


async def _others(claim: Claim) -> tuple[bool, tuple[str, ...]] | None:
    """Tell whether somebody is new, and who knows it; or, to one who does, who is new."""
    shift = claim.shift
    if not shift.canteen.introduces:
        return None
    experienced = await guides(shift)
    if claim.person_id not in {one.person_id for one in experienced}:
        return True, tuple(one.person.name or "?" for one in experienced)
    known = {one.person_id for one in experienced}
    held = Claim.filter(shift_id=shift.id, given_back_at=None, left_at=None).order_by("id")
    return False, tuple(
        one.person.name or "?" for one in await held.prefetch_related("person") if one.person_id not in known
    )


# ------------------------------------------------------------------------------------------- why not


@explains(SkillWanted)
def skill_wanted(refusal: SkillWanted) -> Text:
    return _(
        "What is left on that shift is for somebody with this: {skill}. As far as I know you don't have it"
        " yet. The others are under /shifts",
        skill=SKILLS[Skill(refusal.skill)],
    )


@explains(NotIntroduced)
def not_introduced(refusal: NotIntroduced) -> Text:
    return _(
        "The first time ({kind}) goes with somebody who knows it, and there nobody does."
        " Where somebody shows you is written under /shifts",
        kind=KINDS[Kind(refusal.kind)],
    )


@explains(GuardianMissing)
def guardian_missing(_refusal: GuardianMissing) -> Text:
    return _(
        "You are under 18, so a parent or guardian has to say yes first. Please ask them to call the"
        " coordinator: write 0 and I tell you the number."
    )


@explains(NeedsAdult)
def needs_adult(_refusal: NeedsAdult) -> Text:
    return _(
        "Nobody under 18 goes to a door alone, and no adult has taken that round yet. What else there is,"
        " in the kitchen too, is under /shifts"
    )


@explains(TooYoungToDrive)
def too_young_to_drive(_refusal: TooYoungToDrive) -> Text:
    return _("Nobody under 18 drives for us. What else there is to do is under /shifts")


@explains(TooLateForAge)
def too_late_for_age(refusal: TooLateForAge) -> Text:
    return _(
        "That shift goes on after {until}, and at your age it has to end by then."
        " Earlier ones are under /shifts",
        until=time.fromisoformat(refusal.until),
    )
