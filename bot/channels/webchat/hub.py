"""Who is connected to this process, and what changed for them in any process."""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

import structlog

from models.webchat import WebSession

POLL_SECONDS: Final = 0.25
IDS_AT_ONCE: Final = 5_000

log = structlog.get_logger()


class Listener(Protocol):
    """One connected page."""

    address: str
    session_id: int
    upto: int | None
    """The last change that it was told; None until it has asked."""
    wake: asyncio.Event


class Hub:
    """Wake the connected pages: at once for what this process wrote, within a moment for the others."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._somebody = asyncio.Event()

    def join(self, listener: Listener) -> None:
        self._listeners.setdefault(listener.address, set()).add(listener)
        self._somebody.set()

    def leave(self, listener: Listener) -> None:
        listeners = self._listeners[listener.address]
        listeners.discard(listener)
        if not listeners:
            del self._listeners[listener.address]
        if not self._listeners:
            self._somebody.clear()

    def all(self) -> list[Listener]:
        """Give everyone who is connected now."""
        return [listener for listeners in self._listeners.values() for listener in listeners]

    def wake(self, address: str) -> None:
        """Let the pages of one session look for changes."""
        for listener in self._listeners.get(address, ()):
            listener.wake.set()

    async def watch(self) -> None:
        """Look for what other processes wrote, until cancelled."""
        while True:
            await self._somebody.wait()
            try:
                await self._look()
            except Exception:
                # Whatever ails the database, the next look may find it well.
                log.warning("webchat_watch_failed", exc_info=True)
            await asyncio.sleep(POLL_SECONDS)

    async def _look(self) -> None:
        listeners = [listener for listener in self.all() if listener.upto is not None]
        ids = sorted({listener.session_id for listener in listeners})
        changed: dict[int, int] = {}
        for start in range(0, len(ids), IDS_AT_ONCE):
            changed |= await WebSession.changed(ids[start : start + IDS_AT_ONCE])
        for listener in listeners:
            if changed.get(listener.session_id) != listener.upto:
                listener.wake.set()
