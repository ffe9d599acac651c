from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.webchat.browser import PHONE, Reader, chromium
from tests.webchat.house import House
from tests.webchat.phone import Phone


@pytest_asyncio.fixture
async def house(db: str) -> AsyncIterator[House]:
    async with House() as house:
        yield house


@pytest_asyncio.fixture
async def phone(house: House) -> AsyncIterator[Phone]:
    async with Phone(house.url) as phone:
        yield phone


@pytest_asyncio.fixture
async def reader(house: House) -> AsyncIterator[Reader]:
    """Someone at the page on a phone; the page must not complain."""
    async with chromium() as browser:
        context = await browser.new_context(**PHONE)
        reader = Reader(await context.new_page())
        await reader.open(f"{house.url}/chat/")
        yield reader
        await context.close()
        assert reader.errors == []
