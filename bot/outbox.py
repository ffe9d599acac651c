"""One way out: take what is due under a lease, in order for each reader, and have it delivered."""

from __future__ import annotations

import asyncio
import math
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from tortoise.connection import get_connection
from tortoise.expressions import Q

from bot.channels import Channel
from bot.clock import Clock
from bot.database import retryable
from bot.delivery import Delivery, Links
from bot.leases import LIFE, Leases
from bot.logs import scrubbed
from models.messaging import OutboxMessage, Sent

log = structlog.get_logger(__name__)

AT_ONCE: Final = 32
HOLD: Final = timedelta(seconds=60)
POLL_SECONDS: Final = 0.25


class Sender:
    """Sends the rows of one channel; only the holder of the channel's lease takes any."""

    def __init__(self, channel: Channel, clock: Clock, links: Links, leases: Leases) -> None:
        self._channel = channel
        self._clock = clock
        self._leases = leases
        self._holding = False
        self._sure_until = math.inf
        self._delivery = Delivery(channel, clock, links)
        self._woken = asyncio.Event()
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._held: dict[int, tuple[datetime, int]] = {}

    def wake(self) -> None:
        """Look at the rows now: something was just written."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled."""
        renew_at = 0.0
        loop = asyncio.get_running_loop()
        while True:
            try:
                if (began := loop.time()) >= renew_at:
                    await self._hold()
                    renew_at = began + LIFE.total_seconds() / 4
                    self._sure_until = began + LIFE.total_seconds()
                took = await self.step() if self._holding else 0
            except Exception as error:
                log.error(
                    "sender_failed",
                    channel=self._channel.name,
                    error=type(error).__name__,
                    exc_info=None if retryable(error) else scrubbed(error),
                )
                took = 0
            if not took:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    async def _hold(self) -> None:
        held, self._holding = self._holding, await self._leases.hold(f"sender:{self._channel.name}")
        if self._holding and not held:
            # Whoever sent before us is gone: what it had in its hands is due again, what it was told counts.
            self._delivery.forget_silence()
            await OutboxMessage.filter(
                channel=self._channel.name, state=Sent.PENDING, owner__not_isnull=True
            ).update(owner=None, next_at=self._clock.now())

    async def step(self) -> int:
        """Take what is due and free to go; return how many rows were taken."""
        room = AT_ONCE - len(self._lanes)
        if room <= 0:
            # Not longer than the lease can wait to be renewed.
            await asyncio.wait(self._lanes.values(), timeout=1, return_when=asyncio.FIRST_COMPLETED)
            return 1
        rows = await self._take(room)
        by_account: dict[int, list[OutboxMessage]] = defaultdict(list)
        for row in rows:
            by_account[row.account_id or 0].append(row)
        for account_id, lane in by_account.items():
            work = asyncio.create_task(self._lane(lane))
            self._lanes[account_id] = work
            work.add_done_callback(lambda task, key=account_id: self._done(key, task))  # type: ignore[misc]  # mypy can't see the default's type
        return len(rows)

    def _done(self, account_id: int, lane: asyncio.Task[None]) -> None:
        self._lanes.pop(account_id, None)
        self._woken.set()
        if not lane.cancelled() and (error := lane.exception()) is not None:
            # Its rows come back when their hold ends.
            log.error("lane_failed", channel=self._channel.name, error=type(error).__name__)

    async def drain(self) -> None:
        """Send until nothing is due; for rehearsals and tests."""
        while await self.step():
            if self._lanes:
                await asyncio.wait(self._lanes.values())

    async def finish(self) -> None:
        """Let what is under way end; called when no more will be taken."""
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=5)

    async def _take(self, room: int) -> list[OutboxMessage]:
        now = self._clock.now()
        if await self._delivery.quiet(now):
            return []
        rows = OutboxMessage.filter(channel=self._channel.name, state=Sent.PENDING, next_at__lte=now)
        if self._lanes:
            rows = rows.exclude(account_id__in=list(self._lanes))
        self._held = {account: held for account, held in self._held.items() if held[0] > now}
        for account, (_until, priority) in self._held.items():
            # Behind a message that must wait, those of its rank wait, too.
            rows = rows.filter(~Q(account_id=account, priority__gte=priority))
        found = await rows.order_by("priority", "id").limit(room).select_related("person", "account")
        if not found:
            return []
        # One conditional UPDATE with a fresh token decides; a process that lost its lease gets no row twice.
        token, these = secrets.token_hex(16), OutboxMessage.filter(id__in=[row.id for row in found])
        free = these.filter(state=Sent.PENDING, next_at__lte=now)
        if await free.update(owner=token, next_at=now + HOLD) == len(found):
            for row in found:
                row.owner = token
            return found
        return await these.filter(owner=token).order_by("priority", "id").select_related("person", "account")

    async def _lane(self, rows: Sequence[OutboxMessage]) -> None:
        """Send one account's rows in their order; a row that must wait holds those behind it."""
        for place, row in enumerate(rows):
            if asyncio.get_running_loop().time() > self._sure_until:
                # We stood still so long that another process may have taken over: the lease decides.
                for left in rows[place:]:
                    await left.held().update(owner=None, next_at=self._clock.now())
                return
            try:
                wait = await self._delivery.deliver(row)
            except Exception as error:  # noqa: BLE001 -- one row that can't be sent must not hold up the rest
                wait = await self._delivery.failed(row, error)
            if wait is not None:
                later = self._clock.now() + wait
                self._held[row.account_id or 0] = (later, row.priority)
                await row.held().update(owner=None, next_at=later, attempts=row.attempts)
                for held in rows[place + 1 :]:
                    await held.held().update(owner=None, next_at=later)
                return


async def counts() -> dict[str, int]:
    """Count the rows that wait, by channel."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT channel, COUNT(*) AS n FROM outbox_message WHERE state = 0 GROUP BY channel"
    )
    return {str(row["channel"]): int(row["n"]) for row in rows}
