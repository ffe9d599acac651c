"""Whom to call next: one senior in hand at a time, the number large, the outcome in one tap."""

from __future__ import annotations

from typing import Final

from handlers import different, reached, today
from handlers.callcard import hide, refresh, show, show_call
from handlers.casecard import DIFFERENT, tell_coordinators
from handlers.chat import (
    VOLUNTEER,
    Chat,
    Mail,
    Priority,
    button,
    command,
    press,
)
from handlers.places import which_canteen
from handlers.text import _, lines
from models import phonenumbers
from models.callrules import must_call
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.people import Role
from models.phonecalls import SAID, Outcome, PhoneCall
from models.refusals import Gone, NotCallingNow
from models.seniors import Senior

TAPPED: Final = {outcome.value for outcome in SAID} - {Outcome.DIFFERENT}


@command(
    "calls",
    for_=VOLUNTEER,
    help=_("Whom to call, one after the other"),
    phrases=_("whom to call|who is to be called|call list|phone list"),
)
async def calls(chat: Chat) -> None:
    """Show whom somebody has in hand, or how many are to be called."""
    await all_calls(chat, (await which_canteen(chat, Role.COORDINATOR, Role.VOLUNTEER)).id)


@button("calls", for_=VOLUNTEER)
async def all_calls(chat: Chat, canteen_id: int) -> None:
    """Show how many are to be called at a canteen."""
    await must_call(chat.person, canteen_id, chat.now)
    await show(chat, canteen_id, fresh=True)


@button("call_next", for_=VOLUNTEER)
async def call_next(chat: Chat, canteen_id: int) -> None:
    """Take the next senior."""
    await _go_on(chat, canteen_id)


@button("phoned", for_=VOLUNTEER)
async def write_down(chat: Chat, phoned_id: int, outcome: str) -> None:
    """Write down what came of a call, and take the next senior."""
    if outcome not in TAPPED:
        raise Gone
    call, news = await PhoneCall.answer(phoned_id, Outcome(outcome), chat.person, chat.now)
    senior = await Senior.get(id=call.senior_id)
    if news:
        await hide(chat, call)
    if news and call.outcome is Outcome.WRONG:
        await _wrong_number(chat, senior)
    if news and call.case_id is not None:
        await reached.by_telephone(chat, call, fresh=True)
        await today.refresh(chat, call.canteen_id, (await Canteen.get(id=call.canteen_id)).today(chat.now))
    if call.outcome is Outcome.PUT_BACK:
        await show(chat, call.canteen_id)
    else:
        await _go_on(chat, call.canteen_id, after=call if news else None)
    await refresh(chat, call.canteen_id, but=chat.person)


@button("phoned_different", for_=VOLUNTEER)
async def something_is_different(chat: Chat, phoned_id: int) -> None:
    """Take down what a senior told of: it opens a case, as at the door."""
    call = await PhoneCall.mine(phoned_id, chat.person)
    senior = await Senior.get(id=call.senior_id)
    kind = await different.ask_kind(chat)
    urgent = kind == different.WRONG_MEAL
    assert kind in DIFFERENT
    canteen = await Canteen.get(id=call.canteen_id)
    case = await Case.open(
        CaseKind.CONCERN, senior, canteen.today(chat.now), None, chat.person, None, chat.now, about=kind,
        urgent=urgent,
    )  # fmt: skip
    # Somebody else may have reached them meanwhile; what this caller heard is a case all the same.
    call, news = await PhoneCall.answer(phoned_id, Outcome.DIFFERENT, chat.person, chat.now, late=True)
    await hide(chat, call)
    if news:
        await reached.by_telephone(chat, call, fresh=False)
    await tell_coordinators(chat, case, fresh=True, priority=Priority.URGENT if urgent else Priority.REPLY)
    chat.say(
        lines(
            _(
                "Thank you for asking. The coordinator has it now and looks after {name}.",
                name=senior.display,
            ),
            _("Please ask them to eat no more of that meal.") if kind == different.WRONG_MEAL else None,
            _("If somebody is in danger, call {number} first.", number=canteen.emergency_number)
            if urgent
            else None,
        ),
        buttons=different.more(case),
    )
    await show(chat, canteen.id)
    await refresh(chat, canteen.id, but=chat.person)
    await today.refresh(chat, canteen.id, case.day)


@button("phoned_undo", for_=VOLUNTEER)
async def undo(chat: Chat, phoned_id: int) -> None:
    """Take a tap back, and have the same senior in hand again."""
    call = await PhoneCall.mine(phoned_id, chat.person)
    again, ended = await PhoneCall.undo(phoned_id, chat.person, chat.now)
    for other in ended:
        await hide(chat, other)
    await reached.not_after_all(chat, call)
    if again is None:
        await show(chat, call.canteen_id)
    else:
        await show_call(chat, again)
    await refresh(chat, call.canteen_id, but=chat.person)


async def _go_on(chat: Chat, canteen_id: int, after: PhoneCall | None = None) -> None:
    """Take the next senior; where there is none, or the hour is over, say how things stand."""
    try:
        call, ended = await PhoneCall.take(canteen_id, chat.person, chat.now)
    except NotCallingNow:
        if after is None:
            raise
        call, ended = None, []
    for other in ended:
        await hide(chat, other)
    if call is None:
        await show(chat, canteen_id, after=after)
    else:
        await show_call(chat, call, after=after)


async def _wrong_number(mail: Mail, senior: Senior) -> None:
    """Ask the coordinators for another number."""
    canteen = await Canteen.get(id=senior.canteen_id)
    others = await phonenumbers.other_numbers(senior)
    for person in await canteen.coordinators():
        mail.say(
            lines(
                _(
                    "The number of {name} ({short_id}) is wrong: {phone}. Please find out the right one.",
                    name=senior.spoken,
                    short_id=senior.short_id,
                    phone=senior.phone or "–",
                ),
                *(_("Or call {name}: {phone}", name=one.name, phone=one.phone) for one in others),
            ),
            to=person,
            buttons=[
                press(_("Write the new number"), "new_number", senior.id),
                press(_("Show the card"), "senior", senior.id),
            ],
            zone=canteen.zone,
            priority=Priority.REMINDER,
            card=f"wrong number {senior.id}",
            fresh=True,
            reveals=f"phones of senior {senior.id}",
        )
