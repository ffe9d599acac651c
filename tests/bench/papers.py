"""How long a 60-stop day takes on paper, and how much memory `canteen run` has before and after.

`python -m tests.bench.papers`
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot.database import connect, disconnect
from bot.database.migrations import migrate_at_start
from models.canteens import Canteen
from models.fields import use_keys
from models.people import Account, Membership, Person, Role
from models.routes import Route
from models.webchat import WebSession
from tests.bench import bars
from tests.bench.processes import program
from tests.fixtures_database import KEYS, SECRET
from tests.kill.life import free_port
from tests.models.making import NOW, a_senior
from tests.webchat.phone import Phone

STOPS, PRINTS, PAPERS = 60, 5, 4
SECONDS, MEGABYTES = 2.0, 150.0
"""The bars: of each paper, and of the program after the first one."""


@dataclass
class Figures:
    """Megabytes of the program, of the process that sets a paper at its most, and seconds of each paper."""

    after_start: float
    after_first: float
    after_more: float
    printer: float
    seconds: list[list[float]]


async def papers_memory() -> Figures:
    """Print all papers of a day a few times over the web chat; measure the real program."""
    use_keys(KEYS)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/canteen.sqlite3"
        await migrate_at_start(url)
        await connect(url)
        try:
            await _fill()
            return await _measure(Path(folder), url)
        finally:
            await disconnect()


async def _fill() -> None:
    canteen = await Canteen.open(name="Ping'an Lane", zone="Asia/Shanghai", language="en", now=NOW)
    (route,) = await Route.of(canteen.id)
    chen = await Person.create(name="Ms Chen", created_at=NOW)
    await Membership.grant(chen, canteen.id, Role.COORDINATOR, by=None, now=NOW)
    for number in range(STOPS):
        senior = await a_senior(canteen, name=f"王桂兰 {number}")
        await route.put(senior.id, None, chen, NOW)


async def _measure(folder: Path, url: str) -> Figures:
    port = free_port()
    told = {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "CLOCK": NOW.isoformat(),
        "TELEGRAM_TOKEN": "",
    }
    command = str(Path(sys.executable).with_name("canteen"))
    async with program(command, "run", folder=folder, **told) as running:
        house = f"http://127.0.0.1:{port}"
        await _answers(f"{house}/healthz")
        after_start = memory(running.pid, "VmRSS")
        async with Phone(house) as phone:
            await _join()
            await phone.say("/kitchen")
            await phone.press(*await _button(phone, "Print"))
            number, print_ = await _button(phone, "All to print")
            seconds: list[list[float]] = []
            after: list[float] = []
            async with _watched(running.pid) as printer:
                for turn in range(1, PRINTS + 1):
                    began = time.perf_counter()
                    await phone.press(number, print_)
                    seconds.append(await _papers(phone, PAPERS * turn, began))
                    after.append(memory(running.pid, "VmRSS"))
    return Figures(after_start, after[0], after[-1], max(printer), seconds)


async def _join() -> None:
    """Make the browser that just came Ms Chen's."""
    session = await WebSession.all().order_by("-id").first()
    chen = await Person.all().order_by("id").first()
    assert session is not None
    assert chen is not None
    await Account.create(
        person_id=chen.id, channel="webchat", address=session.address, heard_at=datetime.now(UTC)
    )


async def _button(phone: Phone, label: str) -> tuple[int, str]:
    """Wait for a button; return the number of its message, and its data."""
    while True:
        for number, message in phone.shown.items():
            for row in message.get("keys") or []:
                for words, data in row:
                    if words == label:
                        return number, data
        await phone.next()


async def _papers(phone: Phone, count: int, began: float) -> list[float]:
    """Wait for papers, which are set one after the other; give the seconds that each one took."""
    seconds: list[float] = []
    there = sum("file" in message for message in phone.shown.values())
    while there < count:
        await phone.next()
        now, came = time.perf_counter(), sum("file" in message for message in phone.shown.values()) - there
        if came:
            seconds += [(now - began) / came] * came
            began, there = now, there + came
    return seconds


@contextlib.asynccontextmanager
async def _watched(pid: int) -> AsyncIterator[list[float]]:
    """Note how much memory the processes that this one starts have at their most."""
    seen = [0.0]

    async def look() -> None:
        while True:
            for child in _children(pid):
                with contextlib.suppress(OSError, LookupError):
                    seen.append(memory(child, "VmHWM"))
            await asyncio.sleep(0.005)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def _answers(url: str) -> None:
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.01)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(pid: int, what: str) -> float:
    """Read a process's memory in megabytes: VmRSS now, VmHWM at its most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise LookupError("the system does not say how much memory a process has")


async def run() -> None:
    """Measure and print."""
    figures = await papers_memory()
    first, *others = figures.seconds
    later = [second for seconds in others for second in seconds]
    print(f"\nThe {PAPERS} papers of a day of {STOPS} stops, each by itself (bar: {SECONDS:g} s each)\n")
    _line("the slowest, the first time", max(first), "s")
    _line("later, on average", sum(later) / len(later), "s")
    print(f"\nMemory of `canteen run` (bar after the first paper: {MEGABYTES:g} MB)\n")
    _line("after the start", figures.after_start, "MB")
    _line("after the first four papers", figures.after_first, "MB")
    _line(f"after {PAPERS * PRINTS} papers", figures.after_more, "MB")
    _line("beside it, while a paper is set", figures.printer, "MB")
    print()
    bars.hold(f"each paper of {STOPS} stops", max(*first, *later), SECONDS, "s")
    bars.hold("memory after the first papers", figures.after_first, MEGABYTES, "MB")


def _line(what: str, figure: float, unit: str) -> None:
    print(f"{what:44}{figure:10.2f} {unit}")


if __name__ == "__main__":
    asyncio.run(run())
    sys.exit(bars.status())
