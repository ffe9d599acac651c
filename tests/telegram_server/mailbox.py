"""Keep what the bot has yet to hear, as long as the real server would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.bell import Bell

KINDS = (
    "message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction",
    "message_reaction_count",
)  # fmt: skip
ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
DAY = 24 * 3600.0


@dataclass
class Pending:
    """One update: where it queues in webhook mode (`lane`), and when it is dropped unheard."""

    id: int
    body: dict[str, Any]
    lane: str
    expires: float


class Mailbox:
    """Number updates, keep them until they are confirmed, and tell who waits."""

    def __init__(self, first_id: int) -> None:
        self.pending: dict[int, Pending] = {}
        self.bell = Bell()
        self.allowed: set[str] = set()
        self._next_id = first_id
        self._past: dict[int, Pending] = {}
        self._repeated: list[Pending] = []
        self._fresh: list[Pending] = []

    def wants(self, kind: str) -> bool:
        """Tell whether the bot asked for this kind of update."""
        return kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED

    def add(self, kind: str, content: Any, lane: str, expires: float) -> int:
        """Queue an update of a kind that the bot wants; 0 where it doesn't."""
        return self.put({kind: content}, lane, expires) if self.wants(kind) else 0

    def put(self, body: dict[str, Any], lane: str, expires: float) -> int:
        """Queue an update, numbering it unless it brings its own number (or None: none at all)."""
        number = self._next_id
        self._next_id += 1
        pending = Pending(number, {"update_id": number, **body}, lane, expires)
        if pending.body["update_id"] is None:
            del pending.body["update_id"]
        self.pending[number] = self._past[number] = pending
        self._fresh.append(pending)
        self.bell.ring()
        return number

    def repeat(self, update_id: int, expires: float) -> None:
        """Bring an update once more, whether it was confirmed or not."""
        pending = self._past[update_id]
        pending.expires = expires
        self._repeated.append(pending)
        self.bell.ring()

    def take_repeated(self) -> list[Pending]:
        """Hand over what is to be brought once more."""
        repeated, self._repeated = self._repeated, []
        return repeated

    def take_fresh(self) -> list[Pending]:
        """Hand over what came since the last call."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def confirm(self, update_ids: Iterable[int]) -> None:
        """Forget updates that the bot has heard."""
        if [heard for update_id in list(update_ids) if (heard := self.pending.pop(update_id, None))]:
            self.bell.ring()

    def drop_expired(self, now: float) -> None:
        """Forget what is too old to be delivered."""
        self.confirm([number for number, update in self.pending.items() if update.expires <= now])

    def idle(self) -> bool:
        """Tell whether everything was heard."""
        return not self.pending and not self._repeated
