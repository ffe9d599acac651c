"""How updates reach a bot: by polling or by webhook, in which order, and again when it was not heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.telegram_server import TelegramServer
from tests.telegram_server.bell import Bell
from tests.telegram_server.conftest import Caller

SECRET = "s3cret_-"


@dataclass
class Ear:
    """A bot's webhook: it answers with the next planned answer, 200 when there is none left."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)
    answers: list[int | dict[str, Any]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    bell: Bell = field(default_factory=Bell)

    async def listen(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.heard.append(await request.json())
        self.bell.ring()
        await self.open.wait()
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, dict):
            return web.json_response(answer)
        return web.Response(status=answer, headers={"Retry-After": "20"} if answer == 429 else {})

    async def hears(self, count: int) -> None:
        assert await self.bell.until(lambda: len(self.heard) >= count or None, 5)

    @property
    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.heard]


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    ear = Ear()
    ear.open.set()
    app = web.Application()
    app.router.add_post("/hook", ear.listen)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ear.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield ear
    finally:
        ear.open.set()
        await runner.cleanup()


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    async with listening() as ear:
        yield ear


async def poll(call: Caller, **params: Any) -> list[int]:
    answer = await call("getUpdates", **params)
    assert answer["ok"], answer
    return [update["update_id"] for update in answer["result"]]


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


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "http://canteen.example/hook"}, "An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://canteen.example:8080/hook"},
            "Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://canteen.example:no/hook"}, "invalid webhook URL specified"),
    ],
)
async def test_a_webhook_needs_https_and_a_known_port(
    call: Caller, params: dict[str, Any], description: str
) -> None:
    answer = await call("setWebhook", **params)
    assert answer["description"] == f"Bad Request: bad webhook: {description}"


async def test_a_webhook_secret_has_an_alphabet(call: Caller, ear: Ear) -> None:
    answer = await call("setWebhook", url=ear.url, secret_token="a b")
    assert answer["description"] == "Bad Request: secret token contains unallowed characters"


async def test_webhooks_are_set_once_a_second(call: Caller, ear: Ear, tg: TelegramServer) -> None:
    await call("setWebhook", url=ear.url)
    assert (await call("setWebhook", url=ear.url))["description"] == "Webhook is already set"
    assert (await call("setWebhook", url=ear.url, secret_token="other"))["parameters"] == {"retry_after": 1}
    tg.pass_time(1)
    assert (await call("setWebhook", url=ear.url, secret_token="other"))["ok"]


async def test_a_chat_is_served_in_order_and_does_not_hold_up_another(
    tg: TelegramServer, call: Caller, ear: Ear
) -> None:
    await call("setWebhook", url=ear.url, secret_token=SECRET)
    mei, ana = tg.user("Mei"), tg.user("Ana")
    ear.answers = [500, 503, 500]
    for text in ("one", "two", "three"):
        await mei.says(text)
    await tg.delivered()
    assert [update["message"]["text"] for update in ear.heard] == ["one"] * 4 + ["two", "three"]
    assert ear.secrets == {SECRET}
    ear.heard.clear()
    ear.open.clear()
    await mei.says("four")
    await mei.says("five")
    await ana.says("hello")
    await ear.hears(2)
    assert [update["message"]["text"] for update in ear.heard] == ["four", "hello"]
    ear.open.set()
    await tg.delivered()
    assert ear.heard[2]["message"]["text"] == "five"


async def test_taps_and_messages_of_one_person_come_in_separate_queues(
    tg: TelegramServer, call: Caller, ear: Ear
) -> None:
    mei = tg.user("Mei", wrote=True)
    yes = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await call("sendMessage", chat_id=mei.id, text="x", reply_markup=yes)
    await call("setWebhook", url=ear.url)
    ear.open.clear()
    await mei.says("hello")
    await mei.presses("Yes")
    await ear.hears(2)
    assert {kind for update in ear.heard for kind in update} == {"update_id", "message", "callback_query"}
    ear.open.set()
    await tg.delivered()


async def test_the_first_retry_comes_at_once_and_the_next_ones_back_off(
    tg: TelegramServer, call: Caller, ear: Ear
) -> None:
    ear.answers = [500, 500, 500, 429, 500]
    await call("setWebhook", url=ear.url)
    await tg.user("Mei").says("hello")
    await tg.delivered()
    assert [delivery["status"] for delivery in tg.deliveries] == [500, 500, 500, 429, 500, 200]
    assert [delivery["pause"] for delivery in tg.deliveries] == [0, 2, 4, 20, 8, 0]


async def test_an_answer_that_comes_too_late_brings_a_duplicate() -> None:
    async with (
        TelegramServer(backoff=0, webhook_timeout=0.05) as tg,
        listening() as ear,
        aiohttp.ClientSession() as session,
    ):
        await session.post(f"{tg.url}/bot{tg.token}/setWebhook", json={"url": ear.url})
        ear.open.clear()
        await tg.user("Mei").says("hello")
        await ear.hears(2)
        ear.open.set()
        await tg.delivered()
        assert len(set(ear.ids)) == 1
        info = await session.get(f"{tg.url}/bot{tg.token}/getWebhookInfo")
        assert (await info.json())["result"]["last_error_message"] == "Read timeout expired"


async def test_nobody_at_home_is_tried_until_somebody_is(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    await call("setWebhook", url="http://127.0.0.1:9/hook")
    await mei.says("hello")
    await tg.attempted(3)
    info = (await call("getWebhookInfo"))["result"]
    assert (info["pending_update_count"], info["last_error_message"]) == (1, "Connection refused")
    await call("deleteWebhook")
    assert len(await poll(call)) == 1


async def test_what_is_too_old_is_not_tried_again(tg: TelegramServer, call: Caller, ear: Ear) -> None:
    await call("setWebhook", url=ear.url)
    ear.open.clear()
    ear.answers = [500]
    await tg.user("Mei").says("hello")
    await ear.hears(1)
    tg.pass_time(25 * 3600)
    ear.open.set()
    await tg.delivered()
    assert len(ear.heard) == 1


async def test_a_method_in_the_answer_is_performed(tg: TelegramServer, call: Caller, ear: Ear) -> None:
    mei = tg.user("Mei")
    await call("setWebhook", url=ear.url)
    ear.answers = [
        {"method": "sendMessage", "chat_id": mei.id, "text": "Welcome"},
        {"method": "getMe"},
    ]
    await mei.says("hello")
    await mei.hears("Welcome")
    await mei.says("hello")
    await tg.delivered()
    assert [call["method"] for call in tg.calls] == ["setWebhook", "sendMessage"]


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
