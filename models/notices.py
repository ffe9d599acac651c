"""Notices: one message to many, counted."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.people import Person


class Audience(StrEnum):
    """Whom a notice is for."""

    VOLUNTEERS = "volunteers"
    FAMILIES = "families"
    EVERYONE = "everyone"


class Notice(Model):
    """A coordinator's words to an audience."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="notices"
    )
    canteen_id: int
    audience = fields.CharEnumField(Audience, max_length=16)
    body = EncryptedTextField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="notices", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    finished_at = UtcDatetimeField(null=True)

    class Meta:
        table = "notice"


class Receipt(Model):
    """One reader of a notice; `written_at` is when the message row was made, the outbox knows the rest."""

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="receipts"
    )
    notice_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="receipts"
    )
    person_id: int
    written_at = UtcDatetimeField(null=True)
    seen_at = UtcDatetimeField(null=True)

    class Meta:
        table = "receipt"
        unique_together = (("notice", "person"),)
