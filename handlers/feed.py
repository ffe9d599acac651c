"""One's own shifts in the calendar of one's phone, which reads them by itself under a secret address."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers.agenda import Agenda, Event
from handlers.chat import VOLUNTEER, Chat, button, command, feed, press
from handlers.text import FeedLink, Text, _, bold, lines
from models.feeds import Appointment, CalendarFeed

FEED: Final = "shifts"
CARD: Final = "calendar feed"


@command(
    "calendar",
    for_=VOLUNTEER,
    help=_("Your shifts in your phone's calendar"),
    phrases=_("shifts in my calendar|calendar of my phone|calendar feed|sync my calendar"),
)
async def calendar(chat: Chat) -> None:
    """Give the address of one's calendar; one that was given before can't be shown again."""
    known = await CalendarFeed.of_person(chat.person, chat.now)
    if known.running:
        _show(chat, known, fresh=True)
    else:
        await _renew(chat, known.version, fresh=True)


@button("calendar_new", for_=VOLUNTEER)
async def another_address(chat: Chat, version: int) -> None:
    """Give a new address; the old one ends."""
    await _renew(chat, version)


@button("calendar_stop", for_=VOLUNTEER)
async def stop(chat: Chat, version: int) -> None:
    """End the address."""
    await CalendarFeed.stop(chat.person, version, chat.now)
    _show(chat, await CalendarFeed.of_person(chat.person, chat.now))


async def _renew(chat: Chat, version: int, *, fresh: bool = False) -> None:
    secret = await CalendarFeed.renew(chat.person, version, chat.now)
    known = await CalendarFeed.of_person(chat.person, chat.now)
    if secret is None:
        _show(chat, known, fresh=True)
        return
    chat.say(
        lines(
            bold(_("Your shifts in your phone's calendar")),
            _("Add this address to your calendar app as a calendar that you subscribe to:"),
            _("{link}", link=FeedLink(FEED, secret)),
            _("It shows day, hours, canteen and route, no senior's name. What changes here changes there."),
            _("Please keep the address to yourself: whoever has it sees when you come."),
            _("An address that you were given before does not work any more.") if version else None,
        ),
        buttons=[
            press(_("Give me a new address"), "calendar_new", known.version),
            press(_("Stop the calendar"), "calendar_stop", known.version),
        ],
        card=CARD,
        fresh=fresh,
    )


def _show(chat: Chat, known: CalendarFeed, *, fresh: bool = False) -> None:
    """Say whether an address is good."""
    anew = press(_("Give me a new address"), "calendar_new", known.version)
    if not known.running:
        chat.say(
            _("Your calendar gets nothing from me any more. What stands in it you can delete there."),
            buttons=[anew],
            card=CARD,
            fresh=fresh,
        )
        return
    chat.say(
        lines(
            _("Your calendar has had an address since {when}.", when=known.made_at),
            _("I keep no copy of it, so I can't show it again. If it is lost, take a new one."),
        ),
        buttons=[anew, press(_("Stop the calendar"), "calendar_stop", known.version)],
        card=CARD,
        fresh=fresh,
    )


@feed(FEED)
async def shifts_feed(secret: str, now: datetime) -> Agenda | None:
    """List the shifts of whoever has this address: canteen, route and hours, no senior."""
    found = await CalendarFeed.look(secret)
    if found is None:
        return None
    return Agenda(
        name=_("My shifts at the canteen"),
        language=found.person.language,
        made_at=found.made_at,
        events=[_event(one) for one in await found.appointments(now)],
    )


def _event(one: Appointment) -> Event:
    shift = one.shift
    return Event(
        uid=one.uid,
        sequence=one.sequence,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        title=_title(shift.canteen.name, shift.route.name),
        note=_("If something comes up, write /my in the chat: the sooner, the better."),
        place=shift.canteen.name,
        cancelled=one.cancelled,
        changed_at=one.changed_at,
    )


def _title(canteen: str, route: str) -> Text:
    return _("Shift at {canteen}: {route}", canteen=canteen, route=route)
