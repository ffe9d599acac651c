"""The web chat as a channel: letters become rows, and rows are pushed to whoever shows them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.channels import Capabilities, EditGone, Hear, Later, Letter, Rejected, Unreachable
from bot.channels.webchat import wire
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.line import SESSION_GONE, Line
from bot.channels.webchat.pages import SLOT, Pages
from bot.channels.webchat.sharing import SharedFiles
from bot.database.failures import retryable
from models.webchat import NoMessage, NoSession, WebMessage, WebSession
from models.webfiles import TooLarge, WebFile

HEARTBEAT_SECONDS: Final = 25.0


class WebChat:
    """The embedded channel.

    base_url: where browsers find it. now: the clock of stored times. zone: whose wall clock the bubbles
    show; None: the browser's own.
    """

    name: Final = "webchat"
    capabilities: Final = Capabilities(
        buttons_per_row=3, editing=True, text_length=wire.TEXT_LENGTH, repeats_refused=True
    )

    def __init__(self, base_url: str, now: Callable[[], datetime], *, zone: str | None = None) -> None:
        self._base = base_url.rstrip("/")
        self._now = now
        self._hub = Hub()
        self._pages = Pages(self._base, now, zone)
        self._files = SharedFiles(self._pages, now)
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to look for what other processes write."""
        self._watching = asyncio.create_task(self._hub.watch())

    async def close(self) -> None:
        """Send every connected page away; they come back by themselves."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await asyncio.gather(*(line.close() for line in self._hub.all() if isinstance(line, Line)))

    async def receive(self, hear: Hear) -> None:
        """Return at once: pages bring their words themselves."""

    async def send(self, letter: Letter) -> str:
        """Write a letter for its pages; the same letter again changes nothing.

        In a transaction of its own: never call it inside another. Raises Unreachable, EditGone, Rejected or
        Later.
        """
        try:
            message = await self._write(letter)
        except NoSession as error:
            raise Unreachable(letter.address) from error
        except TooLarge as error:
            raise Rejected("the file is too large") from error
        except NoMessage as error:
            raise EditGone(letter.edits) from error
        except Exception as error:
            if retryable(error):
                raise Later(timedelta(seconds=1), everyone=True) from error
            raise
        self._hub.wake(letter.address)
        return message

    async def _write(self, letter: Letter) -> str:
        if letter.commands is not None:
            await WebSession.offer(letter.address, letter.commands, letter.language)
            return ""
        body = wire.body(letter, await self._keep(letter))
        if letter.edits is not None:
            message = await WebMessage.amend(
                letter.address, int(letter.edits), letter.id, body, language=letter.language
            )
        else:
            message = await WebMessage.deliver(
                letter.address, letter.id, body, language=letter.language, now=self._now()
            )
        return str(message.id)

    async def _keep(self, letter: Letter) -> WebFile | None:
        file = letter.file
        if file is None or file.kept is not None:
            return None
        return await WebFile.keep(letter.address, letter.id, file.name, file.mime, file.content, self._now())

    def routes(self, hear: Hear) -> Sequence[web.RouteDef | web.StaticDef]:
        """Serve the page, its files, the session and the socket."""

        async def socket(request: web.Request) -> web.WebSocketResponse:
            return await self._socket(request, hear)

        async def to_page(request: web.Request) -> web.Response:
            raise web.HTTPFound(request.rel_url.with_path(request.path + "/").with_query(request.query))

        return [
            web.get("/chat/static/{version}/{name}", self._pages.files.file),
            web.get("/chat/sw.js", self._pages.worker),
            web.get("/chat", to_page),
            *(
                route
                for prefix in ("/chat", f"/chat/{{slot:{SLOT}}}")
                for route in (
                    web.get(f"{prefix}/", self._pages.page),
                    web.post(f"{prefix}/session", self._pages.session),
                    web.get(f"{prefix}/socket", socket),
                    web.post(f"{prefix}/upload/{{name:[0-9a-f-]{{36}}}}", self._files.upload),
                    web.get(f"{prefix}/kept/{{id:[0-9]{{1,18}}}}", self._files.kept),
                    web.get(f"{prefix}/file/{{id:[0-9]{{1,18}}}}", self._pages.attachment),
                )
            ),
        ]

    def group_link(self, code: str) -> None:
        """There are no groups here."""

    def link(self, code: str) -> str:
        """Give the link that opens the page with a one-time code ready to be used."""
        return f"{self._base}/chat/?start={code}"

    async def _socket(self, request: web.Request, hear: Hear) -> web.WebSocketResponse:
        self._pages.refuse_strangers(request)
        session = await self._pages.session_of(request)
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, max_msg_size=wire.FRAME_BYTES, compress=False
        )
        await socket.prepare(request)
        if session is None:
            await socket.close(code=SESSION_GONE)
            return socket
        await Line(socket, session, self._hub, hear, self._now).talk()
        return socket
