"""Somebody else instead: a stand-in, or a swap. Until the other says yes, a place stays whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers import doorcard
from handlers.chat import (
    VOLUNTEER,
    Button,
    Chat,
    Mail,
    Priority,
    button,
    explains,
    press,
    still,
)
from handlers.shiftwords import (
    cannot_come,
    canteens_of,
    card_of,
    homes_of,
    never_mind,
    refresh_today,
    waiting,
    when,
)
from handlers.text import Text, _, bold, lines
from models.people import Person
from models.shiftrefusals import SwapOver
from models.shifts import Claim, Shift
from models.swaps import Swap

SHOWN: Final = 8


# --------------------------------------------------------------------------------------------- stand-in


@button("instead", for_=VOLUNTEER)
async def somebody_else(chat: Chat) -> None:
    """Offer for each place to come to find a stand-in, or to swap."""
    zones = {canteen.id: canteen.zone for canteen in await canteens_of(chat)}
    coming = [
        claim
        for claim in await Claim.coming(chat.person, chat.now)
        if claim.started_at is None and claim.shift.starts_at > chat.now
    ][:SHOWN]
    if not coming:
        chat.say(_("You have no shift to come."), buttons=[press(_("See open shifts"), "/shifts")])
        return
    keys: list[Button] = []
    for claim in coming:
        shift = claim.shift
        if claim.stand_in_at is None:
            keys.append(press(_("Find a stand-in: {when}", when=shift.starts_at), "stand_in", claim.id, 1))
        keys.append(press(_("Swap: {when}", when=shift.starts_at), "swap", claim.id))
    chat.say(
        _(
            "You can look for a stand-in, or swap with somebody. Until another says yes, the shift stays"
            " yours."
        ),
        buttons=keys,
        zone=zones.get(coming[0].shift.canteen_id),
        card="instead",
        fresh=True,
    )


@button("stand_in", for_=VOLUNTEER)
async def stand_in(chat: Chat, claim_id: int, on: int) -> None:
    """Look for a stand-in, or no longer."""
    claim = await Claim.look_for_stand_in(claim_id, chat.person, chat.now, on=bool(on))
    shift = claim.shift
    if claim.stand_in_at is None:
        words = _("Good: you go yourself on {when}, {route}.", when=when(shift), route=shift.route.name)
        keys = [cannot_come(claim)]
    else:
        words = lines(
            bold(_("I look for a stand-in for {when}, {route}.", when=when(shift), route=shift.route.name)),
            _("Until somebody says yes, it stays yours: please count on going."),
        )
        keys = [press(_("I can go after all"), "stand_in", claim.id, 0), cannot_come(claim)]
    chat.say(words, buttons=keys, zone=shift.canteen.zone, card=card_of(claim), fresh=True)


async def taken_over(claim: Claim) -> Text | None:
    """Say in whose place somebody goes."""
    relieved = await _relieved(claim)
    if relieved is None or relieved.watched:
        return None
    return _("You go in the place of {name}, who knows.", name=relieved.person.name or "?")


async def tell_relieved(mail: Mail, claim: Claim, by: Person) -> None:
    """Tell whoever looked for a stand-in that they are free."""
    relieved = await _relieved(claim)
    if relieved is None:
        return
    shift = claim.shift
    if relieved.watched:
        await doorcard.hide_round(mail, shift, relieved.person)
        mail.say(
            never_mind(shift),
            to=relieved.person,
            zone=shift.canteen.zone,
            key=f"relieved {claim.id}",
        )
        return
    mail.say(
        lines(
            bold(
                _(
                    "{name} goes in your place: {when}, {route}.",
                    name=by.name or "?",
                    when=when(shift),
                    route=shift.route.name,
                )
            ),
            _("You are free. Thank you for having looked for somebody."),
        ),
        to=relieved.person,
        zone=shift.canteen.zone,
        key=f"relieved {claim.id}",
    )


async def _relieved(claim: Claim) -> Claim | None:
    if claim.relieves_id is None:
        return None
    return await Claim.get(id=claim.relieves_id).prefetch_related("person")


# ------------------------------------------------------------------------------------------------- swap


@button("swap", for_=VOLUNTEER)
async def swap(chat: Chat, claim_id: int) -> None:
    """Show whose places one's own could be swapped for."""
    partners = await Swap.partners(claim_id, chat.person, chat.now, SHOWN)
    if not partners:
        chat.say(
            _("Just now there is nobody to swap with. You can look for a stand-in instead: /my"),
            buttons=[press(_("Find a stand-in"), "stand_in", claim_id, 1)],
        )
        return
    zone = partners[0].shift.canteen.zone
    chat.say(
        _("For which shift would you like to swap?"),
        buttons=[
            press(
                _(
                    "{when} · {route} · {name}",
                    when=when(theirs.shift),
                    route=theirs.shift.route.name,
                    name=theirs.person.name or "?",
                ),
                "swap_ask",
                claim_id,
                theirs.id,
            )
            for theirs in partners
        ],
        zone=zone,
        card="instead",
        fresh=True,
    )


