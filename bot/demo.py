"""The demo: the product on a sample database of its own, for this machine only."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import typer

from bot import logs
from bot.app import App, load_features
from bot.clock import Clock
from bot.settings import load
from bot.web.rehearsal import Rehearsal
from handlers.chat import REGISTRY
from models.fields import new_secret

FOLDER: Final = Path("data/demo")


async def serve(port: int, language: str | None) -> None:
    """Write the sample anew and serve it until stopped."""
    logs.set_up("WARNING")
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    async with rehearsing(port, language, FOLDER) as app:
        typer.echo(f"The demo is at http://127.0.0.1:{app.port}/  (Ctrl+C ends it)")
        await stopped.wait()


@contextlib.asynccontextmanager
async def rehearsing(port: int, language: str | None, folder: Path) -> AsyncIterator[App]:
    """Run the product on fresh sample data, its clock set to the sample's beginning."""
    _empty(folder)
    # Nothing of a real installation's settings may leak in: no token, no database, no key.
    settings = load(
        _env_file=None,
        database_url=f"sqlite://{(folder / 'canteen.sqlite3').absolute()}",
        host="127.0.0.1",
        port=port,
        secret_key=new_secret(),
        telegram_token=None,
        public_url=None,
        clock=None,
        clock_speed=1.0,
    )
    load_features()
    assert REGISTRY.sample is not None
    sample = REGISTRY.sample
    app = App(settings, clock=Clock(sample.begins(Clock().now())), zone=sample.zone)
    page = Rehearsal(app, language)
    app.first(page.fill)
    async with app.running():
        yield app


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
