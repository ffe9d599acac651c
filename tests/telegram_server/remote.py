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

from tests.telegram_server.audience import Impossible
from tests.telegram_server.control import FAILED, decode, encode
from tests.telegram_server.controls import Controls
from tests.telegram_server.limits import Limits
from tests.telegram_server.server import TOKEN

SLACK = 10.0
ROOT = Path(__file__).parents[2]


class RemoteTelegram(Controls):
    """Do with a server in another process what a test does with one in its own."""

    def __init__(self, url: str, token: str = TOKEN) -> None:
        self.url, self.token = url, token
        self._address = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self._address, timeout=30)

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
        return self._ask(self._connection, f"/control/perform/{operation}", arguments)

    async def wait(self, operation: str, /, **arguments: Any) -> Any:
        """Wait for something in a thread."""
        connection = http.client.HTTPConnection(self._address, timeout=arguments["timeout"] + SLACK)
        try:
            return await asyncio.to_thread(self._ask, connection, f"/control/wait/{operation}", arguments)
        finally:
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection, path: str, arguments: dict[str, Any]) -> Any:
        connection.request("POST", path, encode(arguments), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read().decode()
        if answer.status == FAILED:
            raise Impossible(body)
        assert answer.status == 200, f"{path}: {answer.status} {body}"
        return decode(body)
