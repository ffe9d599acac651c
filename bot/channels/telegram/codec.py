"""Read Telegram's updates: pure, and never at a loss; what cannot be read is Kind.UNKNOWN."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

import telegram
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels import Kind, Update

NAME: Final = "telegram"
WANTED: Final = ("message", "edited_message", "callback_query", "my_chat_member")

MALFORMED: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What the library raises on an object that is not as published."""

# Only these are parsed: a part that we never read can then not spoil a message that we need.
_READ: Final = (
    "message_id", "date", "chat", "from", "sender_chat", "migrate_to_chat_id", "text", "caption", "contact",
    "location", "photo", "voice", "audio", "video", "video_note", "document", "sticker",
    "dice",
)  # fmt: skip
_IDS: Final = 2**63
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_ADDRESSED: Final = re.compile(r"(/\w{1,32})@(\w{1,64})(?=\s|$)", re.ASCII)
_PRESENT: Final = {
    ChatMemberStatus.OWNER,
    ChatMemberStatus.ADMINISTRATOR,
    ChatMemberStatus.MEMBER,
    ChatMemberStatus.RESTRICTED,
}


def read(raw: object, username: str = "") -> Update:
    """Read one raw update; `username` is the bot's own, to which commands in groups are addressed."""
    event = event_of(raw)
    if isinstance(raw, dict):
        try:
            update = _read(telegram.Update.de_json(_needed(raw), None), event, username)
        except MALFORMED:
            update = None
        if update is not None:
            return update
    return Update(NAME, event, Kind.UNKNOWN, ack=_query_of(raw))


def event_of(raw: object) -> str:
    """Give the update's id, or "" where it has none."""
    try:
        return _id(raw["update_id"]) if isinstance(raw, dict) else ""
    except (LookupError, TypeError):
        return ""


def clean(text: str) -> str:
    """Replace what no database and no wire can hold: NUL and halves of characters."""
    return _UNSTORABLE.sub("\ufffd", text)


def _needed(raw: dict[str, Any]) -> dict[str, Any]:
    needed: dict[str, Any] = {"update_id": raw["update_id"]}
    for kind in WANTED:
        if kind in raw:
            needed[kind] = raw[kind]
            break
    for kind in ("message", "edited_message"):
        if kind in needed:
            needed[kind] = _pruned(needed[kind], _READ)
    query = needed.get("callback_query")
    if isinstance(query, dict) and "message" in query:
        needed["callback_query"] = query | {
            "message": _pruned(query["message"], ("message_id", "date", "chat"))
        }
    return needed


def _pruned(message: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: message[name] for name in names if name in message}


def _read(update: telegram.Update, event: str, username: str) -> Update | None:
    if not event:
        return None
    if update.callback_query:
        return _press(update.callback_query, event)
    if update.my_chat_member:
        return _membership(update.my_chat_member, event)
    message = update.message or update.edited_message
    if message is None:
        return None
    chat = _id(message.chat.id)
    user = message.from_user
    if message.migrate_to_chat_id:
        sender = _id(user.id) if user and not user.is_bot else ""
        return Update(
            NAME, event, Kind.MIGRATED, sender=sender, place=chat, text=_id(message.migrate_to_chat_id)
        )
    if message.sender_chat and message.sender_chat.id == message.chat.id and update.message:
        return _nameless(message, event, chat, username)
    if user is None or user.is_bot or message.sender_chat:
        return None  # a channel or a bot speaks: nobody whom we could answer
    if update.edited_message:
        kind, text, file = Kind.EDITED, _words(message.text or message.caption), NO_FILE
    else:
        content = _content(message, _id(user.id), username)
        if content is None:
            return None
        kind, text, file = content
    return Update(
        NAME,
        event,
        kind,
        sender=_id(user.id),
        place=chat,
        text=text,
        message=_id(message.message_id),
        file=file.id,
        size=file.size,
        mime=file.mime,
        name=_name(user),
        title=_words(message.chat.title),
        language=_words(user.language_code),
    )


def _nameless(message: telegram.Message, event: str, chat: str, username: str) -> Update | None:
    """Read what an administrator writes in the name of a group: it has a place, and no sender."""
    content = _content(message, "", username)
    if content is None or content[0] is not Kind.TEXT:
        return None
    return Update(NAME, event, Kind.TEXT, place=chat, text=content[1], title=_words(message.chat.title))


