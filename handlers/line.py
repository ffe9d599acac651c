"""Waiting in line for a full shift: a free place is offered, kept for a while, and then the next is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers.chat import VOLUNTEER, Chat, Mail, Priority, button, every, explains, press, still
from handlers.shiftwords import canteens_of, homes_of, waiting, when
from handlers.text import Text, _, _n, bold, lines
from models.line import Standby, lines_of
from models.refusals import NotAllowed
from models.shiftrefusals import NoLine
from models.shifts import Claim, Shift

BATCH: Final = 100
SHOWN: Final = 8


@button("shifts_full", for_=VOLUNTEER)
async def full_shifts(chat: Chat, canteen_id: int) -> None:
    """List the full shifts for which one can wait in line."""
    canteen = next((one for one in await canteens_of(chat) if one.id == canteen_id), None)
    if canteen is None:
        raise NotAllowed
    mine = {claim.shift_id for claim in await Claim.coming(chat.person, chat.now)}
    found = [shift for shift in await Shift.full(canteen_id, chat.now) if shift.id not in mine][:SHOWN]
    queues = await lines_of([shift.id for shift in found], chat.person)
    chat.say(
        lines(
            bold(_("Full shifts at {canteen}", canteen=canteen.name)),
            *(_in_line(shift, queues[shift.id].waiting) for shift in found),
            _("If somebody gives a place back, I ask whoever waits, one after the other."),
        )
        if found
        else _("No shift at {canteen} is full just now: /shifts", canteen=canteen.name),
        buttons=[
            press(
                _("Leave the line: {when} · {route}", when=when(shift), route=shift.route.name),
                "line_leave",
                mine_.id,
            )
            if (mine_ := queues[shift.id].mine)
            else press(
                _("Wait in line: {when} · {route}", when=when(shift), route=shift.route.name),
                "line_join",
                shift.id,
            )
            for shift in found
        ],
        zone=canteen.zone,
        card=f"full {canteen.id}",
        fresh=True,
    )


def _in_line(shift: Shift, count: int) -> Text:
    when_, route = when(shift), shift.route.name
    if not count:
        return _("{when} · {route} · nobody waits yet", when=when_, route=route)
    return _n("{when} · {route} · {n} waits", "{when} · {route} · {n} wait", count, when=when_, route=route)


@button("line_join", for_=VOLUNTEER)
async def join(chat: Chat, shift_id: int) -> None:
    """Wait in line for a place on a full shift."""
    standby, place = await Standby.join(shift_id, chat.person, chat.now)
    shift = standby.shift
    chat.say(
        lines(
            bold(_("You are in line for {when}, {route}.", when=when(shift), route=shift.route.name)),
            _("You are next.") if place == 1 else _("You are number {place}.", place=place),
            _("If a place comes free, I ask you first; nothing is decided without your yes."),
        ),
        buttons=[press(_("Leave the line"), "line_leave", standby.id)],
        zone=shift.canteen.zone,
        card=_card(standby),
        fresh=True,
    )


@button("line_leave", for_=VOLUNTEER)
async def leave(chat: Chat, standby_id: int) -> None:
    """Leave the line, or say no to an offer."""
    standby = await Standby.leave(standby_id, chat.person, chat.now)
    shift = standby.shift
    chat.say(
        _(
            "All right, you no longer wait for {when}, {route}. Thank you for telling me.",
            when=when(shift),
            route=shift.route.name,
        ),
        buttons=[press(_("See the other shifts"), "/shifts")],
        zone=shift.canteen.zone,
        card=_card(standby),
    )


@every(seconds=15)
async def ask_the_line(mail: Mail) -> bool:
    """Offer what came free to whoever is next; an offer that nobody answered goes on to the next."""
    for standby in await Standby.expire_due(mail.now, BATCH):
        mail.say(
            _(
                "I have asked the next in line for {when}, {route}. Thank you for having waited!",
                when=when(standby.shift),
                route=standby.shift.route.name,
            ),
            to=standby.person,
            buttons=[press(_("See the other shifts"), "/shifts")],
            zone=standby.shift.canteen.zone,
            card=_card(standby),
            only_update=True,
        )
    taken, offered = await Standby.offer_due(mail.now, BATCH)
    for standby in offered:
        await _offer(mail, standby)
    return taken > 0


async def _offer(mail: Mail, standby: Standby) -> None:
    shift = standby.shift
    assert standby.offered_until is not None
    mail.say(
        lines(
            bold(_("A place has come free: {when}, {route}.", when=when(shift), route=shift.route.name)),
            waiting(await homes_of(shift), shift),
            _("I keep it for you until {until}; then I ask the next.", until=standby.offered_until),
        ),
        to=standby.person,
        buttons=[
            press(_("I'll take it"), "shift_take", shift.id, 0),
            press(_("Not this time"), "line_leave", standby.id),
        ],
        zone=shift.canteen.zone,
        priority=Priority.REMINDER,
        expires=standby.offered_until,
        key=f"offer {standby.id}",
        card=_card(standby),
        fresh=True,
        still=("offered", standby.id),
    )


@still("offered")
async def still_offered(standby_id: int, now: datetime) -> bool:
    """Tell whether a place is still kept for whoever waits."""
    return await Standby.is_offered(standby_id, now)


def _card(standby: Standby) -> str:
    return f"line {standby.id}"


@explains(NoLine)
def no_line(_refusal: NoLine) -> Text:
    return _("There is a free place on that shift: you can take it under /shifts")
