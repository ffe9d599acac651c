"""Open shifts: one message lists them, one tap takes a place."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from handlers import standins, suiting
from handlers.chat import VOLUNTEER, Chat, Mail, button, command, explains, press
from handlers.shiftwords import (
    SKILLS,
    as_what,
    cannot_come,
    canteens_of,
    card_of,
    depends,
    homes_of,
    on_offer,
    refresh_today,
    waiting,
    when,
    where,
)
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models.canteens import Canteen
from models.familiar import familiar_doors
from models.people import Person
from models.refusals import NotAllowed
from models.shiftrefusals import (
    NotIntroduced,
    ShiftCancelled,
    ShiftClashes,
    ShiftFull,
    ShiftOver,
    SkillWanted,
    WeekFull,
)
from models.shifts import Claim, Shift
from models.skills import Skill, wanted_skills

PAGE: Final = 8


@command(
    "shifts",
    for_=VOLUNTEER,
    help=_("See open shifts and take one"),
    phrases=_("open shifts|open places|take a shift|I want to help|I would like to help|when can I help"),
)
async def shifts(chat: Chat) -> None:
    """Show the open places of each canteen that this person helps."""
    for canteen in await canteens_of(chat):
        await _show(chat, canteen, 0, fresh=True)


@button("shifts_page", for_=VOLUNTEER)
async def another_page(chat: Chat, canteen_id: int, page: int) -> None:
    """Turn the page of the open places."""
    mine = {canteen.id: canteen for canteen in await canteens_of(chat)}
    if canteen_id not in mine:
        raise NotAllowed
    await _show(chat, mine[canteen_id], page)


@button("shift_take", for_=VOLUNTEER)
async def take(chat: Chat, shift_id: int, page: int) -> None:
    """Take a place; tapped again, it is the same place and the same answer."""
    try:
        claim = await Shift.claim(shift_id, chat.person, chat.now)
    except (SkillWanted, NotIntroduced) as refused:
        await suiting.refuse(chat, refused)
        return
    except ShiftFull as full:
        shift = await Shift.get(id=shift_id).prefetch_related("canteen")
        chat.say(
            lines(shift_full(full), _("Would you like to wait in line? I ask you if a place comes free.")),
            buttons=[
                press(_("Wait in line"), "line_join", shift_id),
                press(_("See the other shifts"), "/shifts"),
            ],
        )
        await _show(chat, shift.canteen, page, only_update=True)
        return
    await confirm(chat, chat.person, claim)
    await _show(chat, claim.shift.canteen, page, only_update=True)


async def confirm(mail: Mail, person: Person, claim: Claim) -> None:
    """Tell somebody, in their own chat, of the place they have just taken, and whom else it concerns."""
    shift = claim.shift
    mail.say(
        lines(
            bold(_("Thank you! {when}, {route} is yours.", when=when(shift), route=shift.route.name)),
            waiting(await homes_of(shift), shift),
            as_what(claim),
            where(shift),
            await standins.taken_over(claim),
            *await suiting.together(claim),
            _("I will remind you. If something comes up, just tap below: the sooner, the better."),
        ),
        to=person,
        buttons=[cannot_come(claim)],
        zone=shift.canteen.zone,
        card=card_of(claim),
        fresh=True,
    )
    await standins.tell_relieved(mail, claim, person)
    await suiting.tell_guides(mail, claim)
    await refresh_today(mail, shift)


async def _show(
    chat: Chat, canteen: Canteen, page: int, *, fresh: bool = False, only_update: bool = False
) -> None:
    mine = {claim.shift_id for claim in await Claim.coming(chat.person, chat.now)}
    found = [(shift, count) for shift, count in await on_offer(canteen, chat.now) if shift.id not in mine]
    last = max(len(found) - 1, 0) // PAGE
    if not 0 <= page <= last:
        # The page that was asked for is gone: an edit to the same words would look like no answer.
        page, fresh = min(max(page, 0), last), True
    shown = found[page * PAGE : (page + 1) * PAGE]
    known = await familiar_doors(chat.person, canteen.id, {shift.day for shift, _count in shown})
    shifts = [shift for shift, _count in shown]
    only_for = await wanted_skills(shifts)
    there = await suiting.guides_of(shifts, chat.person, canteen)
    turn = [press(_("Earlier"), "shifts_page", canteen.id, page - 1)] if page else []
    if len(found) > (page + 1) * PAGE:
        turn.append(press(_("More"), "shifts_page", canteen.id, page + 1))
    full = (
        [press(_("Wait for a full shift"), "shifts_full", canteen.id)]
        if await Shift.full(canteen.id, chat.now)
        else []
    )
    takes = [
        press(_("{when} · {route}", when=when(shift), route=shift.route.name), "shift_take", shift.id, page)
        for shift, _count in shown
    ]
    chat.say(
        lines(
            bold(_("Open shifts at {canteen}", canteen=canteen.name)),
            *[
                line
                for shift, count in shown
                for line in (
                    open_line(
                        shift, count, only_for.get(shift.id), known.get((shift.route_id, shift.day), 0)
                    ),
                    there.get(shift.id),
                )
            ],
            NOTHING,
            _("Tap the one that suits you. You can give it back at any time."),
        )
        if shown
        else _("Just now no shift at {canteen} needs anybody. Thank you for asking!", canteen=canteen.name),
        buttons=[*takes, *([turn] if turn else []), *full],
        zone=canteen.zone,
        card=f"shifts {canteen.id}",
        fresh=fresh,
        only_update=only_update,
    )


def open_line(shift: Shift, count: int, only_for: Skill | None, known: int = 0) -> Text:
    """Say what a shift is that needs somebody; known: at how many of its doors the reader was before."""
    places = (
        _n(
            "{n} place left, only with: {skill}",
            "{n} places left, only with: {skill}",
            shift.places_open,
            skill=SKILLS[only_for],
        )
        if only_for is not None
        else _n("{n} place left", "{n} places left", shift.places_open)
        if shift.places_open
        else _("a stand-in is wanted")
    )
    when_, route = when(shift), shift.route.name
    if not known:
        return _(
            "{when} · {route} · {homes} · {places}",
            when=when_,
            route=route,
            homes=depends(shift, count),
            places=places,
        )
    return _(
        "{when} · {route} · {homes}, you know {known} of them · {places}",
        when=when_,
        route=route,
        homes=depends(shift, count),
        known=known,
        places=places,
    )


@explains(ShiftFull)
def shift_full(_refusal: ShiftFull) -> Text:
    return _("Somebody was a moment faster: that shift is full now. Thank you for wanting to come!")


@explains(WeekFull)
def week_full(refusal: WeekFull) -> Text:
    return lines(
        _n(
            "You have {n} shift in that week already. Thank you! So that others get a turn, too, it stays at"
            " that for now.",
            "You have {n} shifts in that week already. Thank you! So that others get a turn, too, it stays at"
            " that for now.",
            refusal.held,
        ),
        _(
            "If nobody has taken it by {when}, it is open to you as well: /shifts",
            when=refusal.lifted_at.astimezone(ZoneInfo(refusal.zone)).date(),
        ),
    )


@explains(ShiftOver)
def shift_over(_refusal: ShiftOver) -> Text:
    return _("That shift has begun or is over. If it is urgent, write 0 and call the number you get.")


@explains(ShiftCancelled)
def shift_cancelled(_refusal: ShiftCancelled) -> Text:
    return _("That shift does not take place. The others are under /shifts")


@explains(ShiftClashes)
def shift_clashes(refusal: ShiftClashes) -> Text:
    zone = ZoneInfo(refusal.zone)
    starts, ends = refusal.starts_at.astimezone(zone), refusal.ends_at.astimezone(zone)
    return _(
        "You are on {route} at that time: {day}, {starts}–{ends}."
        " If you would rather change, give that one back first: /my",
        route=refusal.route,
        day=starts.date(),
        starts=starts.time(),
        ends=ends.time(),
    )
