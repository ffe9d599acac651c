"""Type one workbook: tables come in, an XLSX goes out.

A process of its own, as the printer's is: a long table takes its time from nobody, and what names stand in it
never touches the disk.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

import xlsxwriter

A4: Final = 9
TAB_LETTERS: Final = 31
HEADER_LETTERS: Final = 200
CELL_LETTERS: Final = 32_767
NARROWEST, WIDEST = 6, 48
LANDSCAPE_FROM: Final = 90  # letters beside each other

# Whatever a person wrote stays what it is: no formula, no number, no link.
AS_WRITTEN: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
SHOWN: Final = {
    "text": "@",
    "number": "General",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "clock": "hh:mm",
}
READ: Final[dict[str, Callable[[str], Any]]] = {
    "day": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "clock": time.fromisoformat,
}


def xlsx(title: str, tables: Sequence[dict[str, Any]]) -> bytes:
    """Write tables, a tab each; the head of each stays in sight and is printed on every page."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, AS_WRITTEN) as book:
        book.set_properties({"title": title})
        taken: list[str] = []
        for table in tables:
            taken.append(_tab(table["name"], taken))
            _fill(book, book.add_worksheet(taken[-1]), title, table)
    return made.getvalue()


def _tab(name: str, taken: Sequence[str]) -> str:
    """Make a name that may stand on a tab, and on no other."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip().strip("'")[:TAB_LETTERS] or "-"
    known = {each.casefold() for each in taken}
    number, found = 1, plain
    while found.casefold() in known:
        number += 1
        found = f"{plain[: TAB_LETTERS - len(str(number)) - 1]} {number}"
    return found


def _fill(book: Any, tab: Any, title: str, table: dict[str, Any]) -> None:
    columns, rows, totals = table["columns"], table["rows"], table["totals"]
    base = {"font_size": 12, "valign": "top", "text_wrap": True}
    head = book.add_format({**base, "bold": True, "bg_color": "#E6E6E6", "bottom": 2, "valign": "vcenter"})
    plain = {kind: book.add_format({**base, "num_format": how, "bottom": 4}) for kind, how in SHOWN.items()}
    sums = {"bold": True, "top": 2}
    last = {kind: book.add_format({**base, "num_format": how, **sums}) for kind, how in SHOWN.items()}
    for place, words in enumerate(columns):
        tab.write_string(0, place, words, head)
    for at, row in enumerate(rows, 1):
        _write(tab, at, row, plain)
    if totals:
        _write(tab, len(rows) + 1, totals, last)
    widths = [
        max(_letters(row[place]) for row in [columns, *rows, *([totals] if totals else [])])
        for place in range(len(columns))
    ]
    for place, letters in enumerate(widths):
        tab.set_column(place, place, min(max(letters + 2, NARROWEST), WIDEST))
    tab.freeze_panes(1, 0)
    tab.repeat_rows(0)
    tab.set_paper(A4)
    if sum(min(letters + 2, WIDEST) for letters in widths) > LANDSCAPE_FROM:
        tab.set_landscape()
    tab.fit_to_pages(1, 0)
    tab.set_header("&L&14" + title[:HEADER_LETTERS].replace("&", "&&"))
    tab.set_footer("&C&P / &N")


def _write(tab: Any, at: int, row: Sequence[Any], formats: dict[str, Any]) -> None:
    for place, cell in enumerate(row):
        match cell:
            case None:
                tab.write_blank(at, place, None, formats["text"])
            case str():
                tab.write_string(at, place, cell[:CELL_LETTERS], formats["text"])
            case int() | float():
                tab.write_number(at, place, cell, formats["number"])
            case _:
                ((kind, said),) = cell.items()
                tab.write_datetime(at, place, READ[kind](said), formats[kind])


def _letters(cell: Any) -> int:
    """Tell how wide a cell is; a Chinese letter takes the room of two."""
    if isinstance(cell, dict):
        return 16
    rows = ("" if cell is None else str(cell)).split("\n")
    return max(sum(2 if letter >= "\u2e80" else 1 for letter in row) for row in rows)


def main() -> int:
    """Read a JSON object from the standard input and write the XLSX to the standard output."""
    sys.stdout.buffer.write(xlsx(**json.load(sys.stdin.buffer)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
