"""Not faster than the channel allows: who goes next is decided by priority, when by what was sent before."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import defaultdict, deque
from datetime import timedelta

from bot.channels import Capabilities

BURST = 3
MINUTE = 60.0


class Pace:
    """Let sends through: at most `per_second` in any second, `per_chat_per_second` a chat with small bursts.

    To a group go at most `per_group_per_minute` in any minute, edits counted.

    A sliding window, not a leaking bucket: the limit holds in every second, also in the first.
    """

    def __init__(self, limits: Capabilities) -> None:
        self._per_second = limits.per_second
        self._per_chat = limits.per_chat_per_second
        self._sent: deque[float] = deque()
        self._chats: dict[str, float] = {}
        self._per_group, self._groups_begin = limits.per_group_per_minute, limits.groups_begin
        self._groups: defaultdict[str, deque[float]] = defaultdict(deque)
        self._waiting: list[tuple[int, int, asyncio.Event]] = []
        self._order = itertools.count()
        self._gate: asyncio.Task[None] | None = None

    async def pass_(self, address: str, priority: int) -> timedelta | None:
        """Wait for one's turn: the more urgent first, then in the order of asking.

        A group that had its messages of this minute is not waited for: how long it must wait is returned.
        """
        group = bool(self._groups_begin) and address.startswith(self._groups_begin)
        if group and (full := self._full(address)) is not None:
            return full
        await self._chat(address)
        await self._turn(priority)
        if group:
            self._groups[address].append(time.monotonic())
        return None

    def _full(self, address: str) -> timedelta | None:
        """Tell how long a group has to wait that had its messages of this minute; None: it may have one."""
        sent, now = self._groups[address], time.monotonic()
        while sent and now - sent[0] >= MINUTE:
            sent.popleft()
        full = self._per_group is not None and len(sent) >= self._per_group
        return timedelta(seconds=sent[0] + MINUTE - now) if full else None

    async def _turn(self, priority: int) -> None:
        if self._per_second is None:
            return
        place = asyncio.Event()
        heapq.heappush(self._waiting, (priority, next(self._order), place))
        if self._gate is None or self._gate.done():
            self._gate = asyncio.create_task(self._let_through())
        await place.wait()

    async def _chat(self, address: str) -> None:
        if self._per_chat is None:
            return
        # A chat's clock runs ahead by one interval a message, and may be BURST intervals ahead of now.
        interval, now = 1 / self._per_chat, time.monotonic()
        ahead = max(self._chats.get(address, 0.0), now) + interval
        self._chats[address] = ahead
        if len(self._chats) > 10_000:
            self._chats = {chat: at for chat, at in self._chats.items() if at > now}
        if (wait := ahead - now - BURST * interval) > 0:
            await asyncio.sleep(wait)

    async def _let_through(self) -> None:
        assert self._per_second is not None
        room = int(self._per_second)
        while self._waiting:
            now = time.monotonic()
            while self._sent and now - self._sent[0] >= 1.0:
                self._sent.popleft()
            if len(self._sent) >= room:
                await asyncio.sleep(self._sent[0] + 1.0 - now)
                continue
            self._sent.append(now)
            heapq.heappop(self._waiting)[2].set()
