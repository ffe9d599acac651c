"""Carry python-telegram-bot's calls over one aiohttp session: several times as fast as its own backend."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

CONNECTIONS: Final = 64
CONNECT: Final = 10.0
READ: Final = 20.0
WRITE: Final = 20.0
LARGEST: Final = 20 * 1024 * 1024
"""Bytes of the largest answer: what getFile lets a bot download."""

_SENT: Final = ("message_id", "date", "chat")
_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}


class NotSent(NetworkError):
    """The call never left this machine."""


class Flooded(TelegramError):
    """Telegram says 429: nothing was done, and nothing may be repeated before `wait` is over."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Too Many Requests: retry after {wait.total_seconds():.0f}")
        self.wait = wait


class AiohttpRequest(BaseRequest):
    """One session for all calls; no error that leaves it names the address, which holds the token."""

    __slots__ = ("_read_timeout", "_session")

    def __init__(self, read_timeout: float = READ) -> None:
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call. Raises NotSent, TimedOut, Flooded, or NetworkError when the line broke."""
        if self._session is None:
            raise NotSent("the connection to Telegram is closed")
        connect = _seconds(connect_timeout, CONNECT)
        read = _seconds(read_timeout, self._read_timeout)
        write = _seconds(write_timeout, WRITE)
        timeout = aiohttp.ClientTimeout(
            # aiohttp has no limit for writing: the whole call gets one instead, save for downloads.
            total=connect + write + read if method == "POST" else None,
            connect=_seconds(pool_timeout, CONNECT) + connect,
            sock_connect=connect,
            sock_read=read,
        )
        address = URL(url)
        try:
            async with self._session.request(
                method,
                address,
                data=_body(request_data),
                timeout=timeout,
                allow_redirects=False,
                # A proxy of the environment leads out of the house, never back into it.
                proxy=None if address.host in _LOOPBACK else _proxy(address),
            ) as answer:
                status, payload = answer.status, await _read(answer)
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.ClientHttpProxyError,
        ) as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Flooded(_wait(payload))
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; unlike the library's own, log nothing of one that is not JSON."""
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        result = answer.get("result")
        if isinstance(result, dict) and "message_id" in result:
            # Our own message comes back whole. An oddity in it must not look like a failure to deliver it.
            answer["result"] = {name: result[name] for name in _SENT if name in result}
        return answer


def _seconds(given: object, ours: float) -> float:
    return float(given) if isinstance(given, int | float) else ours


def _body(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    if data.contains_files:
        for name, (filename, content, mime) in data.multipart_data.items():
            form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _proxy(address: URL) -> URL | None:
    try:
        return aiohttp.helpers.get_env_proxy_for_url(address)[0]
    except LookupError:
        return None


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    payload = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        payload += chunk
        if len(payload) > LARGEST:
            raise BadRequest("file is too big")
    return bytes(payload)


def _wait(payload: bytes) -> timedelta:
    """Read how long a 429 wants us to wait; a minute where it does not say."""
    try:
        answer: Any = json.loads(payload)
        seconds = float(answer["parameters"]["retry_after"])
    except (ValueError, LookupError, TypeError):
        seconds = 60.0
    return timedelta(seconds=min(max(seconds, 1.0), 86_400.0))
