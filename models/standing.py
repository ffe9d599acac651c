"""Every week the same: standing commitments, and the days on which somebody is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.claiming import must_be_of_age, must_carry
from models.fields import UtcDatetimeField
from models.introductions import knows
from models.line import FITS
from models.people import Person
from models.refusals import DaysBackwards, Gone, NotAllowed, NotYours, Refusal, SettingUnreadable
from models.routes import Route
from models.shiftrefusals import GuardianMissing, NotIntroduced, SkillWanted, TooYoungToDrive
from models.shifts import Claim, Shift, ShiftState
from models.skills import Ability, Need
from models.sql import bit_of, rows

# Shifts promised for every week that have room for whoever promised, and that they never had nor gave back.
# c.weekdays: only days of the canteen's own week are inherited. A day that stands in for another one, such as
# a Saturday that is made a workday, is nobody's "every Tuesday": that is asked here and nowhere else.
PROMISED: Final = """
    SELECT st.id AS standing_id, sh.id AS shift_id
    FROM standing st JOIN shift sh ON sh.route_id = st.route_id
    JOIN service_day sd ON sd.canteen_id = sh.canteen_id AND sd.day = sh.day AND NOT sd.makeup
    WHERE st.ended_at IS NULL AND sh.next_at > {0} AND sh.starts_at > {0} AND sh.state = 'open'
        AND sh.taken + sh.offered < sh.places AND {fits} AND st.since <= sh.day AND st.weekdays & {bit} <> 0
        AND NOT EXISTS (SELECT 1 FROM claim cl WHERE cl.shift_id = sh.id AND cl.person_id = st.person_id)
        AND NOT EXISTS (
            SELECT 1 FROM claim cl JOIN shift other ON other.id = cl.shift_id
            WHERE cl.person_id = st.person_id AND cl.given_back_at IS NULL AND cl.left_at IS NULL
                AND other.state NOT IN ('cancelled', 'dropped')
                AND other.starts_at < sh.ends_at AND other.ends_at > sh.starts_at)
        AND NOT EXISTS (
            SELECT 1 FROM away a WHERE a.person_id = st.person_id AND a.voided_at IS NULL
                AND a.starts <= sh.day AND a.ends >= sh.day)
    ORDER BY sh.starts_at, st.id
"""


class Standing(Model):
    """A promise to carry a route on the same weekdays every week; it ends, and keeps its row."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="standing"
    )
    person_id: int
    route: fields.ForeignKeyRelation[Route] = fields.ForeignKeyField("models.Route", related_name="standing")
    route_id: int
    weekdays = fields.SmallIntField()
    since = fields.DateField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "standing"
        indexes = (("route_id", "ended_at"), ("person_id",))
        constraints = (CheckConstraint(check="weekdays BETWEEN 1 AND 127", name="standing_has_a_weekday"),)

    @classmethod
    async def of(cls, person: Person) -> list[Standing]:
        """List what a person has promised, route by route."""
        mine = cls.filter(person_id=person.id, ended_at=None)
        return await mine.order_by("id").prefetch_related("route__canteen")

    @classmethod
    async def promise(cls, route_id: int, weekdays: int, person: Person, now: datetime) -> Standing:
        """Carry a route every week from today on; it takes the place of an older promise for it.

        Raises Gone, NotAllowed, GuardianMissing, TooYoungToDrive, TooLateForAge, SkillWanted where every
        place is for a skill of others, NotIntroduced before the first time, SettingUnreadable for days on
        which it is not done.
        """
        await Person.locked(person.id)
        route = await Route.filter(id=route_id, closed_at=None).prefetch_related("canteen").first()
        if route is None:
            raise Gone
        await must_carry(person, route.canteen_id)
        today = route.canteen.today(now)
        ends_at = route.canteen.at(today, route.ends_at)
        await must_be_of_age(person, route.canteen, route.kind, today, ends_at)
        await _must_know(person, route)
        weekdays &= route.canteen.weekdays & (route.weekdays or route.canteen.weekdays)
        if not weekdays:
            raise SettingUnreadable
        await cls.filter(person_id=person.id, route_id=route_id, ended_at=None).update(ended_at=now)
        standing = await cls.create(
            person_id=person.id,
            route_id=route.id,
            weekdays=weekdays,
            since=route.canteen.today(now),
        )
        standing.route = route
        return standing

    @classmethod
    async def end(cls, standing_id: int, person: Person, now: datetime) -> Standing:
        """End a promise; the places that it brought stay until they are given back. Raises NotYours."""
        mine = cls.filter(id=standing_id, person_id=person.id)
        standing = await mine.prefetch_related("route__canteen").first()
        if standing is None:
            raise NotYours
        await cls.filter(id=standing.id, ended_at=None).update(ended_at=now)
        return standing


