"""Cases: a door that stays shut, or something that is different. Only a person closes one."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField
from models.people import Person, Role
from models.refusals import CaseClosed, CaseTaken, Gone

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.meals import Meal
    from models.seniors import Senior
    from models.shifts import Shift


class CaseKind(StrEnum):
    """What the case is about."""

    NO_ANSWER = "no_answer"
    CONCERN = "concern"
    NOT_COME = "not_come"


class CaseOutcome(StrEnum):
    """How a case ended, in the words of those who looked."""

    SAFE_OUT = "safe_out"
    SAFE_HOME = "safe_home"
    HOSPITAL = "hospital"
    HELPED = "helped"
    DECEASED = "deceased"
    FALSE_ALARM = "false_alarm"
    FOLLOWED_UP = "followed_up"


# Ends of which the family may hear by a message; of the others only a person speaks.
GOOD: Final = frozenset(
    {CaseOutcome.SAFE_OUT, CaseOutcome.SAFE_HOME, CaseOutcome.FALSE_ALARM, CaseOutcome.FOLLOWED_UP}
)


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

    @classmethod
    async def open(
        cls,
        kind: CaseKind,
        senior: Senior,
        day: date,
        meal: Meal | None,
        by: Person | None,
        note: str | None,
        now: datetime,
    ) -> Case:
        """Open a case, or go on with the one of this senior, day and kind: there is never a second.

        by: None when no person saw it, as of a chair that stayed empty.
        """
        case, created = await cls.get_or_create(
            {
                "canteen_id": senior.canteen_id,
                "meal_id": meal.id if meal else None,
                "opened_at": now,
                "opened_by_id": by.id if by else None,
            },
            senior_id=senior.id,
            day=day,
            kind=kind,
        )
        if not created:
            # A coordinator may be closing it at this moment: then it is opened again after that.
            case = await cls.filter(id=case.id).select_for_update().get()
        if case.closed_at is not None:
            case.owner_id, case.owned_at = None, None
            case.closed_at, case.closed_by_id = None, None
            case.outcome = None  # type: ignore[assignment]  # the field's stub forgets null=True
            await case.save()
        await case.note("opened" if created else "again", by, now, note)
        return case

    @classmethod
    async def is_open(cls, kind: CaseKind, senior: Senior, day: date) -> bool:
        """Tell whether somebody is still to find out about this."""
        return await cls.filter(senior_id=senior.id, day=day, kind=kind, closed_at=None).exists()

    @classmethod
    async def of_shift(cls, shift: Shift) -> list[Case]:
        """List the cases of the doors of a shift."""
        return await cls.filter(meal__route_id=shift.route_id, day=shift.day).order_by("id")

    async def was_told_by(self, person: Person) -> bool:
        """Tell whether this person stood at the door: who opened the case, or came upon it again."""
        told = CaseEvent.filter(case_id=self.id, by_id=person.id, kind__in=("opened", "again"))
        return await told.exists()

    @classmethod
    async def coordinated(cls, case_id: int, by: Person) -> Case:
        """Find and hold a case for a coordinator of its canteen. Raises Gone, NotAllowed."""
        case = await cls.filter(id=case_id).select_for_update().first()
        if case is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, case.canteen_id)
        return case

    @classmethod
    async def open_of(cls, canteen_ids: list[int]) -> list[Case]:
        """List the open cases of canteens, oldest first."""
        found = cls.filter(canteen_id__in=canteen_ids, closed_at=None)
        return await found.order_by("opened_at", "id").prefetch_related("senior", "owner", "opened_by")

    async def take(self, by: Person, now: datetime, *, over: bool = False) -> None:
        """Look after a case; `over`: take it over from somebody else. Raises CaseClosed, CaseTaken."""
        if self.closed_at is not None:
            raise CaseClosed
        if self.owner_id == by.id:
            return
        if self.owner_id is not None and not over:
            raise CaseTaken(self.owner_id)
        self.owner_id, self.owned_at = by.id, now
        await self.save(update_fields=["owner_id", "owned_at"])
        await self.note("taken", by, now)

    async def close(self, outcome: CaseOutcome, by: Person, now: datetime, words: str | None = None) -> None:
        """Close a case with what was found out. Raises CaseClosed if somebody was faster."""
        if self.closed_at is not None:
            raise CaseClosed
        self.closed_at, self.closed_by_id, self.outcome = now, by.id, outcome
        await self.save(update_fields=["closed_at", "closed_by_id", "outcome"])
        await self.note(f"closed:{outcome}", by, now, words)

    async def note(self, kind: str, by: Person | None, now: datetime, words: str | None = None) -> None:
        """Put one step on record."""
        await CaseEvent.create(case_id=self.id, kind=kind, note=words, by_id=by.id if by else None, at=now)


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
        indexes = (("case_id",),)
