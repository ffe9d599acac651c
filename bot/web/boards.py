"""The pages that features declare: a link from the chat opens one, a cookie keeps it open for the day."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.conversations import explained
from bot.database import retryable, transaction
from bot.logs import reference_number, scrubbed
from bot.scripts import named_arguments
from bot.speech import Mailbag, Post
from bot.turn import OFFLINE_AT_MOST
from bot.web import boardpages
from bot.web.guarding import SAFE, from_elsewhere, language_of, policy
from handlers import words
from handlers.board_words import PAGE_CLOSED, PAGE_UNKNOWN
from handlers.chat import REGISTRY, Page, Unclear, View
from handlers.registry import Act
from handlers.text import Text
from models.audit import AuditEvent
from models.boards import BoardKey
from models.people import Membership, Person
from models.refusals import CodeUnknown, Refusal

log = structlog.get_logger(__name__)
T = TypeVar("T")

NAME: Final = "{page:[a-z]{1,40}}"
TRIES: Final = 3
POLICY: Final = policy(form_action="'self'", media_src="'self' blob:")
HEADERS: Final = SAFE | {"Content-Security-Policy": POLICY, "Permissions-Policy": "camera=(self)"}


class AtBoard(Mailbag):
    """One request of one person to a page; what it says is posted with it."""

    def __init__(self, key: BoardKey, now: datetime, ago: timedelta) -> None:
        super().__init__(now)
        self.person: Person = key.person
        self.canteen_id: int = key.canteen_id
        self.tapped_at = now - ago


class Closed(Exception):
    """No key, or one that is good no more."""


class Boards:
    """Serves /board/: opening, showing, following and acting; each is one transaction."""

    def __init__(self, base_url: str, clock: Clock, wake: Callable[[], None]) -> None:
        parts = urlsplit(base_url)
        self._host, self._secure = parts.netloc, parts.scheme == "https"
        self._now, self._wake = clock.now, wake

    def site(self) -> web.Application:
        """Give the application that serves the pages."""
        site = web.Application(middlewares=[self._guarded])
        boardpages.set_up(site)
        site.add_routes(
            [
                web.get("/static/{version}/{name}", boardpages.FILES.file),
                web.get(f"/{NAME}/in/{{secret}}", self.invite),
                web.post(f"/{NAME}/in/{{secret}}", self.come_in),
                web.get(f"/{NAME}/", self.page),
                web.get(f"/{NAME}/live", self.live),
                web.post(f"/{NAME}/{{act:[a-z_]{{1,40}}}}", self.act),
            ]
        )
        return site

    @web.middleware
    async def _guarded(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            if request.method == "POST" and from_elsewhere(request, self._host):
                raise web.HTTPForbidden
            response = await handler(request)
        except Closed:
            response = self._shut(request, PAGE_CLOSED, 403)
        except web.HTTPNotFound:
            response = self._shut(request, PAGE_UNKNOWN, 404)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    # --------------------------------------------------------------------------------------------- opening

    async def invite(self, request: web.Request) -> web.StreamResponse:
        """Show what a link opens. Looking uses nothing up: messengers look at links before people do."""
        declared, now = _declared(request), self._now()
        key = await BoardKey.look(declared.name, request.match_info["secret"], now)
        if key is None:
            # Tapped once more in the chat: it is open here already.
            await self._key(request, declared)
            return _to(declared)
        data = {"canteen": key.canteen.name, "name": key.person.name or ""}
        return boardpages.shown(request, "board_open", data, key.person.language, key.canteen.zone)

    async def come_in(self, request: web.Request) -> web.StreamResponse:
        """Use a link up and give this browser the cookie for it."""
        declared, now = _declared(request), self._now()

        async def use() -> tuple[str, datetime]:
            key = await BoardKey.look(declared.name, request.match_info["secret"], now)
            if key is None:
                raise Closed
            await self._check(key, declared)
            try:
                return await key.open(now), key.expires_at
            except CodeUnknown:
                raise Closed from None

        cookie, until = await self._tried(use)
        response = _to(declared)
        response.set_cookie(
            _cookie(declared),
            cookie,
            max_age=int((until - now).total_seconds()),
            path=f"/board/{declared.name}/",
            httponly=True,
            samesite="Strict",
            secure=self._secure,
        )
        return response

    # --------------------------------------------------------------------------------------------- showing

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Show a page; that it was opened is on record."""
        return await self._whole(request, None)

    async def _whole(self, request: web.Request, said: Text | None) -> web.StreamResponse:
        declared = _declared(request)

        async def look() -> tuple[BoardKey, View]:
            key = await self._key(request, declared)
            view = await _shown(declared, AtBoard(key, self._now(), timedelta()))
            if view.reveals is not None:
                await AuditEvent.record("shown", view.reveals, by=key.person_id, now=self._now())
            return key, view

        try:
            key, view = await self._tried(look)
        except Refusal as refusal:
            return self._shut(request, explained(refusal), 200, await self._key(request, declared))
        data = {
            **view.data,
            "page": declared.name,
            "csrf": _csrf(request.cookies[_cookie(declared)]),
            "said": said or "",
            "live": view.live,
        }
        return boardpages.shown(request, view.template, data, key.person.language, view.zone)

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Give the part of a page that follows what others do; 304 while nothing has changed.

        Asked every few seconds by every open page, so it takes no transaction: it only reads.
        """
        declared = _declared(request)
        key = await self._key(request, declared)
        part, version = await self._part(request, declared, key)
        if request.headers.get("If-None-Match") == version:
            return web.Response(status=304, headers={"ETag": version})
        return web.Response(text=part, content_type="text/html", headers={"ETag": version})

    async def _part(self, request: web.Request, declared: Page, key: BoardKey) -> tuple[str, str]:
        try:
            view = await _shown(declared, AtBoard(key, self._now(), timedelta()))
        except Refusal as refusal:
            part = boardpages.words(explained(refusal), key.person.language, key.canteen.zone)
        else:
            csrf = {"csrf": _csrf(request.cookies[_cookie(declared)]), "page": declared.name}
            part = boardpages.part(request, view.live, {**view.data, **csrf}, key.person.language, view.zone)
        return part, f'"{hashlib.sha256(part.encode()).hexdigest()[:20]}"'

    # ---------------------------------------------------------------------------------------------- acting

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Do one thing; a page with scripts hears what came of it, any other is shown anew."""
        declared = _declared(request)
        run = declared.acts.get(request.match_info["act"])
        form: Mapping[str, Any] = await request.post()
        if run is None:
            raise web.HTTPNotFound
        cookie = request.cookies.get(_cookie(declared), "")
        if not hmac.compare_digest(_csrf(cookie).encode(), str(form.get("csrf", "")).encode()):
            raise Closed
        args = named_arguments(run, {name: str(value) for name, value in form.items()})
        if args is None:
            raise web.HTTPBadRequest
        ok, said = await self._acted(request, declared, run, args, _ago(form))
        self._wake()
        if "application/json" not in request.headers.get("Accept", ""):
            return await self._whole(request, said)
        key = await self._key(request, declared)
        part, version = await self._part(request, declared, key)
        spoken = boardpages.words(said, key.person.language, key.canteen.zone) if said else ""
        return web.json_response({"ok": ok, "said": spoken, "live": part, "version": version})

    async def _acted(
        self, request: web.Request, declared: Page, run: Act, args: Mapping[str, Any], ago: timedelta
    ) -> tuple[bool, Text | None]:
        async def do() -> Text | None:
            key = await self._key(request, declared)
            # One thing after the other for each person, as in the chat.
            key.person = await Person.locked(key.person_id)
            board = AtBoard(key, self._now(), ago)
            said: Text | None = await run(board, **args)
            await Post(board.now).write(board.said)
            return said

        try:
            return True, await self._tried(do)
        except Refusal as refusal:
            return False, explained(refusal)
        except Unclear as unclear:
            return False, unclear.text
        except (Closed, web.HTTPException):
            raise
        except Exception as error:
            reference = reference_number()
            log.error("board_failed", reference=reference, page=declared.name, exc_info=scrubbed(error))
            return False, words.apology(reference)

    async def _tried(self, do: Callable[[], Awaitable[T]]) -> T:
        """Do something in one transaction, again if the database asks for it. Raises 503."""
        for attempt in range(1, TRIES + 1):
            try:
                async with transaction():
                    return await do()
            except Exception as error:
                if not retryable(error):
                    raise
                await asyncio.sleep(0.02 * attempt)
        raise web.HTTPServiceUnavailable

    # ---------------------------------------------------------------------------------------------- rights

    async def _key(self, request: web.Request, declared: Page) -> BoardKey:
        """Find whose page it is, and check that they may still have it. Raises Closed."""
        cookie = request.cookies.get(_cookie(declared))
        key = await BoardKey.of(declared.name, cookie, self._now()) if cookie else None
        if key is None:
            raise Closed
        await self._check(key, declared)
        return key

    async def _check(self, key: BoardKey, declared: Page) -> None:
        if not await Membership.holds(key.person_id, key.canteen_id, *declared.for_):
            raise Closed

    def _shut(
        self, request: web.Request, why: Text, status: int, key: BoardKey | None = None
    ) -> web.StreamResponse:
        language = key.person.language if key else language_of(request)
        zone = key.canteen.zone if key else "UTC"
        if "application/json" in request.headers.get("Accept", ""):
            return web.json_response({"said": boardpages.words(why, language, zone)}, status=status)
        return boardpages.shown(request, "board_shut", {"why": why}, language, zone, status)


async def _shown(declared: Page, board: AtBoard) -> View:
    view: View = await declared.show(board)
    return view


def _declared(request: web.Request) -> Page:
    declared = REGISTRY.pages.get(request.match_info["page"])
    if declared is None:
        raise web.HTTPNotFound
    return declared


def _to(declared: Page) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/board/{declared.name}/"})


def _cookie(declared: Page) -> str:
    return f"canteen_board_{declared.name}"


def _csrf(cookie: str) -> str:
    return hashlib.sha256(f"form of {cookie}".encode()).hexdigest()[:32]


def _ago(form: Mapping[str, Any]) -> timedelta:
    """Read how long ago somebody tapped: unlike its clock, a phone's stop-watch can be trusted."""
    said = str(form.get("ago", "0"))
    milliseconds = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 0
    return min(timedelta(milliseconds=milliseconds), OFFLINE_AT_MOST)
