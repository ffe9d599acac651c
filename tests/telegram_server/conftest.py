"""A server whose calls are meant to be wrong, which the session's checker doesn't read; a bare client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from tests.telegram_server import TelegramServer
from tests.telegram_server.listening import Ear, listening

DATA = {"text": "Yes", "callback_data": "y"}

Caller = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
async def tg() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(checked=False, backoff=0) as server:
        yield server


@pytest.fixture
async def call(tg: TelegramServer) -> AsyncIterator[Caller]:
    """Call a method as a form; answers with the body, its status beside it."""
    async with aiohttp.ClientSession() as session:

        async def send(method: str, **params: Any) -> dict[str, Any]:
            form = {
                name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
            }
            async with session.post(f"{tg.url}/bot{tg.token}/{method}", data=form) as answer:
                return {"status": answer.status, **(await answer.json())}

        yield send


def inline(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    async with listening() as ear:
        yield ear


async def poll(call: Caller, **params: Any) -> list[int]:
    answer = await call("getUpdates", **params)
    assert answer["ok"], answer
    return [update["update_id"] for update in answer["result"]]


async def refusal(call: Caller, method: str, **params: Any) -> tuple[int, str]:
    answer = await call(method, **params)
    assert not answer["ok"], answer
    assert answer["status"] == answer["error_code"]
    return answer["error_code"], answer["description"]
