"""Pages that open from the chat without a login: a one-time link, then a cookie, until the day is over."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import UtcDatetimeField
from models.people import Person
from models.refusals import CodeUnknown

if TYPE_CHECKING:
    from models.canteens import Canteen

AN_HOUR_AT_LEAST: Final = timedelta(hours=1)
SWEPT_AFTER: Final = timedelta(days=30)


class BoardKey(Model):
    """One person's key to one page of one canteen.

    link_hash: of the link in the chat, used once. cookie_hash: of what the browser got for it.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="board_keys"
    )
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="board_keys"
    )
    canteen_id: int
    page = fields.CharField(max_length=40)
    link_hash = fields.CharField(max_length=64, unique=True)
    cookie_hash = fields.CharField(max_length=64, null=True, unique=True)
    made_at = UtcDatetimeField()
    expires_at = UtcDatetimeField(db_index=True)
    opened_at = UtcDatetimeField(null=True)
    revoked_at = UtcDatetimeField(null=True)

    class Meta:
        table = "board_key"
        indexes = (("person_id", "page"),)

    @classmethod
    async def make(cls, person: Person, canteen_id: int, page: str, until: datetime, now: datetime) -> str:
        """Make a key and return its link's secret, which is stored nowhere; links not used yet end here.

        Keys that ended long ago are swept away; who opened what stays in the audit.
        """
        await cls.filter(expires_at__lt=now - SWEPT_AFTER).delete()
        mine = cls.filter(person_id=person.id, page=page, canteen_id=canteen_id)
        await mine.filter(opened_at=None, revoked_at=None).update(revoked_at=now)
        secret = secrets.token_urlsafe(24)
        await cls.create(
            person_id=person.id,
            canteen_id=canteen_id,
            page=page,
            link_hash=_hash(secret),
            made_at=now,
            expires_at=max(until, now + AN_HOUR_AT_LEAST),
        )
        await AuditEvent.record("board.link", f"{page} of canteen {canteen_id}", by=person.id, now=now)
        return secret

    @classmethod
    async def look(cls, page: str, secret: str, now: datetime) -> BoardKey | None:
        """Find the key of a link that may still be used."""
        found = cls.filter(link_hash=_hash(secret), page=page, opened_at=None, revoked_at=None)
        return await found.filter(expires_at__gt=now).select_related("person", "canteen").first()

    async def open(self, now: datetime) -> str:
        """Use the link up and return the cookie for it. Raises CodeUnknown if somebody was faster."""
        cookie = secrets.token_urlsafe(32)
        unused = BoardKey.filter(id=self.id, opened_at=None, revoked_at=None, expires_at__gt=now)
        if not await unused.update(opened_at=now, cookie_hash=_hash(cookie)):
            raise CodeUnknown
        await AuditEvent.record(
            "board.open", f"{self.page} of canteen {self.canteen_id}", by=self.person_id, now=now
        )
        return cookie

    @classmethod
    async def of(cls, page: str, cookie: str, now: datetime) -> BoardKey | None:
        """Find the key of a browser's cookie, while it is good."""
        found = cls.filter(cookie_hash=_hash(cookie), page=page, revoked_at=None, expires_at__gt=now)
        return await found.select_related("person", "canteen").first()

    @classmethod
    async def revoke_all(cls, person: Person, page: str, now: datetime) -> int:
        """Close a page wherever this person has it open, and end its unused links; tell how many."""
        mine = cls.filter(person_id=person.id, page=page, revoked_at=None, expires_at__gt=now)
        return await mine.update(revoked_at=now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
