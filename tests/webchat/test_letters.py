"""The channel's contract: letters out, and the ways in which it says no."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.channels import Channel, EditGone, Key, Letter, Unreachable
from models.webchat import WebMessage
from tests.webchat.house import House, letters
from tests.webchat.phone import Phone


def letter(address: str, text: str = "Soup", **more: object) -> Letter:
    return replace(Letter(next(letters), address, text), **more)  # type: ignore[arg-type]  # any field


async def test_the_web_chat_is_a_channel(house: House) -> None:
    channel: Channel = house.chat
    assert channel.name == "webchat"
    assert channel.capabilities.repeats_refused
    await channel.receive(house.hear)
    assert channel.link("K7Q") == f"{house.url}/chat/?start=K7Q"


async def test_the_same_letter_again_is_stored_once(house: House, phone: Phone) -> None:
    soup = letter(await house.address())
    names = await asyncio.gather(*(house.chat.send(soup) for _ in range(4)))
    assert len(set(names)) == 1
    assert await WebMessage.all().count() == 1


async def test_a_letter_to_nobody_says_so(house: House) -> None:
    for lost in (letter("nobody"), letter("nobody", edits="1"), letter("nobody", commands=[])):
        with pytest.raises(Unreachable):
            await house.chat.send(lost)


async def test_an_edit_of_what_is_gone_says_so(house: House, phone: Phone) -> None:
    with pytest.raises(EditGone):
        await house.chat.send(letter(await house.address(), edits="4711"))


async def test_an_edit_cannot_reach_another_session(house: House, phone: Phone) -> None:
    mine = await house.say(await house.address(), "Mine")
    async with Phone(house.url, "other"):
        with pytest.raises(EditGone):
            await house.chat.send(letter(await house.address("other"), "Yours", edits=mine))


async def test_an_edit_changes_the_bubble_in_place(house: House, phone: Phone) -> None:
    address = await house.address()
    first = await house.say(address, "1 of 2", [[("Next", "next")]])
    await house.say(address, "Below")
    await phone.sees("Below")
    edit = letter(address, "2 of 2", edits=first, keys=[[Key("Done", "done")]], urgent=True)
    assert await house.chat.send(edit) == first
    shown = await phone.sees("2 of 2")
    assert (shown["keys"], shown["urgent"]) == ([[["Done", "done"]]], True)
    assert phone.texts == ["2 of 2", "Below"]


async def test_a_late_edit_does_not_undo_a_newer_one(house: House, phone: Phone) -> None:
    address = await house.address()
    first = await house.say(address, "Old")
    older = letter(address, "Older", edits=first)
    newer = letter(address, "Newer", edits=first)
    assert await house.chat.send(newer) == first
    assert await house.chat.send(older) == first
    assert await house.chat.send(newer) == first
    await phone.sees("Newer")
    assert [message.body["text"] for message in await WebMessage.all()] == ["Newer"]


async def test_the_page_learns_its_commands_and_its_language(house: House, phone: Phone) -> None:
    address = await house.address()
    menu = letter(address, "", commands=[("skip", "Saltar un almuerzo")], language="es")
    assert await house.chat.send(menu) == ""
    frame = await phone.told("menu", [["skip", "Saltar un almuerzo"]])
    assert frame["language"] == "es"
    assert phone.texts == []
    await house.say(address, "明天见", language="zh_Hans")
    assert (await phone.told("language", "zh_Hans"))["menu"] == [["skip", "Saltar un almuerzo"]]


async def test_what_is_said_is_sealed_in_the_table(house: House, phone: Phone) -> None:
    address = await house.address()
    await house.say(address, "Mrs Chan is in hospital")
    await phone.told("heard", await phone.say("Which one?"))
    connection = WebMessage._meta.db
    for row in await connection.execute_query_dict("SELECT body FROM web_message"):
        assert b"hospital" not in bytes(row["body"])
        assert b"Which" not in bytes(row["body"])
