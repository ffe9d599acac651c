"""Who somebody is: a name and a phone number, asked once."""

from __future__ import annotations

from collections.abc import Callable

from handlers import answers
from handlers.chat import Chat, Choice, Unclear
from handlers.text import _, verbatim
from models.canteens import Canteen

AS_SHOWN = "="


async def introduce(chat: Chat, canteen: Canteen) -> tuple[str, str]:
    """Ask for name and phone number, unless this person gave them before.

    What the channel calls them is offered on a button: often it is a nickname, so it is not taken unasked.
    """
    person = chat.person
    if person.name and person.phone:
        return person.name, person.phone
    shown = person.name
    name = await chat.ask(
        "name",
        _("What is your name?"),
        _name_or(shown),
        choices=[Choice(AS_SHOWN, verbatim(shown))] if shown else [],
        label=_("My name"),
    )
    phone = await chat.ask(
        "phone",
        _("Thank you, {name}. On which phone number can we reach you?", name=name),
        answers.phone(answers.country_code(canteen.zone)),
        want="contact",
        label=_("My phone number"),
    )
    return name, phone


def _name_or(shown: str | None) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text == AS_SHOWN and shown:
            return shown
        name = answers.words(text)
        if not any(char.isalpha() for char in name):
            raise Unclear(_("Please write your name in letters."))
        return name

    return read
