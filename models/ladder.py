"""The ladder of a worry: which step is due when, and taking it exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from models.canteens import Canteen

if TYPE_CHECKING:
    from models.cases import Case, CaseKind

BATCH: Final = 20
REPEATS_FOR: Final = 480  # minutes; after that the worry is brought up each morning
MORNING: Final = "09:00"
OWNED_DAYS: Final = 3
SPARED: Final = "spared"
DONE: Final = "step"
PASSED: Final = "passed"


class Step(StrEnum):
    """What is done after so many minutes, and for whom; never the police, never the family."""

    RED = "red"
    CALL = "call"
    GO_ON = "go_on"
    AGAIN = "again"
    SECOND = "second"
    REMIND = "remind"


Steps = Sequence[tuple[int, Step]]


@dataclass(frozen=True, slots=True)
class Due:
    """A step that was taken just now, and is to be said.

    reached: all steps whose minute has come since the last one; after an outage only the last is done.
    needed: nobody has spared us this step by looking after the case.
    """

    case: Case
    step: Step
    reached: Sequence[Step]
    needed: bool


def steps_of(kind: CaseKind, minutes: Sequence[int], *, urgent: bool) -> Steps:
    """Lay out the steps of a case by its kind, each with its minute; empty where nothing is urgent."""
    from models.cases import CaseKind

    red, call, go_on, again, second = minutes
    repeats = [(minute, Step.AGAIN) for minute in range(again, REPEATS_FOR + 1, again) if minute != second]
    match kind:
        case CaseKind.NO_ANSWER:
            once = [(red, Step.RED), (call, Step.CALL), (go_on, Step.GO_ON), (second, Step.SECOND)]
        case CaseKind.EMPTY_PLACE:
            once = [(red, Step.RED), (call, Step.CALL), (second, Step.SECOND)]
        case CaseKind.UNREACHED:
            # The phone was tried before: what is left is to look at the door, and who does that.
            once = [(call, Step.CALL), (second, Step.SECOND)]
        case _ if urgent:
            once = []
        case _:
            return []
    return sorted([*once, *repeats], key=lambda step: step[0])


def reddens(kind: CaseKind) -> Step:
    """Tell with which step a case turns red.

    Several calls in vain lie hours apart, so nothing is to be awaited first, as it is for somebody who may
    just be slow to the door: once the coordinators are asked to call all numbers, it can't wait.
    """
    from models.cases import CaseKind

    return Step.CALL if kind is CaseKind.UNREACHED else Step.RED


def sooner(minutes: Sequence[int], climbed: timedelta) -> list[int]:
    """Shift the minute of the second coordinator for a ladder that begins anew after it has climbed already.

    They are asked as if it had not, once a volunteer may have gone on; if they were asked, once more.
    """
    red, call, go_on, again, second = minutes
    left = second - max(climbed // timedelta(minutes=1), 0)
    return [red, call, go_on, again, max(left, go_on + 1) if left > 0 else second]


async def take_due(now: datetime, limit: int = BATCH) -> list[Due]:
    """Take the step that is due of up to `limit` open cases; the caller says it in the same transaction.

    Any number of processes may run it: one conditional update decides who takes a step.
    """
    from models.cases import Case

    found = Case.filter(next_at__lte=now, closed_at=None).order_by("next_at", "id").limit(limit)
    return [
        due
        for case in await found.select_for_update(skip_locked=True)
        if (due := await _take(case, now)) is not None
    ]


async def _take(case: Case, now: datetime) -> Due | None:
    steps, done = case.steps, case.step or 0
    reached = [step for minute, step in steps[done:] if case.minute(minute) <= now]
    step = reached[-1] if reached else Step.REMIND
    red_at = case.red_at or (now if reddens(case.kind) in reached else None)
    number = done + len(reached)
    next_at = case.minute(steps[number][0]) if number < len(steps) else await morning(case, now)
    # Closed, or taken by another process meanwhile: then it is not ours.
    mine = type(case).filter(id=case.id, closed_at=None, step=case.step, next_at=case.next_at)
    if not await mine.update(step=number, next_at=next_at, red_at=red_at):
        return None
    case.step, case.next_at, case.red_at = number, next_at, red_at
    needed = step is not Step.AGAIN or not await case.is_looked_after()
    for missed in reached[:-1]:
        await case.note(f"{PASSED}:{missed}", None, now)
    await case.note(f"{DONE if needed else SPARED}:{step}", None, now)
    return Due(case, step, reached or [step], needed)


async def morning(case: Case, now: datetime) -> datetime:
    """Tell on which morning a case that is still open is brought up: the next, or days later if owned."""
    canteen = await Canteen.get(id=case.canteen_id)
    day = canteen.today(now)
    if case.owner_id is not None:
        return canteen.at(day + timedelta(days=OWNED_DAYS), MORNING)
    this_morning = canteen.at(day, MORNING)
    return this_morning if now < this_morning else canteen.at(day + timedelta(days=1), MORNING)
