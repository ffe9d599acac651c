"""How the bot hears: long polling or a webhook, never both."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.params import Params
from tests.telegram_server.refusals import WEBHOOK_ACTIVE, Refused, bad_request, too_many
from tests.telegram_server.state import Described, State
from tests.telegram_server.webhook import Hook

PORTS = {80, 88, 443, 8443}
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
PAUSE_BETWEEN_HOOKS = 1.0


async def get_updates(state: State, params: Params) -> list[dict[str, Any]]:
    """Give the updates from an offset on, waiting for the first as long as asked."""
    if state.courier.hook.url:
        raise Refused(409, WEBHOOK_ACTIVE)
    _remember_allowed(state, params)
    limit = params.integer("limit")
    return await state.poller.wait(
        offset=params.integer("offset") or 0,
        limit=100 if limit is None else max(1, min(limit, 100)),
        timeout=params.integer("timeout") or 0,
        clock=state.clock,
    )


async def set_webhook(state: State, params: Params) -> Described:
    """Bring updates to an address from now on."""
    if not params.text("url"):
        return await delete_webhook(state, params)
    most = max(1, min(params.integer("max_connections") or 40, 100))
    hook = Hook(params.text("url"), params.text("secret_token"), most)
    _check_url(hook.url)
    if not SECRET.fullmatch(hook.secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(state, params)
    _drop_pending(state, params)
    now, old = state.clock.now(), state.courier.hook
    if (old.url, old.secret, old.max_connections) == (hook.url, hook.secret, hook.max_connections):
        return Described(True, "Webhook is already set")
    if state.limits.paced and now - state.hook_set_at < PAUSE_BETWEEN_HOOKS:
        raise too_many(1)
    state.hook_set_at = now
    state.poller.end()
    await state.courier.point_to(hook)
    return Described(True, "Webhook was set")


async def delete_webhook(state: State, params: Params) -> Described:
    """Keep updates for polling from now on."""
    _drop_pending(state, params)
    if not state.courier.hook.url:
        return Described(True, "Webhook is already deleted")
    await state.courier.point_to(Hook())
    return Described(True, "Webhook was deleted")


async def get_webhook_info(state: State, params: Params) -> dict[str, Any]:
    """Tell where updates go, how many wait, and what went wrong last."""
    hook = state.courier.hook
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.mailbox.pending),
    }
    if hook.url:
        info |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    if state.mailbox.allowed:
        info["allowed_updates"] = sorted(state.mailbox.allowed)
    return info


def _remember_allowed(state: State, params: Params) -> None:
    allowed = params.json("allowed_updates")
    if allowed is not None:
        state.mailbox.allowed = set(allowed)


def _drop_pending(state: State, params: Params) -> None:
    if params.boolean("drop_pending_updates"):
        state.mailbox.confirm(list(state.mailbox.pending))


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("bad webhook: invalid webhook URL specified") from None
    if _on_loopback(parts.hostname or ""):
        return  # as a self-hosted server with --local allows
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _on_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
