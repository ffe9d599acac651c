"""One message in, one turn, one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from bot.channels import Kind, NotHeard, Update
from bot.clock import Clock
from bot.database import retryable, transaction
from bot.groups import Happening, is_meant_for_us
from bot.i18n import guess_language
from bot.logs import reference_number, scrubbed
from bot.metrics import HEARD, TURN_SECONDS
from bot.speech import Mailbag, Post, Said
from bot.turn import Turn
from handlers import words
from handlers.chat import REGISTRY
from models.messaging import InboxUpdate
from models.people import Account, Person

log = structlog.get_logger(__name__)

TRIES = 3
IGNORED = frozenset({Kind.UNKNOWN, Kind.JOINED})


class Inbox:
    """Hears each update once: its effects, its answers and the mark "heard" are committed together."""

    def __init__(self, clock: Clock, wake: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._wake = wake

    async def hear(self, update: Update) -> str:
        """Live one update; return what is to be shown to whoever pressed a button in a group, "" if nothing.

        Raises NotHeard when nothing was kept and the channel must bring it again.
        """
        note = ""
        for attempt in range(1, TRIES + 1):
            try:
                with TURN_SECONDS.time():
                    async with transaction():
                        outcome, note = await self._live(update)
            except Exception as error:  # noqa: BLE001 -- whatever a handler raises, the person gets an answer
                if not retryable(error):
                    HEARD.labels(update.channel, "failed").inc()
                    note = await self._apologise(update, error)
                    break
                log.warning("turn_retried", channel=update.channel, update=update.event, attempt=attempt)
                await asyncio.sleep(0.02 * attempt)
            else:
                HEARD.labels(update.channel, outcome).inc()
                break
        else:
            HEARD.labels(update.channel, "not heard").inc()
            raise NotHeard
        self._wake()
        return note

    async def _live(self, update: Update) -> tuple[str, str]:
        """Live an update; return what it was, for the count, and the note for whoever pressed in a group."""
        if not await self._first_time(update):
            return "repeated", ""
        if not _is_for_us(update):
            return "ignored", ""
        if not update.private:
            return "lived", await Happening(update, self._clock.now()).live()
        account, person = await self._sender(update)
        if update.kind is Kind.BLOCKED:
            await self._lose(person)
        else:
            turn = Turn(update, account, person, self._clock.now())
            await turn.live()
            await self._post(turn.said, account, turn.person)
        return "lived", ""

    async def _lose(self, person: Person) -> None:
        """Tell whoever must know that somebody can't be written to any more, on no channel."""
        if REGISTRY.unreachable is not None and await Account.best_of(person.id) is None:
            mail = Mailbag(self._clock.now())
            await REGISTRY.unreachable(mail, person)
            await Post(mail.now).write(mail.said)

    async def _post(self, said: list[Said], account: Account, person: Person) -> None:
        await Post(self._clock.now(), asker=person, via=account).write(said)

    async def _first_time(self, update: Update, failed: str | None = None) -> bool:
        # One statement on both engines: a second transaction with the same event waits here for the first.
        sql = (
            "INSERT INTO inbox_update (channel, event, kind, heard_at, failed) VALUES ({}, {}, {}, {}, {})"
            " ON CONFLICT (channel, event) DO NOTHING RETURNING id"
        )
        database = get_connection("default")
        postgres = database.capabilities.dialect == "postgres"
        marks = [f"${number}" if postgres else "?" for number in range(1, 6)]
        now = InboxUpdate._meta.fields_map["heard_at"].to_db_value(self._clock.now(), InboxUpdate)
        values = [update.channel, update.event, update.kind.value, now, failed]
        return bool(await database.execute_query_dict(sql.format(*marks), values))

    async def _sender(self, update: Update) -> tuple[Account, Person]:
        """Find who sent it and hold that person: their turns queue up here, whatever the channel."""
        now = self._clock.now()
        seen = {"reachable": False} if update.kind is Kind.BLOCKED else {"reachable": True, "heard_at": now}
        while True:
            account = await self._account(update)
            person = await Person.locked(account.person_id)
            # While we waited, another turn may have joined this account to another person.
            if await Account.filter(id=account.id, person_id=person.id).update(**seen):
                return account, person

    async def _account(self, update: Update) -> Account:
        known = await Account.get_or_none(channel=update.channel, address=update.sender)
        if known is not None:
            return known
        now = self._clock.now()
        try:
            async with transaction():
                person = await Person.create(
                    name=update.name or None, language=guess_language(update.language), created_at=now
                )
                return await Account.create(
                    person_id=person.id, channel=update.channel, address=update.sender, heard_at=now
                )
        except IntegrityError:
            # Two first messages at once: the other one was faster.
            return await Account.get(channel=update.channel, address=update.sender)

    async def _apologise(self, update: Update, error: Exception) -> str:
        """Say that something failed, where it was said; a press in a group gets it as its note."""
        reference = reference_number()
        log.error(
            "turn_failed",
            reference=reference,
            channel=update.channel,
            update=update.event,
            exc_info=scrubbed(error),
        )
        try:
            async with transaction():
                fresh = await self._first_time(update, failed=reference)
                if fresh and _is_for_us(update) and update.private:
                    account, person = await self._sender(update)
                    await self._post([Said(person, words.apology(reference))], account, person)
        except Exception as again:
            log.error("apology_failed", reference=reference, exc_info=scrubbed(again))
            if retryable(again):
                raise NotHeard from None
            await self._give_up(update, reference)
        if update.private or update.kind is not Kind.PRESS:
            return ""
        return Happening(update, self._clock.now()).note(words.apology(reference), None, "UTC")

    async def _give_up(self, update: Update, reference: str) -> None:
        """Mark an update heard that can't even be apologised for: else it would hold up all behind it."""
        try:
            async with transaction():
                await self._first_time(update, failed=reference)
        except Exception as error:
            log.error("update_not_marked", reference=reference, exc_info=scrubbed(error))
            raise NotHeard from None


def _is_for_us(update: Update) -> bool:
    """Tell whether somebody wants something of us."""
    if update.kind in IGNORED or not update.place:
        return False
    return bool(update.sender) if update.private else is_meant_for_us(update)
