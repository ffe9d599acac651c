"""What people on the other side can do, and what a test learns from it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.telegram_server import TelegramServer
from tests.telegram_server.audience import Impossible
from tests.telegram_server.conftest import Caller, refusal


def buttons(*labels: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": label.lower()}] for label in labels]}


async def newest(call: Caller) -> dict[str, Any]:
    return dict((await call("getUpdates"))["result"][-1])


async def test_an_update_has_exactly_the_shape_of_the_bot_api(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", last_name="Lin", username="meilin", language_code="zh-hans")
    said = await mei.says("/start@canteen_test_bot 🍚")
    update = await newest(call)
    names = {"first_name": "Mei", "last_name": "Lin", "username": "meilin"}
    assert update == {
        "update_id": update["update_id"],
        "message": {
            "message_id": said.id,
            "from": {"id": mei.id, "is_bot": False, **names, "language_code": "zh-hans"},
            "chat": {"id": mei.id, **names, "type": "private"},
            "date": update["message"]["date"],
            "text": "/start@canteen_test_bot 🍚",
            "entities": [{"offset": 0, "length": 23, "type": "bot_command"}],
        },
    }
    assert isinstance(update["message"]["date"], int)


async def test_a_tap_brings_the_message_as_it_stands(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    sent = (await call("sendMessage", chat_id=mei.id, text="Lunch?", reply_markup=buttons("Yes", "No")))[
        "result"
    ]
    tap = await mei.presses("No")
    query = (await newest(call))["callback_query"]
    assert query == {
        "id": tap.id,
        "from": {"id": mei.id, "is_bot": False, "first_name": "Mei", "language_code": "en"},
        "message": sent,
        "chat_instance": query["chat_instance"],
        "data": "no",
    }


async def test_a_tap_on_a_message_that_is_gone_names_it_only(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    await call("sendMessage", chat_id=mei.id, text="Lunch?", reply_markup=buttons("Yes"))
    [old] = mei.messages
    await call("deleteMessage", chat_id=mei.id, message_id=old.id)
    with pytest.raises(Impossible, match="there is no button 'Yes'"):
        await mei.presses("Yes")
    await mei.presses("Yes", on=old)
    query = (await newest(call))["callback_query"]
    assert (query["data"], query["message"]["date"], query["message"]["message_id"]) == ("yes", 0, old.id)


async def test_everything_said_is_heard_once_and_in_order(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    sent = (await call("sendMessage", chat_id=mei.id, text="rice one"))["result"]
    await call("sendMessage", chat_id=mei.id, text="rice two")
    assert (await mei.hears("rice")).text == "rice one"
    await call("editMessageText", chat_id=mei.id, message_id=sent["message_id"], text="rice three")
    assert (await mei.hears("three")).edited
    with pytest.raises(AssertionError, match="Mei heard nothing new with 'rice' within 0 s") as unheard:
        await mei.hears("rice", timeout=0)
    assert "· rice two" in str(unheard.value)
    waiting = asyncio.create_task(mei.hears("four"))
    await call("sendMessage", chat_id=mei.id, text="rice four")
    assert (await waiting).text == "rice four"


async def test_what_came_before_one_speaks_is_no_answer(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    await call("sendMessage", chat_id=mei.id, text="Welcome")
    await mei.says("/start")
    with pytest.raises(AssertionError, match="heard nothing new"):
        await mei.hears("Welcome", timeout=0)


async def test_a_reply_keyboard_shares_what_it_asks_for(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    keyboard = [[{"text": "My phone", "request_contact": True}, {"text": "Here", "request_location": True}]]
    await call(
        "sendMessage", chat_id=mei.id, text="x", reply_markup={"keyboard": [*keyboard, [{"text": "Later"}]]}
    )
    await mei.presses("My phone")
    assert (await newest(call))["message"]["contact"]["user_id"] == mei.id
    await mei.presses("Here")
    assert "location" in (await newest(call))["message"]
    await mei.presses("Later")
    assert (await newest(call))["message"]["text"] == "Later"
    await call("sendMessage", chat_id=mei.id, text="x", reply_markup={"remove_keyboard": True})
    assert mei.keyboard == []


async def test_a_deep_link_starts_the_bot(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    await mei.starts("code-17")
    assert (await newest(call))["message"]["text"] == "/start code-17"
    invite = {"inline_keyboard": [[{"text": "Join", "url": "https://t.me/canteen_test_bot?start=abc"}]]}
    await call("sendMessage", chat_id=mei.id, text="x", reply_markup=invite)
    await mei.presses("Join")
    assert (await newest(call))["message"]["text"] == "/start abc"
    with pytest.raises(Impossible, match="no deep link can carry"):
        await mei.starts("no spaces")


async def test_in_a_group_a_bot_hears_commands_and_replies_only(tg: TelegramServer, call: Caller) -> None:
    mei, ana = tg.user("Mei"), tg.user("Ana")
    group = tg.group("Volunteers", [mei, ana], with_bot=True)
    await call("sendMessage", chat_id=group.id, text="Who comes?", reply_markup=buttons("I do"))
    [card] = group.messages
    await mei.says("chatter", to=group)
    await mei.says("/today@other_bot", to=group)
    await mei.says("/today", to=group)
    await ana.says("me", to=group, reply_to=card)
    await ana.presses("I do", inside=group)
    updates = (await call("getUpdates"))["result"]
    assert [update.get("message", {}).get("text") for update in updates] == ["/today", "me", None]
    query = updates[-1]["callback_query"]
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (ana.id, group.id)
    with pytest.raises(Impossible, match="Bo is not in Volunteers"):
        await tg.user("Bo").says("hello", to=group)


async def test_a_group_tells_who_comes_and_goes(tg: TelegramServer, call: Caller) -> None:
    mei, ana = tg.user("Mei"), tg.user("Ana")
    group = tg.group("Volunteers", [mei])
    await group.adds(ana)
    await group.adds_bot(by=mei)
    await group.removes(ana)
    moved = await group.migrate_to_supergroup()
    await moved.kicks_bot(by=mei)
    updates = (await call("getUpdates"))["result"]
    told = [sorted(set(update.get("message", update)) - {"date", "from", "chat"}) for update in updates]
    assert told == [
        ["my_chat_member", "update_id"],
        ["message_id", "new_chat_members"],
        ["left_chat_member", "message_id"],
        ["message_id", "migrate_to_chat_id"],
        ["message_id", "migrate_from_chat_id"],
        ["my_chat_member", "update_id"],
    ]
    assert updates[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_group_is_what_its_administrators_make_of_it(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    group = tg.group("Volunteers", [mei], supergroup=True)
    assert await refusal(call, "sendMessage", chat_id=group.id, text="x") == (
        403, "Forbidden: bot is not a member of the supergroup chat",
    )  # fmt: skip
    await group.brings_bot(mei, "word-1")
    brought = (await newest(call))["message"]
    assert (brought["text"], brought["from"]["id"]) == ("/start@canteen_test_bot word-1", mei.id)
    with pytest.raises(Impossible, match="no deep link can carry"):
        await group.brings_bot(mei, "two words")
    await group.says("/bind x")
    nameless = (await newest(call))["message"]
    assert nameless["sender_chat"] == nameless["chat"]
    assert nameless["from"]["username"] == "GroupAnonymousBot"
    said = await call("sendMessage", chat_id=group.id, text="x")
    await group.deletes(group.messages[0])
    edit = {"chat_id": group.id, "message_id": said["result"]["message_id"], "text": "y"}
    assert await refusal(call, "editMessageText", **edit) == (400, "Bad Request: message to edit not found")
    await group.mutes_bot(mei)
    muted = (400, "Bad Request: not enough rights to send text messages to the chat")
    assert await refusal(call, "sendMessage", chat_id=group.id, text="x") == muted


async def test_one_who_blocked_the_bot_writes_nothing(tg: TelegramServer) -> None:
    mei = tg.user("Mei")
    await mei.blocks_bot()
    with pytest.raises(Impossible, match="blocked"):
        await mei.says("hello")


@pytest.mark.parametrize("how", ["timeout", "cut"])
@pytest.mark.parametrize("delivered", [True, False])
async def test_a_send_can_be_left_in_doubt(
    tg: TelegramServer, call: Caller, how: str, delivered: bool
) -> None:
    mei = tg.user("Mei", wrote=True)
    tg.fail_next("sendMessage", how, delivered=delivered, to=mei)
    timeout = aiohttp.ClientTimeout(total=0.5)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        body = {"chat_id": mei.id, "text": "x"}
        with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, TimeoutError)):
            await session.post(f"{tg.url}/bot{tg.token}/sendMessage", json=body)
    assert len(mei.messages) == delivered
    [broken] = await tg.called("sendMessage")
    assert broken["code"] == 0
    assert (await call("sendMessage", chat_id=mei.id, text="y"))["ok"], "one fault, one call"


async def test_a_status_can_be_forced_for_some_calls(tg: TelegramServer, call: Caller) -> None:
    tg.fail_next("*", 500, times=2)
    assert [(await call("getMe"))["status"] for _ in range(3)] == [500, 500, 200]
    tg.fail_next("getMe", 400, description="chat not found")
    assert (await call("getMe"))["description"] == "Bad Request: chat not found"
    tg.fail_next("getMe", 429, retry_after=3)
    assert (await call("getMe"))["parameters"] == {"retry_after": 3}
    tg.fail_next("getMe", 500)
    tg.fail_no_more()
    assert (await call("getMe"))["ok"]
