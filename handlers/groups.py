"""A group of volunteers shows one card of open places, to be taken there with a tap.

Of a senior nothing is said in a group, not even in answer to a tap: what concerns one person is shown to
that person alone. What people say to each other there is none of the bot's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.chat import (
    COORDINATOR,
    Button,
    Chat,
    Crowd,
    Mail,
    Priority,
    button,
    command,
    every,
    explains,
    in_group,
    press,
    tap,
)
from handlers.places import which_canteen
from handlers.shifts import confirm, open_line, shift_full
from handlers.shiftwords import on_offer, when
from handlers.text import NOTHING, GroupLink, Text, _, _n, bold, lines, pack
from models.canteens import Canteen
from models.claiming import CARRIERS
from models.groups import CODE_LIFE, Group
from models.people import Membership, Role
from models.refusals import Gone, GroupTaken, GroupUnbound, NotOfThisCanteen
from models.shiftrefusals import ShiftFull
from models.shifts import Shift
from models.skills import wanted_skills

SHOWN: Final = 8
Card = tuple[Text, Sequence[Button]]


# ------------------------------------------------------------------------------------- in the own chat


@command(
    "group",
    for_=COORDINATOR,
    help=_("Show the open places in a group of volunteers"),
    phrases=_("volunteers' group|group of volunteers|telegram group"),
)
async def group(chat: Chat) -> None:
    """Give a code that binds one group, and list those that are bound."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    bound = await Group.bound(canteen.id)
    code = await Group.invite(canteen.id, by=chat.person, now=chat.now)
    chat.say(
        lines(
            bold(_("The open places of {canteen} in a group of volunteers", canteen=canteen.name)),
            _("Open this link and choose the group; you must be allowed to add members there:"),
            _("{link}", link=GroupLink(code)),
            _("If I am in the group already, write there: /bind {code}", code=code),
            _("It works once, until {until}. Nothing about a senior is shown.", until=chat.now + CODE_LIFE),
            *(_("Bound already: {title}", title=one.title or "?") for one in bound),
        ),
        buttons=[_let_go(one) for one in bound],
        zone=canteen.zone,
        expires=chat.now + CODE_LIFE,
    )


@button("group_end", for_=COORDINATOR)
async def let_go(chat: Chat, group_id: int) -> None:
    """Show nothing in a group any more."""
    ended = await Group.let_go(group_id, by=chat.person, now=chat.now)
    chat.say(
        _(
            "The group {title} does not show the places of {canteen} any more.",
            title=ended.title or "?",
            canteen=ended.canteen.name,
        ),
        buttons=[press(_("Bind a group"), "/group")],
    )
    _close(
        chat,
        ended,
        _("The open places of {canteen} are not shown here any more.", canteen=ended.canteen.name),
    )


def _let_go(one: Group) -> Button:
    return press(_("Let go: {title}", title=one.title or "?"), "group_end", one.id)


def _close(mail: Mail, ended: Group, words: Text) -> None:
    """Take the buttons from a card that nobody keeps true any more."""
    mail.say(words, to=ended.reader, zone=ended.canteen.zone, card=ended.card, only_update=True)


# ---------------------------------------------------------------------------------------- in the group


@in_group("bind")
@in_group("start")
async def bind(crowd: Crowd) -> None:
    """Bind this group with a code, and show the card; a link of the coordinator's begins with /start."""
    if not crowd.args:
        return
    bound, before = await Group.bind(crowd.args, crowd.channel, crowd.place, crowd.title, crowd.now)
    if before is not None:
        _close(crowd, before, _("The open places stand further down now."))
    await _refresh(crowd, bound)
    for coordinator in await bound.canteen.coordinators():
        crowd.say(
            lines(
                _(
                    "The group {title} shows the open places of {canteen} now.",
                    title=bound.title or "?",
                    canteen=bound.canteen.name,
                ),
                _("If you pin my message there, everybody finds it."),
            ),
            to=coordinator,
            buttons=[_let_go(bound)],
            key=f"group {bound.id} bound {coordinator.id}",
        )


