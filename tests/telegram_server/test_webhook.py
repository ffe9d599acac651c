"""Updates by webhook: in which order, and again when they were not heard."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.telegram_server import TelegramServer
from tests.telegram_server.conftest import Caller, poll
from tests.telegram_server.listening import Ear, listening

SECRET = "s3cret_-"


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
