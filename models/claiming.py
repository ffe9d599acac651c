"""What must be true before somebody gets a place, check by check in a fixed order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from models.people import Membership, Person, Role
from models.refusals import NotAllowed
from models.routes import Kind
from models.shiftclock import LIMIT_UNTIL
from models.shiftrefusals import (
    GuardianMissing,
    NeedsAdult,
    NotIntroduced,
    ShiftClashes,
    TooLateForAge,
    TooYoungToDrive,
    WeekFull,
)
from models.youth import UNTIL, AgeNote, GuardianYes

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.canteens import Canteen
    from models.shifts import Shift

CARRIERS = (Role.VOLUNTEER, Role.COORDINATOR)


async def must_carry(person: Person, canteen_id: int) -> None:
    """Check that this person helps this canteen. Raises NotAllowed."""
    if not await Membership.holds(person.id, canteen_id, *CARRIERS):
        raise NotAllowed


async def must_suit(person: Person, shift: Shift) -> None:
    """Check what holds for this person whoever else is there; the shift comes with its route and canteen.

    Raises GuardianMissing, TooYoungToDrive, TooLateForAge.
    """
    await must_be_of_age(person, shift.canteen, shift.route.kind, shift.day, shift.ends_at)


async def must_be_of_age(person: Person, canteen: Canteen, kind: Kind, day: date, ends_at: datetime) -> None:
    """Check what holds for helpers under age: a guardian's yes, no driving, not after their hour.

    Raises GuardianMissing, TooYoungToDrive, TooLateForAge.
    """
    age = (await AgeNote.of(person)).age
    until = UNTIL.get(age)
    if until is None:
        return
    if await GuardianYes.of(person, canteen.id) is None:
        raise GuardianMissing
    if kind is Kind.DRIVER:
        raise TooYoungToDrive
    if ends_at > canteen.at(day, until):
        raise TooLateForAge(until)


async def must_have_company(person: Person, shift: Shift, *, room: int, but: Collection[int] = ()) -> None:
    """Check that whoever may not be alone is not: under age at a door, or new to the work.

    room: how many places are left for others once this person has one; `but`: claims about to be left.
    An adult must be there before somebody under age comes; somebody who knows the work may come later.
    Raises NeedsAdult, NotIntroduced.
    """
    from models.introductions import guides, knows
    from models.shifts import Claim

    kind = shift.route.kind
    if kind is Kind.ROUND and (await AgeNote.of(person)).minor:
        held = Claim.filter(shift_id=shift.id, given_back_at=None, left_at=None).exclude(id__in=[0, *but])
        others = [claim.person_id for claim in await held if claim.person_id != person.id]
        if not set(others) - await AgeNote.minors(others):
            raise NeedsAdult
    if not shift.canteen.introduces or room > 0 or await knows(person, shift.canteen_id, kind):
        return
    if not await guides(shift, but=but):
        raise NotIntroduced(kind, shift.canteen_id)


async def may_jump_in(person: Person, shift: Shift, now: datetime) -> bool:
    """Tell whether somebody may take a place on a round that has begun: coordinators, and who was asked."""
    from models.filling import Call

    if now >= shift.ends_at:
        return False
    if await Membership.holds(person.id, shift.canteen_id, Role.COORDINATOR):
        return True
    return await Call.filter(shift_id=shift.id, person_id=person.id, declined_at=None).exists()


async def must_be_free(person: Person, shift: Shift, *, but: Collection[int] = ()) -> None:
    """Check that this person is nowhere else at that time; `but`: claims they are about to leave.

    Raises ShiftClashes.
    """
    from models.shifts import Claim, ShiftState

    other = (
        await Claim.filter(
            person_id=person.id,
            given_back_at=None,
            left_at=None,
            shift__starts_at__lt=shift.ends_at,
            shift__ends_at__gt=shift.starts_at,
        )
        .exclude(shift__state__in=(ShiftState.CANCELLED, ShiftState.DROPPED))
        .exclude(id__in=[0, *but])
        .prefetch_related("shift__route", "shift__canteen")
        .first()
    )
    if other is not None:
        held = other.shift
        raise ShiftClashes(held.id, held.starts_at, held.ends_at, held.route.name, held.canteen.zone)


async def must_leave_turns(person: Person, shift: Shift, now: datetime) -> None:
    """Check that this person leaves others a turn: so many places a week, until shortly before the shift.

    Coordinators jump in whenever it is needed. Raises WeekFull.
    """
    from models.datedsettings import DatedSetting
    from models.schedule import Schedule
    from models.shifts import Claim, ShiftState

    dated = await DatedSetting.coming([shift.canteen_id])
    limit = Schedule(shift.canteen, {}, dated).on(shift.day).week_limit
    lifted_at = shift.starts_at - LIMIT_UNTIL
    if limit is None or now >= lifted_at:
        return
    if await Membership.holds(person.id, shift.canteen_id, Role.COORDINATOR):
        return
    monday = shift.day - timedelta(days=shift.day.weekday())
    held = (
        await Claim.filter(
            person_id=person.id,
            given_back_at=None,
            shift__canteen_id=shift.canteen_id,
            shift__day__gte=monday,
            shift__day__lt=monday + timedelta(days=7),
        )
        .exclude(shift__state__in=(ShiftState.CANCELLED, ShiftState.DROPPED))
        .count()
    )
    if held >= limit:
        raise WeekFull(limit, held, lifted_at, shift.canteen.zone)
