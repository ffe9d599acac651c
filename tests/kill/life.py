"""A process of the product: started, killed or stopped, and its journal read."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from tests.fixtures_database import SECRET
from tests.kill.windows import JOURNAL, PASSAGE, WINDOW, Window
from tests.telegram_server.remote import ROOT

PATIENCE = 60.0


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Life:
    """One process from its start to its end."""

    pid: int
    journal: Path
    log: Path
    ended: asyncio.Future[int]

    async def died(self, timeout: float = PATIENCE) -> int:
        """Wait for its end; give the exit status, negative for a signal."""
        async with asyncio.timeout(timeout):
            return await asyncio.shield(self.ended)

    def kill(self) -> None:
        """Kill it now; nothing happens when it is gone already."""
        if not self.ended.done():
            os.kill(self.pid, signal.SIGKILL)

    async def stop(self, timeout: float = PATIENCE) -> int:
        """Ask it to end, and wait."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.died(timeout)

    async def works(self, timeout: float = PATIENCE) -> None:
        """Wait until it has begun to send."""
        async with asyncio.timeout(timeout):
            while not any(line[0] == "send" for line in self.lines):  # noqa: ASYNC110 -- by another process
                await asyncio.sleep(0.02)

    async def up(self, timeout: float = PATIENCE) -> tuple[datetime, float]:
        """Wait until its scheduler ticks; give what its clock showed then, and the machine's own seconds."""
        async with asyncio.timeout(timeout):
            while not (up := [line for line in self.lines if line[0] == "up"]):  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0.02)
        return datetime.fromisoformat(up[0][1]), float(up[0][2])

    @property
    def logged(self) -> str:
        """Give what it logged."""
        return self.log.read_text(errors="replace")

    @property
    def lines(self) -> list[list[str]]:
        """Read the journal, word by word."""
        text = self.journal.read_text() if self.journal.exists() else ""
        return [line.split(" ") for line in text.splitlines()]

    @property
    def killed_in(self) -> Window | None:
        """Tell in which window it killed itself."""
        last = (self.lines or [[""]])[-1]
        return Window(last[1]) if last[0] == "killed" else None

    @property
    def in_hand(self) -> set[int]:
        """Give the rows that were on their way out when it ended."""
        rows: set[int] = set()
        for what, row, *_more in self.lines:
            if what == "send":
                rows.add(int(row))
            elif what == "settled":
                rows.discard(int(row))
        return rows


class Cradle:
    """Hold the process that bears the others."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._births: asyncio.Queue[int] = asyncio.Queue()

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> AsyncIterator[Self]:
        """Start it, and end it with all its children."""
        # A process that may not keep its compiled modules starts twice as slowly.
        surroundings = {name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.kill.nursery",
            cwd=ROOT, env=surroundings, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin
        assert process.stdout
        cradle = cls(process)
        listening = None
        try:
            ready = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
            assert ready == b"ready\n", "it did not start; it said why on stderr"
            listening = asyncio.create_task(cradle._listen(process.stdout))
            yield cradle
        finally:
            process.stdin.close()
            await process.wait()
            if listening is not None:
                await listening

    async def bear(
        self, folder: Path, log: Path, environment: dict[str, str]
    ) -> tuple[int, asyncio.Future[int]]:
        """Start a process; give its number and its end."""
        assert self._process.stdin
        told = {"folder": str(folder), "log": str(log), "environment": environment}
        self._process.stdin.write((json.dumps(told) + "\n").encode())
        pid = await asyncio.wait_for(self._births.get(), PATIENCE)
        return pid, self._ends[pid]

    async def _listen(self, news: asyncio.StreamReader) -> None:
        async for line in news:
            what, pid, *status = line.decode().split()
            if what == "born":
                self._ends[int(pid)] = asyncio.get_running_loop().create_future()
                self._births.put_nowait(int(pid))
            else:
                self._ends[int(pid)].set_result(int(status[0]))


@dataclass
class Installation:
    """What a process is started with; every one of its lives has the same."""

    cradle: Cradle
    folder: Path
    database_url: str
    api_url: str
    token: str
    webhook: int | None = None
    """The port to which updates are brought; None: they are fetched."""
    port: int = field(default_factory=free_port)
    lives: list[Life] = field(default_factory=list)

    async def start(self, window: Window | None = None, passage: int = 0, **more: str) -> Life:
        """Start a process that dies at the n-th passage of a window, or when it is killed.

        more: what else its environment says.
        """
        name = f"{self.port}-{len(self.lives)}"
        journal, log = self.folder / f"journal-{name}", self.folder / f"log-{name}"
        told = {
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET,
            "TELEGRAM_TOKEN": self.token,
            "TELEGRAM_API_URL": self.api_url,
            "PUBLIC_URL": "" if self.webhook is None else f"http://127.0.0.1:{self.webhook}",
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            JOURNAL: str(journal),
            WINDOW: window or "",
            PASSAGE: str(passage),
            **more,
        }
        pid, ended = await self.cradle.bear(self.folder, log, told)
        life = Life(pid, journal, log, ended)
        self.lives.append(life)
        return life

    def logged(self) -> str:
        """Give all that the lives logged."""
        return "".join(life.logged for life in self.lives)
