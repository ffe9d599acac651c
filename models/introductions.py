"""Being shown the ropes: who knows a kind of shift, and who has introduced whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.people import Membership, Person, Role
from models.refusals import NotAllowed
from models.routes import Kind

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.shifts import Claim, Shift


class Introduction(Model):
    """Somebody was shown a kind of shift; `by`: who was there, or the coordinator who says so."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="introductions"
    )
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="introductions"
    )
    canteen_id: int
    kind = fields.CharEnumField(Kind, max_length=16)
    at = UtcDatetimeField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="introduced", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None

    class Meta:
        table = "introduction"
        unique_together = (("person", "canteen", "kind"),)

    @classmethod
    async def say(cls, person: Person, canteen_id: int, kind: Kind, by: Person, now: datetime) -> bool:
        """Let a coordinator note that somebody knows a kind of shift; tell whether that is news.

        Raises NotAllowed.
        """
        await by.must_be(Role.COORDINATOR, canteen_id)
        if not await Membership.holds(person.id, canteen_id, Role.VOLUNTEER, Role.COORDINATOR):
            raise NotAllowed
        return await _record(person.id, canteen_id, kind, by.id, now)

    @classmethod
    async def of_shift(cls, shift: Shift, now: datetime) -> None:
        """Write down whom those who know the work have shown it on a shift that is done.

        The caller holds the shift's row, and tells of nobody who did not come.
        """
        from models.shifts import Claim

        there = await Claim.filter(
            shift_id=shift.id, given_back_at=None, missed_at=None, started_at__not_isnull=True
        ).order_by("id")
        if len(there) < 2:
            return
        kind = (await shift.route).kind
        numbers = [claim.person_id for claim in there]
        knows = await experienced(numbers, shift.canteen_id, kind, but=[shift.id])
        guide = next((number for number in numbers if number in knows), None)
        if guide is not None:
            for number in numbers:
                if number not in knows:
                    await _record(number, shift.canteen_id, kind, guide, now)


async def _record(person_id: int, canteen_id: int, kind: Kind, by_id: int, now: datetime) -> bool:
    _row, created = await Introduction.get_or_create(
        {"at": now, "by_id": by_id}, person_id=person_id, canteen_id=canteen_id, kind=kind
    )
    return created


async def experienced(
    person_ids: Sequence[int], canteen_id: int, kind: Kind, *, but: Collection[int] = ()
) -> set[int]:
    """Find who of these people knows a kind of shift; `but`: shifts that do not count.

    Who was introduced, has finished one before, or looks after the canteen.
    """
    from models.hours import HoursEntry

    people = list(person_ids)
    found = set(
        await Membership.filter(
            person_id__in=people,
            canteen_id=canteen_id,
            role=Role.COORDINATOR,
            ended_at=None,
            accepted_at__not_isnull=True,
        ).values_list("person_id", flat=True)
    )
    shown = Introduction.filter(person_id__in=people, canteen_id=canteen_id, kind=kind)
    found |= set(await shown.values_list("person_id", flat=True))
    done = HoursEntry.filter(
        person_id__in=people, canteen_id=canteen_id, shift__route__kind=kind, voided_at=None, minutes__gt=0
    ).exclude(shift_id__in=[0, *but])
    found |= set(await done.distinct().values_list("person_id", flat=True))
    return {int(str(number)) for number in found}


async def knows(person: Person, canteen_id: int, kind: Kind) -> bool:
    """Tell whether somebody knows a kind of shift."""
    return bool(await experienced([person.id], canteen_id, kind))


async def guides(shift: Shift, *, but: Collection[int] = ()) -> list[Claim]:
    """List the places of a shift that are held by somebody who knows it; `but`: places that are to be left.

    The shift comes with its route.
    """
    from models.shifts import Claim

    held = Claim.filter(shift_id=shift.id, given_back_at=None, left_at=None).exclude(id__in=[0, *but])
    claims = await held.order_by("id").prefetch_related("person")
    known = await experienced([claim.person_id for claim in claims], shift.canteen_id, shift.route.kind)
    return [claim for claim in claims if claim.person_id in known]
