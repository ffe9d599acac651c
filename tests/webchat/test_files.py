"""Files in the web chat: sealed, for one browser only, and gone after a month."""

from __future__ import annotations

import base64
import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from tortoise.connection import get_connection

from bot.app import load_features
from bot.channels import Attachment, Kind, Letter, Rejected
from bot.housekeeping import forget_old_files
from bot.speech import Mailbag
from models.files import AT_MOST
from models.uploads import OF_A_SESSION, WAITS, Upload
from models.webchat import WebSession
from models.webfiles import FILE_AT_MOST, FILE_LIFE, WebFile
from tests.webchat.browser import Reader
from tests.webchat.house import House, letters
from tests.webchat.phone import Phone

PAPER = Attachment("routes-2026-11-24.pdf", "application/pdf", b"%PDF-1.7 \x00\xff Ping'an Lane" * 3000)


async def brings(house: House, text: str = "The route sheets", **more: Any) -> Letter:
    """Send a letter with a file."""
    letter = Letter(next(letters), await house.address(), text, file=PAPER, **more)
    await house.chat.send(letter)
    return letter


async def opens(phone: Phone, number: int) -> tuple[aiohttp.ClientResponse, bytes]:
    """Follow the link of a file with this browser's cookies."""
    async with phone._http.get(f"{phone.base}file/{number}") as answer:
        return answer, await answer.read()


async def status(phone: Phone, number: int) -> int:
    answer, _body = await opens(phone, number)
    return answer.status


