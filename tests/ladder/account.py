"""Hold the rows that a rehearsal left against the plainest list of what must happen at a shut door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.caselog import CaseEvent
from models.cases import Case, CaseKind
from tests.ladder.month import MINUTE, told_by_hand
from tests.ladder.rehearsal import Away

NONE = timedelta(0)
LOST = timedelta(seconds=20)
"""The world's time after which a step that somebody could have done is lost."""


@dataclass
class Account:
    """What came of all doors. waits: how long each step that was said came after its minute.

    caught: how long after the house was back it said a step that fell into its absence, in the world's time.
    passed: those that were left out then, because a later one was the right one.
    """

    away: Sequence[Away]
    end: datetime
    speed: float
    waits: list[timedelta] = field(default_factory=list)
    caught: list[timedelta] = field(default_factory=list)
    passed: int = 0
    reminders: int = 0
    cases: int = 0
    closed: int = 0
    rested: int = 0

    async def read(self) -> None:
        """Read all; AssertionError for a step lost, doubled, out of turn or unasked, or a case so closed."""
        cases = await Case.filter(kind=CaseKind.NO_ANSWER).order_by("id")
        self.cases = len(cases)
        assert len({(case.senior_id, case.day) for case in cases}) == len(cases)
        for case in cases:
            await Ladder(self, case).read()

    @property
    def in_time(self) -> int:
        """Count the steps that were said within a minute of theirs."""
        return sum(wait <= MINUTE for wait in self.waits)

    def absence(self, due: datetime) -> Away | None:
        """Find the absence into which an instant fell."""
        return next((away for away in self.away if away.since <= due <= away.until), None)

    def __str__(self) -> str:
        latest, returned = max(self.waits, default=NONE), max(self.caught, default=NONE).total_seconds()
        return (
            f"{self.cases} doors, {self.closed} closed by people, {self.rested} opened after all;"
            f" {self.in_time} of {len(self.waits)} steps within a minute (median {_median(self.waits)},"
            f" latest {_seconds(latest)}); {len(self.caught)} caught up after an absence (at most"
            f" {returned:.1f} s of the world's after the return), {self.passed} passed over by a later one,"
            f" {self.reminders} reminders"
        )


@dataclass
class Ladder:
    """One case, event by event."""

    account: Account
    case: Case
    left: list[tuple[datetime, str]] = field(default_factory=list)
    red: bool = False
    over: bool = True
    reminded: set[str] = field(default_factory=set)

    async def read(self) -> None:
        events = await CaseEvent.filter(case_id=self.case.id).order_by("id")
        for event in events:
            if event.by_id is None:
                self.by_the_clock(event)
            else:
                self.by_somebody(event)
        self.nothing_lost(self.account.end)
        assert (self.case.closed_at is not None) == (events[-1].kind.startswith("closed:"))

    def by_somebody(self, event: CaseEvent) -> None:
        kind = event.kind
        if kind in ("opened", "again"):
            if self.over:
                self.left = [(event.at + minute * MINUTE, step) for minute, step in told_by_hand()]
                self.red, self.over = False, False
        elif kind == "still none" and not self.red:
            self.nothing_lost(event.at)
            self.red, self.left = True, [(due, step) for due, step in self.left if step != "red"]
        elif kind == "opened after all" or kind.startswith("closed:"):
            self.nothing_lost(event.at)
            self.left, self.over = [], True
            self.account.closed += kind.startswith("closed:")
            self.account.rested += kind == "opened after all"

    def by_the_clock(self, event: CaseEvent) -> None:
        how, step = event.kind.split(":")
        assert how in ("step", "spared", "passed"), f"the machine did {event.kind} in case {self.case.id}"
        if step == "remind":
            morning = f"{event.at:%F}"
            assert not self.left, f"case {self.case.id} has steps before it"
            assert morning not in self.reminded, f"case {self.case.id} was reminded of twice on {morning}"
            self.reminded.add(morning)
            self.account.reminders += 1
            return
        assert self.left, f"case {self.case.id}: {event.kind} at {event.at}, and nothing was due any more"
        due, expected = self.left.pop(0)
        told = f"case {self.case.id}: {event.kind} at {event.at}, due was {expected} at {due}"
        assert step == expected, told
        assert due <= event.at, told
        self.red = self.red or step == "red"
        absence = self.account.absence(due)
        if how == "passed":
            assert absence is not None, f"{told}, and the house was there"
            assert self.left[0][0] <= event.at, f"{told}, and it was the right one"
            self.account.passed += 1
            return
        assert not self.left or event.at < self.left[0][0], f"{told}, and a later one was the right one"
        if absence is None:
            self.account.waits.append(event.at - due)
        else:
            self.account.caught.append(max(event.at - absence.until, NONE) / self.account.speed)

    def nothing_lost(self, now: datetime) -> None:
        """Check that no step was due more than a minute ago, counted from when somebody could do it."""
        for due, step in self.left:
            absence = self.account.absence(due)
            latest = (due if absence is None else absence.until) + LOST * self.account.speed
            assert latest >= now, f"case {self.case.id}: {step} of {due} was not done at {now}"


def _median(waits: Sequence[timedelta]) -> str:
    return _seconds(sorted(waits)[len(waits) // 2]) if waits else "–"


def _seconds(wait: timedelta) -> str:
    return f"{wait.total_seconds():.0f} s"
