"""One way out: take, check again, render, pace, send, retry, fall back, give up."""

from __future__ import annotations

import asyncio
import math
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from tortoise.connection import get_connection
from tortoise.expressions import Q

from bot.channels import Ambiguous, Channel, EditGone, Later, Letter, Moved, Rejected, Unreachable
from bot.clock import Clock
from bot.database import retryable, transaction
from bot.leases import LIFE, Leases
from bot.letters import letter_of
from bot.logs import scrubbed
from bot.metrics import SENT
from bot.pace import Pace
from bot.papers import Press
from bot.speech import Mailbag, Post
from handlers.chat import REGISTRY, Priority
from models.audit import AuditEvent
from models.messaging import ChannelState, OutboxMessage, Sent
from models.people import Account, Person
from models.quiet import after_quiet_hours

log = structlog.get_logger(__name__)

AT_ONCE: Final = 32
HOLD: Final = timedelta(seconds=60)
BACK_OFF: Final = (1, 2, 5, 15, 60, 300)
TRIES_AT_MOST: Final = 6
POLL_SECONDS: Final = 0.25
Links = Callable[[str], list[str]]


class Sender:
    """Sends the rows of one channel; only the holder of the channel's lease takes any."""

    def __init__(self, channel: Channel, clock: Clock, links: Links, leases: Leases) -> None:
        self._channel = channel
        self._clock = clock
        self._links = links
        self._leases = leases
        self._holding = False
        self._sure_until = math.inf
        self._quiet_until: datetime | None = None
        self._press = Press()
        self._pace = Pace(channel.capabilities)
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
            self._quiet_until = None
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
        if await self._quiet(now):
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

    async def _quiet(self, now: datetime) -> bool:
        """Tell whether the channel wants silence; only its sender is told, and writes it down."""
        if self._quiet_until is None:
            state = await ChannelState.get_or_none(channel=self._channel.name)
            self._quiet_until = (state and state.quiet_until) or now
        return self._quiet_until > now

    async def _lane(self, rows: Sequence[OutboxMessage]) -> None:
        """Send one account's rows in their order; a row that must wait holds those behind it."""
        for place, row in enumerate(rows):
            if asyncio.get_running_loop().time() > self._sure_until:
                # We stood still so long that another process may have taken over: the lease decides.
                for left in rows[place:]:
                    await self._mine(left).update(owner=None, next_at=self._clock.now())
                return
            try:
                wait = await self._deliver(row)
            except Exception as error:  # noqa: BLE001 -- one row that can't be sent must not hold up the rest
                wait = await self._failed(row, error)
            if wait is not None:
                later = self._clock.now() + wait
                self._held[row.account_id or 0] = (later, row.priority)
                await self._mine(row).update(owner=None, next_at=later, attempts=row.attempts)
                for held in rows[place + 1 :]:
                    await self._mine(held).update(owner=None, next_at=later)
                return

    async def _failed(self, row: OutboxMessage, error: Exception) -> timedelta | None:
        """Try again what may go away; give a row up that fails again and again by itself."""
        passing = retryable(error)
        log.error(
            "delivery_failed",
            row=row.id,
            error=type(error).__name__,
            exc_info=None if passing else scrubbed(error),
        )
        if passing or row.attempts < TRIES_AT_MOST:
            return _again(row)
        await self._settle(row, Sent.REJECTED)
        return None

    def _mine(self, row: OutboxMessage) -> Any:
        return OutboxMessage.filter(id=row.id, owner=row.owner)

    async def _deliver(self, row: OutboxMessage) -> timedelta | None:
        """Send one row; return how long to wait if it must be tried again."""
        assert row.account is not None
        await self._pace.pass_(row.account.address, row.priority)
        # Asked after the wait: what was true when it was taken may not be true any more.
        now = self._clock.now()
        if (row.expires_at is not None and row.expires_at <= now) or not await self._still(row, now):
            await self._settle(row, Sent.DROPPED)
            return None
        if (zone := row.body.get("quiet")) and (morning := after_quiet_hours(now, zone)) > now:
            # It was due by day, but we were away: nobody is woken for that.
            await self._mine(row).update(owner=None, next_at=morning)
            return None
        letter = await letter_of(row, self._channel.capabilities, self._links, self._press)
        return await self._send(row, letter)

    async def _still(self, row: OutboxMessage, now: datetime) -> bool:
        if row.still is None:
            return True
        name, _colon, number = row.still.partition(":")
        check = REGISTRY.stills.get(name)
        return check is not None and await check(int(number), now)

    async def _send(self, row: OutboxMessage, letter: Letter) -> timedelta | None:
        try:
            message = await self._channel.send(letter)
        except EditGone:
            if letter.edits is None or not (row.body.get("only_update") or row.body.get("message")):
                return await self._send(row, letter.anew())
            await self._settle(row, Sent.DROPPED)
        except Moved as moved:
            await Account.filter(id=row.account_id).update(address=moved.address)
            return timedelta()
        except Later as later:
            if later.everyone:
                await self._keep_quiet(later.wait)
            return later.wait
        except Ambiguous:
            # An alarm or an answer is better heard twice than not at all; a notice is not.
            if row.priority <= Priority.REPLY and row.attempts < TRIES_AT_MOST:
                return _again(row)
            await self._settle(row, Sent.UNKNOWN)
        except Rejected as rejected:
            log.error("letter_rejected", row=row.id, channel=self._channel.name, why=str(rejected)[:120])
            await self._settle(row, Sent.REJECTED)
        except Unreachable:
            await self._fall_back(row)
        else:
            await self._settle(row, Sent.SENT, message)
        return None

    async def _settle(self, row: OutboxMessage, state: Sent, message: str = "") -> None:
        SENT.labels(self._channel.name, state.name.lower()).inc()
        now = self._clock.now()
        sent_at = now if state is Sent.SENT else None
        marks = {"state": state, "message": message or None, "sent_at": sent_at}
        if row.reveals is None or state is not Sent.SENT:
            await self._mine(row).update(**marks)
            return
        async with transaction():
            await self._mine(row).update(**marks)
            await AuditEvent.record("shown", row.reveals, by=row.person_id, now=now)

    async def _keep_quiet(self, wait: timedelta) -> None:
        self._quiet_until = until = self._clock.now() + wait
        await ChannelState.bulk_create(
            [ChannelState(channel=self._channel.name, quiet_until=until)],
            on_conflict=["channel"],
            update_fields=["quiet_until"],
        )

    async def _fall_back(self, row: OutboxMessage) -> None:
        """Try the person's next account; if there is none, tell whoever must know."""
        now = self._clock.now()
        async with transaction():
            await Account.filter(id=row.account_id).update(reachable=False)
            other = None if row.person_id is None else await Account.best_of(row.person_id)
            # A menu, or a change of a message that is shown there, means nothing anywhere else.
            here_only = row.kind != "text" or row.body.get("message") or row.body.get("only_update")
            if other is not None and not here_only:
                await self._mine(row).update(
                    owner=None, next_at=now, account_id=other.id, channel=other.channel, edits=False
                )
                return
            if not await self._mine(row).update(state=Sent.UNREACHABLE) or other is not None:
                return
            if REGISTRY.unreachable is not None and row.person_id is not None and row.kind == "text":
                mail = Mailbag(now)
                await REGISTRY.unreachable(mail, await Person.get(id=row.person_id))
                await Post(now).write(mail.said)


def _again(row: OutboxMessage) -> timedelta:
    """Count one more try, and say when. A channel that is busy or down does not use them up."""
    wait = timedelta(seconds=BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)])
    row.attempts = min(row.attempts + 1, TRIES_AT_MOST)
    return wait


async def counts() -> dict[str, int]:
    """Count the rows that wait, by channel."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT channel, COUNT(*) AS n FROM outbox_message WHERE state = 0 GROUP BY channel"
    )
    return {str(row["channel"]): int(row["n"]) for row in rows}
