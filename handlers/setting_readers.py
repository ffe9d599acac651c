"""Read what only settings ask for: weekdays, an emergency number, a time zone, a new order of stops."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from zoneinfo import available_timezones

from handlers import answers
from handlers.chat import Unclear
from handlers.text import _

MASK: Final = "="
SHORT: Final = 40


def week(text: str) -> int:
    """Read days of the week as a mask: written out, or a button's mask."""
    picked = re.fullmatch(rf"{MASK}(\d{{1,3}})", text)
    return int(picked[1]) if picked else answers.weekdays(text)


def short_name(text: str) -> str:
    """Read a name that fits on a button and on paper."""
    name = answers.words(text)
    if len(name) > SHORT:
        raise Unclear(_("Please write it in at most {n} characters.", n=SHORT))
    return name


def emergency_number(text: str) -> str:
    """Read a short number, such as 112."""
    number = answers.plain(text).replace(" ", "").replace("-", "")
    if not re.fullmatch(r"\+?[0-9]{2,15}", number):
        raise Unclear(_("Please write just the number, like {example}.", example="112"))
    return number


def zone(text: str) -> str:
    """Read a time zone by its name or its city."""
    said = answers.plain(text).replace(" ", "_")
    zones = sorted(available_timezones())
    found = [name for name in zones if name.casefold() == said] or [
        name for name in zones if "/" in name and name.casefold().rsplit("/", 1)[1] == said
    ]
    if len(found) != 1:
        raise Unclear(_("I don't know that place. Please write it like {example}.", example="Asia/Shanghai"))
    return found[0]


def order(count: int) -> Callable[[str], list[int]]:
    """Make a reader for a new order of `count` things: those that are named, then the others as they were."""

    def read(text: str) -> list[int]:
        named = [int(word) for word in re.findall(r"\d{1,4}", answers.plain(text))]
        if not named or len(set(named)) < len(named) or not all(1 <= number <= count for number in named):
            raise Unclear(
                _("Please write the numbers in their new order, each once, like {example}.", example="3 1 2")
            )
        return named + [number for number in range(1, count + 1) if number not in named]

    return read
