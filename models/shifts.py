"""Shifts: who carries which route on which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.people import Membership, Person, Role
from models.refusals import Gone, NotAllowed, NotYours, ShiftCancelled, ShiftClashes, ShiftFull, ShiftOver
from models.shiftclock import next_reminder, reminders

if TYPE_CHECKING:
    from models.canteens import Canteen, Route
    from models.closures import Closure
    from models.hours import HoursEntry


class ShiftState(StrEnum):
    """What became of a shift. Dropped: its day or its route is gone; it is opened again if they come back."""

    OPEN = "open"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


class Shift(Model):
    """One route on one service day; `taken` of its `places` are claimed.

    next_at: when its coordinator is told who is missing, and then when it is closed.
    closure: what called it off; its claims stay as they were, and nobody's record is touched.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="shifts"
    )
    canteen_id: int
    route: fields.ForeignKeyRelation[Route] = fields.ForeignKeyField("models.Route", related_name="shifts")
    route_id: int
    day = fields.DateField()
    starts_at = UtcDatetimeField()
    ends_at = UtcDatetimeField()
    places = fields.SmallIntField()
    taken = fields.SmallIntField(default=0)
    state = fields.CharEnumField(ShiftState, max_length=16, default=ShiftState.OPEN)
    next_at = UtcDatetimeField(null=True, db_index=True)
    closure: fields.ForeignKeyNullableRelation[Closure] = fields.ForeignKeyField(
        "models.Closure", related_name="shifts", null=True, on_delete=fields.SET_NULL
    )
    closure_id: int | None
    claims: fields.ReverseRelation[Claim]

    class Meta:
        table = "shift"
        unique_together = (("route", "day"),)
        indexes = (("canteen_id", "starts_at"),)
        constraints = (
            CheckConstraint(check="taken >= 0 AND taken <= places", name="shift_is_never_overfilled"),
            CheckConstraint(check="ends_at > starts_at", name="shift_ends_after_it_starts"),
        )

    @property
    def places_left(self) -> int:
        """Count the places that nobody has."""
        left: int = self.places - self.taken
        return left

    @classmethod
    async def coming(cls, canteen_id: int, now: datetime) -> list[Shift]:
        """List the open places of a canteen, soonest first."""
        found = cls.filter(
            canteen_id=canteen_id, state=ShiftState.OPEN, starts_at__gt=now, taken__lt=F("places")
        )
        rows = await found.order_by("starts_at", "id").prefetch_related("route", "canteen")
        return sorted(rows, key=lambda shift: (shift.starts_at, shift.route.position, shift.id))

    @classmethod
    async def claim(cls, shift_id: int, person: Person, now: datetime) -> Claim:
        """Give a person a place on a shift; asked again, it is the same place.

        Raises Gone, NotAllowed, ShiftOver, ShiftCancelled, ShiftClashes, ShiftFull: the first that is true.
        """
        # Two claims of one person at once could overlap each other unseen.
        await Person.locked(person.id)
        shift = await cls.filter(id=shift_id).prefetch_related("route", "canteen").first()
        if shift is None:
            raise Gone
        await _must_carry(person, shift.canteen_id)
        if now >= shift.starts_at:
            raise ShiftOver
        if shift.state is not ShiftState.OPEN:
            raise ShiftCancelled
        held = await Claim.filter(shift_id=shift.id, person_id=person.id, given_back_at=None).first()
        if held is not None:
            held.shift = shift
            return held
        await _must_be_free(person, shift)
        free = cls.filter(id=shift.id, state=ShiftState.OPEN, starts_at__gt=now, taken__lt=F("places"))
        if not await free.update(taken=F("taken") + 1):
            raise ShiftFull
        clock = reminders(shift.canteen, shift.day, shift.starts_at)
        reminded = sum(reminder.at <= now for reminder in clock)
        return await Claim.create(
            shift=shift,
            person=person,
            claimed_at=now,
            reminded=reminded,
            next_at=next_reminder(clock, reminded),
        )

    @classmethod
    async def carrier(cls, route_id: int, day: date) -> list[Person]:
        """List who carries a route on a day."""
        held = Claim.filter(shift__route_id=route_id, shift__day=day, given_back_at=None)
        return [claim.person for claim in await held.order_by("id").prefetch_related("person")]

    @classmethod
    async def finish(cls, shift_id: int, now: datetime) -> Sequence[HoursEntry]:
        """End a shift whose last door is done, and count the minutes of all who began it. Raises Gone."""
        from models.hours import HoursEntry

        shift = await cls.filter(id=shift_id).select_for_update().first()
        if shift is None:
            raise Gone
        if shift.state is ShiftState.OPEN:
            await cls.filter(id=shift_id).update(state=ShiftState.FINISHED, next_at=None)
        begun = Claim.filter(shift_id=shift_id, given_back_at=None, started_at__not_isnull=True)
        return [await HoursEntry.of_round(claim, shift, now) for claim in await begun.order_by("id")]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A place that was given back. news: this time, and not before; left: who still carries the route."""

    claim: Claim
    news: bool
    left: Sequence[Person]


class Claim(Model):
    """A volunteer's place on a shift. Given back, it keeps its row.

    reminded: how many of its three reminders were said or passed (three days, one day, morning).
    lifted_at: when a closure ended and the place became free again: nobody gave it back.
    """

    id = fields.IntField(primary_key=True)
    shift: fields.ForeignKeyRelation[Shift] = fields.ForeignKeyField("models.Shift", related_name="claims")
    shift_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="claims")
    person_id: int
    claimed_at = UtcDatetimeField()
    confirmed_at = UtcDatetimeField(null=True)
    given_back_at = UtcDatetimeField(null=True)
    lifted_at = UtcDatetimeField(null=True)
    started_at = UtcDatetimeField(null=True)
    finished_at = UtcDatetimeField(null=True)
    reminded = fields.SmallIntField(default=0)
    next_at = UtcDatetimeField(null=True, db_index=True)

    class Meta:
        table = "claim"
        indexes = (("person_id", "shift_id"),)
        constraints = (
            UniqueConstraint(
                fields=("shift", "person"), name="claim_is_held_once", condition="given_back_at IS NULL"
            ),
        )

    @classmethod
    async def coming(cls, person: Person, now: datetime) -> list[Claim]:
        """List the places that a person has, from the one under way on, soonest first."""
        held = cls.filter(
            person_id=person.id, given_back_at=None, finished_at=None, shift__ends_at__gt=now
        ).filter(shift__state=ShiftState.OPEN)
        return await held.order_by("shift__starts_at").prefetch_related("shift__route", "shift__canteen")

    @classmethod
    async def confirm(cls, claim_id: int, person: Person, now: datetime) -> Claim:
        """Note that a volunteer will be there. Raises NotYours, ShiftCancelled, ShiftOver."""
        claim = await cls._of_person(claim_id, person)
        if claim.given_back_at is not None:
            raise NotYours
        if claim.shift.state is ShiftState.CANCELLED:
            raise ShiftCancelled
        if now >= claim.shift.ends_at:
            raise ShiftOver
        await cls.filter(id=claim.id, given_back_at=None, confirmed_at=None).update(confirmed_at=now)
        return claim

    @classmethod
    async def give_back(cls, claim_id: int, person: Person, now: datetime) -> GivenBack:
        """Free a place again; asked twice, it was given back once.

        Raises NotYours, ShiftCancelled, ShiftOver.
        """
        claim = await cls._of_person(claim_id, person)
        if claim.shift.state is ShiftState.CANCELLED:
            raise ShiftCancelled
        if claim.given_back_at is None and (claim.started_at is not None or now >= claim.shift.ends_at):
            raise ShiftOver
        mine = cls.filter(id=claim.id, given_back_at=None, started_at=None)
        news = bool(await mine.update(given_back_at=now, next_at=None))
        if news:
            await Shift.filter(id=claim.shift_id).update(taken=F("taken") - 1)
        return GivenBack(claim, news, await Shift.carrier(claim.shift.route_id, claim.shift.day))

    @classmethod
    async def _of_person(cls, claim_id: int, person: Person) -> Claim:
        mine = cls.filter(id=claim_id, person_id=person.id)
        claim = await mine.prefetch_related("shift__route", "shift__canteen").first()
        if claim is None:
            raise NotYours
        return claim


async def _must_carry(person: Person, canteen_id: int) -> None:
    for role in (Role.VOLUNTEER, Role.COORDINATOR):
        if await Membership.holds(person.id, canteen_id, role):
            return
    raise NotAllowed


async def _must_be_free(person: Person, shift: Shift) -> None:
    other = (
        await Claim.filter(
            person_id=person.id,
            given_back_at=None,
            shift__starts_at__lt=shift.ends_at,
            shift__ends_at__gt=shift.starts_at,
        )
        .exclude(shift__state__in=(ShiftState.CANCELLED, ShiftState.DROPPED))
        .prefetch_related("shift__route", "shift__canteen")
        .first()
    )
    if other is not None:
        held = other.shift
        raise ShiftClashes(held.id, held.starts_at, held.ends_at, held.route.name, held.canteen.zone)
