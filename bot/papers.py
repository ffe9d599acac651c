"""Papers: what a handler declared, in the reader's language, as a PDF."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.channels import Attachment
from bot.scripts import arguments
from handlers.chat import REGISTRY, Sheet
from handlers.text import Text

PRINTER: Final = Path(__file__).with_name("printer.py")
SECONDS_AT_MOST: Final = 30
Say = Callable[[Text, str], str]


class Misprint(Exception):
    """A paper could not be made."""


class Press:
    """Prints one paper after the other: each takes a processor and some sixty megabytes while it is made."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    async def attach(self, name: str, given: Sequence[str], language: str, say: Say) -> Attachment:
        """Make a paper's file; `say` puts a text into the reader's words, for a zone. Raises Misprint."""
        paper = REGISTRY.papers.get(name)
        args = None if paper is None else arguments(paper, given, skip=0)
        if paper is None or args is None:
            raise Misprint(f"this release prints no {name!r} of {len(given)} arguments")
        sheet: Sheet = await paper(*args)
        content = await self._print(
            template=sheet.template,
            title=say(sheet.title, sheet.zone),
            language=language,
            data=said_in(sheet.data, lambda text: say(text, sheet.zone)),
        )
        return Attachment(f"{sheet.file}.pdf", "application/pdf", content)

    async def _print(self, **job: Any) -> bytes:
        async with self._free:
            # Isolated: only the library and its fonts, not this program, whose start takes far longer.
            printer = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(PRINTER),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                async with asyncio.timeout(SECONDS_AT_MOST):
                    made, complaint = await printer.communicate(json.dumps(job).encode())
            except TimeoutError:
                raise Misprint(f"{job['template']}: not ready after {SECONDS_AT_MOST} s") from None
            finally:
                if printer.returncode is None:
                    printer.kill()
                    await printer.wait()
        if printer.returncode:
            raise Misprint(f"{job['template']}: {complaint.decode(errors='replace')[-500:]}")
        return made


def said_in(value: object, say: Callable[[Text], str]) -> object:
    """Put every text of what a template shows into words, however deep it lies."""
    match value:
        case Text():
            return say(value)
        case Mapping():
            return {str(name): said_in(item, say) for name, item in value.items()}
        case list() | tuple():
            return [said_in(item, say) for item in value]
        case str() | int() | float() | None:
            return value
    raise TypeError(f"a template cannot hold a {type(value).__name__}")
