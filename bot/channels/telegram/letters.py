"""Set a letter for Telegram: pieces that fit, bold in UTF-16 units, and the keyboard below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
)

from bot.channels import Key, Letter
from bot.channels.telegram.codec import clean

LIMIT: Final = 4096
"""UTF-16 units of one message."""

CAPTION: Final = 1024
"""UTF-16 units of the words under a file."""

SHARE: Final = "share"
"""The data of the key that becomes the channel's own sharing button."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message's worth of a text."""

    text: str
    bold: list[MessageEntity]


def pieces(text: str, bold: Sequence[tuple[int, int]] = (), limit: int = LIMIT) -> list[Piece]:
    """Cut a text at line ends, else at spaces, into messages of at most `limit` UTF-16 units."""
    text = clean(text)
    return [Piece(text[start:end], _entities(text, bold, start, end)) for start, end in _cuts(text, limit)]


def captioned(parts: list[Piece]) -> list[Piece]:
    """Let the words of a letter stand under its file; if they are too many, send them before it."""
    fits = len(parts) == 1 and units(parts[0].text) <= CAPTION
    return parts if fits else [*parts, Piece("", [])]


def keyboard(letter: Letter) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Lay out the letter's keys; where something is to be shared, as keys that replace the keyboard."""
    if not any(letter.keys):
        return None
    if shares(letter):
        return ReplyKeyboardMarkup(
            [[_reply(key, letter.want) for key in row] for row in letter.keys if row],
            resize_keyboard=True,
            one_time_keyboard=True,
        )
    return InlineKeyboardMarkup([[_inline(key) for key in row] for row in letter.keys if row])


def shares(letter: Letter) -> bool:
    """Tell whether the letter needs a sharing button, which Telegram has in private chats only."""
    return (
        letter.want in ("contact", "location")
        and not letter.address.startswith("-")
        and any(key.data == SHARE for row in letter.keys for key in row)
    )


def units(text: str) -> int:
    """Count UTF-16 units, as Telegram does."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def _inline(key: Key) -> InlineKeyboardButton:
    if key.opens is not None:
        return InlineKeyboardButton(key.label, url=key.opens)
    return InlineKeyboardButton(key.label, callback_data=key.data)


def _reply(key: Key, want: str) -> KeyboardButton:
    sharing = key.data == SHARE
    return KeyboardButton(
        key.label,
        request_contact=True if sharing and want == "contact" else None,
        request_location=True if sharing and want == "location" else None,
    )


def _cuts(text: str, limit: int) -> Iterator[tuple[int, int]]:
    if units(text) <= limit:
        yield 0, len(text)
        return
    start = 0
    while start < len(text):
        end = _reach(text, start, limit)
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or text.rfind(" ", start, end) + 1 or end
        if text[start:end].strip():  # Telegram refuses an empty message
            yield start, end
        start = end


def _reach(text: str, start: int, limit: int) -> int:
    """Find how far a message that starts here can go."""
    left = limit
    for position in range(start, len(text)):
        left -= 2 if text[position] > "\uffff" else 1
        if left < 0:
            return position
    return len(text)


def _entities(text: str, bold: Sequence[tuple[int, int]], start: int, end: int) -> list[MessageEntity]:
    entities = []
    for first, length in bold:
        low, high = max(first, start), min(first + length, end)
        if low < high:
            entities.append(
                MessageEntity(MessageEntity.BOLD, offset=units(text[start:low]), length=units(text[low:high]))
            )
    return entities
