"""What was done about a case, step by step; rows are only added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField

if TYPE_CHECKING:
    from models.cases import Case
    from models.kin import Kinship
    from models.people import Person

# Another way in which the same senior was not met that day; `about` says which. Became: the case is about
# that from then on; also: it stays about what it was.
BECAME: Final = "became"
ALSO: Final = "also"
# Said by somebody who stood at the door.
BEGAN: Final = ("opened", "again", BECAME)
TOLD: Final = (*BEGAN, "still none")
MET: Final = "opened after all"
CALLED: Final = "called"
DECIDED: Final = "decided"
SPOKEN: Final = "spoken"


class CaseEvent(Model):
    """One step of a case on record: who did or noted what, when; by nobody: the clock.

    about: what is different, what was decided, or how else somebody was not met. kin, reached: whose number
    was called, and whether they answered; without kin it was the senior's own.
    """

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
    about = EncryptedTextField(null=True)
    kin: fields.ForeignKeyNullableRelation[Kinship] = fields.ForeignKeyField(
        "models.Kinship", related_name="case_events", null=True, on_delete=fields.SET_NULL
    )
    kin_id: int | None
    reached = fields.BooleanField(null=True)

    class Meta:
        table = "case_event"
        indexes = (("case_id",),)
