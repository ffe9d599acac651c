"""Waiting in line for a full shift: a place that comes free is offered, not assigned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.claiming import must_be_free, must_carry, must_have_company, must_suit
from models.fields import UtcDatetimeField
from models.people import Person
from models.refusals import Gone, NotYours, Refusal
from models.shiftclock import offered_until
from models.shiftrefusals import NoLine, ShiftCancelled, ShiftOver
from models.shifts import Shift, ShiftState
from models.skills import Ability, Skill, must_find_a_part, part_for
from models.sql import rows

# Of the places that the route needs filled by a skill, how many are neither held nor kept for who has it.
FREE: Final = """
    n.places - (SELECT COUNT(*) FROM claim c WHERE c.shift_id = sh.id AND c.part = n.skill
            AND c.given_back_at IS NULL AND c.left_at IS NULL)
        - (SELECT COUNT(*) FROM standby o WHERE o.shift_id = sh.id AND o.part = n.skill
            AND o.ended_at IS NULL AND o.offered_at IS NOT NULL)
"""
# That an open place of the shift sh is for the person of the row st: it is for everybody, or for their skill.
FITS: Final = """
    (sh.taken + sh.offered + COALESCE((
            SELECT SUM(CASE WHEN {free} > 0 THEN {free} ELSE 0 END) FROM need n
            WHERE n.route_id = sh.route_id), 0) < sh.places
        OR EXISTS (
            SELECT 1 FROM need n JOIN ability a ON a.skill = n.skill AND a.canteen_id = sh.canteen_id
            WHERE n.route_id = sh.route_id AND a.person_id = st.person_id
                AND a.ended_at IS NULL AND a.confirmed_at IS NOT NULL AND {free} > 0))
""".replace("{free}", FREE)
# Who is first in line where a place is open for them.
NEXT: Final = """
    SELECT MIN(st.id) AS id FROM standby st JOIN shift sh ON sh.id = st.shift_id
    WHERE st.ended_at IS NULL AND st.offered_at IS NULL
        AND sh.state = 'open' AND sh.starts_at > {0} AND sh.taken + sh.offered < sh.places
        AND {fits}
    GROUP BY sh.id ORDER BY MIN(st.id) LIMIT {1}
"""


class StandbyEnd(StrEnum):
    """How somebody's waiting ended."""

    TAKEN = "taken"
    LEFT = "left"
    EXPIRED = "expired"
    OVER = "over"


