"""Several processes serve one chat: who is connected where makes no difference."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.webchat import WebMessage
from tests.webchat.house import House
from tests.webchat.phone import Phone

ROOT = Path(__file__).resolve().parents[2]


@contextlib.asynccontextmanager
async def another_process(database_url: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.webchat.serve", database_url,
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            yield (await process.stdout.readline()).decode().strip()
            process.stdin.close()
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_what_one_process_writes_reaches_the_pages_of_another(house: House, phone: Phone) -> None:
    async with House() as second:
        await phone.connect(second.url)
        await house.say(await house.address(), "From the first")
        assert (await phone.sees("From the first"))["mine"] is False


async def test_one_message_brought_to_two_processes_stands_there_once(house: House, phone: Phone) -> None:
    async with House() as second:
        name = await phone.say("Hello")
        await phone.told("heard", name)
        await phone.connect(second.url)
        await phone.say("Hello", name=name)
        await phone.told("heard", name)
        assert phone.texts == ["Hello"]
        assert await WebMessage.all().count() == 1


async def test_a_session_moves_between_real_processes_without_a_gap(db: str, house: House) -> None:
    async with another_process(db) as second, Phone(house.url) as phone:
        await phone.say("One")
        await phone.told("heard")
        await phone.hang_up()
        await phone.connect(second)
        await phone.say("Two")
        await phone.sees("Heard: Two")
        await house.say(await house.address(), "Three")
        await phone.sees("Three")
        assert phone.texts == ["One", "Two", "Heard: Two", "Three"]


async def test_a_house_that_closes_sends_its_pages_away_and_they_find_the_next(
    house: House, phone: Phone
) -> None:
    async with House() as second:
        await house.stop()
        message = await phone.socket.receive()
        assert message.data == 1001
        await phone.connect(second.url)
        await phone.told("heard", await phone.say("Still here"))
        await phone.sees("Still here")


@pytest.mark.slow
async def test_writers_in_two_processes_leave_one_order_that_every_page_shares(db: str, house: House) -> None:
    async with another_process(db) as second, Phone(house.url) as here, Phone(house.url) as there:
        await there.borrow(here)
        await there.hang_up()
        await there.connect(second)
        address = here.session

        async def speak() -> None:
            for number in range(30):
                await there.say(f"{number}")

        async def write() -> None:
            for number in range(30):
                await house.say(address, f"Letter {number}")

        await asyncio.gather(speak(), write())
        wanted = 30 * 3
        for phone in (here, there):
            while len(phone.shown) < wanted:
                await phone.next()
        assert here.texts == there.texts
        assert [text for text in here.texts if text.startswith("Letter")] == [
            f"Letter {number}" for number in range(30)
        ]
