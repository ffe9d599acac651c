"""The coordinator's card of the day: it is edited in place, and stays true as the day goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from handlers.chat import COORDINATOR, Button, Chat, Mail, button, command, every, press
from handlers.places import which_canteen
from handlers.text import NOTHING, Span, Text, _, _n, bold, lines, pack
from handlers.todaycard import card_words
from models.canteens import Canteen
from models.cards import shown_to_all
from models.dayview import DayView, Walk
from models.people import Person, Role
from models.seniors import Mode

PREFIX: Final = "today:"


@command(
    "today",
    for_=COORDINATOR,
    help=_("How today is going"),
    phrases=_("how is today going|today|what is open"),
)
async def today(chat: Chat) -> None:
    """Show today's card at the bottom of the chat."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    await _show(chat, canteen.id, canteen.today(chat.now), fresh=True)


@button("today", for_=COORDINATOR)
async def look_again(chat: Chat, canteen_id: int, day: date) -> None:
    """Bring a card up to date where it stands."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    await _show(chat, canteen_id, day, fresh=False)


@button("carriers", for_=COORDINATOR)
async def who_carries(chat: Chat, canteen_id: int, day: date) -> None:
    """Say who carries each route, with their phone numbers."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    view = await DayView.of(canteen_id, day, chat.now)
    chat.say(
        _carriers(view),
        zone=view.canteen.zone,
        reveals=f"phones of the carriers of canteen {canteen_id} on {day}",
    )


async def refresh(mail: Mail, canteen_id: int, day: date) -> None:
    """Bring the card of a day up to date wherever a coordinator has it before them."""
    view = await DayView.of(canteen_id, day, mail.now)
    _say(mail, view, await view.canteen.coordinators())


@every(seconds=30)
async def keep_true(mail: Mail) -> None:
    """Bring the cards of today up to date after anything that nobody here was told of."""
    cards = {
        _card(canteen.id, canteen.today(mail.now)): (canteen.id, canteen.today(mail.now))
        for canteen in await Canteen.all()
    }
    views: dict[str, DayView] = {}
    for shown in await shown_to_all(Role.COORDINATOR, list(cards)):
        if shown.card not in views:
            views[shown.card] = await DayView.of(*cards[shown.card], mail.now)
        if shown.words != pack(card_words(views[shown.card])):
            _say(mail, views[shown.card], [shown.reader])


def _say(mail: Mail, view: DayView, readers: Sequence[Person]) -> None:
    for reader in readers:
        mail.say(
            card_words(view),
            to=reader,
            buttons=_keys(view),
            zone=view.canteen.zone,
            card=_card(view.canteen.id, view.day),
            only_update=True,
        )


async def _show(chat: Chat, canteen_id: int, day: date, *, fresh: bool) -> None:
    view = await DayView.of(canteen_id, day, chat.now)
    chat.say(
        card_words(view),
        buttons=_keys(view),
        zone=view.canteen.zone,
        card=_card(canteen_id, day),
        fresh=fresh,
    )


def _keys(view: DayView) -> list[Button | list[Button]]:
    keys: list[Button | list[Button]] = [
        [
            press(_("Refresh"), "today", view.canteen.id, view.day),
            press(_("Who carries?"), "carriers", view.canteen.id, view.day),
        ],
        press(_("Calendar"), "month", view.canteen.id, view.day.replace(day=1)),
    ]
    if view.calls:
        keys.append(press(_("Whom to call"), "calls", view.canteen.id))
    if view.modes.get(Mode.DINE_IN) or view.modes.get(Mode.PICK_UP):
        keys.append(press(_("The desk"), "/signin"))
    if view.brought_out:
        keys.append(press(_("Type in a sheet"), "sheet_in", view.canteen.id, view.day))
    if view.cases:
        keys.append(press(_("Open cases"), "/cases"))
    if view.waiting:
        keys.append(press(_("Registrations"), "/approve"))
    return keys


def _card(canteen_id: int, day: date) -> str:
    return f"{PREFIX}{canteen_id}:{day}"


def _carriers(view: DayView) -> Text:
    if not view.walks:
        return _("No round is planned for {day}.", day=view.day)
    return lines(
        bold(_("Who carries lunch on {day}", day=view.day)),
        *(part for walk in view.walks for part in _carried(walk)),
    )


def _carried(walk: Walk) -> list[Text]:
    said = [NOTHING, _("{route}, {when}", route=walk.name, when=Span(walk.starts_at, walk.ends_at))]
    for carrier in walk.carriers:
        name, phone = carrier.person.name or "?", carrier.person.phone or _("no number yet")
        said.append(
            _("{name}, {phone} – has said: I will be there", name=name, phone=phone)
            if carrier.confirmed
            else _("{name}, {phone}", name=name, phone=phone)
        )
    if walk.free and not walk.finished:
        said.append(_n("{n} place is still free.", "{n} places are still free.", walk.free))
    return said
