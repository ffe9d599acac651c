"""Answers to taps."""

from __future__ import annotations

from tests.telegram_server.params import Params
from tests.telegram_server.refusals import QUERY_TOO_OLD, bad_request
from tests.telegram_server.state import State

LONGEST = 200


async def answer(state: State, params: Params) -> bool:
    """End the little clock on a button, with a word or without; every tap is answered once, and in time."""
    press = state.presses.get(params.text("callback_query_id"))
    late = press is not None and state.clock.now() - press.at > state.limits.callback_life
    if press is None or late or press.answer is not None:
        raise bad_request(QUERY_TOO_OLD)
    if len(params.text("text")) > LONGEST:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {"text": params.text("text"), "show_alert": params.boolean("show_alert")}
    state.changed.ring()
    return True
