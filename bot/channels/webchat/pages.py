"""What the browser fetches: the page, its files, and the session that its cookie names."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.helpers import content_disposition_header
from jinja2 import Environment, FileSystemLoader

from bot.i18n import LANGUAGES, render
from bot.web.files import Files
from bot.web.guarding import SAFE, language_of, policy
from handlers.webchat_words import WORDS
from models.webchat import WebSession
from models.webfiles import WebFile

HERE: Final = Path(__file__).resolve().parent
SLOT: Final = "[a-z0-9-]{1,20}"
FIRST_SLOT: Final = "me"
COOKIE_LIFE: Final = timedelta(days=365)
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
_UNKEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Pages:
    """The page of the web chat and who it belongs to."""

    def __init__(self, base_url: str, now: Callable[[], datetime], zone: str | None) -> None:
        self._zone = zone
        self._host = urlsplit(base_url).netloc
        self._secure = base_url.startswith("https://")
        self._now = now
        self.files = Files(HERE / "static", headers=_UNKEPT)
        self._page = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template("page.html")

    async def page(self, request: web.Request) -> web.Response:
        """Show the chat; a session begins only when the page asks for one."""
        session = await self.session_of(request)
        language = (session and session.language) or language_of(request)
        html = self._page.render(
            words=words()[language],
            language=language,
            static=f"/chat/static/{self.files.version}",
            told={
                "words": words(),
                "slot": slot_of(request),
                "language": language,
                "zone": self._zone,
            },
        )
        response = web.Response(text=html, content_type="text/html", headers=SAFE)
        response.headers["Content-Security-Policy"] = _policy(request.host)
        return response

    async def attachment(self, request: web.Request) -> web.Response:
        """Give a file that the canteen sent to this browser's session, and to no other."""
        session = await self.session_of(request)
        number = int(request.match_info["id"])
        file = session and await WebFile.get_or_none(id=number, session_id=session.id)
        if not file:
            language = (session and session.language) or language_of(request)
            return web.Response(status=404, text=words()[language]["file_gone"], headers=_UNKEPT)
        return web.Response(
            body=file.content,
            content_type=file.mime,
            headers=_UNKEPT
            | {
                "Content-Security-Policy": "frame-ancestors 'none'",
                "Content-Disposition": content_disposition_header("inline", filename=file.name),
            },
        )

    async def worker(self, request: web.Request) -> web.Response:
        """Give the script that opens the page without a network; it must live above the pages."""
        return self.files.give("sw.js", kept="no-cache")

    async def session(self, request: web.Request) -> web.Response:
        """Begin the browser's session, or find it again."""
        self.refuse_strangers(request)
        session = await self.session_of(request)
        if session is None:
            _, token = await WebSession.start(slot_of(request), self._now())
        else:
            token = request.cookies[_cookie(request)]
            await WebSession.filter(id=session.id).update(seen_at=self._now())
        response = web.Response(status=204, headers={"Cache-Control": "no-store"})
        # Given anew at each visit, so that it never ends for who comes once a year.
        response.set_cookie(
            _cookie(request),
            token,
            max_age=int(COOKIE_LIFE.total_seconds()),
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )
        return response

    async def session_of(self, request: web.Request) -> WebSession | None:
        """Find whose browser this is."""
        token = request.cookies.get(_cookie(request))
        return await WebSession.of(token, slot_of(request)) if token else None

    def refuse_strangers(self, request: web.Request) -> None:
        """Let no page of another site speak for the person."""
        origin = urlsplit(request.headers.get("Origin", "")).netloc
        if not origin or origin not in (request.host, self._host):
            raise web.HTTPForbidden(text="This chat can be used from its own page only.")


@lru_cache
def words() -> dict[str, dict[str, str]]:
    """Say the page's own words in every language: {language: {name: words}}."""
    return {
        language: {
            name: render(text, language=language, zone="UTC", links=lambda code: []).text
            for name, text in WORDS.items()
        }
        for language in LANGUAGES
    }


def slot_of(request: web.Request) -> str:
    """Say which of the phones in this browser it is."""
    return request.match_info.get("slot", FIRST_SLOT)


def _cookie(request: web.Request) -> str:
    return f"canteen_chat_{slot_of(request)}"


def _policy(host: str) -> str:
    # Not every browser counts a socket to the same host as 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return policy(frames="'self'", connect_src=f"'self'{sockets}", media_src="'self'", worker_src="'self'")
