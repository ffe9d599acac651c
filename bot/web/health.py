"""Alive, ready, and what is counted."""

from __future__ import annotations

import hmac
import ipaddress

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from tortoise.connection import get_connection

from bot.metrics import WAITING
from bot.outbox import counts
from bot.scheduler import late_jobs


async def healthz(_request: web.Request) -> web.Response:
    """Answer that the process is alive."""
    return web.json_response({"alive": True})


async def readyz(_request: web.Request) -> web.Response:
    """Answer whether the database and the scheduler do their work; 503 names what does not."""
    wrong: list[str] = []
    try:
        await get_connection("default").execute_query("SELECT 1")
        wrong += [f"job late: {job}" for job in await late_jobs()]
    except Exception as error:  # noqa: BLE001 -- what is wrong is the answer
        wrong.append(f"database: {type(error).__name__}")
    return web.json_response({"ready": not wrong, "wrong": wrong}, status=503 if wrong else 200)


def metrics(token: str | None) -> web.RouteDef:
    """Serve Prometheus metrics to this machine, or to whoever has the token."""

    async def show(request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not _is_here(request) and not (token and hmac.compare_digest(given.encode(), token.encode())):
            raise web.HTTPForbidden
        for channel, waiting in (await counts()).items():
            WAITING.labels(channel).set(waiting)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return web.get("/metrics", show)


def _is_here(request: web.Request) -> bool:
    # Behind a proxy everybody seems to be here: a forwarded request is not.
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
