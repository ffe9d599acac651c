"""The `canteen` command as a real process: what it prints, what it leaves behind, how it ends."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import cli
from tests.fixtures_database import SECRET
from tests.kill.life import free_port
from tests.telegram_server.remote import ROOT

CANTEEN = Path(sys.executable).with_name("canteen")
OURS = (
    "TELEGRAM_", "PUBLIC_URL", "DATABASE_URL", "HOST", "PORT", "SECRET_KEY", "LOG_LEVEL", "METRICS_", "CLOCK",
)  # fmt: skip
NEW = ("init", "--canteen", "Ping'an Lane", "--timezone", "Asia/Shanghai")
CODE = re.compile(r"/start ([a-z0-9]{12})\b")


def surroundings(**told: str) -> dict[str, str]:
    """Give an environment that says nothing to the command but this."""
    dropped = (*OURS, "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PYTHONPATH": str(ROOT), "PORT": str(free_port()), **told}


def canteen(folder: Path, *words: str, **told: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [CANTEEN, *words], cwd=folder, env=surroundings(**told), capture_output=True, text=True, timeout=60
    )


@contextmanager
def served(folder: Path, **told: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Let `canteen run` serve; give it and its address once it answers."""
    environment = surroundings(**told)
    address = f"http://127.0.0.1:{environment['PORT']}"
    process = subprocess.Popen(
        [CANTEEN, "run"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        while not _answers(f"{address}/healthz"):
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < until, "no answer"
            time.sleep(0.05)
        yield process, address
    finally:
        process.kill()
        process.communicate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Open a canteen once."""
    folder = tmp_path_factory.mktemp("fresh")
    done = canteen(folder, *NEW)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def opened(fresh: Path, tmp_path: Path) -> Path:
    """Give a test a folder in which a canteen was opened."""
    return Path(shutil.copytree(fresh, tmp_path / "opened"))


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Give the one line on stderr."""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("canteen: ")
    return done.stderr


def test_a_new_canteen_has_a_key_that_only_its_owner_reads_and_a_code_for_its_coordinator(
    tmp_path: Path,
) -> None:
    done = canteen(tmp_path, *NEW)
    assert done.returncode == 0, done.stderr
    assert CODE.search(done.stdout)
    env = tmp_path / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert env.read_text().count("SECRET_KEY=") == 1
    assert stat.S_IMODE((tmp_path / "data" / "canteen.sqlite3").stat().st_mode) & 0o077 == 0

    kept = env.read_text()
    again = canteen(tmp_path, *NEW)
    assert again.returncode == 1
    assert "already" in one_line(again)
    assert env.read_text() == kept


def test_init_keeps_what_else_stands_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=WARNING\nSECRET_KEY=\n")
    assert canteen(tmp_path, *NEW).returncode == 0
    lines = (tmp_path / ".env").read_text().splitlines()
    assert lines[0] == "LOG_LEVEL=WARNING"
    assert len(lines) == 2
    assert lines[1].startswith("SECRET_KEY=1:")


def test_each_invitation_is_a_new_code(opened: Path) -> None:
    volunteer = ("invite", "--canteen", "Ping'an Lane", "--role", "volunteer")
    first, second = canteen(opened, *volunteer), canteen(opened, *volunteer)
    assert first.returncode == second.returncode == 0
    codes = [CODE.findall(done.stdout) for done in (first, second)]
    assert len(codes[0]) == len(codes[1]) == 1
    assert codes[0] != codes[1]


def test_an_invitation_to_a_canteen_that_is_not_there_names_those_that_are(opened: Path) -> None:
    done = canteen(opened, "invite", "--canteen", "Elsewhere", "--role", "family")
    assert done.returncode == 1
    assert "Ping'an Lane" in one_line(done)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("init", "--canteen", "A", "--timezone", "Mars/Olympus"), "Asia/Shanghai"),
        (
            ("invite", "--canteen", "Ping'an Lane", "--role", "emperor"),
            "volunteer, family, kitchen, coordinator",
        ),
        (("dance",), "dance"),
    ],
    ids=["zone", "role", "command"],
)
def test_wrong_words_end_with_two(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = canteen(tmp_path, *words, SECRET_KEY=SECRET)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_settings_are_all_named_at_once(tmp_path: Path) -> None:
    done = canteen(tmp_path, "run", PORT="http", LOG_LEVEL="loud", SECRET_KEY=SECRET)
    assert done.returncode == 2
    assert "PORT" in done.stderr
    assert "LOG_LEVEL" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_key_nothing_is_served(tmp_path: Path) -> None:
    done = canteen(tmp_path, "run")
    assert done.returncode == 2
    assert "canteen init" in one_line(done)
    assert not (tmp_path / "data").exists()


def test_migrating_twice_applies_everything_once(tmp_path: Path) -> None:
    first = canteen(tmp_path, "migrate", SECRET_KEY=SECRET)
    assert first.returncode == 0, first.stderr
    assert "0001_initial" in first.stdout
    second = canteen(tmp_path, "migrate", SECRET_KEY=SECRET)
    assert second.returncode == 0
    assert second.stdout == "nothing to apply\n"


def test_the_doctor_is_content_with_a_new_installation(opened: Path) -> None:
    done = canteen(opened, "doctor")
    assert done.returncode == 0, done.stdout
    assert "FIX" not in done.stdout


def test_the_doctor_names_a_key_that_others_can_read(opened: Path) -> None:
    (opened / ".env").chmod(0o644)
    done = canteen(opened, "doctor")
    assert done.returncode == 1
    assert "chmod 600" in done.stdout


def test_the_doctor_without_a_key_says_what_to_do(tmp_path: Path) -> None:
    done = canteen(tmp_path, "doctor")
    assert done.returncode == 1
    assert "canteen init" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_running_canteen_ends_in_good_order_when_it_is_asked_to(
    opened: Path, number: signal.Signals
) -> None:
    with served(opened, LOG_LEVEL="WARNING") as (process, _address):
        process.send_signal(number)
        asked = time.monotonic()
        _out, said = process.communicate(timeout=30)
        assert process.returncode == 0, said
        assert time.monotonic() - asked < 5
        assert "Traceback" not in said


def test_a_port_that_is_taken_is_named(opened: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = canteen(opened, "run", PORT=str(other.getsockname()[1]))
    assert done.returncode == 1
    assert "PORT" in one_line(done)


def test_a_database_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgres://canteen:geheim@127.0.0.1:{free_port()}/canteen"
    done = canteen(tmp_path, "run", DATABASE_URL=url, SECRET_KEY=SECRET)
    assert done.returncode == 1
    assert "DATABASE_URL" in one_line(done)
    assert "geheim" not in done.stderr + done.stdout


def test_garbage_is_looked_for_while_a_command_works() -> None:
    async def looked_for() -> bool:
        return gc.isenabled()

    gc.disable()
    try:
        assert cli._finish(looked_for())
    finally:
        gc.enable()
