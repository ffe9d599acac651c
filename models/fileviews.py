"""Who is shown a photo or a voice note, and until when it stands in a chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from tortoise.expressions import Q

from models.cases import Case
from models.files import LISTED, File
from models.meals import Meal
from models.people import Membership, Person, Role
from models.refusals import RoundOver
from models.rounds import Round
from models.shifts import Claim

SHOWN_FOR: Final = timedelta(hours=24)
"""After that it goes from the chats (storage limitation, GDPR Art. 5); Telegram lets us for 48 hours."""


async def seen_by(file_id: int, person: Person, now: datetime) -> tuple[File, datetime]:
    """Find a file for somebody who may see it, and until when it may stand before them.

    These are the coordinators there, and who sent it, on their round: a picture of a home is shown as long as
    its address. Raises FileGone if it was deleted, RoundOver, NotAllowed.
    """
    file = await File.deletable_by(file_id, person)
    until = now + SHOWN_FOR
    if not await Membership.holds(person.id, file.canteen_id, Role.COORDINATOR):
        ends = await _round_ends(file, person, now)
        if ends is None:
            raise RoundOver
        until = min(until, ends)
    return file, until


async def _round_ends(file: File, author: Person, now: datetime) -> datetime | None:
    """Tell until when the round may be seen on which a volunteer sent a file; None: no more."""
    case = await Case.get_or_none(id=file.case_id)
    meal = await Meal.get_or_none(id=file.meal_id if case is None else case.meal_id)
    round_ = None if meal is None else await Round.with_meal(meal, author, now)
    return None if round_ is None else round_.ends


async def note_shown(file: File, until: datetime) -> None:
    """Note until when a file may stand in a chat; the soonest counts, for whoever was shown it."""
    later = Q(hide_at=None) | Q(hide_at__gt=until)
    await File.filter(later, id=file.id).update(hide_at=until)


async def to_hide(now: datetime, limit: int) -> list[File]:
    """Take those that have stood in chats long enough, or are deleted; each once."""
    due = await File.filter(hide_at__lte=now).order_by("hide_at", "id").limit(limit).only(*LISTED)
    if due:
        await File.filter(id__in=[file.id for file in due], hide_at__lte=now).update(hide_at=None)
    return due


async def of_round(claim: Claim, now: datetime) -> Sequence[File]:
    """List what somebody sent on a round and what still stands in a chat. Needs the claim's shift."""
    shift = claim.shift
    shown = File.filter(by_id=claim.person_id, hide_at__gt=now, canteen_id=shift.canteen_id)
    found = []
    for file in await shown.prefetch_related("meal", "case__meal"):
        meal = file.meal if file.case is None else file.case.meal
        if meal is not None and (meal.route_id, meal.day) == (shift.route_id, shift.day):
            found.append(file)
    return found


async def viewers(file: File) -> list[Person]:
    """List whom a file may have been shown to: who sent it, and whoever coordinated there."""
    held = Membership.filter(canteen_id=file.canteen_id, role=Role.COORDINATOR)
    ids = {row[0] for row in await held.values_list("person_id")} | {file.by_id}
    return await Person.filter(id__in=[each for each in ids if each is not None]).order_by("id")
