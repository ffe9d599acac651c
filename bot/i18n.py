"""Say a Text in the reader's language, calendar, numbers and time zone."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from itertools import groupby
from pathlib import Path
from string import Formatter
from typing import Final, TypeAlias, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_group_symbol

from handlers.languages import LANGUAGES as LANGUAGES
from handlers.text import (
    Blank,
    Country,
    FeedLink,
    GroupLink,
    Link,
    Month,
    Packed,
    PageLink,
    PublicLink,
    Span,
    Text,
    Weekdays,
    unpack,
)

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "locales"

IN_GROUP: Final = "group:"
"""Marks a code whose links take the bot into a group."""

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI"})
# Marks that open, close or override a direction: a stray one in a name would turn the whole sentence around.
_DIRECTIONS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_ENGLISH: Final = NullTranslations()
Piece = tuple[str, str | None]
AnyLink: TypeAlias = Link | PageLink | PublicLink | FeedLink | GroupLink


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a reader sees: the text, and its bold parts as (start, length) in code points."""

    text: str
    bold: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes what CLDR has no short form for."""

    locale: Locale
    day: str
    moment: str
    days: str
    # CLDR's own short units say "1 hr" and, in Spanish, "1 horas".
    units: tuple[str, str, str] = ("{n} h", " ", "{n} min")


STYLES: Final = {
    "en": Style(Locale("en", "GB"), "EEE d MMM", "{day}, {clock}", "{first}–{last}"),
    "zh_Hans": Style(
        Locale("zh", script="Hans"),
        "M月d日EEE",
        "{day} {clock}",
        "{first}至{last}",
        ("{n}小时", "", "{n}分钟"),
    ),
    "zh_Hant": Style(
        Locale("zh", script="Hant"),
        "M月d日 EEE",
        "{day} {clock}",
        "{first}至{last}",
        ("{n}小時", "", "{n}分鐘"),
    ),
    "es": Style(Locale("es"), "EEE d MMM", "{day}, {clock}", "{first} a {last}"),
}


def guess_language(tag: str) -> str:
    """Find the nearest language of ours for a channel's tag: "zh-TW" → "zh_Hant", "de" → "en"."""
    language, *rest = tag.strip().lower().replace("_", "-").split("-")
    if language in ("zh", "yue", "cmn"):
        if "hans" in rest:
            return "zh_Hans"
        traditional = language == "yue" or not {"hant", "tw", "hk", "mo"}.isdisjoint(rest)
        return "zh_Hant" if traditional else "zh_Hans"
    return "es" if language == "es" else "en"


def render(text: Text, *, language: str, zone: str, links: Callable[[str], list[str]]) -> Rendered:
    """Say a text to a reader; a translation that can't be filled is said in English instead."""
    return _Reader(language, ZoneInfo(zone), links).say(text)


def phrases_of(text: Text, language: str) -> list[str]:
    """Split a translated "a|b|c" into its phrases."""
    phrases = _translated(text, _catalogue(language)).split("|")
    return [phrase.strip() for phrase in phrases if phrase.strip()]


def load_catalogues() -> None:
    """Read every language now, so that no turn has to wait for it."""
    for language in LANGUAGES:
        _catalogue(language)


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    """Read a language's catalogue, once; a plain .po file has nothing to compile and nothing to go stale."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[Piece, ...] | None:
    """Cut a template into (words, name of the blank after them); None when it is no such template."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return None
    if any(name is not None and (not name.isidentifier() or spec or how) for _, name, spec, how in pieces):
        return None
    return tuple((words, name) for words, name, _, _ in pieces)


def _translated(text: Text, catalogue: NullTranslations) -> str:
    if not text.message:
        return ""  # under the empty sentence a catalogue keeps its header
    if text.form == "plural":
        return catalogue.ngettext(text.message, text.plural, cast("int", text.blanks["n"]))
    return catalogue.gettext(text.message)


def _isolated(words: str) -> str:
    """Keep right-to-left words from turning the sentence around them."""
    if words.isascii() or not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in words):
        return words
    clean = words.translate(_DIRECTIONS)
    return "\n".join(_ISOLATE + line + _END_ISOLATE if line else "" for line in clean.split("\n"))


