"""Filling open places: a chosen few are asked at a time, and not everybody; then the coordinator."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers.chat import COORDINATOR, VOLUNTEER, Chat, Mail, Priority, button, every, press, still
from handlers.shiftwords import waiting, when, where
from handlers.text import Text, _, _n, bold, lines
from models import filling
from models.duties import on_duty
from models.familiar import familiar_doors
from models.filling import Call, Wave
from models.routes import Kind

BATCH: Final = 100


@every(seconds=30)
async def fill(mail: Mail) -> bool:
    """Take the next step for every shift that still lacks somebody."""
    looked, waves = await filling.take_waves(mail.now, BATCH)
    for wave in waves:
        if wave.coordinator:
            await _nobody_found(mail, wave)
        else:
            await _ask(mail, wave)
    return looked == BATCH


async def _ask(mail: Mail, wave: Wave) -> None:
    shift = wave.shift
    for call in wave.calls:
        known = (await familiar_doors(call.person, shift.canteen_id, [shift.day])).get(
            (shift.route_id, shift.day), 0
        )
        mail.say(
            lines(
                bold(_("Could you come? {when}, {route}", when=when(shift), route=shift.route.name)),
                waiting(wave.homes, shift),
                where(shift),
                _n("You know {n} of them.", "You know {n} of them.", known) if known else None,
                _("I ask only a few people, one group after the other."),
            ),
            to=call.person,
            buttons=[
                press(_("I'll take it"), "shift_take", shift.id, 0),
                press(_("Not this time"), "call_no", call.id),
            ],
            zone=shift.canteen.zone,
            priority=Priority.REMINDER,
            expires=shift.ends_at,
            key=f"call {call.id}",
            card=_card(call),
            still=("wanted", call.id),
        )


async def _nobody_found(mail: Mail, wave: Wave) -> None:
    shift = wave.shift
    for coordinator in await on_duty(shift.canteen, shift.day):
        mail.say(
            lines(
                bold(_("Nobody found so far: {when}, {route}.", when=when(shift), route=shift.route.name)),
                waiting(wave.homes, shift),
                _("I have asked those who know the route, and others of the canteen.")
                if shift.route.kind is Kind.ROUND
                else _("I have asked those who have done it before, and others of the canteen."),
            ),
            to=coordinator,
            buttons=[
                press(_("I will go myself"), "shift_take", shift.id, 0),
                press(_("Ask three more"), "ask_more", shift.id),
            ],
            zone=shift.canteen.zone,
            priority=Priority.REMINDER,
            expires=shift.ends_at,
            key=f"unfilled {shift.id} {wave.number} {coordinator.id}",
        )


@button("call_no", for_=VOLUNTEER)
async def not_this_time(chat: Chat, call_id: int) -> None:
    """Say no to being asked; for this shift that is the end of it."""
    call = await Call.decline(call_id, chat.person, chat.now)
    chat.say(
        _("All right. Thank you for answering: now I can ask somebody else."),
        zone=call.shift.canteen.zone,
        card=_card(call),
    )


@button("ask_more", for_=COORDINATOR)
async def ask_more(chat: Chat, shift_id: int) -> None:
    """Have a few more people asked at once."""
    wave = await filling.ask_more(shift_id, chat.person, chat.now)
    if wave is None:
        chat.say(_("There is nobody left whom I could ask, or it is filled already: /today"))
        return
    await _ask(chat, wave)
    chat.say(_asked(wave), zone=wave.shift.canteen.zone)


def _asked(wave: Wave) -> Text:
    names = tuple(call.person.name or "?" for call in wave.calls)
    return _("I am asking {names}. You hear from me when somebody takes it.", names=names)


@still("wanted")
async def still_wanted(call_id: int, now: datetime) -> bool:
    """Tell whether the place that somebody is asked to take is still open."""
    return await Call.is_wanted(call_id, now)


def _card(call: Call) -> str:
    return f"call {call.id}"
