"""What goes wrong on the way to the house: forgers, broken updates, people who block the bot."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.channels.telegram import webhook
from models.people import Account, Membership, Person
from tests.day.phones import Phone, TelegramPhone
from tests.day.scenes import AT_THE_DOOR, CANTEEN, QUESTIONS, WHERE, WHOM, comes_in, says_age
from tests.day.town import Town, Way, town
from tests.facts import apologies

ON_TELEGRAM = pytest.mark.parametrize("way", ["webhook", "polling"])
MONDAY = "2026-11-23 09:00"
MALFORMED: list[dict[str, Any]] = [
    {},
    {"message": None},
    {"message": {"text": 5, "chat": "here"}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": "x", "type": "private"}}},
    {"callback_query": {"id": 7, "from": {}, "data": ["a"]}},
    {"my_chat_member": {"chat": {"id": 1}}},
    {"something_new": {"of": "tomorrow"}},
]


async def opened(there: Town, code: str) -> Phone:
    """Let the coordinator come in."""
    chen = await there.phone("Chen", "en")
    await comes_in(chen, code, "139 0000 0001")
    await chen.hears("Welcome, {name}. You now look after {canteen}.")
    return chen


async def joined(there: Town, chen: Phone, name: str) -> TelegramPhone:
    """Let a volunteer come in by the coordinator's link."""
    await chen.does(
        ("/invite", "Whom would you like to invite to {canteen}?"),
        (">A volunteer", "Would you like to bring lunch to older people with {canteen}? Come in here:"),
    )
    phone = await there.phone(name, "en")
    assert isinstance(phone, TelegramPhone)
    await comes_in(phone, chen.code(), "139 0000 0002")
    await says_age(phone)
    return phone


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_a_forged_webhook_is_refused_and_nothing_happens(db_url: str) -> None:
    async with town("webhook", db_url, MONDAY, CANTEEN) as (there, code), aiohttp.ClientSession() as forger:
        chen = await opened(there, code)
        path = there.url + webhook.path(there.server.token)
        person = {"id": 666, "is_bot": False, "first_name": "Mallory", "language_code": "en"}
        message = {
            "message_id": 1, "date": 0, "text": "/start", "from": person,
            "chat": {"id": 666, "type": "private", "first_name": "Mallory"},
        }  # fmt: skip
        forged = {"update_id": 1, "message": message}
        people = await Person.all().count()
        for headers in ({}, {webhook.HEADER: ""}, {webhook.HEADER: "guess"}, {webhook.HEADER: "é"}):
            async with forger.post(path, json=forged, headers=headers) as answer:
                assert answer.status == 403
        async with forger.post(there.url + "/telegram/guess", json=forged) as answer:
            assert answer.status == 404
        assert await Person.all().count() == people
        await chen.does(("/help", "Tap or write one of these words:"))


@ON_TELEGRAM
async def test_a_broken_update_stops_nobody(way: Way, db_url: str) -> None:
    async with town(way, db_url, MONDAY, CANTEEN) as (there, code):
        chen = await opened(there, code)
        for broken in MALFORMED:
            await there.server.push(dict(broken))
        await there.server.delivered()
        await chen.does(("/help", "Tap or write one of these words:"))
        assert await apologies() == []


@ON_TELEGRAM
async def test_somebody_who_blocks_the_bot_is_called_by_the_coordinator(way: Way, db_url: str) -> None:
    async with town(way, db_url, MONDAY, CANTEEN) as (there, code):
        chen = await opened(there, code)
        lin = await joined(there, chen, "Lin")
        await lin.user.blocks_bot()
        told = await chen.hears("{name} does not get my messages any more.")
        assert "Lin" in told.text
        assert "+8613900000002" in told.text
        await chen.does(
            ("/broadcast", "Who should read it?"),
            (">Volunteers ({n})", "What would you like to say? Write it just as they should read it."),
            ("Hello", "This is how they will see it:"),
            (">Send", "{n} could not be reached."),
        )
        await lin.user.unblocks_bot()
        await lin.does(("/help", "Tap or write one of these words:"))
        assert await Account.filter(reachable=False).count() == 0
        assert await Membership.filter(ended_at__not_isnull=True).count() == 0


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@ON_TELEGRAM
async def test_whatever_is_sent_in_the_middle_of_a_form_the_form_goes_on(way: Way, db_url: str) -> None:
    async with town(way, db_url, MONDAY, CANTEEN) as (there, code):
        await opened(there, code)
        mei = await there.phone("Mei", "en")
        assert isinstance(mei, TelegramPhone)
        await mei.does(("/register", WHOM), ("Wang Guifen, 1941, Grandma Wang", QUESTIONS[0]))
        question = await mei.does(("021 5555 0101", WHERE))
        file = {"file_id": "F1", "file_unique_id": "U1"}
        for send in (
            lambda: mei.user.sends_photo(b"\xff\xd8\xff"),
            mei.user.sends_voice,
            mei.user.sends_sticker,
            lambda: mei.user.sends_document(b"%PDF", "address.pdf"),
            lambda: mei.user.sends({"video_note": file | {"duration": 3, "length": 1}}),
            lambda: mei.user.sends({"dice": {"emoji": "🎲", "value": 1}}),
        ):
            await send()
            await mei.hears("I can only read words here. Please write your answer.")
        said = await mei.user.says("no number here")
        await mei.hears(
            "Please write the whole address with the numbers of house and door, like this: {example}"
        )
        await mei.user.edits(said, "5 Ping'an Lane, door 201")
        await mei.hears("I can't read changed messages. Please write it to me anew.")
        for data in ("q:x:y:z", "x" * 64, "ß" * 32, "senior_yes:99999999999999999999"):
            await mei.taps(question, data)
            await mei.hears(WHERE)
        await mei.taps(question, "senior_yes:1")
        await mei.hears("That is not open to you here. What you can do is listed under /help")
        await mei.does(("5 Ping'an Lane, door 201", AT_THE_DOOR))
        assert await apologies() == []
