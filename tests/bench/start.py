"""How long `canteen run` takes until it answers, and how much memory it then has."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from bot.database.migrations import migrate_at_start
from models.fields import use_keys
from tests.bench import bars
from tests.bench.processes import program
from tests.bench.table import interleaved, show
from tests.fixtures_database import KEYS, SECRET
from tests.kill.life import free_port
from tests.telegram_server import TOKEN, RemoteTelegram

SECONDS, MEGABYTES = 3.0, 150.0
"""The bars."""


async def run() -> None:
    """Measure and print."""
    use_keys(KEYS)
    memory: dict[str, list[float]] = {"web chat alone": [], "with Telegram": []}

    async def measure(name: str, api_url: str) -> float:
        with tempfile.TemporaryDirectory() as folder:
            await migrate_at_start(f"sqlite://{folder}/canteen.sqlite3")
            seconds, megabytes = await _start(Path(folder), api_url)
        memory[name].append(megabytes)
        return seconds

    async with RemoteTelegram.started() as telegram:
        seconds = await interleaved(
            {
                "web chat alone": lambda: measure("web chat alone", ""),
                "with Telegram": lambda: measure("with Telegram", telegram.url),
            }
        )
    show(f"From `canteen run` to an answer of /healthz (bar: {SECONDS:g} s)", "s", seconds)
    show(f"Memory after the start (bar: {MEGABYTES:g} MB)", "MB", memory)
    print()
    for name in seconds:
        bars.hold(f"start, {name}", statistics.median(seconds[name]), SECONDS, "s")
        bars.hold(f"memory, {name}", statistics.median(memory[name]), MEGABYTES, "MB")


async def _start(folder: Path, api_url: str) -> tuple[float, float]:
    port = free_port()
    told = {
        "DATABASE_URL": f"sqlite://{folder}/canteen.sqlite3",
        "SECRET_KEY": SECRET,
        "TELEGRAM_TOKEN": TOKEN if api_url else "",
        "TELEGRAM_API_URL": api_url,
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    began = time.perf_counter()
    command = str(Path(sys.executable).with_name("canteen"))
    async with program(command, "run", folder=folder, **told) as running, aiohttp.ClientSession() as session:
        await _answers(session, f"http://127.0.0.1:{port}/healthz")
        return time.perf_counter() - began, _resident(running.pid)


async def _answers(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                async with session.get(url) as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.01)


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError("the system does not say how much memory a process has")
