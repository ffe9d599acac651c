"""The sending limits."""

from __future__ import annotations

import aiohttp

from tests.telegram_server import Limits, TelegramServer
from tests.telegram_server.conftest import DATA, Caller, inline, refusal


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
    sent = await call("sendMessage", chat_id=group.id, text="x")
    edit = {"chat_id": group.id, "message_id": sent["result"]["message_id"]}
    for number in range(19):
        tg.pass_time(1)
        assert (await call("editMessageText", **edit, text=f"x{number}"))["ok"], "edits count as messages do"
    tg.pass_time(1)
    for method, told in (("editMessageText", edit), ("sendMessage", {"chat_id": group.id})):
        answer = await call(method, **told, text="y")
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
