"""Whom to call next: one senior in hand at a time, the number large, the outcome in one tap."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers import callwords, different, spellcard, today
from handlers.callwords import only_to_tell
from handlers.casecard import DIFFERENT, tell_coordinators
from handlers.chat import (
    VOLUNTEER,
    Button,
    Chat,
    Mail,
    Priority,
    button,
    command,
    every,
    press,
    still,
)
from handlers.places import which_canteen
from handlers.text import NOTHING, Text, _, lines
from models import callqueue, phonecalls
from models.callqueue import Waiting
from models.callrules import Caller, CallRules, coordinates, must_call
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.people import Person, Role
from models.phonecalls import SAID, Outcome, PhoneCall
from models.refusals import Gone, NotCallingNow
from models.seniors import Senior

BATCH: Final = 50
TAPPED: Final = {outcome.value for outcome in SAID} - {Outcome.DIFFERENT}
EATEN_NOTHING: Final = "meal"


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
    if news and call.outcome is Outcome.WRONG:
        await _wrong_number(chat, senior)
    if news and call.case_id is not None:
        await tell_coordinators(chat, await Case.get(id=call.case_id), fresh=True)
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
    urgent = kind == EATEN_NOTHING or await different.ask_urgent(chat, kind)
    assert kind in DIFFERENT
    canteen = await Canteen.get(id=call.canteen_id)
    case = await Case.open(
        CaseKind.CONCERN, senior, canteen.today(chat.now), None, chat.person, None, chat.now, about=kind,
        urgent=urgent,
    )  # fmt: skip
    # Somebody else may have reached them meanwhile; what this caller heard is a case all the same.
    call, _news = await PhoneCall.answer(phoned_id, Outcome.DIFFERENT, chat.person, chat.now, late=True)
    await tell_coordinators(chat, case, fresh=True, priority=Priority.URGENT if urgent else Priority.REPLY)
    chat.say(
        lines(
            callwords.noted(call, senior, await CallRules.of(canteen.id), canteen),
            _("Please ask them to eat no more of that meal.") if kind == EATEN_NOTHING else None,
            _("If somebody is in danger, call {number} first.", number=canteen.emergency_number)
            if urgent
            else None,
        ),
        buttons=[
            press(_("Add a few words"), "case_words", case.id),
            press(_("Call the next"), "call_next", canteen.id),
        ],
    )
    await show(chat, canteen.id)
    await refresh(chat, canteen.id, but=chat.person)
    await today.refresh(chat, canteen.id, case.day)


@button("phoned_undo", for_=VOLUNTEER)
async def undo(chat: Chat, phoned_id: int) -> None:
    """Take a tap back, and have the same senior in hand again."""
    call = await PhoneCall.mine(phoned_id, chat.person)
    again = await PhoneCall.undo(phoned_id, chat.person, chat.now)
    if call.case_id is not None:
        await tell_coordinators(chat, await Case.get(id=call.case_id), fresh=False)
    if again is None:
        await show(chat, call.canteen_id)
    else:
        await _show_call(chat, again)
    await refresh(chat, call.canteen_id, but=chat.person)


async def _go_on(chat: Chat, canteen_id: int, after: PhoneCall | None = None) -> None:
    """Take the next senior; where there is none, or the hour is over, say how things stand."""
    try:
        call = await PhoneCall.take(canteen_id, chat.person, chat.now)
    except NotCallingNow:
        if after is None:
            raise
        call = None
    if call is None:
        await show(chat, canteen_id, after=after)
    else:
        await _show_call(chat, call, after=after)


# ---------------------------------------------------------------------------------------------- showing


async def show(chat: Chat, canteen_id: int, *, fresh: bool = False, after: PhoneCall | None = None) -> None:
    """Show the person of this chat whom they have in hand, or how many are to be called."""
    held = await PhoneCall.in_hand(chat.person.id)
    if held is not None and held.canteen_id == canteen_id and held.until_at > chat.now:
        await _show_call(chat, held, fresh=fresh)
        return
    canteen = await Canteen.get(id=canteen_id)
    await _say_overview(chat, canteen, chat.person, fresh=fresh, after=after)


async def refresh(mail: Mail, canteen_id: int, *, but: Person | None = None) -> None:
    """Bring the cards up to date wherever somebody has one before them and nobody in hand."""
    canteen = await Canteen.get(id=canteen_id)
    busy = await PhoneCall.busy(canteen_id)
    readers = {one.id: one for one in [*await canteen.coordinators(), *await Caller.of(canteen_id)]}
    for reader in readers.values():
        if reader.id not in busy and (but is None or reader.id != but.id):
            await _say_overview(mail, canteen, reader, only_update=True)
    await spellcard.refresh(mail, canteen)


async def _say_overview(
    mail: Mail,
    canteen: Canteen,
    to: Person,
    *,
    fresh: bool = False,
    only_update: bool = False,
    after: PhoneCall | None = None,
    first: Text | None = None,
) -> None:
    waiting = await callqueue.waiting(canteen, mail.now)
    head = [first] if first is not None else await _after(after, canteen)
    keys: list[Button] = []
    if any(each.ready(mail.now) for each in waiting):
        keys.append(press(_("Call the next"), "call_next", canteen.id))
    if after is not None:
        keys += await _undo(after)
    if await coordinates(to, canteen.id):
        keys.append(press(_("Begin the calls of today"), "calls_begin", canteen.id))
        keys.append(press(_("Who may call"), "callers", canteen.id))
    mail.say(
        lines(*head, callwords.overview(waiting, mail.now, canteen)),
        to=to,
        buttons=keys,
        zone=canteen.zone,
        card=_card(canteen.id),
        fresh=fresh,
        only_update=only_update,
    )


async def _show_call(
    chat: Chat, call: PhoneCall, *, fresh: bool = False, after: PhoneCall | None = None
) -> None:
    canteen = await Canteen.get(id=call.canteen_id)
    found = await callqueue.waiting(canteen, chat.now, call.senior_id)
    if not found:  # their family has read the news meanwhile, or they have eaten with us
        await PhoneCall.answer(call.id, Outcome.PUT_BACK, chat.person, chat.now)
        await _say_overview(chat, canteen, chat.person, fresh=fresh, after=after)
        return
    each = found[0]
    others, address = [], None
    if await coordinates(chat.person, canteen.id):
        others = await phonecalls.other_numbers(each.senior)
        if not others and not each.senior.phone:
            home = await each.senior.residence_on(canteen.today(chat.now))
            address = home.address if home else "–"
    chat.say(
        lines(*await _after(after, canteen), await callwords.in_hand(call, each, others, address, canteen)),
        buttons=[*_keys(call, each), *(await _undo(after) if after is not None else [])],
        zone=canteen.zone,
        card=_card(canteen.id),
        fresh=fresh,
        expires=call.until_at,
        still=("in_hand", call.id),
        reveals=f"phones of senior {call.senior_id}",
    )


def _keys(call: PhoneCall, each: Waiting) -> list[Button | list[Button]]:
    def answer(label: Text, outcome: Outcome) -> Button:
        return press(label, "phoned", call.id, outcome.value)

    told = only_to_tell(each)
    return [
        answer(_("Reached") if told else _("Reached, all is well"), Outcome.REACHED),
        press(_("Reached, something is different"), "phoned_different", call.id),
        [answer(_("No answer, later"), Outcome.NO_ANSWER), answer(_("Wrong number"), Outcome.WRONG)],
        *([answer(_("Somebody told them"), Outcome.TOLD)] if told else []),
        answer(_("Not now"), Outcome.PUT_BACK),
    ]


async def _after(call: PhoneCall | None, canteen: Canteen) -> list[Text]:
    if call is None:
        return []
    senior = await Senior.get(id=call.senior_id)
    said = callwords.noted(call, senior, await CallRules.of(canteen.id), canteen)
    return [] if said is None else [said, NOTHING]


async def _undo(call: PhoneCall) -> list[Button]:
    senior = await Senior.get(id=call.senior_id)
    return [press(_("Undo: {name}", name=senior.display), "phoned_undo", call.id)]


def _card(canteen_id: int) -> str:
    return f"calls:{canteen_id}"


# ------------------------------------------------------------------------------------------ by the clock


@still("in_hand")
async def still_in_hand(phoned_id: int, now: datetime) -> bool:
    """Tell whether a number may still be shown to whom it was meant for."""
    return await PhoneCall.is_shown(phoned_id, now)


@every(seconds=15)
async def hide_numbers(mail: Mail) -> bool:
    """Take seniors out of hands in which they were too long, and the numbers from the cards."""
    due = await PhoneCall.expire_due(mail.now, BATCH)
    for call in due:
        await hide(mail, call)
    return len(due) == BATCH


async def hide(mail: Mail, call: PhoneCall) -> None:
    """Take a number from its card."""
    senior = await Senior.get(id=call.senior_id)
    canteen = await Canteen.get(id=call.canteen_id)
    reader = await Person.get(id=call.person_id)
    await _say_overview(mail, canteen, reader, only_update=True, first=callwords.over(senior))


async def _wrong_number(mail: Mail, senior: Senior) -> None:
    """Ask the coordinators for another number."""
    canteen = await Canteen.get(id=senior.canteen_id)
    others = await phonecalls.other_numbers(senior)
    for person in await canteen.coordinators():
        mail.say(
            lines(
                _(
                    "The number of {name} ({short_id}) is wrong: {phone}. Please find out the right one.",
                    name=senior.display,
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