class Standby(Model):
    """Somebody who waits for a place on a full shift; the row stays when the waiting has ended.

    offered_at: a place came free and is kept for them until `offered_until`; part: for what they are there.
    """

    id = fields.IntField(primary_key=True)
    shift: fields.ForeignKeyRelation[Shift] = fields.ForeignKeyField("models.Shift", related_name="standbys")
    shift_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="standbys"
    )
    person_id: int
    asked_at = UtcDatetimeField()
    offered_at = UtcDatetimeField(null=True)
    offered_until = UtcDatetimeField(null=True, db_index=True)
    part = fields.CharEnumField(Skill, max_length=16, null=True)
    ended_at = UtcDatetimeField(null=True)
    end = fields.CharEnumField(StandbyEnd, max_length=16, null=True)

    class Meta:
        table = "standby"
        indexes = (("person_id", "shift_id"), ("ended_at", "shift_id"))
        constraints = (
            UniqueConstraint(
                fields=("shift", "person"), name="standby_waits_once", condition="ended_at IS NULL"
            ),
        )

    # ----------------------------------------------------------------------------------------- in and out

    @classmethod
    async def join(cls, shift_id: int, person: Person, now: datetime) -> tuple[Standby, int]:
        """Wait in line for a full shift; tell the place in line (1 is next). Asked twice, it is once.

        Raises Gone, NotAllowed, ShiftOver, ShiftCancelled, GuardianMissing, TooYoungToDrive, TooLateForAge,
        SkillWanted where every place is for a skill of others, ShiftClashes, and NoLine while one could be
        taken.
        """
        await Person.locked(person.id)
        shift = await Shift.filter(id=shift_id).prefetch_related("route", "canteen").first()
        if shift is None:
            raise Gone
        await must_carry(person, shift.canteen_id)
        if now >= shift.starts_at:
            raise ShiftOver
        if shift.state is not ShiftState.OPEN:
            raise ShiftCancelled
        await must_suit(person, shift)
        skills = await Ability.confirmed(person, shift.canteen_id)
        await must_find_a_part(shift, skills)
        await must_be_free(person, shift)
        waiting = await cls.filter(shift_id=shift.id, person_id=person.id, ended_at=None).first()
        if waiting is None:
            if (await part_for(shift, skills))[0]:
                raise NoLine
            waiting = await cls.create(shift_id=shift.id, person_id=person.id, asked_at=now)
        waiting.shift = shift
        ahead = cls.filter(shift_id=shift.id, ended_at=None, offered_at=None, id__lt=waiting.id)
        return waiting, await ahead.count() + 1

    @classmethod
    async def leave(cls, standby_id: int, person: Person, now: datetime) -> Standby:
        """Stop waiting, or say no to an offer; said twice, it is once. Raises NotYours."""
        mine = cls.filter(id=standby_id, person_id=person.id)
        waiting = await mine.prefetch_related("shift__route", "shift__canteen").first()
        if waiting is None:
            raise NotYours
        await cls._end(waiting, StandbyEnd.LEFT, now)
        return waiting

    @classmethod
    async def leave_all(cls, shift_id: int, person_id: int, now: datetime) -> None:
        """End the waiting of somebody who has a place now."""
        for waiting in await cls.filter(shift_id=shift_id, person_id=person_id, ended_at=None):
            await cls._end(waiting, StandbyEnd.TAKEN, now)

    @classmethod
    async def of(cls, person: Person, now: datetime) -> list[Standby]:
        """List where a person waits, soonest shift first."""
        mine = cls.filter(person_id=person.id, ended_at=None, shift__starts_at__gt=now)
        return await mine.order_by("shift__starts_at", "id").prefetch_related("shift__route")

    @classmethod
    async def is_offered(cls, standby_id: int, now: datetime) -> bool:
        """Tell whether a place is still kept for whoever waits here."""
        return await cls.filter(id=standby_id, ended_at=None, offered_until__gt=now).exists()

    # ------------------------------------------------------------------------------------------- the place

    async def give_way(self, person: Person, now: datetime) -> bool:
        """Let a place that is kept here be taken: by whoever it is for, or by a coordinator who jumps in."""
        end = StandbyEnd.TAKEN if person.id == self.person_id else StandbyEnd.OVER
        kept = Standby.filter(id=self.id, ended_at=None, offered_at__not_isnull=True)
        return bool(await kept.update(ended_at=now, end=end)) and await _take_kept(self.shift_id)

    @classmethod
    async def _end(cls, waiting: Standby, end: StandbyEnd, now: datetime) -> bool:
        """End somebody's waiting once; a place that was kept for them is open again."""
        await Shift.filter(id=waiting.shift_id).select_for_update().first()
        still = cls.filter(id=waiting.id, ended_at=None)
        if await still.filter(offered_at__not_isnull=True).update(ended_at=now, end=end):
            await Shift.filter(id=waiting.shift_id, offered__gt=0).update(offered=F("offered") - 1)
            await Shift.wants_somebody(waiting.shift_id, now)
            return True
        return bool(await still.update(ended_at=now, end=end))

    # ---------------------------------------------------------------------------------------------- clock

    @classmethod
    async def expire_due(cls, now: datetime, limit: int) -> list[Standby]:
        """End up to `limit` offers whose time is over, and the waiting for shifts that have begun."""
        over = cls.filter(ended_at=None, shift__starts_at__lte=now)
        late = cls.filter(ended_at=None, offered_until__lte=now)
        found = {row.id: row for rows in (over, late) for row in await rows.order_by("id").limit(limit)}
        ended = []
        for number, waiting in sorted(found.items()):
            end = StandbyEnd.OVER if waiting.offered_at is None else StandbyEnd.EXPIRED
            if await cls._end(waiting, end, now):
                ended.append(number)
        return await _read(ended)

    @classmethod
    async def offer_due(cls, now: datetime, limit: int) -> tuple[int, list[Standby]]:
        """Offer open places to up to `limit` who are next in line; tell how many were looked at, and whom.

        Whoever may not carry any more, is elsewhere at that time, or would be alone there and may not be,
        leaves the line. A place for a skill is offered to the first who has it.
        """
        firsts = [row["id"] for row in await rows(NEXT, now, limit, fits=FITS)]
        offered = []
        for waiting in await _read(firsts):
            await Shift.filter(id=waiting.shift_id).select_for_update().first()
            await waiting.shift.refresh_from_db(["taken", "offered", "places"])
            try:
                await must_carry(waiting.person, waiting.shift.canteen_id)
                await must_suit(waiting.person, waiting.shift)
                await must_have_company(waiting.person, waiting.shift, room=waiting.shift.places_open - 1)
                await must_be_free(waiting.person, waiting.shift)
            except Refusal:
                await cls._end(waiting, StandbyEnd.OVER, now)
                continue
            skills = await Ability.confirmed(waiting.person, waiting.shift.canteen_id)
            free, part = await part_for(waiting.shift, skills)
            if not free:
                continue
            zone = waiting.person.zone or waiting.shift.canteen.zone
            until = offered_until(now, waiting.shift.starts_at, zone)
            first = cls.filter(id=waiting.id, ended_at=None, offered_at=None)
            if not await first.update(offered_at=now, offered_until=until, part=part):
                continue
            open_ = Shift.filter(id=waiting.shift_id, state=ShiftState.OPEN)
            if await open_.filter(taken__lt=F("places") - F("offered")).update(offered=F("offered") + 1):
                offered.append(waiting.id)
            else:
                await cls.filter(id=waiting.id).update(offered_at=None, offered_until=None, part=None)
        return len(firsts), await _read(offered)


async def _take_kept(shift_id: int) -> bool:
    kept = Shift.filter(id=shift_id, state=ShiftState.OPEN, offered__gt=0, taken__lt=F("places"))
    return bool(await kept.update(taken=F("taken") + 1, offered=F("offered") - 1))


async def _read(ids: Sequence[int]) -> list[Standby]:
    found = Standby.filter(id__in=list(ids)).order_by("id")
    return await found.prefetch_related("person", "shift__route", "shift__canteen")


@dataclass(frozen=True, slots=True)
class InLine:
    """How many wait for a shift, and whether this person is one of them."""

    waiting: int
    mine: Standby | None


async def lines_of(shift_ids: Sequence[int], person: Person) -> dict[int, InLine]:
    """Tell for each shift how many wait in line."""
    rows = await Standby.filter(shift_id__in=list(shift_ids), ended_at=None)
    return {
        number: InLine(
            sum(row.shift_id == number for row in rows),
            next((row for row in rows if row.shift_id == number and row.person_id == person.id), None),
        )
        for number in shift_ids
    }