async def _must_know(person: Person, route: Route) -> None:
    """Check that a promise could be kept: with a skill that has a place, and not before the first time."""
    needs = await Need.of(route.id)
    places = route.places or route.canteen.places
    if sum(needs.values()) >= places and not needs.keys() & await Ability.confirmed(person, route.canteen_id):
        raise SkillWanted(next(iter(needs)), route.canteen_id)
    if route.canteen.introduces and not await knows(person, route.canteen_id, route.kind):
        raise NotIntroduced(route.kind, route.canteen_id)


@dataclass(frozen=True, slots=True)
class Kept:
    """The places that one person's promises brought them just now, soonest first."""

    person: Person
    claims: Sequence[Claim]


async def keep_promises(now: datetime, limit: int) -> Sequence[Kept]:
    """Give up to `limit` promised places to those who promised; tell whom.

    A place is taken once for a promise: given back, it is not taken again. Whoever may not carry any more
    has promised nothing. A promise that can't be kept now, for want of a guardian's yes, say, stays, and is
    looked at again; of the limit it takes nothing, so that it is in nobody's way.
    """
    promises: dict[int, Standing] = {}
    kept: dict[int, list[Claim]] = {}
    resting: set[int] = set()
    for each in await rows(PROMISED, now, bit=bit_of("sh.day"), fits=FITS):
        if sum(map(len, kept.values())) == limit:
            break
        number = each["standing_id"]
        if number in resting:
            continue
        if number not in promises:
            promises[number] = await Standing.get(id=number).prefetch_related("person")
        standing = promises[number]
        # Another process may have kept this promise since we asked.
        await Person.locked(standing.person_id)
        if await Claim.filter(shift_id=each["shift_id"], person_id=standing.person_id).exists():
            continue
        try:
            claim = await Shift.claim(each["shift_id"], standing.person, now, promised=True)
        except NotAllowed:
            await Standing.filter(id=standing.id).update(ended_at=now)
        except (GuardianMissing, TooYoungToDrive):
            resting.add(number)
        except Refusal:
            continue
        else:
            kept.setdefault(standing.person_id, []).append(claim)
    people = {row.person_id: row.person for row in promises.values()}
    return [Kept(people[person_id], claims) for person_id, claims in kept.items()]


class Away(Model):
    """Days on which somebody can't carry; their promises rest and nobody asks them."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="away")
    person_id: int
    starts = fields.DateField()
    ends = fields.DateField()
    said_at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "away"
        indexes = (("person_id", "voided_at"),)
        constraints = (CheckConstraint(check="ends >= starts", name="away_ends_after_it_starts"),)

    @classmethod
    async def say(cls, person: Person, starts: date, ends: date, today: date, now: datetime) -> Away:
        """Note that somebody is away. The caller gives their places back. Raises DaysBackwards."""
        if not today <= starts <= ends:
            raise DaysBackwards
        await Person.locked(person.id)
        known = cls.filter(person_id=person.id, starts=starts, ends=ends, voided_at=None)
        return await known.first() or await cls.create(
            person_id=person.id, starts=starts, ends=ends, said_at=now
        )

    @classmethod
    async def end(cls, away_id: int, person: Person, now: datetime) -> Away:
        """Be there again. Raises NotYours."""
        away = await cls.filter(id=away_id, person_id=person.id).first()
        if away is None:
            raise NotYours
        await cls.filter(id=away.id, voided_at=None).update(voided_at=now)
        return away

    @classmethod
    async def coming(cls, person: Person, today: date) -> list[Away]:
        """List when a person is away, from today on."""
        return await cls.filter(person_id=person.id, ends__gte=today, voided_at=None).order_by("starts", "id")

    @classmethod
    async def on(cls, day: date) -> set[int]:
        """List who is away on a day, by id."""
        rows = await cls.filter(starts__lte=day, ends__gte=day, voided_at=None).values_list(
            "person_id", flat=True
        )
        return {int(str(number)) for number in rows}


async def held_between(person: Person, starts: date, ends: date, now: datetime) -> list[Claim]:
    """List the places that a person has in a period and has not begun."""
    held = Claim.filter(person_id=person.id, given_back_at=None, started_at=None)
    held = held.filter(shift__day__gte=starts, shift__day__lte=ends, shift__state=ShiftState.OPEN)
    return await held.filter(shift__ends_at__gt=now).order_by("shift__starts_at", "id")
