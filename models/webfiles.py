"""Files that the canteen sent by web chat, sealed; each is kept for a month."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Final

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.fields import EncryptedTextField, UtcDatetimeField
from models.webchat import WebSession

FILE_LIFE: Final = timedelta(days=30)
FILE_AT_MOST: Final = 5_000_000  # bytes


class TooLarge(Exception):
    """A file is larger than what is kept."""


class WebFile(Model):
    """A file that the canteen sent to a session, sealed; it is kept for a month.

    letter_id: the outbox row that brought it; the same letter again brings no second file.
    """

    id = fields.BigIntField(primary_key=True)
    session: fields.ForeignKeyRelation[WebSession] = fields.ForeignKeyField(
        "models.WebSession", related_name="files", on_delete=fields.CASCADE
    )
    session_id: int
    letter_id = fields.BigIntField(unique=True)
    name = fields.CharField(max_length=120)
    mime = fields.CharField(max_length=80)
    sealed = EncryptedTextField()
    created_at = UtcDatetimeField(db_index=True)

    class Meta:
        table = "web_file"

    @property
    def content(self) -> bytes:
        """Open the file."""
        return base64.b64decode(self.sealed)

    @classmethod
    async def keep(
        cls, address: str, letter_id: int, name: str, mime: str, content: bytes, now: datetime
    ) -> WebFile:
        """Keep a file for a session, once. Raises NoSession and TooLarge."""
        if len(content) > FILE_AT_MOST:
            raise TooLarge(len(content))
        async with in_transaction():
            # The session's lock lets one of two senders of the same letter be the first.
            change = await WebSession.next_change(address)
            if known := await cls.get_or_none(letter_id=letter_id):
                return known
            return await cls.create(
                session_id=change.session_id,
                letter_id=letter_id,
                name=name,
                mime=mime,
                sealed=base64.b64encode(content).decode(),
                created_at=now,
            )

    @classmethod
    async def forget_old(cls, now: datetime, at_most: int) -> int:
        """Delete files whose month is over; return how many."""
        old = await cls.filter(created_at__lt=now - FILE_LIFE).limit(at_most).values_list("id", flat=True)
        return await cls.filter(id__in=list(old)).delete() if old else 0
