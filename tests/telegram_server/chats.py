"""Remember who is on Telegram, in which chats, and what stands there."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.refusals import Refused, bad_request, forbidden

Message = dict[str, Any]
NAMES = {"first_name", "last_name", "username"}


@dataclass
class Chat:
    """One chat as the bot's account sees it.

    bot: the bot's own standing in a group. wrote: whether the user of a private chat ever wrote.
    fixed: the messages that can't be edited any more, since they brought a reply keyboard.
    log: the bot's messages and edits in the order in which the members got to see them.
    """

    id: int
    type: str
    title: str = ""
    user: dict[str, Any] = field(default_factory=dict)
    bot: str = "left"
    members: set[int] = field(default_factory=set)
    wrote: bool = False
    blocked: bool = False
    deactivated: bool = False
    migrated_to: int = 0
    keyboard: dict[str, Any] | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    fixed: set[int] = field(default_factory=set)
    log: list[int] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return self.type == "private"

    def public(self) -> dict[str, Any]:
        """Give the Bot API's Chat object."""
        if not self.private:
            return {"id": self.id, "title": self.title, "type": self.type}
        names = {key: value for key, value in self.user.items() if key in NAMES}
        return {"id": self.id, **names, "type": self.type}

    def add(self, message: Message, *, seen: bool) -> Message:
        """Keep a message; `seen` ones (the bot's) are news to the members."""
        self.messages[message["message_id"]] = message
        if seen:
            self.log.append(message["message_id"])
        return message

    def message(self, message_id: int | None, purpose: str) -> Message:
        """Find a message by its id, or refuse."""
        if not message_id:
            raise bad_request("message identifier is not specified")
        if message_id not in self.messages:
            raise bad_request(f"{purpose} not found")
        return self.messages[message_id]


@dataclass(frozen=True)
class Place:
    """Say where a member of a chat stopped listening: how much of its log they have heard."""

    user_id: int
    chat_id: int


class World:
    """Hold every user and chat that this server knows."""

    def __init__(self) -> None:
        self.users: dict[int, dict[str, Any]] = {}
        self.chats: dict[int, Chat] = {}
        self.heard: defaultdict[Place, int] = defaultdict(int)
        # Private chats and basic groups share one sequence of ids in the bot's account.
        self._message_ids = itertools.count(1)
        self._own_ids: dict[int, itertools.count[int]] = {}
        self._user_ids = itertools.count(700_000_001)
        self._group_ids = itertools.count(4_200_001)

    def add_user(self, user: dict[str, Any], *, wrote: bool) -> dict[str, Any]:
        """Let someone join Telegram."""
        user = {"id": user.pop("id", None) or next(self._user_ids), "is_bot": False, **user}
        self.users[user["id"]] = user
        self.chats[user["id"]] = Chat(user["id"], "private", user=user, wrote=wrote)
        return user

    def add_group(self, title: str, members: list[int], *, supergroup: bool, bot: str) -> Chat:
        """Open a group; of a supergroup the ids begin with -100."""
        number = next(self._group_ids)
        chat = Chat(-1_000_000_000_000 - number if supergroup else -number, "group", title, bot=bot)
        chat.members.update(members)
        if supergroup:
            chat.type = "supergroup"
            self._own_ids[chat.id] = itertools.count(1)
        self.chats[chat.id] = chat
        return chat

    def next_message_id(self, chat: Chat) -> int:
        """Number the next message of a chat."""
        return next(self._own_ids.get(chat.id, self._message_ids))

    def find(self, chat_id: object) -> Chat:
        """Find the chat that a call names, or refuse."""
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        try:
            chat = self.chats.get(int(str(chat_id)))
        except ValueError:
            chat = None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable(self, chat_id: object) -> Chat:
        """Find a chat that the bot may write to, or refuse in the words that fit."""
        chat = self.find(chat_id)
        if refusal := _why_not(chat):
            raise refusal
        return chat


def _why_not(chat: Chat) -> Refused | None:
    if chat.private:
        if chat.deactivated:
            return forbidden("user is deactivated")
        if chat.blocked:
            return forbidden("bot was blocked by the user")
        return None if chat.wrote else forbidden("bot can't initiate conversation with a user")
    if chat.migrated_to:
        return bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    if chat.deactivated:
        return forbidden("the group chat was deleted")
    if chat.bot == "kicked":
        return forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.bot == "restricted":
        return bad_request("not enough rights to send text messages to the chat")
    return forbidden(f"bot is not a member of the {chat.type} chat") if chat.bot == "left" else None
