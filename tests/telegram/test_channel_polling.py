"""Updates by long polling, over real HTTP: in order, many at once, and none lost."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels import Key, Kind, Letter
from bot.channels.telegram import Telegram, TokenRefused
from tests.telegram.listening import Ears, polling
from tests.telegram.test_channel_codec import message
from tests.telegram_server import TelegramServer


async def test_what_people_say_is_heard_and_confirmed() -> None:
    ears = Ears()
    async with TelegramServer() as tg, polling(tg, ears):
        ann = tg.user("Ann", last_name="Li", language_code="zh-hans")
        await ann.says("Nobody opens at A17")
        await tg.delivered()
    (update,) = ears.heard
    assert (update.kind, update.text, update.sender) == (Kind.TEXT, "Nobody opens at A17", str(ann.id))
    assert (update.name, update.language, update.private, update.at) == ("Ann Li", "zh-hans", True, None)


async def test_every_way_of_speaking_is_heard() -> None:
    ears = Ears()
    async with TelegramServer() as tg, polling(tg, ears) as channel:
        ann = tg.user("Ann")
        first = await ann.says("Hello")
        await ann.edits(first, "Hello!")
        await ann.shares_contact("+85291234567")
        await ann.shares_location(22.25, 113.5)
        await ann.sends_photo(b"JFIF", "The door")
        await ann.sends_voice()
        await ann.sends_document(b"a,b", "list.csv", caption="List")
        await ann.sends_sticker()
        await ann.blocks_bot()
        await ann.unblocks_bot()
        group = tg.group("Round 2", [ann])
        await group.adds_bot(ann)
        await ann.says("/today@canteen_test_bot", to=group)
        moved = await group.migrate_to_supergroup()
        await moved.kicks_bot(ann)
        await tg.delivered()
        photo = next(update for update in ears.heard if update.kind is Kind.PHOTO)
        assert await channel.download(photo.file) == b"JFIF"
    said = [(update.kind, update.text) for update in ears.heard if update.kind is not Kind.UNKNOWN]
    assert said == [
        (Kind.TEXT, "Hello"),
        (Kind.EDITED, "Hello!"),
        (Kind.CONTACT, "+85291234567"),
        (Kind.LOCATION, "geo:22.25000,113.50000"),
        (Kind.PHOTO, "The door"),
        (Kind.VOICE, ""),
        (Kind.DOCUMENT, "List"),
        (Kind.STICKER, "👍"),
        (Kind.BLOCKED, ""),
        (Kind.UNBLOCKED, ""),
        (Kind.JOINED, ""),
        (Kind.TEXT, "/today"),
        (Kind.MIGRATED, str(moved.id)),
        (Kind.LEFT, ""),
    ]
    assert [update.place for update in ears.heard if update.kind is Kind.LEFT] == [str(moved.id)]


async def test_a_press_is_answered_after_its_turn_and_not_before() -> None:
    ears = Ears()
    async with TelegramServer() as tg, polling(tg, ears) as channel:
        ann = tg.user("Ann", wrote=True)
        await channel.send(Letter(1, str(ann.id), "Coming?", keys=[[Key("Yes", "yes:1")]]))
        turn = ears.slow[""] = asyncio.Event()
        pressed = await ann.presses("Yes")
        await ears.has_brought(1)
        assert not [call for call in tg.calls if call["method"] == "answerCallbackQuery"]
        turn.set()
        assert await pressed.answered() == ""
    assert [(update.data, update.kind) for update in ears.heard] == [("yes:1", Kind.PRESS)]


async def test_a_press_that_is_too_old_to_be_answered_is_heard_all_the_same() -> None:
    ears = Ears()
    async with TelegramServer() as tg, polling(tg, ears) as channel:
        ann = tg.user("Ann", wrote=True)
        await channel.send(Letter(1, str(ann.id), "Coming?", keys=[[Key("Yes", "yes:1")]]))
        tg.fail_next("answerCallbackQuery", 400, description="query is too old")
        await ann.presses("Yes")
        await tg.called("answerCallbackQuery")
        await ann.says("and more")
        await ears.heard_all("", "and more")


async def test_one_persons_updates_stay_in_order_while_others_go_on() -> None:
    ears = Ears()
    async with TelegramServer() as tg:
        ann, bob = tg.user("Ann"), tg.user("Bob")
        turn = ears.slow["Ann 0"] = asyncio.Event()
        for number in range(5):
            await ann.says(f"Ann {number}")
            await bob.says(f"Bob {number}")
        async with polling(tg, ears):
            await ears.heard_all(*(f"Bob {number}" for number in range(5)))
            assert len(tg.undelivered) == 10, "nothing is confirmed before all of it is heard"
            turn.set()
            await tg.delivered()
    assert [text for text in ears.texts if text.startswith("Ann")] == [f"Ann {number}" for number in range(5)]


async def test_no_more_than_32_turns_are_lived_at_once() -> None:
    ears = Ears()
    async with TelegramServer() as tg:
        turn = ears.slow["Hi"] = asyncio.Event()
        for user in tg.crowd(50):
            await user.says("Hi")
        async with polling(tg, ears):
            await ears.has_brought(32)
            turn.set()
            await tg.delivered()
    assert ears.most_at_once == 32
    assert len(ears.heard) == 50


async def test_what_was_not_heard_is_brought_again_and_holds_up_only_its_person() -> None:
    ears = Ears()
    ears.deaf["Ann 1"] = 2
    async with TelegramServer() as tg:
        ann, bob = tg.user("Ann"), tg.user("Bob")
        for number in range(3):
            await ann.says(f"Ann {number}")
            await bob.says(f"Bob {number}")
        async with polling(tg, ears):
            await ears.heard_all("Ann 0", "Bob 0", "Bob 1", "Bob 2")
            await tg.delivered()
    assert [text for text in ears.texts if text.startswith("Ann")] == ["Ann 0", "Ann 1", "Ann 2"]
    assert len(ears.heard) == 6


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"chat": []}},
        {"message": None, "poll": {"id": 1}},
        {"callback_query": {"id": "1"}},
        {"my_chat_member": "?"},
        {"wholly_new_kind": {}},
        {"update_id": None, "message": message(text="?")["message"]},
    ],
)
async def test_a_malformed_update_stops_nothing(broken: dict[str, Any]) -> None:
    ears = Ears()
    async with TelegramServer() as tg, polling(tg, ears):
        await tg.push(broken)
        await tg.user("Ann").says("Hello")
        await ears.heard_all("Hello")
        await tg.delivered()
    assert {update.kind for update in ears.heard if update.text != "Hello"} <= {Kind.UNKNOWN}


async def test_a_repeated_update_carries_the_same_event() -> None:
    ears = Ears()
    async with TelegramServer() as tg, polling(tg, ears):
        await tg.user("Ann").says("Hello")
        await tg.delivered()
        (update,) = ears.heard
        tg.redeliver(int(update.event))
        await ears.has_brought(2)
        await tg.user("Bob").says("Me too")
        await tg.delivered()
    assert ears.brought[update.event] == 2
    assert ears.texts == ["Hello", "Me too"]


async def test_a_poller_that_stops_lets_turns_end_and_confirms_what_was_heard() -> None:
    ears = Ears()
    async with TelegramServer() as tg:
        channel = Telegram(tg.token, tg.url)
        await channel.open()
        poller = asyncio.create_task(channel.receive(ears))
        turn = ears.slow["Hello"] = asyncio.Event()
        ann = tg.user("Ann")
        await ann.says("Hello")
        await ann.says("and more")
        await ears.has_brought(1)
        poller.cancel()
        asyncio.get_running_loop().call_soon(turn.set)
        with pytest.raises(asyncio.CancelledError):
            await poller
        assert "Hello" in ears.texts
        left = [update["message"]["text"] for update in tg.undelivered]
        assert left == [text for text in ("Hello", "and more") if text not in ears.texts]
        await channel.close()


async def test_a_webhook_of_earlier_days_is_removed_and_what_waits_is_kept() -> None:
    ears = Ears()
    async with TelegramServer(webhook="http://127.0.0.1:9/gone") as tg:
        await tg.user("Ann").says("Is anyone there?")
        async with polling(tg, ears):
            await ears.heard_all("Is anyone there?")


@pytest.mark.parametrize("how", [409, 500, "cut", 429])
async def test_trouble_with_polling_is_outlived(how: int | str) -> None:
    ears = Ears()
    async with TelegramServer() as tg:
        tg.fail_next("getUpdates", how, retry_after=1 if how == 429 else 0)
        with capture_logs() as logs:
            async with polling(tg, ears):
                await tg.user("Ann").says("Hello")
                await ears.heard_all("Hello")
        assert [entry["log_level"] for entry in logs] == ["warning"]
        assert tg.token not in repr(logs)


async def test_a_token_that_is_withdrawn_ends_the_poller_with_a_sentence() -> None:
    async with TelegramServer() as tg:
        channel = Telegram(tg.token, tg.url)
        await channel.open()
        tg.fail_next("getUpdates", 401)
        with pytest.raises(TokenRefused, match="BotFather"):
            await channel.receive(Ears())
        await channel.close()


async def test_nothing_private_is_logged() -> None:
    async def broken(update: object) -> None:
        raise RuntimeError("the inbox broke")

    async with TelegramServer() as tg:
        channel = Telegram(tg.token, tg.url)
        await channel.open()
        with capture_logs() as logs:
            poller = asyncio.create_task(channel.receive(broken))
            await tg.user("Annabelle").says("My mother fell")
            async with asyncio.timeout(5):
                await tg.called("getUpdates", count=2)
            poller.cancel()
            await asyncio.gather(poller, return_exceptions=True)
        assert logs
        assert not [word for word in ("Annabelle", "mother", tg.token) if word in repr(logs)]
        await channel.close()
