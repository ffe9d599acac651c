"""A rehearsal: phones side by side on the real web chat, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.database import transaction
from bot.i18n import render
from bot.web.guarding import language_of
from handlers.chat import REGISTRY, DemoPhone, Moment
from handlers.demo_words import WORDS
from handlers.text import Text, _
from models.people import Account
from models.webchat import WebSession

if TYPE_CHECKING:
    from bot.app import App

FILES = resources.files("bot.web") / "static"
TYPES = {"rehearsal.js": "text/javascript", "rehearsal.css": "text/css"}
POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


class Rehearsal:
    """The page of a demo. For this machine only: whoever opens it holds all its phones."""

    def __init__(self, app: App, language: str | None = None) -> None:
        self._app = app
        self._language = language
        self._phones: list[tuple[DemoPhone, str]] = []
        self._moving = asyncio.Lock()
        app.serve(
            web.get("/", self.page),
            web.get("/rehearsal/state", self.state),
            web.post("/rehearsal/next", self.next),
            web.get("/rehearsal/{name:[a-z.]+}", self.file),
        )

    async def fill(self) -> None:
        """Write the sample and give each of its phones a session of the web chat."""
        assert REGISTRY.sample is not None
        now = self._app.clock.now()
        async with transaction():
            for phone in await REGISTRY.sample.fill(now, self._language or "en"):
                session, token = await WebSession.start(phone.slot, now)
                await Account.create(
                    person_id=phone.person.id, channel="webchat", address=session.address, heard_at=now
                )
                self._phones.append((phone, token))
        await self._app.scheduler.catch_up()

    async def page(self, request: web.Request) -> web.Response:
        """Show the phones; their cookies come with the page."""
        language = self._language or language_of(request)
        page = (FILES / "rehearsal.html").read_text("utf-8")
        phones = "".join(self._phone(phone, language) for phone, _token in self._phones)
        words = {name: self._said(text, language) for name, text in WORDS.items()}
        for name, text in words.items():
            page = page.replace(f"{{{{{name}}}}}", _html(text))
        page = page.replace("{{phones}}", phones).replace("{{language}}", language.replace("_", "-"))
        page = page.replace("{{words}}", json.dumps(words, ensure_ascii=True).replace("<", "\\u003c"))
        response = web.Response(
            text=page, content_type="text/html", headers={"Content-Security-Policy": POLICY}
        )
        for phone, token in self._phones:
            response.set_cookie(f"canteen_chat_{phone.slot}", token, httponly=True, samesite="Lax", path="/")
        return response

    async def file(self, request: web.Request) -> web.Response:
        """Serve the page's own style and script."""
        name = request.match_info["name"]
        if name not in TYPES:
            raise web.HTTPNotFound
        return web.Response(text=(FILES / name).read_text("utf-8"), content_type=TYPES[name])

    async def state(self, request: web.Request) -> web.Response:
        """Tell the canteen's time and the day's next event."""
        return web.json_response(await self._state(request.query.get("language", "en").replace("-", "_")))

    async def next(self, request: web.Request) -> web.Response:
        """Move the clock to the next event and do all that is due by then, before answering."""
        if request.headers.get("Origin", "").partition("//")[2] != request.host:
            raise web.HTTPForbidden
        async with self._moving:
            coming = await self._coming()
            if coming:
                self._app.clock.move(max(coming[0].at, self._app.clock.now()))
                await self._app.scheduler.catch_up()
        return await self.state(request)

    async def _coming(self) -> list[Moment]:
        if REGISTRY.moments is None:
            return []
        now = self._app.clock.now()
        return [moment for moment in await REGISTRY.moments(now) if moment.at > now]

    async def _state(self, language: str) -> dict[str, Any]:
        coming = await self._coming()
        now = self._app.clock.now()
        return {
            "now": now.isoformat(),
            "clock": self._said(_("{now}", now=now), language),
            "next": self._event(coming[0], language) if coming else None,
        }

    def _event(self, moment: Moment, language: str) -> dict[str, str]:
        return {"label": self._said(moment.label, language), "at": self._said(_at(moment.at), language)}

    def _phone(self, phone: DemoPhone, language: str) -> str:
        label = _html(self._said(phone.label, language))
        frame = f'<iframe src="/chat/{phone.slot}/" title="{label}"></iframe>'
        return f'<figure class="phone"><figcaption>{label}</figcaption>{frame}</figure>'

    def _said(self, text: Text, language: str) -> str:
        assert REGISTRY.sample is not None
        return render(text, language=language, zone=REGISTRY.sample.zone, links=lambda _code: []).text


def _at(instant: datetime) -> Text:
    return _("{now}", now=instant)


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
