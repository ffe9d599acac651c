"""What every page that we serve says to the browser about itself, and how it takes what the browser says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.i18n import guess_language

SAFE: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def policy(*, frames: str = "'none'", **more: str) -> str:
    """Write a content security policy: nothing but our own files, nothing inline."""
    rules: Mapping[str, Any] = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": frames,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def from_elsewhere(request: web.Request, host: str) -> bool:
    """Tell whether a page of another site sent this; `host`: the name under which people reach us.

    A browser that sends no referrer says "null" of a form's origin: then what it fetched the form for counts.
    """
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        return urlsplit(origin).netloc not in (request.host, host)
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def language_of(request: web.Request) -> str:
    """Guess the reader's language: the first one that the browser asks for."""
    return guess_language(request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0])
