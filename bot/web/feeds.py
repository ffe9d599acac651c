"""Calendars that features declare, under secret addresses, as phones read them (RFC 5545)."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import icalendar
from aiohttp import ETag, web

from bot.clock import Clock
from bot.database import retryable, transaction
from bot.i18n import render
from bot.web.guarding import SAFE
from handlers.agenda import Agenda, Event
from handlers.chat import REGISTRY, Feed
from handlers.text import Text

TRIES: Final = 3
PATH: Final = re.compile(r"([a-z]{1,40})/([A-Za-z0-9_-]{43})\.ics", re.ASCII)
MAKER: Final = "-//canteen//shifts//EN"
LOOK_AGAIN: Final = timedelta(hours=1)
# A calendar asks each time whether something is new, and keeps what it has if not.
HEADERS: Final = SAFE | {"Cache-Control": "private, no-cache"}


class Feeds:
    """Serves /feed/NAME/SECRET.ics; whatever is wrong with an address, the answer is the same."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock.now

    def routes(self) -> list[web.RouteDef]:
        """Give what the web server is to serve."""
        return [web.get("/feed/{rest:.*}", self.give)]

    async def give(self, request: web.Request) -> web.Response:
        """Give a calendar, or 304 to one that has it as it is."""
        path = PATH.fullmatch(request.match_info["rest"])
        declared = REGISTRY.feeds.get(path[1]) if path else None
        agenda = await self._asked(declared, path[2]) if path and declared else None
        if agenda is None:
            return web.Response(status=404, text="There is no calendar here.", headers=SAFE)
        body = written(agenda)
        etag = ETag(hashlib.sha256(body).hexdigest()[:32])
        changed_at = max([agenda.made_at, *(event.changed_at for event in agenda.events)])
        changed_at = changed_at.astimezone(UTC).replace(microsecond=0)
        response = web.Response(status=200, headers=HEADERS)
        if _is_known(request, etag, changed_at):
            response.set_status(304)
        else:
            response.body = body
            response.content_type, response.charset = "text/calendar", "utf-8"
            response.headers["Content-Disposition"] = 'inline; filename="shifts.ics"'
        response.etag, response.last_modified = etag, changed_at
        return response

    async def _asked(self, give: Feed, secret: str) -> Agenda | None:
        """Ask in one transaction, again if the database wants it. Raises 503."""
        for attempt in range(1, TRIES + 1):
            try:
                async with transaction():
                    return await give(secret, self._now())
            except Exception as error:
                if not retryable(error):
                    raise
                await asyncio.sleep(0.02 * attempt)
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"})


def _is_known(request: web.Request, etag: ETag, changed_at: datetime) -> bool:
    """Tell whether a calendar has it as it is (RFC 9110, 13.2.2: the tag counts before the date)."""
    if request.if_none_match is not None:
        return any(known.value in (etag.value, "*") for known in request.if_none_match)
    since = request.if_modified_since
    return since is not None and changed_at <= since


def written(agenda: Agenda) -> bytes:
    """Write a calendar as RFC 5545 has it; all times are UTC, so that no zone has to be told along."""

    def said(text: Text) -> str:
        return render(text, language=agenda.language, zone="UTC", links=lambda _code: []).text

    calendar = icalendar.Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # The name twice: RFC 7986 has the first, most phones read the second.
    for name in ("name", "x-wr-calname"):
        calendar.add(name, said(agenda.name))
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in agenda.events:
        calendar.add_component(_written(event, said))
    return bytes(calendar.to_ical())


def _written(event: Event, said: Callable[[Text], str]) -> icalendar.Event:
    written = icalendar.Event()
    written.add("uid", event.uid)
    written.add("sequence", event.sequence)
    written.add("dtstamp", event.changed_at.astimezone(UTC))
    written.add("last-modified", event.changed_at.astimezone(UTC))
    written.add("dtstart", event.starts_at.astimezone(UTC))
    written.add("dtend", event.ends_at.astimezone(UTC))
    written.add("summary", said(event.title))
    written.add("description", said(event.note))
    written.add("location", event.place)
    written.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    # Whoever gave a place back is free at that time.
    written.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")
    return written
