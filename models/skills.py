"""What somebody can do that not everybody can, and what a shift needs of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import UtcDatetimeField
from models.people import Membership, Person, Role
from models.refusals import NotAllowed, SettingUnreadable
from models.routes import Route
from models.shiftrefusals import SkillWanted, TooYoungToDrive
from models.youth import AgeNote

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.shifts import Shift


class Skill(StrEnum):
    """What is asked for. Health: the certificate without which nobody may touch open food."""

    DRIVE = "drive"
    DIALECT = "dialect"
    HEALTH = "health"


class Ability(Model):
    """What a person says they can do; it counts once a coordinator has seen to it.

    Ended, it keeps its row.
    """

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="abilities"
    )
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="abilities"
    )
    canteen_id: int
    skill = fields.CharEnumField(Skill, max_length=16)
    said_at = UtcDatetimeField()
    confirmed_at = UtcDatetimeField(null=True)
    confirmed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="confirmed_abilities", null=True, on_delete=fields.SET_NULL
    )
    confirmed_by_id: int | None
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "ability"
        constraints = (
            UniqueConstraint(
                fields=("person", "canteen", "skill"),
                name="ability_is_had_once",
                condition="ended_at IS NULL",
            ),
        )

    @classmethod
    async def say(cls, person: Person, canteen_id: int, skill: Skill, now: datetime) -> tuple[Ability, bool]:
        """Say of oneself what one can do; tell whether that is news to the coordinator. Raises NotAllowed."""
        if not await Membership.holds(person.id, canteen_id, Role.VOLUNTEER, Role.COORDINATOR):
            raise NotAllowed
        await _must_be_grown(person, skill)
        return await cls.get_or_create(
            {"said_at": now}, person_id=person.id, canteen_id=canteen_id, skill=skill, ended_at=None
        )

    @classmethod
    async def confirm(
        cls, person: Person, canteen_id: int, skill: Skill, by: Person, now: datetime
    ) -> tuple[Ability, bool]:
        """Note that a coordinator has seen to it; tell whether that is news. Confirmed twice, it is once.

        Raises NotAllowed, TooYoungToDrive.
        """
        await by.must_be(Role.COORDINATOR, canteen_id)
        ability, _created = await cls.say(person, canteen_id, skill, now)
        open_ = cls.filter(id=ability.id, confirmed_at=None, ended_at=None)
        news = bool(await open_.update(confirmed_at=now, confirmed_by_id=by.id))
        if news:
            about = f"{skill} of person {person.id} at canteen {canteen_id}"
            await AuditEvent.record("skill.confirm", about, by=by.id, now=now)
        return ability, news

    @classmethod
    async def end(cls, person: Person, canteen_id: int, skill: Skill, by: Person, now: datetime) -> None:
        """Note that somebody can't do it, or not any more. Raises NotAllowed."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        held = cls.filter(person_id=person.id, canteen_id=canteen_id, skill=skill, ended_at=None)
        if await held.update(ended_at=now):
            about = f"{skill} of person {person.id} at canteen {canteen_id}"
            await AuditEvent.record("skill.end", about, by=by.id, now=now)

    @classmethod
    async def of(cls, person: Person, canteen_id: int) -> list[Ability]:
        """List what somebody says they can do, confirmed or not."""
        return await cls.filter(person_id=person.id, canteen_id=canteen_id, ended_at=None).order_by("id")

    @classmethod
    async def confirmed(cls, person: Person, canteen_id: int) -> frozenset[Skill]:
        """List what somebody can do, as a coordinator has seen."""
        return frozenset(
            each.skill for each in await cls.of(person, canteen_id) if each.confirmed_at is not None
        )


async def _must_be_grown(person: Person, skill: Skill) -> None:
    if skill is Skill.DRIVE and (await AgeNote.of(person)).minor:
        raise TooYoungToDrive


