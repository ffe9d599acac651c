"""Letters to people on Telegram, over real HTTP."""

import asyncio
import time
from datetime import timedelta

import pytest

from bot.channels import Ambiguous, EditGone, Key, Later, Letter, Moved, Rejected, Unreachable
from bot.channels.telegram import Telegram, TokenRefused
from tests.telegram.listening import opened
from tests.telegram_server import UNPACED, Limits, TelegramServer, User

ASK = [[Key("Yes", "q:1:coming:yes"), Key("No", "q:1:coming:no")], [Key("Back", "/back")]]


def letter(user: User, text: str = "Lunch is at 11:30.", **more: object) -> Letter:
    """Write a letter to someone."""
    return Letter(1, str(user.id), text, **more)  # type: ignore[arg-type]  # fields are checked at run time


async def test_a_letter_arrives_with_its_bold_and_its_buttons() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        sent = await channel.send(letter(ann, "👵🏻 Mrs Chan, 1 < 2 & *so* on", bold=[(3, 8)], keys=ASK))
        seen = await ann.hears("1 < 2 & *so* on")
        assert sent == str(seen.id)
        assert [[button.data for button in row] for row in seen.rows] == [
            ["q:1:coming:yes", "q:1:coming:no"],
            ["/back"],
        ]
        assert seen.raw["entities"] == [{"type": "bold", "offset": 5, "length": 8}]


async def test_no_link_is_looked_at_before_its_reader_does() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        await channel.send(letter(tg.user("Ann", wrote=True), "https://example.org/chat?code=1"))
        (call,) = await tg.called("sendMessage")
        assert call["params"]["link_preview_options"] == '{"is_disabled": true}'
        assert "parse_mode" not in call["params"]


async def test_a_message_is_edited_in_place_and_loses_its_buttons() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        sent = await channel.send(letter(ann, "Coming?", keys=ASK))
        assert await channel.send(letter(ann, "You are coming.", edits=sent)) == sent
        (seen,) = ann.messages
        assert (seen.text, seen.buttons) == ("You are coming.", [])


async def test_an_edit_that_changes_nothing_succeeds() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        sent = await channel.send(letter(ann, "Coming?", keys=ASK))
        assert await channel.send(letter(ann, "Coming?", keys=ASK, edits=sent)) == sent
        (call,) = await tg.called("editMessageText")
        assert call["code"] == 400


@pytest.mark.parametrize("where", ["999", "", "nowhere"])
async def test_an_edit_of_what_is_gone_asks_to_be_sent_anew(where: str) -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        with pytest.raises(EditGone):
            await channel.send(letter(tg.user("Ann", wrote=True), edits=where))


async def test_what_cannot_stand_in_the_place_of_a_message_is_sent_anew() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        sent = await channel.send(letter(ann, "Coming?"))
        with pytest.raises(EditGone):
            await channel.send(letter(ann, "x" * 5000, edits=sent))
        with pytest.raises(EditGone):
            await channel.send(letter(ann, keys=[[Key("Share", "share")]], want="contact", edits=sent))


async def test_a_message_with_a_sharing_button_cannot_be_edited() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        keys = [[Key("Share my number", "share")], [Key("Cancel", "/cancel")]]
        sent = await channel.send(letter(ann, "Your number?", keys=keys, want="contact"))
        assert ann.keyboard == ["Share my number", "Cancel"]
        with pytest.raises(EditGone):
            await channel.send(letter(ann, "Thank you.", edits=sent))


async def test_a_long_letter_goes_out_in_pieces_with_the_buttons_below_the_last() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        text = "\n".join(f"{number}. Mrs Chan 👵🏻 {'x' * 60}" for number in range(120))
        sent = await channel.send(letter(ann, text, keys=ASK))
        seen = ann.messages
        assert len(seen) == 3
        assert "\n".join(each.text for each in seen) == text
        assert [bool(each.buttons) for each in seen] == [False, False, True]
        assert sent == str(seen[-1].id)


async def test_a_long_letter_goes_on_where_telegram_asked_to_wait() -> None:
    async with TelegramServer(limits=Limits(burst=1)) as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        long = letter(ann, "\n".join(f"{number} {'x' * 90}" for number in range(100)))
        for _ in range(2):
            with pytest.raises(Later):
                await channel.send(long)
            tg.pass_time(2)
        assert await channel.send(long) == str(ann.messages[-1].id)
        assert len(ann.messages) == 3
        assert "\n".join(each.text for each in ann.messages) == long.text


async def test_a_long_letter_that_changed_meanwhile_begins_anew() -> None:
    async with TelegramServer(limits=Limits(burst=1)) as tg, opened(tg) as channel:
        ann = tg.user("Ann", wrote=True)
        with pytest.raises(Later):
            await channel.send(letter(ann, "a\n" * 3000))
        tg.pass_time(2)
        with pytest.raises(Later):
            await channel.send(letter(ann, "b\n" * 3000))
        assert [each.text[0] for each in ann.messages] == ["a", "b"]


async def test_the_menu_is_set_for_one_chat() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        ann, bob = tg.user("Ann", wrote=True, language_code="es"), tg.user("Bob", wrote=True)
        commands = [("status", "Did they eat?"), ("help", "What I can do" + "!" * 300)]
        assert await channel.send(letter(ann, "", commands=commands)) == ""
        assert (ann.menu, bob.menu) == (["status", "help"], [])


