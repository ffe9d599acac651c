"""Edits, deletions and answers to taps."""

from __future__ import annotations

from tests.telegram_server import TelegramServer
from tests.telegram_server.conftest import DATA, Caller, inline, refusal

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


async def test_an_edit_has_to_change_something_that_is_there(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    sent = (await call("sendMessage", chat_id=mei.id, text="one", reply_markup=inline([DATA])))["result"]
    same = {"chat_id": mei.id, "message_id": sent["message_id"]}
    code, description = await refusal(
        call, "editMessageText", **same, text="one", reply_markup=inline([DATA])
    )
    assert (code, description) == (400, NOT_MODIFIED)
    assert (await call("editMessageText", **same, text="one"))["ok"], "the buttons go when they are not sent"
    assert mei.messages[-1].buttons == []
    assert await refusal(call, "editMessageReplyMarkup", **same) == (400, NOT_MODIFIED)
    assert (await call("editMessageText", **same, text="two"))["result"]["edit_date"]
    assert [each.text for each in mei.messages] == ["two"]
    assert (await call("deleteMessage", **same))["ok"]
    assert mei.messages == []
    gone = (400, "Bad Request: message to edit not found")
    assert await refusal(call, "editMessageText", **same, text="three") == gone
    assert await refusal(call, "deleteMessage", **same) == (400, "Bad Request: message to delete not found")


async def test_a_message_cannot_be_edited_for_good_reasons(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    written = await mei.says("hello")
    keyboard = {"keyboard": [[{"text": "Share"}]]}
    sent = (await call("sendMessage", chat_id=mei.id, text="x", reply_markup=keyboard))["result"]
    place = (await call("sendLocation", chat_id=mei.id, latitude=40.4, longitude=-3.7))["result"]
    for message_id, why in (
        (written.id, "message can't be edited"),
        (sent["message_id"], "message can't be edited"),
        (place["message_id"], "there is no text in the message to edit"),
        (0, "message identifier is not specified"),
    ):
        answer = await refusal(call, "editMessageText", chat_id=mei.id, message_id=message_id, text="y")
        assert answer == (400, f"Bad Request: {why}")


async def test_a_message_older_than_two_days_stays(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    sent = (await call("sendMessage", chat_id=mei.id, text="x"))["result"]
    tg.pass_time(48 * 3600 + 1)
    answer = await refusal(call, "deleteMessage", chat_id=mei.id, message_id=sent["message_id"])
    assert answer == (400, "Bad Request: message can't be deleted")


async def test_a_tap_is_answered_once_and_in_time(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    await call("sendMessage", chat_id=mei.id, text="x", reply_markup=inline([DATA]))
    tap = await mei.presses("Yes")
    assert await refusal(call, "answerCallbackQuery", callback_query_id=tap.id, text="t" * 201) == (
        400,
        "Bad Request: MESSAGE_TOO_LONG",
    )
    assert (await call("answerCallbackQuery", callback_query_id=tap.id, text="Noted"))["ok"]
    assert await tap.answered() == "Noted"
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await refusal(call, "answerCallbackQuery", callback_query_id=tap.id) == (400, too_old)
    late = await mei.presses("Yes")
    tg.pass_time(151)
    assert await refusal(call, "answerCallbackQuery", callback_query_id=late.id) == (400, too_old)
