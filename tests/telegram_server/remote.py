"""Hold a server that runs in a process of its own, and so survives the bot's death."""

from __future__ import annotations

import asyncio
import http.client
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

from tests.telegram_server.audience import Impossible
from tests.telegram_server.control import FAILED, decode, encode
from tests.telegram_server.controls import Controls
from tests.telegram_server.limits import Limits
from tests.telegram_server.server import TOKEN

SLACK = 30.0
ROOT = Path(__file__).parents[2]


class RemoteTelegram(Controls):
    """Do with a server in another process what a test does with one in its own."""

    def __init__(self, url: str, token: str = TOKEN) -> None:
        self.url, self.token = url, token
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    @classmethod
    @asynccontextmanager
    async def started(
        cls, token: str = TOKEN, *, limits: Limits | None = None, record: Path | None = None, **options: Any
    ) -> AsyncIterator[Self]:
        """Start a server process and end it afterwards; the options are those of TelegramServer."""
        told = {"token": token, "limits": asdict(limits or Limits()), **options}
        command = [sys.executable, "-m", "tests.telegram_server", "--port=0", "--until-input-ends"]
        command += ["--options", json.dumps(told)] + (["--record", str(record)] if record else [])
        # It ends when its input does, so nobody is left behind where the test process itself is killed.
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdin
        assert process.stdout
        try:
            url = (await asyncio.wait_for(process.stdout.readline(), SLACK)).decode().strip()
            assert url, "the server did not start; it said why on stderr"
            remote = cls(url, token)
            try:
                yield remote
            finally:
                remote._connection.close()
        finally:
            process.stdin.close()
            await process.wait()

    def perform(self, operation: str, /, **arguments: Any) -> Any:
        """Do something at once; a few milliseconds on the loopback, so it blocks."""
        self._connection.request("POST", f"/control/perform/{operation}", encode(arguments))
        answer = self._connection.getresponse()
        return _result(operation, answer.status, answer.read().decode())

    async def wait(self, operation: str, /, **arguments: Any) -> Any:
        """Wait for something; any number of waits may go on at once."""
        timeout = aiohttp.ClientTimeout(total=arguments["timeout"] + SLACK)
        address = f"{self.url}/control/wait/{operation}"
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(address, data=encode(arguments)) as answer,
        ):
            return _result(operation, answer.status, await answer.text())


def _result(operation: str, status: int, body: str) -> Any:
    if status == FAILED:
        raise Impossible(body)
    assert status == 200, f"{operation}: {status} {body}"
    return decode(body)
