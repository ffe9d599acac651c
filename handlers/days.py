"""Read days and weekdays as people write them, in any of our languages: "25/11", "下周三", "Mon–Fri"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from handlers.chat import Unclear
from handlers.plain import bare, numeral
from handlers.text import Weekdays, _

Tokens = list[tuple[str, int]]


def _numbered(*rows: str) -> dict[str, int]:
    return {word: at for at, row in enumerate(rows) for word in row.split()}


# Without accents, as `bare` leaves them. "mar" is March here and a Tuesday where March makes no sense.
_WEEKDAYS: Final = _numbered(
    "monday mondays mon lunes lun 周一 星期一",
    "tuesday tuesdays tue tues martes 周二 星期二",
    "wednesday wednesdays wed miercoles mie 周三 星期三",
    "thursday thursdays thu thur thurs jueves jue 周四 星期四",
    "friday fridays fri viernes vie 周五 星期五",
    "saturday saturdays sat sabado sabados sab 周六 星期六",
    "sunday sundays sun domingo domingos dom 周日 星期日 周天 星期天",
)
MONTH_WORDS: Final = _numbered(
    "",
    "january jan enero ene",
    "february feb febrero",
    "march mar marzo",
    "april apr abril abr",
    "may mayo",
    "june jun junio",
    "july jul julio",
    "august aug agosto ago",
    "september sept sep septiembre setiembre",
    "october oct octubre",
    "november nov noviembre",
    "december dec diciembre dic",
)
_FROM_TODAY: Final = _numbered(
    "today hoy 今天 今日",
    "tomorrow tmr tmrw manana 明天 明日 听日 聽日",
    "overmorrow 后天 後天 后日 後日",
    "大后天 大後天",
)
_SIGNS: Final = {
    sign: kind
    for kind, words in {
        ">": "next proximo proxima viene",
        "»": "下",
        "=": "this este esta 这 這 本",
        "~": "to through until a al hasta 至 到 – — ~",
        "&": "and y e & + 和 及 与 與 、 ;",
        "日": "日 号 號",
        "": "the on of de del el la los las dia dias que st nd rd th o every each cada en 每 的 个 個 , ( )",
        **{sign: sign for sign in "年月./-"},
    }.items()
    for sign in words.split()
}
_SAME: Final = (
    (re.compile(r"(?:the )?day after tomorrow|pasado manana"), "overmorrow"),
    (re.compile(r"週|礼拜|禮拜"), "周"),
)
_TOKEN: Final = re.compile(
    r"\d+|[a-z]+|(?:周|星期)[一二三四五六日天]|大?[后後]天|[后後]日|[今明]天|[今明听聽]日|[零〇一二三四五六七八九十]+|\S"
)
_WHOLE_DATE: Final = re.compile(r"Y([-/.年])N[-/.月]N日?")
_DAY_MONTH: Final = re.compile(r"N([-/.])N(?:\.?|[-/.]Y)")
_NAMED_MONTH: Final = re.compile(r"(N[-.]?M|M\.?N)[-.]?Y?")
_LONG_AGO: Final = 60  # days: passed less long ago, "24 Nov" is that very day and not next year's

_SEVERAL: Final = {
    **dict.fromkeys(("every day", "everyday", "daily", "todos los dias", "cada dia", "每天", "天天"), 127),
    **dict.fromkeys(
        ("weekdays", "working days", "workdays", "dias laborables", "entre semana", "工作日", "平日"), 31
    ),
    **dict.fromkeys(("weekend", "weekends", "fin de semana", "fines de semana", "周末"), 96),
}


def day(today: date) -> Callable[[str], date]:
    """Make a reader for a day from `today` on; where two days could be meant, it asks which."""

    def read(text: str) -> date:
        found = _meant(_tokens(text), today)
        coming = sorted(found_day for found_day in found if found_day >= today)
        if len(coming) == 1:
            return coming[0]
        if coming:
            raise Unclear(
                _(
                    "Do you mean {one} or {other}? Please write it in one of these ways.",
                    one=coming[0],
                    other=coming[1],
                )
            )
        if found:
            raise Unclear(
                _("{day} has already passed. Please write a day that is still to come.", day=max(found))
            )
        raise Unclear(
            _(
                "I am not sure which day you mean. You can write it like this: {example}",
                example=today + timedelta(1),
            )
        )

    return read


def past_day(today: date) -> Callable[[str], date]:
    """Make a reader for a day up to `today`; one of long ago needs its year."""

    def read(text: str) -> date:
        found = sorted(day for day in _meant(_tokens(text), today) if day <= today)
        if len(found) != 1:
            raise Unclear(_("Please write a day that has passed, like this: {example}", example=str(today)))
        return found[0]

    return read


def weekdays(text: str) -> int:
    """Read days of the week as a mask, Monday being bit 0: "Mon–Fri", "一三五", "lunes y jueves"."""
    mask = _SEVERAL.get(_same(text), 0)
    last, upto = -1, False
    for kind, value in [] if mask else _tokens(text, week=True):
        if kind == "W":
            span = range(last, last + 1 + (value - last) % 7) if upto and last >= 0 else [value]
            mask |= sum(1 << at for at in {at % 7 for at in span})
            last, upto = value, False
        elif kind in "~-":
            upto = True
        elif kind not in "&./":
            mask = 0
            break
    if not mask:
        raise Unclear(_("Please write the days of the week, like {example}.", example=Weekdays(0b10101)))
    return mask


def _same(text: str) -> str:
    said = bare(text)
    for pattern, word in _SAME:
        said = pattern.sub(word, said)
    return said


def _tokens(text: str, *, week: bool = False) -> Tokens:
    """Cut a text into (kind, value): N number, Y year, M month, W weekday, R days from today, a sign, ?."""
    said = _TOKEN.findall(_same(text))
    months = [at for at, word in enumerate(said) if word in MONTH_WORDS and word != "mar"]
    march = [at for at, word in enumerate(said) if word == "mar"][-1:]
    if week or months or not any(word.isdecimal() for word in said):
        march = []
    tokens: Tokens = []
    for at, word in enumerate(said):
        if word in _WEEKDAYS or (word == "mar" and at not in march):
            tokens.append(("W", _WEEKDAYS.get(word, 1)))
        elif week and all(f"周{char}" in _WEEKDAYS for char in word):
            tokens += [("W", _WEEKDAYS[f"周{char}"]) for char in word]
        elif word in MONTH_WORDS:
            tokens.append(("M", MONTH_WORDS[word]))
        elif word in _FROM_TODAY:
            tokens.append(("R", _FROM_TODAY[word]))
        elif word in _SIGNS:
            tokens += [(_SIGNS[word], 0)] if _SIGNS[word] else []
        elif (value := numeral(word)) is not None and len(word) <= 4:
            tokens.append(("Y" if len(word) == 4 else "N", value))
        else:
            tokens.append(("?", 0))
    return tokens


def _meant(tokens: Tokens, today: date) -> set[date]:
    """Find every day that the tokens could mean; a weekday beside a date picks among them."""
    named = {value for kind, value in tokens if kind == "W"}
    shape = "".join(kind for kind, _ in tokens if kind != "W")
    values = [value for kind, value in tokens if kind in "NYMR"]
    if len(named) > 1:
        return set()
    if named and not values:
        return _on_weekday(named.pop(), shape, today)
    if shape == "R":
        found = {today + timedelta(values[0])}
    elif _WHOLE_DATE.fullmatch(shape):
        found = _dated(today, values[1], values[2], values[0])
    elif re.fullmatch(r"N月N日?", shape):
        found = _dated(today, values[0], values[1])
    elif parts := _NAMED_MONTH.fullmatch(shape):
        first, second, *year = values
        found = _dated(today, *((first, second) if parts[1][0] == "M" else (second, first)), *year)
    elif parts := _DAY_MONTH.fullmatch(shape):
        first, second, *year = values
        found = _dated(today, second, first, *year)
        if parts[1] != ".":
            found |= _dated(today, first, second, *year)
    elif shape == "N日" or (shape == "N" and (named or values[0] > 9)):
        found = _on_day(values[0], today)
    else:
        found = set()
    return {each for each in found if not named or each.weekday() in named}


def _on_weekday(weekday: int, which: str, today: date) -> set[date]:
    this = today + timedelta(weekday - today.weekday())
    match which:
        case "=":
            return {this}
        case "»":
            return {this + timedelta(7)}
        case "":
            # Said on a Wednesday, "Wednesday" is either of two.
            return (
                {this, this + timedelta(7)}
                if this == today
                else {this if this > today else this + timedelta(7)}
            )
        case ">":
            # Said on a Monday, "next Wednesday" is either of two.
            return {this, this + timedelta(7)} if this > today else {this + timedelta(7)}
    return set()


def _on_day(number: int, today: date) -> set[date]:
    """Find the next day with this number within the coming two months."""
    coming = (today + timedelta(days) for days in range(62))
    return {found for found in [next((each for each in coming if each.day == number), None)] if found}


def _dated(today: date, month: int, number: int, year: int | None = None) -> set[date]:
    """Find a month's day in its year, or else the nearest one to come."""
    if year is not None:
        return _valid(year, month, number)
    passed, coming = (_valid(today.year + after, month, number) for after in (0, 1))
    if passed and min(passed) < today - timedelta(_LONG_AGO):
        return coming
    return passed or coming


def _valid(year: int, month: int, number: int) -> set[date]:
    try:
        return {date(year, month, number)}
    except ValueError:
        return set()
