"""In a rehearsal, the volunteers who have no phone on the page walk their rounds, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers import meals, today
from handlers.chat import Mail
from models import presence, rounds
from models.meals import MealState
from models.people import Account
from models.routes import Kind
from models.shiftclock import AFTER
from models.shifts import Claim, Shift, ShiftState

FIRST_DOOR: Final = timedelta(minutes=8)
EACH_DOOR: Final = timedelta(minutes=6)
WITH_A_NEIGHBOUR: Final = 7


async def walk_on(mail: Mail, canteen_id: int) -> None:
    """Note what has happened by now at the doors of those who have no phone."""
    for claim in await _under_way(canteen_id, mail.now):
        if await _walk(mail, claim):
            await today.refresh(mail, canteen_id, claim.shift.day)


async def _under_way(canteen_id: int, now: datetime) -> Sequence[Claim]:
    claims = Claim.filter(
        shift__canteen_id=canteen_id,
        shift__state=ShiftState.OPEN,
        shift__starts_at__lte=now - FIRST_DOOR,
        shift__ends_at__gt=now - AFTER,
        given_back_at=None,
    )
    with_a_phone: set[object] = set(await Account.all().values_list("person_id", flat=True))
    held = await claims.order_by("id").prefetch_related("shift__route", "person")
    return [claim for claim in held if claim.person_id not in with_a_phone]


async def _walk(mail: Mail, claim: Claim) -> bool:
    """Go on with one round, or with other work; tell whether something has happened."""
    if claim.shift.route.kind is not Kind.ROUND:
        return await _work(mail, claim)
    doors = await rounds.doors(claim.shift)
    times = {
        door.meal.id: claim.shift.starts_at + FIRST_DOOR + EACH_DOOR * at for at, door in enumerate(doors)
    }
    reached = [door for door in doors if door.open and times[door.meal.id] <= mail.now]
    for door in reached:
        await rounds.start(claim, claim.shift.starts_at)
        state = MealState.NEIGHBOUR if door.number == WITH_A_NEIGHBOUR else MealState.IN_PERSON
        recorded = await rounds.record(door.meal.id, state, claim.person, times[door.meal.id], mail.now)
        await meals.tell_family(mail, recorded.meal)
    if reached and reached[-1] is doors[-1]:
        await Shift.finish(claim.shift_id, times[doors[-1].meal.id])
    return bool(reached)


async def _work(mail: Mail, claim: Claim) -> bool:
    if claim.arrived_at is None:
        await rounds.start(claim, claim.shift.starts_at)
        return True
    if claim.finished_at is None and mail.now >= claim.shift.ends_at:
        await presence.finish_work(claim.id, claim.person, claim.shift.ends_at)
        return True
    return False
