"""Shifts: who carries which route, or does which other work, on which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.expressions import F, Q, Subquery
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.claiming import may_jump_in, must_be_free, must_carry, must_leave_turns, must_suit
from models.fields import UtcDatetimeField
from models.people import Person
from models.refusals import Gone, NotYours
from models.routes import Kind
from models.shiftclock import EARLY, SHORT_NOTICE, WATCH_GAP, next_reminder, reminders
from models.shiftrefusals import ShiftCancelled, ShiftOver
from models.skills import Skill
from models.youth import AgeNote

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
    """One route, or other work, on one service day; `taken` of its `places` are claimed.

    offered: places that are kept for whoever is next in line, until they answer.
    fill_at: when the next few are asked to take an open place; fill_step: how many steps were taken.
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
    offered = fields.SmallIntField(default=0, db_default=0)
    state = fields.CharEnumField(ShiftState, max_length=16, default=ShiftState.OPEN)
    next_at = UtcDatetimeField(null=True, db_index=True)
    closure: fields.ForeignKeyNullableRelation[Closure] = fields.ForeignKeyField(
        "models.Closure", related_name="shifts", null=True, on_delete=fields.SET_NULL
    )
    closure_id: int | None
    fill_at = UtcDatetimeField(null=True, db_index=True)
    fill_step = fields.SmallIntField(default=0, db_default=0)
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

    @property
    def places_open(self) -> int:
        """Count the places that anybody may take: of those left, some may be kept for the line."""
        open_: int = max(0, self.places - self.taken - self.offered)
        return open_

    @classmethod
    async def coming(cls, canteen_id: int, now: datetime) -> list[Shift]:
        """List the shifts of a canteen where a place is open or a stand-in is wanted, soonest first."""
        wanted = Claim.filter(given_back_at=None, stand_in_at__not_isnull=True, started_at=None)
        return await cls._listed(
            canteen_id,
            now,
            Q(taken__lt=F("places") - F("offered")) | Q(id__in=Subquery(wanted.values("shift_id"))),
        )

    @classmethod
    async def full(cls, canteen_id: int, now: datetime) -> list[Shift]:
        """List the shifts of a canteen for which one can only wait in line, soonest first."""
        return await cls._listed(canteen_id, now, Q(taken__gte=F("places") - F("offered")))

    @classmethod
    async def _listed(cls, canteen_id: int, now: datetime, which: Q) -> list[Shift]:
        found = cls.filter(which, canteen_id=canteen_id, state=ShiftState.OPEN, starts_at__gt=now)
        rows = await found.order_by("starts_at", "id").prefetch_related("route", "canteen")
        return sorted(rows, key=lambda shift: (shift.starts_at, shift.route.position, shift.id))

    @classmethod
    async def claim(cls, shift_id: int, person: Person, now: datetime, *, promised: bool = False) -> Claim:
        """Give a person a place on a shift; asked again, it is the same place.

        promised: for every week, in good time; that is not counted against others' turns.
        Raises Gone, NotAllowed, ShiftOver, ShiftCancelled, GuardianMissing, TooYoungToDrive, TooLateForAge,
        ShiftClashes, WeekFull, NeedsAdult, NotIntroduced, SkillWanted, ShiftFull: the first that is true.
        Where all places are held, whoever looks for a stand-in is relieved.
        """
        from models import seats

        # Two claims of one person at once could overlap each other unseen; and who else is on the shift
        # decides who may come.
        await Person.locked(person.id)
        await cls.filter(id=shift_id).select_for_update().first()
        shift = await cls.filter(id=shift_id).prefetch_related("route", "canteen").first()
        if shift is None:
            raise Gone
        await must_carry(person, shift.canteen_id)
        if now >= shift.starts_at and not await may_jump_in(person, shift, now):
            raise ShiftOver
        if shift.state is not ShiftState.OPEN:
            raise ShiftCancelled
        held = await Claim.filter(shift_id=shift.id, person_id=person.id, given_back_at=None).first()
        if held is not None:
            held.shift = shift
            return held
        await must_suit(person, shift)
        await must_be_free(person, shift)
        if not promised:
            await must_leave_turns(person, shift, now)
        return await seats.take(await seats.find(person, shift, now), shift, person, now)

    @classmethod
    async def take_open(cls, shift_id: int, now: datetime) -> bool:
        """Count one more open place as taken; False when there is none."""
        free = cls.filter(id=shift_id, state=ShiftState.OPEN, ends_at__gt=now)
        return bool(await free.filter(taken__lt=F("places") - F("offered")).update(taken=F("taken") + 1))

    @classmethod
    async def free(cls, claim: Claim) -> bool:
        """Free the place of a claim that has just ended; tell whether it is open to others.

        The place of whoever went along to a first visit was there for them alone, and goes with them.
        """
        from models.firstvisits import FirstVisit

        gone = await FirstVisit.filter(beside_id=claim.id).count()
        await cls.filter(id=claim.shift_id).update(taken=F("taken") - 1, places=F("places") - gone)
        return not gone

    @classmethod
    async def wants_somebody(cls, shift_id: int, now: datetime) -> None:
        """Have a few asked for a place that has just come free, unless that is under way."""
        await cls.filter(id=shift_id, state=ShiftState.OPEN, fill_at=None).update(fill_at=now)

    @classmethod
    async def carrier(cls, route_id: int, day: date) -> list[Person]:
        """List who carries a route on a day."""
        held = Claim.filter(shift__route_id=route_id, shift__day=day, given_back_at=None, left_at=None)
        return [claim.person for claim in await held.order_by("id").prefetch_related("person")]

    @classmethod
    async def finish(cls, shift_id: int, now: datetime) -> Sequence[HoursEntry]:
        """End a shift whose last door is done, and count the minutes of all who began it. Raises Gone."""
        from models.hours import HoursEntry
        from models.introductions import Introduction

        shift = await cls.filter(id=shift_id).select_for_update().first()
        if shift is None:
            raise Gone
        if shift.state is ShiftState.OPEN:
            await cls.filter(id=shift_id).update(state=ShiftState.FINISHED, next_at=None)
        begun = Claim.filter(
            shift_id=shift_id, given_back_at=None, missed_at=None, started_at__not_isnull=True
        )
        counted = [await HoursEntry.of_round(claim, shift, now) for claim in await begun.order_by("id")]
        await Introduction.of_shift(shift, now)
        return counted


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A place that was given back. news: this time, and not before; left: who still carries the route.

    ahead: how long before the shift it was given back; negative once it has begun.
    alone: who is left on a round under age, without an adult.
    beside: it was there only for whoever goes along to a first visit, so it is not open to others.
    """

    claim: Claim
    news: bool
    left: Sequence[Person]
    ahead: timedelta
    alone: Sequence[Person] = ()
    beside: bool = False

    @property
    def late(self) -> bool:
        """Tell whether it will be hard to find somebody else."""
        return self.ahead <= SHORT_NOTICE


class Claim(Model):
    """A volunteer's place on a shift. Given back, it keeps its row.

    reminded: how many of its three reminders were said or passed (three days, one day, morning).
    lifted_at: when a closure ended and the place became free again: nobody gave it back.
    stand_in_at: since when its holder looks for somebody else, and stays responsible until then.
    relieves: the place of the one whose stand-in this is.
    part: for which of the skills that the shift needs they are there; None: for everything else.
    watched: how many steps were taken because they were not there; missed_at: they are not coming.
    left_at: the rest of the round was handed over; the minutes count, the place is no longer theirs.
    """

    id = fields.IntField(primary_key=True)
    shift: fields.ForeignKeyRelation[Shift] = fields.ForeignKeyField("models.Shift", related_name="claims")
    shift_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="claims")
    person_id: int
    part = fields.CharEnumField(Skill, max_length=16, null=True)
    claimed_at = UtcDatetimeField()
    confirmed_at = UtcDatetimeField(null=True)
    given_back_at = UtcDatetimeField(null=True)
    lifted_at = UtcDatetimeField(null=True)
    started_at = UtcDatetimeField(null=True)
    finished_at = UtcDatetimeField(null=True)
    stand_in_at = UtcDatetimeField(null=True)
    relieves: fields.ForeignKeyNullableRelation[Claim] = fields.ForeignKeyField(
        "models.Claim", related_name="relieved_by", null=True, on_delete=fields.SET_NULL
    )
    relieves_id: int | None
    left_at = UtcDatetimeField(null=True)
    arrived_at = UtcDatetimeField(null=True)
    coming_at = UtcDatetimeField(null=True)
    missed_at = UtcDatetimeField(null=True)
    watched = fields.SmallIntField(default=0, db_default=0)
    watch_at = UtcDatetimeField(null=True, db_index=True)
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

    @property
    def under_way(self) -> bool:
        """Tell whether this person has begun; a look at the doors from home is no beginning."""
        looked = self.started_at
        return self.arrived_at is not None or (looked is not None and looked >= self.shift.starts_at - EARLY)

    @classmethod
    async def begin(
        cls,
        shift: Shift,
        person: Person,
        now: datetime,
        *,
        part: Skill | None = None,
        relieved: Claim | None = None,
    ) -> Claim:
        """Write down a place that was just taken; reminders that have passed are spared.

        Whoever has a place waits in line for it no longer.
        """
        from models.firstvisits import FirstVisit
        from models.line import Standby

        await Standby.leave_all(shift.id, person.id, now)
        clock = reminders(shift.canteen, shift.day, shift.starts_at)
        reminded = sum(reminder.at <= now for reminder in clock)
        claim = await cls.create(
            shift=shift,
            person=person,
            claimed_at=now,
            part=part,
            relieves=relieved,
            reminded=reminded,
            next_at=next_reminder(clock, reminded),
            watch_at=max(shift.starts_at, now + WATCH_GAP) if now >= shift.starts_at else shift.starts_at,
        )
        if relieved is not None:
            await FirstVisit.pass_on(relieved.id, claim.id)
        return claim

    @classmethod
    async def relieve(cls, claim_id: int, now: datetime) -> bool:
        """Free somebody who looks for a stand-in and is not there; their place is somebody else's now."""
        wanted = cls.filter(id=claim_id, given_back_at=None, arrived_at=None, stand_in_at__not_isnull=True)
        return bool(await wanted.update(given_back_at=now, next_at=None, watch_at=None))

    @classmethod
    async def coming(cls, person: Person, now: datetime) -> list[Claim]:
        """List the places that a person has, from the one under way on, soonest first."""
        held = cls.filter(
            person_id=person.id, given_back_at=None, left_at=None, finished_at=None, shift__ends_at__gt=now
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
        from models.firstvisits import FirstVisit

        claim = await cls._of_person(claim_id, person)
        if claim.shift.state is ShiftState.CANCELLED:
            raise ShiftCancelled
        if claim.given_back_at is None and (claim.under_way or now >= claim.shift.ends_at):
            raise ShiftOver
        mine = cls.filter(id=claim.id, given_back_at=None, arrived_at=None)
        news = bool(await mine.update(given_back_at=now, next_at=None, watch_at=None))
        beside = await FirstVisit.filter(beside_id=claim.id).exists()
        if news and await Shift.free(claim):
            await Shift.wants_somebody(claim.shift_id, now)
        left = await Shift.carrier(claim.shift.route_id, claim.shift.day)
        ahead = claim.shift.starts_at - (now if news else claim.given_back_at or now)
        return GivenBack(claim, news, left, ahead, await young_alone(claim.shift, left), beside)

    @classmethod
    async def look_for_stand_in(cls, claim_id: int, person: Person, now: datetime, *, on: bool) -> Claim:
        """Look for somebody else, or no longer; the place stays theirs until somebody takes it.

        Raises NotYours, ShiftOver.
        """
        claim = await cls._of_person(claim_id, person)
        if claim.given_back_at is not None:
            raise NotYours
        if claim.started_at is not None or now >= claim.shift.starts_at:
            raise ShiftOver
        held = cls.filter(id=claim.id, given_back_at=None, started_at=None)
        if on and claim.stand_in_at is None:
            await held.update(stand_in_at=now)
            await Shift.wants_somebody(claim.shift_id, now)
        elif not on:
            await held.update(stand_in_at=None)
        claim.stand_in_at = (claim.stand_in_at or now) if on else None
        return claim

    @classmethod
    async def _of_person(cls, claim_id: int, person: Person) -> Claim:
        mine = cls.filter(id=claim_id, person_id=person.id)
        claim = await mine.prefetch_related("shift__route", "shift__canteen").first()
        if claim is None:
            raise NotYours
        return claim


async def young_alone(shift: Shift, left: Sequence[Person]) -> Sequence[Person]:
    """Find who of a round's carriers would be at the doors under age, and nobody else with them."""
    if shift.route.kind is not Kind.ROUND or not left:
        return ()
    young = await AgeNote.minors([person.id for person in left])
    return left if len(young) == len(left) else ()
