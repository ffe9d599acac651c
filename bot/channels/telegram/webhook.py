"""Take updates by webhook; 200 means committed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import Counter

from bot.channels import Hear, NotHeard, Update

log = structlog.get_logger(__name__)

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
LARGEST: Final = 1024 * 1024
"""Bytes of a body that is read; Telegram itself drops updates above half of that."""

UNREADABLE: Final = Counter("telegram_unreadable_total", "Webhook bodies that held no update")

Handler = Callable[[web.Request], Awaitable[web.Response]]


def path(token: str) -> str:
    """Give the secret path, the same in every process that knows the token."""
    return f"/telegram/{_derived(token, 'path')[:32]}"


def secret(token: str) -> str:
    """Give what Telegram sends along to prove that it is Telegram."""
    return _derived(token, "secret token")


def handler(token: str, read: Callable[[object], Update], hear: Hear) -> Handler:
    """Make the handler of POSTs to the secret path."""
    expected = secret(token).encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        body = await _body(request)
        if body is None:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            update = read(json.loads(body))
        except (ValueError, RecursionError):
            update = None
        if update is None or not update.event:
            # Refused, it would come again for a day and hold up whatever is behind it.
            UNREADABLE.inc()
            log.warning("A webhook body held no update", bytes=len(body))
            return web.Response()
        try:
            await hear(update)
        except NotHeard:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "1"})
        return web.Response()

    return receive


async def _body(request: web.Request) -> bytes | None:
    """Read the body, or give None for one that is too large."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _derived(token: str, purpose: str) -> str:
    return hmac.new(token.encode(), f"canteen webhook {purpose}".encode(), hashlib.sha256).hexdigest()
