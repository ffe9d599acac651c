"""One day's lunch in another way: elsewhere, one more, or with guests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from handlers import afterclosing, answers
from handlers.chat import Chat, Choice, Keyboard, Priority, button, explains, press
from handlers.meals import FAMILY_AND_COORDINATOR
from handlers.text import Text, _, _n, lines
from handlers.twoclocks import it_will_be_there
from handlers.whom import which_senior
from models import daychanges
from models.calendar import Window
from models.canteens import Canteen
from models.closures import Closure
from models.daychanges import GUESTS_AT_MOST, Changed, Lunch
from models.lunches import choosable
from models.refusals import Gone, PausedThen
from models.seniors import Mode, Senior

DAYS: Final = 6
GUESTS: Final = "guests"
HOW: Final[Mapping[Mode, Text]] = {
    Mode.DINE_IN: _("At the canteen"),
    Mode.PICK_UP: _("Picked up"),
    Mode.DELIVERY: _("Brought home"),
}
ONE_MORE: Final[Mapping[Mode, Text]] = {
    Mode.DINE_IN: _("An extra lunch, at the canteen"),
    Mode.PICK_UP: _("An extra lunch, picked up"),
    Mode.DELIVERY: _("An extra lunch, brought home"),
}


@button(
    "another_way",
    for_=FAMILY_AND_COORDINATOR,
    phrases=_(
        "comes to the canteen|come to the canteen|eats at the canteen|eat at the canteen|bring lunch home"
        "|bring it home|brought home tomorrow|pick up lunch|pick lunch up|picks up lunch|pick it up"
        "|picks it up|extra lunch|one more lunch|lunch on saturday too|a guest|guests|with a visitor"
    ),
)
async def another_way(chat: Chat) -> None:
    """Have one day's lunch in another way."""
    senior = await which_senior(chat, _("Whose lunch shall be different one day?"))
    await change_a_day(chat, senior)


async def change_a_day(chat: Chat, senior: Senior) -> None:
    """Ask for the day and what is different, and do it."""
    canteen = await Canteen.get(id=senior.canteen_id)
    coming = await choosable(senior, chat.now, DAYS)
    day = await chat.ask(
        "which",
        _("On which day shall {name}'s lunch be different? Tap a day, or write one.", name=senior.display),
        answers.day(canteen.today(chat.began)),
        choices=[Choice(each.day.isoformat(), _("On {day}", day=each.day)) for each in coming],
        label=_("Day"),
    )
    held = await daychanges.may_change(senior, day, chat.person, chat.now)
    lunch = await daychanges.lunch_of(senior, day)
    ways = _choices(lunch, await Closure.brings_all(canteen.id, day))
    how = await chat.ask("how", _question(senior, lunch), choices=ways, label=_("Lunch"))
    guests = await _how_many(chat, senior, lunch) if how == GUESTS else None
    mode = None if how == GUESTS else Mode(how)
    await chat.confirm("sure", _words(senior, day, mode, guests), yes=_("Yes, please"))
    changed = await daychanges.change(senior, day, chat.person, chat.now, mode=mode, guests=guests)
    cutoff = held.close_at if held.window(chat.now) is Window.OPEN else None
    chat.say(
        lines(
            _("Noted. {pause}", pause=_words(senior, day, mode, guests)),
            _("You can take this back until {when}.", when=cutoff) if cutoff is not None else None,
            it_will_be_there(chat.person.zone, cutoff, canteen.zone) if cutoff is not None else None,
        ),
        buttons=[press(_("As on other days"), "usual", senior.id, day)],
        zone=canteen.zone,
    )
    await _tell_of(chat, canteen, senior, changed)


def _question(senior: Senior, lunch: Lunch) -> Text:
    if not lunch.eats:
        return _("{name} has no lunch on {day}. What would you like?", name=senior.display, day=lunch.day)
    return lines(_words(senior, lunch.day, lunch.mode, None), _("What shall be different?"))


def _choices(lunch: Lunch, brought: bool) -> list[Choice]:
    """List what may be different; where a closure has every lunch brought, no other way there."""
    if not lunch.eats:
        more = [(mode, label) for mode, label in ONE_MORE.items() if mode is Mode.DELIVERY or not brought]
        return [Choice(mode.value, label) for mode, label in more]
    ways = [
        Choice(mode.value, label) for mode, label in HOW.items() if mode is not lunch.mode and not brought
    ]
    if lunch.mode is Mode.PICK_UP:
        return ways
    return [*ways, Choice(GUESTS, _("Other guests") if lunch.guests else _("A guest comes along"))]


async def _how_many(chat: Chat, senior: Senior, lunch: Lunch) -> int:
    none = [Choice("0", _("Nobody comes along"))] if lunch.guests else []
    some = [Choice(str(n), _n("{n} guest", "{n} guests", n)) for n in (1, 2, 3)]
    return await chat.ask(
        "guests",
        _("How many guests come along with {name}? Tap, or write the number.", name=senior.display),
        answers.number(0, GUESTS_AT_MOST),
        choices=[*some, *none],
        label=_("Guests"),
    )


def _words(senior: Senior, day: date, mode: Mode | None, guests: int | None) -> Text:
    """Say what will be."""
    if guests:
        return _n(
            "{n} guest has lunch with {name} on {day}.",
            "{n} guests have lunch with {name} on {day}.",
            guests,
            name=senior.display,
            day=day,
        )
    match mode:
        case Mode.DINE_IN:
            return _("{name} has lunch at the canteen on {day}.", name=senior.display, day=day)
        case Mode.PICK_UP:
            return _("{name}'s lunch is picked up on {day}.", name=senior.display, day=day)
        case Mode.DELIVERY:
            return _("{name}'s lunch is brought home on {day}.", name=senior.display, day=day)
        case _:
            return _("{name} has lunch without guests on {day}.", name=senior.display, day=day)


async def _tell_of(chat: Chat, canteen: Canteen, senior: Senior, changed: Changed) -> None:
    await afterclosing.tell(chat, canteen, senior, [changed.meal])
    if changed.put_on is None:
        return
    for coordinator in await canteen.coordinators():
        chat.say(
            _(
                "{short_id} is brought lunch on {day} and has no place on a route:"
                " for that day the door is the last of {route}.",
                short_id=senior.short_id,
                day=changed.lunch.day,
                route=changed.put_on.name,
            ),
            to=coordinator,
            buttons=_card_of(senior),
            zone=canteen.zone,
            priority=Priority.REMINDER,
        )


def _card_of(senior: Senior) -> Keyboard:
    return [press(_("Show the card"), "senior", senior.id)]


@button("usual", for_=FAMILY_AND_COORDINATOR)
async def as_usual(chat: Chat, senior_id: int, day: date) -> None:
    """Take a day's change back."""
    senior = await Senior.get_or_none(id=senior_id)
    if senior is None:
        raise Gone
    canteen = await Canteen.get(id=senior.canteen_id)
    changed = await daychanges.as_usual(senior, day, chat.person, chat.now)
    chat.say(
        _("All right: {name} has lunch on {day} as usual.", name=senior.display, day=day)
        if changed.lunch.eats
        else _("All right: {name} has no lunch on {day}, as usual.", name=senior.display, day=day)
    )
    await _tell_of(chat, canteen, senior, changed)


@explains(PausedThen)
def paused_then(refusal: PausedThen) -> Text:
    return _("Lunches are paused on {day}. To let them come again, write /resume", day=refusal.day)
