"""How a senior seemed at the door, in one of five words of the volunteer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models import rounds
from models.fields import UtcDatetimeField
from models.refusals import Gone

if TYPE_CHECKING:
    from models.meals import Meal
    from models.people import Person
    from models.seniors import Senior

BEST: Final = 4
LOW: Final = 1


class WellBeing(Model):
    """One answer to "how is she today?", from 0 (very poor) to 4 (very well); the newest of a meal counts."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="wellbeing"
    )
    senior_id: int
    meal: fields.ForeignKeyRelation[Meal] = fields.ForeignKeyField("models.Meal", related_name="wellbeing")
    meal_id: int
    rating = fields.SmallIntField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="wellbeing", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "well_being"
        indexes = (("senior_id", "at"), ("meal_id",))

    @classmethod
    async def note(cls, meal_id: int, rating: int, by: Person, at: datetime, now: datetime) -> Senior:
        """Write down how somebody seemed; tapped twice, it is written once. Raises Gone, NotOnRound."""
        senior = await rounds.senior_at(meal_id, by, now)
        if not 0 <= rating <= BEST:
            raise Gone
        if await cls.of_meal(meal_id) != rating:
            await cls.create(senior_id=senior.id, meal_id=meal_id, rating=rating, by_id=by.id, at=at)
        return senior

    @classmethod
    async def of_meal(cls, meal_id: int) -> int | None:
        """Tell what was said at a meal; None if nothing."""
        last = await cls.filter(meal_id=meal_id).order_by("-at", "-id").first()
        return None if last is None else last.rating
