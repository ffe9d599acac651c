"""Months in words, and months as people write them: "October", "10", "2026-10", "上个月", "el mes pasado"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from handlers.chat import Unclear
from handlers.days import MONTH_WORDS
from handlers.plain import bare, numeral
from handlers.text import Text, _
from models.months import month_of

MONTHS: Final = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
_AGO: Final = {
    0: "this month|este mes|这个月|這個月|本月|当月|當月",
    1: "last month|the last month|el mes pasado|mes pasado|上个月|上個月|上月",
    2: "the month before last|hace dos meses|上上个月|上上個月|上上月",
}
_YEAR_MONTH: Final = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
_WORD_YEAR: Final = re.compile(r"([a-z]+)(?:\s+(?:de\s+|of\s+)?(\d{4}))?")
_CHINESE: Final = re.compile(r"([零一二三四五六七八九十\d]{1,3})\s*(?:月份?)?")


def month_words(month: date) -> Text:
    """Say a month with its year."""
    return _("{month} {year}", month=MONTHS[month.month - 1], year=month.year)


def month(today: date) -> Callable[[str], date]:
    """Make a reader for a month up to today's, as its first day; without a year the last one of that name."""

    def read(text: str) -> date:
        said = bare(text)
        found = _found(said, today)
        if found is None or found > today or found.year < 2000:
            raise Unclear(
                _("Please write the month like this: {example}", example=month_words(month_of(today, -1)))
            )
        return found

    return read


def _found(said: str, today: date) -> date | None:
    for ago, words in _AGO.items():
        if said in words.split("|"):
            return month_of(today, -ago)
    if both := _YEAR_MONTH.fullmatch(said):
        return _first(int(both[1]), int(both[2]))
    if both := _MONTH_YEAR.fullmatch(said):
        return _first(int(both[2]), int(both[1]))
    if (word := _WORD_YEAR.fullmatch(said)) and word[1] in MONTH_WORDS:
        number = MONTH_WORDS[word[1]]
        return _first(int(word[2]), number) if word[2] else _latest(number, today)
    if alone := _CHINESE.fullmatch(said):
        return _latest(numeral(alone[1]) or 0, today)
    return None


def _first(year: int, number: int) -> date | None:
    return date(year, number, 1) if 1 <= number <= 12 and year > 0 else None


def _latest(number: int, today: date) -> date | None:
    this = _first(today.year, number)
    return this if this is None or this <= today else this.replace(year=today.year - 1)
