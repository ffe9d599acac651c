"""What becomes of a process whose channel fails, or refuses it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import app as rooms
from bot.app import App
from bot.channels import Hear, LockedOut
from bot.settings import Settings
from models.fields import new_secret
from tests.house import Wire
from tests.source import ROOT
from tests.telegram_server import TelegramServer

PATIENCE = 30.0


@dataclass
class Troubled(Wire):
    """A channel whose receiving fails as told, and then waits for ever."""

    troubles: list[Exception] = field(default_factory=list)
    receiving: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, hear: Hear) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.receiving.set()
        await asyncio.Event().wait()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None, database_url=f"sqlite://{tmp_path}/x.sqlite3", port=0, secret_key=new_secret()
    )  # type: ignore[call-arg]  # pydantic-settings takes it


async def test_receiving_goes_on_after_any_failure_and_the_log_keeps_secrets(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "RECEIVE_AGAIN", 0.01)
    channel = Troubled(troubles=[ValueError("the words of Annabelle")])
    with capture_logs() as logs:
        async with App(settings, channels=[channel]).running(), asyncio.timeout(PATIENCE):
            await channel.receiving.wait()
    said = next(entry for entry in logs if entry["event"] == "receiving_failed")
    assert said["log_level"] == "error"
    assert said["error"] == "ValueError"
    assert "Annabelle" not in repr(logs)


async def test_a_channel_that_refuses_us_ends_the_process(settings: Settings) -> None:
    app = App(settings, channels=[Troubled(troubles=[LockedOut("copy the token anew")])])
    with capture_logs() as logs:
        async with app.running(), asyncio.timeout(PATIENCE):
            await app.stopped.wait()
    assert str(app.failure) == "copy the token anew"
    assert [entry["why"] for entry in logs if entry["log_level"] == "error"] == ["copy the token anew"]


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPATH")
    }
    return kept | {
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": new_secret(),
        "PORT": "0",
        "DATABASE_URL": f"sqlite://{tmp_path}/canteen.sqlite3",
        **more,
    }


async def run(tmp_path: Path, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "bot", *command.split()]
    env = environment(tmp_path, **more)

    def wait() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False
        )

    return await asyncio.to_thread(wait)


@pytest.mark.parametrize("when", ["at once", "later"])
async def test_canteen_run_with_a_refused_token_says_in_one_line_what_to_do(
    tmp_path: Path, when: str
) -> None:
    async with TelegramServer(checked=False) as tg:
        tg.fail_next("getMe" if when == "at once" else "getUpdates", 401)
        done = await run(tmp_path, "run", TELEGRAM_TOKEN=tg.token, TELEGRAM_API_URL=tg.url)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "canteen: Telegram refuses TELEGRAM_TOKEN: copy the bot's current token from @BotFather"
    )
    assert tg.token not in done.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: {"DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/nothing"},
        lambda folder: {"DATABASE_URL": "sqlite:///proc/nowhere/x.sqlite3"},
    ],
    ids=["no server", "no folder"],
)
async def test_a_database_that_is_not_there_is_said_in_one_line(
    tmp_path: Path, change: Callable[[Path], dict[str, str]]
) -> None:
    done = await run(tmp_path, "migrate", **change(tmp_path))
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "port" not in done.stderr


async def test_a_process_that_is_asked_to_stop_stops_with_nothing_wrong(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environment(tmp_path),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while b'"running"' not in await process.stderr.readline():
            assert process.returncode is None
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
