"""Changes to messages that the bot sent."""

from __future__ import annotations

from typing import Any

from tests.telegram_server import keyboards
from tests.telegram_server.chats import Chat, Message
from tests.telegram_server.methods.sending import caption_of, text_of
from tests.telegram_server.params import Params
from tests.telegram_server.refusals import NOT_MODIFIED, bad_request
from tests.telegram_server.state import State

DELETABLE = 48 * 3600
MOST_DELETED = 100


async def edit_text(state: State, params: Params) -> Message:
    """Replace the text, and the buttons under it."""
    return _edit(state, params, "text", text_of(params))


async def edit_caption(state: State, params: Params) -> Message:
    """Replace the caption, and the buttons under it."""
    return _edit(state, params, "caption", caption_of(params))


async def edit_reply_markup(state: State, params: Params) -> Message:
    """Replace the buttons alone."""
    return _edit(state, params, "", {})


async def delete_message(state: State, params: Params) -> bool:
    """Take a message away."""
    chat = state.world.writable(params.values.get("chat_id"))
    message = chat.message(params.integer("message_id"), "message to delete")
    too_old = state.clock.now() - message["date"] > DELETABLE
    if too_old or not (chat.private or message["from"]["id"] == state.bot["id"]):
        raise bad_request("message can't be deleted")
    del chat.messages[message["message_id"]]
    state.changed.ring()
    return True


async def delete_messages(state: State, params: Params) -> bool:
    """Take several messages away; those that are gone are skipped."""
    chat = state.world.writable(params.values.get("chat_id"))
    ids = params.json("message_ids") or []
    if not 1 <= len(ids) <= MOST_DELETED:
        raise bad_request("too many messages to delete" if ids else "message identifiers are not specified")
    for message_id in ids:
        chat.messages.pop(message_id, None)
    state.changed.ring()
    return True


def _edit(state: State, params: Params, part: str, content: dict[str, Any]) -> Message:
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = state.world.writable(params.values.get("chat_id"))
    message = chat.message(params.integer("message_id"), "message to edit")
    _check_editable(state, chat, message, part)
    markup = keyboards.check(params.json("reply_markup"), private=chat.private)
    state.flood.charge(chat.id, state.clock.now(), bulk=False)
    replaced = {part, "entities" if part == "text" else f"{part}_entities", "reply_markup"}
    kept = {name: value for name, value in message.items() if name not in replaced}
    edited = kept | content
    if keyboards.is_inline(markup):
        edited["reply_markup"] = markup
    if edited == message:
        raise bad_request(NOT_MODIFIED)
    edited["edit_date"] = int(state.clock.now())
    chat.add(edited, seen=True)
    state.changed.ring()
    return edited


def _check_editable(state: State, chat: Chat, message: Message, part: str) -> None:
    if message["from"]["id"] != state.bot["id"] or message["message_id"] in chat.fixed:
        raise bad_request("message can't be edited")
    if part == "text" and "text" not in message:
        raise bad_request("there is no text in the message to edit")
    if part == "caption" and not {"photo", "document", "voice"} & message.keys():
        raise bad_request("there is no caption in the message to edit")
