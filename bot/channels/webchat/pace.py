"""Let a page speak no faster than it can be listened to."""

from __future__ import annotations

import asyncio


class Pace:
    """Allow `burst` at once, then `per_second`; who is faster waits, and the socket fills up behind it."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._step = 1 / per_second
        self._slack = burst * self._step
        self._next = 0.0

    async def wait(self) -> None:
        now = asyncio.get_running_loop().time()
        self._next = max(self._next, now - self._slack) + self._step
        if self._next > now:
            await asyncio.sleep(self._next - now)