@button("swap_ask", for_=VOLUNTEER)
async def ask_to_swap(chat: Chat, claim_id: int, theirs_id: int) -> None:
    """Ask somebody to swap."""
    asked = await Swap.ask(claim_id, theirs_id, chat.person, chat.now)
    zone = asked.mine.shift.canteen.zone
    chat.say(
        _(
            "I have asked {name}. Until the answer comes, you go on {when}, {route}.",
            name=asked.theirs.person.name or "?",
            when=when(asked.mine.shift),
            route=asked.mine.shift.route.name,
        ),
        zone=zone,
        card="instead",
    )
    await _ask_partner(chat, asked)


async def _ask_partner(mail: Mail, asked: Swap) -> None:
    mine, theirs = asked.mine.shift, asked.theirs.shift
    mail.say(
        lines(
            bold(_("{name} would like to swap with you.", name=asked.mine.person.name or "?")),
            _("You would go on {when}, {route}.", when=when(mine), route=mine.route.name),
            _("In return you would be free on {when}, {route}.", when=when(theirs), route=theirs.route.name),
            _("Nothing changes unless you say yes."),
        ),
        to=asked.theirs.person,
        buttons=[press(_("Yes, swap"), "swap_yes", asked.id), press(_("No, thank you"), "swap_no", asked.id)],
        zone=mine.canteen.zone,
        priority=Priority.REMINDER,
        expires=min(mine.starts_at, theirs.starts_at),
        key=f"swap {asked.id}",
        card=_card(asked),
        still=("swap", asked.id),
    )


@button("swap_yes", for_=VOLUNTEER)
async def agree(chat: Chat, swap_id: int) -> None:
    """Swap: both places change hands at once."""
    done = await Swap.agree(swap_id, chat.person, chat.now)
    mine, theirs = done.mine, done.theirs
    await _say_swapped(chat, done, theirs, mine.shift)
    await _say_swapped(chat, done, mine, theirs.shift)
    for shift in (mine.shift, theirs.shift):
        await refresh_today(chat, shift)


async def _say_swapped(chat: Chat, done: Swap, was: Claim, now: Shift) -> None:
    chat.say(
        lines(
            bold(_("Swapped! You go on {when}, {route}.", when=when(now), route=now.route.name)),
            waiting(await homes_of(now), now),
            _("You are free on {when}, {route}.", when=when(was.shift), route=was.shift.route.name),
        ),
        to=was.person,
        buttons=[press(_("My shifts"), "/my")],
        zone=now.canteen.zone,
        key=None if was.person_id == chat.person.id else f"swapped {done.id}",
        card=_card(done) if was.person_id == chat.person.id else None,
    )


@button("swap_no", for_=VOLUNTEER)
async def decline(chat: Chat, swap_id: int) -> None:
    """Say no to a swap; whoever asked hears it kindly."""
    asked, news = await Swap.decline(swap_id, chat.person, chat.now)
    zone = asked.mine.shift.canteen.zone
    chat.say(
        _("All right, everything stays as it is. Thank you for answering."), zone=zone, card=_card(asked)
    )
    if news:
        mine = asked.mine.shift
        chat.say(
            _(
                "{name} can't swap. Your shift stays yours: {when}, {route}.",
                name=chat.person.name or "?",
                when=when(mine),
                route=mine.route.name,
            ),
            to=asked.mine.person,
            buttons=[press(_("Somebody else instead"), "instead")],
            zone=zone,
            key=f"not swapped {asked.id}",
        )


@still("swap")
async def still_wished(swap_id: int, now: datetime) -> bool:
    """Tell whether a swap can still be agreed to."""
    return await Swap.is_open(swap_id, now)


def _card(asked: Swap) -> str:
    return f"swap {asked.id}"


@explains(SwapOver)
def swap_over(_refusal: SwapOver) -> Text:
    return _("That swap is no longer possible. What you have taken is under /my")
