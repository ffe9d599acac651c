"""APScheduler ticks the jobs that handlers declare; rows decide what is due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.database import WouldWrite, only_looking, retryable, side_by_side, traced, transaction
from bot.logs import scrubbed
from bot.speech import Mailbag, Post
from handlers.chat import REGISTRY, Job
from models.messaging import Heartbeat

log = structlog.get_logger(__name__)

TRIES: Final = 3
ROUNDS_AT_MOST: Final = 10_000
# Nobody asks to the second, and every heart beat is a transaction that turns wait for.
BEAT: Final = timedelta(seconds=10)
SHORTEST: Final = 0.25  # the world's seconds between two looks of a job, however fast the clock runs


class Scheduler:
    """Run each job every so many seconds: one call is one transaction, repeated while more is due."""

    def __init__(self, clock: Clock, wake: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._wake = wake
        self._ticks = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
        )
        self._busy = asyncio.Lock()
        self._stopping = False
        self._beats: dict[str, datetime] = {}

    def start(self) -> None:
        """Begin to tick: what fell due while we were away is done at once.

        Seconds are the clock's: at twice the speed a job looks twice as often, so that a minute stays one.
        """
        # It warns of each tick that finds its job still busy, which is as it should be.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for seconds, job in REGISTRY.jobs:
            self._ticks.add_job(
                self.run,
                "interval",
                seconds=max(seconds / self._clock.speed, min(seconds, SHORTEST)),
                args=[job],
                id=name_of(job),
                next_run_time=datetime.now(UTC),
            )
        self._ticks.start()

    async def stop(self) -> None:
        """Stop ticking, once the transaction under way has ended."""
        self._stopping = True
        if self._ticks.running:
            self._ticks.pause()
        # Those who were called and have not begun see that it is over, and so do all who wait for their turn.
        await asyncio.sleep(0)
        async with self._busy:
            await asyncio.sleep(0)
            if self._ticks.running:
                self._ticks.shutdown(wait=False)

    async def run(self, job: Job) -> bool:
        """Run a job until nothing more is due; False if it failed, or the end has come."""
        if self._stopping:
            return False
        async with self._busy:
            return await self._run(job)

    async def catch_up(self) -> None:
        """Run all jobs now, until none finds anything to do; for a clock that was moved.

        A job looks again only after somebody wrote into a table that it had read.
        """
        seen: dict[Job, set[str]] = {}
        async with self._busy:
            for _ in range(ROUNDS_AT_MOST):
                looking = [job for _seconds, job in REGISTRY.jobs if job not in seen]
                if not looking:
                    break
                for job in looking:
                    with traced() as traces:
                        more = await self._once(job)
                    for other in [other for other, read in seen.items() if read & traces.wrote]:
                        del seen[other]
                    if not more:
                        seen[job] = traces.read
        self._wake()

    async def _run(self, job: Job) -> bool:
        try:
            if not self._stopping and await self._once(job):
                await self._work_off(job)
        except Exception as error:
            log.error(
                "job_failed",
                job=name_of(job),
                error=type(error).__name__,
                exc_info=None if retryable(error) else scrubbed(error),
            )
            return False
        if self._stopping:
            return False
        await self._beat(name_of(job))
        self._wake()
        return True

    async def _work_off(self, job: Job) -> None:
        """Work off a backlog, by two transactions at once where the engine lets them."""

        async def lane() -> None:
            for _ in range(ROUNDS_AT_MOST):
                # In the middle of a backlog, to look first would be to do the work twice.
                if self._stopping or not await self._once(job, look=False):
                    break

        ended = await asyncio.gather(*(lane() for _ in range(side_by_side())), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error

    async def _beat(self, name: str) -> None:
        """Write that a job ran to its end; in the world's own time, whatever the canteen's clock says."""
        now = Clock().now()
        if name in self._beats and timedelta() <= now - self._beats[name] < BEAT:
            return
        await Heartbeat.bulk_create([Heartbeat(job=name, at=now)], on_conflict=["job"], update_fields=["at"])
        self._beats[name] = now

    async def _once(self, job: Job, *, look: bool = True) -> bool:
        """Run a job in one transaction; in none when nothing is due: a tick must not hold up turns."""
        if look and await self._idle(job):
            return False
        for attempt in range(1, TRIES + 1):
            try:
                async with transaction():
                    mail = Mailbag(self._clock.now())
                    more = await job(mail)
                    await Post(mail.now).write(mail.said)
                return bool(more)
            except Exception as error:
                if attempt == TRIES or not retryable(error):
                    raise
                await asyncio.sleep(0.05 * attempt)
        return False

    async def _idle(self, job: Job) -> bool:
        """Look whether a job has nothing to do."""
        mail = Mailbag(self._clock.now())
        try:
            with only_looking():
                more = await job(mail)
                # What it says again every time, and was said already, is nothing to do either.
                said = await Post(mail.now).write(mail.said)
        except WouldWrite:
            return False
        except Exception as error:
            if retryable(error):
                return False
            raise
        return not more and not said


def name_of(job: Job) -> str:
    """Name a job by its module and function, as its heartbeat is called."""
    return f"{job.__module__}.{getattr(job, '__qualname__', 'job')}"


LATE_AFTER: Final = timedelta(minutes=2)


async def late_jobs() -> list[str]:
    """List the jobs that have not run to their end for two minutes beyond their interval."""
    now = Clock().now()
    last = {beat.job: beat.at for beat in await Heartbeat.all()}
    return [
        name_of(job)
        for seconds, job in REGISTRY.jobs
        if name_of(job) not in last or now - last[name_of(job)] > LATE_AFTER + timedelta(seconds=seconds)
    ]
