from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

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
