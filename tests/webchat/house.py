"""A house with nothing but the web chat: it remembers what it heard and answers by a script."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from aiohttp import web

from bot.channels import Key, Letter, NotHeard, Update
from bot.channels.webchat import WebChat
from models.webchat import WebSession

Answer = Callable[[Update], Awaitable[None]]

# Unlike those of any other process, and rising as the outbox's do.
letters = itertools.count(os.getpid() * 1_000_000)


class House:
    """Serve the web chat on a real port; `heard` holds every update once, `repeats` how many came again."""

    def __init__(
        self, *, port: int = 0, public_url: str = "", now: Callable[[], datetime] | None = None
    ) -> None:
        self.port = port
        self.public_url = public_url
        self.now = now or (lambda: datetime.now(UTC))
        self.heard: list[Update] = []
        self.repeats = 0
        self.busy = 0
        self.answer: Answer | None = None
        self.hearing = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._events: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> House:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self.chat = WebChat(self.public_url or self.url, self.now)
        await self.chat.open()
        site = web.Application()
        site.add_routes(self.chat.routes(self.hear))
        site.on_shutdown.append(lambda _: self.chat.close())
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def hear(self, update: Update) -> None:
        """Hear an update once, as the inbox does; `busy` times it can't."""
        if self.busy:
            self.busy -= 1
            raise NotHeard
        async with self.hearing:
            if update.event in self._events:
                self.repeats += 1
                return
            self._events.add(update.event)
            self.heard.append(update)
            self.hearing.notify_all()
        if self.answer is not None:
            await self.answer(update)

    async def hears(self, count: int) -> list[Update]:
        """Wait until so many updates were heard."""
        async with self.hearing, asyncio.timeout(20):
            await self.hearing.wait_for(lambda: len(self.heard) >= count)
        return self.heard

    async def say(
        self,
        address: str,
        text: str,
        keys: Sequence[Sequence[tuple[str, str]]] = (),
        *,
        edits: str | None = None,
        want: str = "text",
        urgent: bool = False,
        language: str = "en",
        bold: Sequence[tuple[int, int]] = (),
    ) -> str:
        """Send a letter."""
        return await self.chat.send(
            Letter(
                id=next(letters),
                address=address,
                text=text,
                bold=bold,
                keys=[[Key(*key) for key in row] for row in keys],
                edits=edits,
                want=want,
                urgent=urgent,
                language=language,
            )
        )

    async def address(self, slot: str = "me") -> str:
        """Give the address of the newest session of a slot."""
        (session,) = await WebSession.filter(slot=slot).order_by("-id").limit(1)
        return session.address
