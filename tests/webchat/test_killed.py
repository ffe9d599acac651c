"""The whole product under the web chat, killed again and again: nothing lost, nothing done or shown twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from models.messaging import InboxUpdate, OutboxMessage
from models.webchat import Direction, WebMessage
from tests.fixtures_database import SECRET
from tests.webchat.phone import Phone

ROOT = Path(__file__).resolve().parents[2]
WORDS = 60
KILLS = 6
BROKEN = (aiohttp.ClientError, ConnectionError, TypeError, TimeoutError)


class Installation:
    """`canteen run` as a process that dies and is started anew by `live`."""

    def __init__(self, database_url: str, folder: Path, chance: random.Random) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.kills = 0
        self.deaths = [asyncio.Event() for _ in range(KILLS)]
        self.ready = asyncio.Event()
        self._folder = folder
        self._chance = chance
        self._environment = os.environ | {
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "PORT": str(self.port),
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def live(self) -> None:
        """Run and be killed; the last process lives until it is told to stop."""
        while True:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self._folder, env=self._environment
            )
            try:
                await self._answers()
                self.ready.set()
                await asyncio.sleep(self._chance.uniform(0.05, 0.6) if self.kills < KILLS else 3600)
                self.ready.clear()
                self.deaths[self.kills].set()
                self.kills += 1
            finally:
                process.send_signal(signal.SIGKILL)
                await process.wait()

    async def begun(self, phone: Phone) -> None:
        """Wait until a phone has its session."""
        while True:
            await self.ready.wait()
            try:
                await phone.begin()
                return
            except BROKEN:
                await asyncio.sleep(0.05)

    async def _answers(self) -> None:
        async with aiohttp.ClientSession() as http, asyncio.timeout(60):
            while True:
                try:
                    async with http.get(f"{self.url}/healthz"):
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)


async def on_the_line(phone: Phone, house: Installation, act: Callable[[], Awaitable[object]]) -> None:
    """Do something until it worked, calling again whenever the line is cut, as the page does."""
    while True:
        await house.ready.wait()
        try:
            if phone._socket is None or phone._socket.closed:
                await phone.connect()
            await act()
            return
        except BROKEN:
            await phone.hang_up()


async def speak(phone: Phone, house: Installation) -> None:
    """Say everything in order, each again until it is heard; a part of it in each life of the house."""
    for number in range(WORDS):
        if part := number * KILLS // WORDS:
            await house.deaths[part - 1].wait()
        name = str(uuid.uuid4())

        async def say(number: int = number, name: str = name) -> None:
            await phone.say(f"/word{number}", name=name)
            await phone.told("heard", name)

        await on_the_line(phone, house, say)


async def see(phone: Phone) -> None:
    """Look on until every word and its answer is shown, and all that changed since."""
    while len(phone.shown) < 2 * WORDS:
        await phone.next()
    (last,) = await WebMessage.all().order_by("-change").limit(1)
    await phone.catches_up(last.change)


@pytest.mark.kill
@pytest.mark.slow
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_the_product_is_killed_and_every_word_is_heard_answered_and_shown_once(
    db: str, tmp_path: Path
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    house = Installation(db, tmp_path, random.Random(seed))
    living = asyncio.create_task(house.live())
    try:
        phone = Phone(house.url)
        async with asyncio.timeout(180):
            await house.begun(phone)
            await speak(phone, house)
            await on_the_line(phone, house, lambda: see(phone))
        await phone.__aexit__()
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    assert house.kills >= KILLS - 1
    assert await InboxUpdate.filter(kind="text").count() == WORDS
    said = await WebMessage.filter(direction=Direction.IN).order_by("number")
    assert [message.body["text"] for message in said] == [f"/word{number}" for number in range(WORDS)]
    assert all(message.read_at for message in said)
    letters = await OutboxMessage.filter(kind="text").values_list("id", flat=True)
    answers = await WebMessage.filter(direction=Direction.OUT).values_list("letter_id", flat=True)
    assert sorted(answers) == sorted(letters)
    assert len(answers) >= WORDS
    assert len(phone.shown) == len(said) + len(answers)
