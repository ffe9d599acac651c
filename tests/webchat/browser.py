"""A person at the page, in a real browser."""

from __future__ import annotations

import atexit
import contextlib
import functools
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START_TIMEOUT = 60.0  # seconds
ARGUMENTS = [
    "--headless",
    "--remote-debugging-port=0",
    "--use-mock-keychain",
    "--password-store=basic",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "locale": "en-GB",
    "timezone_id": "Europe/London",
    "reduced_motion": "reduce",
}


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Speak with an installed Chromium; each test has contexts of its own in it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: install the package chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(_running(CHROMIUM))
        try:
            yield browser
        finally:
            await browser.close()


@functools.cache
def _running(program: str) -> str:
    """Start it once for all tests of this process, since it takes long; return where it listens."""
    profile = Path(tempfile.mkdtemp(prefix="chromium-"))
    process = subprocess.Popen(
        [program, *ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(_end, process, profile)
    port = profile / "DevToolsActivePort"
    until = time.monotonic() + START_TIMEOUT
    while not (port.exists() and port.read_text().count("\n")):
        assert process.poll() is None, f"{program} does not start"
        assert time.monotonic() < until, f"{program} opens no port"
        time.sleep(0.02)
    return f"http://127.0.0.1:{port.read_text().splitlines()[0]}"


def _end(process: subprocess.Popen[bytes], profile: Path) -> None:
    process.terminate()
    process.wait()
    shutil.rmtree(profile, ignore_errors=True)


class Reader:
    """What a person sees and does. `errors`: what the page complained of by itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda line: self.errors.append(line.text) if "Content Security Policy" in line.text else None,
        )

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await self.connected()

    async def connected(self) -> None:
        await self.page.wait_for_selector("#state[data-state=online]")

    async def write(self, words: str) -> None:
        await self.page.fill("#say", words)
        await self.page.press("#say", "Enter")

    async def sees(self, words: str) -> None:
        await self.page.locator(".words", has_text=re.compile(f"^{re.escape(words)}$")).last.wait_for()

    async def quiet(self) -> None:
        """Wait until nothing waits to be sent."""
        waiting = ".turning, .tick use[href$=waiting], .tick use[href$=sent]"
        await self.page.locator(waiting).first.wait_for(state="detached")

    async def bubbles(self) -> list[str]:
        """Read the bubbles from the top, without their times."""
        found: list[str] = await self.page.locator(".words").all_text_contents()
        return found
