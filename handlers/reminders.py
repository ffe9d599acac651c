"""Reminders: three days before, one day before and on the morning; and to the coordinator who is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers.chat import Button, Mail, Priority, every, press, still
from handlers.shiftwords import as_what, cannot_come, card_of, depends, only_young, waiting, when, where
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models import reminders
from models.duties import on_duty
from models.people import Person
from models.reminders import Evening, Gap
from models.routes import Kind
from models.shifts import Claim, Shift, ShiftState

BATCH: Final = 100
MORNING: Final = 2


@every(seconds=15)
async def remind(mail: Mail) -> bool:
    """Remind the volunteers whose hour has come."""
    taken, due = await reminders.take_due(mail.now, BATCH)
    for each in due:
        claim = each.claim
        keys = [press(_("I'll be there"), "shift_yes", claim.id), cannot_come(claim)]
        mail.say(
            lines(
                bold(_when(each.step, claim.shift)),
                waiting(each.homes, claim.shift),
                as_what(claim),
                where(claim.shift),
                _("Will you be there?"),
            ),
            to=claim.person,
            buttons=[keys, _there(claim)] if each.step == MORNING else [keys],
            zone=claim.shift.canteen.zone,
            priority=Priority.REMINDER,
            expires=each.until,
            key=f"reminder {claim.id} {each.step}",
            card=card_of(claim),
            fresh=True,
            still=("claim", claim.id),
        )
    return taken == BATCH


def _there(claim: Claim) -> list[Button]:
    keys = [press(_("I am there"), "here", claim.id)]
    if claim.shift.route.kind is Kind.ROUND:
        keys.append(press(_("Show my round"), "/round"))
    return keys


def _when(step: int, shift: Shift) -> Text:
    route = shift.route.name
    match step:
        case 0:
            return _("In three days is your shift: {when}, {route}.", when=when(shift), route=route)
        case 1:
            return _("Tomorrow is your shift: {when}, {route}.", when=when(shift), route=route)
        case _:
            return _("Today is your shift: {when}, {route}.", when=when(shift), route=route)


@still("claim")
async def still_theirs(claim_id: int, now: datetime) -> bool:
    """Tell whether a place is still held, and its shift still to come."""
    held = Claim.filter(id=claim_id, given_back_at=None, shift__state=ShiftState.OPEN)
    return await held.filter(shift__ends_at__gt=now).exists()


@still("shift")
async def still_takes_place(shift_id: int, now: datetime) -> bool:
    """Tell whether a shift is still to be walked: nobody is missing on a day that was closed."""
    return await Shift.filter(id=shift_id, state=ShiftState.OPEN, ends_at__gt=now).exists()


@every(seconds=15)
async def tell_who_is_missing(mail: Mail) -> bool:
    """Tell the coordinators on the evening before which routes lack somebody, once."""
    evening = await reminders.take_evening(mail.now)
    if evening is None:
        return False
    if evening.gaps:
        for coordinator in await on_duty(evening.canteen, evening.day):
            mail.say(
                _missing(evening),
                to=coordinator,
                buttons=[key for gap in evening.gaps for key in _ways_on(gap)],
                zone=evening.canteen.zone,
                priority=Priority.REMINDER,
                expires=max(gap.shift.ends_at for gap in evening.gaps),
                reveals=_phones(evening),
                still=("shift", evening.gaps[0].shift.id),
            )
    return True


def _ways_on(gap: Gap) -> list[Button]:
    shift = gap.shift
    keys = [
        press(
            _("Open {name}'s place to others", name=claim.person.name or "?"),
            "free_place",
            claim.id,
        )
        for claim in gap.silent
    ]
    if shift.places_left:
        keys += [
            press(_("I will take {route} myself", route=shift.route.name), "shift_take", shift.id, 0),
            press(_("Ask three more for {route}", route=shift.route.name), "ask_more", shift.id),
        ]
    return keys


def _missing(evening: Evening) -> Text:
    return lines(
        bold(_("{day}: not every route is sure yet.", day=evening.day)),
        *(line for gap in evening.gaps for line in _lacks(gap)),
    )


def _lacks(gap: Gap) -> list[Text]:
    shift = gap.shift
    route = _(
        "{when} · {route} · {homes}",
        when=when(shift),
        route=shift.route.name,
        homes=depends(shift, gap.homes),
    )
    free = shift.places_left
    return [
        NOTHING,
        route,
        *([_n("{n} place is free.", "{n} places are free.", free)] if free else []),
        *(_silent(claim.person) for claim in gap.silent),
        *([only_young()] if gap.alone else []),
    ]


def _silent(person: Person) -> Text:
    name = person.name or "?"
    if not person.phone:
        return _("{name} has not answered my reminder.", name=name)
    return _("{name} has not answered my reminder: {phone}", name=name, phone=person.phone)


def _phones(evening: Evening) -> str | None:
    if any(claim.person.phone for gap in evening.gaps for claim in gap.silent):
        return f"phones of the volunteers of canteen {evening.canteen.id} on {evening.day}"
    return None
