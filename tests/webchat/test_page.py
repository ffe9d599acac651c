"""What a browser fetches, and who may not."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.channels.webchat.wire import FRAME_BYTES
from bot.i18n import LANGUAGES
from handlers.webchat_words import WORDS
from models.webchat import WebSession
from tests.webchat.house import House
from tests.webchat.phone import Phone

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


async def test_looking_at_the_page_begins_no_session(house: House) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/chat", "/chat/", "/chat/family-2/"):
            async with http.get(house.url + path) as answer:
                assert answer.status == 200
                assert "Set-Cookie" not in answer.headers
    assert await WebSession.all().count() == 0


async def test_an_address_without_its_slash_keeps_the_code(house: House) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{house.url}/chat?start=K7Q") as answer:
        assert str(answer.url) == f"{house.url}/chat/?start=K7Q"


async def test_the_page_runs_no_script_but_its_own_and_loads_nothing_from_elsewhere(house: House) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{house.url}/chat/") as answer:
        html = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"""(?:src|href)=["'](?!/chat/static/|#)""", html)
    assert not re.search(r"\son\w+=|\sstyle=", html)


async def test_every_file_of_the_page_is_there_and_may_be_kept(house: House) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{house.url}/chat/") as answer:
            html = await answer.text()
        paths = set(re.findall(r'"(/chat/static/[^"#]+)"', html))
        assert len(paths) >= 5
        for path in paths:
            async with http.get(house.url + path) as answer:
                assert answer.status == 200, path
                assert "immutable" in answer.headers["Cache-Control"]
        old = re.sub(r"/static/\w+/", "/static/0ld/", min(paths))
        async with http.get(house.url + old) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
        async with http.get(f"{house.url}/chat/static/0ld/secret.txt") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-TW,zh;q=0.9,en;q=0.8", "zh_Hant"), ("es-MX", "es"), ("de", "en"), ("", "en")],
)
async def test_the_page_speaks_the_browsers_language_and_holds_all(
    house: House, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.get(f"{house.url}/chat/") as answer,
    ):
        html = await answer.text()
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', html, re.DOTALL)
    assert found
    told = json.loads(found[1])
    assert told["language"] == language
    assert f'<html lang="{language.replace("_", "-")}">' in html
    assert set(told["words"]) == set(LANGUAGES)
    assert all(set(words) == set(WORDS) for words in told["words"].values())


async def test_the_page_remembers_the_language_that_was_chosen(house: House, phone: Phone) -> None:
    await house.say(await house.address(), "你好", language="zh_Hans")
    async with phone._http.get(f"{house.url}/chat/", headers={"Accept-Language": "es"}) as answer:
        assert '<html lang="zh-Hans">' in await answer.text()


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    begin = f"{house.url}/chat/family/session"
    async with aiohttp.ClientSession() as http, http.post(begin, headers={"Origin": house.url}) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("canteen_chat_family=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=31536000"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    session = await WebSession.get()
    assert token not in (session.address, session.token_hash)


async def test_each_visit_lengthens_the_session_it_finds(house: House, phone: Phone) -> None:
    (before,) = await WebSession.all()
    async with phone._http.post(f"{phone.base}session", headers={"Origin": house.url}) as answer:
        assert "Max-Age=31536000" in answer.headers["Set-Cookie"]
    (after,) = await WebSession.all()
    assert after.token_hash == before.token_hash
    assert after.seen_at > before.seen_at


async def test_behind_https_the_cookie_travels_on_https_only(db: str) -> None:
    public = "https://lunch.example.org"
    async with House(public_url=public) as house, aiohttp.ClientSession() as http:
        assert house.chat.link("K7Q") == "https://lunch.example.org/chat/?start=K7Q"
        async with http.post(f"{house.url}/chat/session", headers={"Origin": public}) as answer:
            assert "Secure" in answer.headers["Set-Cookie"].split("; ")


async def test_each_phone_of_a_browser_has_a_session_of_its_own(house: House) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        for slot in ("family", "volunteer", "family"):
            await http.post(f"{house.url}/chat/{slot}/session", headers={"Origin": house.url})
    assert sorted(await WebSession.all().values_list("slot", flat=True)) == ["family", "volunteer"]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", ""])
async def test_another_sites_page_can_neither_begin_nor_listen(
    house: House, phone: Phone, origin: str
) -> None:
    async with phone._http.post(f"{phone.base}session", headers={"Origin": origin}) as answer:
        assert answer.status == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await phone._http.ws_connect(f"{phone.base}socket", headers={"Origin": origin})
    assert refused.value.status == 403


async def test_a_browser_without_a_session_is_told_to_ask_for_one(house: House) -> None:
    async with aiohttp.ClientSession() as http:
        socket = await http.ws_connect(f"{house.url}/chat/socket", origin=house.url)
        assert (await socket.receive()).data == 4401
        await socket.close()


async def test_a_frame_that_is_too_large_ends_the_line(house: House, phone: Phone) -> None:
    await phone.socket.send_str("x" * (FRAME_BYTES + 1))
    assert (await phone.socket.receive()).data == 1009
    await phone.connect()
    await phone.told("heard", await phone.say("Smaller"))


async def test_bytes_end_the_line(house: House, phone: Phone) -> None:
    await phone.socket.send_bytes(b"\0")
    assert (await phone.socket.receive()).data == 1003


async def test_a_page_that_chatters_is_slowed_down_and_loses_nothing(house: House, phone: Phone) -> None:
    clock = phone.socket._loop.time
    start = clock()
    for number in range(40):
        await phone.say(str(number))
    await house.hears(40)
    assert clock() - start >= 0.9  # twenty at once, then twenty in a second
    assert [update.text for update in house.heard] == [str(number) for number in range(40)]


async def test_sessions_in_which_nothing_was_said_are_swept_away(db: str) -> None:
    day = datetime(2026, 11, 24, 9, tzinfo=UTC)
    empty, _ = await WebSession.start("a", day)
    used, _ = await WebSession.start("b", day)
    async with House() as house:
        await house.say(used.address, "Hello")
    await WebSession.start("c", day + timedelta(days=1, seconds=1))
    assert sorted(await WebSession.all().values_list("slot", flat=True)) == ["b", "c"]
    assert empty.address != used.address
