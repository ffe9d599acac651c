"""A round that nobody has come for: who is on duty is told first, and decides what becomes of its doors."""

from __future__ import annotations

from handlers import doorcard, lateness, today
from handlers.chat import COORDINATOR, Button, Chat, Mail, Priority, button, explains, press
from handlers.shiftwords import depends, never_mind, when
from handlers.text import Text, _, _n, bold, lines
from models import cover, presence
from models.cover import Covered
from models.duties import on_duty
from models.people import Person
from models.presence import Absent, Watched
from models.routes import Kind
from models.shiftrefusals import NobodyThere, NoLongerMissed
from models.shifts import Claim, Shift

OTHERS = 2


async def tell(mail: Mail, absent: Absent) -> None:
    """Tell whoever is on duty; when it is a round without anybody, the deputy too; then everybody."""
    shift, claim = absent.shift, absent.claim
    words = await _words(absent)
    keys = await _keys(mail, absent)
    readers = (
        await shift.canteen.coordinators()
        if absent.step is Watched.EVERYBODY
        else await on_duty(shift.canteen, shift.day, deputy=absent.step is Watched.MISSED)
    )
    for reader in readers:
        if reader.id != claim.person_id:
            mail.say(
                words,
                to=reader,
                buttons=keys,
                zone=shift.canteen.zone,
                priority=Priority.URGENT,
                expires=shift.ends_at,
                key=f"absent {claim.id} {absent.step.value} {reader.id}",
                reveals=f"phone of person {claim.person_id}",
                still=("absent", claim.id),
            )
    await today.refresh(mail, shift.canteen_id, shift.day)


async def _words(absent: Absent) -> Text:
    claim, shift = absent.claim, absent.shift
    name = claim.person.name or "?"
    record = await presence.record_of(claim.person_id, shift.canteen_id)
    alone = not absent.there
    head = (
        _(
            "{name} has not checked in for {route} yet ({homes}).",
            name=name,
            route=shift.route.name,
            homes=depends(shift, absent.homes),
        )
        if absent.step is Watched.TELL
        else _(
            "Nobody is there for {route} ({homes}): {name} has not come.",
            name=name,
            route=shift.route.name,
            homes=depends(shift, absent.homes),
        )
        if alone and shift.route.kind is not Kind.ROUND
        else _(
            "Nobody carries {route} ({homes}): {name} has not come.",
            name=name,
            route=shift.route.name,
            homes=depends(shift, absent.homes),
        )
        if alone
        else _("{name} has not come for {route}.", name=name, route=shift.route.name)
    )
    there = tuple(person.name or "?" for person in absent.there)
    return lines(
        bold(head),
        _("Already there: {names}.", names=there) if there else None,
        _("On the way, said {when}.", when=claim.coming_at) if claim.coming_at else None,
        _("Please call {name}: {phone}", name=name, phone=claim.person.phone)
        if claim.person.phone
        else _("I have no phone number of {name}.", name=name),
        _("Rounds walked so far: {n}.", n=record.walked)
        if shift.route.kind is Kind.ROUND
        else _("Shifts done so far: {n}.", n=record.walked),
        _n("Not come so far: {n} time.", "Not come so far: {n} times.", record.missed)
        if record.missed
        else None,
    )


async def _keys(mail: Mail, absent: Absent) -> list[Button]:
    claim, shift = absent.claim, absent.shift
    if absent.step is Watched.TELL:
        return [press(_("Look for somebody now"), "look_now", claim.id)]
    if absent.there:
        return [press(_("Go on without {name}", name=claim.person.name or "?"), "go_on", claim.id)]
    keys = [press(_("I will go myself"), "go_myself", claim.id)]
    # Only doors can be shared out: what a kitchen lacks is a pair of hands.
    others = await cover.others_on_the_way(shift, mail.now) if shift.route.kind is Kind.ROUND else []
    for other in others[:OTHERS]:
        route = other.route.name
        keys.append(press(_("Half to {route}, half I take", route=route), "split_half", claim.id, other.id))
        keys.append(press(_("All doors to {route}", route=route), "split_all", claim.id, other.id))
    return [*keys, press(_("Look for somebody now"), "look_now", claim.id)]


async def there_after_all(mail: Mail, claim: Claim) -> None:
    """Take the alarm back: whoever was missed is there."""
    shift = claim.shift
    for reader in await on_duty(shift.canteen, shift.day):
        mail.say(
            _(
                "{name} is there now for {route}. All is well.",
                name=claim.person.name or "?",
                route=shift.route.name,
            ),
            to=reader,
            zone=shift.canteen.zone,
            priority=Priority.URGENT,
            key=f"there {claim.id} {reader.id}",
        )


