"""The plugin that reads every call of a session against the published Bot API."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.telegram_server import spec
from tests.telegram_server.remote import ROOT

BOT = """
import aiohttp, pytest
from tests.telegram_server import TelegramServer

@pytest.mark.parametrize("number", range(4))
async def test_bot(number):
    async with TelegramServer() as tg, aiohttp.ClientSession() as session:
        mei = tg.user("Mei", wrote=True)
        for params in {calls}:
            params["chat_id"] = mei.id
            await session.post(f"{{tg.url}}/bot{{tg.token}}/sendMessage", json=params)
"""


published = pytest.mark.skipif(spec.find() is None, reason="there is no published Bot API to be found")


@pytest.fixture(autouse=True)
def path_to_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def session(folder: Path, calls: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_bot.py").write_text(BOT.format(calls=calls))
    plugins = ["-p", "tests.telegram_server.checker", "-o", "asyncio_mode=auto", "--rootdir", str(folder)]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *options, str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@published
@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_session_whose_calls_are_right_passes(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = session(tmp_path, '[{"text": "hello"}]', *options)
    assert done.returncode == 0, done.stdout
    assert '"calls": 4, "errors": 0' in done.stdout


@published
@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_one_wrong_call_fails_a_session_whose_tests_pass(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = session(tmp_path, '[{"text": "hello"}, {"text": "x" * 4097}]', *options)
    assert "4 passed" in done.stdout
    found = "test_bot.py::test_bot[3] (call): error: sendMessage: 4097 characters after entities parsing"
    assert found in done.stdout
    assert done.returncode == 1


def test_without_the_published_api_a_session_says_so_and_fails_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_API_SPEC", str(tmp_path / "nowhere.json"))
    monkeypatch.delenv("CI", raising=False)
    done = session(tmp_path, '[{"text": "hello"}]')
    assert "not checked (4 calls): there is no published Bot API" in done.stdout
    assert done.returncode == 0
    monkeypatch.setenv("CI", "true")
    assert session(tmp_path, '[{"text": "hello"}]').returncode == 1
