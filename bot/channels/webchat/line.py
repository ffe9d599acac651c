"""One open socket: what the page says goes in as turns, what changed goes out in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from bot.channels import Hear, NotHeard
from bot.channels.webchat import wire
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.pace import Pace
from models.uploads import Upload
from models.webchat import NoSession, WebMessage, WebSession

MESSAGES_AT_ONCE: Final = 100
CHANGES_AT_ONCE: Final = 300
FRAMES_PER_SECOND: Final = 20
SESSION_GONE: Final = 4401
FILES: Final = ("photo", "voice")

log = structlog.get_logger()


class Line:
    """A connected page. `upto`: the last change that it was told, None until it said hello."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        session: WebSession,
        hub: Hub,
        hear: Hear,
        now: Callable[[], datetime],
    ) -> None:
        self.address = session.address
        self.session_id = session.id
        self.upto: int | None = None
        self.wake = asyncio.Event()
        self._greeted = False
        self._socket = socket
        self._hub = hub
        self._hear = hear
        self._now = now
        self._pace = Pace(FRAMES_PER_SECOND, burst=FRAMES_PER_SECOND)

    async def talk(self) -> None:
        """Listen and tell until either side ends it."""
        self._hub.join(self)
        telling = asyncio.create_task(self._tell())
        try:
            await self._listen()
        except NoSession:
            await self._socket.close(code=SESSION_GONE)
        except ConnectionError:
            log.debug("webchat_page_left")  # in the middle of an answer: it will ask again
        finally:
            self._hub.leave(self)
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def close(self) -> None:
        """Send the page to another process."""
        await self._socket.close(code=WSCloseCode.GOING_AWAY)

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                await self._socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
                return
            await self._pace.wait()
            try:
                frame = wire.Frame.model_validate_json(message.data)
            except ValidationError:
                await self._answer(wire.refused(message.data))
                continue
            await self._take(frame)

    async def _take(self, frame: wire.Frame) -> None:
        if frame.hello is not None:
            self.upto = frame.hello if frame.session == self.address else 0
            self.wake.set()
        if frame.say is not None:
            await self._said(frame.say)
        if frame.read is not None:
            await WebMessage.read(self.address, frame.read, self._now())
            self._hub.wake(self.address)
        if frame.before is not None:
            found = await WebMessage.before(self.session_id, frame.before, MESSAGES_AT_ONCE)
            older = [wire.bubble(message) for message in found]
            await self._answer({"older": older, "more": len(found) == MESSAGES_AT_ONCE})
        if frame.ping:
            await self._answer({"pong": self._now().isoformat()})

    async def _said(self, say: wire.Say) -> None:
        now = self._now()
        upload = await self._uploaded(say)
        if say.kind in FILES and upload is None and not await self._was_heard(say):
            await self._answer({"refused": str(say.id)})
            return
        under = await self._keep(say, now)
        try:
            await self._hear(say.update(self.address, under, now, upload))
        except NotHeard:
            await self._answer({"again": str(say.id)})
            return
        if say.kind == "press":
            if under is not None:
                await WebMessage.press(self.address, under, say.press)
        else:
            await WebMessage.heard(self.address, str(say.id), self._now())
        self._hub.wake(self.address)
        await self._answer({"heard": str(say.id)})

    async def _uploaded(self, say: wire.Say) -> Upload | None:
        """Find what the page brought before it spoke of it."""
        if say.kind not in FILES:
            return None
        return await Upload.get_or_none(session_id=self.session_id, client_id=str(say.id))

    async def _was_heard(self, say: wire.Say) -> bool:
        """Tell whether it is said again: then its file has found its place already."""
        return await WebMessage.filter(session_id=self.session_id, client_id=str(say.id)).exists()

    async def _keep(self, say: wire.Say, now: datetime) -> WebMessage | None:
        """Keep what was said before a turn is made of it: the answer must come after it.

        Return the message under whose button it was said, if any.
        """
        if say.kind == "press":
            return await WebMessage.get_or_none(session_id=self.session_id, number=say.message)
        await WebMessage.hear(
            self.address,
            str(say.id),
            {"text": say.text.replace("\0", ""), "kind": say.kind},
            said_at=say.said_at(now) or now,
            now=now,
        )
        self._hub.wake(self.address)
        return None

    async def _tell(self) -> None:
        try:
            while True:
                await self.wake.wait()
                self.wake.clear()
                await self._tell_changes()
        except ConnectionError:
            log.debug("webchat_page_left")  # the listening side ends this line
        except Exception:
            # A page that is told nothing more must not look connected.
            log.exception("webchat_tell_failed")
            await self._socket.close(code=WSCloseCode.INTERNAL_ERROR)

    async def _tell_changes(self) -> None:
        if self.upto is None:
            return
        session = await WebSession.get_or_none(id=self.session_id)
        if session is None:
            await self._socket.close(code=SESSION_GONE)
            return
        if session.changes == self.upto and self._greeted:
            return
        # The counter is read first: what changes meanwhile is told now or next time, or both times.
        known = self.upto if session.emptied <= self.upto <= session.changes else 0
        found = await WebMessage.since(self.session_id, known, CHANGES_AT_ONCE + 1) if known else []
        whole = known == 0 or len(found) > CHANGES_AT_ONCE
        if whole:
            found = await WebMessage.before(self.session_id, None, MESSAGES_AT_ONCE)
        await self._answer(
            wire.changes(
                session,
                found,
                now=self._now(),
                whole=whole,
                more=whole and len(found) == MESSAGES_AT_ONCE,
                menu=whole or session.menu_change > known,
            )
        )
        self.upto, self._greeted = session.changes, True

    async def _answer(self, frame: dict[str, Any]) -> None:
        await self._socket.send_json(frame)