# ---------------------------------------------------------------------------------------------- ways on


@button("go_myself", for_=COORDINATOR)
async def go_myself(chat: Chat, claim_id: int) -> None:
    """Carry the round oneself."""
    done = await cover.go_oneself(claim_id, chat.person, chat.now)
    await _settled(chat, done)
    if done.shift.route.kind is not Kind.ROUND:
        chat.say(
            _("Thank you: {route} is yours now.", route=done.shift.route.name),
            buttons=[press(_("My shifts"), "/my")],
        )
        return
    chat.say(
        _("Thank you: {route} is yours now. The doors are under /round", route=done.shift.route.name),
        buttons=[press(_("Show my round"), "/round")],
    )


@button("split_half", for_=COORDINATOR)
async def split_half(chat: Chat, claim_id: int, into_id: int) -> None:
    """Give the second half to another route, and carry the first."""
    await _split(chat, await cover.split(claim_id, into_id, chat.person, chat.now, whole=False), whole=False)


@button("split_all", for_=COORDINATOR)
async def split_all(chat: Chat, claim_id: int, into_id: int) -> None:
    """Give all doors to another route."""
    await _split(chat, await cover.split(claim_id, into_id, chat.person, chat.now, whole=True), whole=True)


async def _split(chat: Chat, done: Covered, *, whole: bool) -> None:
    await _settled(chat, done)
    assert done.into is not None
    for carrier in await Shift.carrier(done.shift.route_id, done.shift.day):
        await doorcard.shorten_round(chat, done.shift, carrier)
    await lateness.tell_of_moved(chat, done.into, done.meals)
    await tell_of_more_doors(chat, done.into, done.moved, done.shift)
    moved = _n(
        "{n} door goes to {route} now.",
        "{n} doors go to {route} now.",
        done.moved,
        route=done.into.route.name,
    )
    chat.say(
        moved if whole else lines(moved, _("The first half is yours: /round")),
        buttons=[] if whole else [press(_("Show my round"), "/round")],
    )


@button("go_on", for_=COORDINATOR)
async def go_on(chat: Chat, claim_id: int) -> None:
    """Let those who are there carry the round alone."""
    claim = await cover.release(claim_id, chat.person, chat.now)
    await doorcard.hide_round(chat, claim.shift, claim.person)
    chat.say(
        _(
            "All right, {route} goes on without {name}.",
            route=claim.shift.route.name,
            name=claim.person.name or "?",
        )
    )
    await today.refresh(chat, claim.shift.canteen_id, claim.shift.day)


@button("look_now", for_=COORDINATOR)
async def look_now(chat: Chat, claim_id: int) -> None:
    """Have a few people asked at once whether they can jump in; nobody is named."""
    claim = await cover.want_somebody(claim_id, chat.person, chat.now)
    chat.say(
        _("I am asking a few people for {route} now, without naming anybody.", route=claim.shift.route.name),
        zone=claim.shift.canteen.zone,
    )


async def tell_of_more_doors(
    mail: Mail, into: Shift, moved: int, from_: Shift, *, but: Person | None = None
) -> None:
    """Tell those on a route that doors of another one have come to theirs; not whoever has just said yes."""
    for person in await Shift.carrier(into.route_id, into.day):
        if but is not None and person.id == but.id:
            continue
        mail.say(
            lines(
                bold(
                    _n(
                        "{n} door of {other} comes to your round.",
                        "{n} doors of {other} come to your round.",
                        moved,
                        other=from_.route.name,
                    )
                ),
                _("Thank you for helping! They stand at the end of your round: /round"),
            ),
            to=person,
            buttons=[press(_("Show my round"), "/round")],
            zone=into.canteen.zone,
            priority=Priority.URGENT,
            expires=into.ends_at,
        )


async def _settled(chat: Chat, done: Covered) -> None:
    await doorcard.hide_round(chat, done.claim.shift, done.claim.person)
    shift = done.shift
    chat.say(
        _(
            "Somebody else carries {route} today, so the doors are gone from here: {when}.",
            route=shift.route.name,
            when=when(shift),
        )
        if shift.route.kind is Kind.ROUND
        else never_mind(shift),
        to=done.claim.person,
        zone=shift.canteen.zone,
        key=f"replaced {done.claim.id}",
    )
    await today.refresh(chat, shift.canteen_id, shift.day)


@explains(NoLongerMissed)
def no_longer_missed(_refusal: NoLongerMissed) -> Text:
    return _("That is settled already: somebody is there, or another has seen to it. See /today")


@explains(NobodyThere)
def nobody_there(_refusal: NobodyThere) -> Text:
    return _("Nobody carries that route any more, so the doors stay where they are. See /today")
