"""A coordinator prints a day, on Telegram and on the web chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from models.canteens import Canteen
from tests.day.phones import Phone, TelegramPhone, WebPhone
from tests.day.test_trouble import opened
from tests.day.town import Way, town
from tests.models.making import a_senior
from tests.pdf import pages


async def papers_of(phone: Phone) -> list[tuple[str, bytes]]:
    """Wait for the roster and the route sheets, and open both."""
    if isinstance(phone, TelegramPhone):
        found = await _both(phone, lambda: _documents(phone))
        files = phone._server.state.files
        return [(each["file_name"], files.find(each["file_id"]).content) for each in found]
    assert isinstance(phone, WebPhone)
    page = phone.page
    found = await _both(phone, lambda: [each["file"] for each in page.shown.values() if "file" in each])
    return [(each["name"], await _fetched(page._http, f"{page.base}file/{each['id']}")) for each in found]


def _documents(phone: TelegramPhone) -> list[Any]:
    return [seen.raw["document"] for seen in phone.user.messages if "document" in seen.raw]


async def _both(phone: Phone, look: Callable[[], list[Any]]) -> list[Any]:
    async with asyncio.timeout(30):
        while len(found := look()) < 2:
            await phone._changed()
    return found


async def _fetched(browser: aiohttp.ClientSession, url: str) -> bytes:
    async with browser.get(url) as answer:
        assert answer.status == 200
        return await answer.read()


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["polling", "webchat"])
async def test_a_coordinator_prints_tomorrows_lists(way: Way, db_url: str) -> None:
    async with town(way, db_url, "2026-11-23 09:00", "Ping'an Lane") as (there, code):
        chen = await opened(there, code)
        canteen = await Canteen.get()
        await a_senior(canteen, name="王桂兰")
        await chen.says("/kitchen")
        await chen.hears("Kitchen for {day}: {n} lunch", 1)
        await chen.presses("Print")
        await chen.hears("{day}: what shall I make? Each comes as a PDF to print; a table opens in Excel.")
        await chen.presses("All to print")
        (roster, list_), (routes, sheet), *_others = await papers_of(chen)
        assert (roster, routes) == ("roster-2026-11-24.pdf", "routes-2026-11-24.pdf")
        assert "王桂兰" in pages(list_)[0]
        assert "3 Ping'an Lane" in pages(sheet)[0]
