"""Telegram and its people in one process, so that only the bot is measured beside it.

`python -m tests.bench.crowd` prints the server's address; it takes one more operation: `fill_in`.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.bench.form import ANSWER, COMMAND, QUESTIONS, THANKS
from tests.telegram_server import UNPACED, User
from tests.telegram_server.control import ControlledServer

PATIENCE = 120.0


class CrowdedServer(ControlledServer):
    """Let many people fill in the form at once."""

    async def wait(self, operation: str, /, **arguments: Any) -> Any:
        """Do what a server does, and `fill_in`."""
        if operation == "fill_in":
            return await self._fill_in(arguments["chats"], arguments["forms"])
        return await super().wait(operation, **arguments)

    async def _fill_in(self, chats: int, forms: int) -> float:
        """Let so many people fill in so many forms each; give the seconds it took."""
        people = self.crowd(chats)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as filling:
            for person in people:
                filling.create_task(_fill_in(person, forms))
        return time.perf_counter() - began


async def _fill_in(person: User, forms: int) -> None:
    for _ in range(forms):
        await person.says(f"/{COMMAND}")
        for number, question in enumerate(QUESTIONS):
            await person.hears(question, timeout=PATIENCE)
            await person.says(ANSWER.format(number=number))
        await person.hears(THANKS, timeout=PATIENCE)


async def main() -> None:
    """Serve until the input ends."""
    async with CrowdedServer(limits=UNPACED, checked=False) as server:
        print(server.url, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, input_ends)


def input_ends() -> None:
    """Wait for the end of the standard input."""
    import sys

    sys.stdin.read()


if __name__ == "__main__":
    asyncio.run(main())
