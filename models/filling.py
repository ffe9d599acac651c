"""Filling open places by steps: a few who did this route, a few of the canteen, then the coordinator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models import seats
from models.claiming import must_be_free, must_leave_turns, must_suit
from models.fields import UtcDatetimeField
from models.people import Account, Membership, Person, Role
from models.quiet import after_quiet_hours
from models.refusals import NotYours, Refusal
from models.reminders import with_homes
from models.shiftclock import evening_before, next_call
from models.shifts import Claim, Shift, ShiftState
from models.standing import Away

FEW: Final = 3
RECENTLY: Final = timedelta(days=14)


class Step(IntEnum):
    """Who is asked; the steps follow each other, each once, until the place is taken."""

    ROUTE = 0
    CANTEEN = 1
    COORDINATOR = 2


STEPS: Final = len(Step)


def anew(number: int) -> int:
    """Tell with which number the steps begin anew after those that were taken so far."""
    return -(-number // STEPS) * STEPS


class Call(Model):
    """Somebody was asked to take an open place; for one shift nobody is asked twice."""

    id = fields.IntField(primary_key=True)
    shift: fields.ForeignKeyRelation[Shift] = fields.ForeignKeyField(
        "models.Shift", related_name="shift_calls"
    )
    shift_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="shift_calls"
    )
    person_id: int
    step = fields.SmallIntField()
    asked_at = UtcDatetimeField()
    declined_at = UtcDatetimeField(null=True)

    class Meta:
        table = "call"
        unique_together = (("shift", "person"),)
        indexes = (("person_id", "asked_at"),)

    @classmethod
    async def decline(cls, call_id: int, person: Person, now: datetime) -> Call:
        """Say no; when all who were asked have said no, the next step need not wait. Raises NotYours."""
        mine = cls.filter(id=call_id, person_id=person.id)
        call = await mine.prefetch_related("shift__route", "shift__canteen").first()
        if call is None:
            raise NotYours
        if await mine.filter(declined_at=None).update(declined_at=now):
            silent = cls.filter(shift_id=call.shift_id, step=call.step, declined_at=None)
            if not await silent.exists():
                await Shift.filter(id=call.shift_id, fill_at__gt=now).update(fill_at=now)
        return call

    @classmethod
    async def is_wanted(cls, call_id: int, now: datetime) -> bool:
        """Tell whether the place that somebody is asked to take is still there."""
        call = await cls.filter(id=call_id, declined_at=None).prefetch_related("shift").first()
        return call is not None and call.shift.ends_at > now and await _wanted(call.shift)


@dataclass(frozen=True, slots=True)
class Wave:
    """A step that is due: who is asked now, or that the coordinator must know that nobody was found."""

    shift: Shift
    homes: int
    calls: Sequence[Call]
    number: int
    coordinator: bool


async def take_waves(now: datetime, limit: int) -> tuple[int, Sequence[Wave]]:
    """Take the next step for up to `limit` shifts that lack somebody; tell how many were looked at.

    Nobody is asked in the canteen's night; where a place is taken or kept for the line, it ends.
    """
    due = await (
        Shift.filter(fill_at__lte=now, state=ShiftState.OPEN)
        .order_by("fill_at", "id")
        .limit(limit)
        .select_for_update(skip_locked=True)
    )
    found = await with_homes([shift.id for shift in due])
    waves = []
    for shift, homes in (found[row.id] for row in due):
        wave = await _step(shift, homes, now)
        if wave is not None:
            waves.append(wave)
    return len(due), waves


async def _step(shift: Shift, homes: int, now: datetime) -> Wave | None:
    awake = after_quiet_hours(now, shift.canteen.zone)
    if shift.ends_at <= now or not homes or not await _wanted(shift):
        await _rest(shift, now)
        return None
    if awake > now:
        await Shift.filter(id=shift.id).update(fill_at=awake)
        return None
    for number in range(shift.fill_step, shift.fill_step + STEPS):
        step = Step(number % STEPS)
        if step is Step.COORDINATOR:
            await Shift.filter(id=shift.id).update(fill_step=number + 1, fill_at=None)
            # Until the evening before, the coordinator's list of that evening is time enough.
            late = now >= evening_before(shift.canteen, shift.day)
            return Wave(shift, homes, [], number, coordinator=True) if late else None
        calls = await ask_few(shift, step, number, now)
        if calls:
            await Shift.filter(id=shift.id).update(
                fill_step=number + 1, fill_at=next_call(shift.canteen, shift.starts_at, now)
            )
            return Wave(shift, homes, calls, number, coordinator=False)
    return None


async def _rest(shift: Shift, now: datetime) -> None:
    """End the steps until a place comes free again; whoever was asked stays asked."""
    again = None
    if shift.starts_at > now and await _wanted(shift):
        again = min(now + timedelta(days=1), shift.starts_at)  # nobody waits for this lunch so far
    await Shift.filter(id=shift.id).update(fill_step=anew(shift.fill_step), fill_at=again)


async def _wanted(shift: Shift) -> bool:
    if shift.state is not ShiftState.OPEN:
        return False
    looking = Claim.filter(shift_id=shift.id, given_back_at=None, started_at=None)
    return shift.places_open > 0 or await looking.filter(stand_in_at__not_isnull=True).exists()


async def ask_few(shift: Shift, step: Step, number: int, now: datetime) -> Sequence[Call]:
    """Choose a few who can come and were not asked yet, and write down that they are asked."""
    calls: list[Call] = []
    for person in await candidates(shift, step, now):
        if len(calls) == FEW:
            break
        if not await _can_come(person, shift, now):
            continue
        call = Call(shift_id=shift.id, person_id=person.id, step=number, asked_at=now)
        await call.save()
        call.person, call.shift = person, shift
        calls.append(call)
    return calls


async def candidates(shift: Shift, step: Step, now: datetime) -> list[Person]:
    """List whom to ask: those who know the route best first, then those who were asked least of late.

    Who of them is free, and has not had their turns, the caller still checks.
    """
    volunteers = {person.id: person for person in await Membership.people(shift.canteen_id, Role.VOLUNTEER)}
    out = await Away.on(shift.day)
    out |= await _ids(Claim.filter(shift_id=shift.id))
    out |= await _ids(Call.filter(shift_id=shift.id))
    reached = await _ids(Account.filter(person_id__in=list(volunteers), reachable=True))
    able = [number for number in volunteers if number in reached and number not in out]
    walked = Counter(
        [
            claim.person_id
            for claim in await Claim.filter(
                person_id__in=able, shift__route_id=shift.route_id, given_back_at=None,
                started_at__not_isnull=True,
            )
        ]
    )  # fmt: skip
    asked_of_late = Counter(
        [call.person_id for call in await Call.filter(person_id__in=able, asked_at__gt=now - RECENTLY)]
    )
    if step is Step.ROUTE:
        able = [number for number in able if walked[number]]
    able.sort(key=lambda number: (-walked[number], asked_of_late[number], number))
    return [volunteers[number] for number in able]


async def _ids(numbers: QuerySet[Any]) -> set[int]:
    return {row.person_id for row in await numbers.only("id", "person_id")}


async def _can_come(person: Person, shift: Shift, now: datetime) -> bool:
    try:
        await must_suit(person, shift)
        await must_be_free(person, shift)
        await must_leave_turns(person, shift, now)
        await seats.find(person, shift, now)
    except Refusal:
        return False
    return True


async def ask_more(shift_id: int, by: Person, now: datetime) -> Wave | None:
    """Let a coordinator have a few more asked at once; None if there is nobody left, or nothing to fill.

    Raises NotAllowed.
    """
    found = await with_homes([shift_id])
    if shift_id not in found:
        return None
    shift, homes = found[shift_id]
    await by.must_be(Role.COORDINATOR, shift.canteen_id)
    await Shift.filter(id=shift_id).select_for_update().first()
    if shift.ends_at <= now or not await _wanted(shift):
        return None
    calls = await ask_few(shift, Step.CANTEEN, shift.fill_step, now)
    return Wave(shift, homes, calls, shift.fill_step, coordinator=False) if calls else None
