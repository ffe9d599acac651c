"""A person at the page, in a real browser."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
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
    """Start an installed Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: install the package chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


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
