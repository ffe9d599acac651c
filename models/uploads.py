"""What a page of the web chat has uploaded and nobody has said anything about yet."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import ClassVar, Final

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.fields import EncryptedTextField, UtcDatetimeField
from models.webchat import WebSession

WAITS: Final = timedelta(days=1)
OF_A_SESSION: Final = 10


class TooMany(Exception):
    """A session has uploaded more than it has spoken about."""


class Upload(Model):
    """A file from a page, sealed, until the message that it belongs to is heard.

    client_id: the page's own name of that message, the same when it is sent again.
    """

    CHANNEL: ClassVar[str] = "webchat"

    id = fields.BigIntField(primary_key=True)
    session: fields.ForeignKeyRelation[WebSession] = fields.ForeignKeyField(
        "models.WebSession", related_name="uploads", on_delete=fields.CASCADE
    )
    session_id: int
    client_id = fields.CharField(max_length=36)
    mime = fields.CharField(max_length=40)
    size = fields.IntField()
    sealed = EncryptedTextField()
    created_at = UtcDatetimeField(db_index=True)

    class Meta:
        table = "upload"
        unique_together = (("session", "client_id"),)

    @classmethod
    async def keep(cls, address: str, client_id: str, mime: str, content: bytes, now: datetime) -> Upload:
        """Keep what a page uploads, once. Raises NoSession, TooMany."""
        async with in_transaction():
            change = await WebSession.next_change(address)
            if known := await cls.get_or_none(session_id=change.session_id, client_id=client_id):
                return known
            if await cls.filter(session_id=change.session_id).count() >= OF_A_SESSION:
                raise TooMany
            return await cls.create(
                session_id=change.session_id,
                client_id=client_id,
                mime=mime,
                size=len(content),
                sealed=base64.b64encode(content).decode(),
                created_at=now,
            )

    @classmethod
    async def forget_old(cls, now: datetime, at_most: int) -> int:
        """Delete what nobody has said anything about for a day; return how many."""
        old = await cls.filter(created_at__lt=now - WAITS).limit(at_most).values_list("id", flat=True)
        return await cls.filter(id__in=list(old)).delete() if old else 0
