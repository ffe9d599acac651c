"""A browser without a screen: its cookies, its socket, and what it was told."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import aiohttp


class Phone:
    """Speak to one house; move to another with `house_url`."""

    def __init__(self, house_url: str, slot: str = "") -> None:
        self.base = f"{house_url}/chat/{slot + '/' if slot else ''}"
        self.origin = house_url
        self.upto = 0
        self.session = ""
        self.shown: dict[int, dict[str, Any]] = {}
        self.frames: list[dict[str, Any]] = []
        self._unclaimed: list[dict[str, Any]] = []
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def __aenter__(self) -> Phone:
        await self.begin()
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()
        await self._http.close()

    @property
    def socket(self) -> aiohttp.ClientWebSocketResponse:
        assert self._socket is not None
        return self._socket

    async def begin(self) -> None:
        """Ask for a session, as the page does."""
        async with self._http.post(f"{self.base}session", headers={"Origin": self.origin}) as answer:
            assert answer.status == 204

    async def connect(self, house_url: str | None = None) -> None:
        """Open the socket, say hello and wait for what changed."""
        if house_url:
            self.base = self.base.replace(self.origin, house_url)
            self.origin = house_url
        self._unclaimed.clear()
        self._socket = await self._http.ws_connect(f"{self.base}socket", origin=self.origin)
        await self.send(hello=self.upto, session=self.session)
        await self.told("changes")

    async def borrow(self, other: Phone) -> None:
        """Be another window of the same browser."""
        await self.hang_up()
        self._http.cookie_jar.clear()
        self._http.cookie_jar.update_cookies({cookie.key: cookie.value for cookie in other._http.cookie_jar})
        await self.connect()

    async def hang_up(self) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def send(self, **frame: Any) -> None:
        await self.socket.send_json(frame)

    async def say(self, text: str, *, name: str | None = None, **more: Any) -> str:
        """Say something; return its name."""
        name = name or str(uuid.uuid4())
        await self.send(say={"id": name, "kind": "text", "text": text, **more})
        return name

    async def press(self, number: int, data: str, **more: Any) -> str:
        name = str(uuid.uuid4())
        await self.send(say={"id": name, "kind": "press", "message": number, "press": data, **more})
        return name

    async def next(self) -> dict[str, Any]:
        """Take the next frame, and show what it changes."""
        async with asyncio.timeout(10):
            frame: dict[str, Any] = await self.socket.receive_json()
        self.frames.append(frame)
        self._unclaimed.append(frame)
        if "changes" in frame:
            if "more" in frame:
                self.shown.clear()
            self.shown |= {message["number"]: message for message in frame["changes"]}
            self.upto, self.session = frame["upto"], frame["session"]
        return frame

    async def catches_up(self, change: int) -> None:
        """Wait until everything up to a change was told."""
        while self.upto < change:
            await self.next()

    async def told(self, name: str, value: Any = ...) -> dict[str, Any]:
        """Wait for a frame of this name (and value); each frame is given once."""
        while True:
            for frame in self._unclaimed:
                if name in frame and value in (..., frame[name]):
                    self._unclaimed.remove(frame)
                    return frame
            await self.next()

    async def sees(self, text: str) -> dict[str, Any]:
        """Wait for a bubble with this text."""
        while True:
            for message in self.shown.values():
                if message["text"] == text:
                    return message
            await self.next()

    @property
    def texts(self) -> list[str]:
        """What is on the screen, from the top."""
        return [self.shown[number]["text"] for number in sorted(self.shown)]