async def test_a_file_is_shown_with_its_name_and_size_and_opens_whole(house: House, phone: Phone) -> None:
    await brings(house)
    shown = (await phone.sees("The route sheets"))["file"]
    assert (shown["name"], shown["size"]) == (PAPER.name, len(PAPER.content))
    answer, body = await opens(phone, shown["id"])
    assert (answer.status, body) == (200, PAPER.content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="routes-2026-11-24.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_without_the_cookie_and_with_anothers_a_file_stays_closed(house: House, phone: Phone) -> None:
    await brings(house)
    number = (await phone.sees("The route sheets"))["file"]["id"]
    async with Phone(house.url) as other:
        assert await status(other, number) == 404
    async with Phone(house.url, "volunteer") as another_slot:
        another_slot._http.cookie_jar.update_cookies(
            {cookie.key: cookie.value for cookie in phone._http.cookie_jar}
        )
        assert await status(another_slot, number) == 404
    async with aiohttp.ClientSession() as nobody, nobody.get(f"{phone.base}file/{number}") as answer:
        assert answer.status == 404
        assert b"Ping'an" not in await answer.read()
    assert await status(phone, number) == 200


@pytest.mark.parametrize("number", ["0", "x", "9" * 18, "9" * 30, "1;", "..%2Fpage.html"])
async def test_a_file_that_never_was_is_not_found(house: House, phone: Phone, number: Any) -> None:
    assert await status(phone, number) == 404


async def test_the_same_letter_again_brings_no_second_file(house: House, phone: Phone) -> None:
    letter = await brings(house)
    await house.chat.send(letter)
    assert await WebFile.all().count() == 1
    assert len(phone.shown) <= 1


async def test_a_file_lies_sealed_in_the_database(house: House, phone: Phone) -> None:
    await brings(house)
    (row,) = await get_connection("default").execute_query_dict("SELECT sealed FROM web_file")
    assert b"Ping'an" not in bytes(row["sealed"])
    assert b"UGluZydhbi" not in bytes(row["sealed"])


async def test_a_file_that_is_too_large_is_refused(house: House, phone: Phone) -> None:
    big = Attachment("big.pdf", "application/pdf", b"x" * (FILE_AT_MOST + 1))
    with pytest.raises(Rejected):
        await house.chat.send(Letter(next(letters), await house.address(), "Big", file=big))
    assert await WebFile.all().count() == 0


async def test_after_a_month_a_file_is_gone_and_the_page_says_what_to_do(house: House, phone: Phone) -> None:
    load_features()
    await brings(house)
    number = (await phone.sees("The route sheets"))["file"]["id"]
    now = datetime.now(UTC)
    assert not await forget_old_files(Mailbag(now + FILE_LIFE - timedelta(hours=1)))
    assert await status(phone, number) == 200
    assert not await forget_old_files(Mailbag(now + FILE_LIFE + timedelta(hours=1)))
    assert await WebFile.all().count() == 0
    answer, body = await opens(phone, number)
    assert answer.status == 404
    assert b"ask the canteen for it once more" in body


async def test_who_is_forgotten_leaves_no_file(house: House, phone: Phone) -> None:
    await brings(house)
    await WebSession.forget(await house.address())
    assert await WebFile.all().count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_a_file_is_a_link_that_says_what_it_is(house: House, reader: Reader) -> None:
    await brings(house)
    link = reader.page.get_by_role("link", name="routes-2026-11-24.pdf")
    await link.wait_for()
    assert " ".join((await link.inner_text()).split()) == "File routes-2026-11-24.pdf 72 kB Open"
    address = await link.evaluate("link => link.href")
    fetched = await reader.page.request.get(address)
    assert fetched.ok
    assert await fetched.body() == PAPER.content


# ------------------------------------------------------------------------------------- photos and voice notes

PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
VOICE = b"OggS\x00voice" * 9


async def uploads(phone: Phone, content: bytes, name: str, origin: str | None = None) -> tuple[int, str]:
    """Bring a file as the page does, before it speaks of it."""
    headers = {"Origin": origin or phone.origin}
    brought = io.BytesIO(content)
    async with phone._http.post(f"{phone.base}upload/{name}", data=brought, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_a_page_brings_a_file_once_and_then_speaks_of_it(house: House, phone: Phone) -> None:
    name = str(uuid.uuid4())
    for _time in range(2):
        assert (await uploads(phone, VOICE, name))[0] == 204
    upload = await Upload.get()
    assert (upload.mime, upload.size) == ("audio/ogg", len(VOICE))
    (row,) = await get_connection("default").execute_query_dict("SELECT sealed FROM upload")
    assert b"OggS" not in bytes(row["sealed"])
    await phone.send(say={"id": name, "kind": "voice"})
    await phone.told("heard", name)
    (heard,) = house.heard
    assert (heard.kind, heard.file, heard.size) == (Kind.VOICE, str(upload.id), len(VOICE))
    # The answer got lost, so the page brings both again: nothing is kept twice, though its file has moved.
    await upload.delete()
    assert (await uploads(phone, VOICE, name))[0] == 204
    await phone.send(say={"id": name, "kind": "voice"})
    await phone.told("heard", name)
    assert await Upload.all().count() == 0
    assert len(house.heard) == 1
    # What was never brought is not spoken of.
    await phone.send(say={"id": str(uuid.uuid4()), "kind": "photo"})
    await phone.told("refused")


async def test_what_is_too_large_or_no_photo_is_refused_with_a_sentence(house: House, phone: Phone) -> None:
    name = str(uuid.uuid4())
    status_, said = await uploads(phone, PHOTO + b"x" * AT_MOST, name)
    assert (status_, said) == (413, "This file is larger than 5 MB. Please send a smaller or shorter one.")
    status_, said = await uploads(phone, b"<svg onload='alert(1)'>", name)
    assert (status_, said) == (415, "I can take photos and voice notes only, and this is neither.")
    assert (await uploads(phone, PHOTO, name, origin="https://elsewhere.example"))[0] == 403
    for _number in range(OF_A_SESSION):
        assert (await uploads(phone, PHOTO, str(uuid.uuid4())))[0] == 204
    assert (await uploads(phone, PHOTO, name))[0] == 429
    assert not await forget_old_files(Mailbag(datetime.now(UTC) + WAITS + timedelta(minutes=1)))
    assert await Upload.all().count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_a_photo_is_chosen_made_small_and_sent_by_a_button(house: House, reader: Reader) -> None:
    await house.say(await house.address(), "A photo, please", want="photo")
    async with reader.page.expect_file_chooser() as chooser:
        await reader.page.click("text=Send a photo")
    picture = {"name": "IMG_1.png", "mimeType": "image/png", "buffer": PHOTO}
    await (await chooser.value).set_files(picture)  # type: ignore[arg-type]  # a payload, as documented
    await house.hears(1)
    (heard,) = house.heard
    assert heard.kind is Kind.PHOTO
    upload = await Upload.get(id=int(heard.file))
    assert (upload.mime, str(upload.id)) == ("image/jpeg", heard.file), "drawn anew, without its place"
    await reader.sees("Photo")
    await reader.quiet()
    await house.say(await house.address(), "And a voice note?", want="voice")
    async with reader.page.expect_file_chooser() as chooser:
        await reader.page.click("text=Send a voice note")
    film = {"name": "film.mov", "mimeType": "audio/x", "buffer": b"....ftypqt  "}
    await (await chooser.value).set_files(film)  # type: ignore[arg-type]  # a payload, as documented
    await reader.page.wait_for_selector("#note:has-text('photos and voice notes only')")
    assert len(house.heard) == 1
    assert reader.errors == []
