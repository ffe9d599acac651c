"""The card of the desk: who is still to come, how many have, and what was done last."""

from __future__ import annotations

from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from handlers.chat import Button, Chat, Mail, press
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed, verbatim
from models.canteens import Canteen
from models.desk import Desk, Guest
from models.meals import Meal, MealState
from models.people import Person, Role
from models.seniors import Mode, Senior
from models.serving import at_the_desk

ON_A_CARD: Final = 12
ABREAST: Final = 2
BUTTON_LETTERS: Final = 24


def card_of(canteen_id: int, day: date) -> str:
    """Name the card of a day's desk."""
    return f"desk:{canteen_id}:{day}"


def show(
    chat: Chat,
    desk: Desk,
    *,
    page: int = 0,
    done: Text | None = None,
    last: Meal | None = None,
    fresh: bool = False,
) -> None:
    """Show the card to the one who asks; last: the meal whose sign-in can be taken back from here."""
    chat.say(
        lines(done, None if last is None else also(desk, last), NOTHING if done else None, *_words(desk)),
        buttons=_keys(desk, page, last, coordinator=Role.COORDINATOR in chat.roles),
        zone=desk.canteen.zone,
        card=card_of(desk.canteen.id, desk.day),
        fresh=fresh,
        # Once for each time it is opened: what is edited in place was shown before.
        reveals=reveals(desk) if fresh else None,
    )


async def refresh(mail: Mail, desk: Desk, *, but: Person | None = None) -> None:
    """Bring the card up to date wherever it is shown; `but`: who is told anew anyway."""
    readers, gone = await at_the_desk(desk.canteen.id, desk.day, mail.now)
    for person in gone:
        take_away(mail, person, desk.canteen, desk.day)
    for reader in readers:
        if but is None or reader.id != but.id:
            mail.say(
                lines(*_words(desk)),
                to=reader,
                buttons=_keys(desk, 0, None, coordinator=Role.COORDINATOR in await reader.roles()),
                zone=desk.canteen.zone,
                card=card_of(desk.canteen.id, desk.day),
                only_update=True,
            )


def take_away(mail: Mail, person: Person, canteen: Canteen, day: date) -> None:
    """Take the names off the card of who helped at the desk, and has gone."""
    mail.say(
        _("Your shift at the desk is over, so the names are no longer shown here. Thank you!"),
        to=person,
        zone=canteen.zone,
        card=card_of(canteen.id, day),
        only_update=True,
    )


def reveals(desk: Desk) -> str:
    """Say for the audit what the desk shows."""
    return f"names at the desk of canteen {desk.canteen.id} on {desk.day}"


def heading(desk: Desk) -> Text:
    """Say which desk it is."""
    return _("{canteen}: the desk, {day}", canteen=desk.canteen.name, day=desk.day)


def count(desk: Desk) -> Text:
    """Say how many of those expected have come."""
    return _("{came} of {expected} came", came=desk.came, expected=len(desk.guests))


def others(desk: Desk) -> Text:
    """Say how many ate without a name."""
    return _n("{n} guest without a name", "{n} guests without a name", desk.others)


def note(desk: Desk) -> Text | None:
    """Say what stands in the way, or that it is late."""
    if desk.closed:
        return _("The desk is closed. Whoever still comes can be signed in: that puts it right.")
    if not desk.guests:
        return _("Nobody is expected at the table today.")
    return None


def also(desk: Desk, meal: Meal) -> Text | None:
    """Say what else is given to who has come: the boxes for days on which the canteen is closed."""
    for guest in desk.guests:
        if guest.meal.id == meal.id and guest.ahead and not guest.waiting:
            return _("Please give the box for {days} as well.", days=listed(guest.ahead))
    return None


def _words(desk: Desk) -> list[Text | None]:
    days = sorted({day for guest in desk.waiting for day in guest.ahead})
    return [
        bold(heading(desk)),
        bold(count(desk)),
        _n(
            "{n} lunch was picked up by somebody else: that senior was not seen.",
            "{n} lunches were picked up by somebody else: those seniors were not seen.",
            desk.fetched,
        )
        if desk.fetched
        else None,
        others(desk) if desk.others else None,
        note(desk),
        _("Who has a “+” gets the box for {days} as well.", days=listed(days)) if days else None,
        NOTHING,
        _("Tap who has come, or write the number, such as A17, several numbers, or the name.")
        if desk.waiting
        else _("Everybody has come."),
    ]


def _keys(desk: Desk, page: int, last: Meal | None, *, coordinator: bool) -> list[Button | list[Button]]:
    waiting = desk.waiting
    pages = max(1, -(-len(waiting) // ON_A_CARD))
    page = min(max(page, 0), pages - 1)
    shown = waiting[page * ON_A_CARD : (page + 1) * ON_A_CARD]
    keys: list[Button | list[Button]] = [
        [_key(guest) for guest in shown[at : at + ABREAST]] for at in range(0, len(shown), ABREAST)
    ]
    where = (desk.canteen.id, desk.day)
    if pages > 1:
        keys.append(press(_("More names"), "desk", *where, (page + 1) % pages))
    if last is not None:
        keys.append(press(_("Undo"), "desk_undo", last.id))
    guests = [press(_("One more guest"), "desk_guests", *where, desk.others + 1)]
    if desk.others:
        guests.append(press(_("One guest fewer"), "desk_guests", *where, desk.others - 1))
    keys += [guests, press(_("Open the desk page"), "desk_page", desk.canteen.id)]
    if coordinator:
        keys.append(press(_("Cards with a code"), "qrcards", desk.canteen.id))
    return keys


def _key(guest: Guest) -> Button:
    name = f"{guest.senior.short_id} {guest.senior.name or ''}"[:BUTTON_LETTERS].strip()
    if guest.ahead:
        name = f"{name} +{len(guest.ahead)}"
    if guest.meal.mode is Mode.PICK_UP:
        return press(_("{name} (picks up)", name=name), "desk_who", guest.meal.id)
    return press(verbatim(name), "desk_in", guest.meal.id)


# --------------------------------------------------------------------------------------------- what was done


def signed(meal: Meal, senior: Senior, zone: str) -> Text:
    """Say that somebody is signed in, or who fetched the lunch."""
    who = _("{name} ({short_id})", name=senior.name or senior.display, short_id=senior.short_id)
    at = clock(meal, zone)
    match meal.state:
        case MealState.SIGNED_IN:
            return _("✓ {who}, {when}", who=who, when=at)
        case MealState.FETCHED:
            return _("✓ {who}: somebody else picked it up, {when}", who=who, when=at)
        case _:
            return _("{who} is not signed in.", who=who)


def clock(meal: Meal, zone: str) -> time:
    """Tell the canteen's wall time of what became of a meal."""
    assert meal.state_at is not None or meal.state is MealState.EXPECTED
    return time() if meal.state_at is None else meal.state_at.astimezone(ZoneInfo(zone)).time()