@tap("group_take")
async def take(crowd: Crowd, shift_id: int) -> Text:
    """Take a place from the card of a group; the answer is shown to nobody else there."""
    bound = await Group.at(crowd.channel, crowd.place)
    if bound is None:
        raise GroupUnbound
    person, canteen = crowd.person, bound.canteen
    if person is None or not await Membership.holds(person.id, canteen.id, *CARRIERS):
        raise NotOfThisCanteen(canteen.name)
    if not await Shift.filter(id=shift_id, canteen_id=canteen.id).exists():
        raise Gone
    try:
        claim = await Shift.claim(shift_id, person, crowd.now)
    except ShiftFull as full:
        await _refresh(crowd, bound)
        return shift_full(full)
    await confirm(crowd, person, claim)
    await _refresh(crowd, bound)
    return _("Thank you! {when}, {route} is yours.", when=when(claim.shift), route=claim.shift.route.name)


@every(seconds=10)
async def keep_true(mail: Mail) -> None:
    """Bring the cards of all groups up to date, whatever has changed the places."""
    cards: dict[int, Card] = {}
    for bound in await Group.bound():
        if bound.canteen_id not in cards:
            cards[bound.canteen_id] = await _card(bound.canteen, mail)
        await _say(mail, bound, cards[bound.canteen_id])


async def _refresh(mail: Mail, bound: Group) -> None:
    await _say(mail, bound, await _card(bound.canteen, mail))


async def _say(mail: Mail, bound: Group, card: Card) -> None:
    """Say the card if it differs from what was said last; it is edited where it stands."""
    words, keys = card
    if await bound.said_last() == pack(words) or await bound.said_last(hold=True) == pack(words):
        return
    mail.say(
        words,
        to=bound.reader,
        buttons=keys,
        zone=bound.canteen.zone,
        card=bound.card,
        priority=Priority.NOTICE,
    )


async def _card(canteen: Canteen, mail: Mail) -> Card:
    offer = await on_offer(canteen, mail.now)
    if not offer:
        return _(
            "Just now no shift at {canteen} needs anybody. Thank you to everybody who helps!",
            canteen=canteen.name,
        ), []
    more = len(offer) - SHOWN
    only_for = await wanted_skills([shift for shift, _count in offer[:SHOWN]])
    words = lines(
        bold(_("Open shifts at {canteen}", canteen=canteen.name)),
        *(open_line(shift, count, only_for.get(shift.id)) for shift, count in offer[:SHOWN]),
        _n("And {n} more: /shifts in our own chat.", "And {n} more: /shifts in our own chat.", more)
        if more > 0
        else None,
        NOTHING,
        _("Tap the one that suits you. The rest I write to you in our own chat."),
    )
    return words, [
        press(_("{when} · {route}", when=when(shift), route=shift.route.name), "group_take", shift.id)
        for shift, _count in offer[:SHOWN]
    ]


async def lost(mail: Mail, group: Group) -> None:
    """Tell the coordinators that a group can't be written to any more."""
    if not await group.lose(mail.now):
        return
    for coordinator in await group.canteen.coordinators():
        mail.say(
            lines(
                _(
                    "I can't write in the group {title} any more: somebody has removed me, or I may not write"
                    " there.",
                    title=group.title or "?",
                ),
                _("The open places of {canteen} are not shown there now.", canteen=group.canteen.name),
            ),
            to=coordinator,
            buttons=[press(_("Bind a group"), "/group")],
            priority=Priority.REMINDER,
            key=f"group {group.id} lost {coordinator.id}",
        )


@explains(NotOfThisCanteen)
def not_of_this_canteen(refusal: NotOfThisCanteen) -> Text:
    return _(
        "Only volunteers of {canteen} can take a shift here. Would you like to be one? Write /start to me in"
        " our own chat.",
        canteen=refusal.canteen,
    )


@explains(GroupUnbound)
def group_unbound(_refusal: GroupUnbound) -> Text:
    return _("This group does not show open places any more. You find them in our own chat: /shifts")


@explains(GroupTaken)
def group_taken(refusal: GroupTaken) -> Text:
    return _(
        "That group shows the places of {canteen}. Its coordinator has to let it go first: /group",
        canteen=refusal.canteen,
    )
