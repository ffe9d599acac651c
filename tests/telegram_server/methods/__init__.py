"""The methods of the Bot API that this server performs, by their published names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.telegram_server.methods import chats, editing, menu, presses, receiving, sending
from tests.telegram_server.params import Params
from tests.telegram_server.state import State

Method = Callable[[State, Params], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getMe": chats.get_me,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendVoice": sending.send_voice,
    "sendLocation": sending.send_location,
    "sendContact": sending.send_contact,
    "sendChatAction": sending.send_chat_action,
    "getFile": sending.get_file,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": presses.answer,
    "setMyCommands": menu.set_commands,
    "getMyCommands": menu.get_commands,
    "deleteMyCommands": menu.delete_commands,
    "setMyName": menu.set_name,
    "getMyName": menu.get_name,
    "setMyDescription": menu.set_description,
    "getMyDescription": menu.get_description,
    "setMyShortDescription": menu.set_short_description,
    "getMyShortDescription": menu.get_short_description,
}
