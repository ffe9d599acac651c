"""Processes that a benchmark starts and ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.telegram_server.remote import ROOT


def surroundings(**more: str) -> dict[str, str]:
    """Give the environment of a process that may keep its compiled modules, as an installation does."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


@asynccontextmanager
async def module(
    name: str, *arguments: str, folder: Path = ROOT, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a module of ours."""
    async with program(sys.executable, "-m", name, *arguments, folder=folder, **more) as running:
        yield running


@asynccontextmanager
async def program(*command: str, folder: Path, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program until the block is left."""
    running = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=surroundings(**more),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            running.kill()
        await running.communicate()
