"""Deliver updates to a webhook as the real server does.

Every chat has an ordered queue (of presses: every user), the next update goes out after a 2xx only, other
queues are not held up; the first retry comes at once, then after 2, 4, 8 … seconds until the update expires.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.telegram_server.clock import Clock
from tests.telegram_server.mailbox import Mailbox, Pending

LONGEST_PAUSE, LONGEST_RETRY_AFTER = 60, 3600


@dataclass
class Hook:
    """Say where updates go, and what became of the last ones."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


@dataclass
class Delivery:
    """Note one attempt; status 0: no answer at all. pause: seconds until the next one, before `backoff`."""

    update_id: int
    lane: str
    attempt: int
    status: int
    ts: float
    pause: int = 0


@dataclass
class Courier:
    """Bring the updates of a mailbox to a hook.

    backoff: what the pauses between retries are multiplied with. timeout: seconds until an answer is given
    up. keep_alive: whether a connection serves more than one delivery. perform: what runs a method that came
    in the answer's body.
    """

    mailbox: Mailbox
    clock: Clock
    perform: Callable[[dict[str, Any]], Awaitable[None]]
    backoff: float = 1.0
    timeout: float = 60.0
    keep_alive: bool = True
    deliveries: list[Delivery] = field(default_factory=list)
    hook: Hook = field(default_factory=Hook)
    _running: asyncio.Task[None] | None = None

    async def point_to(self, hook: Hook) -> None:
        """Deliver to this hook from now on; with an empty address, no longer."""
        await self.stop()
        self.hook = hook
        if hook.url:
            self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End all deliveries; what was not acknowledged stays in the mailbox."""
        if self._running:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
            self._running = None

    async def _run(self) -> None:
        lanes: defaultdict[str, deque[Pending]] = defaultdict(deque)
        places = asyncio.Semaphore(self.hook.max_connections)
        timeout = aiohttp.ClientTimeout(total=self.timeout)
        connector = aiohttp.TCPConnector(limit=0, force_close=not self.keep_alive)
        self.mailbox.take_fresh()
        updates: list[Pending] | None = list(self.mailbox.pending.values())

        def news() -> list[Pending] | None:
            return [*self.mailbox.take_repeated(), *self.mailbox.take_fresh()] or None

        async with (
            aiohttp.ClientSession(timeout=timeout, connector=connector) as session,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                for update in updates or ():
                    lanes[update.lane].append(update)
                    if len(lanes[update.lane]) == 1:
                        tasks.create_task(self._serve(lanes[update.lane], places, session))
                updates = await self.mailbox.bell.until(news, None)

    async def _serve(
        self, lane: deque[Pending], places: asyncio.Semaphore, session: aiohttp.ClientSession
    ) -> None:
        while lane:
            update, attempt, pause = lane[0], 0, 1
            while self.clock.now() <= update.expires:
                attempt += 1
                async with places:
                    tried = await self._attempt(update, attempt, session)
                if 200 <= tried.status < 300:
                    break
                if not tried.pause and attempt > 1:
                    pause = min(random.randint(LONGEST_PAUSE, 2 * LONGEST_PAUSE), pause * 2)
                    tried.pause = pause
                await asyncio.sleep(tried.pause * self.backoff)
            self.mailbox.confirm([update.id])
            lane.popleft()

    async def _attempt(self, update: Pending, attempt: int, session: aiohttp.ClientSession) -> Delivery:
        """Try once; the bot may ask for a pause."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.hook.secret} if self.hook.secret else {}
        delivery = Delivery(update.id, update.lane, attempt, 0, self.clock.now())
        self.deliveries.append(delivery)
        self.mailbox.bell.ring()
        try:
            async with session.post(
                self.hook.url, json=update.body, headers=headers, allow_redirects=False
            ) as answer:
                delivery.status = answer.status
                if 200 <= answer.status < 300:
                    await self._obey(await answer.read(), answer.content_type)
                    return delivery
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                asked = answer.headers.get("Retry-After", "")
                delivery.pause = min(int(asked), LONGEST_RETRY_AFTER) if asked.isdigit() else 0
        except TimeoutError:
            self._failed("Read timeout expired")
        except (aiohttp.ClientError, OSError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            self._failed("Connection refused" if refused else str(error))
        return delivery

    async def _obey(self, body: bytes, content_type: str) -> None:
        if body and content_type == "application/json":
            order = json.loads(body)
            if isinstance(order, dict) and order.get("method"):
                await self.perform(order)

    def _failed(self, why: str) -> None:
        self.hook.last_error, self.hook.last_error_at = why, int(self.clock.now())
