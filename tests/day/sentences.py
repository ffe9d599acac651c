"""How a sentence of the product reads in somebody's language, whatever stands in its blanks."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import Final

from bot.i18n import render
from handlers.text import Text

BLANK: Final = "▮"


@cache
def reads(sentence: str, language: str, n: int = 0) -> re.Pattern[str]:
    """Make a pattern that finds a sentence, given in English, in the reader's language.

    One that counts is given in both forms, "{n} home | {n} homes", and is found with this `n`.
    """
    one, _bar, many = sentence.partition(" | ")
    names = {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name}
    blanks = dict.fromkeys(names, BLANK) | ({"n": n} if many else {})
    text = Text(one, blanks, "plural", many) if many else Text(one, blanks)
    told = render(text, language=language, zone="UTC", links=lambda _code: [])
    return re.compile(r"[\s\S]+?".join(map(re.escape, told.text.split(BLANK))))
