"""Hold together what the methods of the API and the people on the other side both work on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.bell import Bell
from tests.telegram_server.chats import Chat, Message, World
from tests.telegram_server.clock import Clock
from tests.telegram_server.files import Files
from tests.telegram_server.limits import Flood, Limits
from tests.telegram_server.mailbox import DAY, Mailbox
from tests.telegram_server.polling import Poller
from tests.telegram_server.profile import Profile
from tests.telegram_server.webhook import Courier


@dataclass
class Press:
    """One tap of a button: when, and what the bot answered."""

    id: str
    user_id: int
    at: float
    answer: dict[str, Any] | None = None


@dataclass(frozen=True)
class Described:
    """Be a result that comes with a description of its own."""

    result: Any
    description: str


@dataclass
class State:
    """Be Telegram, as far as one bot can see it. changed: rings when people get to see something new."""

    token: str
    username: str
    limits: Limits
    clock: Clock = field(default_factory=Clock)
    world: World = field(default_factory=World)
    files: Files = field(default_factory=Files)
    mailbox: Mailbox = field(default_factory=lambda: Mailbox(first_id=870_000_001))
    changed: Bell = field(default_factory=Bell)
    profile: Profile = field(default_factory=Profile)
    presses: dict[str, Press] = field(default_factory=dict)
    courier: Courier = field(init=False)
    hook_set_at: float = 0.0

    def __post_init__(self) -> None:
        self.flood = Flood(self.limits)
        self.poller = Poller(self.mailbox)
        self._press_ids = itertools.count(4_000_000_000_000_001)
        self.bot = {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Canteen",
            "username": self.username,
        }

    def message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> Message:
        """Build a message of now, numbered; keeping it is the caller's part."""
        return {
            "message_id": self.world.next_message_id(chat),
            "from": sender,
            "chat": chat.public(),
            "date": int(self.clock.now()),
            **content,
        }

    def tell_message(self, kind: str, chat: Chat, message: Message) -> int:
        """Bring the bot a message or an edit, in its chat's own queue."""
        return self.mailbox.add(kind, message, f"chat {chat.id}", self.clock.now() + DAY)

    def tell_standing(self, chat: Chat, user: dict[str, Any], old: str, new: str) -> int:
        """Bring the bot news of its own standing in a chat."""
        update = {
            "chat": chat.public(),
            "from": user,
            "date": int(self.clock.now()),
            "old_chat_member": _member(self.bot, old),
            "new_chat_member": _member(self.bot, new),
        }
        return self.mailbox.add("my_chat_member", update, f"standing {chat.id}", self.clock.now() + DAY)

    def tell_press(
        self, user: dict[str, Any], chat: Chat, message: Message | None, data: str, stood: int
    ) -> Press:
        """Bring the bot a tap, in the queue of its user's taps; a deleted message is named only."""
        press = Press(str(next(self._press_ids)), user["id"], self.clock.now())
        self.presses[press.id] = press
        query = {
            "id": press.id,
            "from": user,
            "message": message or {"chat": chat.public(), "message_id": stood, "date": 0},
            "chat_instance": str(7_000_000_000_000_000_000 - abs(chat.id)),
            "data": data,
        }
        expires = press.at + self.limits.callback_life
        self.mailbox.add("callback_query", query, f"presses of {user['id']}", expires)
        return press


def _member(user: dict[str, Any], status: str) -> dict[str, Any]:
    return {"user": user, "status": status} | ({"until_date": 0} if status == "kicked" else {})
