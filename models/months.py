"""Calendar months, named by their first day."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date, ahead: int = 0) -> date:
    """Find the first day of a day's month, or of the one that is so many months ahead."""
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def last_day(month: date) -> date:
    """Find the last day of a month."""
    return month_of(month, 1) - timedelta(days=1)
