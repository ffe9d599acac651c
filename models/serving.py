"""Who may stand at the desk, and write the kitchen's log: by a role, or while a shift there lasts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from models.deskrules import AT_THE_DESK, who_serves
from models.people import Membership, Person, Role
from models.refusals import NotAllowed
from models.routes import Kind
from models.shiftclock import BEFORE
from models.shifts import Claim, Shift, ShiftState

# Whoever eats late is still signed in by who is there; nobody has names at hand on the way home.
LINGER: Final = timedelta(minutes=30)


async def is_staff(person_id: int, canteen_id: int) -> bool:
    """Tell whether somebody cooks or coordinates there, on every day."""
    return await Membership.holds(person_id, canteen_id, *AT_THE_DESK)


async def shift_now(person_id: int, work: Kind, now: datetime, canteen_id: int | None = None) -> Shift | None:
    """Find the shift of such work that somebody has now: from an hour before it until they go, or it is over.

    It counts only for volunteers of that canteen, and half an hour longer than planned.
    """
    held = Claim.filter(
        person_id=person_id,
        given_back_at=None,
        left_at=None,
        finished_at=None,
        shift__state=ShiftState.OPEN,
        shift__starts_at__lte=now + BEFORE,
        shift__ends_at__gt=now - LINGER,
        shift__route__kind=work,
    )
    if canteen_id is not None:
        held = held.filter(shift__canteen_id=canteen_id)
    claim = await held.order_by("shift__starts_at", "id").prefetch_related("shift").first()
    if claim is None or not await Membership.holds(person_id, claim.shift.canteen_id, Role.VOLUNTEER):
        return None
    return claim.shift


async def may_serve(person_id: int, canteen_id: int, now: datetime, work: Kind = Kind.DESK) -> bool:
    """Tell whether somebody may do such work at a canteen now."""
    return (
        await is_staff(person_id, canteen_id) or await shift_now(person_id, work, now, canteen_id) is not None
    )


async def must_serve(by: Person, canteen_id: int, now: datetime, work: Kind = Kind.DESK) -> None:
    """Check that a person may stand at the desk, or write the kitchen's log. Raises NotAllowed."""
    if not await may_serve(by.id, canteen_id, now, work):
        raise NotAllowed


async def at_the_desk(canteen_id: int, day: date, now: datetime) -> tuple[list[Person], list[Person]]:
    """List who may see a day's desk, and who could while their shift of that day lasted; each once."""
    held = Claim.filter(shift__canteen_id=canteen_id, shift__day=day, shift__route__kind=Kind.DESK)
    staff = {person.id: person for person in await who_serves(canteen_id)}
    helpers = {
        claim.person_id: claim.person
        for claim in await held.prefetch_related("person")
        if claim.person_id not in staff
    }
    there = {
        number: person
        for number, person in helpers.items()
        if await shift_now(number, Kind.DESK, now, canteen_id) is not None
    }
    gone = [person for number, person in helpers.items() if number not in there]
    return [*staff.values(), *there.values()], gone
