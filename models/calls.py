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
from models.people import Person, Role
from models.refusals import Gone

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.seniors import Senior


class CallReason(StrEnum):
    """Why somebody is called."""

    CLOSED = "closed"
    REOPENED = "reopened"


class CallState(StrEnum):
    """How far one call is. Told: by somebody else; read: the family has read it; void: no longer needed."""

    OPEN = "open"
    LATER = "later"
    REACHED = "reached"
    TOLD = "told"
    READ = "read"
    VOID = "void"


WAITING: Final = (CallState.OPEN, CallState.LATER)
ANSWERS: Final = (CallState.REACHED, CallState.LATER, CallState.TOLD)


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
    async def coordinated(cls, list_id: int, by: Person) -> CallList:
        """Find a list for a coordinator of its canteen. Raises Gone, NotAllowed."""
        found = await cls.get_or_none(id=list_id)
        if found is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, found.canteen_id)
        return found

    @classmethod
    async def unfinished(cls, canteen_id: int, by: Person, today: date) -> list[CallList]:
        """List what is still to be called at a canteen. Raises NotAllowed."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        left = CallItem.filter(call_list__canteen_id=canteen_id, state__in=WAITING)
        ids = set(await left.values_list("call_list_id", flat=True))
        return await cls.filter(id__in=list(ids), ends__gte=today).order_by("id")

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
        waiting = found.waiting()
        if senior_ids is not None:
            waiting = waiting.filter(senior_id__in=list(senior_ids))
        gone = [item.id for item in await waiting]
        await CallItem.filter(id__in=gone, state__in=WAITING).update(state=state, at=now, by_id=None)
        return found if gone else None

    @classmethod
    async def left(cls, canteen_id: int, today: date) -> int:
        """Count the calls that a canteen has still to make."""
        lists = CallItem.filter(call_list__canteen_id=canteen_id, call_list__ends__gte=today)
        return await lists.filter(state__in=WAITING).count()

    def waiting(self) -> QuerySet[CallItem]:
        """Select whom to call in their order: those who live alone first, those who did not answer last."""
        left = CallItem.filter(call_list_id=self.id, state__in=WAITING)
        return left.order_by("tries", "-senior__alone", "at", "id")


class CallItem(Model):
    """One senior on a call list, and what became of the call. tries: how often nobody answered."""

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

    class Meta:
        table = "call_item"
        unique_together = (("call_list", "senior"),)

    @classmethod
    async def note(cls, item_id: int, tries: int, state: CallState, by: Person, now: datetime) -> CallList:
        """Write down how a call went, once: `tries` is what the card said when it was tapped.

        What another coordinator wrote down meanwhile stays. Raises Gone, NotAllowed.
        """
        item = await cls.filter(id=item_id).select_for_update().first()
        if item is None or state not in ANSWERS:
            raise Gone
        found = await CallList.coordinated(item.call_list_id, by)
        if item.state in WAITING and item.tries == tries:
            item.state, item.by_id, item.at = state, by.id, now
            item.tries += state is CallState.LATER
            await item.save(update_fields=["state", "by_id", "at", "tries"])
        return found
