"""Read what people write: pure functions from text to a name, a number, a phone, yes or no.

A reader raises Unclear, with a sentence that helps, and nothing else. It knows all our languages at once,
because people mix them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from typing import Final

from handlers.chat import Unclear
from handlers.days import day, past_day, weekdays
from handlers.phones import country_code, phone
from handlers.plain import bare, digit, numeral, plain
from handlers.text import _

__all__ = [
    "birth_year", "clock", "code", "country_code", "day", "digit", "long_words", "number", "past_day",
    "phone", "plain", "visible_lines", "weekdays", "words", "yes_no",
]  # fmt: skip

WORDS: Final = 200
LONG_WORDS: Final = 1000
JOINERS: Final = "\u200c\u200d"  # they hold together letters of some scripts, and many emoji


def words(text: str) -> str:
    """Read a name or a short remark, at most 200 characters, on one line."""
    return _within(" ".join(_printable(text).split()), WORDS)


def long_words(text: str) -> str:
    """Read a longer message, at most 1,000 characters; its paragraphs stay."""
    rows = "\n".join(visible_lines(text))
    return _within(re.sub(r"\n{3,}", "\n\n", rows).strip(), LONG_WORDS)


def visible_lines(text: str) -> list[str]:
    """Cut a longer text into its lines, each with single spaces; an empty line stays, as ""."""
    return [" ".join(row.split()) for row in _printable(text).splitlines()]


def _printable(text: str) -> str:
    """Drop what cannot be seen and could confuse: control and formatting marks, broken characters."""
    return "".join(
        char
        for char in unicodedata.normalize("NFC", text)
        if char.isspace() or char in JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn")
    )


def _within(said: str, most: int) -> str:
    if not said.strip(JOINERS):
        raise Unclear(_("I could not see any words in that. Please write it once more."))
    if len(said) > most:
        raise Unclear(_("Please write it in at most {n} characters.", n=most))
    return said


def birth_year(today: date) -> Callable[[str], int]:
    """Make a reader for the year in which a senior was born: from 1900 to forty years ago."""
    first, last = 1900, today.year - 40

    def read(text: str) -> int:
        said = bare(text)
        # Taiwan's elders count from 1912, the first year of the republic.
        republic = re.search(r"民[国國]\s*(\d{1,2})(?!\d)", said)
        years = (
            [1911 + int(republic[1])]
            if republic
            else [int(y) for y in re.findall(r"(?<!\d)\d{4}(?!\d)", said)]
        )
        if len(years) != 1:
            raise Unclear(
                _("Please write the year of birth with four digits, like {example}.", example="1941")
            )
        if not first <= years[0] <= last:
            raise Unclear(
                _("Please write a year between {first} and {last}.", first=str(first), last=str(last))
            )
        return years[0]

    return read


def _either(*groups: str) -> frozenset[str]:
    return frozenset(word for group in groups for word in group.split("|"))


_YES: Final = _either(
    "yes|y|yeah|yep|yes please|sure|ok|okay|fine|agreed|right|that is right|that's right|correct",
    "好|好的|好吧|好呀|好啊|行|可以|收到|嗯|嗯嗯|要|是|是的|对|對|对的|對的|同意|愿意|願意|没问题|沒問題|得|係",
    "si|claro|vale|bueno|correcto|de acuerdo|estoy de acuerdo|por supuesto|esta bien",
    "👍|👌|✅|✔|🆗|1",
)
_NO: Final = _either(
    "no|n|nope|nah|no thanks|no thank you|not now",
    "不|不要|不用|不行|不是|不可以|不好|不对|不對|不同意|不愿意|不願意|没有|沒有|否|唔要|唔係|唔得",
    "no gracias|mejor no|ahora no",
    "👎|❌|2",
)


def yes_no(text: str) -> bool:
    """Read yes or no, in the words and signs that people use for them."""
    said = bare(text).replace(",", "")
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unclear(_("Please answer yes or no."))


def number(low: int, high: int) -> Callable[[str], int]:
    """Make a reader for a whole number from `low` to `high`."""

    def read(text: str) -> int:
        value = numeral(plain(text))
        if value is None or not low <= value <= high:
            raise Unclear(_("Please write a number from {low} to {high}.", low=low, high=high))
        return value

    return read


_MORNING: Final = _either("am|a.m|in the morning|上午|早上|早晨|凌晨|清晨|de la manana")
_NOON: Final = _either("noon|中午|正午|mediodia|del mediodia")
_AFTERNOON: Final = _either("pm|p.m|in the afternoon|下午|de la tarde")
_EVENING: Final = _either("in the evening|傍晚|晚上|de la noche")
_CLOCK: Final = re.compile(
    r"(?P<before>[^\d\s]*)\s*(?P<hour>\d{1,2})\s*(?:[:.h点點时時]\s*(?P<minute>\d\d|\d{1,2}分|半|一刻|三刻|整)?分?)?"
    r"\s*(?P<after>[^\d\s][^\d]*)?"
)
_PARTS: Final = {None: 0, "整": 0, "一刻": 15, "半": 30, "三刻": 45}


def clock(text: str) -> str:
    """Read a time of day as "HH:MM"."""
    said = re.sub(r"^(?:a las?|at) ", "", bare(text))
    said = re.sub(r"^(\d\d)(\d\d)$", r"\1:\2", said)
    said = re.sub(
        r"[零一二三四五六七八九十两兩]+(?=[点點时時分])", lambda found: str(numeral(found[0])), said
    )
    if said in _NOON:
        return "12:00"
    if found := _CLOCK.fullmatch(said):
        part = found["minute"]
        minute = _PARTS[part] if part in _PARTS else int(part.rstrip("分"))
        hour = _hour(int(found["hour"]), (found["before"] or found["after"] or "").strip(" ."))
        if hour is not None and minute < 60 and not (found["before"] and found["after"]):
            return f"{hour:02}:{minute:02}"
    raise Unclear(_("Please write the time like this: {example}", example=time(14, 30)))


def _hour(hour: int, half: str) -> int | None:
    """Bring "3 in the afternoon" to the 24-hour clock; None where the two don't fit."""
    if hour > 23:
        return None
    if not half or (half in _AFTERNOON and hour >= 12):
        return hour
    if half in _MORNING and hour <= 12:
        return hour % 12
    if half in _AFTERNOON or (half in _EVENING and hour != 12):
        return hour if hour > 12 else hour + 12
    if half in _NOON and hour in (11, 12, 1):
        return 13 if hour == 1 else hour
    return None


def code(text: str) -> str:
    """Read an invitation's code out of what was pasted: the code alone, `/start CODE`, or a link with it."""
    found = re.findall(r"\b[a-z0-9]{12}\b", re.sub(r"https?://\S*?(?=[^/=\s]+$)|/start", " ", plain(text)))
    if len(found) != 1:
        raise Unclear(_("That does not look like a code. Please copy it just as you got it."))
    return str(found[0])
