"""The web chat's own post office: its sessions, and the messages that its pages show.

Every write to a session first raises its change counter, in the same transaction. The lock on that row
makes changes commit in the order of their numbers, so that "everything after change N" misses nothing,
whichever process wrote it and whichever process is asked.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.fields import EncryptedJSONField, UtcDatetimeField
from models.sql import rows

UNUSED_SESSION_LIFE = timedelta(days=1)


class NoSession(Exception):
    """There is no such session (any more)."""


class NoMessage(Exception):
    """There is no such message in this session (any more)."""


class Change(NamedTuple):
    """A change of a session that this transaction holds the lock for."""

    session_id: int
    number: int
    language: str


class Direction(StrEnum):
    """Who said it: IN a person, OUT the canteen."""

    IN = "in"
    OUT = "out"


class WebSession(Model):
    """One browser's chat: found by its secret cookie, written to by its public address.

    changes: the number of the last change. emptied: the change at which its messages were taken away.
    menu, menu_change: the commands offered, as [name, help] pairs, and the change that set them
    (or the language of the page).
    """

    id = fields.BigIntField(primary_key=True)
    address = fields.CharField(max_length=32, unique=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    slot = fields.CharField(max_length=20)
    language = fields.CharField(max_length=16, default="")
    menu: Any = fields.JSONField(default=list)
    menu_change = fields.BigIntField(default=0)
    emptied = fields.BigIntField(default=0)
    changes = fields.BigIntField(default=0)
    created_at = UtcDatetimeField()
    seen_at = UtcDatetimeField(db_index=True)

    class Meta:
        table = "web_session"

    @classmethod
    async def start(cls, slot: str, now: datetime) -> tuple[WebSession, str]:
        """Begin a session; return it with its secret token, which is stored nowhere.

        Sessions in which nothing was ever said are swept away here, after a day.
        """
        await cls.filter(changes=0, seen_at__lt=now - UNUSED_SESSION_LIFE).delete()
        token = secrets.token_urlsafe(32)
        session = await cls.create(
            address=secrets.token_urlsafe(16),
            token_hash=_hash(token),
            slot=slot,
            created_at=now,
            seen_at=now,
        )
        return session, token

    @classmethod
    async def of(cls, token: str, slot: str) -> WebSession | None:
        """Find the session of a secret token."""
        return await cls.get_or_none(token_hash=_hash(token), slot=slot)

    @classmethod
    async def changed(cls, ids: Sequence[int]) -> dict[int, int]:
        """Give the change counters of these sessions; a session that is gone is left out."""
        return dict(await cls.filter(id__in=list(ids)).values_list("id", "changes"))

    @classmethod
    async def offer(cls, address: str, menu: Sequence[tuple[str, str]], language: str) -> None:
        """Set the command menu and the page's language. Raises NoSession."""
        async with in_transaction():
            change = await cls.next_change(address)
            await cls.filter(id=change.session_id).update(
                menu=[list(pair) for pair in menu], language=language, menu_change=change.number
            )

    @classmethod
    async def forget(cls, address: str) -> None:
        """Take all messages of a session away, also from the pages that show them."""
        from models.webfiles import WebFile

        async with in_transaction():
            change = await cls.next_change(address)
            await WebFile.filter(session_id=change.session_id).delete()
            await WebMessage.filter(session_id=change.session_id).delete()
            await cls.filter(id=change.session_id).update(emptied=change.number)

    @classmethod
    async def next_change(cls, address: str) -> Change:
        """Number a session's next change, and lock it for this transaction. Raises NoSession."""
        sql = (
            "UPDATE web_session SET changes = changes + 1 WHERE address = {0} RETURNING id, changes, language"
        )
        changed = await rows(sql, address)
        if not changed:
            raise NoSession(address)
        return Change(changed[0]["id"], changed[0]["changes"], changed[0]["language"])

    @classmethod
    async def _speak(cls, language: str, change: Change) -> None:
        if language != change.language:
            await cls.filter(id=change.session_id).update(language=language, menu_change=change.number)


