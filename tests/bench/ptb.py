"""python-telegram-bot's ConversationHandler with PicklePersistence, behind an aiohttp webhook of our own.

`python -m tests.bench.ptb API_URL PORT FILE`
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web
from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.bench.form import COMMAND, QUESTIONS, THANKS
from tests.telegram_server import TOKEN


async def begin(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> int:
    """Ask the first question."""
    assert update.message
    await update.message.reply_text(QUESTIONS[0])
    return 0


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keep the answer and ask the next question."""
    assert update.message
    assert context.user_data is not None
    kept = context.user_data.setdefault("answers", [])
    kept.append(update.message.text)
    if len(kept) == len(QUESTIONS):
        context.user_data.clear()
        await update.message.reply_text(THANKS)
        return ConversationHandler.END
    await update.message.reply_text(QUESTIONS[len(kept)])
    return len(kept)


async def main(api_url: str, port: int, file: str) -> None:
    """Serve until killed; what was handled is acknowledged."""
    built = Application.builder().token(TOKEN).base_url(f"{api_url}/bot").updater(None)
    app = built.persistence(PicklePersistence(file)).build()
    states = {
        number: [MessageHandler(filters.TEXT & ~filters.COMMAND, answer)] for number in range(len(QUESTIONS))
    }
    app.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler(COMMAND, begin)],
            states=states,
            fallbacks=[],
            name="form",
            persistent=True,
        )
    )

    async def receive(request: web.Request) -> web.Response:
        await app.process_update(Update.de_json(await request.json(), app.bot))
        return web.Response()

    async with app:
        await app.start()
        site = web.Application()
        site.router.add_post("/hook", receive)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await app.bot.set_webhook(f"http://127.0.0.1:{port}/hook")
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
