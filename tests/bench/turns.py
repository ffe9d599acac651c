"""Turns a second with their replies sent: ours on both engines, beside two others, all on one server."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.database.migrations import migrate_at_start
from models.fields import use_keys
from tests.bench.form import QUESTIONS
from tests.bench.processes import module, program
from tests.bench.table import RUNS, interleaved, show
from tests.fixtures_database import KEYS, create_database
from tests.kill.life import free_port
from tests.postgres import TempPostgres
from tests.telegram_server import RemoteTelegram

CHATS = 32
FORMS = 2
TURNS = CHATS * FORMS * (len(QUESTIONS) + 1)
PTB = "PTB ConversationHandler, PicklePersistence"


async def run(runs: int = RUNS) -> None:
    """Measure and print."""
    use_keys(KEYS)
    with tempfile.TemporaryDirectory() as name, TempPostgres(durable=True) as postgres:
        folder = Path(name)
        contestants: dict[str, Callable[[], Awaitable[float]]] = {
            "ours, SQLite": lambda: _ours_sqlite(folder),
            "ours, PostgreSQL": lambda: _ours_postgres(postgres),
            PTB: lambda: _ptb(folder),
        }
        if shutil.which("redis-server"):
            contestants["aiogram FSM, Redis"] = lambda: _aiogram(folder)
        results = await interleaved(contestants, runs)
    what = f"{len(QUESTIONS)} questions, {CHATS} chats at once, {TURNS} turns"
    show(f"Turns a second with their replies sent: {what}", "turns/s", results, against=PTB)
    if "aiogram FSM, Redis" not in contestants:
        print("aiogram with Redis: not measured, there is no redis-server (apt-get install redis-server)")
    print(
        "ours: each turn is committed before it is acknowledged, each reply is a row first;"
        " PTB writes its state once a minute, Redis about once a minute"
    )


async def _ours_sqlite(folder: Path) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        url = f"sqlite://{fresh}/canteen.sqlite3"
        await migrate_at_start(url)
        return await _fill_in("tests.bench.ours", url)


async def _ours_postgres(server: TempPostgres) -> float:
    await create_database(server, "canteen")
    await migrate_at_start(server.url("canteen"))
    return await _fill_in("tests.bench.ours", server.url("canteen"))


async def _ptb(folder: Path) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        return await _fill_in("tests.bench.ptb", f"{fresh}/kept.pickle")


async def _aiogram(folder: Path) -> float:
    async with _redis(folder) as url:
        return await _fill_in("tests.bench.aio", url)


async def _fill_in(contestant: str, store: str) -> float:
    """Let a fresh process of a contestant serve the crowd; give turns a second."""
    async with module("tests.bench.crowd") as crowd:
        assert crowd.stdout
        url = (await crowd.stdout.readline()).decode().strip()
        telegram = RemoteTelegram(url)
        async with module(contestant, url, str(free_port()), store):
            # The first form finds everything cold, and waits until the webhook is set.
            await telegram.wait("fill_in", chats=1, forms=1, timeout=120)
            return TURNS / float(await telegram.wait("fill_in", chats=CHATS, forms=FORMS, timeout=300))


@asynccontextmanager
async def _redis(folder: Path) -> AsyncIterator[str]:
    """Start a Redis server that keeps data as it does by default."""
    port = free_port()
    async with program("redis-server", "--port", str(port), "--dir", str(folder), folder=folder) as server:
        assert server.stdout
        async for line in server.stdout:
            if b"Ready to accept connections" in line:
                break
        drain = asyncio.create_task(server.stdout.read())
        yield f"redis://127.0.0.1:{port}/0"
        drain.cancel()
