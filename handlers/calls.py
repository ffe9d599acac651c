"""Call lists: one card that shows whom to call next, and is done with a tap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.chat import COORDINATOR, Button, Chat, Mail, button, press
from handlers.text import NOTHING, Text, _, _n, bold, lines, verbatim
from models.calls import ANSWERS, CallItem, CallList, CallReason, CallState
from models.canteens import Canteen
from models.people import Person
from models.refusals import Gone
from models.seniors import Kinship, Senior

WHY: Final[dict[CallReason, Text]] = {
    CallReason.CLOSED: _("Please tell them by telephone what is different, why, and when there is news."),
    CallReason.REOPENED: _(
        "They heard of the closure by telephone. Please tell them that lunch comes again."
    ),
}


@button("calls", for_=COORDINATOR)
async def all_calls(chat: Chat, canteen_id: int) -> None:
    """Show the call lists of a canteen that are not done."""
    canteen = await Canteen.get_or_none(id=canteen_id)
    if canteen is None:
        raise Gone
    found = await CallList.unfinished(canteen_id, chat.person, canteen.today(chat.now))
    for each in found:
        await show(chat, each, fresh=True)
    if not found:
        chat.say(_("Nobody has to be called just now."))


@button("call", for_=COORDINATOR)
async def note_call(chat: Chat, item_id: int, tries: int, state: str) -> None:
    """Write down how a call went, and show whom to call next."""
    if state not in {each.value for each in ANSWERS}:
        raise Gone
    found = await CallItem.note(item_id, tries, CallState(state), chat.person, chat.now)
    await show(chat, found)
    await refresh(chat, found, but=chat.person)


async def show(chat: Chat, found: CallList, *, fresh: bool = False) -> None:
    """Show a list to the person of this chat."""
    await _say(chat, found, await Canteen.get(id=found.canteen_id), [chat.person], fresh=fresh)


async def refresh(mail: Mail, found: CallList, *, but: Person | None = None) -> None:
    """Bring a list up to date wherever a coordinator has it before them."""
    canteen = await Canteen.get(id=found.canteen_id)
    readers = [each for each in await canteen.coordinators() if but is None or each.id != but.id]
    if readers:
        await _say(mail, found, canteen, readers, only_update=True)


async def _say(
    mail: Mail,
    found: CallList,
    canteen: Canteen,
    readers: Sequence[Person],
    *,
    fresh: bool = False,
    only_update: bool = False,
) -> None:
    waiting = await found.waiting()
    words, keys, reveals = _done(), [], None
    if waiting:
        item = waiting[0]
        senior = await Senior.get(id=item.senior_id)
        words = _next(found.reason, len(waiting), item, senior, await Kinship.of(senior))
        keys, reveals = _keys(item), f"phones of senior {senior.id}"
    for reader in readers:
        mail.say(
            words,
            to=reader,
            buttons=keys,
            zone=canteen.zone,
            card=f"calls:{found.id}",
            fresh=fresh,
            only_update=only_update,
            reveals=reveals,
        )


def _done() -> Text:
    return _("Everybody on this list knows. Thank you for calling!")


def _next(reason: CallReason, left: int, item: CallItem, senior: Senior, kin: list[Kinship]) -> Text:
    others = [one.person for one in kin if one.person.phone and one.person.phone != senior.phone]
    return lines(
        bold(_n("{n} senior is still to be told", "{n} seniors are still to be told", left)),
        WHY[reason],
        NOTHING,
        _("Next, who lives alone:") if senior.alone else _("Next:"),
        bold(_("{name} ({short_id})", name=senior.spoken, short_id=senior.short_id)),
        NOTHING,
        bold(verbatim(senior.phone)) if senior.phone else _("No phone number of their own."),
        NOTHING,
        *(_("Or call {name}: {phone}", name=one.name or "?", phone=one.phone or "") for one in others),
        _n("Nobody answered {n} time so far.", "Nobody answered {n} times so far.", item.tries)
        if item.tries
        else None,
    )


def _keys(item: CallItem) -> list[Button | list[Button]]:
    def answer(label: Text, state: CallState) -> Button:
        return press(label, "call", item.id, item.tries, state.value)

    return [
        [answer(_("Reached"), CallState.REACHED), answer(_("No answer, later"), CallState.LATER)],
        answer(_("Somebody told them"), CallState.TOLD),
    ]
