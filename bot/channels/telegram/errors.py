"""Say Telegram's refusals in the words that all channels share."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.channels import Ambiguous, EditGone, Later, LockedOut, Moved, Rejected, Unreachable
from bot.channels.telegram.request import Flooded, NotSent

# Texts as the server builds them, compared in lower case; codes alone do not tell them apart.
_GONE: Final = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat was deleted",
    "group chat was deactivated",
    "user is deactivated",
    "user_is_blocked",
    "input_user_deactivated",
    "chat_write_forbidden",
    "chat_restricted",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
)
_NO_WORDS: Final = "there is no text in the message to edit"
_EDIT_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "message not found",
    "message to delete not found",
    "message can't be deleted",
    _NO_WORDS,
)
DOWN: Final = timedelta(seconds=5)
_LOCKED_OUT: Final = timedelta(minutes=1)
_GLOBAL: Final = timedelta(seconds=3)


class TokenRefused(LockedOut):
    """Telegram does not know our token: nothing works before it is replaced."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses TELEGRAM_TOKEN: copy the bot's current token from @BotFather")


def not_modified(error: TelegramError) -> bool:
    """Tell whether an edit was refused because the message already says so."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def has_no_words(error: BadRequest) -> bool:
    """Tell whether an edit was refused because the message is a file, with a caption at most."""
    return _NO_WORDS in error.message.lower()


def refusal(error: TelegramError, *, group: bool = False, editing: bool = False) -> Exception:
    """Translate what Telegram said about one letter. Five hundreds and a broken line leave it open."""
    match error:
        case Flooded():
            # Telegram does not say whose limit it was. A group has one of its own, counted in minutes.
            return Later(error.wait, everyone=not group or error.wait <= _GLOBAL)
        case NotSent():
            return Later(DOWN, everyone=True)
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable(error.message)
        case InvalidToken():
            return Later(_LOCKED_OUT, everyone=True)
        case BadRequest():
            said = error.message.lower()
            if editing and any(text in said for text in _EDIT_GONE):
                return EditGone(error.message)
            if any(text in said for text in _GONE):
                return Unreachable(error.message)
            return Rejected(error.message)
    return Ambiguous(type(error).__name__)
