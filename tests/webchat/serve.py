"""Serve the web chat in a process of its own: `python -m tests.webchat.serve DATABASE_URL [PORT]`.

Prints its address, answers every message with "Heard: …", and ends with its input.
"""

from __future__ import annotations

import asyncio
import sys

from bot.channels import Update
from bot.database import connect, disconnect
from models.fields import use_keys
from tests.fixtures_database import KEYS
from tests.webchat.house import House


async def serve(database_url: str, port: int) -> None:
    use_keys(KEYS)
    await connect(database_url)
    async with House(port=port) as house:

        async def answer(update: Update) -> None:
            await house.say(update.sender, f"Heard: {update.text or update.data}")

        house.answer = answer
        print(house.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
    await disconnect()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0))
