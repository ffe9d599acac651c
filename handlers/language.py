"""Which language we speak with somebody."""

from __future__ import annotations

from handlers.chat import ANYONE, Chat, button, command, press
from handlers.languages import LANGUAGES
from handlers.text import _, verbatim
from models.refusals import Gone


@command(
    "language",
    for_=ANYONE,
    help=_("Choose your language"),
    phrases=_("language|speak English|in English"),
)
async def language(chat: Chat) -> None:
    """Offer every language by its own name."""
    chat.say(
        _("Which language shall I speak with you?"),
        buttons=[press(verbatim(name), "speak", code) for code, name in LANGUAGES.items()],
    )


@button("speak")
async def speak(chat: Chat, code: str) -> None:
    """Speak another language at once, in this very answer and in the command menu."""
    if code not in LANGUAGES:
        raise Gone
    chat.remember_language(code)
    await chat.person.speak(code)
    chat.say(_("All right, from now on I speak English with you."))
