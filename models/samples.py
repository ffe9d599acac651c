"""What the kitchen measures and keeps: temperatures, and a sample of each dish for two days."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from tortoise import fields
from tortoise.models import Model

from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.people import Person

if TYPE_CHECKING:
    from models.routes import Route

# 餐饮服务食品安全操作规范 7.9: at least 125 g of every dish, at least 48 hours.
GRAMS_AT_LEAST: Final = 125
KEPT: Final = timedelta(hours=48)


class Place(StrEnum):
    """Where a temperature was measured."""

    PACKING = "packing"
    LAST_STOP = "last_stop"


class Verdict(StrEnum):
    """What a temperature says of a dish."""

    GOOD = "good"
    TOO_COLD = "too_cold"
    TOO_WARM = "too_warm"


class _Entry(Model):
    """What every line of the log has: never changed, crossed out at most."""

    id = fields.IntField(primary_key=True)
    day = fields.DateField()
    dish = fields.CharField(max_length=80)
    at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        abstract = True


class Reading(_Entry):
    """A temperature: tenths of a degree Celsius. cold: the dish is eaten cold."""

    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="readings"
    )
    canteen_id: int
    tenths = fields.SmallIntField()
    cold = fields.BooleanField(default=False)
    place = fields.CharEnumField(Place, max_length=16)
    verdict = fields.CharEnumField(Verdict, max_length=16)
    route: fields.ForeignKeyNullableRelation[Route] = fields.ForeignKeyField(
        "models.Route", related_name="readings", null=True
    )
    route_id: int | None
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="readings", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    voided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="voided_readings", null=True, on_delete=fields.SET_NULL
    )
    voided_by_id: int | None

    class Meta:
        table = "reading"
        indexes = (("canteen_id", "day"),)


class Sample(_Entry):
    """A sample kept in the fridge. remind_at: when to remind that it may be thrown away; NULL once said."""

    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="samples"
    )
    canteen_id: int
    grams = fields.SmallIntField()
    discard_after = UtcDatetimeField()
    remind_at = UtcDatetimeField(null=True, db_index=True)
    discarded_at = UtcDatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="samples", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    discarded_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="discarded_samples", null=True, on_delete=fields.SET_NULL
    )
    discarded_by_id: int | None
    voided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="voided_samples", null=True, on_delete=fields.SET_NULL
    )
    voided_by_id: int | None

    class Meta:
        table = "sample"
        indexes = (("canteen_id", "day"),)

    @property
    def enough(self) -> bool:
        """Tell whether it weighs what an inspector asks for."""
        return bool(self.grams >= GRAMS_AT_LEAST)


Logged: TypeAlias = Reading | Sample
KINDS: Final[dict[str, type[Reading] | type[Sample]]] = {"t": Reading, "s": Sample}
