"""Consents: who said yes or no to what, and when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField

if TYPE_CHECKING:
    from models.people import Person
    from models.seniors import Senior

LUNCH: Final = "lunch"
PHOTOS: Final = "photos"


class Agreed(StrEnum):
    """Did the senior herself agree? (PIPL knows no consent of relatives for a capable adult.)"""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"
    GUARDIAN = "guardian"


class Consent(Model):
    """Who said yes or no to what, when, in which wording; rows are only added."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="consents"
    )
    senior_id: int
    about = fields.CharField(max_length=16)
    answer = fields.CharEnumField(Agreed, max_length=16)
    wording = fields.SmallIntField(default=1)
    asked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="asked_consents", null=True, on_delete=fields.SET_NULL
    )
    asked_by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "consent"
        indexes = (("senior_id", "about"),)

    @classmethod
    async def note(cls, senior_id: int, answer: Agreed, by: Person, now: datetime) -> None:
        """Write down what a senior said about having lunch with us, or that nobody has asked yet."""
        await cls.create(senior_id=senior_id, about=LUNCH, answer=answer, asked_by_id=by.id, at=now)

    @classmethod
    async def given(cls, senior_id: int) -> Agreed:
        """Tell what is known of a senior's own yes."""
        row = await cls.filter(senior_id=senior_id, about=LUNCH).order_by("-id").first()
        return Agreed.NOT_ASKED if row is None else row.answer

    @classmethod
    async def note_photos(cls, senior_id: int, *, agreed: bool, by: Person, now: datetime) -> None:
        """Write down whether a senior agrees to photos at the door; asked by a coordinator `by`, in person.

        With a no the photos that were taken at the door are emptied at once. Raises Gone, NotAllowed.
        """
        from models.files import File
        from models.seniors import Senior

        await Senior.coordinated(senior_id, by)
        answer = Agreed.YES if agreed else Agreed.NO
        await cls.create(senior_id=senior_id, about=PHOTOS, answer=answer, asked_by_id=by.id, at=now)
        if not agreed:
            await File.empty_door(senior_id, by, now)

    @classmethod
    async def photos(cls, senior_id: int) -> bool:
        """Tell whether a senior has agreed to photos; who was never asked has not."""
        row = await cls.filter(senior_id=senior_id, about=PHOTOS).order_by("-id").first()
        return row is not None and row.answer is Agreed.YES
