"""The embedded web chat: a page, its socket, and its messages as rows of our own."""

from bot.channels.webchat.channel import WebChat

__all__ = ["WebChat"]
