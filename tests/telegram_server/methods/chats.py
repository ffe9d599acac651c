"""The bot itself, and the chats that it is in."""

from __future__ import annotations

from typing import Any

from tests.telegram_server.params import Params
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.state import State

ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "supports_guest_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
    "supports_join_request_queries": False,
}

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


async def get_me(state: State, params: Params) -> dict[str, Any]:
    """Describe the bot."""
    return state.bot | ABILITIES


async def get_chat(state: State, params: Params) -> dict[str, Any]:
    """Describe a chat in full."""
    chat = state.world.find(params.values.get("chat_id"))
    gifts = dict.fromkeys(GIFTS, True)
    return chat.public() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


async def get_chat_member(state: State, params: Params) -> dict[str, Any]:
    """Tell someone's standing in a group."""
    chat = state.world.writable(params.values.get("chat_id"))
    user_id = params.integer("user_id") or 0
    if user_id == state.bot["id"]:
        return {"user": state.bot, "status": chat.bot}
    if user_id not in state.world.users:
        raise bad_request("user not found")
    member = user_id in chat.members or user_id == chat.id
    return {"user": state.world.users[user_id], "status": "member" if member else "left"}


async def get_chat_member_count(state: State, params: Params) -> int:
    """Count the people in a chat, the bot among them."""
    chat = state.world.writable(params.values.get("chat_id"))
    return 2 if chat.private else len(chat.members) + 1


async def leave_chat(state: State, params: Params) -> bool:
    """Leave a group."""
    chat = state.world.writable(params.values.get("chat_id"))
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot = "left"
    state.tell_standing(chat, state.bot, "member", "left")
    return True
