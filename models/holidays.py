"""What a country says of a day: its public holidays and make-up workdays, as data shipped with libraries.

They are as old as this program: of a year that a library does not know for certain nothing is guessed.
Both libraries are loaded when first asked, not at the start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

MAINLAND: Final = "CN"
REGION: Final = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
NOT_SURE: Final = "estimated"
SPOKEN: Final[dict[str, tuple[str, ...]]] = {
    "zh_Hans": ("zh_CN",),
    "zh_Hant": ("zh_HK", "zh_TW", "zh_MO"),
    "es": ("es",),
    "en": ("en_US", "en_GB", "en_HK", "en_MO"),
}


@dataclass(frozen=True, slots=True)
class Special:
    """A day that is not what its weekday says. workday: a make-up workday; else a public holiday."""

    workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A year of a region. sure: all of it is known; what is not known for certain is left out."""

    days: Mapping[date, Special] = field(default_factory=dict)
    sure: bool = True


NOTHING: Final = Pack()
UNKNOWN: Final = Pack(sure=False)


@lru_cache(maxsize=128)
def pack(region: str | None, year: int) -> Pack:
    """Tell what a region says of a year's days; without a region every day is what its weekday says."""
    if region is None:
        return NOTHING
    return _mainland(year) if region == MAINLAND else _elsewhere(region, year)


def exists(region: str) -> bool:
    """Tell whether there is a pack for a region: "ES", or "ES-MD" for a part of a country."""
    found = REGION.fullmatch(region)
    if found is None:
        return False
    if region == MAINLAND:
        return True
    country = _country(found[1])
    return country is not None and (found[2] is None or found[2] in country.subdivisions)


def region_of(zone: str) -> str | None:
    """Find the country of a time zone for which there is a pack."""
    country = _countries().get(zone)
    return country if country is not None and exists(country) else None


@lru_cache(maxsize=64)
def names(region: str, year: int, language: str) -> Mapping[date, str]:
    """Name a year's holidays for readers of a language, where the library can; else as the country does.

    Of mainland China's the names are those of `pack`: the handlers know them.
    """
    country = None if region == MAINLAND else _country(region[:2])
    if country is None or not _knows(country, year):
        return {}
    spoken = [one for one in SPOKEN.get(language, ()) if one in country.supported_languages]
    return dict(_made(country, region, year, spoken[0] if spoken else None))


@cache
def _countries() -> Mapping[str, str]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


def _mainland(year: int) -> Pack:
    from chinese_calendar import constants

    days = {
        day: Special(workday, name)
        for workday, named in ((False, constants.holidays), (True, constants.workdays))
        for day, name in named.items()
        if day.year == year
    }
    # A year's notice may name the first days of the next; only one with a National Day is known.
    return Pack(days, sure=date(year, 10, 1) in constants.holidays)


def _elsewhere(region: str, year: int) -> Pack:
    country = _country(region[:2])
    if country is None or not _knows(country, year):
        return UNKNOWN
    english = "en_US" if "en_US" in country.supported_languages else None
    made = _made(country, region, year, english)
    days = {day: Special(workday=True, name="") for day in made.weekend_workdays if day.year == year}
    sure = True
    for day, name in made.items():
        certain = [each for each in name.split("; ") if NOT_SURE not in each]
        sure = sure and len(certain) == name.count("; ") + 1
        if certain and day.year == year:
            days[day] = Special(workday=False, name="; ".join(certain))
    return Pack(days, sure)


def _country(code: str) -> Any:
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    return getattr(holidays, code) if code in known else None


def _knows(country: Any, year: int) -> bool:
    return bool(country.start_year <= year <= country.end_year)


def _made(country: Any, region: str, year: int, language: str | None) -> Any:
    return country(years=year, subdiv=region[3:] or None, language=language)
