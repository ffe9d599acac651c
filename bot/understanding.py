"""What plain words mean: a phrase of a command or a button, or the number of a button."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bot.channels import OPENS
from bot.i18n import LANGUAGES, phrases_of
from handlers.chat import REGISTRY, ButtonHandler, Command
from handlers.plain import bare
from models.messaging import OutboxMessage, Sent
from models.people import Role

GAP: Final = "…"
ABOVE_ALL: Final = "!"
FAR_LONGER: Final = 1000


def meant(text: str, language: str, roles: frozenset[Role]) -> Command | ButtonHandler | None:
    """Find the one command or button whose longest phrase the words hold; None when there is none, or a tie.

    A phrase may have a gap: "did…eat" is held by "did my old mum eat?". With "!" ahead it wins over others.
    """
    said = _spaced(bare(text))
    declared: list[Command | ButtonHandler] = [*REGISTRY.commands.values(), *REGISTRY.buttons.values()]
    found: dict[int, int] = {}
    for place, one in enumerate(declared):
        if one.phrases is None or not one.for_ & roles:
            continue
        for spoken in dict.fromkeys([language, *LANGUAGES]):
            for phrase in phrases_of(one.phrases, spoken):
                pattern, length = _pattern(phrase)
                if length > found.get(place, 0) and pattern.search(said):
                    found[place] = length
    best = [place for place, length in found.items() if length == max(found.values())]
    return declared[best[0]] if len(best) == 1 else None


@cache
def _pattern(phrase: str) -> tuple[re.Pattern[str], int]:
    """Make a phrase searchable, and tell how much it says."""
    parts = [_spaced(bare(part)).strip() for part in phrase.removeprefix(ABOVE_ALL).split(GAP)]
    length = sum(len(part) for part in parts) if all(parts) else 0
    if length and phrase.startswith(ABOVE_ALL):
        length += FAR_LONGER
    words = [re.escape(part) for part in parts]
    # Chinese has no spaces between words: there a phrase may stand anywhere.
    searched = f" {r' (?:[^ ]+ ){0,4}'.join(words)} " if "".join(parts).isascii() else ".{0,8}".join(words)
    return re.compile(searched), length


async def numbered(account_id: int, number: int) -> str | None:
    """Find what the n-th button of the account's last message carries."""
    # What still waits was not seen yet, and an edit may have changed a message further up.
    sent = OutboxMessage.filter(account_id=account_id, kind="text", state=Sent.SENT)
    last = await sent.filter(edits=False).order_by("-sent_at", "-id").first()
    if last is not None and last.card is not None:
        last = await sent.filter(card=last.card).order_by("-sent_at", "-id").first()
    if last is None:
        return None
    options = [data for _label, data in last.body.get("flow", ())]
    options += [data for row in last.body.get("rows", ()) for _label, data in row]
    options = [data for data in options if not data.startswith(OPENS)]
    return str(options[number - 1]) if 1 <= number <= len(options) else None


def _spaced(text: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return f" {' '.join(words.split())} "
