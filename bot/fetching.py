"""What people sent and a channel still has: fetched after the turn, kept once, tried until it is here."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final, Protocol, runtime_checkable

import structlog

from bot.channels import Later, Rejected
from bot.clock import Clock
from bot.database import retryable, transaction
from bot.filetypes import kind_of, type_of, without_place
from bot.leases import LIFE, Leases
from bot.logs import scrubbed
from bot.speech import Mailbag, Post
from handlers import enclosed, words
from handlers.text import Text
from models.files import AT_MOST, File
from models.people import Person

log = structlog.get_logger(__name__)

AT_ONCE: Final = 4
POLL_SECONDS: Final = 1.0
AGAIN: Final = timedelta(minutes=1)


@runtime_checkable
class Source(Protocol):
    """A channel that keeps what people sent for us to fetch."""

    @property
    def name(self) -> str: ...

    async def download(self, file_id: str) -> bytes:
        """Fetch a file. Raises Rejected or Later."""


class Fetcher:
    """Fetches the files of one channel; one process at a time, and what it held is taken over."""

    def __init__(self, source: Source, clock: Clock, leases: Leases) -> None:
        self._source = source
        self._clock = clock
        self._leases = leases

    async def run(self) -> None:
        """Fetch until cancelled."""
        renew_at, holding = 0.0, False
        loop = asyncio.get_running_loop()
        while True:
            took = 0
            try:
                if (began := loop.time()) >= renew_at:
                    holding = await self._leases.hold(f"fetcher:{self._source.name}")
                    renew_at = began + LIFE.total_seconds() / 4
                took = await self.step() if holding else 0
            except Exception as error:
                log.error(
                    "fetcher_failed",
                    channel=self._source.name,
                    error=type(error).__name__,
                    exc_info=None if retryable(error) else scrubbed(error),
                )
            if not took:
                await asyncio.sleep(POLL_SECONDS)

    async def step(self) -> int:
        """Fetch what is due; return how many files were tried."""
        files = await File.to_fetch(self._source.name, self._clock.now(), AT_ONCE)
        for file in files:
            await self._fetch(file)
        return len(files)

    async def _fetch(self, file: File) -> None:
        try:
            content = await self._source.download(file.ref or "")
        except Later as later:
            if not await File.later(file, self._clock.now() + max(later.wait, AGAIN)):
                await self._lose(file, words.FILE_LOST)
            return
        except Rejected:
            await self._lose(file, words.FILE_LOST)
            return
        mime = type_of(content)
        if len(content) > AT_MOST:
            await self._lose(file, enclosed.too_large(file.kind))
        elif mime is None or kind_of(mime) is not file.kind:
            await self._lose(file, words.FILE_UNKNOWN)
        else:
            async with transaction():
                await File.arrived(file.id, mime, without_place(content))

    async def _lose(self, file: File, why: Text) -> None:
        """Give a file up, and tell who sent it, once."""
        now = self._clock.now()
        async with transaction():
            if await File.lost(file.id, now) and file.by_id is not None:
                mail = Mailbag(now)
                mail.say(why, to=await Person.get(id=file.by_id), key=f"file lost {file.id}")
                await Post(now).write(mail.said)
