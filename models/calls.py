"""Call lists: seniors whom a human calls, one after the other, until everybody knows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.fields import UtcDatetimeField
from models.people import Person

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.seniors import Senior


class CallReason(StrEnum):
    """Why somebody is called."""

    CLOSED = "closed"
    REOPENED = "reopened"
    CALENDAR = "calendar"
    DAILY = "daily"
    HEAT = "heat"
    COLD = "cold"


# Asked how they are; of the others somebody only wants to know that they were told.
CHECKS: Final = frozenset({CallReason.DAILY, CallReason.HEAT, CallReason.COLD})


class CallState(StrEnum):
    """How far one call is. Told: by somebody else; read: the family has read it; void: no longer needed.

    Wrong: the number is not theirs, and a coordinator looks for another; case: a case was opened instead.
    """

    OPEN = "open"
    LATER = "later"
    REACHED = "reached"
    TOLD = "told"
    READ = "read"
    VOID = "void"
    WRONG = "wrong"
    CASE = "case"


WAITING: Final = (CallState.OPEN, CallState.LATER)


class CallList(Model):
    """Calls of one reason; about: the row of that reason. ends: the last day on which they are of use."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="call_lists"
    )
    canteen_id: int
    reason = fields.CharEnumField(CallReason, max_length=16)
    about = fields.IntField()
    ends = fields.DateField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="call_lists", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    items: fields.ReverseRelation[CallItem]

    class Meta:
        table = "call_list"
        unique_together = (("reason", "about"),)
        indexes = (("canteen_id",),)

    @classmethod
    async def open(
        cls,
        canteen_id: int,
        reason: CallReason,
        about: int,
        senior_ids: Collection[int],
        ends: date,
        by: Person | None,
        now: datetime,
    ) -> CallList | None:
        """Put seniors on the list of this reason; who is on it stays as they are. None without any."""
        known = await cls.get_or_none(reason=reason, about=about)
        if not senior_ids:
            return known
        found = known or await cls.create(
            canteen_id=canteen_id, reason=reason, about=about, ends=ends, by_id=by.id if by else None, at=now
        )
        await CallItem.bulk_create(
            [CallItem(call_list_id=found.id, senior_id=senior_id) for senior_id in sorted(senior_ids)],
            ignore_conflicts=True,
        )
        return found

    @classmethod
    async def settle(
        cls,
        reason: CallReason,
        about: int,
        senior_ids: Collection[int] | None,
        state: CallState,
        now: datetime,
    ) -> CallList | None:
        """Take seniors off a list (None: all) who need no call any more; give the list if any were on it."""
        found = await cls.get_or_none(reason=reason, about=about)
        if found is None:
            return None
        waiting = CallItem.filter(call_list_id=found.id, state__in=WAITING)
        if senior_ids is not None:
            waiting = waiting.filter(senior_id__in=list(senior_ids))
        gone = [item.id for item in await waiting]
        await CallItem.filter(id__in=gone, state__in=WAITING).update(state=state, at=now, by_id=None)
        return found if gone else None

    @classmethod
    async def left(cls, canteen_id: int, today: date) -> int:
        """Count the seniors whom a canteen has still to call."""
        return len(set(await CallItem.due(canteen_id, today).values_list("senior_id", flat=True)))


class CallItem(Model):
    """One senior on a call list, and what became of the call.

    tries: how often nobody answered. next_at: not to be called again before that.
    """

    id = fields.IntField(primary_key=True)
    call_list: fields.ForeignKeyRelation[CallList] = fields.ForeignKeyField(
        "models.CallList", related_name="items"
    )
    call_list_id: int
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="calls")
    senior_id: int
    state = fields.CharEnumField(CallState, max_length=16, default=CallState.OPEN)
    tries = fields.SmallIntField(default=0)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="calls", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField(null=True)
    next_at = UtcDatetimeField(null=True)

    class Meta:
        table = "call_item"
        unique_together = (("call_list", "senior"),)

    @classmethod
    def due(cls, canteen_id: int, today: date) -> QuerySet[CallItem]:
        """Select the calls that a canteen has still to make, now or later on this day."""
        mine = cls.filter(call_list__canteen_id=canteen_id, call_list__ends__gte=today, state__in=WAITING)
        return mine.filter(senior__status="active")
