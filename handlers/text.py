"""Sentences that do not yet know their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, TypeAlias

Form: TypeAlias = Literal["sentence", "plural", "verbatim", "lines", "bold"]


@dataclass(frozen=True, slots=True)
class Span:
    """Two instants of one day, said together: "Wed 25 Nov, 10:00–12:00"."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Weekdays:
    """A set of weekdays as a mask (Monday is bit 0): "Mon–Fri"."""

    mask: int


@dataclass(frozen=True, slots=True)
class Month:
    """The month of a day: "November 2026"."""

    day: date


@dataclass(frozen=True, slots=True)
class Country:
    """A country, or a part of one, by its code: "ES", "ES-MD"."""

    code: str


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time code, said as the links that every channel of this house offers for it."""

    code: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A one-time secret, said as the link that opens a @page of this house."""

    page: str
    secret: str


@dataclass(frozen=True, slots=True)
class PublicLink:
    """The link of a @public page of this house; `asked`: what it is asked, as pairs of name and value."""

    page: str
    asked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A one-time code, said as the links that take the bot into a group with it."""

    code: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A secret, said as the address under which a phone's calendar reads a @feed of this house."""

    feed: str
    secret: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A sentence that is packed already: lists say the same few thousands of times."""

    text: Mapping[str, Any]


Blank: TypeAlias = (
    "str | int | date | datetime | time | timedelta | Span | Weekdays | Month | Country | Link | PageLink"
    " | PublicLink | FeedLink | GroupLink"
    " | Text | Packed"
    " | tuple[Blank, ...]"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence and its typed blanks, rendered later for whoever reads it.

    A `datetime` is said in the canteen's zone, a `date` with its weekday, a tuple as a list ("a, b and c").
    """

    message: str = ""
    blanks: Mapping[str, Blank] = field(default_factory=dict)
    form: Form = "sentence"
    plural: str = ""
    parts: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.message or self.parts or self.blanks)


NOTHING: Final = Text()
AS_IT_IS: Final = frozenset({str, int})


def _(message: str, /, **blanks: Blank) -> Text:
    """Make a translatable sentence; blanks are plain names in braces."""
    return Text(message, blanks)


def _n(one: str, many: str, /, n: int, **blanks: Blank) -> Text:
    """Make a sentence whose wording depends on the number `n`, which is also its blank {n}."""
    return Text(one, {**blanks, "n": n}, "plural", many)


def verbatim(body: str) -> Text:
    """Wrap people's own words: never translated, never a format string."""
    return Text("", {"body": body}, "verbatim")


def lines(*parts: Text | None) -> Text:
    """Put whole sentences below each other; None is left out, NOTHING is an empty line."""
    return Text(form="lines", parts=tuple(part for part in parts if part is not None))


def bold(part: Text) -> Text:
    """Say a part in bold where the channel can."""
    return Text(form="bold", parts=(part,))


def pack(text: Text) -> dict[str, Any]:
    """Turn a text into what JSON can hold."""
    packed: dict[str, Any] = {"f": text.form}
    if text.message:
        packed["m"] = text.message
    if text.plural:
        packed["p"] = text.plural
    if text.blanks:
        # Most blanks are words and numbers, and lists have tens of thousands of them.
        packed["b"] = {
            name: value if type(value) in AS_IT_IS else _pack_blank(value)
            for name, value in text.blanks.items()
        }
    if text.parts:
        packed["l"] = [pack(part) for part in text.parts]
    return packed


def unpack(packed: Mapping[str, Any]) -> Text:
    """Turn packed JSON back into the text."""
    return Text(
        packed.get("m", ""),
        {name: _unpack_blank(value) for name, value in packed.get("b", {}).items()},
        packed["f"],
        packed.get("p", ""),
        tuple(unpack(part) for part in packed.get("l", ())),
    )


def _pack_blank(value: Blank) -> Any:
    match value:
        case Text():
            return {"text": pack(value)}
        case Packed():
            return {"text": value.text}
        case str() | int():
            return value
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a datetime in a sentence needs a zone")
            return {"at": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"clock": value.isoformat("minutes")}
        case timedelta():
            return {"seconds": int(value.total_seconds())}
        case Span():
            return {"span": [value.starts.isoformat(), value.ends.isoformat()]}
        case Weekdays():
            return {"weekdays": value.mask}
        case Month():
            return {"month": value.day.isoformat()}
        case Country():
            return {"country": value.code}
        case Link():
            return {"link": value.code}
        case PageLink():
            return {"page": [value.page, value.secret]}
        case PublicLink():
            return {"public": [value.page, [list(pair) for pair in value.asked]]}
        case GroupLink():
            return {"group": value.code}
        case FeedLink():
            return {"feed": [value.feed, value.secret]}
        case tuple():
            return {"list": [_pack_blank(item) for item in value]}
    raise TypeError(f"a sentence cannot hold a {type(value).__name__}")


def _unpack_blank(value: Any) -> Blank:
    if isinstance(value, str | int):
        return value
    ((kind, body),) = value.items()
    match kind:
        case "text":
            return unpack(body)
        case "at":
            return datetime.fromisoformat(body)
        case "day":
            return date.fromisoformat(body)
        case "clock":
            return time.fromisoformat(body)
        case "seconds":
            return timedelta(seconds=body)
        case "span":
            return Span(datetime.fromisoformat(body[0]), datetime.fromisoformat(body[1]))
        case "weekdays":
            return Weekdays(body)
        case "month":
            return Month(date.fromisoformat(body))
        case "country":
            return Country(body)
        case "link":
            return Link(body)
        case "page":
            return PageLink(*body)
        case "public":
            return PublicLink(body[0], tuple((name, said) for name, said in body[1]))
        case "group":
            return GroupLink(body)
        case "feed":
            return FeedLink(*body)
        case "list":
            return tuple(_unpack_blank(item) for item in body)
    raise ValueError(f"unknown blank {kind}")


def listed(items: Sequence[Blank]) -> tuple[Blank, ...]:
    """Say several things as one list."""
    return tuple(items)
