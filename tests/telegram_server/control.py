"""Let another process play the people: every operation of a stage over HTTP, under /control/."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.telegram_server.server import TelegramServer

FAILED = 409


def encode(value: Any) -> str:
    """Write JSON, with bytes wrapped."""
    return json.dumps(value, default=_wrap)


def decode(text: str) -> Any:
    """Read JSON, with bytes unwrapped."""
    return json.loads(text, object_hook=_unwrap)


class ControlledServer(TelegramServer):
    """Be a server that is told by others what people do. Loopback only."""

    def add_routes(self, app: web.Application) -> None:
        """Add the way in for tests."""
        app.router.add_post("/control/perform/{operation}", self._perform)
        app.router.add_post("/control/wait/{operation}", self._wait)

    async def _perform(self, request: web.Request) -> web.Response:
        arguments = decode(await request.text())
        return _result(lambda: self.perform(request.match_info["operation"], **arguments))

    async def _wait(self, request: web.Request) -> web.Response:
        found = await self.wait(request.match_info["operation"], **decode(await request.text()))
        return _result(lambda: found)


def _result(perform: Callable[[], Any]) -> web.Response:
    try:
        return web.Response(text=encode(perform()), content_type="application/json")
    except LookupError as impossible:
        return web.Response(text=str(impossible), status=FAILED)


def _wrap(value: object) -> object:
    if isinstance(value, bytes):
        return {"__bytes__": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} is no JSON")


def _unwrap(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["__bytes__"]) if "__bytes__" in value else value
