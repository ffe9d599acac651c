"""A real house on a real channel, with a clock that can be moved, and the people of a town around it."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.app import App
from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.console import open_canteen
from bot.settings import Settings, load
from tests.day.phones import Phone, TelegramPhone, WebPhone
from tests.fixtures_database import SECRET
from tests.telegram_server import TelegramServer
from tests.telegram_server.limits import UNPACED
from tests.webchat.phone import Phone as Page

Way = Literal["webhook", "polling", "webchat"]
ZONE: Final = ZoneInfo("Asia/Shanghai")
TAGS: Final = {"en": "en", "es": "es", "zh_Hans": "zh-hans", "zh_Hant": "zh-hant"}


class Town:
    """One running house, and phones that reach it."""

    def __init__(self, app: App, server: TelegramServer, way: Way, stack: contextlib.AsyncExitStack) -> None:
        self.app = app
        self.server = server
        self.way = way
        self._stack = stack
        self._slots = itertools.count(1)

    @property
    def url(self) -> str:
        """Give the address of the house's web server."""
        return f"http://127.0.0.1:{self.app.port}"

    async def phone(self, name: str, language: str) -> Phone:
        """Give somebody a phone on this town's channel."""
        if self.way == "webchat":
            return await self.browser(name, language)
        user = self.server.user(name, language_code=TAGS[language])
        return TelegramPhone(name, language, self.server, user)

    async def browser(self, name: str, language: str) -> WebPhone:
        """Give somebody a browser."""
        page = await self._stack.enter_async_context(Page(self.url, f"phone-{next(self._slots)}"))
        return WebPhone(name, language, page)

    async def at(self, when: str) -> None:
        """Move the clock to a local time and do all that is due by then."""
        self.app.clock.move(datetime.fromisoformat(when).replace(tzinfo=ZONE).astimezone(UTC))
        await self.goes_on()

    async def goes_on(self) -> None:
        """Do all that is due."""
        await self.app.scheduler.catch_up()


def settings_for(way: Way, database_url: str, start: datetime, server: TelegramServer) -> Settings:
    """Make settings as an installation has them."""
    port = free_port()
    settings = load(
        _env_file=None,
        database_url=database_url,
        host="127.0.0.1",
        port=port,
        secret_key=SECRET,
        telegram_api_url=server.url,
        public_url=f"http://127.0.0.1:{port}" if way == "webhook" else None,
    )
    # A clock and a public address are refused together; here both are ours.
    return settings.model_copy(update={"clock": start})


def free_port() -> int:
    """Find a port that nobody listens on: links and webhooks are known before the server listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextlib.asynccontextmanager
async def town(way: Way, database_url: str, start: str, canteen: str) -> AsyncIterator[tuple[Town, str]]:
    """Open a canteen as `canteen init` does, run its house, and give the code of its first coordinator."""
    instant = datetime.fromisoformat(start).replace(tzinfo=ZONE).astimezone(UTC)
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(TelegramServer(limits=UNPACED, backoff=0.02))
        settings = settings_for(way, database_url, instant, server)
        code, links = await open_canteen(settings, canteen, str(ZONE), "en")
        assert any(code in link for link in links)
        channels = [] if way == "webchat" else [telegram(server, settings)]
        app = App(settings, clock=Clock(instant), channels=channels)
        await stack.enter_async_context(app.running())
        if way == "polling":
            await server.polled()
        if way == "webhook":
            await server.called("setWebhook")
        phones = await stack.enter_async_context(contextlib.AsyncExitStack())
        yield Town(app, server, way, phones), code


def telegram(server: TelegramServer, settings: Settings) -> Telegram:
    """Make the real channel without its waits: the tests of pace are elsewhere, and a day has many words."""
    channel = Telegram(server.token, server.url, settings.public_url)
    channel.capabilities = dataclasses.replace(  # type: ignore[misc]  # final in the product
        channel.capabilities, per_second=None, per_chat_per_second=None
    )
    return channel
