"""Read what families write about a senior: who it is, where they live, whom to call. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers import answers
from handlers.chat import Unclear
from handlers.text import Text, _
from models.seniors import Mode

NONE: Final = "none"
SHORTEST_ADDRESS: Final = 4
_PARTS: Final = re.compile(r"[,，、;；\n]+")
_YEAR: Final = re.compile(
    r"[(（\[]?\s*(?:born(?: in)?|nacid[oa](?: en)?)?\s*"
    r"(?:民[国國]\s*\d{1,2}|(?<!\d)\d{4}(?!\d))\s*年?\s*(?:出?生)?\s*[)）\]]?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\+?\(?\d[\d\s().·/–-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Who:
    """Whom it is about, and how we say the name."""

    name: str
    called: str
    born: int


@dataclass(frozen=True, slots=True)
class Where:
    """How a senior has lunch, and the address if it is brought."""

    mode: Mode
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone else to call."""

    name: str
    phone: str
    relation: str | None = None


def who_example() -> Text:
    """Show how name, year and address form are written together."""
    return _("Wang Guifen, 1941, Grandma Wang")


def who(today: date) -> Callable[[str], Who]:
    """Make a reader for name, year of birth and how to say the name, in one message."""

    def read(text: str) -> Who:
        said = unicodedata.normalize("NFKC", text)
        answers.words(said)
        if _YEAR.search(said) is None:
            raise Unclear(
                _(
                    "Please write the name and the year of birth together, like this: {example}",
                    example=who_example(),
                )
            )
        born = answers.birth_year(today)(said)
        names = _pieces(_YEAR.sub("\n", said))
        if not names or not any(char.isalpha() for char in names[0]):
            raise Unclear(
                _(
                    "Please write the name, too, all in one message, like this: {example}",
                    example=who_example(),
                )
            )
        name = answers.words(", ".join(names[:-1] or names))
        return Who(name, answers.words(names[-1]), born)

    return read


def phone_or_none(country: str) -> Callable[[str], str | None]:
    """Make a reader for a phone number or the button that says there is none."""
    number = answers.phone(country)
    return lambda text: None if text == NONE else number(text)


def where(text: str) -> Where:
    """Read an address to bring lunch to, or the button of another way to have it."""
    if text in (Mode.DINE_IN, Mode.PICK_UP):
        return Where(Mode(text))
    return Where(Mode.DELIVERY, address(text))


def address(text: str) -> str:
    """Read an address: it has the number of a house or a door in it, and is more than a button's number."""
    said = answers.words(text)
    if len(said) < SHORTEST_ADDRESS or not any(char.isnumeric() for char in said):
        raise Unclear(
            _(
                "Please write the whole address with the numbers of house and door, like this: {example}",
                example=_("5 Ping'an Lane, building 3, floor 2, door 201"),
            )
        )
    return said


def contact_or_none(country: str) -> Callable[[str], Contact | None]:
    """Make a reader for a name and a number, or the button that says there is nobody."""
    number = answers.phone(country)

    def read(text: str) -> Contact | None:
        if text == NONE:
            return None
        phone = number(text)
        names = _pieces(_NUMBER.sub("\n", unicodedata.normalize("NFKC", text)))
        if not names or not any(char.isalpha() for char in names[0]):
            raise Unclear(
                _(
                    "Please write the name and the number together, like this: {example}",
                    example=contact_example(),
                )
            )
        relation = answers.words(", ".join(names[1:])) if names[1:] else None
        return Contact(answers.words(names[0]), phone, relation)

    return read


def contact_example() -> Text:
    """Show how a contact is written."""
    return _("Li Ming, her son, 139 1234 5678")


def day_or(button: str, today: date) -> Callable[[str], date | None]:
    """Make a reader for a day, or for a button that means none."""
    day = answers.day(today)
    return lambda text: None if text == button else day(text)


def knock_and_plan(text: str) -> tuple[str, str]:
    """Part what stands at the door from what to do when it stays shut: the lines after the first.

    In a single line the two can't be told apart: it counts as both, so that nothing is lost.
    """
    first, _newline, rest = text.partition("\n")
    return (first, rest) if rest else (text, text)


def _pieces(text: str) -> list[str]:
    return [piece for part in _PARTS.split(text) if (piece := part.strip(" -–—:."))]
