"""How a shift is named, and what depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import today
from handlers.chat import Button, Chat, Mail, press
from handlers.text import Span, Text, _, _n
from models.canteens import Canteen
from models.meals import Meal
from models.people import Person, Role
from models.shifts import Claim, Shift


def when(shift: Shift) -> Span:
    """Say day and hours."""
    return Span(shift.starts_at, shift.ends_at)


def homes(count: int) -> Text:
    """Count the doors of a route."""
    return _n("{n} home", "{n} homes", count)


def waiting(count: int) -> Text:
    """Say what depends on a shift: a concrete number moves people more than a request."""
    if not count:
        return _("Nobody has ordered lunch on this route for that day so far.")
    return _n("{n} person is waiting for this lunch.", "{n} people are waiting for this lunch.", count)


def carries_on(left: Sequence[Person]) -> Text:
    """Say who still carries a route."""
    names = tuple(person.name or "?" for person in left)
    if not names:
        return _("Nobody is left to carry this route.")
    return _("Still there: {names}.", names=names)


def card_of(claim: Claim) -> str:
    """Name the message in which a place is shown as it stands."""
    return f"claim {claim.id}"


def cannot_come(claim: Claim, *, named: bool = False) -> Button:
    """Offer to give a place back; named by its day where several stand below each other."""
    label = _("I can't come: {when}", when=claim.shift.starts_at) if named else _("I can't come")
    return press(label, "shift_back", claim.id)


async def homes_of(shift: Shift) -> int:
    """Count to how many homes lunch is brought on a shift."""
    found = await Meal.homes([shift.canteen_id], shift.day, shift.day)
    return found.get((shift.route_id, shift.day), 0)


async def canteens_of(chat: Chat) -> list[Canteen]:
    """List the canteens for which this person may carry."""
    roles = (Role.VOLUNTEER, Role.COORDINATOR)
    held = [canteen for role in roles for canteen in await chat.person.canteens(role)]
    return list({canteen.id: canteen for canteen in held}.values())


async def on_offer(canteen: Canteen, now: datetime) -> list[tuple[Shift, int]]:
    """List the shifts of a canteen that need somebody and walk to somebody, and to how many homes."""
    found = await Shift.coming(canteen.id, now)
    counts = await Meal.homes([canteen.id], found[0].day, found[-1].day) if found else {}
    return [
        (shift, counts[shift.route_id, shift.day]) for shift in found if (shift.route_id, shift.day) in counts
    ]


async def refresh_today(mail: Mail, shift: Shift) -> None:
    """Keep the coordinators' card of the day true when somebody comes or goes on that very day."""
    if shift.canteen.today(mail.now) == shift.day:
        await today.refresh(mail, shift.canteen_id, shift.day)
