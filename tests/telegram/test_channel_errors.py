"""What Telegram's refusals mean to the outbox."""

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels import Ambiguous, EditGone, Later, Moved, Rejected, Unreachable
from bot.channels.telegram.errors import not_modified, refusal
from bot.channels.telegram.request import Flooded, NotSent


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable),
        (Forbidden("Forbidden: user is deactivated"), Unreachable),
        (Forbidden("Forbidden: bot was kicked from the group chat"), Unreachable),
        (BadRequest("Bad Request: chat not found"), Unreachable),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Unreachable),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), Unreachable),
        (BadRequest("Bad Request: message text is empty"), Rejected),
        (BadRequest("Bad Request: BUTTON_DATA_INVALID"), Rejected),
        (NotSent("ClientConnectorError"), Later),
        (InvalidToken("Unauthorized"), Later),
        (TimedOut(), Ambiguous),
        (NetworkError("Internal Server Error: restart"), Ambiguous),
        (NetworkError("Bad Gateway (502)"), Ambiguous),
        (Conflict("Conflict: something"), Ambiguous),
        (TelegramError("Invalid server response"), Ambiguous),
    ],
    ids=str,
)
def test_each_refusal_has_one_meaning(error: TelegramError, meaning: type[Exception]) -> None:
    assert type(refusal(error)) is meaning


@pytest.mark.parametrize(
    "text", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
def test_a_message_that_cannot_be_edited_is_sent_anew(text: str) -> None:
    assert type(refusal(BadRequest(f"Bad Request: {text}"), editing=True)) is EditGone
    assert type(refusal(BadRequest(f"Bad Request: {text}"))) is Rejected


def test_a_group_that_moved_says_where_to() -> None:
    moved = refusal(ChatMigrated(-100123), group=True)
    assert isinstance(moved, Moved)
    assert moved.address == "-100123"


@pytest.mark.parametrize(
    ("seconds", "group", "everyone"),
    [(1, False, True), (40, False, True), (2, True, True), (40, True, False)],
)
def test_only_a_groups_own_long_wait_leaves_the_others_alone(
    seconds: int, group: bool, everyone: bool
) -> None:
    later = refusal(Flooded(timedelta(seconds=seconds)), group=group)
    assert isinstance(later, Later)
    assert (later.wait, later.everyone) == (timedelta(seconds=seconds), everyone)


def test_an_edit_that_changes_nothing_is_no_refusal() -> None:
    assert not_modified(BadRequest("Bad Request: message is not modified: specified new message content"))
    assert not not_modified(BadRequest("Bad Request: message to edit not found"))
