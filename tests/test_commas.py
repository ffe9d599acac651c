"""Comma-separated values: any office opens them, and no name in them is ever worked out as a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time

import pytest

from bot.commas import tame
from bot.i18n import render
from bot.papers import Press
from handlers.chat import REGISTRY, Cell, Listing, Table, paper
from handlers.text import _, verbatim

FORMULAS = [
    '=HYPERLINK("http://x.example","click")', "+1", "-2", "@x", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1",
    "＝1+1", "＋1", "－2", "＠x", "=cmd|' /C calc'!A0", "\u3000-2",
]  # fmt: skip
HARMLESS = ["Lin", "王秀英", "a=b", "O'Brien, Söhne", 'he said "so"', "two\nlines", "", "0012", "1-2"]


@pytest.mark.parametrize("words", FORMULAS)
def test_what_a_spreadsheet_would_work_out_is_marked_as_words(words: str) -> None:
    assert tame(words) == f"'{words}"


def test_other_words_stay_as_they_are() -> None:
    assert [tame(words) for words in HARMLESS] == HARMLESS


async def test_a_file_of_commas_has_a_mark_crlf_and_everything_in_its_cell() -> None:
    row: list[Cell] = [
        -40, 0.5, date(2026, 11, 24), datetime(2026, 11, 24, 4, 30, tzinfo=UTC), time(11, 30), None,
        _("{name}", name="=1+1"),
    ]  # fmt: skip
    head = [verbatim(letter) for letter in "abcdefg"]
    words = [*FORMULAS, *HARMLESS]

    @paper("sample_commas")
    async def sample(day: date) -> Listing:
        rows = [row, *([each, *[None] * 6] for each in words)]
        return Listing(verbatim("-"), f"said-{day}", "Asia/Shanghai", Table(verbatim("-"), head, rows))

    try:
        made = await Press().attach(
            "sample_commas",
            ["2026-11-24"],
            "en",
            lambda text, zone: render(text, language="en", zone=zone, links=lambda code: []).text,
        )
    finally:
        del REGISTRY.papers["sample_commas"]
    assert (made.name, made.mime) == ("said-2026-11-24.csv", "text/csv")
    said = made.content.decode()
    assert said.startswith("\ufeffa,b,c,d,e,f,g\r\n")
    read = list(csv.reader(io.StringIO(said.removeprefix("\ufeff"), newline="")))
    # A number that is less than nothing is a number still, to count with.
    assert read[1] == ["-40", "0.5", "2026-11-24", "2026-11-24 12:30", "11:30", "", "'=1+1"]
    assert [each[0] for each in read[2:]] == [f"'{each}" for each in FORMULAS] + HARMLESS
