"""The reader's night: nobody is woken for what can wait."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(8)


def after_quiet_hours(due: datetime, zone: str) -> datetime:
    """Move an instant out of the reader's night (21:00–08:00)."""
    local = due.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return due
    morning = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(morning, QUIET_UNTIL, ZoneInfo(zone)).astimezone(due.tzinfo)
