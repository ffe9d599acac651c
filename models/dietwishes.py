"""What a family says has changed in a senior's diet: it counts once the coordinator has said yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.dated import Diet
from models.fields import EncryptedJSONField, EncryptedTextField, UtcDatetimeField
from models.kin import Kinship
from models.people import Person
from models.refusals import Gone, ProposalDecided
from models.seniors import Senior, Status


class DietWish(Model):
    """A diet that a relative asks for, from a day on; answered once, never changed. Sealed as diets are."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="diet_wishes"
    )
    senior_id: int
    since = fields.DateField()
    labels: fields.Field[Any] = EncryptedJSONField(default=list)
    texture = EncryptedTextField(default="regular")
    allergies: fields.Field[Any] = EncryptedJSONField(default=list)
    avoids = EncryptedTextField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="diet_wishes", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    accepted = fields.BooleanField(null=True)
    decided_at = UtcDatetimeField(null=True)
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="diet_answers", null=True, on_delete=fields.SET_NULL
    )
    decided_by_id: int | None

    class Meta:
        table = "diet_wish"
        indexes = (("senior_id",),)

    @property
    def diet(self) -> Diet:
        """Say the wish as a diet that is not on record."""
        return Diet(labels=self.labels, texture=self.texture, allergies=self.allergies, avoids=self.avoids)

    @classmethod
    async def ask(
        cls,
        senior_id: int,
        *,
        labels: Sequence[str],
        texture: str,
        allergies: Sequence[str],
        avoids: str | None,
        since: date,
        by: Person,
        now: datetime,
    ) -> DietWish:
        """Write down what a relative asks for. Raises NotAllowed, Gone."""
        senior = await cls.asked_for(senior_id, by)
        wish = await cls.create(
            senior_id=senior.id,
            since=since,
            labels=list(labels),
            texture=texture,
            allergies=list(allergies),
            avoids=avoids,
            by_id=by.id,
            at=now,
        )
        await AuditEvent.record("diet.ask", f"senior {senior.id}", by=by.id, now=now)
        return wish

    @classmethod
    async def asked_for(cls, senior_id: int, by: Person) -> Senior:
        """Find a senior for whom a relative may ask. Raises NotAllowed, NotByMessage, Gone."""
        await Kinship.informed(senior_id, by)
        senior = await Senior.get(id=senior_id)
        if senior.status in (Status.DECLINED, Status.ENDED):
            raise Gone
        return senior

    @classmethod
    async def answer(
        cls, wish_id: int, *, accepted: bool, by: Person, now: datetime
    ) -> tuple[DietWish, list[date]]:
        """Say yes or no for the canteen; with yes the diet holds from its day on, today at the earliest.

        Returns also the days whose meals were made already. Raises Gone, NotAllowed, ProposalDecided.
        """
        wish = await cls.get_or_none(id=wish_id)
        if wish is None:
            raise Gone
        await Senior.coordinated(wish.senior_id, by)
        open_ = cls.filter(id=wish_id, accepted=None)
        if not await open_.update(accepted=accepted, decided_at=now, decided_by_id=by.id):
            raise ProposalDecided
        await wish.refresh_from_db()
        await AuditEvent.record(
            "diet.yes" if accepted else "diet.no", f"senior {wish.senior_id}", by=by.id, now=now
        )
        if not accepted:
            return wish, []
        days = await Diet.change(wish.senior_id, **wish._as_change(), by=by, now=now)
        return wish, days

    def _as_change(self) -> Mapping[str, Any]:
        return {
            "labels": self.labels,
            "texture": self.texture,
            "allergies": self.allergies,
            "avoids": self.avoids,
            "since": self.since,
        }
