"""One message in, one turn, one transaction."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

import structlog
from tortoise.connection import get_connection

from bot.channels import Kind, NotHeard, Update
from bot.clock import Clock
from bot.database import retryable, transaction
from bot.i18n import guess_language
from bot.metrics import HEARD, TURN_SECONDS
from bot.speech import Post, Said
from bot.turn import Turn
from handlers import words
from models.messaging import InboxUpdate
from models.people import Account, Person

log = structlog.get_logger(__name__)

TRIES = 3
IGNORED = frozenset({Kind.UNKNOWN, Kind.JOINED, Kind.LEFT, Kind.MIGRATED})


class Inbox:
    """Hears each update once: its effects, its answers and the mark "heard" are committed together."""

    def __init__(self, clock: Clock, wake: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._wake = wake

    async def hear(self, update: Update) -> None:
        """Live one update. Raises NotHeard when nothing was kept and the channel must bring it again."""
        for attempt in range(1, TRIES + 1):
            try:
                with TURN_SECONDS.time():
                    async with transaction():
                        await self._live(update)
            except Exception as error:  # noqa: BLE001 -- whatever a handler raises, the person gets an answer
                if not retryable(error):
                    HEARD.labels(update.channel, "failed").inc()
                    await self._apologise(update, error)
                    break
                log.warning("turn_retried", channel=update.channel, update=update.event, attempt=attempt)
                await asyncio.sleep(0.02 * attempt)
            else:
                HEARD.labels(update.channel, "lived").inc()
                break
        else:
            HEARD.labels(update.channel, "not heard").inc()
            raise NotHeard
        self._wake()

    async def _live(self, update: Update) -> None:
        if not await self._first_time(update) or update.kind in IGNORED or not update.sender:
            return
        account = await self._account(update)
        person = await Person.locked(account.person_id)
        if update.kind is Kind.BLOCKED:
            await Account.filter(id=account.id).update(reachable=False)
            return
        if not update.private:
            await self._post(
                [Said(person, words.GROUPS)] if update.kind is Kind.PRESS else [], account, person
            )
            return
        turn = Turn(update, account, person, self._clock.now())
        await turn.live()
        await self._post(turn.said, account, turn.person)

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

    async def _account(self, update: Update) -> Account:
        now = self._clock.now()
        account = await Account.filter(channel=update.channel, address=update.sender).first()
        if account is None:
            person = await Person.create(
                name=update.name or None, language=guess_language(update.language), created_at=now
            )
            return await Account.create(
                person_id=person.id, channel=update.channel, address=update.sender, heard_at=now
            )
        if update.kind is not Kind.BLOCKED:
            account.reachable, account.heard_at = True, now
            await account.save(update_fields=["reachable", "heard_at"])
        return account

    async def _apologise(self, update: Update, error: Exception) -> None:
        reference = f"{secrets.randbelow(900_000) + 100_000}"
        log.error(
            "turn_failed",
            reference=reference,
            channel=update.channel,
            update=update.event,
            exc_info=_scrubbed(error),
        )
        try:
            async with transaction():
                if (
                    not await self._first_time(update, failed=reference)
                    or not update.sender
                    or not update.private
                ):
                    return
                account = await self._account(update)
                person = await Person.get(id=account.person_id)
                await self._post([Said(person, words.apology(reference))], account, person)
        except Exception as again:
            log.exception("apology_failed", reference=reference)
            raise NotHeard from again


def _scrubbed(error: Exception) -> tuple[type[BaseException], BaseException, object]:
    # The traceback says where; the message may hold a person's words, so only its type is kept.
    return type(error), RuntimeError(type(error).__name__), error.__traceback__
