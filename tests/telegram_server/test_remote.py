"""The same server in a process of its own, told what people do over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.telegram_server import Limits, RemoteTelegram
from tests.telegram_server.audience import Impossible
from tests.telegram_server.record import FOLDER
from tests.telegram_server.remote import ROOT

BOT = """
import asyncio, json, sys, aiohttp

async def main():
    api = sys.argv[1]
    async with aiohttp.ClientSession() as session:
        offset = 0
        while True:
            answer = await session.post(api + "/getUpdates", json={"offset": offset, "timeout": 30})
            for update in (await answer.json())["result"]:
                offset = update["update_id"] + 1
                message = update["message"]
                echo = {"chat_id": message["chat"]["id"], "text": message["text"]}
                await session.post(api + "/sendMessage", json=echo)

asyncio.run(main())
"""


def recorded(folder: Path) -> list[tuple[str, list[dict[str, object]]]]:
    return [
        (path.name, [json.loads(line) for line in path.read_text().splitlines()]) for path in folder.iterdir()
    ]


async def test_a_server_of_its_own_does_all_that_one_in_the_process_does(tmp_path: Path) -> None:
    record = tmp_path / "calls.jsonl"
    async with (
        RemoteTelegram.started(limits=Limits(burst=2), record=record) as tg,
        aiohttp.ClientSession() as session,
    ):

        async def call(method: str, **params: object) -> dict[str, object]:
            async with session.post(f"{tg.url}/bot{tg.token}/{method}", json=params) as answer:
                return dict(await answer.json())

        mei, crowd = tg.user("Mei", wrote=True), tg.crowd(12)
        yes = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
        waiting = asyncio.create_task(mei.hears("Lunch"))
        await call("sendMessage", chat_id=mei.id, text="Lunch?", reply_markup=yes)
        card = await waiting
        assert (card.text, card.buttons) == ("Lunch?", ["Yes"])
        tap = await mei.presses("Yes", on=card)
        await call("answerCallbackQuery", callback_query_id=tap.id, text="Noted")
        assert await tap.answered() == "Noted"
        photo = await mei.sends_photo(b"\xff\xd8\xff\x00 picture")
        assert photo.content() == b"\xff\xd8\xff\x00 picture"
        with pytest.raises(Impossible, match="there is no button 'No'"):
            await mei.presses("No")
        with pytest.raises(AssertionError, match="Mei heard nothing new with 'Dinner'"):
            await mei.hears("Dinner", timeout=0)
        tg.fail_next("sendMessage", 500, to=crowd[0])
        assert not (await call("sendMessage", chat_id=crowd[0].id, text="x"))["ok"]
        assert [(await call("sendMessage", chat_id=mei.id, text="x"))["ok"] for _ in range(2)] == [
            True,
            False,
        ]
        assert len(tg.undelivered) == 2
        everybody = asyncio.gather(*(person.hears("Dinner") for person in crowd))
        for person in crowd:
            await call("sendMessage", chat_id=person.id, text="Dinner?")
        assert [heard.chat_id for heard in await everybody] == [person.id for person in crowd]
        await tg.called("sendMessage", count=16)
        assert [made["method"] for made in tg.calls[:2]] == ["sendMessage", "answerCallbackQuery"]
    [(_, lines)] = recorded(tmp_path)
    assert [line["method"] for line in lines] == ["sendMessage", "answerCallbackQuery", *["sendMessage"] * 15]
    assert lines[0].keys() >= {"method", "params", "files", "ts"}


@pytest.mark.kill
async def test_it_survives_the_death_of_the_bot() -> None:
    async with RemoteTelegram.started() as tg:
        mei = tg.user("Mei")
        api = f"{tg.url}/bot{tg.token}"

        async def bot() -> asyncio.subprocess.Process:
            process = await asyncio.create_subprocess_exec(sys.executable, "-c", BOT, api)
            await tg.polled(timeout=20)
            return process

        first = await bot()
        await mei.says("one")
        await mei.hears("one")
        first.kill()
        await first.wait()
        await mei.says("two")
        second = await bot()
        await mei.hears("two")
        second.kill()
        await second.wait()


def test_it_ends_when_the_one_who_started_it_is_gone() -> None:
    command = [sys.executable, "-m", "tests.telegram_server", "--port=0", "--until-input-ends"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline().startswith(b"http://127.0.0.1:")
        process.stdin.close()
        assert process.wait(10) == 0


async def test_its_calls_are_checked_with_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    async with RemoteTelegram.started() as tg, aiohttp.ClientSession() as session:
        await session.post(f"{tg.url}/bot{tg.token}/getMe")
        await tg.called("getMe")
    [(name, [call])] = recorded(tmp_path)
    assert call["method"] == "getMe"
    assert str(os.getpid()) not in name
