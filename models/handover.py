"""Handing over the rest of a round on the way: it stays with its volunteer until the other has said yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.claiming import must_be_free, must_carry, must_have_company, must_suit
from models.cover import homes_of, later_half, move_doors, open_doors, others_with_carriers
from models.duties import on_duty
from models.fields import UtcDatetimeField
from models.firstvisits import FirstVisit
from models.hours import HoursEntry
from models.meals import Meal
from models.people import Person
from models.refusals import Gone, NotOnRound, NotYours
from models.shiftclock import AFTER, BEFORE
from models.shiftrefusals import HandoverOver
from models.shifts import Claim, Shift, ShiftState


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who could take doors over. route: their own round, to which the doors would go."""

    person: Person
    route: str | None


class Handover(Model):
    """A wish that somebody takes over the last doors of a round; half: the second half of what is left."""

    id = fields.IntField(primary_key=True)
    claim: fields.ForeignKeyRelation[Claim] = fields.ForeignKeyField("models.Claim", related_name="handovers")
    claim_id: int
    to: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="handovers")
    to_id: int
    half = fields.BooleanField(default=False)
    asked_at = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)
    accepted = fields.BooleanField(default=False)

    class Meta:
        table = "handover"
        indexes = (("to_id",),)
        constraints = (
            UniqueConstraint(
                fields=("claim", "to"), name="handover_is_asked_once", condition="ended_at IS NULL"
            ),
        )

    @classmethod
    async def receivers(cls, shift_id: int, person: Person, now: datetime) -> tuple[int, list[Receiver]]:
        """Count the doors that are left, and list who could take them over. Raises NotOnRound."""
        claim = await _carried(shift_id, person, now)
        found: dict[int, Receiver] = {}
        for other, carriers in await others_with_carriers(claim.shift, now):
            for carrier in carriers:
                found.setdefault(carrier.id, Receiver(carrier, other.route.name))
        for coordinator in await on_duty(claim.shift.canteen, claim.shift.day):
            found.setdefault(coordinator.id, Receiver(coordinator, None))
        found.pop(person.id, None)
        return len(await homes_of(await open_doors(claim.shift))), list(found.values())

    @classmethod
    async def ask(
        cls, shift_id: int, to_id: int, person: Person, now: datetime, *, half: bool
    ) -> tuple[Handover, int]:
        """Ask somebody; tell how many doors it is about. Asked twice, it is once.

        Raises NotOnRound, HandoverOver when no door is left, NotAllowed for somebody who may not carry.
        """
        claim = await _carried(shift_id, person, now)
        doors = await open_doors(claim.shift)
        to = await Person.get_or_none(id=to_id)
        if to is None or to.id == person.id or not doors:
            raise HandoverOver
        await must_carry(to, claim.shift.canteen_id)
        handover, created = await cls.get_or_create(
            {"asked_at": now, "half": half}, claim_id=claim.id, to_id=to.id, ended_at=None
        )
        if not created:
            await cls.filter(id=handover.id).update(half=half)
        handover.claim, handover.to, handover.half = claim, to, half
        claim.person = person
        return handover, len(await homes_of(await _of(doors, half=half)))

    @classmethod
    async def accept(
        cls, handover_id: int, person: Person, now: datetime
    ) -> tuple[Handover, int, Shift, list[int]]:
        """Take the doors over; tell how many, to which shift they belong now, and which meals moved to it.

        Raises Gone, NotYours, HandoverOver, ShiftClashes, and what stands against going there at all.
        """
        handover = await cls._asked(handover_id, person)
        claim, shift = handover.claim, handover.claim.shift
        for number in sorted({claim.person_id, person.id}):
            await Person.locked(number)
        still = await Claim.filter(id=claim.id, given_back_at=None, left_at=None).exists()
        doors = await _of(await open_doors(shift), half=handover.half)
        if not still or not doors or shift.state is not ShiftState.OPEN:
            raise HandoverOver
        if not await cls.filter(id=handover.id, ended_at=None).update(ended_at=now, accepted=True):
            raise HandoverOver
        into = await _round_of(person, shift, now)
        if into is None and handover.half:
            raise HandoverOver
        if into is not None:
            moved = await move_doors(doors, into.route_id)
            if not await open_doors(shift):
                await Shift.finish(shift.id, now)
            return handover, moved, into, [meal.id for meal in doors]
        await must_suit(person, shift)
        await must_be_free(person, shift)
        await must_have_company(person, shift, room=shift.places_open, but=[claim.id])
        await _take_place_of(claim, person, now)
        return handover, len(await homes_of(doors)), shift, []

    @classmethod
    async def decline(cls, handover_id: int, person: Person, now: datetime) -> tuple[Handover, bool]:
        """Say no; tell whether that is news. Raises Gone, NotYours."""
        handover = await cls._asked(handover_id, person)
        return handover, bool(await cls.filter(id=handover.id, ended_at=None).update(ended_at=now))

    @classmethod
    async def is_open(cls, handover_id: int, now: datetime) -> bool:
        """Tell whether the doors can still be taken over."""
        open_ = cls.filter(id=handover_id, ended_at=None, claim__given_back_at=None, claim__left_at=None)
        return await open_.filter(
            claim__shift__state=ShiftState.OPEN, claim__shift__ends_at__gt=now - AFTER
        ).exists()

    @classmethod
    async def _asked(cls, handover_id: int, person: Person) -> Handover:
        found = cls.filter(id=handover_id).prefetch_related(
            "claim__person", "claim__shift__route", "claim__shift__canteen"
        )
        handover = await found.first()
        if handover is None:
            raise Gone
        if handover.to_id != person.id:
            raise NotYours
        return handover


async def _of(meals: Sequence[Meal], *, half: bool) -> Sequence[Meal]:
    return await later_half(meals) if half else meals


async def _carried(shift_id: int, person: Person, now: datetime) -> Claim:
    claim = (
        await Claim.filter(shift_id=shift_id, person_id=person.id, given_back_at=None, left_at=None)
        .prefetch_related("shift__route", "shift__canteen")
        .first()
    )
    if (
        claim is None
        or claim.shift.state is not ShiftState.OPEN
        or not claim.shift.starts_at - BEFORE <= now < claim.shift.ends_at + AFTER
    ):
        raise NotOnRound
    return claim


async def _round_of(person: Person, shift: Shift, now: datetime) -> Shift | None:
    """Find the other round of that day that somebody carries."""
    for other, carriers in await others_with_carriers(shift, now):
        if any(carrier.id == person.id for carrier in carriers):
            return other
    return None


async def _take_place_of(claim: Claim, person: Person, now: datetime) -> None:
    """Let somebody carry a round on from where another leaves it; the minutes of both count."""
    shift = claim.shift
    if claim.started_at is not None:
        await HoursEntry.of_round(claim, shift, now)
    await Claim.filter(id=claim.id).update(left_at=now, next_at=None, watch_at=None)
    there = await Claim.filter(shift_id=shift.id, person_id=person.id, given_back_at=None).first()
    if there is not None:
        # Two of the same round: one goes home, the other goes on.
        gone = await FirstVisit.join_carriers(claim.id, there.id)
        await Shift.filter(id=shift.id).update(taken=F("taken") - 1, places=F("places") - gone)
        await Claim.filter(id=there.id).update(left_at=None)
        return
    taken = await Claim.begin(shift, person, now)
    await FirstVisit.pass_on(claim.id, taken.id)
    await Claim.filter(id=taken.id).update(arrived_at=now, started_at=now, watch_at=None)
