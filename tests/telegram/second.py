"""What the tests use of aiogram, apart: to import it takes seconds."""

from __future__ import annotations

from aiogram import Bot, Dispatcher
from aiogram import exceptions as refused
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

__all__ = ["BotCommand", "BotCommandScopeChat", "BufferedInputFile", "Dispatcher", "Message", "refused"]

YES = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="yes")]])


def bot(token: str, url: str) -> Bot:
    """Make a bot that speaks with that server."""
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
