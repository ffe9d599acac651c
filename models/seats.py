"""Which place somebody would get on a shift: one that is kept for them, an open one, or a stand-in's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.claiming import must_have_company
from models.line import Standby
from models.people import Membership, Person, Role
from models.refusals import Refusal
from models.shiftrefusals import NeedsAdult, NotIntroduced, ShiftFull, SkillWanted
from models.shifts import Claim, Shift
from models.skills import Ability, Skill, part_for, wanted_skill


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that somebody can have. part: what they are there for; kept: for whom it was kept until now."""

    part: Skill | None
    kept: Standby | None = None
    relieves: Claim | None = None


async def find(person: Person, shift: Shift, now: datetime) -> Seat:
    """Find a place for somebody, in a fixed order; the caller holds the shift's row if it is to be taken.

    Once a shift has begun, a coordinator who jumps in decides alone whether a skill is needed.
    Raises NeedsAdult, NotIntroduced, SkillWanted, or ShiftFull when there is none at all.
    """
    skills = await Ability.confirmed(person, shift.canteen_id)
    refused: Refusal = ShiftFull()
    mine = await _kept(shift, person)
    try:
        if mine is not None:
            await must_have_company(person, shift, room=shift.places_open)
            return Seat(mine.part, kept=mine)
        free, part = await part_for(shift, skills)
        if free:
            await must_have_company(person, shift, room=shift.places_open - 1)
            return Seat(part)
        wanted = await wanted_skill(shift)
        if wanted is not None and now >= shift.starts_at and await _coordinates(person, shift):
            return Seat(None)
        if wanted is not None:
            refused = SkillWanted(wanted, shift.canteen_id)
    except (NeedsAdult, NotIntroduced) as alone:
        refused = alone
    for claim in await _looking(shift):
        if claim.part not in (None, *skills):
            continue
        try:
            await must_have_company(person, shift, room=shift.places_open, but=[claim.id])
        except (NeedsAdult, NotIntroduced) as alone:
            refused = alone
        else:
            return Seat(claim.part, relieves=claim)
    if isinstance(refused, ShiftFull) and await _coordinates(person, shift):
        for other in await _kept_for_others(shift):
            if other.part in (None, *skills):
                return Seat(other.part, kept=other)
    raise refused


async def take(seat: Seat, shift: Shift, person: Person, now: datetime) -> Claim:
    """Take the place that was found. Raises ShiftFull where another was faster after all."""
    if seat.kept is not None:
        got = await seat.kept.give_way(person, now)
    elif seat.relieves is not None:
        got = await Claim.relieve(seat.relieves.id, now)
    else:
        got = await Shift.take_open(shift.id, now)
    if not got:
        raise ShiftFull
    return await Claim.begin(shift, person, now, part=seat.part, relieved=seat.relieves)


async def _coordinates(person: Person, shift: Shift) -> bool:
    return await Membership.holds(person.id, shift.canteen_id, Role.COORDINATOR)


async def _kept(shift: Shift, person: Person) -> Standby | None:
    offered = Standby.filter(shift_id=shift.id, person_id=person.id, ended_at=None)
    return await offered.filter(offered_at__not_isnull=True).first()


async def _kept_for_others(shift: Shift) -> Sequence[Standby]:
    kept = Standby.filter(shift_id=shift.id, ended_at=None, offered_at__not_isnull=True)
    return await kept.order_by("-offered_at", "-id")


async def _looking(shift: Shift) -> Sequence[Claim]:
    wanted = Claim.filter(shift_id=shift.id, given_back_at=None, arrived_at=None)
    found = wanted.filter(stand_in_at__not_isnull=True).order_by("stand_in_at", "id")
    return await found.prefetch_related("person")