class _Reader:
    """One reader: a language, a zone and the links that can be shown to them."""

    def __init__(self, language: str, zone: ZoneInfo, links: Callable[[str], list[str]]) -> None:
        self.catalogue = _catalogue(language)
        self.style = STYLES[language]
        self.zone = zone
        self.links = links

    def say(self, text: Text) -> Rendered:
        match text.form:
            case "sentence" | "plural":
                return self._sentence(text)
            case "verbatim":
                return Rendered(_isolated(str(text.blanks["body"])), [])
            case "lines":
                return _joined([self.say(part) for part in text.parts], "\n")
            case "bold":
                whole = _joined([self.say(part) for part in text.parts])
                return Rendered(whole.text, [(0, len(whole.text))] if whole.text else [])

    def _sentence(self, text: Text) -> Rendered:
        said = ""
        for catalogue in (self.catalogue, _ENGLISH):
            said = _translated(text, catalogue)
            pieces = _pieces(said)
            if pieces is not None and all(name is None or name in text.blanks for _, name in pieces):
                return self._put(pieces, text.blanks)
        return Rendered(said, [])

    def _put(self, pieces: Sequence[Piece], blanks: Mapping[str, Blank]) -> Rendered:
        said: list[Rendered] = []
        for words, name in pieces:
            said.append(Rendered(words, []))
            if name is not None:
                said.append(self._blank(blanks[name]))
        return _joined(said)

    def _blank(self, value: Blank) -> Rendered:
        match value:
            case Text():
                return self.say(value)
            case Packed():
                return self.say(unpack(value.text))
            case tuple():
                names = {f"item{i}": item for i, item in enumerate(value)}
                pattern = format_list([f"{{{name}}}" for name in names], locale=self.style.locale)
                return self._put(_pieces(pattern) or (), names)
            case _:
                return Rendered(self._words(value), [])

    def _words(
        self,
        value: str | int | date | time | timedelta | Span | Weekdays | Month | Country | AnyLink,
    ) -> str:
        match value:
            case str():
                return _isolated(value)
            case int():
                # Four digits are read at a glance, and a comma in them looks like a price.
                comma = get_group_symbol(self.style.locale)
                return str(value) if abs(value) < 10_000 else f"{value:,}".replace(",", comma)
            case datetime():
                return self._moment(value.astimezone(self.zone))
            case date():
                return self._day(value)
            case time():
                return f"{value:%H:%M}"
            case timedelta():
                return self._duration(value)
            case Span():
                starts, ends = value.starts.astimezone(self.zone), value.ends.astimezone(self.zone)
                if starts.date() == ends.date():
                    return f"{self._moment(starts)}–{ends:%H:%M}"
                return f"{self._moment(starts)} – {self._moment(ends)}"
            case Weekdays():
                return self._weekdays(value.mask)
            case Month():
                return format_skeleton("yMMMM", value.day, locale=self.style.locale)
            case Country():
                country, _, part = value.code.partition("-")
                name = self.style.locale.territories.get(country, country)
                return f"{name} ({part})" if part else name
            case Link():
                return "\n".join(self.links(value.code))
            case PageLink():
                return "\n".join(self.links(f"/board/{value.page}/in/{value.secret}"))
            case PublicLink():
                asked = f"?{urlencode(value.asked)}" if value.asked else ""
                return "\n".join(self.links(f"/public/{value.page}/{asked}"))
            case GroupLink():
                return "\n".join(self.links(f"{IN_GROUP}{value.code}"))
            case FeedLink():
                return "\n".join(self.links(f"/feed/{value.feed}/{value.secret}.ics"))

    def _day(self, day: date) -> str:
        return format_date(day, self.style.day, locale=self.style.locale)

    def _moment(self, at: datetime) -> str:
        return self.style.moment.format(day=self._day(at.date()), clock=f"{at:%H:%M}")

    def _duration(self, length: timedelta) -> str:
        n_hours, n_minutes = divmod(round(length.total_seconds() / 60), 60)
        hours, between, minutes = self.style.units
        if not n_hours:
            return minutes.format(n=n_minutes)
        return hours.format(n=n_hours) + (between + minutes.format(n=n_minutes) if n_minutes else "")

    def _weekdays(self, mask: int) -> str:
        names = self.style.locale.days["stand-alone"]["abbreviated"]
        said: list[str] = []
        days = enumerate(day for day in range(7) if mask >> day & 1)
        for _, group in groupby(days, lambda place: place[1] - place[0]):
            run = [names[day] for _, day in group]
            said += [self.style.days.format(first=run[0], last=run[-1])] if len(run) > 2 else run
        return format_list(said, locale=self.style.locale)


def _joined(parts: Sequence[Rendered], between: str = "") -> Rendered:
    """Put parts after one another, moving their bold spans along."""
    bold: list[tuple[int, int]] = []
    at = 0
    for part in parts:
        bold.extend((at + start, length) for start, length in part.bold)
        at += len(part.text) + len(between)
    return Rendered(between.join(part.text for part in parts), bold)
