"""The check-out that was forgotten: noticed, asked about, and counted only when a coordinator has said so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.hours import HoursEntry, HoursSource, began_of, minutes_of
from models.introductions import Introduction
from models.people import Person
from models.refusals import Gone, NotYours
from models.shiftclock import AFTER, CLOSES_AFTER
from models.shiftrefusals import HoursSettled
from models.shifts import Claim, Shift, ShiftState


async def close_due(now: datetime, limit: int) -> tuple[int, Sequence[HoursEntry]]:
    """Close up to `limit` shifts whose end has passed; tell how many, and which ends are not known.

    A round that was begun and never ended counts nothing yet; one never begun has no entry at all.
    """
    due = await (
        Shift.filter(state=ShiftState.OPEN, next_at__lte=now, ends_at__lte=now - CLOSES_AFTER)
        .order_by("next_at", "id")
        .limit(limit)
        .select_for_update(skip_locked=True)
    )
    if not due:
        return 0, []
    by_id = {shift.id: shift for shift in due}
    await Shift.filter(id__in=list(by_id)).update(state=ShiftState.FINISHED, next_at=None)
    begun = await Claim.filter(
        shift_id__in=list(by_id),
        given_back_at=None,
        started_at__not_isnull=True,
        finished_at=None,
        missed_at=None,
    ).order_by("id")
    noticed = []
    for claim in begun:
        shift = by_id[claim.shift_id]
        began = began_of(claim, shift)
        minutes = minutes_of(shift.ends_at - began)
        if minutes > 0:
            told = {"minutes": minutes, "source": HoursSource.PLANNED, "began_at": began}
            noticed.append(await HoursEntry.begin(claim, shift, now, **told))
    for shift in due:
        await Introduction.of_shift(shift, now)
    return len(due), noticed


async def window_of(entry_id: int, person: Person, now: datetime) -> tuple[HoursEntry, datetime, datetime]:
    """Find a forgotten end of this person, and between which instants it can lie.

    Raises NotYours, HoursSettled.
    """
    entry = await HoursEntry.filter(id=entry_id).prefetch_related("shift__route", "canteen").first()
    if entry is None or entry.person_id != person.id or entry.shift is None:
        raise NotYours
    if not entry.open:
        raise HoursSettled
    # Of an entry from an earlier release only its length is known.
    began = entry.began_at or entry.shift.ends_at - timedelta(minutes=entry.minutes)
    return entry, began, min(now, entry.shift.ends_at + AFTER)


async def propose(entry_id: int, ended: datetime | None, person: Person, now: datetime) -> HoursEntry:
    """Let a volunteer say when a round ended; None: when it was planned to. It waits for a coordinator.

    Raises NotYours, HoursSettled; ValueError outside of `window_of`, which the form has asked before.
    """
    await HoursEntry.held(entry_id)
    entry, began, latest = await window_of(entry_id, person, now)
    assert entry.shift is not None
    ended = ended or entry.shift.ends_at
    if not began < ended <= latest:
        raise ValueError(f"a round from {began} to {latest} cannot have ended at {ended}")
    return await entry.replaced(
        now,
        minutes=max(1, minutes_of(ended - began)),
        source=HoursSource.SAID,
        by_id=person.id,
        began_at=began,
        ended_at=ended,
    )


async def planned_minutes(entry_id: int) -> int:
    """Give the minutes that an entry proposes. Raises Gone."""
    entry = await HoursEntry.get_or_none(id=entry_id)
    if entry is None:
        raise Gone
    return entry.minutes
