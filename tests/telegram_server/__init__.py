"""A Bot API server for tests: it refuses what the real one refuses, and plays the people too."""

from tests.telegram_server.limits import UNPACED, Limits
from tests.telegram_server.people import Group, User
from tests.telegram_server.remote import RemoteTelegram
from tests.telegram_server.seen import Button, Pressed, Seen
from tests.telegram_server.server import TOKEN, TelegramServer

__all__ = [
    "TOKEN", "UNPACED", "Button", "Group", "Limits", "Pressed", "RemoteTelegram", "Seen", "TelegramServer",
    "User",
]  # fmt: skip
