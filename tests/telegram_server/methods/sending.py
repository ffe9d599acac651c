"""Messages that the bot sends."""

from __future__ import annotations

from typing import Any

from tests.telegram_server import entities, files, keyboards
from tests.telegram_server.chats import Chat, Message
from tests.telegram_server.params import Params
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.state import State

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


async def send_message(state: State, params: Params) -> Message:
    """Send text."""
    return _deliver(state, params, text_of(params))


async def send_photo(state: State, params: Params) -> Message:
    """Send a picture."""
    caption = caption_of(params)
    stored = state.files.sent("photo", params)
    return _deliver(state, params, {"photo": files.photo_sizes(stored), **caption})


async def send_document(state: State, params: Params) -> Message:
    """Send a file."""
    caption = caption_of(params)
    stored = state.files.sent("document", params)
    named = {"file_name": stored.name, "mime_type": stored.mime}
    return _deliver(state, params, {"document": stored.public() | named, **caption})


async def send_voice(state: State, params: Params) -> Message:
    """Send a voice message."""
    caption = caption_of(params)
    stored = state.files.sent("voice", params)
    voice = stored.public() | {"duration": params.integer("duration") or 0, "mime_type": "audio/ogg"}
    return _deliver(state, params, {"voice": voice, **caption})


async def send_location(state: State, params: Params) -> Message:
    """Send a point on the map."""
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong location specified")
    return _deliver(state, params, {"location": {"latitude": latitude, "longitude": longitude}})


async def send_contact(state: State, params: Params) -> Message:
    """Send a phone number with a name."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: params.text(name) for name in names if params.text(name)}
    for name in names[:2]:
        if name not in contact:
            raise bad_request(f'parameter "{name}" is required')
    return _deliver(state, params, {"contact": contact})


async def send_chat_action(state: State, params: Params) -> bool:
    """Show that the bot is typing, or the like."""
    chat = state.world.writable(params.values.get("chat_id"))
    action = params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(action)
    return True


async def get_file(state: State, params: Params) -> dict[str, Any]:
    """Tell where a file can be downloaded."""
    stored = state.files.find(params.text("file_id"))
    if len(stored.content) > files.DOWNLOAD:
        raise bad_request("file is too big")
    return stored.public() | {"file_path": stored.path}


def text_of(params: Params) -> dict[str, Any]:
    """Read the text of a message, within its limits."""
    shown, found = entities.parse(params.text("text"), params.text("parse_mode"), params.json("entities"))
    if not shown:
        raise bad_request("message text is empty")
    if len(shown) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": shown} | ({"entities": found} if found else {})


def caption_of(params: Params) -> dict[str, Any]:
    """Read the caption of a file, within its limits."""
    given = params.json("caption_entities")
    shown, found = entities.parse(params.text("caption"), params.text("parse_mode"), given)
    if len(shown) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    caption: dict[str, Any] = {"caption": shown} if shown else {}
    return caption | ({"caption_entities": found} if found else {})


def _deliver(state: State, params: Params, content: dict[str, Any]) -> Message:
    chat = state.world.writable(params.values.get("chat_id"))
    markup = keyboards.check(params.json("reply_markup"), private=chat.private)
    reply = _replied(chat, params)
    state.flood.charge(chat.id, state.clock.now(), bulk=True)
    message = state.message(chat, state.bot, reply | content)
    if keyboards.is_inline(markup):
        message["reply_markup"] = markup
    elif markup:
        chat.fixed.add(message["message_id"])
        if not markup.get("force_reply"):
            chat.keyboard = markup if "keyboard" in markup else None
    chat.add(message, seen=True)
    state.changed.ring()
    return message


def _replied(chat: Chat, params: Params) -> dict[str, Any]:
    asked = params.json("reply_parameters") or {}
    if "message_id" not in asked:
        return {}
    if asked["message_id"] not in chat.messages:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    replied = dict(chat.messages[asked["message_id"]])
    replied.pop("reply_to_message", None)
    return {"reply_to_message": replied}
