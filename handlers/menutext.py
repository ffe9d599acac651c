"""Read a menu as people write it: a week pasted in, or the dishes of one day, in any of our languages.

"Mon: braised pork (soy, gluten); rice; greens", "周二: 红烧鱼(鱼、大豆), 米饭", "vegetarian: tofu".
One day on a line, or a day and its dishes below it. What could not be read is handed back with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from handlers import answers
from handlers.chat import Unclear
from handlers.dishtext import BULLET, COLON, courses, line_word
from handlers.plain import bare
from handlers.text import Text, _
from models.dishes import Course

_CHINESE_DAY: Final = re.compile(
    r"\s*(?:[下这這本]?个?個?(?:周|星期|礼拜|週|禮拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号號]?|[今明后後]天)"
    r"(?:\s*[(（]?(?:(?:周|星期|礼拜|週|禮拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号號]?)[)）]?)?"
)
# Without a colon after it, a number or a single sign of a number is rather a quantity than a day.
_DATED: Final = re.compile(r"[^\W\d_]{2}|\d\s*[-/.月]\s*\d")
_JOINED: Final = re.compile(r"(?:\s(?:and|y|e)|&)$")
HEAD_WORDS: Final = 5
LETTERS_AT_MOST: Final = 2000  # what was understood is shown in one message

Day = date | int  # a date, or a mask of weekdays whose week is not said


@dataclass(frozen=True, slots=True)
class Row:
    """The dishes of one line of the text (counted from 0), and for which day it is."""

    number: int
    day: Day
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, just as it was written, and why."""

    number: int
    line: str
    why: Text


@dataclass(frozen=True, slots=True)
class Draft:
    """A menu as far as it could be read. headings: lines that only name a day."""

    rows: tuple[Row, ...]
    headings: tuple[int, ...]
    unread: tuple[Unread, ...]

    @property
    def weekdays(self) -> int:
        """Tell which weekdays are named without saying of which week, as a mask."""
        mask = 0
        for row in self.rows:
            mask |= row.day if isinstance(row.day, int) else 0
        return mask

    def on(self, monday: date) -> dict[date, list[Course]]:
        """Put the dishes on their dates, weekdays into the week of a Monday; in order."""
        found: dict[date, list[Course]] = {}
        for row in self.rows:
            for day in _dates(row.day, monday):
                found.setdefault(day, []).extend(row.courses)
        return dict(sorted(found.items()))


def _dates(day: Day, monday: date) -> list[date]:
    if isinstance(day, date):
        return [day]
    return [monday + timedelta(days=at) for at in range(7) if day >> at & 1]


def week(today: date) -> Callable[[str], Draft]:
    """Make a reader for a pasted week; where nothing at all can be read, it says why."""
    return lambda text: _read(text, today, None)


def dishes(day: date) -> Callable[[str], Draft]:
    """Make a reader for the dishes of one day."""
    return lambda text: _read(text, day, day)


def _read(text: str, today: date, given: date | None) -> Draft:
    """Read line by line; without a given day, each belongs to the day named last."""
    if len(text) > LETTERS_AT_MOST:
        raise Unclear(
            _("Please send it in two parts: at most {n} characters in one message.", n=LETTERS_AT_MOST)
        )
    rows: list[Row] = []
    headings: list[int] = []
    unread: list[Unread] = []
    current: Day | None = given
    for number, line in enumerate(answers.visible_lines(text)):
        if not line:
            continue
        try:
            if given is None:
                # A line whose day is unclear leaves those below it without one.
                before, current = current, None
                named, rest = _head(line, today)
                current = before if named is None else named
            else:
                rest = line
            if not rest.strip():
                headings.append(number)
                continue
            if current is None:
                raise Unclear(_("No day stands before it."))
            rows.append(Row(number, current, tuple(courses(rest))))
        except Unclear as unclear:
            unread.append(Unread(number, line, unclear.text))
    if not rows:
        raise Unclear(
            unread[0].why
            if len(unread) == 1
            else _("I could not find a dish in that. One line for each day is best, as in the example.")
        )
    return Draft(tuple(rows), tuple(headings), tuple(unread))


# ------------------------------------------------------------------------------------------------- the day


def _head(line: str, today: date) -> tuple[Day | None, str]:
    """Part the day at the head of a line from its dishes; None if no day stands there.

    Raises Unclear where a date stands there that could be two days, or is over.
    """
    if (bullet := BULLET.match(line)) and not _CHINESE_DAY.match(line):
        named, rest = _head(line[bullet.end() :], today)
        if named is not None:
            return named, rest
    colon = COLON.search(line)
    if colon is not None and colon.start() <= 40 and not line_word(line[: colon.start()]):
        head, rest = line[: colon.start()], line[colon.end() :]
        if (day := _day(head, today, alone=True)) is not None:
            return day, rest
    if (chinese := _CHINESE_DAY.match(line)) and (day := _day(chinese[0], today, alone=False)) is not None:
        return day, line[chinese.end() :].lstrip(" :：-–—,，、")
    words = list(re.finditer(r"\S+", line))[:HEAD_WORDS]
    for word in reversed(words):
        head = line[: word.end()]
        if (day := _day(head.rstrip(":：-–—,，."), today, alone=False)) is not None:
            return day, line[word.end() :].lstrip(" :：-–—,，.")
    return None, line


def _day(head: str, today: date, *, alone: bool) -> Day | None:
    """Read weekdays or a date; None where it is neither. alone: a bare number may be a day of the month."""
    said = bare(re.sub(r"[()（）\[\]【】]", " ", head))
    if not said or not (alone or _DATED.search(said)) or _JOINED.search(said):
        return None
    try:
        return answers.weekdays(said)
    except Unclear:
        pass
    try:
        return answers.day(today)(said)
    except Unclear as unclear:
        # Two days could be meant: that is for the person to say, and not the name of a dish.
        if "one" in unclear.text.blanks:
            raise
        passed = unclear.text.blanks.get("day")
        return passed if isinstance(passed, date) else None
