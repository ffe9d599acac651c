"""aiogram's finite state machine with Redis storage, behind its own aiohttp webhook.

`python -m tests.bench.aio API_URL PORT REDIS_URL`
"""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.bench.form import COMMAND, QUESTIONS, THANKS
from tests.telegram_server import TOKEN


class Form(StatesGroup):
    """Waiting for the next answer."""

    asking = State()


async def begin(message: Message, state: FSMContext) -> None:
    """Ask the first question."""
    await state.set_state(Form.asking)
    await state.set_data({"answers": []})
    await message.answer(QUESTIONS[0])


async def answer(message: Message, state: FSMContext) -> None:
    """Keep the answer and ask the next question."""
    kept = [*(await state.get_data())["answers"], message.text]
    if len(kept) == len(QUESTIONS):
        await state.clear()
        await message.answer(THANKS)
        return
    await state.set_data({"answers": kept})
    await message.answer(QUESTIONS[len(kept)])


async def main(api_url: str, port: int, redis_url: str) -> None:
    """Serve until killed; what was handled is acknowledged."""
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url)))
    dispatcher = Dispatcher(storage=RedisStorage.from_url(redis_url))
    dispatcher.message.register(begin, Command(COMMAND))
    dispatcher.message.register(answer, Form.asking)
    site = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False).register(site, path="/hook")
    setup_application(site, dispatcher, bot=bot)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}/hook")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
