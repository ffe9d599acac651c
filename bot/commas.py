"""Comma-separated values that any office opens: in UTF-8, and without a formula in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

# A cell that begins so is worked out by a spreadsheet that opens the file; also the wide signs, which an East
# Asian one takes for the narrow, and white space before them, which some leave out (OWASP, "CSV Injection").
FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROLS: Final = ("\t", "\r", "\n")
MARK: Final = "\ufeff"  # without it an office program in China reads the bytes as GBK


def csv_of(table: Mapping[str, Any]) -> bytes:
    """Write a table as `bot.papers` types it: head, rows, totals; lines end as RFC 4180 says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    rows: Sequence[Sequence[Any]] = [table["columns"], *table["rows"]]
    for row in [*rows, table["totals"]] if table["totals"] else rows:
        writer.writerow([_written(cell) for cell in row])
    return (MARK + out.getvalue()).encode()


def _written(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case str():
            return tame(cell)
        case int() | float():
            return str(cell)
        case _:
            ((kind, said),) = cell.items()
            return f"{datetime.fromisoformat(said):%Y-%m-%d %H:%M}" if kind == "moment" else str(said)


def tame(words: str) -> str:
    """Put an apostrophe before words that a spreadsheet would take for a formula."""
    if words.startswith(CONTROLS) or words.lstrip().startswith(FORMULA):
        return f"'{words}"
    return words
