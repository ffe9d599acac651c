"""Days of doors that stay shut, lived through the channel by real processes that are killed all the time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sized
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.database import connect, disconnect
from models.calendar import serves
from models.caselog import CaseEvent
from models.cases import Case, CaseKind
from models.meals import Meal
from models.shifts import Claim
from tests.kill.life import Cradle, Installation
from tests.ladder.account import Account
from tests.ladder.furnish import WEEKDAYS, furnish
from tests.ladder.month import FIRST, MINUTE
from tests.ladder.people import Desk, Walker
from tests.ladder.rehearsal import FastClock, Twins
from tests.models.making import at
from tests.telegram_server import UNPACED, RemoteTelegram

ROUTES, DESKS = 3, 2
LEAD, GAP = 4.0, 6.0
"""The world's seconds before the next thing that happens to which the clock is moved: as long as a process
needs to start; and how far off it is where moving is worth it."""
OUTAGE, OUTAGES = (10.0, 45.0), 0.4
LAST = "12:40"

Act = Callable[[], Awaitable[None]]
Found = TypeVar("Found", bound=Sized)


@dataclass
class Rehearsal:
    """The world of some days; every roll of the dice comes from one seed."""

    dice: random.Random
    clock: FastClock
    twins: Twins
    walkers: list[Walker]
    desks: list[Desk]
    silent: set[tuple[int, date]] = field(default_factory=set)
    outages: int = 0
    _order: Iterator[int] = field(default_factory=itertools.count)
    _plans: list[tuple[datetime, int, Act]] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, folder: Path, url: str, *, seed: int, seniors: int, speed: float
    ) -> AsyncIterator[Rehearsal]:
        """Furnish a migrated database three days before the first; two processes serve it from then on."""
        dice, start = random.Random(seed), at(f"{FIRST - timedelta(days=3)} 09:00")
        async with (
            RemoteTelegram.started(limits=UNPACED, backoff=0.02) as telegram,
            Cradle.opened() as cradle,
        ):
            desks = [Desk(telegram.user(f"Coordinator {number}", wrote=True)) for number in range(DESKS)]
            walkers = [Walker(telegram.user(f"Volunteer {number}", wrote=True)) for number in range(ROUTES)]
            await connect(url)
            try:
                await furnish(start, seniors, [each.user for each in desks], [each.user for each in walkers])
                clock = FastClock(start, speed)
                houses = [Installation(cradle, folder, url, telegram.url, telegram.token) for _ in range(2)]
                twins = Twins(clock, (houses[0], houses[1]), dice)
                await twins.wake()
                await until(lambda: promised(FIRST), ROUTES)
                yield cls(dice, clock, twins, walkers, desks)
                await twins.stop()
            finally:
                await disconnect()

    async def live(self, days: int, share: float) -> AsyncIterator[tuple[date, Account]]:
        """Live so many service days, on each of which this share of the seniors does not answer.

        After each comes what all doors so far have come to.
        """
        for day in itertools.islice(service_days(), days):
            away = self.dice.uniform(*OUTAGE) * MINUTE if self.dice.random() < OUTAGES else None
            await self.live_day(day, share, away=away, after=self.dice.randrange(1, 8))
            yield day, await self.account()

    async def live_day(
        self,
        day: date,
        share: float,
        *,
        last: str = LAST,
        away: timedelta | None = None,
        after: int = 1,
        people: bool = True,
    ) -> None:
        """Walk the rounds of a day and follow its doors until `last`; what lies between is not waited for.

        away: for how long nobody is there, once so many steps were taken. people: they act.
        """
        await self.twins.jump(at(f"{day} 09:57"))
        async with self.twins.restless():
            meals = await until(lambda: self._meals(day))
            silent = {meal for meal in meals if self.dice.random() < share} or {self.dice.choice([*meals])}
            self.silent |= {(meals[meal], day) for meal in silent}
            await asyncio.gather(*(walker.walk(silent) for walker in self.walkers))
            doors = Case.filter(day=day, kind=CaseKind.NO_ANSWER)
            for case in await doors.order_by("id") if people else ():
                for when, act in self.plan(case):
                    heapq.heappush(self._plans, (when, next(self._order), act))
            while (coming := await self._next(at(f"{day} {last}"), day)) is not None:
                now = self.clock.now()
                if self._plans and self._plans[0][0] <= now:
                    await heapq.heappop(self._plans)[2]()
                elif coming - now <= self.clock.of(GAP):
                    await asyncio.sleep(0.05)
                elif away is not None and await self._steps(day) >= after:
                    await self.twins.jump(self.clock.now() + away)
                    self.outages, away = self.outages + 1, None
                else:
                    await self.twins.jump(coming - self.clock.of(LEAD))
            self._plans.clear()

    async def account(self) -> Account:
        """Hold the rows against what must have happened by now."""
        account = Account(self.twins.away, self.clock.now(), self.clock.speed)
        await account.read()
        cases = await Case.filter(kind=CaseKind.NO_ANSWER)
        tapped = {(case.senior_id, case.day) for case in cases}
        assert tapped == self.silent, "every door that stayed shut is a case, and nothing else is"
        return account

    def plan(self, case: Case) -> Iterator[tuple[datetime, Act]]:
        """Roll what people do about a door: at any rung, or never."""
        dice, desk = self.dice, self.dice.choice(self.desks)

        def later(first: float, last: float) -> datetime:
            return case.opened_at + dice.uniform(first, last) * MINUTE

        if dice.random() < 0.6:
            yield later(1, 70), lambda: desk.taps(f"take:{case.id}")
            if dice.random() < 0.6:
                yield later(5, 100), lambda: desk.taps(f"called:{case.id}:0:0")
        for each in self.walkers:
            if dice.random() < 0.15:
                yield later(1, 9), lambda walker=each: walker.taps(f"still_none:{case.id}")
            if dice.random() < 0.08:
                opened = f"at_door:{case.meal_id}:handed_over"
                yield later(2, 40), lambda walker=each, opened=opened: walker.taps(opened)
        if dice.random() < 0.6:
            rung = dice.choice([(1, 4), (6, 9), (11, 14), (16, 29), (31, 59), (61, 119), (121, 130)])
            yield later(*rung), lambda: desk.closes(case.id)

    async def _meals(self, day: date) -> dict[int, int]:
        return dict(await Meal.filter(day=day).values_list("id", "senior_id"))

    async def _steps(self, day: date) -> int:
        return await CaseEvent.filter(case__day=day, by_id=None).count()

    async def _next(self, last: datetime, day: date) -> datetime | None:
        """Tell when something happens next on this day."""
        doors = Case.filter(day=day, kind=CaseKind.NO_ANSWER, closed_at=None, next_at__lte=last)
        coming = [case.next_at for case in await doors.order_by("next_at").limit(1) if case.next_at]
        coming += [when for when, _number, _act in self._plans[:1] if when <= last]
        return min(coming, default=None)


def service_days() -> Iterator[date]:
    """Count the days on which lunch is cooked."""
    days = (FIRST + timedelta(days=ahead) for ahead in itertools.count())
    return (day for day in days if serves(WEEKDAYS, day))


async def promised(day: date) -> list[Claim]:
    """List who carries a route on a day."""
    return await Claim.filter(shift__day=day)


async def until(look: Callable[[], Awaitable[Found]], enough: int = 1, timeout: float = 60.0) -> Found:
    """Look until there are so many."""
    async with asyncio.timeout(timeout):
        while len(found := await look()) < enough:  # noqa: ASYNC110 -- another process writes them
            await asyncio.sleep(0.05)
        return found
