"""The clock of a shift: when it is opened, reminded of, checked for gaps, walked and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from models.quiet import after_quiet_hours

if TYPE_CHECKING:
    from models.canteens import Canteen

AHEAD: Final = timedelta(days=14)
BEFORE: Final = timedelta(minutes=60)
AFTER: Final = timedelta(minutes=120)
EARLY: Final = timedelta(minutes=15)
CLOSES_AFTER: Final = timedelta(minutes=15)
SHORT_NOTICE: Final = timedelta(hours=24)
LIMIT_UNTIL: Final = timedelta(hours=48)
MORNING: Final = "08:00"
EVENING: Final = "20:00"

# An offer to whoever is next in line; shorter when the lunch will soon leave.
OFFER: Final = timedelta(minutes=30)
SOON: Final = timedelta(hours=3)
OFFER_SOON: Final = timedelta(minutes=10)

# Whoever is not there is asked at the start; then who is on duty hears it; then it is a round without
# anybody; and when nobody has seen to that, all coordinators hear it.
WATCH: Final = (timedelta(), timedelta(minutes=15), timedelta(minutes=40), timedelta(minutes=55))
WATCH_GAP: Final = timedelta(minutes=10)

# Half an hour after the reminders: whoever gives a place back then is asked for at once.
CALLS_AT: Final = "18:30"
CALLS_AHEAD: Final = timedelta(days=3)
CALL_AGAIN: Final = timedelta(hours=1)
CALL_AGAIN_SOON: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reminder:
    """When a reminder is due, and until when it is still worth saying."""

    at: datetime
    until: datetime


def reminders(canteen: Canteen, day: date, starts_at: datetime) -> tuple[Reminder, ...]:
    """Compute the three reminders of a shift: three days before, one day before, on its morning."""
    hour_before = max(starts_at - timedelta(hours=1), canteen.at(day, MORNING))
    return (
        _on(canteen, day - timedelta(days=3)),
        _on(canteen, day - timedelta(days=1)),
        Reminder(hour_before, starts_at),
    )


def _on(canteen: Canteen, day: date) -> Reminder:
    return Reminder(canteen.at(day, canteen.remind_at), canteen.at(day + timedelta(days=1), "00:00"))


def next_reminder(clock: tuple[Reminder, ...], reminded: int) -> datetime | None:
    """Tell when the next reminder is due after `reminded` of them."""
    return clock[reminded].at if reminded < len(clock) else None


def evening_before(canteen: Canteen, day: date) -> datetime:
    """Tell when the coordinator hears who is missing on a day; never before the volunteers were reminded."""
    return canteen.at(day - timedelta(days=1), max(EVENING, canteen.remind_at))


def next_step(canteen: Canteen, day: date, ends_at: datetime, now: datetime) -> datetime:
    """Tell what a shift waits for: the evening before, and then its end."""
    evening = evening_before(canteen, day)
    return evening if now < evening else ends_at + CLOSES_AFTER


def offered_until(now: datetime, starts_at: datetime, zone: str) -> datetime:
    """Tell until when a place is kept for whoever it is offered to; the reader's night does not count."""
    read = after_quiet_hours(now, zone)
    until = read + (OFFER_SOON if starts_at - read <= SOON else OFFER)
    return min(after_quiet_hours(until, zone), starts_at)


def first_call(canteen: Canteen, day: date) -> datetime:
    """Tell when the first few are asked to take a place that is still open."""
    return canteen.at(day - CALLS_AHEAD, CALLS_AT)


def next_call(canteen: Canteen, starts_at: datetime, now: datetime) -> datetime:
    """Tell when the next step follows: a day later, but faster the sooner the lunch will leave."""
    evening = canteen.at(canteen.today(now) + timedelta(days=1), CALLS_AT)
    if evening <= starts_at - CALL_AGAIN * 12:
        return evening
    wait = CALL_AGAIN_SOON if starts_at - now <= SOON else CALL_AGAIN
    return after_quiet_hours(now + wait, canteen.zone)
