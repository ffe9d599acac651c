"""The socket's promises: nothing lost, nothing twice, everything in order."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels import Kind, Update
from models.webchat import WebMessage, WebSession
from tests.webchat.house import House
from tests.webchat.phone import Phone

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


async def test_what_a_person_writes_is_heard_with_all_that_the_page_knows(house: House, phone: Phone) -> None:
    name = await phone.say("Good morning", lang="zh-TW")
    await phone.told("heard", name)
    (update,) = house.heard
    address = await house.address()
    assert update == Update(
        channel="webchat",
        event=f"{address}:{name}",
        kind=Kind.TEXT,
        sender=address,
        place=address,
        text="Good morning",
        language="zh-TW",
    )
    assert update.private


async def test_the_answer_stands_below_the_question_and_the_question_becomes_heard(
    house: House, phone: Phone
) -> None:
    async def answer(update: Update) -> None:
        await house.say(update.sender, "Soup", bold=[(0, 4)])

    house.answer = answer
    await phone.say("What is for lunch?")
    await phone.sees("Soup")
    await phone.told("heard")
    while not phone.shown[1]["read"]:
        await phone.next()
    assert phone.texts == ["What is for lunch?", "Soup"]
    assert phone.shown[2]["bold"] == [[0, 4]]


async def test_words_that_come_again_are_shown_once_heard_once_and_answered_again(
    house: House, phone: Phone
) -> None:
    name = await phone.say("Hello")
    await phone.told("heard", name)
    await phone.hang_up()
    await phone.connect()
    await phone.say("Hello", name=name)
    await phone.told("heard", name)
    assert (len(house.heard), house.repeats) == (1, 1)
    assert phone.texts == ["Hello"]


async def test_words_that_could_not_be_committed_are_asked_for_again(house: House, phone: Phone) -> None:
    house.busy = 1
    name = await phone.say("Hello")
    await phone.told("again", name)
    assert house.heard == []
    await phone.say("Hello", name=name)
    await phone.told("heard", name)
    assert [update.text for update in house.heard] == ["Hello"]
    await phone.sees("Hello")
    assert phone.texts == ["Hello"]


async def test_a_press_names_its_message_and_shows_what_was_chosen(house: House, phone: Phone) -> None:
    address = await house.address()
    message = await house.say(address, "Shall I?", [[("Yes", "q:1:go:yes"), ("No", "q:1:go:no")]])
    shown = await phone.sees("Shall I?")
    assert shown["keys"] == [[["Yes", "q:1:go:yes"], ["No", "q:1:go:no"]]]
    name = await phone.press(shown["number"], "q:1:go:yes")
    await phone.told("heard", name)
    (update,) = house.heard
    assert (update.kind, update.data, update.message) == (Kind.PRESS, "q:1:go:yes", message)
    while not phone.shown[shown["number"]]["pressed"]:
        await phone.next()
    assert phone.shown[shown["number"]]["pressed"] == "q:1:go:yes"


async def test_a_message_that_the_answer_changed_does_not_show_the_old_choice(
    house: House, phone: Phone
) -> None:
    async def answer(update: Update) -> None:
        await house.say(update.sender, "Stop 2", [[("Done", "done")]], edits=update.message)

    house.answer = answer
    await house.say(await house.address(), "Stop 1", [[("Done", "done")]])
    number = (await phone.sees("Stop 1"))["number"]
    await phone.told("heard", await phone.press(number, "done"))
    await phone.sees("Stop 2")
    await phone.hang_up()
    await phone.connect()
    assert phone.texts == ["Stop 2"]
    assert phone.shown[number]["pressed"] is None


async def test_a_tap_keeps_its_own_time_when_it_can_be_believed(db: str) -> None:
    async with House(now=lambda: NOON) as house, Phone(house.url) as phone:
        for minutes in (0, 24 * 60, 24 * 60 + 1, -1):
            at = (NOON - timedelta(minutes=minutes)).isoformat()
            await phone.told("heard", await phone.say("Tap", at=at))
        await phone.catches_up(8)
        assert [update.at for update in house.heard] == [NOON, NOON - timedelta(days=1), None, None]
        assert [phone.shown[number]["at"] for number in sorted(phone.shown)] == [
            NOON.isoformat(),
            (NOON - timedelta(days=1)).isoformat(),
            NOON.isoformat(),
            NOON.isoformat(),
        ]


async def test_a_phone_number_and_a_place_are_shared(house: House, phone: Phone) -> None:
    for kind, text in (("contact", "+852 9123 4567"), ("location", "geo:22.31930,114.16940")):
        await phone.send(say={"id": str(uuid.uuid4()), "kind": kind, "text": text})
        await phone.told("heard")
    assert [(update.kind, update.text) for update in house.heard] == [
        (Kind.CONTACT, "+852 9123 4567"),
        (Kind.LOCATION, "geo:22.31930,114.16940"),
    ]


@pytest.mark.parametrize(
    "say",
    [
        {"kind": "text", "text": "x" * 10_001},
        {"kind": "text", "text": " \0\n"},
        {"kind": "press", "message": 1, "press": "x" * 65},
        {"kind": "press", "message": 1},
        {"kind": "contact", "text": "nobody"},
        {"kind": "location", "text": "geo:here"},
        {"kind": "photo", "text": "x"},
    ],
)
async def test_what_cannot_be_read_is_refused_by_name_and_the_line_stays_open(
    house: House, phone: Phone, say: dict[str, Any]
) -> None:
    name = str(uuid.uuid4())
    await phone.send(say={"id": name, **say})
    await phone.told("refused", name)
    await phone.socket.send_str("{")
    await phone.told("refused", None)
    await phone.told("heard", await phone.say("x" * 10_000))
    assert len(house.heard) == 1


async def test_half_a_character_is_refused_and_not_brought_for_ever(house: House, phone: Phone) -> None:
    name = str(uuid.uuid4())
    await phone.send(say={"id": name, "kind": "text", "text": "\ud83c"})
    await phone.told("refused")
    await phone.told("heard", await phone.say("🍲"))
    assert [update.text for update in house.heard] == ["🍲"]


async def test_after_a_break_the_page_is_told_exactly_what_it_missed(house: House, phone: Phone) -> None:
    address = await house.address()
    card = await house.say(address, "One")
    await house.say(address, "Two")
    await phone.catches_up(2)
    await phone.hang_up()
    await house.say(address, "Three")
    await house.say(address, "One and a half", edits=card)
    phone.frames.clear()
    await phone.connect()
    (frame,) = phone.frames
    assert [message["text"] for message in frame["changes"]] == ["Three", "One and a half"]
    assert phone.texts == ["One and a half", "Two", "Three"]


async def test_a_break_that_missed_nothing_is_told_so(house: House, phone: Phone) -> None:
    await house.say(await house.address(), "One")
    await phone.catches_up(1)
    await phone.hang_up()
    phone.frames.clear()
    await phone.connect()
    assert [frame["changes"] for frame in phone.frames] == [[]]


async def test_after_a_long_absence_the_page_begins_anew_with_the_newest(house: House, phone: Phone) -> None:
    address = await house.address()
    await house.say(address, "First")
    await phone.sees("First")
    await phone.hang_up()
    for number in range(320):
        await house.say(address, f"Message {number}")
    await phone.connect()
    assert phone.texts == [f"Message {number}" for number in range(220, 320)]
    assert phone.frames[-1]["more"] is True
    await phone.send(before=min(phone.shown))
    frame = await phone.told("older")
    assert [message["text"] for message in frame["older"]] == [f"Message {n}" for n in range(120, 220)]
    await phone.send(before=50)
    frame = await phone.told("older")
    assert (len(frame["older"]), frame["more"]) == (49, False)


async def test_a_counter_of_another_session_is_not_believed(house: House, phone: Phone) -> None:
    address = await house.address()
    await house.say(address, "One")
    await house.say(address, "Two")
    await phone.hang_up()
    phone.upto, phone.session = 1, "another"
    await phone.connect()
    assert phone.texts == ["One", "Two"]


async def test_two_windows_of_one_session_show_the_same(house: House, phone: Phone) -> None:
    async with Phone(house.url) as other:
        await other.borrow(phone)
        await phone.say("From here")
        await other.sees("From here")
        await other.say("From there")
        await phone.sees("From there")
        assert other.session == phone.session


async def test_what_was_seen_is_remembered(house: House, phone: Phone) -> None:
    address = await house.address()
    await house.say(address, "One")
    await house.say(address, "Two")
    await phone.sees("Two")
    await phone.send(read=1)
    while not phone.shown[1]["read"]:
        await phone.next()
    assert not phone.shown[2]["read"]
    first, second = await WebMessage.all().order_by("number")
    assert first.read_at is not None
    assert second.read_at is None


async def test_what_is_forgotten_disappears_from_the_open_page(house: House, phone: Phone) -> None:
    address = await house.address()
    await house.say(address, "A secret")
    await phone.sees("A secret")
    await WebSession.forget(address)
    await house.say(address, "Everything is gone.")
    await phone.sees("Everything is gone.")
    assert phone.texts == ["Everything is gone."]
    assert await WebMessage.all().count() == 1


async def test_many_windows_and_writers_miss_nothing_and_repeat_nothing(house: House, phone: Phone) -> None:
    address = await house.address()
    await asyncio.gather(
        *(house.say(address, f"Letter {number}") for number in range(40)),
        *(phone.say(f"Word {number}") for number in range(10)),
    )
    wanted = {f"Letter {n}" for n in range(40)} | {f"Word {n}" for n in range(10)}
    while set(phone.texts) != wanted:
        await phone.next()
    assert sorted(phone.texts) == sorted(wanted)
    words = [text for text in phone.texts if text.startswith("Word")]
    assert words == [f"Word {number}" for number in range(10)]
    assert [update.text for update in house.heard] == words
