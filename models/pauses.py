"""Pauses: days on which a senior has no lunch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField

if TYPE_CHECKING:
    from models.people import Person
    from models.seniors import Senior


class Pause(Model):
    """Days without lunch, with or without an end; ended or voided, never deleted."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="pauses")
    senior_id: int
    starts = fields.DateField()
    ends = fields.DateField(null=True)
    reason = EncryptedTextField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="pauses", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "pause"
        indexes = (("senior_id", "starts"),)
        constraints = (
            CheckConstraint(check="ends IS NULL OR ends >= starts", name="pause_ends_after_it_starts"),
        )
