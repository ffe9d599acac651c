"""One address in front of several processes: bytes go to the next one that takes the connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager


@asynccontextmanager
async def front(ports: Sequence[int]) -> AsyncIterator[int]:
    """Give the port of the front."""
    order = list(ports)

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in ports:
            order.append(order.pop(0))
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", order[-1])
        return None

    async def pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await connect()
        if behind is not None:
            ways = [
                asyncio.create_task(pour(reader, behind[1])),
                asyncio.create_task(pour(behind[0], writer)),
            ]
            # Either side that hangs up ends both.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            behind[1].close()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
