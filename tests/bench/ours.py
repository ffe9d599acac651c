"""Our side: the product with the form as one more command, and without the pauses that Telegram asks for.

`python -m tests.bench.ours API_URL PORT DATABASE_URL`
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

import uvloop

from bot import logs
from bot.app import App, collect_rarely
from bot.channels.telegram import Telegram
from bot.settings import Settings
from handlers.chat import ANYONE, Chat, command
from handlers.text import verbatim
from tests.bench.form import COMMAND, QUESTIONS, THANKS
from tests.fixtures_database import SECRET
from tests.telegram_server import TOKEN


@command(COMMAND, for_=ANYONE, help=verbatim("Fill in the form"))
async def form(chat: Chat) -> None:
    """Ask all, then thank."""
    for number, question in enumerate(QUESTIONS):
        await chat.ask(f"q{number}", verbatim(question), lambda text: text)
    chat.say(verbatim(THANKS))


class Unpaced(Telegram):
    """Telegram without limits."""

    capabilities = replace(Telegram.capabilities, per_second=None, per_chat_per_second=None)


async def main(api_url: str, port: int, database_url: str) -> None:
    """Serve until killed."""
    logs.set_up("WARNING")
    settings = Settings(database_url=database_url, port=port, secret_key=SECRET, public_url=None)
    channel = Unpaced(TOKEN, api_url, f"http://127.0.0.1:{port}")
    async with App(settings, channels=[channel]).running():
        collect_rarely()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
