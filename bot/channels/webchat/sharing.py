"""Photos and voice notes between a page and us: brought before they are spoken of, shown to those who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from bot.channels.webchat.pages import Pages, words
from bot.database import transaction
from bot.filetypes import type_of, without_place
from bot.web.guarding import language_of
from models import fileviews
from models.audit import AuditEvent
from models.files import AT_MOST, File
from models.people import Account, Person
from models.refusals import FileGone, NotAllowed, RoundOver
from models.uploads import TooMany, Upload
from models.webchat import WebMessage, WebSession

UNKEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class SharedFiles:
    """Takes what a page uploads, and gives what was kept."""

    def __init__(self, pages: Pages, now: Callable[[], datetime]) -> None:
        self._pages = pages
        self._now = now

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a file until the message that it belongs to is said; brought twice, it is kept once."""
        self._pages.refuse_strangers(request)
        session = await self._pages.session_of(request)
        if session is None:
            return web.Response(status=401, headers=UNKEPT)
        content = await _body(request)
        if content is None:
            return self._refuse(413, "file_large", request, session)
        mime = type_of(content)
        if mime is None:
            return self._refuse(415, "file_strange", request, session)
        name = request.match_info["name"]
        if await WebMessage.filter(session_id=session.id, client_id=name, read_at__not_isnull=True).exists():
            return web.Response(status=204, headers=UNKEPT)  # it was spoken of, and has found its place
        try:
            await Upload.keep(session.address, name, mime, without_place(content), self._now())
        except TooMany:
            return self._refuse(429, "file_many", request, session)
        return web.Response(status=204, headers=UNKEPT)

    async def kept(self, request: web.Request) -> web.Response:
        """Give a photo or a voice note to somebody who may see it now; each look is on record."""
        session = await self._pages.session_of(request)
        person = None if session is None else await _person(session)
        file = None if person is None else await _seen(int(request.match_info["id"]), person, self._now())
        if person is None or file is None:
            return self._refuse(404, "file_gone", request, session)
        async with transaction():
            await AuditEvent.record("shown", f"file {file.id}", by=person.id, now=self._now())
        return web.Response(
            body=file.content,
            content_type=file.mime,
            headers=UNKEPT
            | {
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
                "Content-Disposition": content_disposition_header("inline", filename=file.name),
            },
        )

    def _refuse(
        self, status: int, why: str, request: web.Request, session: WebSession | None
    ) -> web.Response:
        language = (session and session.language) or language_of(request)
        return web.Response(status=status, text=words()[language][why], headers=UNKEPT)


async def _body(request: web.Request) -> bytes | None:
    """Read what is brought, up to what is kept; None for more."""
    if (request.content_length or 0) > AT_MOST:
        return None
    content = bytearray()
    async for part in request.content.iter_chunked(2**16):
        content += part
        if len(content) > AT_MOST:
            return None
    return bytes(content)


async def _person(session: WebSession) -> Person | None:
    account = await Account.get_or_none(channel=Upload.CHANNEL, address=session.address)
    return None if account is None else await Person.get(id=account.person_id)


async def _seen(file_id: int, person: Person, now: datetime) -> File | None:
    try:
        file, _until = await fileviews.seen_by(file_id, person, now)
    except (FileGone, NotAllowed, RoundOver):
        return None
    return file if file.here else None