class WebMessage(Model):
    """One bubble. Its number orders it in its session; `change` is the last change that touched it.

    client_id: the page's own name of what a person said. letter_id, last_letter_id: the outbox rows
    that made it and last changed it. said_at: when a person did it, by their own word.
    read_at: when the person saw it; of what a person said, when it was heard.
    """

    id = fields.BigIntField(primary_key=True)
    session: fields.ForeignKeyRelation[WebSession] = fields.ForeignKeyField(
        "models.WebSession", related_name="messages", on_delete=fields.CASCADE
    )
    session_id: int
    number = fields.BigIntField()
    change = fields.BigIntField()
    direction = fields.CharEnumField(Direction, max_length=8)
    client_id = fields.CharField(max_length=36, null=True)
    letter_id = fields.BigIntField(null=True, unique=True)
    last_letter_id = fields.BigIntField(null=True)
    body: Any = EncryptedJSONField()
    said_at = UtcDatetimeField()
    created_at = UtcDatetimeField()
    read_at = UtcDatetimeField(null=True)

    class Meta:
        table = "web_message"
        unique_together = (("session", "number"), ("session", "client_id"))
        indexes: ClassVar[Any] = (("session_id", "change"),)

    @classmethod
    async def deliver(
        cls, address: str, letter_id: int, body: dict[str, Any], *, language: str, now: datetime
    ) -> WebMessage:
        """Write what the canteen says; the same letter again changes nothing. Raises NoSession."""
        async with in_transaction():
            change = await WebSession.next_change(address)
            if known := await cls.get_or_none(letter_id=letter_id):
                return known
            await WebSession._speak(language, change)
            return await cls.create(
                session_id=change.session_id,
                number=change.number,
                change=change.number,
                direction=Direction.OUT,
                letter_id=letter_id,
                last_letter_id=letter_id,
                body=body,
                said_at=now,
                created_at=now,
            )

    @classmethod
    async def amend(
        cls, address: str, message_id: int, letter_id: int, body: dict[str, Any], *, language: str
    ) -> WebMessage:
        """Change what the canteen said, in place; an older letter than the last is late and changes nothing.

        Raises NoSession and NoMessage.
        """
        async with in_transaction():
            change = await WebSession.next_change(address)
            message = await cls.get_or_none(
                id=message_id, session_id=change.session_id, direction=Direction.OUT
            )
            if message is None:
                raise NoMessage(message_id)
            if message.last_letter_id is not None and message.last_letter_id >= letter_id:
                return message
            await WebSession._speak(language, change)
            message.body, message.last_letter_id, message.change = body, letter_id, change.number
            await message.save(update_fields=["body", "last_letter_id", "change"])
            return message

    @classmethod
    async def hear(
        cls, address: str, client_id: str, body: dict[str, Any], *, said_at: datetime, now: datetime
    ) -> WebMessage:
        """Keep what a person said, once; a repeat returns what is kept. Raises NoSession."""
        async with in_transaction():
            change = await WebSession.next_change(address)
            if known := await cls.get_or_none(session_id=change.session_id, client_id=client_id):
                return known
            return await cls.create(
                session_id=change.session_id,
                number=change.number,
                change=change.number,
                direction=Direction.IN,
                client_id=client_id,
                body=body,
                said_at=said_at,
                created_at=now,
            )

    @classmethod
    async def heard(cls, address: str, client_id: str, now: datetime) -> None:
        """Note that a turn was made of what a person said."""
        async with in_transaction():
            change = await WebSession.next_change(address)
            await cls.filter(session_id=change.session_id, client_id=client_id, read_at__isnull=True).update(
                read_at=now, change=change.number
            )

    @classmethod
    async def press(cls, address: str, message: WebMessage, data: str) -> None:
        """Show which button was pressed, unless the message has been changed since `message` was read."""
        async with in_transaction():
            change = await WebSession.next_change(address)
            current = await cls.get_or_none(id=message.id, last_letter_id=message.last_letter_id)
            if current is not None:
                current.body = {**current.body, "pressed": data}
                current.change = change.number
                await current.save(update_fields=["body", "change"])

    @classmethod
    async def read(cls, address: str, number: int, now: datetime) -> None:
        """Note that the person has seen everything up to a message."""
        async with in_transaction():
            change = await WebSession.next_change(address)
            await cls.filter(
                session_id=change.session_id,
                number__lte=number,
                direction=Direction.OUT,
                read_at__isnull=True,
            ).update(read_at=now, change=change.number)

    @classmethod
    async def since(cls, session_id: int, change: int, at_most: int) -> list[WebMessage]:
        """Give what changed after a change, oldest change first."""
        return (
            await cls.filter(session_id=session_id, change__gt=change)
            .order_by("change", "number")
            .limit(at_most)
        )

    @classmethod
    async def before(cls, session_id: int, number: int | None, at_most: int) -> list[WebMessage]:
        """Give the last messages (before one, where given), oldest first."""
        found = cls.filter(session_id=session_id)
        if number is not None:
            found = found.filter(number__lt=number)
        return (await found.order_by("-number").limit(at_most))[::-1]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
