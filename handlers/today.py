"""The coordinator's card of the day: it is edited in place, and stays true as the day goes."""

from __future__ import annotations

from datetime import date
from typing import Final

from handlers.chat import COORDINATOR, Button, Chat, Mail, button, command, every, press
from handlers.places import which_canteen
from handlers.text import NOTHING, Span, Text, _, _n, bold, lines, pack
from handlers.todaycard import card_words
from models.dayview import DayView, Walk, cards_before_someone
from models.people import Role

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
    for coordinator in await view.canteen.coordinators():
        mail.say(
            card_words(view),
            to=coordinator,
            buttons=_keys(view),
            zone=view.canteen.zone,
            card=_card(canteen_id, day),
            only_update=True,
        )


@every(seconds=30)
async def keep_true(mail: Mail) -> bool:
    """Bring the cards of today up to date after anything that nobody here was told of."""
    stale = []
    for canteen_id, day, bodies in await cards_before_someone(PREFIX, mail.now):
        now_said = pack(card_words(await DayView.of(canteen_id, day, mail.now)))
        if any(body["text"] != now_said for body in bodies):
            stale.append((canteen_id, day))
    for canteen_id, day in stale:
        await refresh(mail, canteen_id, day)
    return bool(stale)


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
        ]
    ]
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
