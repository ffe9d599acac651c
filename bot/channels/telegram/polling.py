"""Fetch updates by long polling; what is not committed is not confirmed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError, TimedOut

from bot.channels import Hear, NotHeard, Update
from bot.channels.telegram.errors import TokenRefused
from bot.channels.telegram.request import Flooded

log = structlog.get_logger(__name__)

AT_ONCE: Final = 32
LONG: Final = 30
"""Seconds for which Telegram holds an empty answer."""
AGAIN: Final = 1.0
WORST: Final = 30.0
FAREWELL: Final = 5.0
"""Seconds that turns under way get to finish when we are stopped."""

Reached = Callable[[], Awaitable[None]]
"""Called whenever Telegram has answered."""
Fetch = Callable[[int, int, int], Awaitable[list[Any]]]
"""Call getUpdates with offset, limit and seconds to wait."""


class Backoff:
    """Wait longer after each failure in a row: 1, 2, 4 … 30 seconds."""

    def __init__(self) -> None:
        self._next = AGAIN

    def reset(self) -> None:
        self._next = AGAIN

    async def after(self, error: TelegramError) -> None:
        """Wait as long as this failure asks for. Raises TokenRefused where waiting cannot help."""
        match error:
            case InvalidToken():
                raise TokenRefused from None
            case Flooded():
                wait = error.wait.total_seconds()
            case _:
                wait, self._next = self._next, min(self._next * 2, WORST)
        if isinstance(error, Conflict):
            log.warning("Another program receives this bot's updates; trying again", seconds=wait)
        else:
            log.warning("Telegram cannot be reached; trying again", error=type(error).__name__, seconds=wait)
        await asyncio.sleep(wait)


class Poller:
    """Bring updates in order for each person, and for up to 32 persons at a time."""

    def __init__(self, fetch: Fetch, read: Callable[[object], Update], hear: Hear, reached: Reached) -> None:
        self._reached = reached
        self._fetch = fetch
        self._read = read
        self._hear = hear
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._offset = 0
        self._confirmed = 0
        self._stopping = False

    async def run(self) -> None:
        """Poll until cancelled; then let turns under way end, and confirm what was heard."""
        backoff = Backoff()
        try:
            while True:
                try:
                    batch = await self._fetch(self._offset, 100, LONG)
                except TimedOut:
                    continue
                except TelegramError as error:
                    failure = error
                else:
                    backoff.reset()
                    await self._reached()
                    self._confirmed = self._offset
                    if not batch:
                        # All is confirmed, and after a quiet week ids begin anew, perhaps lower.
                        self._offset = self._confirmed = 0
                    elif not await self._live(batch):
                        await asyncio.sleep(AGAIN)
                    continue
                await backoff.after(failure)
        finally:
            await self._confirm()

    async def _live(self, batch: list[Any]) -> bool:
        """Live a batch; the offset moves to the first update not heard. False: bring it again."""
        updates = [update for raw in batch if (update := self._read(raw)).event]
        if len(updates) < len(batch):
            log.warning("Updates without an id were left out", count=len(batch) - len(updates))
        lanes: defaultdict[str, list[Update]] = defaultdict(list)
        for update in updates:
            lanes[update.sender or update.event].append(update)
        heard: set[str] = set()
        tasks = [asyncio.create_task(self._lane(lane, heard)) for lane in lanes.values()]
        try:
            if tasks:
                await asyncio.wait(tasks)
        except asyncio.CancelledError:
            self._stopping = True
            await asyncio.wait(tasks, timeout=FAREWELL)
            raise
        finally:
            for task in tasks:
                task.cancel()
            self._advance(updates, heard)
        return bool(updates) and all(update.event in heard for update in updates)

    async def _lane(self, updates: list[Update], heard: set[str]) -> None:
        """Live one person's updates in order; the first that is not heard holds up the rest."""
        for update in updates:
            async with self._slots:
                if self._stopping:
                    return
                try:
                    await self._hear(update)
                except NotHeard:
                    return
                except Exception:
                    log.exception(
                        "A turn broke outside its transaction; Telegram brings it again",
                        event_id=update.event,
                    )
                    return
            heard.add(update.event)

    def _advance(self, updates: list[Update], heard: set[str]) -> None:
        missing = [int(update.event) for update in updates if update.event not in heard]
        if missing:
            self._offset = min(missing)
        elif updates:
            self._offset = max(int(update.event) for update in updates) + 1

    async def _confirm(self) -> None:
        """Tell Telegram what was heard, so that another process does not get it again."""
        if self._offset == self._confirmed:
            return
        try:
            async with asyncio.timeout(FAREWELL):
                await self._fetch(self._offset, 1, 0)
        except (TelegramError, TimeoutError) as error:
            log.info(
                "What was heard last could not be confirmed; it will be refused as a repeat",
                error=type(error).__name__,
            )
