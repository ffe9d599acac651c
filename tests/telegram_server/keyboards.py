"""Check the buttons of a message as the real server does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.telegram_server.refusals import bad_request

MOST_BUTTONS, MOST_IN_ROW, MOST_DATA_BYTES = 100, 8, 64
ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text", "callback_game",
    "pay",
)  # fmt: skip
URL = re.compile(r"(?:https?|tg|ton)://.+|[\w-]+(?:\.[\w-]+)+\S*")
START = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(\w+)\?(?:start|startgroup)=(.*)")
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")

Keyboard = dict[str, Any]


def check(markup: object, *, private: bool) -> Keyboard | None:
    """Refuse a markup that Telegram refuses; give it back otherwise."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        for button in _buttons(markup["inline_keyboard"]):
            _check_inline(button, private=private)
    elif "keyboard" in markup:
        for button in _buttons(markup["keyboard"]):
            _check_reply(button, private=private)
        if not any(markup["keyboard"]):
            raise bad_request("reply keyboard is empty")
    return markup


def is_inline(markup: Keyboard | None) -> bool:
    """Tell whether the buttons stand under the message itself."""
    return bool(markup and markup.get("inline_keyboard"))


def start_payload(url: str) -> str | None:
    """Give what a deep link hands to /start, or None where the address is no such link."""
    link = START.fullmatch(url)
    return link[2] if link else None


def _buttons(rows: object) -> Iterator[dict[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        yield from row


def _check_inline(button: dict[str, Any], *, private: bool) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    unusable = "can't parse inline keyboard button"
    actions = [action for action in ACTIONS if button.get(action) is not None]
    if not actions:
        raise bad_request(f"{unusable}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"{unusable}: exactly one of the optional fields must be used")
    carried = str(button[actions[0]])
    if actions == ["callback_data"] and not 1 <= len(carried.encode()) <= MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if actions == ["url"]:
        payload = start_payload(carried)
        if not URL.fullmatch(carried) or (payload is not None and not START_PAYLOAD.fullmatch(payload)):
            raise bad_request("BUTTON_URL_INVALID")
    if actions == ["web_app"] and not private:
        raise bad_request("BUTTON_TYPE_INVALID")


def _check_reply(button: dict[str, Any], *, private: bool) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse keyboard button: text must be non-empty")
    if button.get("request_contact") and not private:
        raise bad_request("phone number can be requested in private chats only")
    if button.get("request_location") and not private:
        raise bad_request("location can be requested in private chats only")
