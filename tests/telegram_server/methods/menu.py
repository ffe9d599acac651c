"""The bot's commands, name and descriptions."""

from __future__ import annotations

import re
from typing import Any

from tests.telegram_server.params import Params
from tests.telegram_server.profile import Commands, Key
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.state import State

COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
MOST_COMMANDS, LONGEST_DESCRIPTION = 100, 256
LONGEST = {"name": 64, "description": 512, "short_description": 120}
SCOPES = {
    "default": (), "all_private_chats": (), "all_group_chats": (), "all_chat_administrators": (),
    "chat": ("chat_id",), "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id"),
}  # fmt: skip


async def set_commands(state: State, params: Params) -> bool:
    """List the commands for a scope and a language."""
    key, commands = _key(state, params), params.json("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.profile.commands[key] = [
        {"command": command["command"].removeprefix("/"), "description": command["description"]}
        for command in commands
    ]
    return True


async def get_commands(state: State, params: Params) -> Commands:
    """Give the commands set for exactly this scope and language."""
    return state.profile.commands.get(_key(state, params), [])


async def delete_commands(state: State, params: Params) -> bool:
    """Forget the commands of a scope and a language: wider ones show again."""
    state.profile.commands.pop(_key(state, params), None)
    return True


async def set_name(state: State, params: Params) -> bool:
    """Name the bot in a language."""
    return _set_text(state, params, "name")


async def get_name(state: State, params: Params) -> dict[str, str]:
    """Give the bot's name in a language."""
    return _get_text(state, params, "name")


async def set_description(state: State, params: Params) -> bool:
    """Say what the bot can do, in a chat that is still empty."""
    return _set_text(state, params, "description")


async def get_description(state: State, params: Params) -> dict[str, str]:
    """Give what is said in a chat that is still empty."""
    return _get_text(state, params, "description")


async def set_short_description(state: State, params: Params) -> bool:
    """Say on the bot's profile what it is."""
    return _set_text(state, params, "short_description")


async def get_short_description(state: State, params: Params) -> dict[str, str]:
    """Give what the bot's profile says."""
    return _get_text(state, params, "short_description")


def _key(state: State, params: Params) -> Key:
    scope: dict[str, Any] = params.json("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for name in SCOPES[kind]:
        if name not in scope:
            raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")
    chat_id = state.world.find(scope["chat_id"]).id if "chat_id" in SCOPES[kind] else 0
    return kind, chat_id, int(scope.get("user_id", 0)), _language(params)


def _language(params: Params) -> str:
    if not LANGUAGE.fullmatch(params.text("language_code")):
        raise bad_request("invalid language code specified")
    return params.text("language_code")


def _set_text(state: State, params: Params, kind: str) -> bool:
    if len(params.text(kind)) > LONGEST[kind]:
        raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
    state.profile.texts[kind, _language(params)] = params.text(kind)
    return True


def _get_text(state: State, params: Params, kind: str) -> dict[str, str]:
    texts = state.profile.texts
    default = texts.get((kind, "")) or (str(state.bot["first_name"]) if kind == "name" else "")
    return {kind: texts.get((kind, _language(params))) or default}
