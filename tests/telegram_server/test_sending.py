"""What the server refuses when a bot speaks, in the words of the real one."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.telegram_server import TelegramServer, spec
from tests.telegram_server.conftest import DATA, Caller, inline, refusal


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "   \n"}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        (
            {"text": "a < b", "parse_mode": "HTML"},
            "can't parse entities: Unclosed start tag at byte offset 2",
        ),
        (
            {"text": "é<p>a</p>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "p" at byte offset 2',
        ),
        (
            {"text": "<b>a</i>", "parse_mode": "HTML"},
            'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        (
            {"text": "<b>a", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "a</b>", "parse_mode": "HTML"},
            "can't parse entities: Unexpected end tag at byte offset 1",
        ),
        ({"reply_markup": inline([{"text": "x", "callback_data": "d" * 65}])}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": inline([{"text": "x", "callback_data": "я" * 33}])}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": inline([{"text": "x", "callback_data": ""}])}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": inline([DATA] * 9)}, "reply markup is too long"),
        ({"reply_markup": inline(*[[DATA] * 8] * 12, [DATA] * 5)}, "reply markup is too long"),
        (
            {"reply_markup": inline([{"text": "x"}])},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"reply_markup": inline([{"text": "x", "url": "https://t.me/canteen_test_bot?start=a.b"}])},
            "BUTTON_URL_INVALID",
        ),
        (
            {
                "reply_markup": inline(
                    [{"text": "x", "url": "https://t.me/canteen_test_bot?start=" + "a" * 65}]
                )
            },
            "BUTTON_URL_INVALID",
        ),
        ({"reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"parse_mode": "Markdwon"}, "unsupported parse_mode"),
        ({"chat_id": 1}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(
    tg: TelegramServer, call: Caller, params: dict[str, Any], description: str
) -> None:
    mei = tg.user("Mei", wrote=True)
    answer = await refusal(call, "sendMessage", **{"chat_id": str(mei.id), "text": "x", **params})
    assert answer == (400, f"Bad Request: {description}")
    assert mei.messages == []


async def test_a_message_at_every_limit_goes_out(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    longest = "<b>" + "长" * 4095 + "&amp;</b>"
    buttons = inline(*[[DATA] * 8] * 12, [{"text": "x", "callback_data": "я" * 32}] * 4)
    answer = await call("sendMessage", chat_id=mei.id, text=longest, parse_mode="HTML", reply_markup=buttons)
    assert answer["result"]["entities"] == [{"offset": 0, "length": 4096, "type": "bold"}]
    assert mei.messages[-1].text == "长" * 4095 + "&"
    assert len(mei.messages[-1].buttons) == 100


async def test_offsets_count_utf16_units(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    answer = await call("sendMessage", chat_id=mei.id, text="🍚 <i>rice</i> /menu", parse_mode="HTML")
    assert answer["result"]["entities"] == [
        {"offset": 3, "length": 4, "type": "italic"},
        {"offset": 8, "length": 5, "type": "bot_command"},
    ]


@pytest.mark.skipif(spec.find() is None, reason="there is no published Bot API where TELEGRAM_API_SPEC says")
async def test_a_call_that_the_description_does_not_allow_is_refused(
    tg: TelegramServer, call: Caller
) -> None:
    mei = tg.user("Mei", wrote=True)
    assert await refusal(call, "sendMessage", chat_id=mei.id) == (
        400,
        'Bad Request: parameter "text" is required',
    )
    assert await refusal(call, "sendMessage", text="x") == (400, "Bad Request: chat_id is empty")
    code, description = await refusal(call, "sendMessage", chat_id=mei.id, text="x", parse_mod="HTML")
    assert (code, description) == (400, 'Bad Request: unknown parameter "parse_mod"')
    code, description = await refusal(
        call, "sendMessage", chat_id=mei.id, text="x", reply_markup={"inline_keybord": []}
    )
    assert (code, description[:50]) == (400, 'Bad Request: parameter "reply_markup" must be of t')
    code, description = await refusal(call, "getUpdates", limit="many")
    assert (code, description) == (400, 'Bad Request: parameter "limit" must be of type Integer')


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(tg: TelegramServer, call: Caller) -> None:
    assert await refusal(call, "sendMesage", chat_id=1, text="x") == (404, "Not Found")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{tg.url}/bot1:wrong/getMe") as answer:
            assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
        async with session.get(f"{tg.url}/bot{tg.token}/GETME") as answer:
            assert (await answer.json())["result"]["is_bot"] is True


async def test_get_json_and_forms_are_all_understood(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    address = f"{tg.url}/bot{tg.token}/sendMessage"
    await call("sendMessage", chat_id=mei.id, text="form", reply_markup=inline([DATA]))
    async with aiohttp.ClientSession() as session:
        await session.get(address, params={"chat_id": mei.id, "text": "get"})
        body = {"chat_id": mei.id, "text": "json", "reply_markup": inline([DATA])}
        await session.post(address, json=body)
        async with session.post(address, data=b"{", headers={"Content-Type": "application/json"}) as answer:
            assert answer.status == 400
    assert [(each.text, each.buttons) for each in mei.messages] == [
        ("form", ["Yes"]),
        ("get", []),
        ("json", ["Yes"]),
    ]


async def test_a_bot_cannot_write_to_those_who_do_not_let_it(tg: TelegramServer, call: Caller) -> None:
    stranger, leaver = tg.user("Ana"), tg.user("Bo", wrote=True)

    async def told(chat: int) -> tuple[int, str]:
        return await refusal(call, "sendMessage", chat_id=chat, text="x")

    assert await told(stranger.id) == (403, "Forbidden: bot can't initiate conversation with a user")
    await leaver.blocks_bot()
    assert await told(leaver.id) == (403, "Forbidden: bot was blocked by the user")
    await leaver.unblocks_bot()
    assert (await call("sendMessage", chat_id=leaver.id, text="x"))["ok"]
    await leaver.deletes_account()
    assert await told(leaver.id) == (403, "Forbidden: user is deactivated")
    await stranger.says("hello")
    assert (await call("sendMessage", chat_id=stranger.id, text="x"))["ok"]


async def test_a_group_refuses_a_bot_that_is_not_in_it(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    group = tg.group("Volunteers", [mei])
    club = tg.group("Club", [mei], supergroup=True)
    assert await refusal(call, "sendMessage", chat_id=group.id, text="x") == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )
    await group.adds_bot(by=mei)
    assert (await call("sendMessage", chat_id=group.id, text="x"))["ok"]
    await group.kicks_bot(by=mei)
    assert await refusal(call, "sendMessage", chat_id=group.id, text="x") == (
        403,
        "Forbidden: bot was kicked from the group chat",
    )
    await club.adds_bot(by=mei)
    await call("leaveChat", chat_id=club.id)
    assert await refusal(call, "sendMessage", chat_id=club.id, text="x") == (
        403,
        "Forbidden: bot is not a member of the supergroup chat",
    )


async def test_a_group_that_became_a_supergroup_says_where_it_went(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    group = tg.group("Volunteers", [mei], with_bot=True)
    moved = await group.migrate_to_supergroup()
    answer = await call("sendMessage", chat_id=group.id, text="x")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": moved.id}
    assert str(moved.id).startswith("-100")
    assert (await call("sendMessage", chat_id=moved.id, text="x"))["result"]["message_id"] == 2


async def test_phone_numbers_are_asked_for_in_private_only(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    group = tg.group("Volunteers", [mei], with_bot=True)
    for wanted, what in (("request_contact", "phone number"), ("request_location", "location")):
        keyboard = {"keyboard": [[{"text": "Share", wanted: True}]], "one_time_keyboard": True}
        assert await refusal(call, "sendMessage", chat_id=group.id, text="x", reply_markup=keyboard) == (
            400,
            f"Bad Request: {what} can be requested in private chats only",
        )
        assert (await call("sendMessage", chat_id=mei.id, text="x", reply_markup=keyboard))["ok"]
    assert mei.keyboard == ["Share"]
