"""A first visit: somebody who knows the way is asked to go beside a carrier who doesn't."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers import shifts
from handlers.chat import VOLUNTEER, Chat, Mail, Priority, button, every, press, still
from handlers.shiftwords import cannot_come, card_of, carries_on, only_young, refresh_today, when
from handlers.text import Text, _, _n, bold, lines
from models import firstvisits
from models.duties import on_duty
from models.firstvisits import BesideCall, FirstVisit, Pairing
from models.shifts import Claim, GivenBack, Shift

BATCH: Final = 50


@every(seconds=60)
async def pair(mail: Mail) -> bool:
    """Ask those who know the way for each first visit of the next day, or tell the coordinator of it."""
    pairings = await firstvisits.pair_due(mail.now, BATCH)
    for pairing in pairings:
        for call in pairing.calls:
            _ask(mail, pairing, call)
        if not pairing.calls:
            await _nobody(mail, pairing)
    return len(pairings) == BATCH


def _new(count: int) -> Text:
    return _n("{n} home gets lunch for the first time.", "{n} homes get lunch for the first time.", count)


def _ask(mail: Mail, pairing: Pairing, call: BesideCall) -> None:
    shift = pairing.shift
    mail.say(
        lines(
            bold(_("Could you go along? {when}, {route}", when=when(shift), route=shift.route.name)),
            _new(pairing.lunches),
            _(
                "{names} does not know the way yet, and you do. Two faces are easier than one stranger.",
                names=_names(pairing),
            ),
        ),
        to=call.person,
        buttons=[
            press(_("I'll go along"), "beside_yes", call.id),
            press(_("Not this time"), "beside_no", call.id),
        ],
        zone=shift.canteen.zone,
        priority=Priority.REMINDER,
        expires=shift.starts_at,
        key=f"beside {call.id}",
        card=_card(call.id),
        still=("beside", call.id),
    )


async def _nobody(mail: Mail, pairing: Pairing) -> None:
    shift = pairing.shift
    for coordinator in await on_duty(shift.canteen, shift.day):
        mail.say(
            lines(
                bold(_("First visit without a familiar face: {when}, {route}.", when=when(shift),
                       route=shift.route.name)),
                _new(pairing.lunches),
                _("{names} does not know the way yet, and nobody who does is free. Could you go along?",
                  names=_names(pairing)),
            ),
            to=coordinator,
            zone=shift.canteen.zone,
            priority=Priority.REMINDER,
            expires=shift.starts_at,
            key=f"first visit {shift.id} {coordinator.id}",
        )  # fmt: skip


def _names(pairing: Pairing) -> tuple[str, ...]:
    return tuple(person.name or "?" for person in pairing.carriers)


@button("beside_yes", for_=VOLUNTEER)
async def go_beside(chat: Chat, beside_id: int) -> None:
    """Go along, and whoever carries the round hears with whom; or carry it, where nobody is left who does."""
    claim, news = await firstvisits.go_beside(beside_id, chat.person, chat.now)
    shift = claim.shift
    said = _("You said yes to this: {when}, {route}.", when=when(shift), route=shift.route.name)
    chat.say(said, zone=shift.canteen.zone, card=_card(beside_id), only_update=True)
    if await FirstVisit.companion(shift.id) != chat.person:
        await shifts.confirm(chat, chat.person, claim)
        return
    chat.say(
        lines(
            bold(_("Thank you! You go along: {when}, {route}.", when=when(shift), route=shift.route.name)),
            _("I tell them that you come."),
        ),
        buttons=[cannot_come(claim)],
        zone=shift.canteen.zone,
        card=card_of(claim),
        fresh=True,
    )
    if not news:
        return
    for person in await Shift.carrier(shift.route_id, shift.day):
        if person.id != chat.person.id:
            chat.say(
                _(
                    "First visit: with {name}, who knows the way. {when}, {route}.",
                    name=chat.person.name or "?",
                    when=when(shift),
                    route=shift.route.name,
                ),
                to=person,
                zone=shift.canteen.zone,
                key=f"with {claim.id} {person.id}",
            )
    await refresh_today(chat, shift)


@button("beside_no", for_=VOLUNTEER)
async def not_this_time(chat: Chat, beside_id: int) -> None:
    """Say no; when all have said no, the coordinator hears it."""
    no = await firstvisits.decline(beside_id, chat.person, chat.now)
    if no.held is not None:
        held = await Claim.get(id=no.held.id).prefetch_related("shift__route", "shift__canteen")
        chat.say(
            _("You have a place there yourself, and it stays yours. If you can't come, please tap below."),
            buttons=[cannot_come(held)],
            zone=held.shift.canteen.zone,
        )
        return
    chat.say(_("All right. Thank you for answering!"), card=_card(beside_id))
    if no.given is not None and no.given.news:
        shift = no.given.claim.shift
        chat.say(not_along(shift), zone=shift.canteen.zone, card=card_of(no.given.claim), only_update=True)
        await tell_parted(chat, no.given)
    if no.nobody is not None:
        await _nobody(chat, no.nobody)


def not_along(shift: Shift) -> Text:
    """Say to somebody who had gone along that they don't any more."""
    return _("All right, you don't go along: {when}, {route}. Thank you for saying so.", when=when(shift),
             route=shift.route.name)  # fmt: skip


async def tell_parted(chat: Chat, given: GivenBack) -> None:
    """Tell those with whom somebody would have gone along that they can't, and the coordinators."""
    claim, shift = given.claim, given.claim.shift
    told = {person.id: person for person in (*given.left, *await on_duty(shift.canteen, shift.day))}
    for person in told.values():
        if person.id != chat.person.id:
            chat.say(
                lines(
                    bold(_("{name} can't go along after all: {when}, {route}.", name=chat.person.name or "?",
                           when=when(shift), route=shift.route.name)),
                    carries_on(given.left, shift),
                    only_young() if given.alone else None,
                ),
                to=person,
                zone=shift.canteen.zone,
                key=f"without {claim.id} {person.id}",
            )  # fmt: skip
    await refresh_today(chat, shift)


@still("beside")
async def still_wanted(beside_id: int, now: datetime) -> bool:
    """Tell whether somebody is still to go along."""
    return await firstvisits.is_wanted(beside_id, now)


def _card(call_id: int) -> str:
    return f"beside {call_id}"
