"""Run the server as a process: `python -m tests.telegram_server --port 8081 --record calls.jsonl`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path
from typing import Any

from tests.telegram_server.control import ControlledServer
from tests.telegram_server.limits import UNPACED, Limits
from tests.telegram_server.server import TOKEN


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--record", type=Path, help="write every call to this file, one JSON object a line")
    parser.add_argument("--unpaced", action="store_true", help="no sending limits")
    parser.add_argument("--backoff", type=float, default=1.0, help="scale of the pauses of webhook retries")
    parser.add_argument("--options", type=json.loads, default={}, help="options of TelegramServer, as JSON")
    parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input is closed")
    return parser.parse_args()


async def main() -> None:
    """Serve until told to stop; the first line on standard output is the address."""
    told = arguments()
    options: dict[str, Any] = {"token": told.token, "backoff": told.backoff, **told.options}
    if told.unpaced:
        options["limits"] = UNPACED
    elif "limits" in options:
        options["limits"] = Limits(**options["limits"])
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with ControlledServer(host=told.host, port=told.port, record=told.record, **options) as server:
        print(server.url, flush=True)
        if told.until_input_ends:
            loop.run_in_executor(None, lambda: (sys.stdin.read(), loop.call_soon_threadsafe(stop.set)))
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
