"""One row on its way: check again, render, pace, send, retry, fall back, give up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.channels import Ambiguous, Channel, EditGone, Later, Letter, Moved, Rejected, Unreachable
from bot.clock import Clock
from bot.database import retryable, transaction
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

BACK_OFF: Final = (1, 2, 5, 15, 60, 300)
TRIES_AT_MOST: Final = 6
Links = Callable[[str], list[str]]


class Delivery:
    """Brings the rows of one channel to their readers, each as well as the channel lets it."""

    def __init__(self, channel: Channel, clock: Clock, links: Links) -> None:
        self._channel = channel
        self._clock = clock
        self._links = links
        self._quiet_until: datetime | None = None
        self._press = Press()
        self._pace = Pace(channel.capabilities)

    def forget_silence(self) -> None:
        """Ask the database again how long the channel wants silence: another process may have been told."""
        self._quiet_until = None

    async def quiet(self, now: datetime) -> bool:
        """Tell whether the channel wants silence; only its sender is told, and writes it down."""
        if self._quiet_until is None:
            state = await ChannelState.get_or_none(channel=self._channel.name)
            self._quiet_until = (state and state.quiet_until) or now
        return self._quiet_until > now

    async def deliver(self, row: OutboxMessage) -> timedelta | None:
        """Send one row; return how long to wait if it must be tried again."""
        assert row.account is not None
        if (wait := await self._pace.pass_(row.account.address, row.priority)) is not None:
            # Put back, not held: a card whose words change meanwhile is sent once, with the newest.
            return wait
        # Asked after the wait: what was true when it was taken may not be true any more.
        now = self._clock.now()
        if (row.expires_at is not None and row.expires_at <= now) or not await self._still(row, now):
            await self._settle(row, Sent.DROPPED)
            return None
        if (zone := row.body.get("quiet")) and (morning := after_quiet_hours(now, zone)) > now:
            # It was due by day, but we were away: nobody is woken for that.
            await row.held().update(owner=None, next_at=morning)
            return None
        letter = await letter_of(row, self._channel.capabilities, self._links, self._press, now)
        return await self._send(row, letter)

    async def failed(self, row: OutboxMessage, error: Exception) -> timedelta | None:
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
            assert row.account is not None
            async with transaction():
                known = await Account.move(self._channel.name, row.account.address, moved.address)
            if known:
                return timedelta()
            await self._fall_back(row)
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
            await row.held().update(**marks)
            return
        async with transaction():
            await row.held().update(**marks)
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
                await row.held().update(
                    owner=None, next_at=now, account_id=other.id, channel=other.channel, edits=False
                )
                return
            if not await row.held().update(state=Sent.UNREACHABLE) or other is not None:
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
