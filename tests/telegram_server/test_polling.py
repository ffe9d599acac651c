"""Updates by polling: which come, which are confirmed, which come again."""

from __future__ import annotations

import asyncio

from tests.telegram_server import TelegramServer
from tests.telegram_server.conftest import Caller, poll
from tests.telegram_server.listening import Ear


async def test_only_a_higher_offset_confirms_an_update(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    for text in ("one", "two", "three"):
        await mei.says(text)
    first, second, third = await poll(call)
    assert [second - first, third - second] == [1, 1]
    assert await poll(call, offset=first) == [first, second, third]
    assert await poll(call, offset=second, limit=1) == [second]
    assert await poll(call, offset=-1) == [third]
    assert await poll(call) == [third], "a negative offset forgets what lies before"
    assert await poll(call, offset=third + 1) == []
    await tg.delivered(timeout=0)
    await mei.says("four")
    assert await poll(call) == [third + 1]


async def test_a_long_poll_answers_when_something_comes(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    waiting = asyncio.create_task(poll(call, timeout=30))
    await tg.polled()
    await mei.says("hello")
    assert len(await waiting) == 1


async def test_a_second_poller_ends_the_first(tg: TelegramServer, call: Caller) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await tg.polled()
    assert (await call("getUpdates"))["ok"]
    assert (await first)["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


async def test_polling_and_a_webhook_exclude_each_other(tg: TelegramServer, call: Caller, ear: Ear) -> None:
    polling = asyncio.create_task(call("getUpdates", timeout=30))
    await tg.polled()
    assert (await call("setWebhook", url=ear.url))["description"] == "Webhook was set"
    ended = await polling
    assert (ended["status"], ended["description"]) == (409, "Conflict: terminated by setWebhook request")
    refused = await call("getUpdates")
    assert refused["status"] == 409
    assert refused["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    assert (await call("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await call("deleteWebhook"))["description"] == "Webhook is already deleted"
    assert await poll(call) == []


async def test_a_press_expires_after_150_seconds_and_a_message_after_a_day(
    tg: TelegramServer, call: Caller
) -> None:
    mei = tg.user("Mei", wrote=True)
    yes = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await call("sendMessage", chat_id=mei.id, text="x", reply_markup=yes)
    await mei.says("hello")
    await mei.presses("Yes")
    assert len(await poll(call)) == 2
    tg.pass_time(151)
    [left] = (await call("getUpdates"))["result"]
    assert left["message"]["text"] == "hello"
    tg.pass_time(24 * 3600)
    assert await poll(call) == []


async def test_only_the_kinds_that_were_asked_for_are_kept(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    await mei.says("one")
    await call("getUpdates", allowed_updates=["my_chat_member"])
    await mei.says("two")
    await mei.blocks_bot()
    kinds = [set(update) - {"update_id"} for update in (await call("getUpdates"))["result"]]
    assert kinds == [{"message"}, {"my_chat_member"}], "what was already queued is not filtered"


async def test_an_update_can_be_brought_twice(tg: TelegramServer, call: Caller, ear: Ear) -> None:
    mei = tg.user("Mei")
    await mei.says("hello")
    [update_id] = await poll(call)
    await poll(call, offset=update_id + 1)
    tg.redeliver(update_id)
    assert await poll(call, offset=update_id + 1) == [update_id]
    assert await poll(call, offset=update_id + 1) == []
    await call("setWebhook", url=ear.url)
    tg.redeliver(update_id)
    await ear.hears(1)
    assert ear.ids == [update_id]


async def test_any_update_can_be_pushed_also_a_malformed_one(tg: TelegramServer, call: Caller) -> None:
    await tg.push({"message": 7})
    await tg.push({"update_id": None, "poll": {}})
    await tg.push({"update_id": 5})
    bodies = (await call("getUpdates"))["result"]
    assert [(body.get("update_id"), body.get("message")) for body in bodies[1:]] == [(None, None), (5, None)]
    assert bodies[0]["message"] == 7


async def test_what_waited_is_dropped_when_asked(tg: TelegramServer, call: Caller, ear: Ear) -> None:
    await tg.user("Mei").says("hello")
    assert len(tg.undelivered) == 1
    await call("deleteWebhook", drop_pending_updates=True)
    assert tg.undelivered == []
