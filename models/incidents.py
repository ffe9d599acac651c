"""A wrong meal at a door: the facts as they were when it was told, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedJSONField, UtcDatetimeField
from models.rounds import Door, doors
from models.shifts import Shift

if TYPE_CHECKING:
    from models.cases import Case
    from models.meals import Meal
    from models.people import Person


class Incident(Model):
    """What a meal should have been and what lay beside it, as it was when somebody told; rows are only added.

    facts: the door, its diet and those of the doors before and behind it on the route, sealed.
    """

    id = fields.IntField(primary_key=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name="incidents")
    case_id: int
    meal: fields.ForeignKeyRelation[Meal] = fields.ForeignKeyField("models.Meal", related_name="incidents")
    meal_id: int
    facts: fields.Field[Any] = EncryptedJSONField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="incidents", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "incident"
        indexes = (("case_id",),)

    @classmethod
    async def freeze(cls, case: Case, meal: Meal, by: Person, now: datetime) -> list[Door]:
        """Write down the facts of a wrong meal; return the doors beside it, whose boxes must be compared.

        Whether anybody has eaten of it is told after that, and stands on the case.
        """
        here, beside = await _around(meal)
        facts = {
            "door": None if here is None else _facts(here),
            "beside": [_facts(door) for door in beside],
        }
        await cls.create(case_id=case.id, meal_id=meal.id, facts=facts, by_id=by.id, at=now)
        return beside

    @classmethod
    async def beside(cls, meal: Meal) -> list[Door]:
        """List the doors beside that of a wrong meal, as they stand now."""
        _here, beside = await _around(meal)
        return beside


async def _around(meal: Meal) -> tuple[Door | None, list[Door]]:
    shift = await Shift.filter(route_id=meal.route_id, day=meal.day).first()
    around = [] if shift is None else await doors(shift)
    here = next((door for door in around if door.meal.id == meal.id), None)
    return here, [door for door in around if here is not None and _is_beside(door, here)]


def _is_beside(door: Door, here: Door) -> bool:
    """Tell whether two boxes may have been taken for each other: next door, or behind the same one."""
    return door.meal.id != here.meal.id and abs(door.number - here.number) <= 1


def _facts(door: Door) -> dict[str, Any]:
    diet = door.diet
    return {
        "number": door.number,
        "senior": door.senior.id,
        "short_id": door.senior.short_id,
        "meal": door.meal.id,
        "state": door.meal.state.value,
        "diet": None if diet is None else diet.id,
        "labels": [] if diet is None else list(diet.labels),
        "texture": None if diet is None else diet.texture,
        "allergies": [] if diet is None else list(diet.allergies),
        "avoids": None if diet is None else diet.avoids,
    }