class Need(Model):
    """How many of the places on each shift of a route are for somebody who can do this."""

    id = fields.IntField(primary_key=True)
    route: fields.ForeignKeyRelation[Route] = fields.ForeignKeyField("models.Route", related_name="needs")
    route_id: int
    skill = fields.CharEnumField(Skill, max_length=16)
    places = fields.SmallIntField(default=1)

    class Meta:
        table = "need"
        unique_together = (("route", "skill"),)
        constraints = (CheckConstraint(check="places >= 1", name="need_is_of_somebody"),)

    @classmethod
    async def of(cls, route_id: int) -> dict[Skill, int]:
        """Tell how many places are for whom, on each shift of a route."""
        return {need.skill: need.places for need in await cls.filter(route_id=route_id).order_by("skill")}

    @classmethod
    async def set(cls, route_id: int, skill: Skill, places: int, by: Person, now: datetime) -> Route:
        """Keep so many places for those who can do something; 0: none. What is taken stays taken.

        Raises NotAllowed, Gone, SettingUnreadable for more than the route has.
        """
        from models.canteens import Canteen

        route = await Route.locked(route_id, by)
        canteen = await Canteen.get(id=route.canteen_id)
        others = sum(n for other, n in (await cls.of(route_id)).items() if other is not skill)
        if not 0 <= places <= (route.places or canteen.places) - others:
            raise SettingUnreadable
        await cls.filter(route_id=route_id, skill=skill).delete()
        if places:
            await cls.create(route_id=route_id, skill=skill, places=places)
        await AuditEvent.record("route.need", f"{skill} on route {route_id}: {places}", by=by.id, now=now)
        return route


async def places_free(shift: Shift) -> dict[Skill | None, int]:
    """Tell how many places of a shift are free for whom; None: for everybody.

    What is kept for somebody in line is not free. The caller holds the shift's row where it matters.
    """
    from models.line import Standby
    from models.shifts import Claim

    needs = await Need.of(shift.route_id)
    free: dict[Skill | None, int] = {}
    if needs:
        held = Claim.filter(shift_id=shift.id, given_back_at=None, left_at=None, part__not_isnull=True)
        kept = Standby.filter(shift_id=shift.id, ended_at=None, offered_at__not_isnull=True)
        filled = Counter(claim.part for claim in await held.only("id", "part"))
        filled.update(one.part for one in await kept.only("id", "part"))
        free = {skill: max(0, n - filled[skill]) for skill, n in needs.items()}
    return {**free, None: shift.places_open - sum(free.values())}


async def part_for(shift: Shift, skills: frozenset[Skill]) -> tuple[bool, Skill | None]:
    """Tell whether a place is free for somebody, and which one: what only a few can do goes first.

    Where more is kept for skills than is left, whoever has none of them finds nothing.
    """
    if shift.places_open <= 0:
        return False, None
    free = await places_free(shift)
    for skill in sorted(skills):
        if free.get(skill, 0) > 0:
            return True, skill
    return free[None] > 0, None


async def must_find_a_part(shift: Shift, skills: frozenset[Skill]) -> None:
    """Check that some place of a shift could ever be for somebody. Raises SkillWanted."""
    needs = await Need.of(shift.route_id)
    if needs and sum(needs.values()) >= shift.places and not skills & needs.keys():
        raise SkillWanted(next(iter(needs)), shift.canteen_id)


async def wanted_skills(shifts: Sequence[Shift]) -> dict[int, Skill]:
    """Tell for each shift whose free places are not for everybody, by its id, which skill is asked for."""
    found: dict[int, Skill] = {}
    needs = await Need.filter(route_id__in=[shift.route_id for shift in shifts]) if shifts else []
    needing = {need.route_id for need in needs}
    for shift in shifts:
        if shift.route_id in needing and (skill := await wanted_skill(shift)) is not None:
            found[shift.id] = skill
    return found


async def wanted_skill(shift: Shift) -> Skill | None:
    """Tell which skill is asked for where a place is free, but not for everybody."""
    if shift.places_open <= 0:
        return None
    free = await places_free(shift)
    return None if free[None] > 0 else next((skill for skill in Skill if free.get(skill, 0) > 0), None)
