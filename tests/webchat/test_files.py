"""Files in the web chat: sealed, for one browser only, and gone after a month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from tortoise.connection import get_connection

from bot.app import load_features
from bot.channels import Attachment, Letter, Rejected
from bot.housekeeping import forget_old_files
from bot.speech import Mailbag
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
