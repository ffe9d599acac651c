"""The audit: who saw or changed what; rows are only added."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField

if TYPE_CHECKING:
    from models.people import Person


class AuditEvent(Model):
    """One act or one look on record. `about` names rows by id, never by name."""

    id = fields.BigIntField(primary_key=True)
    at = UtcDatetimeField()
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="acts", null=True, on_delete=fields.SET_NULL
    )
    person_id: int | None
    act = fields.CharField(max_length=40)
    about = fields.CharField(max_length=120)

    class Meta:
        table = "audit_event"

    @classmethod
    async def record(cls, act: str, about: str, *, by: int | None, now: datetime) -> None:
        """Write one act down."""
        await cls.create(at=now, person_id=by, act=act, about=about)
