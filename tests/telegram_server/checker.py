"""A pytest plugin: at the end of a session, check every call that a bot made against the published Bot API.

Every server of the session writes its calls to one folder, those of xdist's workers and of other processes
too; the checker that lies beside the published description (TELEGRAM_API_SPEC) reads them all.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.telegram_server.record import FOLDER
from tests.telegram_server.spec import find

NAME = "telegram-calls"
PLACE = re.compile(r"\S+/all\.calls:(\d+): ")
MOST_SHOWN = 50
UNPUBLISHED = "there is no published Bot API where TELEGRAM_API_SPEC says"


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder for this process and, through the environment, for those that it starts."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Checker(), NAME)


class Checker:
    """Collect the calls of a session and check them when it ends."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=NAME)
        os.environ[FOLDER] = self._folder.name
        self._report: list[str] = []
        self._failed = False

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Check, and let the session fail where a call does."""
        self._check(sorted(Path(self._folder.name).glob("*.jsonl")))
        if self._failed and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show what was checked."""
        if self._report:
            terminalreporter.section("Telegram calls against the published Bot API", red=self._failed)
            for line in self._report:
                terminalreporter.line(line)

    def pytest_unconfigure(self) -> None:
        """Leave nothing behind."""
        os.environ.pop(FOLDER, None)
        self._folder.cleanup()

    def _check(self, records: list[Path]) -> None:
        lines = [line for record in records for line in record.read_text(encoding="utf-8").splitlines()]
        if not lines:
            return
        published = find()
        if published is None:
            self._report = [f"not checked ({len(lines)} calls): {UNPUBLISHED}"]
            self._failed = os.environ.get("CI") == "true"
            return
        calls = Path(self._folder.name) / "all.calls"
        calls.write_text("\n".join(lines) + "\n", encoding="utf-8")
        script = published.with_name("validate_calls.py")
        # No --rate: each server's own limits were checked as the calls came.
        options = ["--spec", str(published), "--max", str(len(lines))]
        command = [sys.executable, str(script), *options, str(calls)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        self._report = [_with_test(line, lines) for line in told if ": warn: " not in line][-MOST_SHOWN:]
        self._failed = done.returncode != 0


def _with_test(line: str, calls: list[str]) -> str:
    """Put the name of the test that made the call in place of the line of the record."""
    number = PLACE.match(line)
    if number is None:
        return line
    test = json.loads(calls[int(number[1]) - 1]).get("test", "")
    return f"{test}: {line[number.end() :]}"