@dataclass(frozen=True, slots=True)
class _File:
    """A file as Telegram tells of it."""

    id: str = ""
    size: int = 0
    mime: str = ""


NO_FILE: Final = _File()


def _content(message: telegram.Message, sender: str, username: str) -> tuple[Kind, str, _File] | None:
    """Say what a message holds: its kind, its text and its file."""
    if message.text is not None:
        text = _words(message.text)
        addressed = _ADDRESSED.match(text)
        if addressed is None:
            return Kind.TEXT, text, NO_FILE
        if username and addressed[2].lower() != username.lower():
            return None  # a command for another bot of the group
        return Kind.TEXT, addressed[1] + text[addressed.end() :], NO_FILE
    caption = _words(message.caption)
    if message.contact:
        return Kind.CONTACT, _phone(message.contact, sender), NO_FILE
    if message.location:
        return Kind.LOCATION, _point(message.location), NO_FILE
    if message.photo:
        return Kind.PHOTO, caption, _file(message.photo[-1], "image/jpeg")
    if message.voice:
        return Kind.VOICE, caption, _file(message.voice, "audio/ogg")
    if message.sticker:
        return Kind.STICKER, _words(message.sticker.emoji), _file(message.sticker)
    if message.dice:  # what becomes of a lone 🎲 or ⚽, whoever meant what by it
        return Kind.STICKER, _words(message.dice.emoji), NO_FILE
    if file := message.document or message.audio or message.video or message.video_note:
        return Kind.DOCUMENT, caption, _file(file)
    return None


def _file(told: Any, mime: str = "") -> _File:
    size = told.file_size
    known = size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < _IDS else 0
    return _File(_words(told.file_id), known, _words(getattr(told, "mime_type", None)) or mime)


def _press(query: telegram.CallbackQuery, event: str) -> Update | None:
    if not query.data:
        return None
    sender, message = _id(query.from_user.id), query.message
    return Update(
        NAME,
        event,
        Kind.PRESS,
        sender=sender,
        place=_id(message.chat.id) if message else sender,
        data=_words(query.data),
        message=_id(message.message_id) if message else "",
        name=_name(query.from_user),
        language=_words(query.from_user.language_code),
        ack=_words(query.id),
    )


def _membership(change: telegram.ChatMemberUpdated, event: str) -> Update | None:
    """Read what became of the bot itself: blocked by a person, taken into a group, thrown out."""
    was, now = _present(change.old_chat_member), _present(change.new_chat_member)
    if change.chat.type == ChatType.PRIVATE:
        kind = Kind.UNBLOCKED if now else Kind.BLOCKED
    elif change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and was != now:
        kind = Kind.JOINED if now else Kind.LEFT
    else:
        return None
    return Update(
        NAME,
        event,
        kind,
        sender=_id(change.from_user.id),
        place=_id(change.chat.id),
        name=_name(change.from_user),
        language=_words(change.from_user.language_code),
    )


def _present(member: telegram.ChatMember) -> bool:
    return member.status in _PRESENT and getattr(member, "is_member", True) is True


def _id(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or not -_IDS < value < _IDS:
        raise TypeError("an id is a whole number of at most 64 bits")
    return str(value)


def _words(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("words are a string")
    return clean(value)


def _name(user: telegram.User) -> str:
    return f"{_words(user.first_name)} {_words(user.last_name)}".strip()


def _phone(contact: telegram.Contact, sender: str) -> str:
    """Read a shared number; the sender's own is international, though Telegram leaves out the plus."""
    number = _words(contact.phone_number)
    own = contact.user_id is not None and _id(contact.user_id) == sender
    return f"+{number}" if own and number.isdecimal() else number


def _point(location: telegram.Location) -> str:
    latitude, longitude = float(location.latitude), float(location.longitude)
    if not (
        math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    ):
        raise ValueError("not a place on earth")
    return f"geo:{latitude:.5f},{longitude:.5f}"


def _query_of(raw: object) -> str:
    """Find the id of a press that could not be read, so that its button stops spinning."""
    query = raw.get("callback_query") if isinstance(raw, dict) else None
    found = query.get("id") if isinstance(query, dict) else None
    return clean(found) if isinstance(found, str) else ""
