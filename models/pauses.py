"""Pauses: days on which a senior has no lunch, and how the way back is prepared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField

if TYPE_CHECKING:
    from models.people import Person
    from models.seniors import Senior

HOSPITAL: Final = "hospital"
ASK_AFTER: Final = timedelta(days=14)
ASK_AT: Final = "10:00"


class Pause(Model):
    """Days without lunch, with or without an end; ended or voided, never deleted.

    reason: HOSPITAL, or None; sealed, for it tells of an illness.
    asked_at: when the family was asked whether an open end is still right; they are asked once.
    """

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
    asked_at = UtcDatetimeField(null=True)

    class Meta:
        table = "pause"
        indexes = (("senior_id", "starts"), ("ends", "starts"))
        constraints = (
            CheckConstraint(check="ends IS NULL OR ends >= starts", name="pause_ends_after_it_starts"),
        )

    @classmethod
    async def to_ask(cls, now: datetime, limit: int) -> list[Pause]:
        """Take open pauses of which two weeks have passed, at ten in the canteen's morning; each once."""
        somewhere_today = (now + timedelta(days=1)).date()
        old = cls.filter(ends=None, voided_at=None, asked_at=None, starts__lte=somewhere_today - ASK_AFTER)
        found = await old.order_by("starts", "id").limit(limit).select_for_update(skip_locked=True)
        await cls.fetch_for_list(found, "senior__canteen")
        due = [one for one in found if now >= one.senior.canteen.at(one.starts + ASK_AFTER, ASK_AT)]
        if due:
            await cls.filter(id__in=[one.id for one in due]).update(asked_at=now)
        return [one for one in due if one.senior.status == "active"]


class Homecoming(Model):
    """A senior who comes back and eats differently now: lunch waits until a coordinator has seen it.

    food: what is different, in the family's words, sealed.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="homecomings"
    )
    senior_id: int
    day = fields.DateField()
    food = EncryptedTextField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="homecomings", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    seen_at = UtcDatetimeField(null=True)
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "homecoming"
        indexes = (("senior_id",),)

    @classmethod
    async def waiting(cls, senior_id: int) -> Homecoming | None:
        """Find the one that a coordinator has still to see."""
        return await cls.filter(senior_id=senior_id, seen_at=None, voided_at=None).order_by("-id").first()
