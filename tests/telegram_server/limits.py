"""Hold a bot to the sending limits: 30 in any second, about one a second per chat, 20 a minute per group.

Edits count for their chat (a maintainer of the server says so), and so for their group.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from tests.telegram_server.refusals import too_many


@dataclass(frozen=True)
class Limits:
    """Name what the server allows.

    overall: messages in any second, to all chats together. per_chat: messages a second to one chat,
    after a burst of `burst`. group: messages and edits a minute in one group. callback_life: seconds in which
    a press is delivered and may be answered.
    """

    overall: int = 30
    per_chat: float = 1.0
    burst: int = 5
    group: int = 20
    paced: bool = True
    callback_life: float = 150


UNPACED = Limits(paced=False)


@dataclass
class Bucket:
    """Count one chat's allowance: full at first, refilled with time."""

    tokens: float
    at: float


class Flood:
    """Decide whether a message may go out now."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.repeated_early = 0
        self._last_second: deque[float] = deque()
        self._buckets: dict[int, Bucket] = {}
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._closed_until: dict[int, float] = {}

    def charge(self, chat_id: int, now: float, *, bulk: bool) -> None:
        """Count one message to a chat, or refuse it; an edit (not `bulk`) counts for its chat only."""
        if not self.limits.paced:
            return
        closed = max(self._closed_until.get(0, 0.0) if bulk else 0.0, self._closed_until.get(chat_id, 0.0))
        if closed > now:
            self.repeated_early += 1
            raise too_many(math.ceil(closed - now))
        if bulk:
            self._check_window(self._last_second, 0, self.limits.overall, 1.0, now)
        if chat_id < 0:
            self._check_window(self._groups[chat_id], chat_id, self.limits.group, 60.0, now)
        self._take_token(chat_id, now)
        if bulk:
            self._last_second.append(now)
        if chat_id < 0:
            self._groups[chat_id].append(now)

    def _check_window(self, sent: deque[float], key: int, most: int, seconds: float, now: float) -> None:
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        if len(sent) >= most:
            self._refuse(key, sent[0] + seconds, now)

    def _take_token(self, chat_id: int, now: float) -> None:
        limits = self.limits
        bucket = self._buckets.setdefault(chat_id, Bucket(limits.burst, now))
        bucket.tokens = min(limits.burst, bucket.tokens + (now - bucket.at) * limits.per_chat)
        bucket.at = now
        if bucket.tokens < 1:
            self._refuse(chat_id, now + (1 - bucket.tokens) / limits.per_chat, now)
        bucket.tokens -= 1

    def _refuse(self, key: int, free_at: float, now: float) -> None:
        wait = max(1, math.ceil(free_at - now))
        self._closed_until[key] = now + wait
        raise too_many(wait)
