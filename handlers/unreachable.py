"""Somebody whom no message reaches any more: a person calls them."""

from __future__ import annotations

from handlers import groups
from handlers.chat import COORDINATOR, Chat, Mail, Priority, button, press, unreachable
from handlers.text import Span, Text, _, lines
from models import joining
from models.canteens import Canteen
from models.groups import Group
from models.people import Person, Role
from models.seniors import Senior
from models.shifts import Claim

SHIFTS_NAMED = 3


@unreachable
async def tell_coordinators(mail: Mail, person: Person) -> None:
    """Ask the coordinators, once a day, to call somebody who can't be written to."""
    if (group := await Group.read_by(person)) is not None:
        await groups.lost(mail, group)
        return
    canteens = {canteen.id: canteen for role in Role for canteen in await person.canteens(role)}
    for canteen in canteens.values():
        claims = [
            claim
            for claim in await Claim.coming(person, mail.now)
            if claim.shift.canteen_id == canteen.id and claim.started_at is None
        ][:SHIFTS_NAMED]
        text = await _what_is_lost(person, canteen, claims)
        for coordinator in await canteen.coordinators():
            if coordinator.id != person.id:
                mail.say(
                    text,
                    to=coordinator,
                    zone=canteen.zone,
                    priority=Priority.REMINDER,
                    key=f"unreachable {person.id} {coordinator.id} {canteen.today(mail.now)}",
                    reveals=f"phone of person {person.id}",
                    buttons=[
                        press(
                            _("Open the place on {when} to others", when=_when(claim)), "free_place", claim.id
                        )
                        for claim in claims
                    ],
                )


async def _what_is_lost(person: Person, canteen: Canteen, claims: list[Claim]) -> Text:
    name = person.name or "?"
    followed = [senior for senior in await Senior.followed_by(person) if senior.canteen_id == canteen.id]
    return lines(
        _("{name} does not get my messages any more.", name=name),
        *(
            _("They have a shift: {when}, {route}.", when=_when(claim), route=claim.shift.route.name)
            for claim in claims
        ),
        *(_("They follow {senior}. Lunch goes on as always.", senior=senior.display) for senior in followed),
        _("Please call them: {phone}", phone=person.phone)
        if person.phone
        else _("I have no phone number of theirs."),
    )


def _when(claim: Claim) -> Span:
    return Span(claim.shift.starts_at, claim.shift.ends_at)


@button("free_place", for_=COORDINATOR)
async def free_place(chat: Chat, claim_id: int) -> None:
    """Open a volunteer's place to others."""
    freed = await joining.free_place(claim_id, by=chat.person, now=chat.now)
    chat.say(
        _(
            "Done. The place on {route} is open to others: {when}",
            route=freed.shift.route.name,
            when=_when(freed),
        ),
        zone=freed.shift.canteen.zone,
    )
