"""Handing over what is left of a round: to somebody on another round, or to whoever is on duty."""

from __future__ import annotations

from datetime import datetime

from handlers import doorcard, lateness, noshow, today
from handlers.chat import VOLUNTEER, Button, Chat, Priority, button, explains, press, still
from handlers.text import Text, _, _n, bold, lines
from models.handover import Handover, Receiver
from models.shiftrefusals import HandoverOver
from models.shifts import Shift

SHOWN = 6


@button("hand_over", for_=VOLUNTEER)
async def hand_over(chat: Chat, shift_id: int) -> None:
    """Show who could take over what is left."""
    left, receivers = await Handover.receivers(shift_id, chat.person, chat.now)
    keys = [key for one in receivers[:SHOWN] for key in _ways(shift_id, one, left)]
    chat.say(
        lines(
            bold(
                _n("{n} door is left. Who shall take over?", "{n} doors are left. Who shall take over?", left)
            ),
            _("Until the other says yes, the doors stay yours."),
        )
        if keys and left
        else _("There is nobody on the way whom I could ask. Write 0 and call the number you get."),
        buttons=[*(keys if left else []), press(_("Back to the round"), "/round")],
        card=f"hand over {shift_id}",
        fresh=True,
    )


def _ways(shift_id: int, receiver: Receiver, left: int) -> list[Button]:
    name = receiver.person.name or "?"
    keys = [press(_("All to {name}", name=name), "hand_all", shift_id, receiver.person.id)]
    if receiver.route is not None and left > 1:
        keys.append(press(_("Half to {name}", name=name), "hand_half", shift_id, receiver.person.id))
    return keys


@button("hand_all", for_=VOLUNTEER)
async def hand_all(chat: Chat, shift_id: int, to_id: int) -> None:
    """Ask somebody to take over all that is left."""
    await _ask(chat, shift_id, to_id, half=False)


@button("hand_half", for_=VOLUNTEER)
async def hand_half(chat: Chat, shift_id: int, to_id: int) -> None:
    """Ask somebody to take over the second half of what is left."""
    await _ask(chat, shift_id, to_id, half=True)


async def _ask(chat: Chat, shift_id: int, to_id: int, *, half: bool) -> None:
    asked, doors = await Handover.ask(shift_id, to_id, chat.person, chat.now, half=half)
    shift = asked.claim.shift
    chat.say(
        _("I have asked {name}. Until the answer comes, please go on.", name=asked.to.name or "?"),
        buttons=[press(_("Back to the round"), "/round")],
        card=f"hand over {shift_id}",
    )
    chat.say(
        lines(
            bold(
                _n(
                    "{name} asks you to take over {n} door of {route}.",
                    "{name} asks you to take over {n} doors of {route}.",
                    doors,
                    name=chat.person.name or "?",
                    route=shift.route.name,
                )
            ),
            _("You see the doors when you say yes."),
        ),
        to=asked.to,
        buttons=[
            press(_("Yes, I take them"), "hand_yes", asked.id),
            press(_("I can't"), "hand_no", asked.id),
        ],
        zone=shift.canteen.zone,
        priority=Priority.URGENT,
        expires=shift.ends_at,
        card=_card(asked),
        fresh=True,
        still=("handover", asked.id),
    )


@button("hand_yes", for_=VOLUNTEER)
async def accept(chat: Chat, handover_id: int) -> None:
    """Take the doors over; whoever had them sees them no more."""
    done, doors, into, moved = await Handover.accept(handover_id, chat.person, chat.now)
    shift, giver = done.claim.shift, done.claim.person
    chat.say(
        _n("Thank you! {n} door is yours now.", "Thank you! {n} doors are yours now.", doors),
        buttons=[press(_("Show my round"), "/round")],
        card=_card(done),
    )
    chat.say(
        _n(
            "{name} has taken over {n} door. Thank you for your round!",
            "{name} has taken over {n} doors. Thank you for your round!",
            doors,
            name=chat.person.name or "?",
        ),
        to=giver,
        zone=shift.canteen.zone,
        priority=Priority.URGENT,
        key=f"handed over {done.id}",
    )
    if not done.half:
        await doorcard.hide_round(chat, shift, giver)
    if into.id != shift.id:
        for carrier in await Shift.carrier(shift.route_id, shift.day):
            if done.half or carrier.id != giver.id:
                await doorcard.shorten_round(chat, shift, carrier)
        await lateness.tell_of_moved(chat, into, moved)
        await noshow.tell_of_more_doors(chat, into, doors, shift, but=chat.person)
    await today.refresh(chat, shift.canteen_id, shift.day)


@button("hand_no", for_=VOLUNTEER)
async def decline(chat: Chat, handover_id: int) -> None:
    """Say no; whoever asked hears it at once."""
    asked, news = await Handover.decline(handover_id, chat.person, chat.now)
    chat.say(_("All right, everything stays as it is. Thank you for answering."), card=_card(asked))
    if news:
        chat.say(
            _("{name} can't take the doors over. They stay yours for now.", name=chat.person.name or "?"),
            to=asked.claim.person,
            buttons=[press(_("Ask somebody else"), "hand_over", asked.claim.shift_id)],
            zone=asked.claim.shift.canteen.zone,
            priority=Priority.URGENT,
            key=f"not handed over {asked.id}",
        )


@still("handover")
async def still_asked(handover_id: int, now: datetime) -> bool:
    """Tell whether the doors can still be taken over."""
    return await Handover.is_open(handover_id, now)


def _card(asked: Handover) -> str:
    return f"handover {asked.id}"


@explains(HandoverOver)
def handover_over(_refusal: HandoverOver) -> Text:
    return _("There is nothing left to take over there, or it was answered already.")
