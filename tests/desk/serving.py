"""The desk's page on a real port, beside a house whose messages are read in the test."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from bot.clock import Clock
from bot.web.boards import Boards
from bot.web.openpages import OpenPages
from tests.house import House, Phone, TestClock


@dataclass
class Served:
    """Where the pages are."""

    url: str
    port: int

    async def link(self, phone: Phone) -> str:
        """Ask the chat for a link to the desk's page."""
        await phone.says("/signin")
        (told, *_more) = await phone.taps("Open the desk page")
        found = re.search(r"http\S+/board/desk/in/\S+", told.text)
        assert found, told.text
        return found[0]


class HeldClock(Clock):
    """The machinery's clock, held by the test's."""

    def __init__(self, held: TestClock) -> None:
        super().__init__()
        self._held = held

    def now(self):  # type: ignore[no-untyped-def]  # as the clock it stands for
        return self._held.now()


@contextlib.asynccontextmanager
async def served(house: House, port: int = 0) -> AsyncIterator[Served]:
    """Serve the pages of a house; what they say is sent at once."""
    listening = socket.create_server(("127.0.0.1", port))
    there = Served(f"http://127.0.0.1:{listening.getsockname()[1]}", listening.getsockname()[1])
    house.channels.base_url = there.url
    site = web.Application()
    site.add_subapp("/board", Boards(there.url, HeldClock(house.clock), lambda: None).site())
    site.add_subapp("/public", OpenPages(HeldClock(house.clock)).site())
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield there
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser without scripts: it keeps cookies and follows where it is sent."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session
