"""Who may call besides the coordinators; and a senior's new number."""

from __future__ import annotations

from datetime import time
from typing import Final

from handlers import answers, callcard
from handlers.chat import COORDINATOR, Button, Chat, button, press
from handlers.text import Text, _, bold, lines, verbatim
from models import phonenumbers
from models.callrules import Caller, CallRules
from models.canteens import Canteen
from models.people import Membership, Person, Role
from models.phonecalls import PhoneCall
from models.seniors import Senior

SHOWN: Final = 30


@button("callers", for_=COORDINATOR)
async def callers(chat: Chat, canteen_id: int) -> None:
    """Show which volunteers may call, and let it be changed with a tap."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    chosen = await Caller.of(canteen_id)
    ids = {person.id for person in chosen}
    others = [one for one in await Membership.people(canteen_id, Role.VOLUNTEER) if one.id not in ids]
    chat.say(
        lines(
            bold(_("Who may call seniors of {canteen}", canteen=canteen.name)),
            *[verbatim(person.name or "?") for person in chosen],
            None if chosen else _("So far only the coordinators."),
            await _hours(canteen),
            _("They see one number at a time, and only while it is that senior's turn."),
        ),
        buttons=[
            *(_set(canteen, one, _("{name} may call", name=one.name or "?"), 1) for one in others[:SHOWN]),
            *(_set(canteen, one, _("{name} no longer", name=one.name or "?"), 0) for one in chosen[:SHOWN]),
            press(_("Hours of the calls"), "settings_calls", canteen_id),
        ],
        card=f"callers:{canteen_id}",
        fresh=True,
    )


def _set(canteen: Canteen, person: Person, label: Text, on: int) -> Button:
    return press(label, "caller_set", canteen.id, person.id, on)


async def _hours(canteen: Canteen) -> Text:
    rules = await CallRules.of(canteen.id)
    return _(
        "Volunteers call between {opens} and {shuts}.",
        opens=time.fromisoformat(rules.opens_at),
        shuts=time.fromisoformat(rules.shuts_at),
    )


@button("caller_set", for_=COORDINATOR)
async def set_caller(chat: Chat, canteen_id: int, person_id: int, on: int) -> None:
    """Let a volunteer call, or no longer."""
    person = await Caller.let(canteen_id, person_id, chat.person, chat.now, on=bool(on))
    canteen = await Canteen.get(id=canteen_id)
    if on:
        chat.say(
            lines(
                _(
                    "Would you call seniors of {canteen}? The coordinator asks for your help. Thank you!",
                    canteen=canteen.name,
                ),
                await _hours(canteen),
                _("You see whom to call next under /calls"),
            ),
            to=person,
            buttons=[press(_("Whom to call"), "calls", canteen_id)],
            zone=canteen.zone,
            card=f"caller:{canteen_id}",
            fresh=True,
        )
    else:
        chat.say(
            _(
                "You do not have to call for {canteen} any more. Thank you for every call!",
                canteen=canteen.name,
            ),
            to=person,
            card=f"caller:{canteen_id}",
        )
        ended = await PhoneCall.let_go(person_id, canteen_id, chat.now)
        if ended is not None:
            await callcard.hide(chat, ended)
    await callers(chat, canteen_id)


@button("new_number", for_=COORDINATOR)
async def new_number(chat: Chat, senior_id: int) -> None:
    """Ask for a senior's new number; where the old one was wrong they are called again."""
    senior = await Senior.coordinated(senior_id, chat.person)
    canteen = await Canteen.get(id=senior.canteen_id)
    phone = await chat.ask(
        "phone",
        _("What is the phone number of {name}?", name=senior.display),
        answers.phone(answers.country_code(canteen.zone)),
    )
    await phonenumbers.new_number(senior_id, phone, chat.person, chat.now)
    chat.say(
        _("Noted: {name} is called at {phone} from now on.", name=senior.display, phone=phone),
        buttons=[press(_("Whom to call"), "calls", canteen.id)],
        reveals=f"phones of senior {senior_id}",
    )
    await callcard.refresh(chat, canteen.id, but=chat.person)
