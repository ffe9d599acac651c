"""Being there: check-in with one tap, and the nudge for whoever is still awaited."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers import deskcard, noshow
from handlers.chat import VOLUNTEER, Chat, Mail, Priority, button, every, press, still
from handlers.shiftwords import cannot_come, card_of, homes, never_mind, refresh_today, tools, when
from handlers.text import Text, _, _n, bold, lines
from models import presence
from models.presence import Absent, Arrived, Watched
from models.routes import Kind
from models.serving import is_staff
from models.shifts import Claim

BATCH: Final = 100


@button("here", for_=VOLUNTEER)
async def here(chat: Chat, claim_id: int) -> None:
    """Check in; whoever comes when another goes already hears it kindly."""
    arrived = await presence.arrive(claim_id, chat.person, chat.now)
    shift = arrived.claim.shift
    if arrived.replaced:
        chat.say(
            never_mind(shift),
            zone=shift.canteen.zone,
            card=card_of(arrived.claim),
            fresh=True,
        )
        return
    chat.say(
        lines(
            bold(_("Good that you are there! {when}, {route}.", when=when(shift), route=shift.route.name)),
            _("Your doors are under /round")
            if shift.route.kind is Kind.ROUND
            else _("When you go home, please tap below: then your minutes are right."),
        ),
        buttons=[
            press(_("Show my round"), "/round")
            if shift.route.kind is Kind.ROUND
            else press(_("I am done"), "work_done", arrived.claim.id),
            *tools(shift),
        ],
        zone=shift.canteen.zone,
        card=card_of(arrived.claim),
        fresh=True,
    )
    await _tell(chat, arrived)


async def note(chat: Chat, claim: Claim | None) -> None:
    """Take what somebody does on their round for a check-in."""
    if claim is not None and await presence.seen_on_round(claim, chat.now):
        await _tell(chat, await presence.arrive(claim.id, chat.person, chat.now))


async def _tell(chat: Chat, arrived: Arrived) -> None:
    if arrived.news and arrived.claim.watched > Watched.TELL:
        await noshow.there_after_all(chat, arrived.claim)
    if arrived.news:
        await refresh_today(chat, arrived.claim.shift)


@button("work_done", for_=VOLUNTEER)
async def work_done(chat: Chat, claim_id: int) -> None:
    """End one's part of a shift that has no doors, and count the minutes."""
    claim, entry = await presence.finish_work(claim_id, chat.person, chat.now)
    shift = claim.shift
    chat.say(
        lines(
            bold(_("Thank you! {when}, {route}: done.", when=when(shift), route=shift.route.name)),
            _n("I have noted {n} minute: /hours", "I have noted {n} minutes: /hours", entry.minutes),
        ),
        zone=shift.canteen.zone,
        card=card_of(claim),
        fresh=True,
    )
    if shift.route.kind is Kind.DESK and not await is_staff(chat.person.id, shift.canteen_id):
        deskcard.take_away(chat, chat.person, shift.canteen, shift.day)
    await refresh_today(chat, shift)


@button("coming", for_=VOLUNTEER)
async def on_the_way(chat: Chat, claim_id: int) -> None:
    """Note that somebody is on the way."""
    claim = await presence.on_the_way(claim_id, chat.person, chat.now)
    chat.say(
        _("Good, no hurry: drive carefully. Please tap once more when you are there."),
        buttons=[press(_("I am there"), "here", claim.id), cannot_come(claim)],
        zone=claim.shift.canteen.zone,
        card=card_of(claim),
    )


@every(seconds=15)
async def watch(mail: Mail) -> bool:
    """Ask whoever is not there, and then tell those who can do something about it."""
    looked, due = await presence.take_absent(mail.now, BATCH)
    for absent in due:
        if absent.step is Watched.NUDGE:
            _nudge(mail, absent)
        else:
            await noshow.tell(mail, absent)
    return looked == BATCH


def _nudge(mail: Mail, absent: Absent) -> None:
    claim, shift = absent.claim, absent.shift
    mail.say(
        lines(bold(_asked(absent)), _("If you are there already, just tap it.")),
        to=claim.person,
        buttons=[
            [press(_("I am there"), "here", claim.id), press(_("I am on the way"), "coming", claim.id)],
            [press(_("I can't come"), "shift_back", claim.id)],
        ],
        zone=shift.canteen.zone,
        priority=Priority.URGENT,
        expires=shift.ends_at,
        key=f"nudge {claim.id}",
        card=card_of(claim),
        fresh=True,
        still=("absent", claim.id),
    )


def _asked(absent: Absent) -> Text:
    name, route = absent.claim.person.name or "?", absent.shift.route.name
    if absent.shift.route.kind is not Kind.ROUND:
        return _("{name}, your shift has begun: {route}. Are you on the way?", name=name, route=route)
    return _(
        "{name}, the lunch for {route} is packed ({homes}). Are you on the way?",
        name=name,
        route=route,
        homes=homes(absent.homes),
    )


@still("absent")
async def still_absent(claim_id: int, now: datetime) -> bool:
    """Tell whether somebody is still awaited."""
    return await presence.is_absent(claim_id, now)
