"""How a shift is named, and what depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from handlers import today
from handlers.chat import Button, Chat, Mail, press
from handlers.text import Span, Text, _, _n
from models.canteens import Canteen
from models.demand import waiting_for
from models.people import Person, Role
from models.routes import Kind
from models.shifts import Claim, Shift
from models.skills import Skill

SKILLS: Final[dict[Skill, Text]] = {
    Skill.DRIVE: _("Driving licence"),
    Skill.DIALECT: _("The local dialect"),
    Skill.HEALTH: _("Health certificate for the kitchen"),
}
KINDS: Final[dict[Kind, Text]] = {
    Kind.ROUND: _("Delivery round"),
    Kind.KITCHEN: _("Kitchen"),
    Kind.DESK: _("Desk"),
    Kind.DRIVER: _("Driving"),
}


def when(shift: Shift) -> Span:
    """Say day and hours."""
    return Span(shift.starts_at, shift.ends_at)


def homes(count: int) -> Text:
    """Count the doors of a route."""
    return _n("{n} home", "{n} homes", count)


def depends(shift: Shift, count: int) -> Text:
    """Count what depends on a shift: the doors of a round, or the lunches of the other work."""
    return homes(count) if shift.route.kind is Kind.ROUND else _n("{n} lunch", "{n} lunches", count)


def waiting(count: int, shift: Shift | None = None) -> Text:
    """Say what depends on a shift: a concrete number moves people more than a request."""
    if shift is not None and shift.route.kind is not Kind.ROUND:
        if not count:
            return _("Nobody has ordered lunch for that day so far.")
        return _n("{n} person has lunch that day.", "{n} people have lunch that day.", count)
    if not count:
        return _("Nobody has ordered lunch on this route for that day so far.")
    return _n("{n} person is waiting for this lunch.", "{n} people are waiting for this lunch.", count)


def only_young() -> Text:
    """Say that somebody under age is alone on a round."""
    return _("Whoever is left is under 18 and may not go to a door alone: an adult is needed.")


def carries_on(left: Sequence[Person], shift: Shift) -> Text:
    """Say who still carries a route, or does other work."""
    names = tuple(person.name or "?" for person in left)
    if not names and shift.route.kind is not Kind.ROUND:
        return _("Nobody else is down for it.")
    if not names:
        return _("Nobody is left to carry this route.")
    return _("Still there: {names}.", names=names)


def never_mind(shift: Shift) -> Text:
    """Say kindly to whoever is too late that somebody else is there."""
    if shift.route.kind is not Kind.ROUND:
        return _(
            "Never mind: somebody else is there for {route} today. Take care on your way!",
            route=shift.route.name,
        )
    return _("Never mind: somebody carries {route} today. Take care on your way!", route=shift.route.name)


def card_of(claim: Claim) -> str:
    """Name the message in which a place is shown as it stands."""
    return f"claim {claim.id}"


def tools(shift: Shift) -> list[Button]:
    """Make the buttons with which the work is done: the desk's card, or the kitchen's log."""
    match shift.route.kind:
        case Kind.DESK:
            return [press(_("Sign in guests"), "desk_open", shift.canteen_id)]
        case Kind.KITCHEN:
            return [press(_("Temperature and samples"), "food", shift.canteen_id)]
        case _:
            return []


def cannot_come(claim: Claim, *, named: bool = False) -> Button:
    """Offer to give a place back; named by its day where several stand below each other."""
    label = _("I can't come: {when}", when=claim.shift.starts_at) if named else _("I can't come")
    return press(label, "shift_back", claim.id)


async def homes_of(shift: Shift) -> int:
    """Count to how many homes lunch is brought on a shift, or how many lunches its other work is for."""
    return (await waiting_for([shift]))[shift.id]


def where(shift: Shift) -> Text | None:
    """Say where one comes to, if that is on record."""
    place = shift.route.place
    return _("Please come to: {place}", place=place) if place else None


def as_what(claim: Claim) -> Text | None:
    """Say for which skill somebody has a place."""
    return _("You are down for: {skill}", skill=SKILLS[Skill(claim.part)]) if claim.part else None


async def canteens_of(chat: Chat) -> list[Canteen]:
    """List the canteens for which this person may carry."""
    roles = (Role.VOLUNTEER, Role.COORDINATOR)
    held = [canteen for role in roles for canteen in await chat.person.canteens(role)]
    return list({canteen.id: canteen for canteen in held}.values())


async def on_offer(canteen: Canteen, now: datetime) -> list[tuple[Shift, int]]:
    """List the shifts of a canteen that need somebody and are for somebody, and for how many."""
    found = await Shift.coming(canteen.id, now)
    counts = await waiting_for(found)
    return [(shift, counts[shift.id]) for shift in found if counts[shift.id]]


async def refresh_today(mail: Mail, shift: Shift) -> None:
    """Keep the coordinators' card of the day true when somebody comes or goes on that very day."""
    if shift.canteen.today(mail.now) == shift.day:
        await today.refresh(mail, shift.canteen_id, shift.day)
