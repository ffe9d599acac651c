"""The request layer below python-telegram-bot."""

import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.channels.telegram.request import AiohttpRequest, Flooded, NotSent
from tests.telegram_server import TelegramServer


def bot_of(tg: TelegramServer, request: AiohttpRequest) -> Bot:
    """Make the library's client of a server."""
    return Bot(tg.token, base_url=f"{tg.url}/bot", request=request, get_updates_request=request)


async def test_files_go_out_in_parts() -> None:
    async with TelegramServer() as tg, AiohttpRequest() as request:
        ann = tg.user("Ann", wrote=True)
        sheet = InputFile(b"%PDF-1.7", "route – 11.pdf")
        await bot_of(tg, request).send_document(ann.id, sheet, caption="Route & stops")
        (seen,) = ann.messages
        assert (seen.content(), seen.text) == (b"%PDF-1.7", "Route & stops")


async def test_words_of_every_script_arrive_unchanged() -> None:
    async with TelegramServer() as tg, AiohttpRequest() as request:
        ann = tg.user("Ann", wrote=True)
        await bot_of(tg, request).send_message(ann.id, "a=1&b=2 + 陳太 👵🏻 ñ %41")
        assert ann.messages[0].text == "a=1&b=2 + 陳太 👵🏻 ñ %41"


@pytest.mark.parametrize(
    ("how", "error"), [("timeout", TimedOut), ("cut", NetworkError), (400, BadRequest), (429, Flooded)]
)
async def test_no_error_names_the_token(how: int | str, error: type[TelegramError]) -> None:
    async with TelegramServer() as tg, AiohttpRequest(read_timeout=0.2) as request:
        tg.fail_next("getMe", how)
        with pytest.raises(error) as raised:
            await bot_of(tg, request).get_me()
        assert tg.token not in repr(raised.value)
        assert raised.value.__suppress_context__ or raised.value.__context__ is None


async def test_what_never_left_is_told_apart() -> None:
    async with TelegramServer() as tg:
        pass
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent):
            await bot_of(tg, request).get_me()


async def test_a_session_that_is_closed_sends_nothing_and_may_be_closed_twice() -> None:
    async with TelegramServer() as tg:
        request = AiohttpRequest()
        await request.initialize()
        await request.initialize()
        await request.shutdown()
        await request.shutdown()
        with pytest.raises(NotSent):
            await bot_of(tg, request).get_me()


@pytest.mark.parametrize("payload", [b"<html>", b"[]", b"[" * 100_000])
def test_an_answer_that_is_not_json_is_no_answer(payload: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TelegramError, match="Invalid server response"):
        AiohttpRequest.parse_json_payload(payload)
    assert not caplog.records


def test_of_a_message_that_was_sent_only_its_place_is_read() -> None:
    said = b'{"ok": true, "result": {"message_id": 5, "date": 1, "chat": {"id": 7}, "from": 3, "poll": []}}'
    assert AiohttpRequest.parse_json_payload(said)["result"] == {
        "message_id": 5,
        "date": 1,
        "chat": {"id": 7},
    }
