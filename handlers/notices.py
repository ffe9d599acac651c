"""Notices: the coordinator's words to many, with a preview before and a count after."""

from __future__ import annotations

from typing import Final

from handlers import answers
from handlers.chat import (
    ANYONE,
    COORDINATOR,
    Button,
    Chat,
    Choice,
    Mail,
    Priority,
    button,
    command,
    every,
    explains,
    press,
    task,
)
from handlers.places import which_canteen
from handlers.text import NOTHING, Text, _, _n, bold, lines, pack, verbatim
from models.canteens import Canteen
from models.cards import shown_to
from models.messaging import Task
from models.notices import TASK, Audience, Notice, Progress, Receipt
from models.people import Person, Role
from models.refusals import Gone, NothingToSend

BATCH: Final = 50  # a fraction of a second: nobody who writes meanwhile may wait for it
NAMES: Final = 40


@command(
    "broadcast",
    for_=COORDINATOR,
    help=_("Write to all volunteers, all families, or everyone"),
    phrases=_("tell everyone|write to everyone|message to all|announcement"),
)
async def broadcast(chat: Chat) -> None:
    """Ask for whom and what, show it as its readers will see it, and send it."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    counts = {each: await Notice.readers(canteen.id, each, chat.person) for each in Audience}
    audience = Audience(
        await chat.ask(
            "audience",
            _("Who should read it?"),
            choices=[Choice(each.value, _audience(each, n)) for each, n in counts.items()],
            label=_("Who reads it"),
        )
    )
    if not counts[audience]:
        raise NothingToSend
    body = await chat.ask(
        "words",
        _("What would you like to say? Write it just as they should read it."),
        answers.long_words,
        label=_("The words"),
    )
    await chat.confirm(
        "send",
        lines(
            _("This is how they will see it:"),
            NOTHING,
            letter(body, canteen, chat.person),
            NOTHING,
            _n("{n} person gets it.", "{n} people get it.", counts[audience]),
            _("Nobody is woken at night: whoever sleeps gets it from 8:00 on."),
        ),
        yes=_("Send"),
    )
    notice = await Notice.send(canteen.id, audience, body, chat.person, chat.now)
    chat.say(
        _n(
            "On its way to {n} person. This message counts along.",
            "On its way to {n} people. This message counts along.",
            counts[audience],
        ),
        card=_card(notice),
    )


def _audience(audience: Audience, n: int) -> Text:
    match audience:
        case Audience.VOLUNTEERS:
            return _("Volunteers ({n})", n=n)
        case Audience.FAMILIES:
            return _("Families ({n})", n=n)
        case Audience.EVERYONE:
            return _("Everyone ({n})", n=n)


def letter(body: str, canteen: Canteen, by: Person | None) -> Text:
    """Say a notice as its readers see it."""
    name = by.name if by else None
    return lines(
        bold(
            _("{name} of {canteen} writes:", name=name, canteen=canteen.name)
            if name
            else _("{canteen} writes:", canteen=canteen.name)
        ),
        verbatim(body),
    )


@task(TASK)
async def write_to_the_next(mail: Mail, task: Task) -> None:
    """Write to one batch of readers."""
    notice = await Notice.get(id=task.about).prefetch_related("canteen", "by")
    text = letter(notice.body, notice.canteen, notice.by)
    for person in await notice.next_readers(task, BATCH, mail.now):
        mail.say(
            text,
            to=person,
            buttons=[press(_("I have read it"), "notice_seen", notice.id)],
            zone=notice.canteen.zone,
            priority=Priority.NOTICE,
            key=notice.key(person.id),
        )


@every(seconds=5)
async def count_along(mail: Mail) -> None:
    """Keep the sender's card of each notice at its true numbers while it is on its way."""
    for notice in await Notice.unfinished():
        await _show_progress(mail, notice)


async def _show_progress(mail: Mail, notice: Notice) -> None:
    progress = await notice.progress(mail.now)
    if notice.by is None:
        return
    shown = await shown_to(notice.by, _card(notice))
    if shown is not None and shown.words != pack(_progress(progress)):
        mail.say(
            _progress(progress),
            to=notice.by,
            buttons=_keys(notice, progress),
            zone=notice.canteen.zone,
            card=_card(notice),
            only_update=True,
        )


def _progress(progress: Progress) -> Text:
    return lines(
        bold(_("Sent to {sent} of {total}.", sent=progress.sent, total=progress.total)),
        _n("{n} could not be reached.", "{n} could not be reached.", progress.unreached)
        if progress.unreached
        else None,
        _n("Of {n} I am not sure that it arrived.", "Of {n} I am not sure that it arrived.", progress.unsure)
        if progress.unsure
        else None,
        _n("{n} gets it in the morning.", "{n} get it in the morning.", progress.held)
        if progress.held
        else None,
        _n("{n} has read it.", "{n} have read it.", progress.seen) if progress.seen else None,
    )


def _keys(notice: Notice, progress: Progress) -> list[Button]:
    if progress.seen >= progress.total:
        return []
    return [press(_("Who has not read it?"), "notice_unread", notice.id)]


@button("notice_seen", for_=ANYONE)
async def seen(chat: Chat, notice_id: int) -> None:
    """Note that somebody has read a notice."""
    await Receipt.see(notice_id, chat.person, chat.now)
    chat.say(_("Thank you. Now we know that it reached you."))
    await _show_progress(chat, await Notice.get(id=notice_id).prefetch_related("canteen", "by"))


@button("notice_unread", for_=COORDINATOR)
async def who_has_not(chat: Chat, notice_id: int) -> None:
    """List whom to call: those who could not be reached first."""
    notice = await Notice.get_or_none(id=notice_id)
    if notice is None:
        raise Gone
    found = await notice.unread(chat.person)
    chat.say(
        lines(
            bold(_n("{n} person has not said yet that they read it.",
                    "{n} people have not said yet that they read it.", len(found))),
            *(_silent(person, reached) for person, reached in found[:NAMES]),
            _n("and {n} more", "and {n} more", len(found) - NAMES) if len(found) > NAMES else None,
        )
        if found
        else _("Everybody has said that they read it."),
        reveals=f"phones of the readers of notice {notice.id}" if found else None,
    )  # fmt: skip


def _silent(person: Person, reached: bool) -> Text:
    name, phone = person.name or "?", person.phone or _("no number yet")
    if reached:
        return _("{name}, {phone}", name=name, phone=phone)
    return _("{name}, {phone} – could not be reached, please call", name=name, phone=phone)


def _card(notice: Notice) -> str:
    return f"notice:{notice.id}"


@explains(NothingToSend)
def nothing_to_send(_refusal: NothingToSend) -> Text:
    return _("Nobody would read that yet, so nothing was sent. Invite people first: /invite")
