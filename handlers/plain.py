"""Bring what people type to one plain form: full-width signs, accents, Chinese numerals, "1." and "1、"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Also what makes a digit a keycap, an emoji a picture, and a thumb light or dark.
_AROUND: Final = (
    " \t\n.,;:!?¡¿。、！？，；：…~～()[]{}「」【】《》<>\"'“”‘’*#"
    "\ufe0e\ufe0f\u20e3\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)
_NUMERALS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_CHINESE_NUMBER: Final = re.compile(
    r"([零〇一二三四五六七八九两兩])|([一二三四五六七八九])?十([一二三四五六七八九])?"
)


def plain(text: str) -> str:
    """Fold a text for comparing: half-width, lower case, single spaces, no marks around it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(_AROUND)


def bare(text: str) -> str:
    """Fold it further: "miércoles" and "miercoles" are the same word."""
    parts = unicodedata.normalize("NFKD", plain(text))
    return plain("".join(char for char in parts if not unicodedata.combining(char)))


def numeral(said: str) -> int | None:
    """Read a whole number of up to nine digits, or a Chinese numeral up to 99; None where it is neither."""
    if re.fullmatch(r"-?\d{1,9}", said):
        return int(said)
    found = _CHINESE_NUMBER.fullmatch(said)
    if found is None:
        return None
    alone, tens, ones = found.groups()
    return _NUMERALS[alone] if alone else 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)


def digit(text: str) -> int | None:
    """Read the number of a choice: "1", "１", "1.", "1、", "一"; None where the text is something else."""
    value = numeral(plain(text))
    return value if value is not None and 0 <= value <= 99 else None
