"""Cases: a door that stays shut, or something that is different. Only a person closes one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.meals import Meal
    from models.people import Person
    from models.seniors import Senior


class CaseKind(StrEnum):
    """What the case is about."""

    NO_ANSWER = "no_answer"
    CONCERN = "concern"


class CaseOutcome(StrEnum):
    """How a case ended, in the words of those who looked."""

    SAFE_OUT = "safe_out"
    SAFE_HOME = "safe_home"
    HOSPITAL = "hospital"
    HELPED = "helped"
    DECEASED = "deceased"
    FALSE_ALARM = "false_alarm"
    FOLLOWED_UP = "followed_up"


class Case(Model):
    """One senior, one day, one worry: opened by what was seen, closed by a person."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="cases"
    )
    canteen_id: int
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="cases")
    senior_id: int
    meal: fields.ForeignKeyNullableRelation[Meal] = fields.ForeignKeyField(
        "models.Meal", related_name="cases", null=True
    )
    meal_id: int | None
    day = fields.DateField()
    kind = fields.CharEnumField(CaseKind, max_length=16)
    opened_at = UtcDatetimeField()
    opened_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="opened_cases", null=True, on_delete=fields.SET_NULL
    )
    opened_by_id: int | None
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="owned_cases", null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    owned_at = UtcDatetimeField(null=True)
    closed_at = UtcDatetimeField(null=True)
    closed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="closed_cases", null=True, on_delete=fields.SET_NULL
    )
    closed_by_id: int | None
    outcome = fields.CharEnumField(CaseOutcome, max_length=16, null=True)

    class Meta:
        table = "care_case"
        unique_together = (("senior", "day", "kind"),)
        indexes = (("canteen_id", "closed_at"),)


class CaseEvent(Model):
    """One step of a case on record: who did or noted what, when."""

    id = fields.IntField(primary_key=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name="events")
    case_id: int
    kind = fields.CharField(max_length=32)
    note = EncryptedTextField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="case_events", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "case_event"
