"""A Bot API server on a port of its own, which refuses what the real one refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.telegram_server import params as parameters
from tests.telegram_server import spec
from tests.telegram_server.bell import Bell
from tests.telegram_server.controls import Call, Controls
from tests.telegram_server.faults import Fault, Faults
from tests.telegram_server.limits import Limits
from tests.telegram_server.methods import METHODS
from tests.telegram_server.params import Params
from tests.telegram_server.record import Record, session_file
from tests.telegram_server.refusals import Refused, bad_request
from tests.telegram_server.stage import Stage
from tests.telegram_server.state import Described, State
from tests.telegram_server.webhook import Courier, Hook

TOKEN = "5123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"  # of nobody
LARGEST_BODY = 60 << 20
PUBLISHED = {name.lower(): name for name in METHODS}


class TelegramServer(Controls):
    """Be the Bot API for one bot, inside `async with`.

    webhook, secret: where updates go from the start. record: where calls are written (by default where the
    session's checker looks; checked=False: nowhere). backoff: what the pauses between webhook retries are
    multiplied with. webhook_timeout: seconds until an unanswered delivery is given up and repeated.
    keep_alive: whether a connection serves more than one delivery.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        webhook: str = "",
        secret: str = "",
        username: str = "canteen_test_bot",
        limits: Limits | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        record: Path | None = None,
        checked: bool = True,
        backoff: float = 1.0,
        webhook_timeout: float = 60.0,
        keep_alive: bool = True,
    ) -> None:
        self.token = token
        self.state = State(token, username, limits or Limits())
        self.state.courier = Courier(
            self.state.mailbox,
            self.state.clock,
            self._obey,
            backoff=backoff,
            timeout=webhook_timeout,
            keep_alive=keep_alive,
        )
        self.stage = Stage(self.state)
        self.faults = Faults()
        self._first_hook = Hook(webhook, secret)
        self._host, self._port = host, port
        self._record = Record(record or (session_file() if checked else None))
        self._called = Bell()
        self._stopping = asyncio.Event()
        published = spec.find()
        self._spec = spec.load(published) if published else None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self.add_routes(app)
        # A caller that hangs up ends its long poll, as with the real server.
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, keepalive_timeout=3600, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://{self._host}:{self._port}"
        if self._first_hook.url:
            await self.state.courier.point_to(self._first_hook)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        await self.state.courier.stop()
        self.state.poller.end()
        await self._runner.cleanup()
        self._record.close()

    def add_routes(self, app: web.Application) -> None:
        """Add routes beside those of the Bot API; there are none here."""

    def perform(self, operation: str, /, **arguments: Any) -> Any:
        """Do something on the stage, or behind it."""
        own: dict[str, Callable[..., Any]] = {
            "calls": lambda: self._record.calls,
            "deliveries": lambda: [asdict(delivery) for delivery in self.state.courier.deliveries],
            "fail_next": lambda **fault: self.faults.plan(Fault(**fault)),
            "fail_no_more": self.faults.clear,
        }
        return (own.get(operation) or getattr(self.stage, operation))(**arguments)

    async def wait(self, operation: str, /, **arguments: Any) -> Any:
        """Wait for something on the stage, or for calls."""
        if operation != "called":
            return await getattr(self.stage, operation)(**arguments)

        def look() -> list[Call] | None:
            calls = self._record.calls
            answered = [call for call in calls if call["method"] == arguments["method"] and "code" in call]
            return answered if len(answered) >= arguments["count"] else None

        return await self._called.until(look, arguments["timeout"])

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _answer(Refused(401, "Unauthorized"))
        name = self._published_name(request.match_info["method"])
        try:
            params = await parameters.read(request)
        except Refused as refused:
            return _answer(refused)
        call = self._record.begin(name, params.values, list(params.files), self.state.clock.now())
        fault = self.faults.take(name, params.values.get("chat_id"))
        outcome = await self._outcome(name, params) if fault is None or fault.delivered else None
        if fault is not None and isinstance(fault.how, str):
            self._finish(call, 0, f"fault: {fault.how}")
            return await self._break(request, fault)
        if fault is not None:
            outcome = fault.refusal()
        self._note(call, outcome)
        return _answer(outcome)

    def _published_name(self, method: str) -> str:
        known = self._spec.name(method) if self._spec else None
        return known or PUBLISHED.get(method.lower(), method)

    async def _outcome(self, name: str, params: Params) -> Any:
        """Perform a method: its result, or why it was refused."""
        try:
            if self._spec:
                if self._spec.name(name) is None:
                    raise Refused(404, "Not Found")
                self._spec.check(name, params.values, params.files)
            if name not in METHODS:
                raise bad_request(f"this server can't {name}") if self._spec else Refused(404, "Not Found")
            return await METHODS[name](self.state, params)
        except Refused as refused:
            return refused

    async def _obey(self, order: Mapping[str, Any]) -> None:
        """Perform a method that came as the answer to a webhook; nobody hears the result."""
        values = {name: value for name, value in order.items() if name != "method"}
        name = self._published_name(str(order["method"]))
        if name.lower().startswith("get") or name in {"setWebhook", "deleteWebhook", "close", "logOut"}:
            return
        call = self._record.begin(name, values, [], self.state.clock.now())
        self._note(call, await self._outcome(name, Params(values)))

    def _note(self, call: Call, outcome: Any) -> None:
        refused = isinstance(outcome, Refused)
        self._finish(call, outcome.code if refused else 200, outcome.description if refused else "")

    def _finish(self, call: Call, code: int, description: str) -> None:
        self._record.finish(call, code, description)
        self._called.ring()

    async def _break(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.how == "timeout":
            await self._stopping.wait()
        if request.transport:
            request.transport.abort()
        return web.Response(status=500)

    async def _download(self, request: web.Request) -> web.Response:
        stored = self.state.files.at(request.match_info["path"])
        if request.match_info["token"] != self.token or stored is None:
            return _answer(Refused(404, "Not Found"))
        return web.Response(body=stored.content, content_type="application/octet-stream")


def _answer(outcome: Any) -> web.Response:
    if isinstance(outcome, Refused):
        return web.json_response(outcome.body(), status=outcome.code)
    if isinstance(outcome, Described):
        return web.json_response({"ok": True, "result": outcome.result, "description": outcome.description})
    return web.json_response({"ok": True, "result": outcome})
