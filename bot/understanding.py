"""What plain words mean: a command's phrase, or the number of a button."""

from __future__ import annotations

from bot.i18n import LANGUAGES, phrases_of
from handlers.answers import plain
from handlers.chat import REGISTRY, Command
from models.messaging import OutboxMessage, Sent
from models.people import Role


def meant(text: str, language: str, roles: frozenset[Role]) -> Command | None:
    """Find the one command whose longest phrase the words hold; None when there is none, or a tie."""
    said = _spaced(plain(text))
    found: dict[str, int] = {}
    for command in REGISTRY.commands.values():
        if command.phrases is None or not command.for_ & roles:
            continue
        for spoken in dict.fromkeys([language, *LANGUAGES]):
            for phrase in phrases_of(command.phrases, spoken):
                wanted = _spaced(plain(phrase))
                # Chinese has no spaces between words: there a phrase may stand anywhere.
                if wanted.strip() and (wanted if wanted.isascii() else wanted.strip()) in said:
                    found[command.name] = max(found.get(command.name, 0), len(wanted))
    best = [name for name, length in found.items() if length == max(found.values())]
    return REGISTRY.commands[best[0]] if len(best) == 1 else None


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
    return str(options[number - 1]) if 1 <= number <= len(options) else None


def _spaced(text: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return f" {' '.join(words.split())} "
