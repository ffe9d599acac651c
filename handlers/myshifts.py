"""One's own shifts: what is coming, saying yes once more, and giving a place back."""

from __future__ import annotations

from datetime import timedelta

from handlers.chat import VOLUNTEER, Button, Chat, Priority, button, command, explains, press
from handlers.firstvisits import not_along, tell_parted
from handlers.shiftwords import (
    cannot_come,
    canteens_of,
    card_of,
    carries_on,
    depends,
    homes_of,
    only_young,
    refresh_today,
    tools,
    waiting,
    when,
    where,
)
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.demand import waiting_for
from models.duties import on_duty
from models.refusals import NotYours
from models.routes import Kind
from models.shiftclock import BEFORE
from models.shifts import Claim, GivenBack


@command(
    "my",
    for_=VOLUNTEER,
    help=_("Your own shifts, and giving one back"),
    phrases=_(
        "my shifts|my shift|when am I on|can't come|cannot come|can't make it|cannot make it|can't tomorrow"
        "|can't today|take me off|give…back|I am ill|I am sick|I'm ill|I'm sick"
    ),
)
async def my(chat: Chat) -> None:
    """List one's own shifts to come."""
    for canteen in await canteens_of(chat):
        await _show(chat, canteen, fresh=True)


@button("shift_yes", for_=VOLUNTEER)
async def confirm(chat: Chat, claim_id: int) -> None:
    """Note that this volunteer will be there."""
    claim = await Claim.confirm(claim_id, chat.person, chat.now)
    shift = claim.shift
    chat.say(
        lines(
            bold(_("Thank you, see you then: {when}, {route}.", when=when(shift), route=shift.route.name)),
            waiting(await homes_of(shift), shift),
            where(shift),
        ),
        buttons=[cannot_come(claim)],
        zone=shift.canteen.zone,
        card=card_of(claim),
        fresh=claim.confirmed_at is not None,
    )


@button("shift_back", for_=VOLUNTEER)
async def give_back(chat: Chat, claim_id: int) -> None:
    """Give a place back; tapped again, it was given back once."""
    given = await Claim.give_back(claim_id, chat.person, chat.now)
    shift = given.claim.shift
    if given.beside:
        words, card = not_along(shift), card_of(given.claim)
        chat.say(words, zone=shift.canteen.zone, card=card, fresh=not given.news)
        if given.news:
            await tell_parted(chat, given)
            await _show(chat, shift.canteen, only_update=True)
        return
    chat.say(
        lines(
            _(
                "All right: {when}, {route} is open to others again. Thank you for saying so.",
                when=when(shift),
                route=shift.route.name,
            ),
            _how_late(given),
        ),
        buttons=[
            press(_("I can come after all"), "shift_take", shift.id, 0),
            press(_("See the other shifts"), "/shifts"),
        ],
        zone=shift.canteen.zone,
        card=card_of(given.claim),
        fresh=not given.news,
    )
    if given.news:
        await tell_coordinators(chat, given)
        await _show(chat, shift.canteen, only_update=True)
        await refresh_today(chat, shift)


async def _show(chat: Chat, canteen: Canteen, *, fresh: bool = False, only_update: bool = False) -> None:
    coming = await Claim.coming(chat.person, chat.now)
    mine = [claim for claim in coming if claim.shift.canteen_id == canteen.id]
    counts = await waiting_for([claim.shift for claim in mine])
    keys: list[Button] = []
    for claim in mine:
        if claim.shift.starts_at - BEFORE <= chat.now:
            if claim.shift.route.kind is Kind.ROUND:
                keys.append(press(_("Show my round"), "/round"))
            elif claim.arrived_at is not None and claim.shift.starts_at <= chat.now:
                keys += [press(_("I am done"), "work_done", claim.id), *tools(claim.shift)]
            if claim.arrived_at is None:
                keys.append(press(_("I am there"), "here", claim.id))
        if not claim.under_way:
            keys.append(cannot_come(claim, named=True))
    chat.say(
        lines(
            bold(_("Your shifts at {canteen}", canteen=canteen.name)),
            *(
                _(
                    "{when} · {route} · {homes}",
                    when=when(claim.shift),
                    route=claim.shift.route.name,
                    homes=depends(claim.shift, counts[claim.shift_id]),
                )
                for claim in mine
            ),
        )
        if mine
        else _("You have no shift at {canteen} just now.", canteen=canteen.name),
        buttons=[
            *keys,
            press(_("Somebody else instead"), "instead") if mine else press(_("See open shifts"), "/shifts"),
            press(_("Every week, or away"), "every_week"),
        ],
        zone=canteen.zone,
        card=f"my {canteen.id}",
        fresh=fresh,
        only_update=only_update,
    )


def _how_late(given: GivenBack) -> Text | None:
    """Say what short notice means, without blame: whoever tells us late has told us."""
    if not given.late:
        return None
    if given.ahead <= timedelta(0):
        return _("The shift has begun: the coordinator knows it now and looks for somebody.")
    return _("It is {time} before the start: the coordinator knows it, and I ask around.", time=given.ahead)


async def tell_coordinators(chat: Chat, given: GivenBack) -> None:
    """Tell the coordinators of a place that is open again at short notice."""
    shift, person = given.claim.shift, chat.person
    if not given.late and not given.alone:
        return
    name = person.name or "?"
    text = lines(
        bold(_("{name} can't come: {when}, {route}.", name=name, when=when(shift), route=shift.route.name)),
        _("That is {time} before the start.", time=given.ahead) if given.ahead > timedelta(0) else None,
        waiting(await homes_of(shift), shift),
        carries_on(given.left, shift),
        only_young() if given.alone else None,
        _("You can reach {name} at {phone}.", name=name, phone=person.phone) if person.phone else None,
    )
    same_day = shift.canteen.today(chat.now) == shift.day
    for coordinator in await on_duty(shift.canteen, shift.day):
        if coordinator.id != person.id:
            chat.say(
                text,
                to=coordinator,
                buttons=[press(_("I will go myself"), "shift_take", shift.id, 0)],
                zone=shift.canteen.zone,
                priority=Priority.URGENT if same_day else Priority.REPLY,
                reveals=f"phone of person {person.id}" if person.phone else None,
            )


@explains(NotYours)
def not_yours(_refusal: NotYours) -> Text:
    return _("That place is not yours any more. What you have taken is under /my")
