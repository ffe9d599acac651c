"""A bot's webhook for tests of delivery."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.telegram_server.bell import Bell


@dataclass
class Ear:
    """A bot's webhook: it answers with the next planned answer, 200 when there is none left."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)
    answers: list[int | dict[str, Any]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    bell: Bell = field(default_factory=Bell)

    async def listen(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.heard.append(await request.json())
        self.bell.ring()
        await self.open.wait()
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, dict):
            return web.json_response(answer)
        return web.Response(status=answer, headers={"Retry-After": "20"} if answer == 429 else {})

    async def hears(self, count: int) -> None:
        assert await self.bell.until(lambda: len(self.heard) >= count or None, 5)

    @property
    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.heard]


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    ear = Ear()
    ear.open.set()
    app = web.Application()
    app.router.add_post("/hook", ear.listen)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ear.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield ear
    finally:
        ear.open.set()
        await runner.cleanup()
