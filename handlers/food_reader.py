"""Read what a cook types beside the stove: "fish 72 130g", "红烧鱼72度130克", "pescado 72 grados 130 g"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.chat import Unclear
from handlers.plain import numeral
from handlers.text import _
from models.foodlog import Noted

LINES_AT_MOST: Final = 20
DISH_LETTERS: Final = 80
COLDEST: Final = -300  # tenths of a degree Celsius
HOTTEST: Final = 1200
GRAMS_AT_MOST: Final = 2000
CHINESE: Final = "零〇一二三四五六七八九十两兩"

_NUMBER: Final = r"-?\d{1,4}(?:[.,]\d)?"
_GRAMS: Final = re.compile(r"(?P<n>\d{1,4})\s*(?:公克|克|gramos?\b|grams?\b|grs?\b|g\b)", re.IGNORECASE)
_DEGREES: Final = re.compile(
    rf"(?P<n>{_NUMBER}|[{CHINESE}]{{1,3}}(?=\s*(?:度|℃)))\s*"
    r"(?:°\s*(?P<scale>[cf])?|º\s*(?P<scale2>[cf])?|度|degrees?(?:\s+celsius)?\b|grados?\b|(?P<scale3>[cf])\b)",
    re.IGNORECASE,
)
_BARE: Final = re.compile(rf"(?<![A-Za-z0-9.,-]){_NUMBER}(?![A-Za-z0-9]|[.,]\d)")
_IN_BRACKETS: Final = re.compile(r"\((?:cold|凉|涼|冷|fr[ií][oa])\)", re.IGNORECASE)
_COLD: Final = re.compile(r"\((?:cold|凉|涼|冷)\)|\b(?:cold|fr[ií][oa])\b|凉菜|涼菜|冷盘|冷盤", re.IGNORECASE)


def dishes(text: str) -> list[Noted]:
    """Read one dish a line: its name, its temperature, the grams of its sample. Raises Unclear."""
    rows = [row for row in re.split(r"[\n;；]+", unicodedata.normalize("NFKC", text)) if row.strip()]
    if not 1 <= len(rows) <= LINES_AT_MOST:
        raise _unclear()
    return [_dish(row) for row in rows]


def is_log(text: str) -> bool:
    """Tell whether a text can only be meant for the log: each line has a dish, and a unit beside a number."""
    rows = [row for row in unicodedata.normalize("NFKC", text).splitlines() if row.strip()]
    if not rows or not all(_GRAMS.search(row) or _DEGREES.search(row) for row in rows):
        return False
    try:
        return bool(dishes(text))
    except Unclear:
        return False


def degrees(text: str) -> int:
    """Read a temperature alone, as tenths of a degree Celsius. Raises Unclear."""
    row = unicodedata.normalize("NFKC", text).strip()
    tenths, rest = _temperature(row)
    if tenths is None and (found := _BARE.search(row)):
        tenths, rest = _tenths(found[0], "c"), ""
    if tenths is None or re.search(r"\d", rest):
        raise Unclear(_("Please write the temperature, like {example}.", example="72"))
    return tenths


def _dish(row: str) -> Noted:
    grams: int | None = None
    if found := _GRAMS.search(row):
        grams, row = int(found["n"]), _without(row, found)
    tenths, row = _temperature(row)
    bare = list(_BARE.finditer(row))
    if tenths is None and bare:
        tenths = _tenths(bare[0][0], "c")
        row, bare = _without(row, bare[0]), list(_BARE.finditer(_without(row, bare[0])))
    if grams is None and bare and re.fullmatch(r"\d+", bare[0][0]):
        grams, row = int(bare[0][0]), _without(row, bare[0])
    cold = bool(_COLD.search(row))
    name = " ".join(_IN_BRACKETS.sub(" ", row).split())
    name = name.strip(" ,.:-，。：、·")
    if not name or len(name) > DISH_LETTERS or not any(char.isalpha() for char in name):
        raise _unclear()
    if (tenths is None and grams is None) or (grams is not None and not 1 <= grams <= GRAMS_AT_MOST):
        raise _unclear()
    return Noted(name, tenths, grams, cold)


def _temperature(row: str) -> tuple[int | None, str]:
    found = _DEGREES.search(row)
    if found is None:
        return None, row
    scale = (found["scale"] or found["scale2"] or found["scale3"] or "c").casefold()
    number = found["n"]
    if number[0] in CHINESE:
        value = numeral(number)
        if value is None:
            raise _unclear()
        number = str(value)
    return _tenths(number, scale), _without(row, found)


def _tenths(number: str, scale: str) -> int:
    value = float(number.replace(",", "."))
    tenths = round((value - 32) * 50 / 9 if scale == "f" else value * 10)
    if not COLDEST <= tenths <= HOTTEST:
        raise _unclear()
    return tenths


def _without(row: str, found: re.Match[str]) -> str:
    return f"{row[: found.start()]} {row[found.end() :]}"


def _unclear() -> Unclear:
    return Unclear(
        _(
            "Please write the dish, its temperature and the weight of its sample, one dish a line,"
            " like: {example}",
            example=_("fish 72 130g"),
        )
    )
