"""A process of the product: started, killed or stopped, and its journal read."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.fixtures_database import SECRET
from tests.kill.windows import JOURNAL, PASSAGE, WINDOW, Window
from tests.telegram_server.remote import ROOT

PATIENCE = 30.0


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Life:
    """One process from its start to its end."""

    process: asyncio.subprocess.Process
    journal: Path
    window: Window | None
    log: Path
    lines: list[list[str]] = field(default_factory=list)

    async def died(self, timeout: float = PATIENCE) -> int:
        """Wait for its end; give the exit status, negative for a signal."""
        status = await asyncio.wait_for(self.process.wait(), timeout)
        text = self.journal.read_text() if self.journal.exists() else ""
        self.lines = [line.split(" ") for line in text.splitlines()]
        return status

    def kill(self) -> None:
        """Kill it now; nothing happens when it is gone already."""
        if self.process.returncode is None:
            self.process.kill()

    async def stop(self, timeout: float = PATIENCE) -> int:
        """Ask it to end, and wait."""
        self.process.send_signal(signal.SIGTERM)
        return await self.died(timeout)

    @property
    def killed_in(self) -> Window | None:
        """Tell in which window it killed itself."""
        last = self.lines[-1] if self.lines else [""]
        return Window(last[1]) if last[0] == "killed" else None

    @property
    def in_hand(self) -> dict[int, str]:
        """Give the rows that were on their way out when it ended, with the message's id where it is known."""
        rows: dict[int, str] = {}
        for what, row, *message in self.lines:
            if what in ("send", "sent"):
                rows[int(row)] = message[0] if message else ""
            elif what == "settled":
                rows.pop(int(row), None)
        return rows


@dataclass
class Installation:
    """What a process is started with; every one of its lives has the same."""

    folder: Path
    database_url: str
    api_url: str
    token: str
    webhook: bool
    port: int = field(default_factory=free_port)
    lives: list[Life] = field(default_factory=list)

    async def start(
        self, window: Window | None = None, passage: int = 0, *, public: int | None = None
    ) -> Life:
        """Start a process that dies at the n-th passage of a window, or when it is killed."""
        number = len(self.lives)
        journal = self.folder / f"journal-{self.port}-{number}"
        log = self.folder / f"log-{self.port}-{number}"
        told = {
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET,
            "TELEGRAM_TOKEN": self.token,
            "TELEGRAM_API_URL": self.api_url,
            "PUBLIC_URL": f"http://127.0.0.1:{public or self.port}" if self.webhook else "",
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
            JOURNAL: str(journal),
            WINDOW: window or "",
            PASSAGE: str(passage),
        }
        with log.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.kill.victim",
                cwd=self.folder, env={**_environment(), **told}, stdout=stderr, stderr=stderr,
            )  # fmt: skip
        life = Life(process, journal, window, log)
        self.lives.append(life)
        return life

    def logged(self) -> str:
        """Give all that the lives logged."""
        return "".join(life.log.read_text(errors="replace") for life in self.lives)


def _environment() -> dict[str, str]:
    # A process that may not keep its compiled modules starts twice as slowly.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
