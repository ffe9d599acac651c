"""Read a menu as people write it: a week pasted in, or the dishes of one day, in any of our languages.

"Mon: braised pork (soy, gluten); rice; greens", "周二: 红烧鱼(鱼、大豆), 米饭", "vegetarian: tofu".
One day on a line, or a day and its dishes below it. What could not be read is handed back with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from handlers import answers
from handlers.chat import Unclear
from handlers.plain import bare
from handlers.text import Text, _
from models.foods import ALLERGENS, allergen, folded, foods_in
from models.menus import HALAL, NAME_AT_MOST, ORDINARY, Course, nameable


def _all(*rows: str) -> frozenset[str]:
    return frozenset(word for row in rows for word in row.split("|"))


# As `bare` leaves them: without case and accents.
_KITCHENS: Final = {
    ORDINARY: _all(
        "ordinary|normal|regular|standard|main|everyone|todos|general|basal",
        "普通|普通餐|普食|常规|常規|一般|一般餐|大锅菜|大鍋菜",
    ),
    HALAL: _all("halal|清真|清真餐"),
    "vegetarian": _all("vegetarian|veggie|veg|vegetariano|vegetariana|素食|素餐|素"),
    "gout": _all("gout|for gout|low purine|gota|para la gota|痛风|痛风餐|痛風|痛風餐|低嘌呤"),
    "low_sugar": _all(
        "controlled sugar|low sugar|sugar free|diabetic|diabetes|sin azucar|diabetico|diabetica|diabeticos",
        "para diabeticos|控糖|控糖餐|糖尿病餐|糖尿病|无糖|無糖",
    ),
    "low_salt": _all(
        "low salt|low sodium|baja en sal|bajo en sal|sin sal|poca sal",
        "少盐|少鹽|低盐|低鹽|少盐餐|少鹽餐",
    ),
}
_NONE: Final = _all(
    "none|no|nothing|no allergens|no allergen|-|–|0|ninguno|ninguna|nada|sin alergenos",
    "无|無|没有|沒有|无过敏原|無過敏原",
)
_CLOSED: Final = _all(
    "closed|no lunch|no meal|holiday|day off|off|cerrado|festivo|no hay comida|no hay|descanso",
    "停餐|休息|休|放假|不开|不開|关门|關門|公休|今天停餐",
)
_COLON: Final = re.compile(r"[:：]")
_OPEN, _SHUT = "(（[［【", ")）]］】"
_PARTS: Final = frozenset(",，;；、/|·•+\t")
_WORDS: Final = re.compile(r"[,，;；、/|+&]+|\s(?:and|y|e)\s|[和及与與跟]")
_CONTAINS: Final = re.compile(
    r"^\s*(?:allergens?|contains?|with|al[eé]rgenos?|contiene|con|过敏原|過敏原|含有|含)\s*[:：]?\s*(?=\S)",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"^\s*(?:[-*•–—·▪●]+|\d{1,2}[.)、](?!\d))\s*")
_CHINESE_DAY: Final = re.compile(
    r"\s*(?:[下这這本]?个?個?(?:周|星期|礼拜|週|禮拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号號]?|[今明后後]天)"
    r"(?:\s*[(（]?(?:(?:周|星期|礼拜|週|禮拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号號]?)[)）]?)?"
)
# Without a colon after it, a number or a single sign of a number is rather a quantity than a day.
_DATED: Final = re.compile(r"[^\W\d_]{2}|\d\s*[-/.月]\s*\d")
_JOINED: Final = re.compile(r"(?:\s(?:and|y|e)|&)$")
HEAD_WORDS: Final = 5
DISHES_AT_MOST: Final = 24
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
            rows.append(Row(number, current, tuple(_courses(rest))))
        except Unclear as unclear:
            unread.append(Unread(number, line, unclear.text))
    if not rows:
        raise Unclear(
            unread[0].why
            if len(unread) == 1
            else _("I could not find a dish in that. One line for each day is best, as in the example.")
        )
    return Draft(tuple(rows), tuple(headings), tuple(unread))


def ingredients(text: str) -> tuple[str, ...]:
    """Read ingredients parted by commas."""
    words = [" ".join(word.split()).strip(" .。") for word in _WORDS.split(answers.long_words(text))]
    found = tuple(word for word in words if folded(word))
    if not found:
        raise Unclear(_("I could not see any words in that. Please write it once more."))
    if not all(nameable(word) for word in found):
        raise Unclear(_("Please write it in at most {n} characters.", n=NAME_AT_MOST))
    return found


# ------------------------------------------------------------------------------------------------- the day


def _head(line: str, today: date) -> tuple[Day | None, str]:
    """Part the day at the head of a line from its dishes; None if no day stands there.

    Raises Unclear where a date stands there that could be two days, or is over.
    """
    if (bullet := _BULLET.match(line)) and not _CHINESE_DAY.match(line):
        named, rest = _head(line[bullet.end() :], today)
        if named is not None:
            return named, rest
    colon = _COLON.search(line)
    if colon is not None and colon.start() <= 40 and not _line_word(line[: colon.start()]):
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


# ---------------------------------------------------------------------------------------------- the dishes


def _courses(said: str) -> Iterator[Course]:
    """Read the dishes of a line, each for the kitchen line that was named last before it."""
    line: str | None = None
    found = []
    for part in _parted(_BULLET.sub("", said)):
        words = part
        while (colon := _COLON.search(words)) and (named := _line_word(words[: colon.start()])):
            line, words = named, words[colon.end() :]
        if bare(words):
            found.append(_course(_BULLET.sub("", words), line))
    if not found:
        raise Unclear(_("There is no dish in it."))
    if len(found) > DISHES_AT_MOST:
        raise Unclear(_("These are more than {n} dishes on one line.", n=DISHES_AT_MOST))
    yield from found


def _parted(said: str) -> list[str]:
    """Cut at commas and their like, but not within brackets. Raises Unclear if a bracket stays open."""
    parts, depth = [""], 0
    for char in said:
        depth += (char in _OPEN) - (char in _SHUT)
        if depth < 0 or depth > 1:
            break
        if char in _PARTS and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    if depth:
        raise Unclear(_("A bracket is missing: please write what is in a dish in one pair of brackets."))
    return parts


def _course(said: str, line: str | None) -> Course:
    """Read one dish and what stands in brackets."""
    name, inside = "", []
    for piece in re.split(r"([(（\[［【][^)）\]］】]*[)）\]］】])", said):
        if piece[:1] and piece[0] in _OPEN:
            inside.append(piece[1:-1])
        else:
            name += piece
    name = " ".join(name.split()).strip(" .。-–—*")
    if bare(name) in _CLOSED:
        raise Unclear(_("That is no dish. If there is no lunch on that day, please leave the line out."))
    if not nameable(name):
        raise Unclear(
            _("That is not the name of a dish, or it is longer than {n} characters.", n=NAME_AT_MOST)
        )
    course = Course(name, lines=() if line is None else (line,))
    for words in inside:
        for word in _WORDS.split(_CONTAINS.sub("", words)):
            course = _with(course, " ".join(_CONTAINS.sub("", word).split()).strip(" .。:："))
    return course


def _with(course: Course, word: str) -> Course:
    """Note one word of the brackets: an allergen, that there is none, a kitchen line or an ingredient."""
    if named := _line_word(word):
        return replace(course, lines=(*course.lines, named))
    if bare(word) in _NONE or word in ("-", "–"):
        return replace(course, contents=course.contents.with_((), (), known=True))
    if code := allergen(word):
        return replace(course, contents=course.contents.with_([code], (), known=True))
    if not folded(word):
        return course
    if not nameable(word):
        raise Unclear(_("Please write it in at most {n} characters.", n=NAME_AT_MOST))
    return replace(
        course,
        contents=course.contents.with_(sorted(foods_in(word) & frozenset(ALLERGENS)), [word], known=False),
    )


def _line_word(said: str) -> str | None:
    word = bare(said)
    return next((line for line, words in _KITCHENS.items() if word in words), None)
