"""Ears for a channel, and a channel that listens."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.channels import NotHeard, Update
from bot.channels.telegram import Telegram
from tests.telegram_server import TelegramServer

PATIENCE = 10.0


class Ears:
    """Hear updates once each, as an inbox does; be deaf to an event as often as told."""

    def __init__(self) -> None:
        self.heard: list[Update] = []
        self.brought: Counter[str] = Counter()
        self.deaf: Counter[str] = Counter()
        self.slow: dict[str, asyncio.Event] = {}
        self.at_once = 0
        self.most_at_once = 0
        self._changed = asyncio.Condition()

    async def __call__(self, update: Update) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.brought[update.event] += 1
            await self._ring()
            if update.text in self.slow:
                await self.slow[update.text].wait()
            if self.deaf[update.text]:
                self.deaf[update.text] -= 1
                raise NotHeard
            if all(update.event != heard.event for heard in self.heard):
                self.heard.append(update)
            await self._ring()
        finally:
            self.at_once -= 1

    @property
    def texts(self) -> list[str]:
        return [update.text for update in self.heard]

    async def heard_all(self, *texts: str) -> None:
        """Wait until these were heard, in whatever order."""
        await self._until(lambda: Counter(texts) <= Counter(self.texts))

    async def has_brought(self, count: int) -> None:
        """Wait until so many updates were brought, heard or not."""
        await self._until(lambda: self.brought.total() >= count)

    async def _until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(seen)

    async def _ring(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def opened(tg: TelegramServer, **options: object) -> AsyncIterator[Telegram]:
    """Open a channel to a server."""
    channel = Telegram(tg.token, tg.url, **options)  # type: ignore[arg-type]  # options are checked at run time
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


@asynccontextmanager
async def polling(tg: TelegramServer, ears: Ears) -> AsyncIterator[Telegram]:
    """Let a channel poll."""
    async with opened(tg) as channel:
        poller = asyncio.create_task(channel.receive(ears))
        try:
            yield channel
        finally:
            poller.cancel()
            await asyncio.gather(poller, return_exceptions=True)


@asynccontextmanager
async def hooked(tg: TelegramServer, ears: Ears) -> AsyncIterator[tuple[Telegram, str]]:
    """Let a channel take updates by webhook; give it and its public address."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with opened(tg, public_url=address) as channel:
            app = web.Application()
            app.add_routes(channel.routes(ears))
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            try:
                await web.SockSite(runner, door).start()
                await channel.receive(ears)
                yield channel, address
            finally:
                await runner.cleanup()
