"""Read phone numbers as people write them, and keep them as the world dials them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from handlers.chat import Unclear
from handlers.plain import plain
from handlers.text import _

# How a number is dialled at home: without its country code, the group being what follows the code abroad.
_AT_HOME: Final = {
    "+86": (r"(1[3-9]\d{9})|0(\d{9,11})|([48]00\d{7})", "139 1234 5678"),
    "+852": (r"([2-9]\d{7})", "9123 4567"),
    "+853": (r"([268]\d{7})", "6612 3456"),
    "+886": (r"0(\d{8,9})|(9\d{8})", "0912 345 678"),
    "+65": (r"([3689]\d{7})", "8123 4567"),
    "+34": (r"([6-9]\d{8})", "612 345 678"),
    "+44": (r"0(\d{9,10})", "07700 900123"),
    "+1": (r"1?([2-9]\d{9})", "202 555 0123"),
    "+52": (r"([1-9]\d{9})", "55 1234 5678"),
    "+54": (r"0?([1-9]\d{9})", "11 2345 6789"),
    "+56": (r"([29]\d{8})", "9 6123 4567"),
    "+57": (r"([36]\d{9})", "321 123 4567"),
    "+51": (r"(9\d{8})|0?([14-8]\d{6,7})", "912 345 678"),
}
_ZONES: Final = {
    "+86": "Asia/Shanghai Asia/Urumqi Asia/Chongqing Asia/Harbin PRC",
    "+852": "Asia/Hong_Kong Hongkong",
    "+853": "Asia/Macau Asia/Macao",
    "+886": "Asia/Taipei ROC",
    "+65": "Asia/Singapore Singapore",
    "+34": "Europe/Madrid Atlantic/Canary Africa/Ceuta",
    "+44": "Europe/London GB",
    "+1": "America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles"
    " America/Anchorage Pacific/Honolulu America/Toronto America/Vancouver America/Edmonton"
    " America/Winnipeg America/Halifax",
    "+52": "America/Mexico_City America/Monterrey America/Cancun America/Tijuana",
    "+54": "America/Argentina/Buenos_Aires America/Argentina/Cordoba America/Buenos_Aires",
    "+56": "America/Santiago",
    "+57": "America/Bogota",
    "+51": "America/Lima",
}
_CODES: Final = {zone: code for code, zones in _ZONES.items() for zone in zones.split()}
_CHINESE: Final = frozenset({"+86", "+852", "+853", "+886"})


def country_code(zone: str) -> str:
    """Find the telephone code of a zone's country, "+86"; empty where we don't know it."""
    return _CODES.get(zone, "")


def phone(default_country: str) -> Callable[[str], str]:
    """Make a reader for a phone number: "+8613912345678". `default_country` is such a code, or empty."""

    def read(text: str) -> str:
        dialled = _dialled(text)
        if dialled.startswith("+"):
            if re.fullmatch(r"\+[1-9]\d{7,14}", dialled):
                return dialled
        elif found := _national(dialled, default_country):
            return found
        like = _AT_HOME[default_country][1] if default_country in _AT_HOME else "+86 139 1234 5678"
        raise Unclear(
            _(
                "I can't read a phone number in that. Please write all its digits, like {example}.",
                example=like,
            )
        )

    return read


def _dialled(text: str) -> str:
    """Cut the one number out of a text: its digits, after a plus where the country code is written."""
    found = re.findall(r"\+?\(?\d[\d\s().·/–-]{5,}\d", plain(text))
    if len(found) != 1:
        return ""
    digits = "".join(str(int(char)) for char in found[0].replace("(0)", "") if char.isdecimal())
    if found[0].startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _national(digits: str, country: str) -> str | None:
    """Put the country's code before a number as it is dialled at home."""
    if country in _AT_HOME:
        for rest in (digits, digits.removeprefix(country[1:])):
            if found := re.fullmatch(_AT_HOME[country][0], rest):
                return country + next(group for group in found.groups() if group)
    # Eleven digits that begin so are a mobile phone of the mainland, in any place where Chinese is written.
    if (country in _CHINESE or not country) and re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"+86{digits}"
    return None
