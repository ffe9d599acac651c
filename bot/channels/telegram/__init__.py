"""Telegram: the only place that knows python-telegram-bot."""

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.errors import TokenRefused

__all__ = ["Telegram", "TokenRefused"]
