"""Files up and down."""

from __future__ import annotations

import io
from typing import Any

import aiohttp

from tests.telegram_server import TelegramServer
from tests.telegram_server.conftest import Caller, refusal


async def test_files_are_checked_kept_and_downloaded(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    async with aiohttp.ClientSession() as session:

        async def upload(method: str, part: str, content: bytes) -> dict[str, Any]:
            form = aiohttp.FormData({"chat_id": str(mei.id), "caption": "Roster"})
            form.add_field(part, io.BytesIO(content), filename="roster.pdf", content_type="application/pdf")
            async with session.post(f"{tg.url}/bot{tg.token}/{method}", data=form) as answer:
                return dict(await answer.json())

        sent = (await upload("sendDocument", "document", b"%PDF-1.7 lunch"))["result"]
        assert sent["document"]["file_name"] == "roster.pdf"
        assert mei.messages[-1].content() == b"%PDF-1.7 lunch"
        described = (await call("getFile", file_id=sent["document"]["file_id"]))["result"]
        async with session.get(f"{tg.url}/file/bot{tg.token}/{described['file_path']}") as answer:
            assert await answer.read() == b"%PDF-1.7 lunch"
        async with session.get(f"{tg.url}/file/bot{tg.token}/documents/file_9.pdf") as answer:
            assert answer.status == 404
        again = await call("sendDocument", chat_id=mei.id, document=sent["document"]["file_id"])
        assert again["result"]["document"]["file_unique_id"] == sent["document"]["file_unique_id"]
        assert (await upload("sendPhoto", "photo", b"no picture"))["description"] == (
            "Bad Request: IMAGE_PROCESS_FAILED"
        )
        too_wide = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (9000).to_bytes(4) + (400).to_bytes(4)
        assert (await upload("sendPhoto", "photo", too_wide))["description"] == (
            "Bad Request: PHOTO_INVALID_DIMENSIONS"
        )
        too_big = b"x" * ((50 << 20) + 1)
        assert (await upload("sendDocument", "document", too_big))["error_code"] == 413
    assert await refusal(call, "getFile", file_id="nothing") == (
        400,
        "Bad Request: wrong file_id or the file is temporarily unavailable",
    )
    assert await refusal(call, "sendDocument", chat_id=mei.id, document="nothing") == (
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    )
    assert await refusal(call, "sendMessage", chat_id=mei.id, text="") == (
        400,
        "Bad Request: message text is empty",
    )
    assert await refusal(call, "sendDocument", chat_id=mei.id, document="nothing", caption="c" * 1025) == (
        400,
        "Bad Request: message caption is too long",
    )


async def test_a_file_over_twenty_megabytes_cannot_be_fetched(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    sent = await mei.sends_document(b"x" * ((20 << 20) + 1), "film.mp4")
    assert sent.file
    answer = await refusal(call, "getFile", file_id=sent.file["file_id"])
    assert answer == (400, "Bad Request: file is too big")
