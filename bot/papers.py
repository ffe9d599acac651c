"""Papers: what a handler declared, in the reader's language, as a PDF or as a table."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.channels import Attachment
from bot.commas import csv_of
from bot.scripts import arguments
from handlers.chat import REGISTRY, Cell, Listing, QrCode, Sheet, Table, Workbook
from handlers.qrcodes import drawn
from handlers.text import Text

PRINTER: Final = Path(__file__).with_name("printer.py")
TABLER: Final = Path(__file__).with_name("tabler.py")
PDF: Final = "application/pdf"
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
        declared = await paper(*args)

        def said(text: Text) -> str:
            return say(text, declared.zone)

        if isinstance(declared, Sheet):
            job = {"template": declared.template, "language": language, "data": said_in(declared.data, said)}
            content = await self._print(title=said(declared.title), **job)
            return Attachment(f"{declared.file}.pdf", PDF, content)
        if isinstance(declared, Listing):
            table = _typed(declared.table, said, ZoneInfo(declared.zone))
            return Attachment(f"{declared.file}.csv", CSV, csv_of(table))
        return Attachment(f"{declared.file}.xlsx", XLSX, await self._tabulate(declared, said))

    async def _print(self, **job: Any) -> bytes:
        return await self._make(PRINTER, job, job["template"])

    async def _tabulate(self, book: Workbook, say: Callable[[Text], str]) -> bytes:
        zone = ZoneInfo(book.zone)
        tables = [_typed(table, say, zone) for table in book.tables]
        return await self._make(TABLER, {"title": say(book.title), "tables": tables}, book.file)

    async def _make(self, program: Path, job: Mapping[str, Any], what: str) -> bytes:
        async with self._free:
            # Isolated: only the library and its fonts, not this program, whose start takes far longer.
            maker = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(program),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                async with asyncio.timeout(SECONDS_AT_MOST):
                    made, complaint = await maker.communicate(json.dumps(job).encode())
            except TimeoutError:
                raise Misprint(f"{what}: not ready after {SECONDS_AT_MOST} s") from None
            finally:
                if maker.returncode is None:
                    maker.kill()
                    await maker.wait()
        if maker.returncode:
            raise Misprint(f"{what}: {complaint.decode(errors='replace')[-500:]}")
        return made


def said_in(value: object, say: Callable[[Text], str]) -> object:
    """Put every text of what a template shows into words, however deep it lies."""
    match value:
        case Text():
            return say(value)
        case QrCode():
            return drawn(say(value.text))
        case Mapping():
            return {str(name): said_in(item, say) for name, item in value.items()}
        case list() | tuple():
            return [said_in(item, say) for item in value]
        case str() | int() | float() | None:
            return value
    raise TypeError(f"a template cannot hold a {type(value).__name__}")


def _typed(table: Table, say: Callable[[Text], str], zone: ZoneInfo) -> Mapping[str, object]:
    return {
        "name": say(table.name),
        "columns": [say(head) for head in table.columns],
        "rows": [[_cell(cell, say, zone) for cell in row] for row in table.rows],
        "totals": [_cell(cell, say, zone) for cell in table.totals],
    }


def _cell(cell: Cell, say: Callable[[Text], str], zone: ZoneInfo) -> object:
    """Put a cell into what the pipe can carry: a string is a string, everything else says what it is."""
    match cell:
        case Text():
            return say(cell)
        case datetime():
            return {"moment": cell.astimezone(zone).replace(tzinfo=None).isoformat()}
        case date():
            return {"day": cell.isoformat()}
        case time():
            return {"clock": cell.isoformat("minutes")}
        case str() | int() | float() | None:
            return cell
