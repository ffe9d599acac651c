"""The pages that features declare for anybody: without a login, read only, and nothing personal on them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.web import boardpages
from bot.web.guarding import SAFE, language_of, policy
from handlers.board_words import PAGE_UNKNOWN
from handlers.chat import REGISTRY

# What is asked stands in the address, and an address can be of any length.
ASKED_AT_MOST: Final = 200
HEADERS: Final = SAFE | {"Content-Security-Policy": policy(form_action="'self'")}


class OpenPages:
    """Serves /public/: one page each, in the language that the browser asks for."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock.now

    def site(self) -> web.Application:
        """Give the application that serves the pages."""
        site = web.Application(middlewares=[_guarded])
        boardpages.set_up(site)
        site.add_routes([web.get("/{page:[a-z]{1,40}}/", self.page)])
        return site

    async def page(self, request: web.Request) -> web.Response:
        """Show a page; what it is asked is cut to a length that a person could type."""
        show = REGISTRY.public.get(request.match_info["page"])
        if show is None:
            raise web.HTTPNotFound
        asked = {name: value[:ASKED_AT_MOST] for name, value in request.query.items()}
        view = await show(asked, self._now())
        return boardpages.shown(request, view.template, view.data, language_of(request), view.zone)


@web.middleware
async def _guarded(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = boardpages.shown(
            request, "board_shut", {"why": PAGE_UNKNOWN}, language_of(request), "UTC", 404
        )
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    response.headers.update(HEADERS)
    return response
