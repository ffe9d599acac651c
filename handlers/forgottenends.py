"""A check-out that was forgotten: the volunteer says when it was, and it counts once a coordinator agrees."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers import answers, hourswords
from handlers.chat import (
    COORDINATOR,
    VOLUNTEER,
    Button,
    Chat,
    Mail,
    Priority,
    Unclear,
    button,
    every,
    press,
)
from handlers.hourswords import card_of, length, where
from handlers.text import Blank, Text, _, bold, lines
from models import forgottenends
from models.canteens import Canteen, instant
from models.hours import LONGEST, HoursEntry, HoursSource
from models.people import Person, Role
from models.refusals import Gone
from models.routes import Kind
from models.shiftrefusals import HoursSettled

BATCH: Final = 100


@every(seconds=30)
async def close_shifts(mail: Mail) -> bool:
    """Close the shifts whose end has passed, and ask about the ends that nobody noted."""
    closed, noticed = await forgottenends.close_due(mail.now, BATCH)
    for entry in noticed:
        await entry.fetch_related("person", "shift__route", "canteen")
        mail.say(
            _asked(entry),
            to=entry.person,
            buttons=[
                press(_("As planned, at {end}", end=_planned(entry)), "hours_ended", entry.id),
                press(_("At another time"), "hours_ended_at", entry.id),
            ],
            zone=entry.canteen.zone,
            priority=Priority.NOTICE,
            card=f"my {card_of(entry)}",
        )
        await _ask_coordinators(mail, entry)
    return closed == BATCH


def _asked(entry: HoursEntry) -> Text:
    """Ask a volunteer for the end that nobody noted: only a round has doors."""
    assert entry.shift is not None
    told: dict[str, Blank] = {"day": entry.day, "route": where(entry)}
    if entry.shift.route.kind is Kind.ROUND:
        return lines(
            bold(_("When did your round end on {day}, {route}? You did not tick off the last door.", **told)),
            _("Nothing is counted until we know. If you are still on the way, just go on."),
        )
    return lines(
        bold(_("When did you finish on {day}, {route}? You did not tap “I am done”.", **told)),
        _("Nothing is counted until we know. If you are still at work, just go on."),
    )


def _planned(entry: HoursEntry) -> Text:
    assert entry.shift is not None
    return _("{clock}", clock=entry.shift.ends_at.astimezone(ZoneInfo(entry.canteen.zone)).time())


async def _ask_coordinators(mail: Mail, entry: HoursEntry) -> None:
    """Show the coordinators what is known of a forgotten end; needs person, route and canteen fetched."""
    said = entry.source is HoursSource.SAID
    told = {
        "name": entry.person.name or "?",
        "day": entry.day,
        "route": where(entry),
        "time": length(entry.minutes),
    }
    text = (
        _("{name} says that it took {time} on {day}, {route}. Is that right?", **told)
        if said
        else _(
            "Nobody noted when {name} finished on {day}, {route}. I have asked. Nothing is counted"
            " yet; up to the planned end it would be {time}.",
            **told,
        )
    )
    right = _("That is right") if said else _("Count {time}", time=length(entry.minutes))
    for coordinator in await entry.canteen.coordinators():
        mail.say(
            text,
            to=coordinator,
            buttons=settle_keys(entry, right),
            zone=entry.canteen.zone,
            priority=Priority.NOTICE,
            card=card_of(entry),
            fresh=said,
        )


def settle_keys(entry: HoursEntry, right: Text) -> list[Button | list[Button]]:
    """Offer a coordinator to settle a forgotten end."""
    return [
        press(right, "hours_right", entry.id),
        [press(_("Change it"), "hours_change", entry.id), press(_("Count nothing"), "hours_none", entry.id)],
    ]


# ------------------------------------------------------------------------------------------- the volunteer


@button("hours_ended", for_=VOLUNTEER)
async def as_planned(chat: Chat, entry_id: int) -> None:
    """Take the planned end for the one that was."""
    await _propose(chat, entry_id, None)


@button("hours_ended_at", for_=VOLUNTEER)
async def at_another_time(chat: Chat, entry_id: int) -> None:
    """Ask when a shift ended."""
    entry, began, latest = await forgottenends.window_of(entry_id, chat.person, chat.now)
    zone = entry.canteen.zone

    def between(text: str) -> datetime:
        ended = instant(entry.day, answers.clock(text), zone)
        if not began < ended <= latest:
            raise Unclear(hourswords.between(began, latest, zone))
        return ended

    ended = await chat.ask(
        "clock",
        _(
            "At what time were you done on {day}, {route}? You began at {clock}.",
            day=entry.day,
            route=where(entry),
            clock=began.astimezone(ZoneInfo(zone)).time(),
        ),
        between,
    )
    await _propose(chat, entry_id, ended)


async def _propose(chat: Chat, entry_id: int, ended: datetime | None) -> None:
    entry = await forgottenends.propose(entry_id, ended, chat.person, chat.now)
    await entry.fetch_related("person", "shift__route", "canteen")
    chat.say(
        _(
            "Thank you: {time} on {day}. The coordinator looks at it once more, then it counts.",
            time=length(entry.minutes),
            day=entry.day,
        ),
        card=f"my {card_of(entry)}",
    )
    await _ask_coordinators(chat, entry)


# ----------------------------------------------------------------------------------------- the coordinator


@button("hours_right", for_=COORDINATOR)
async def confirm_hours(chat: Chat, entry_id: int) -> None:
    """Let the minutes count that were proposed."""
    await _settle(chat, entry_id, await forgottenends.planned_minutes(entry_id))


@button("hours_none", for_=COORDINATOR)
async def count_nothing(chat: Chat, entry_id: int) -> None:
    """Count nothing for a shift."""
    await _settle(chat, entry_id, 0)


@button("hours_change", for_=COORDINATOR)
async def change_hours(chat: Chat, entry_id: int) -> None:
    """Ask how long it was, and count that."""
    entry = await HoursEntry.filter(id=entry_id).prefetch_related("person").first()
    if entry is None:
        raise Gone
    await chat.person.must_be(Role.COORDINATOR, entry.canteen_id)
    if not entry.open:
        raise HoursSettled
    minutes = await chat.ask(
        "minutes",
        _("How many minutes did {name} give on {day}?", name=entry.person.name or "?", day=entry.day),
        answers.number(1, LONGEST),
    )
    await _settle(chat, entry_id, minutes)


async def _settle(chat: Chat, entry_id: int, minutes: int) -> None:
    entry = await HoursEntry.settle(entry_id, minutes, chat.person, chat.now)
    await entry.fetch_related("person")
    told = {"name": entry.person.name or "?", "day": entry.day, "time": timedelta(minutes=minutes)}
    text = (
        _("Thank you. I have counted {time} for {name} on {day}.", **told)
        if minutes
        else _("Thank you. I have counted nothing for {name} on {day}.", **told)
    )
    chat.say(text, card=card_of(entry))
    canteen = await Canteen.get(id=entry.canteen_id)
    for coordinator in await canteen.coordinators():
        if coordinator.id != chat.person.id:
            chat.say(text, to=coordinator, card=card_of(entry), only_update=True)
    await _tell_volunteer(chat, entry, canteen)


async def _tell_volunteer(chat: Chat, entry: HoursEntry, canteen: Canteen) -> None:
    person: Person = entry.person
    if person.id == chat.person.id:
        return
    chat.say(
        _("Your shift on {day} counts: {time}. Thank you.", day=entry.day, time=length(entry.minutes))
        if entry.minutes
        else _(
            "Your shift on {day} was not counted, because nobody noted it. If that is wrong, write 0.",
            day=entry.day,
        ),
        to=person,
        zone=canteen.zone,
        priority=Priority.NOTICE,
        card=f"my {card_of(entry)}",
        fresh=True,
    )
