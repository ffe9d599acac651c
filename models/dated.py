"""What holds of a senior from a day on: where they live, and what they eat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import EncryptedJSONField, EncryptedTextField, UtcDatetimeField, open_column
from models.sql import numbers, rows

if TYPE_CHECKING:
    from models.people import Person
    from models.seniors import Senior


class Residence(Model):
    """Where a senior lives and how one gets an answer there, from a day on; never changed.

    place: where the door is, as "geo:LAT,LON" (WGS 84), noted later by somebody who stood there.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="residences"
    )
    senior_id: int
    since = fields.DateField()
    address = EncryptedTextField()
    knock = EncryptedTextField(null=True)
    plan = EncryptedTextField(null=True)
    place = EncryptedTextField(null=True)
    created_at = UtcDatetimeField()

    class Meta:
        table = "residence"
        indexes = (("senior_id", "since"),)

    @classmethod
    async def move(
        cls,
        senior_id: int,
        *,
        address: str,
        knock: str | None,
        plan: str | None,
        since: date,
        by: Person,
        now: datetime,
    ) -> Senior:
        """Let a senior live elsewhere from a day on, also for meals already made.

        Nobody moves along: who lives behind the new door is said anew. Raises Gone, NotAllowed.
        """
        from models.households import Household
        from models.seniors import Senior

        senior = await Senior.coordinated(senior_id, by)
        await Household.part(senior_id, by, now)
        home = await cls.create(
            senior_id=senior_id, since=since, address=address, knock=knock, plan=plan, created_at=now
        )
        for meal in await senior.expected_meals(since):
            meal.residence_id = home.id
            await meal.save(update_fields=["residence_id"])
        await AuditEvent.record("senior.move", f"senior {senior_id}", by=by.id, now=now)
        return senior


EATEN: Final = "SELECT id, labels, texture, allergies, avoids FROM diet WHERE id IN ({ids})"
EATEN_COLUMNS: Final = ("labels", "texture", "allergies", "avoids")


@dataclass(frozen=True, slots=True)
class Eats:
    """What somebody eats, without since when: what lists and labels need of a Diet, read in one go."""

    labels: Sequence[str] = ()
    texture: str = "regular"
    allergies: Sequence[str] = ()
    avoids: str | None = None


class Diet(Model):
    """What a senior eats, from a day on; never changed.

    labels, allergies: lists of codes; texture: one code of IDDSI's levels (regular, easy, soft, minced,
    pureed);
    avoids: her own words. All sealed: a diet tells of an illness or a faith.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="diets")
    senior_id: int
    since = fields.DateField()
    labels: fields.Field[Any] = EncryptedJSONField(default=list)
    texture = EncryptedTextField(default="regular")
    allergies: fields.Field[Any] = EncryptedJSONField(default=list)
    avoids = EncryptedTextField(null=True)
    created_at = UtcDatetimeField()

    class Meta:
        table = "diet"
        indexes = (("senior_id", "since"),)

    @classmethod
    async def eaten(cls, ids: Iterable[int]) -> dict[int, Eats]:
        """Read several at once: lists have thousands, and opening each as a row of its own takes longer."""
        wanted = numbers(ids)
        found = await rows(EATEN, ids=wanted) if wanted else []
        labels, texture, allergies, avoids = (
            open_column(cls, name, [row[name] for row in found]) for name in EATEN_COLUMNS
        )
        each = zip(map(tuple, labels), texture, map(tuple, allergies), avoids, strict=True)
        return {row["id"]: Eats(*eats) for row, eats in zip(found, each, strict=True)}

    @classmethod
    async def change(
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
    ) -> list[date]:
        """Let a senior eat differently from a day on, also at meals already made.

        Returns the days of those meals: the kitchen must be told. Raises Gone, NotAllowed.
        """
        from models.calendar import ServiceDay
        from models.seniors import Senior

        senior = await Senior.coordinated(senior_id, by)
        diet = await cls.create(
            senior_id=senior_id,
            since=since,
            labels=list(labels),
            texture=texture,
            allergies=list(allergies),
            avoids=avoids,
            created_at=now,
        )
        made = await senior.expected_meals(since)
        for meal in made:
            meal.diet_id = diet.id
            await meal.save(update_fields=["diet_id"])
        await ServiceDay.recount([meal.service_day_id for meal in made], now)
        await AuditEvent.record("senior.diet", f"senior {senior_id}", by=by.id, now=now)
        return [meal.day for meal in made]
