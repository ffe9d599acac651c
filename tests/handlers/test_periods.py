"""Periods of days and moments are read as people write them, in all our languages."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.chat import Unclear
from handlers.periods import moment, period
from tests.models.making import FRIDAY, MONDAY, NOW, THURSDAY, TUESDAY, WEDNESDAY, at

TODAY = MONDAY


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("today", MONDAY, MONDAY),
        ("2026-11-24", TUESDAY, TUESDAY),
        ("tomorrow to Friday", TUESDAY, FRIDAY),
        ("from 24 Nov until 26 Nov", TUESDAY, THURSDAY),
        ("Wed-Fri", WEDNESDAY, FRIDAY),
        ("24/11 – 26/11", TUESDAY, THURSDAY),
        ("2026-11-24 - 2026-11-25", TUESDAY, WEDNESDAY),
        ("从周二到周四", TUESDAY, THURSDAY),
        ("11月24日至26日", TUESDAY, THURSDAY),
        ("明天～週五", TUESDAY, FRIDAY),
        ("del martes al jueves", TUESDAY, THURSDAY),
        ("desde mañana hasta el viernes", TUESDAY, FRIDAY),
        ("30 Nov", date(2026, 11, 30), date(2026, 11, 30)),
    ],
)
def test_a_period_is_read(said: str, first: date, last: date) -> None:
    assert period(TODAY)(said) == (first, last)


@pytest.mark.parametrize("said", ["Thu to Tue 24 Nov", "soon", "from to", "24 Nov 2025"])
def test_what_is_no_period_to_come_is_asked_again(said: str) -> None:
    with pytest.raises(Unclear):
        period(TODAY)(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-23T17:00", "2026-11-23 17:00"),
        ("17:00", "2026-11-23 17:00"),
        ("08:00", "2026-11-24 08:00"),
        ("Thu 17:00", "2026-11-26 17:00"),
        ("tomorrow at 7:00", "2026-11-24 07:00"),
        ("tomorrow, 7 am", "2026-11-24 07:00"),
        ("周四17:00", "2026-11-26 17:00"),
        ("明天下午5点", "2026-11-24 17:00"),
        ("星期四 晚上8點", "2026-11-26 20:00"),
        ("mañana a las 7:00", "2026-11-24 07:00"),
        ("24 nov 12:30", "2026-11-24 12:30"),
        ("17:00 on Thursday", "2026-11-26 17:00"),
    ],
)
def test_a_moment_is_read(said: str, meant: str) -> None:
    assert moment(NOW, "Asia/Shanghai")(said) == at(meant)


@pytest.mark.parametrize("said", ["today 8:00", "soon", "Thursday", "", "25:00"])
def test_what_is_no_moment_to_come_is_asked_again(said: str) -> None:
    with pytest.raises(Unclear):
        moment(NOW, "Asia/Shanghai")(said)
