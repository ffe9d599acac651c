"""Who would like to come: the coordinator accepts, asks or declines, and gives the new door its place."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, button, command, explains, press
from handlers.clashes import tell_of_senior
from handlers.family import told_buttons
from handlers.joining import show_request
from handlers.places import which_canteen
from handlers.senior_card import OWN_YES, refresh, show
from handlers.seniornames import MODES
from handlers.text import Text, _, _n, lines
from models import joining
from models.canteens import Canteen
from models.people import Role
from models.refusals import NotPending
from models.seniors import Kinship, Mode, Senior, Status

SHOWN_AT_ONCE: Final = 10
NO_REASON: Final = "none"
LAST: Final = "last"
LATER: Final = "later"


@command(
    "approve",
    for_=COORDINATOR,
    help=_("See who waits for your answer"),
    phrases=_("who is waiting|new registrations|registrations"),
)
async def approve(chat: Chat) -> None:
    """Show who waits, longest first, each with its answers."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    seniors = await Senior.waiting(canteen.id)
    members = await joining.waiting(canteen.id)
    if not seniors and not members:
        chat.say(_("Nobody is waiting for an answer at {canteen}.", canteen=canteen.name))
        return
    chat.say(
        _n(
            "At {canteen}, {n} person waits for your answer.",
            "At {canteen}, {n} people wait for your answer.",
            len(seniors) + len(members),
            canteen=canteen.name,
        )
    )
    for senior in seniors[:SHOWN_AT_ONCE]:
        await show(chat, senior)
    for member in members[: SHOWN_AT_ONCE - len(seniors[:SHOWN_AT_ONCE])]:
        show_request(
            chat, member, canteen, member.person.name or "", member.person.phone or "", to=chat.person
        )
    if (more := len(seniors) + len(members) - SHOWN_AT_ONCE) > 0:
        chat.say(
            _n(
                "{n} more is waiting. When these are answered, tap here.",
                "{n} more are waiting. When these are answered, tap here.",
                more,
            ),
            buttons=[press(_("Show the next"), "/approve")],
        )


async def show_to_coordinators(chat: Chat, senior: Senior) -> None:
    """Show a new registration to all who look after the canteen."""
    canteen = await Canteen.get(id=senior.canteen_id)
    for coordinator in await canteen.coordinators():
        await show(chat, senior, to=coordinator)


@button("senior_yes", for_=COORDINATOR)
async def accept(chat: Chat, senior_id: int) -> None:
    """Accept; lunch begins at once, or after the senior's own yes."""
    senior = await Senior.accept(senior_id, chat.person, chat.now)
    canteen = await Canteen.get(id=senior.canteen_id)
    await refresh(chat, senior)
    if senior.status is Status.ACTIVE:
        await _begin(chat, senior, canteen)
        return
    chat.say(
        _(
            "Thank you. Please ask {name} in person or on the phone, then tap “{button}” on the card.",
            name=senior.display,
            button=OWN_YES,
        )
    )
    for kin in await Kinship.of(senior):
        if kin.linked:
            chat.say(
                _(
                    "Good news: {canteen} would like to welcome {name}. Before the first lunch"
                    " we will ask {name} in person.",
                    canteen=canteen.name,
                    name=senior.display,
                ),
                to=kin.person,
                zone=canteen.zone,
            )


@button("senior_agreed", for_=COORDINATOR)
async def agreed(chat: Chat, senior_id: int) -> None:
    """Note the senior's own yes: who asked and when is on record."""
    senior = await Senior.agree(senior_id, chat.person, chat.now)
    await refresh(chat, senior)
    await _begin(chat, senior, await Canteen.get(id=senior.canteen_id))


async def _begin(chat: Chat, senior: Senior, canteen: Canteen) -> None:
    """Tell the coordinator what is left to do, the kitchen what does not go, the family when lunch comes."""
    first = await senior.first_lunch(chat.now)
    chat.say(
        lines(
            _("{name} is with us now.", name=senior.display),
            _first(first, senior),
            _("The door stands at the end of the first route for now.")
            if senior.mode is Mode.DELIVERY
            else None,
        ),
        zone=canteen.zone,
        buttons=[
            press(
                _("Route, stop and visit") if senior.mode is Mode.DELIVERY else _("Set the home visit"),
                "senior_place",
                senior.id,
            )
        ],
    )
    await tell_of_senior(chat, canteen, senior)
    for kin in await Kinship.of(senior):
        if kin.linked:
            chat.say(
                lines(
                    _("{canteen} welcomes {name}.", canteen=canteen.name, name=senior.display),
                    _first(first, senior),
                    _("What would you like me to tell you? You can change it at any time."),
                ),
                to=kin.person,
                zone=canteen.zone,
                buttons=told_buttons(senior),
            )


def _first(first: datetime | None, senior: Senior) -> Text:
    if first is None:
        return _("I will tell you as soon as the first lunch has a day.")
    return _("First lunch: {when}, {how}", when=first, how=MODES[senior.mode])


@button("senior_no", for_=COORDINATOR)
async def decline(chat: Chat, senior_id: int) -> None:
    """Decline, with a reason in one's own words or without; the family hears whom they can call."""
    senior = await Senior.coordinated(senior_id, chat.person)
    name = senior.display
    reason = await chat.ask(
        "reason",
        _("What may I tell the family as the reason? They will read your words about {name}.", name=name),
        lambda text: None if text == NO_REASON else answers.long_words(text),
        choices=[Choice(NO_REASON, _("No reason"))],
    )
    canteen = await Canteen.get(id=senior.canteen_id)
    human, phone = canteen.human
    told = await Senior.decline(senior_id, chat.person, chat.now)
    await refresh(chat, await Senior.get(id=senior_id))
    chat.say(
        _("{name} is declined, and the family is told.", name=name)
        if told
        else _("{name} is declined. Nobody of the family is here by chat: please call them.", name=name)
    )
    for person in told:
        chat.say(
            lines(
                _(
                    "I am sorry: {canteen} can't take {name} in for lunch just now.",
                    canteen=canteen.name,
                    name=name,
                ),
                _("The reason: {reason}", reason=reason) if reason else None,
                _("{human} will gladly talk about it with you: {phone}", human=human, phone=phone)
                if phone
                else None,
            ),
            to=person,
            zone=canteen.zone,
        )


@explains(NotPending)
def not_pending(_refusal: NotPending) -> Text:
    return _("Somebody has answered this already; the card shows what.")
