"""Two real processes on one database under a clock that runs fast, is moved on, and outlives them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.kill.life import Installation, Life

# Seconds of the world between two deaths while nothing else happens, and until the dead is started again.
CALM, GRIEF = (2.0, 8.0), (0.0, 0.5)


class FastClock:
    """Tell the house's time at a moment of this machine, whose own clock all its processes share."""

    def __init__(self, start: datetime, speed: float) -> None:
        self.speed = speed
        self.move(start)

    def move(self, to: datetime) -> None:
        self._start, self._zero = to, time.monotonic()

    def at(self, moment: float) -> datetime:
        return self._start + timedelta(seconds=(moment - self._zero) * self.speed)

    def now(self) -> datetime:
        return self.at(time.monotonic())

    def of(self, seconds: float) -> timedelta:
        """Tell how long seconds of the world are here."""
        return timedelta(seconds=seconds * self.speed)


@dataclass(frozen=True)
class Away:
    """From when on nobody looked at what was due, and when the first one looked again."""

    since: datetime
    until: datetime


@dataclass
class Twins:
    """Two processes, killed one at a time while the other serves, or both when the clock is moved."""

    clock: FastClock
    houses: tuple[Installation, Installation]
    dice: random.Random
    lives: list[Life] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    kills: int = 0
    moves: int = 0
    _behind: dict[int, timedelta] = field(default_factory=dict)
    _quiet: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __str__(self) -> str:
        return f"{self.kills} kills, {self.moves} moves of the clock"

    async def wake(self) -> None:
        """Start both; whoever ticks first ends the time in which nobody did."""
        self.lives = [await self._start(number) for number in range(2)]
        await asyncio.gather(*(self._up(number) for number in range(2)))

    async def jump(self, to: datetime) -> None:
        """Kill both, move the clock on, and start both by it."""
        async with self._quiet:
            # The one whose clock is behind may have had a step still before it that the other saw coming.
            since = self.clock.now() - max(self._behind.values())
            for life in self.lives:
                await self._kill(life)
            self.clock.move(max(to, self.clock.now()))
            self.moves += 1
            self.lives = [await self._start(number) for number in range(2)]
            first = min(await asyncio.gather(*(self._up(number) for number in range(2))))
            self.away.append(Away(since, first))

    @asynccontextmanager
    async def restless(self) -> AsyncIterator[None]:
        """Kill one of the two again and again, while the other lives."""

        async def again_and_again() -> None:
            while True:
                await asyncio.sleep(self.dice.uniform(*CALM))
                async with self._quiet:
                    number = self.dice.randrange(2)
                    await self._kill(self.lives[number])
                    await asyncio.sleep(self.dice.uniform(*GRIEF))
                    self.lives[number] = await self._start(number)
                    await self._up(number)

        unrest = asyncio.create_task(again_and_again())
        try:
            yield
        finally:
            # Whoever is being started is up before both are asked to end.
            async with self._quiet:
                unrest.cancel()
            await asyncio.gather(unrest, return_exceptions=True)
            if not unrest.cancelled() and (error := unrest.exception()) is not None:
                raise error

    async def stop(self) -> None:
        """End both in good order."""
        assert [await life.stop() for life in self.lives] == [0, 0], self.logged()

    def logged(self) -> str:
        return "".join(house.logged() for house in self.houses)

    async def _start(self, number: int) -> Life:
        clock = {"CLOCK": self.clock.now().isoformat(), "CLOCK_SPEED": str(self.clock.speed)}
        return await self.houses[number].start(**clock)

    async def _up(self, number: int) -> datetime:
        """Wait until it ticks; give its time then."""
        shown, moment = await self.lives[number].up()
        self._behind[number] = self.clock.at(moment) - shown
        return shown

    async def _kill(self, life: Life) -> None:
        life.kill()
        await life.died()
        self.kills += 1