async def test_who_blocked_the_bot_or_left_cannot_be_reached() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        blocked, gone, stranger = tg.user("A", wrote=True), tg.user("B", wrote=True), tg.user("C")
        await blocked.blocks_bot()
        await gone.deletes_account()
        for user in (blocked, gone, stranger, User(tg, 404, "nobody")):
            with pytest.raises(Unreachable):
                await channel.send(letter(user))


async def test_a_group_that_became_a_supergroup_has_moved() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        group = tg.group("Round 2", [tg.user("Ann", wrote=True)], with_bot=True)
        new = await group.migrate_to_supergroup()
        with pytest.raises(Moved) as moved:
            await channel.send(Letter(1, str(group.id), "Hello"))
        assert moved.value.address == str(new.id)


@pytest.mark.parametrize(
    "broken",
    [{"text": ""}, {"keys": [[Key("Yes", "x" * 65)]]}, {"keys": [[Key("", "yes")]]}],
    ids=["nothing to say", "a button with too much data", "a button without words"],
)
async def test_what_telegram_never_takes_is_rejected(broken: dict[str, object]) -> None:
    async with TelegramServer(checked=False) as tg, opened(tg) as channel:
        with pytest.raises(Rejected):
            await channel.send(letter(tg.user("Ann", wrote=True), **broken))


async def test_an_address_of_another_channel_is_rejected() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        with pytest.raises(Rejected):
            await channel.send(Letter(1, "ann@web", "Hello"))


async def test_a_429_says_how_long_to_wait() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        tg.fail_next("sendMessage", 429, retry_after=17)
        with pytest.raises(Later) as later:
            await channel.send(letter(tg.user("Ann", wrote=True)))
        assert (later.value.wait, later.value.everyone) == (timedelta(seconds=17), True)


@pytest.mark.parametrize("how", [500, 502, "cut", "timeout"])
async def test_without_an_answer_it_is_open_whether_it_arrived(how: int | str) -> None:
    async with TelegramServer() as tg, opened(tg, read_timeout=0.3) as channel:
        tg.fail_next("sendMessage", how)
        with pytest.raises(Ambiguous) as unclear:
            await channel.send(letter(tg.user("Ann", wrote=True)))
        assert tg.token not in repr(unclear.value)
        assert unclear.value.__cause__ is None


async def test_a_server_that_is_down_got_nothing() -> None:
    async with TelegramServer() as tg:
        ann = tg.user("Ann", wrote=True)
    async with opened(tg) as channel:
        with pytest.raises(Later) as later:
            await channel.send(letter(ann))
        assert later.value.everyone


async def test_a_closed_channel_sends_nothing() -> None:
    async with TelegramServer() as tg:
        async with opened(tg) as channel:
            pass
        with pytest.raises(Later):
            await channel.send(letter(tg.user("Ann", wrote=True)))


async def test_a_wrong_token_is_said_plainly() -> None:
    async with TelegramServer() as tg:
        channel = Telegram("5123456789:wrong", tg.url)
        with pytest.raises(TokenRefused, match="TELEGRAM_TOKEN") as refused:
            await channel.open()
        assert "wrong" not in str(refused.value)


async def test_a_link_opens_the_bot_with_a_code() -> None:
    async with TelegramServer(username="lunch_bot") as tg:
        channel = Telegram(tg.token, tg.url)
        assert channel.link("CODE") is None
        await channel.open()
        assert channel.link("CODE-1") == "https://t.me/lunch_bot?start=CODE-1"
        assert channel.link("no code!") is None
        await channel.close()


async def test_a_house_opens_while_telegram_is_down_and_learns_its_name_later() -> None:
    async with TelegramServer() as tg:
        tg.fail_next("getMe", 502)
        async with opened(tg) as channel:
            await tg.called("getMe", count=2)
            await channel.send(letter(tg.user("Ann", wrote=True)))
            assert channel.link("CODE") is not None


async def test_a_file_is_fetched() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        seen = await tg.user("Ann").sends_document(b"%PDF-1.7", "list.pdf")
        assert seen.file is not None
        assert await channel.download(seen.file["file_id"]) == b"%PDF-1.7"


async def test_a_file_above_20_mb_is_not_fetched() -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        seen = await tg.user("Ann").sends_document(bytes(20 * 1024 * 1024 + 1), "film.mp4")
        assert seen.file is not None
        with pytest.raises(Rejected):
            await channel.download(seen.file["file_id"])
        with pytest.raises(Rejected):
            await channel.download("no such file")


@pytest.mark.parametrize("how", [500, "cut", 429])
async def test_a_file_may_be_asked_for_again(how: int | str) -> None:
    async with TelegramServer() as tg, opened(tg) as channel:
        tg.fail_next("getFile", how)
        with pytest.raises(Later):
            await channel.download("any")


async def test_many_letters_at_once_all_arrive() -> None:
    async with TelegramServer(limits=UNPACED) as tg, opened(tg) as channel:
        crowd = tg.crowd(300)
        began = time.perf_counter()
        await asyncio.gather(*(channel.send(letter(user)) for user in crowd))
        print(f"{len(crowd) / (time.perf_counter() - began):.0f} messages/s")
        assert all(len(user.messages) == 1 for user in crowd)
