"""The card of the calls: how many are to be called, or whom somebody has in hand; hidden in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from handlers import callwords, spellcard
from handlers.callwords import only_to_tell
from handlers.chat import Button, Chat, Mail, every, press, still
from handlers.text import NOTHING, Text, _, lines
from models import callqueue, phonenumbers
from models.callqueue import Waiting
from models.callrules import Caller, CallRules, coordinates
from models.canteens import Canteen
from models.people import Person
from models.phonecalls import Outcome, PhoneCall
from models.seniors import Senior

BATCH: Final = 50


async def show(chat: Chat, canteen_id: int, *, fresh: bool = False, after: PhoneCall | None = None) -> None:
    """Show the person of this chat whom they have in hand, or how many are to be called."""
    held = await PhoneCall.in_hand(chat.person.id)
    if held is not None and held.canteen_id == canteen_id and held.until_at > chat.now:
        await show_call(chat, held, fresh=fresh)
        return
    canteen = await Canteen.get(id=canteen_id)
    await _say_overview(chat, canteen, chat.person, fresh=fresh, after=after)


async def refresh(mail: Mail, canteen_id: int, *, but: Person | None = None) -> None:
    """Bring the cards up to date wherever somebody has one before them and nobody in hand."""
    canteen = await Canteen.get(id=canteen_id)
    busy = await PhoneCall.busy(canteen_id)
    coordinators = await canteen.coordinators()
    readers = {one.id: one for one in [*await Caller.of(canteen_id), *coordinators]}
    waiting = await callqueue.waiting(canteen, mail.now)
    for reader in readers.values():
        if reader.id not in busy and (but is None or reader.id != but.id):
            keys = _keys_of_overview(canteen, waiting, mail.now, coordinates=reader in coordinators)
            mail.say(
                callwords.overview(waiting, mail.now, canteen),
                to=reader,
                buttons=keys,
                zone=canteen.zone,
                card=_card(canteen.id),
                only_update=True,
            )
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
    keys = _keys_of_overview(canteen, waiting, mail.now, coordinates=await coordinates(to, canteen.id))
    if after is not None:
        keys += await _undo(after)
    mail.say(
        lines(*head, callwords.overview(waiting, mail.now, canteen)),
        to=to,
        buttons=keys,
        zone=canteen.zone,
        card=_card(canteen.id),
        fresh=fresh,
        only_update=only_update,
    )


def _keys_of_overview(
    canteen: Canteen, waiting: Sequence[Waiting], now: datetime, *, coordinates: bool
) -> list[Button]:
    keys: list[Button] = []
    if any(each.ready(now) for each in waiting):
        keys.append(press(_("Call the next"), "call_next", canteen.id))
    if coordinates:
        keys.append(press(_("Begin the calls of today"), "calls_begin", canteen.id))
        keys.append(press(_("Who may call"), "callers", canteen.id))
    return keys


async def show_call(
    chat: Chat, call: PhoneCall, *, fresh: bool = False, after: PhoneCall | None = None
) -> None:
    """Show the person of this chat whom they have in hand; `after`: what they have just noted, on top."""
    canteen = await Canteen.get(id=call.canteen_id)
    found = await callqueue.waiting(canteen, chat.now, call.senior_id)
    if fresh or not found:
        await hide(chat, call)
    if not found:  # their family has read the news meanwhile, or they have eaten with us
        await PhoneCall.answer(call.id, Outcome.PUT_BACK, chat.person, chat.now)
        await _say_overview(chat, canteen, chat.person, fresh=fresh, after=after)
        return
    each = found[0]
    others, address = [], None
    if await coordinates(chat.person, canteen.id):
        others = await phonenumbers.other_numbers(each.senior)
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
        reveals=_revealed(call),
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


def _revealed(call: PhoneCall) -> str:
    return f"phones of senior {call.senior_id}"


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
        senior = await Senior.get(id=call.senior_id)
        canteen = await Canteen.get(id=call.canteen_id)
        reader = await Person.get(id=call.person_id)
        await _say_overview(mail, canteen, reader, only_update=True, first=callwords.over(senior))
    return len(due) == BATCH


async def hide(mail: Mail, call: PhoneCall) -> None:
    """Take a number away from wherever it was shown to whoever had it in hand."""
    mail.say(
        _("This call is over, so the number is gone from here. Whom to call next: /calls"),
        to=await Person.get(id=call.person_id),
        card=_card(call.canteen_id),
        everywhere=True,
        key=f"over call {call.id} {call.person_id}",
        reveals=_revealed(call),
    )
