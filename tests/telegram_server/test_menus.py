"""Commands, names and descriptions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.telegram_server import TelegramServer
from tests.telegram_server.conftest import Caller, refusal


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
