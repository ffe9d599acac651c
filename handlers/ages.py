"""How old a helper is, as far as the rules ask, and what their guardian says."""

from __future__ import annotations

from typing import Final

from handlers.chat import Chat, Choice, Mail, press
from handlers.text import Text, _, lines
from models.canteens import Canteen
from models.people import Membership, Person
from models.youth import MINORS, AgeClass, AgeNote

AGES: Final[dict[AgeClass, Text]] = {
    AgeClass.ADULT: _("18 or older"),
    AgeClass.UNDER_18: _("16 or 17"),
    AgeClass.UNDER_16: _("14 or 15"),
}


async def ask_age(chat: Chat) -> AgeClass:
    """Ask somebody who would like to help for the class of their age, once, and never for a birthday."""
    known = await AgeNote.filter(person_id=chat.person.id).order_by("-at", "-id").first()
    if known is not None:
        return known.age
    return AgeClass(
        await chat.ask(
            "age",
            _("How old are you? I keep no birthday."),
            choices=[Choice(age.value, words) for age, words in AGES.items()],
            label=_("My age"),
        )
    )


def what_follows(age: AgeClass) -> Text | None:
    """Say to somebody under age what they need before their first shift."""
    if age not in MINORS:
        return None
    return _(
        "Because you are under 18, a parent or guardian has to say yes before your first shift."
        " The coordinator will call."
    )


async def tell_coordinators(mail: Mail, member: Membership, person: Person, canteen: Canteen) -> None:
    """Tell the coordinators of a helper under age, so that they hear the guardian."""
    for coordinator in await canteen.coordinators():
        mail.say(
            lines(
                _("{name} is under 18 and would like to help.", name=person.name or "?"),
                _("Before the first shift a parent or guardian has to say yes. Please hear and note it."),
            ),
            to=coordinator,
            buttons=[press(_("A guardian has said yes"), "guardian_yes", member.id)],
            zone=canteen.zone,
            key=f"under age {member.id} {coordinator.id}",
        )
