"""Papers and tables as a handler hands them over, before anybody set or typed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

from handlers.text import Text

Cell: TypeAlias = "str | int | float | date | datetime | time | Text | None"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper as it is to be printed.

    template: the file in handlers/papers/ that sets it, without its ending. data: what that template
    shows, as lists and mappings of numbers, people's own words as they are, and texts for the bot to put
    into the reader's language. zone: for the clocks in them. file: the file's name, in plain letters and
    without an ending.
    """

    title: Text
    template: str
    file: str
    zone: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their heads, one tab of a workbook; as many cells in each row as there are columns.

    name: what stands on the tab. A number, a day or a clock stays one, to count and sort by. People's own
    words stay words, also where they look like a formula. totals: a last row, set apart.
    """

    name: Text
    columns: Sequence[Text]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One table as a file of comma-separated values; the table's name stands nowhere.

    People's own words stay words, also where a spreadsheet would take them for a formula. title, zone, file:
    as a Sheet's.
    """

    title: Text
    file: str
    zone: str
    table: Table


@dataclass(frozen=True, slots=True)
class QrCode:
    """A text that a template shows as a QR code: a link, once the bot knows under which address it is."""

    text: Text


@dataclass(frozen=True, slots=True)
class Workbook:
    """Tables as a file for a spreadsheet. title: above each printed page; zone, file: as a Sheet's."""

    title: Text
    file: str
    zone: str
    tables: Sequence[Table]
