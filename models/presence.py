"""Being there: check-in, the nudge, and the round that nobody has come for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from models.hours import HoursEntry
from models.people import Person
from models.refusals import NotOnRound, NotYours
from models.reminders import with_homes
from models.routes import Kind
from models.shiftclock import AFTER, BEFORE, EARLY, WATCH, WATCH_GAP
from models.shiftrefusals import ShiftOver
from models.shifts import Claim, Shift, ShiftState


class Watched(IntEnum):
    """What is done about somebody who has not checked in; one step follows the other."""

    NUDGE = 0
    TELL = 1
    MISSED = 2
    EVERYBODY = 3


@dataclass(frozen=True, slots=True)
class Absent:
    """A step that is due for somebody who is not there. there: who else of this shift is."""

    claim: Claim
    shift: Shift
    homes: int
    step: Watched
    there: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody is there. news: for the first time; replaced: too late."""

    claim: Claim
    news: bool
    replaced: bool = False


async def take_absent(now: datetime, limit: int) -> tuple[int, Sequence[Absent]]:
    """Take up to `limit` places whose holder is not there; tell how many were looked at, and what to say.

    Nobody is missed who was not asked first: after an outage the steps follow each other with a gap.
    """
    claims = await (
        Claim.filter(watch_at__lte=now)
        .order_by("watch_at", "id")
        .limit(limit)
        .select_for_update(skip_locked=True)
    )
    shifts = await with_homes([claim.shift_id for claim in claims])
    due = []
    for claim in claims:
        shift, homes = shifts[claim.shift_id]
        claim.shift = shift
        over = (
            claim.given_back_at or claim.left_at or claim.finished_at or claim.under_way or not homes
            or shift.state is not ShiftState.OPEN or now >= shift.ends_at
        )  # fmt: skip
        if over:
            claim.watch_at = None
            continue
        step = Watched(claim.watched)
        claim.watched += 1
        if step is Watched.MISSED:
            claim.missed_at = now
        claim.watch_at = (
            max(shift.starts_at + WATCH[claim.watched], now + WATCH_GAP)
            if claim.watched < len(WATCH)
            else None
        )
        due.append(Absent(claim, shift, homes, step, await _there(shift)))
    if claims:
        await Claim.bulk_update(claims, ["watched", "watch_at", "missed_at"], batch_size=100)
    people = await Person.in_bulk([each.claim.person_id for each in due], "id")
    for each in due:
        each.claim.person = people[each.claim.person_id]
    return len(claims), due


async def _there(shift: Shift) -> list[Person]:
    held = Claim.filter(shift_id=shift.id, given_back_at=None, left_at=None, arrived_at__not_isnull=True)
    return [claim.person for claim in await held.order_by("id").prefetch_related("person")]


async def arrive(claim_id: int, person: Person, now: datetime) -> Arrived:
    """Check in, from an hour before the shift on; said twice, it is once. It undoes being missed.

    Raises NotYours, ShiftOver, NotOnRound when it is too early.
    """
    mine = Claim.filter(id=claim_id, person_id=person.id)
    claim = await mine.prefetch_related("person", "shift__route", "shift__canteen").first()
    if claim is None or (claim.given_back_at is not None and claim.missed_at is None):
        raise NotYours
    if now >= claim.shift.ends_at + AFTER:
        raise ShiftOver
    if now < claim.shift.starts_at - BEFORE:
        raise NotOnRound
    if claim.given_back_at is not None:
        return Arrived(claim, news=False, replaced=True)
    held = Claim.filter(id=claim.id, given_back_at=None)
    news = bool(await held.filter(arrived_at=None).update(arrived_at=now, watch_at=None, missed_at=None))
    await held.filter(started_at=None).update(started_at=now)
    return Arrived(claim, news)


async def finish_work(claim_id: int, person: Person, now: datetime) -> tuple[Claim, HoursEntry]:
    """End somebody's part of a shift that has no doors; said twice, it is once.

    The shift ends with the last of them, unless somebody may still come: an open place lasts to its end.
    Raises NotYours, ShiftOver long after its end, NotOnRound before it begins or was begun, and on a round,
    which ends at its last door.
    """
    mine = Claim.filter(id=claim_id, person_id=person.id, given_back_at=None)
    claim = await mine.prefetch_related("shift__route", "shift__canteen").first()
    if claim is None:
        raise NotYours
    if claim.started_at is None or now < claim.shift.starts_at or claim.shift.route.kind is Kind.ROUND:
        raise NotOnRound
    if now >= claim.shift.ends_at + AFTER:
        raise ShiftOver
    shift = await Shift.filter(id=claim.shift_id).select_for_update().get()
    entry = await HoursEntry.of_round(claim, shift, now)
    others = Claim.filter(shift_id=shift.id, given_back_at=None, left_at=None, finished_at=None)
    if not await others.exists() and (not shift.places_open or now >= shift.ends_at):
        await Shift.finish(shift.id, now)
    return claim, entry


async def seen_on_round(claim: Claim | None, now: datetime) -> bool:
    """Take opening the round shortly before it, or a tap at a door, for a check-in; tell whether it is."""
    if claim is None or claim.arrived_at is not None or claim.left_at is not None:
        return False
    shift = await Shift.get(id=claim.shift_id)
    return shift.starts_at - EARLY <= now


async def on_the_way(claim_id: int, person: Person, now: datetime) -> Claim:
    """Note that somebody is on the way; the clock goes on. Raises NotYours, ShiftOver."""
    claim = (
        await Claim.filter(id=claim_id, person_id=person.id)
        .prefetch_related("shift__route", "shift__canteen")
        .first()
    )
    if claim is None or claim.given_back_at is not None:
        raise NotYours
    if now >= claim.shift.ends_at:
        raise ShiftOver
    await Claim.filter(id=claim.id, coming_at=None).update(coming_at=now)
    return claim


@dataclass(frozen=True, slots=True)
class Record:
    """How often somebody has walked a round, and how often they did not come: for a person to judge."""

    walked: int
    missed: int


async def record_of(person_id: int, canteen_id: int) -> Record:
    """Count somebody's rounds in a canteen."""
    mine = Claim.filter(person_id=person_id, shift__canteen_id=canteen_id)
    return Record(
        await mine.filter(given_back_at=None, started_at__not_isnull=True).count(),
        await mine.filter(missed_at__not_isnull=True).count(),
    )


async def is_absent(claim_id: int, now: datetime) -> bool:
    """Tell whether somebody is still awaited."""
    held = Claim.filter(id=claim_id, given_back_at=None, left_at=None, arrived_at=None)
    return await held.filter(shift__state=ShiftState.OPEN, shift__ends_at__gt=now).exists()
