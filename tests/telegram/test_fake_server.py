"""Two client libraries that we did not write talk to the tests' Bot API server: it has to satisfy both."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import telegram

from tests.telegram_server import TelegramServer, User

# Each worker that imports it pays for it.
pytestmark = pytest.mark.xdist_group("aiogram")


@pytest.fixture
async def tg() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def unruly() -> AsyncIterator[TelegramServer]:
    """A server for calls that are meant to be wrong."""
    async with TelegramServer(checked=False) as server:
        yield server


@pytest.fixture
def mei(tg: TelegramServer) -> User:
    return tg.user("Mei", language_code="zh-hans", wrote=True)


@pytest.fixture
def second() -> Any:
    """Import aiogram, which takes seconds, only where it is used."""
    return importlib.import_module("tests.telegram.second")


@pytest.fixture
async def foreign(second: Any) -> AsyncIterator[Callable[..., Any]]:
    """Make aiogram bots, and close them."""
    bots: list[Any] = []

    def make(tg: TelegramServer, token: str = "") -> Any:
        bots.append(second.bot(token or tg.token, tg.url))
        return bots[-1]

    yield make
    for bot in bots:
        await bot.session.close()


@pytest.fixture
async def ptb(tg: TelegramServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(tg.token, base_url=f"{tg.url}/bot", base_file_url=f"{tg.url}/file/bot") as bot:
        yield bot


async def test_aiogram_sends_edits_and_deletes(tg: TelegramServer, mei: User, foreign, second) -> None:
    bot = foreign(tg)
    me = await bot.get_me()
    assert (me.is_bot, me.id) == (True, int(tg.token.split(":")[0]))
    sent = await bot.send_message(mei.id, "Is <b>lunch</b> good?", parse_mode="HTML", reply_markup=second.YES)
    assert sent.html_text == "Is <b>lunch</b> good?"
    assert sent.reply_markup.model_dump() == second.YES.model_dump()
    heard = await mei.hears("lunch")
    assert heard.buttons == ["Yes"]
    edited = await bot.edit_message_text("Thank you", chat_id=mei.id, message_id=sent.message_id)
    assert isinstance(edited, second.Message)
    assert edited.edit_date
    assert (await mei.hears("Thank")).edited
    assert await bot.delete_message(mei.id, sent.message_id)
    assert mei.messages == []


async def test_aiogram_hears_each_refusal_as_the_class_it_has_for_it(
    unruly: TelegramServer, foreign, second
) -> None:
    tg, bot = unruly, foreign(unruly)
    mei = tg.user("Mei", wrote=True)
    sent = await bot.send_message(mei.id, "one")
    with pytest.raises(second.refused.TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("one", chat_id=mei.id, message_id=sent.message_id)
    with pytest.raises(second.refused.TelegramBadRequest, match="chat not found"):
        await bot.send_message(5, "x")
    with pytest.raises(second.refused.TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query("17")
    await mei.blocks_bot()
    with pytest.raises(second.refused.TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(mei.id, "x")
    group = tg.group("Volunteers", [mei], with_bot=True)
    moved = await group.migrate_to_supergroup()
    with pytest.raises(second.refused.TelegramMigrateToChat) as migrated:
        await bot.send_message(group.id, "x")
    assert migrated.value.migrate_to_chat_id == moved.id
    for person in tg.crowd(29):
        await bot.send_message(person.id, "x")
    with pytest.raises(second.refused.TelegramRetryAfter) as wait:
        await bot.send_message(moved.id, "x")
    assert wait.value.retry_after == 1
    with pytest.raises(second.refused.TelegramUnauthorizedError):
        await foreign(tg, "42:wrong").get_me()
    tg.fail_next("getMe", 502)
    with pytest.raises(second.refused.TelegramServerError):
        await bot.get_me()
    tg.fail_next("getMe", "cut")
    with pytest.raises(second.refused.TelegramNetworkError):
        await bot.get_me()


async def test_aiogram_polls_messages_and_taps(tg: TelegramServer, mei: User, foreign, second) -> None:
    bot, dispatcher = foreign(tg), second.Dispatcher()

    @dispatcher.message()
    async def greet(message: Any) -> None:
        await message.answer(f"{message.from_user.language_code} {message.text}", reply_markup=second.YES)

    @dispatcher.callback_query()
    async def confirm(query: Any) -> None:
        await query.answer("Noted")
        await query.message.edit_text(f"You pressed {query.data}")

    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    await mei.says("/start now")
    assert (await mei.hears("zh-hans /start now")).buttons == ["Yes"]
    tap = await mei.presses("Yes")
    assert await tap.answered() == "Noted"
    assert (await mei.hears("You pressed yes")).buttons == []
    await tg.delivered()
    await dispatcher.stop_polling()
    await polling


async def test_aiogram_reads_every_kind_of_thing_a_person_sends(
    tg: TelegramServer, mei: User, foreign, second
) -> None:
    bot = foreign(tg)
    ana = tg.user("Ana")
    group = tg.group("Volunteers", [mei], supergroup=True)
    written = await mei.says("see @canteen_test_bot, 🍚 /menu")
    await mei.edits(written, "see /menu")
    await mei.shares_contact("+34600111222", of=ana)
    await mei.shares_location(40.4, -3.7)
    photo = await mei.sends_photo(b"\xff\xd8\xff picture", "my door")
    await mei.sends_voice(b"OggS voice")
    await mei.sends_sticker("👍")
    await mei.sends_document(b"%PDF", "list.pdf", "application/pdf")
    await mei.blocks_bot()
    await mei.unblocks_bot()
    await group.adds_bot(by=mei)
    updates = await bot.get_updates(timeout=1)
    assert [update.update_id - updates[0].update_id for update in updates] == list(range(12))
    kinds = [update.message.content_type if update.message else update.event_type for update in updates]
    assert kinds == [
        "text", "edited_message", "contact", "location", "photo", "voice", "sticker", "document",
        "my_chat_member", "my_chat_member", "my_chat_member", "new_chat_members",
    ]  # fmt: skip
    text = updates[0].message
    assert [entity.extract_from(text.text) for entity in text.entities] == ["@canteen_test_bot", "/menu"]
    assert updates[2].message.contact.user_id == ana.id
    assert updates[8].my_chat_member.new_chat_member.status == "kicked"
    downloaded = await bot.download(updates[4].message.photo[-1])
    assert downloaded.read() == photo.content()
    assert await bot.get_updates(offset=updates[-1].update_id + 1) == []


async def test_aiogram_sends_files_and_sets_menus(tg: TelegramServer, mei: User, foreign, second) -> None:
    bot = foreign(tg)
    sent = await bot.send_document(
        mei.id, second.BufferedInputFile(b"%PDF-1.7", "roster.pdf"), caption="Today"
    )
    assert sent.document.file_name == "roster.pdf"
    assert mei.messages[-1].content() == b"%PDF-1.7"
    await bot.set_my_commands(
        [second.BotCommand(command="skip", description="No lunch today")],
        scope=second.BotCommandScopeChat(chat_id=mei.id),
        language_code="zh",
    )
    assert mei.menu == ["skip"]
    assert (await bot.get_chat(mei.id)).first_name == "Mei"


async def test_python_telegram_bot_does_the_same(tg: TelegramServer, ptb: telegram.Bot) -> None:
    mei = tg.user("Mei")
    assert ptb.username == "canteen_test_bot"
    await mei.says("/start")
    [update] = await ptb.get_updates(timeout=1)
    assert update.message
    assert update.message.parse_entities(["bot_command"])
    button = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="yes")]])
    sent = await ptb.send_message(mei.id, "Hello", reply_markup=button)
    await mei.presses("Yes")
    [press] = await ptb.get_updates(offset=update.update_id + 1, timeout=1)
    assert press.callback_query
    assert await press.callback_query.answer("Noted")
    await ptb.edit_message_text("Bye", mei.id, sent.message_id)
    document = await ptb.send_document(mei.id, b"%PDF-1.7", filename="roster.pdf")
    assert document.document
    stored = await document.document.get_file()
    assert await stored.download_as_bytearray() == b"%PDF-1.7"
    assert [each.text for each in mei.messages] == ["Bye", ""]


async def test_python_telegram_bot_hears_each_refusal_as_the_class_it_has_for_it(
    unruly: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    tg, error = unruly, telegram.error
    mei = tg.user("Mei", wrote=True)
    group = tg.group("Volunteers", [mei], with_bot=True)
    moved = await group.migrate_to_supergroup()
    async with telegram.Bot(tg.token, base_url=f"{tg.url}/bot") as bot:
        with pytest.raises(error.ChatMigrated) as migrated:
            await bot.send_message(group.id, "x")
        assert migrated.value.new_chat_id == moved.id
        with pytest.raises(error.BadRequest, match="Message text is empty"):
            await bot.send_message(mei.id, " ")
        await mei.blocks_bot()
        with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
            await bot.send_message(mei.id, "x")
        tg.fail_next("sendMessage", 429, retry_after=7)
        with pytest.raises(error.RetryAfter) as wait:
            await bot.send_message(mei.id, "x")
        assert wait.value.retry_after == timedelta(seconds=7)
        tg.fail_next("sendMessage", "timeout")
        with pytest.raises(error.TimedOut):
            await bot.send_message(mei.id, "x", read_timeout=0.05)
        await bot.set_webhook("https://canteen.example/telegram")
        with pytest.raises(error.Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
    stranger = telegram.Bot("42:wrong", base_url=f"{tg.url}/bot")
    with pytest.raises(error.InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
