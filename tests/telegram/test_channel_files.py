"""Letters with a file on Telegram, over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.channels import Attachment, EditGone, Key, Later, Letter
from tests.telegram.listening import opened
from tests.telegram_server import Limits, TelegramServer, User

PAPER = Attachment("roster-2026-11-24.pdf", "application/pdf", b"%PDF-1.7 \x00\r\n--boundary\xff" * 5000)
OPEN = [[Key("Print", "print:1:2026-11-24")]]


def letter(user: User, text: str, **more: Any) -> Letter:
    return Letter(7, str(user.id), text, keys=OPEN, file=PAPER, **more)


async def test_a_file_arrives_whole_with_its_words_and_its_buttons_under_it() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        sent = await channel.send(letter(ann, "👵🏻 Who eats on Tue 24 Nov", bold=[(3, 8)]))
        (seen,) = ann.messages
        assert sent == str(seen.id)
        document = seen.raw["document"]
        assert (document["file_name"], document["mime_type"]) == (PAPER.name, PAPER.mime)
        assert seen.raw["caption"] == "👵🏻 Who eats on Tue 24 Nov"
        assert seen.raw["caption_entities"] == [{"type": "bold", "offset": 5, "length": 8}]
        assert seen.buttons == ["Print"]
        assert await channel.download(document["file_id"]) == PAPER.content
        (call,) = await tg.called("sendDocument")
        assert call["code"] == 200


async def test_words_that_are_too_many_for_a_caption_come_before_the_file() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        text = "Lunch." * 200
        sent = await channel.send(letter(ann, text))
        words, file = ann.messages
        assert (words.text, words.buttons) == (text, [])
        assert "caption" not in file.raw
        assert file.buttons == ["Print"]
        assert sent == str(file.id)


async def test_a_caption_of_just_the_right_length_stays_with_its_file() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        await channel.send(letter(ann, "🍲" * 512))
        (file,) = ann.messages
        assert file.raw["caption"] == "🍲" * 512
        await channel.send(letter(ann, "🍲" * 513))
        assert len(ann.messages) == 3


async def test_when_telegram_asks_to_wait_before_the_file_the_words_are_not_repeated() -> None:
    async with TelegramServer(limits=Limits(burst=1)) as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        long = letter(ann, "Lunch." * 200)
        with pytest.raises(Later):
            await channel.send(long)
        tg.pass_time(2)
        assert await channel.send(long) == str(ann.messages[-1].id)
        assert [message.text for message in ann.messages] == [long.text, ""]


async def test_a_file_cannot_stand_in_the_place_of_another_message() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        sent = await channel.send(Letter(1, str(ann.id), "Lunch"))
        with pytest.raises(EditGone):
            await channel.send(letter(ann, "Lunch", edits=sent))


async def test_a_file_is_taken_back_whole_and_one_that_is_too_old_stays() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        first, old = await channel.send(letter(ann, "A photo")), await channel.send(letter(ann, "An old one"))
        back = Letter(8, str(ann.id), "It is gone from here.", edits=first)
        with pytest.raises(EditGone):
            await channel.send(back)
        assert len(ann.messages) == 2, "words that only change stand below the file"
        assert await channel.send(replace(back, takes_back=True)) == first
        assert [str(message.id) for message in ann.messages] == [old]
        for gone in (first, old):
            tg.pass_time(49 * 3600)
            with pytest.raises(EditGone):
                await channel.send(replace(back, edits=gone, takes_back=True))
        assert [str(message.id) for message in ann.messages] == [old]
