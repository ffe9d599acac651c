"""What the server refuses when a bot speaks, in the words of the real one."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest

from tests.telegram_server import Limits, TelegramServer, spec
from tests.telegram_server.conftest import Caller

DATA = {"text": "Yes", "callback_data": "y"}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


def inline(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def refusal(call: Caller, method: str, **params: Any) -> tuple[int, str]:
    answer = await call(method, **params)
    assert not answer["ok"], answer
    assert answer["status"] == answer["error_code"]
    return answer["error_code"], answer["description"]


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


async def test_an_edit_has_to_change_something_that_is_there(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    sent = (await call("sendMessage", chat_id=mei.id, text="one", reply_markup=inline([DATA])))["result"]
    same = {"chat_id": mei.id, "message_id": sent["message_id"]}
    code, description = await refusal(
        call, "editMessageText", **same, text="one", reply_markup=inline([DATA])
    )
    assert (code, description) == (400, NOT_MODIFIED)
    assert (await call("editMessageText", **same, text="one"))["ok"], "the buttons go when they are not sent"
    assert mei.messages[-1].buttons == []
    assert await refusal(call, "editMessageReplyMarkup", **same) == (400, NOT_MODIFIED)
    assert (await call("editMessageText", **same, text="two"))["result"]["edit_date"]
    assert [each.text for each in mei.messages] == ["two"]
    assert (await call("deleteMessage", **same))["ok"]
    assert mei.messages == []
    gone = (400, "Bad Request: message to edit not found")
    assert await refusal(call, "editMessageText", **same, text="three") == gone
    assert await refusal(call, "deleteMessage", **same) == (400, "Bad Request: message to delete not found")


async def test_a_message_cannot_be_edited_for_good_reasons(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    written = await mei.says("hello")
    keyboard = {"keyboard": [[{"text": "Share"}]]}
    sent = (await call("sendMessage", chat_id=mei.id, text="x", reply_markup=keyboard))["result"]
    place = (await call("sendLocation", chat_id=mei.id, latitude=40.4, longitude=-3.7))["result"]
    for message_id, why in (
        (written.id, "message can't be edited"),
        (sent["message_id"], "message can't be edited"),
        (place["message_id"], "there is no text in the message to edit"),
        (0, "message identifier is not specified"),
    ):
        answer = await refusal(call, "editMessageText", chat_id=mei.id, message_id=message_id, text="y")
        assert answer == (400, f"Bad Request: {why}")


async def test_a_message_older_than_two_days_stays(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    sent = (await call("sendMessage", chat_id=mei.id, text="x"))["result"]
    tg.pass_time(48 * 3600 + 1)
    answer = await refusal(call, "deleteMessage", chat_id=mei.id, message_id=sent["message_id"])
    assert answer == (400, "Bad Request: message can't be deleted")


async def test_a_tap_is_answered_once_and_in_time(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    await call("sendMessage", chat_id=mei.id, text="x", reply_markup=inline([DATA]))
    tap = await mei.presses("Yes")
    assert await refusal(call, "answerCallbackQuery", callback_query_id=tap.id, text="t" * 201) == (
        400,
        "Bad Request: MESSAGE_TOO_LONG",
    )
    assert (await call("answerCallbackQuery", callback_query_id=tap.id, text="Noted"))["ok"]
    assert await tap.answered() == "Noted"
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await refusal(call, "answerCallbackQuery", callback_query_id=tap.id) == (400, too_old)
    late = await mei.presses("Yes")
    tg.pass_time(151)
    assert await refusal(call, "answerCallbackQuery", callback_query_id=late.id) == (400, too_old)


async def test_files_are_checked_kept_and_downloaded(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    async with aiohttp.ClientSession() as session:

        async def upload(method: str, part: str, content: bytes) -> dict[str, Any]:
            form = aiohttp.FormData({"chat_id": str(mei.id), "caption": "Roster"})
            form.add_field(part, io.BytesIO(content), filename="roster.pdf", content_type="application/pdf")
            async with session.post(f"{tg.url}/bot{tg.token}/{method}", data=form) as answer:
                return dict(await answer.json())

        sent = (await upload("sendDocument", "document", b"%PDF-1.7 lunch"))["result"]
        assert sent["document"]["file_name"] == "roster.pdf"
        assert mei.messages[-1].content() == b"%PDF-1.7 lunch"
        described = (await call("getFile", file_id=sent["document"]["file_id"]))["result"]
        async with session.get(f"{tg.url}/file/bot{tg.token}/{described['file_path']}") as answer:
            assert await answer.read() == b"%PDF-1.7 lunch"
        async with session.get(f"{tg.url}/file/bot{tg.token}/documents/file_9.pdf") as answer:
            assert answer.status == 404
        again = await call("sendDocument", chat_id=mei.id, document=sent["document"]["file_id"])
        assert again["result"]["document"]["file_unique_id"] == sent["document"]["file_unique_id"]
        assert (await upload("sendPhoto", "photo", b"no picture"))["description"] == (
            "Bad Request: IMAGE_PROCESS_FAILED"
        )
        too_wide = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (9000).to_bytes(4) + (400).to_bytes(4)
        assert (await upload("sendPhoto", "photo", too_wide))["description"] == (
            "Bad Request: PHOTO_INVALID_DIMENSIONS"
        )
        too_big = b"x" * ((50 << 20) + 1)
        assert (await upload("sendDocument", "document", too_big))["error_code"] == 413
    assert await refusal(call, "getFile", file_id="nothing") == (
        400,
        "Bad Request: wrong file_id or the file is temporarily unavailable",
    )
    assert await refusal(call, "sendDocument", chat_id=mei.id, document="nothing") == (
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    )
    assert await refusal(call, "sendMessage", chat_id=mei.id, text="") == (
        400,
        "Bad Request: message text is empty",
    )
    assert await refusal(call, "sendDocument", chat_id=mei.id, document="nothing", caption="c" * 1025) == (
        400,
        "Bad Request: message caption is too long",
    )


async def test_a_file_over_twenty_megabytes_cannot_be_fetched(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei")
    sent = await mei.sends_document(b"x" * ((20 << 20) + 1), "film.mp4")
    assert sent.file
    answer = await refusal(call, "getFile", file_id=sent.file["file_id"])
    assert answer == (400, "Bad Request: file is too big")


async def test_a_menu_is_the_first_list_set_from_narrow_to_wide(tg: TelegramServer, call: Caller) -> None:
    mei, ana = tg.user("Mei", wrote=True, language_code="zh-hans"), tg.user("Ana", language_code="es")

    async def sets(command: str, **where: Any) -> None:
        commands = [{"command": command, "description": "d"}]
        assert (await call("setMyCommands", commands=commands, **where))["ok"]

    await sets("everyone")
    await sets("private", scope={"type": "all_private_chats"})
    await sets("spanish", scope={"type": "all_private_chats"}, language_code="es")
    await sets("mine", scope={"type": "chat", "chat_id": mei.id})
    assert (mei.menu, ana.menu) == (["mine"], ["spanish"])
    await sets("chinese", scope={"type": "chat", "chat_id": mei.id}, language_code="zh")
    assert mei.menu == ["chinese"]
    for language in ("zh", ""):
        await call("deleteMyCommands", scope={"type": "chat", "chat_id": mei.id}, language_code=language)
    assert mei.menu == ["private"]
    asked = await call("getMyCommands", scope={"type": "all_private_chats"}, language_code="es")
    assert asked["result"] == [{"command": "spanish", "description": "d"}]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"commands": [{"command": "Start", "description": "d"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "start", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a", "description": "d"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"language_code": "zh-hans"}, "invalid language code specified"),
        ({"scope": {"type": "chat", "chat_id": 4}}, "chat not found"),
    ],
)
async def test_a_menu_that_breaks_a_rule_is_refused(
    call: Caller, params: dict[str, Any], description: str
) -> None:
    commands = [{"command": "start", "description": "Begin"}]
    answer = await refusal(call, "setMyCommands", **{"commands": commands, **params})
    assert answer == (400, f"Bad Request: {description}")


async def test_names_and_descriptions_are_kept_by_language(call: Caller) -> None:
    await call("setMyName", name="Comedor", language_code="es")
    await call("setMyDescription", description="Lunch for the elderly")
    assert (await call("getMyName", language_code="es"))["result"] == {"name": "Comedor"}
    assert (await call("getMyName"))["result"] == {"name": "Canteen"}
    assert (await call("getMyDescription", language_code="es"))["result"]["description"] == (
        "Lunch for the elderly"
    )
    code, _ = await refusal(call, "setMyShortDescription", short_description="x" * 121)
    assert code == 400


async def test_thirty_messages_go_out_in_any_second(tg: TelegramServer, call: Caller) -> None:
    people = tg.crowd(31)
    answers = [await call("sendMessage", chat_id=person.id, text="x") for person in people]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
    assert answers[-1] == {
        "status": 429,
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert not (await call("sendMessage", chat_id=people[-1].id, text="x"))["ok"]
    assert tg.repeated_early == 1
    tg.pass_time(1)
    assert (await call("sendMessage", chat_id=people[-1].id, text="x"))["ok"]


async def test_one_chat_takes_a_short_burst_then_one_a_second(tg: TelegramServer, call: Caller) -> None:
    mei, ana = tg.user("Mei", wrote=True), tg.user("Ana", wrote=True)
    sent = [await call("sendMessage", chat_id=mei.id, text="x") for _ in range(6)]
    assert [answer["ok"] for answer in sent] == [True] * 5 + [False]
    assert sent[-1]["parameters"]["retry_after"] == 1
    assert (await call("sendMessage", chat_id=ana.id, text="x"))["ok"], "another chat is not held up"
    edit = {"chat_id": mei.id, "message_id": sent[0]["result"]["message_id"], "text": "y"}
    assert not (await call("editMessageText", **edit))["ok"], "edits count for their chat"
    tg.pass_time(1.1)
    assert (await call("editMessageText", **edit))["ok"]


async def test_a_group_takes_twenty_messages_a_minute(call: Caller, tg: TelegramServer) -> None:
    group = tg.group("Volunteers", [tg.user("Mei")], with_bot=True)
    for _ in range(20):
        assert (await call("sendMessage", chat_id=group.id, text="x"))["ok"]
        tg.pass_time(1)
    answer = await call("sendMessage", chat_id=group.id, text="x")
    assert 39 <= answer["parameters"]["retry_after"] <= 40
    tg.pass_time(41)
    assert (await call("sendMessage", chat_id=group.id, text="x"))["ok"]


async def test_answers_to_taps_and_typing_are_not_paced(tg: TelegramServer, call: Caller) -> None:
    mei = tg.user("Mei", wrote=True)
    await call("sendMessage", chat_id=mei.id, text="x", reply_markup=inline([DATA]))
    for _ in range(40):
        tap = await mei.presses("Yes")
        assert (await call("answerCallbackQuery", callback_query_id=tap.id))["ok"]
        assert (await call("sendChatAction", chat_id=mei.id, action="typing"))["ok"]
    assert len(mei.actions) == 40
    assert await refusal(call, "sendChatAction", chat_id=mei.id, action="eating") == (
        400,
        "Bad Request: wrong parameter action in request",
    )


async def test_the_limits_can_be_lifted() -> None:
    async with TelegramServer(limits=Limits(paced=False)) as tg, aiohttp.ClientSession() as session:
        mei = tg.user("Mei", wrote=True)
        for _ in range(60):
            async with session.post(
                f"{tg.url}/bot{tg.token}/sendMessage", json={"chat_id": mei.id, "text": "x"}
            ) as answer:
                assert answer.status == 200
        assert len(mei.messages) == 60
