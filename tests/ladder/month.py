"""A month of seniors some of whom do not answer, lived on a house that dies, sleeps and has a poor clock."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.database import transaction
from bot.scheduler import Scheduler
from bot.speech import Mailbag, Post
from handlers.ladder import climb
from models.calendar import serves
from models.canteens import Canteen
from models.caselog import CaseEvent
from models.cases import Case, CaseKind, CaseOutcome
from models.people import Person
from models.seniors import Senior
from tests.house import TestClock
from tests.models.making import a_canteen, a_coordinator, a_person, a_senior, at

FIRST: Final = date(2026, 11, 2)
DAYS: Final = 30
TICK: Final = 15.0  # seconds between two looks of the scheduler
ALONG: Final = 10.0  # and what a busy machine adds to it
MINUTE: Final = timedelta(minutes=1)


class Killed(Exception):
    """The process died before it committed."""


def told_by_hand() -> Iterator[tuple[int, str]]:
    """List what must happen at a shut door, minute by minute, as a person would write it down."""
    yield from [(5, "red"), (10, "call"), (15, "go_on"), (30, "again"), (60, "again"), (90, "again")]
    yield 120, "second"
    yield from ((minute, "again") for minute in range(150, 481, 30))


@dataclass
class Door:
    """One shut door as the account keeps it; `left`: what must still happen, with its instants."""

    case_id: int
    left: list[tuple[datetime, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    red: bool = False
    owned: bool = False
    called: datetime | None = None

    def begin(self, began: datetime, *, keep: bool) -> None:
        """Begin to wait: a call counts from the minute when nobody answered, however late that was heard."""
        self.left = [(began + minute * MINUTE, step) for minute, step in told_by_hand()]
        self.red, self.owned = False, self.owned and keep
        if self.called is not None and self.called < began:
            self.called = None


@dataclass
class Figures:
    """What a month came to. late: the longest that a step waited while the house was awake."""

    doors: int = 0
    steps: int = 0
    passed: int = 0
    kills: int = 0
    sleeps: int = 0
    closed: int = 0
    late: timedelta = timedelta(0)


@dataclass
class Month:
    """The world of one month."""

    dice: random.Random
    canteen: Canteen
    chen: Person
    wu: Person
    lin: Person
    seniors: list[Senior]
    clock: TestClock
    doors: dict[tuple[int, date], Door] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)

    @classmethod
    async def begin(cls, seed: int, seniors: int) -> Month:
        """Open a canteen with its people on the first day."""
        start = at(f"{FIRST} 08:00")
        canteen = await a_canteen(now=start)
        chen, wu = await a_coordinator(canteen), await a_coordinator(canteen)
        lin = await a_person("Lin")
        people = [await a_senior(canteen) for _number in range(seniors)]
        return cls(random.Random(seed), canteen, chen, wu, lin, people, TestClock(start))

    async def live(self, share: float) -> Figures:
        """Live all days; on each, this share of the seniors does not answer."""
        for ahead in range(DAYS):
            day = FIRST + timedelta(days=ahead)
            if serves(31, day):
                await self.live_day(day, [one for one in self.seniors if self.dice.random() < share])
        for door in self.doors.values():
            await self.compare(door)
        return self.figures

    async def live_day(self, day: date, silent: list[Senior]) -> None:
        """Live one day from event to event until the evening."""
        order = itertools.count()
        morning, evening = at(f"{day} 10:30"), at(f"{day} 20:30")
        self.clock.instant = morning
        plans: list[tuple[datetime, int, Callable[[datetime], Awaitable[None]]]] = []
        for senior in silent:
            for when, act in self.plan(senior, day, morning + self.minutes(0, 80)):
                heapq.heappush(plans, (when, next(order), act))
        while True:
            due = min((door.left[0][0] for door in self.doors.values() if door.left), default=evening)
            what = plans[0][0] if plans else evening
            if min(due, what) >= evening:
                break
            if self.about_to_miss():
                await self.sleep(30, 45)
            elif self.dice.random() < 0.08:
                await self.sleep(2, 45)
            elif self.dice.random() < 0.05:
                # Somebody sets the machine's clock back: nothing that was done is done again.
                self.clock.instant -= self.minutes(1, 3)
                await self.look(awake=False)
            if what <= due or what <= self.clock.instant:
                when, _number, act = heapq.heappop(plans)
                self.clock.instant = max(when, self.clock.instant)
                await act(when)
            else:
                woken = due + timedelta(seconds=self.dice.uniform(0, TICK + ALONG))
                awake = woken >= self.clock.instant
                self.clock.instant = max(woken, self.clock.instant)
                await self.look(awake=awake)

    def plan(
        self, senior: Senior, day: date, began: datetime
    ) -> Iterator[tuple[datetime, Callable[[datetime], Awaitable[None]]]]:
        """Roll what people do about one door that stays shut."""
        dice, key = self.dice, (senior.id, day)

        def later(first: float, last: float) -> datetime:
            return began + self.minutes(first, last)

        async def knocks(when: datetime) -> None:
            await self.nobody_answers(senior, day, when)

        yield began, knocks
        if dice.random() < 0.4:
            yield later(1, 9), lambda _when: self.still_none(key)
        if dice.random() < 0.3:
            yield later(1, 25), lambda _when: self.opens(key)
            if dice.random() < 0.6:
                yield later(26, 60), knocks
        if dice.random() < 0.8:
            by = dice.choice((self.chen, self.wu))
            yield later(1, 70), lambda _when: self.takes(key, by)
            if dice.random() < 0.6:
                yield later(20, 130), lambda _when: self.calls(key, by)
        if dice.random() < 0.7:
            yield later(10, 420), lambda _when: self.closes(key)

    def minutes(self, first: float, last: float) -> timedelta:
        return timedelta(minutes=self.dice.uniform(first, last))

    # --------------------------------------------------------------------------------------------- people

    async def nobody_answers(self, senior: Senior, day: date, tapped: datetime) -> None:
        """Let a volunteer tap it; heard late, it keeps its minute."""
        known = self.doors.get((senior.id, day))
        going = known is not None and bool(known.left)
        async with transaction():
            before = await Case.get_or_none(senior_id=senior.id, day=day, kind=CaseKind.NO_ANSWER)
            was_open = before is not None and before.closed_at is None
            case = await Case.open(
                CaseKind.NO_ANSWER, senior, day, None, self.lin, None, self.clock.instant, at=tapped
            )
        if known is None:
            known = self.doors[senior.id, day] = Door(case.id)
            self.figures.doors += 1
        assert known.case_id == case.id, "one case of a senior and a day"
        if not going and (not was_open or (before is not None and before.rested_at is not None)):
            known.begin(tapped, keep=was_open)

    async def still_none(self, key: tuple[int, date]) -> None:
        async with transaction():
            case = await self.held(key)
            if case is None or case.rested_at is not None:
                return
            await case.still_none(self.lin, self.clock.instant)
        door = self.doors[key]
        if not door.red:
            door.red, door.left = True, [(due, step) for due, step in door.left if step != "red"]

    async def opens(self, key: tuple[int, date]) -> None:
        async with transaction():
            case = await self.held(key)
            if case is not None:
                await case.rest("opened after all", self.lin, self.clock.instant)
                self.doors[key].left = []

    async def takes(self, key: tuple[int, date], by: Person) -> None:
        async with transaction():
            case = await self.held(key)
            if case is not None:
                await case.take(by, self.clock.instant, over=True)
                self.doors[key].owned = True

    async def calls(self, key: tuple[int, date], by: Person) -> None:
        async with transaction():
            case = await self.held(key)
            if case is not None:
                await case.called(None, reached=False, by=by, now=self.clock.instant)
                door = self.doors[key]
                door.owned, door.called = True, max(door.called or self.clock.instant, self.clock.instant)

    async def closes(self, key: tuple[int, date]) -> None:
        async with transaction():
            case = await self.held(key)
            if case is not None:
                await case.close(CaseOutcome.SAFE_HOME, self.chen, self.clock.instant)
                self.doors[key].left = []
                self.figures.closed += 1

    async def held(self, key: tuple[int, date]) -> Case | None:
        """Hold the case of a door while it is open."""
        door = self.doors.get(key)
        if door is None:
            return None
        case = await Case.coordinated(door.case_id, self.chen)
        return case if case.closed_at is None else None

    # -------------------------------------------------------------------------------------------- the house

    def about_to_miss(self) -> bool:
        """Tell whether half an hour's sleep would pass over a step: each month has at least one that does."""
        soon = self.clock.instant + 30 * MINUTE
        return not self.figures.passed and any(
            len(door.left) > 1 and door.left[1][0] <= soon for door in self.doors.values()
        )

    async def sleep(self, shortest: float, longest: float) -> None:
        """Be away for so many minutes, and look again on coming back."""
        self.figures.sleeps += 1
        self.clock.instant += self.minutes(shortest, longest)
        await self.look(awake=False)

    async def look(self, *, awake: bool) -> None:
        """Tick: sometimes a process dies in the middle, sometimes there are two, always they are new ones."""
        if self.dice.random() < 0.2:
            self.figures.kills += 1
            try:
                async with transaction():
                    mail = Mailbag(self.clock.instant)
                    await climb(mail)
                    await Post(mail.now).write(mail.said)
                    raise Killed
            except Killed:
                pass
        processes = [Scheduler(self.clock) for _number in range(self.dice.choice((1, 1, 2, 3)))]
        assert all(await asyncio.gather(*(process.run(climb) for process in processes)))
        for door in [door for door in self.doors.values() if door.left]:
            self.account(door, awake=awake)
            await self.compare(door)

    def account(self, door: Door, *, awake: bool) -> None:
        """Write down what must have happened by now, in the plainest way."""
        now = self.clock.instant
        due = [step for step in door.left if step[0] <= now]
        door.left = door.left[len(due) :]
        for at_, step in due:
            last = (at_, step) == due[-1]
            spared = step == "again" and door.owned and door.called is not None
            door.said.append(f"passed:{step}" if not last else f"spared:{step}" if spared else f"step:{step}")
            door.red = door.red or step == "red"
            self.figures.steps += 1
            self.figures.passed += not last
            if awake and last:
                self.figures.late = max(self.figures.late, now - at_)

    async def compare(self, door: Door) -> None:
        """Hold the rows against the account: every step once, in its order, and none too much."""
        events = await CaseEvent.filter(case_id=door.case_id, by_id=None).order_by("id")
        rows = [event.kind for event in events if event.kind != "step:remind"]
        assert rows == door.said, f"case {door.case_id}: {rows} instead of {door.said}"
