"""Updates by webhook, over real HTTP: 200 means heard."""

import asyncio
import json
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.channels import Key, Kind, Letter
from bot.channels.telegram import Telegram
from bot.channels.telegram.webhook import HEADER, LARGEST, path, secret
from tests.telegram.listening import Ears, hooked, opened
from tests.telegram.test_channel_codec import message
from tests.telegram_server import TelegramServer

HELLO = json.dumps(message(text="Hello")).encode()


async def post(url: str, body: bytes, token: str | None) -> aiohttp.ClientResponse:
    """Call a webhook as anyone may."""
    headers = {} if token is None else {HEADER: token}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=BytesIO(body), headers=headers) as answer,
    ):
        await answer.read()
        return answer


async def test_what_people_say_is_heard_and_confirmed() -> None:
    ears = Ears()
    async with TelegramServer() as tg, hooked(tg, ears) as (channel, _):
        ann = tg.user("Ann")
        await ann.says("Hello")
        await tg.delivered()
        await channel.send(Letter(1, str(ann.id), "Coming?", keys=[[Key("Yes", "yes:1")]]))
        pressed = await ann.presses("Yes")
        assert await pressed.answered() == ""
        assert [delivery["status"] for delivery in tg.deliveries] == [200, 200]
    assert [(update.kind, update.text, update.data) for update in ears.heard] == [
        (Kind.TEXT, "Hello", ""),
        (Kind.PRESS, "", "yes:1"),
    ]


async def test_what_was_not_heard_is_brought_again_before_what_follows() -> None:
    ears = Ears()
    ears.deaf["one"] = 2
    async with TelegramServer(backoff=0.01) as tg, hooked(tg, ears):
        ann = tg.user("Ann")
        await ann.says("one")
        await ann.says("two")
        await tg.delivered()
        assert [delivery["status"] for delivery in tg.deliveries] == [503, 503, 200, 200]
    assert ears.texts == ["one", "two"]


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
async def test_a_stranger_is_refused(token: str | None) -> None:
    ears = Ears()
    async with TelegramServer() as tg, hooked(tg, ears) as (_, address):
        assert (await post(address + path(tg.token), HELLO, token)).status == 403
    assert not ears.heard


async def test_the_path_and_the_secret_are_the_same_in_every_process_and_tell_nothing() -> None:
    token = "5123456789:AAH"
    (route,) = Telegram(token, public_url="https://canteen.example.org").routes(Ears())
    assert route.path == path(token)
    assert len({path(token), path(token + "x"), secret(token), secret(token + "x")}) == 4
    assert secret(token)[:32] not in path(token)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b"{}", b'{"update_id": "x"}', b"[" * 100_000],
    ids=lambda body: body[:10].decode("latin-1"),
)
async def test_a_body_that_holds_no_update_is_taken_and_forgotten(body: bytes) -> None:
    ears = Ears()
    async with TelegramServer() as tg, hooked(tg, ears) as (_, address):
        assert (await post(address + path(tg.token), body, secret(tg.token))).status == 200
        assert not ears.brought


@pytest.mark.parametrize("broken", [{"message": {"chat": []}}, {"message": 5}, {"new_kind": {}}])
async def test_a_malformed_update_holds_up_nobody(broken: dict[str, Any]) -> None:
    ears = Ears()
    async with TelegramServer() as tg, hooked(tg, ears):
        number = await tg.push(broken)
        await tg.delivered()
    assert [(update.kind, update.event) for update in ears.heard] == [(Kind.UNKNOWN, str(number))]


async def test_a_body_of_any_length_is_not_read() -> None:
    ears = Ears()
    async with TelegramServer() as tg, hooked(tg, ears) as (_, address):
        assert (await post(address + path(tg.token), b" " * (LARGEST + 1), secret(tg.token))).status == 413
        most = HELLO + b" " * (LARGEST - len(HELLO))
        assert (await post(address + path(tg.token), most, secret(tg.token))).status == 200
    assert ears.texts == ["Hello"]


async def test_the_webhook_asks_for_what_is_read_and_no_more() -> None:
    async with TelegramServer() as tg, hooked(tg, Ears()):
        (call,) = await tg.called("setWebhook")
        assert json.loads(call["params"]["allowed_updates"]) == [
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
        ]
        assert call["params"]["secret_token"] == secret(tg.token)
        assert "drop_pending_updates" not in call["params"]


async def test_the_webhook_is_set_as_soon_as_telegram_can_be_reached() -> None:
    async with TelegramServer() as tg:
        tg.fail_next("setWebhook", 502)
        async with opened(tg, public_url="http://127.0.0.1:9/") as channel:
            await asyncio.wait_for(channel.receive(Ears()), 5)
        calls = await tg.called("setWebhook", count=2)
        assert calls[-1]["params"]["url"] == f"http://127.0.0.1:9{path(tg.token)}"


async def test_without_a_public_address_there_is_no_route() -> None:
    assert Telegram("5123456789:AAH").routes(Ears()) == []
