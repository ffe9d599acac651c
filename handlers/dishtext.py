"""Read dishes as people write them: "braised pork (soy, gluten); rice; vegetarian: tofu (大豆)". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from handlers import answers
from handlers.chat import Unclear
from handlers.plain import bare
from handlers.text import _
from models.dishes import NAME_AT_MOST, Course, nameable
from models.foods import ALLERGENS, allergen, folded, foods_in
from models.menus import HALAL, ORDINARY

DISHES_AT_MOST: Final = 24


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
COLON: Final = re.compile(r"[:：]")
_OPEN, _SHUT = "(（[［【", ")）]］】"
_PARTS: Final = frozenset(",，;；、/|·•+\t")
_WORDS: Final = re.compile(r"[,，;；、/|+&]+|\s(?:and|y|e)\s|[和及与與跟]")
_CONTAINS: Final = re.compile(
    r"^\s*(?:allergens?|contains?|with|al[eé]rgenos?|contiene|con|过敏原|過敏原|含有|含)\s*[:：]?\s*(?=\S)",
    re.IGNORECASE,
)
BULLET: Final = re.compile(r"^\s*(?:(?:[-*•–—·▪●]+|\d{1,2}[.)、](?!\d))\s*)+")


def ingredients(text: str) -> tuple[str, ...]:
    """Read ingredients parted by commas. Raises Unclear."""
    words = [" ".join(word.split()).strip(" .。") for word in _WORDS.split(answers.long_words(text))]
    found = tuple(word for word in words if folded(word))
    if not found:
        raise Unclear(_("I could not see any words in that. Please write it once more."))
    if not all(nameable(word) for word in found):
        raise Unclear(_("Please write it in at most {n} characters.", n=NAME_AT_MOST))
    return found


def courses(said: str) -> Iterator[Course]:
    """Read the dishes of a line, each for the kitchen line that was named last before it. Raises Unclear."""
    line: str | None = None
    found = []
    for part in _parted(BULLET.sub("", said)):
        words = part
        while (colon := COLON.search(words)) and (named := line_word(words[: colon.start()])):
            line, words = named, words[colon.end() :]
        if bare(words):
            found.append(_course(BULLET.sub("", words), line))
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
    if named := line_word(word):
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


def line_word(said: str) -> str | None:
    """Read a kitchen line; None for any other word."""
    word = bare(said)
    return next((line for line, words in _KITCHENS.items() if word in words), None)
