"""Two clocks for those who live far away: the canteen's, and their own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.text import Text, _
from models.people import Person


def where_you_are(person: Person, at: datetime, zone: str) -> Text | None:
    """Say a moment that has passed by the reader's own clock; None where it shows what the canteen's does."""
    return it_was_there(person.zone, at, zone)


def it_was_there(there: str | None, at: datetime, zone: str) -> Text | None:
    """Say the same for a zone; None: the reader's clock is the canteen's."""
    here = _other_clock(there, at, zone)
    return (
        None
        if here is None
        else _("Where you are, that was on {day} at {clock}.", day=here.date(), clock=here.time())
    )


def it_will_be_there(there: str | None, at: datetime, zone: str) -> Text | None:
    """Say a moment to come by the clock of a zone; None where it shows what the canteen's does."""
    here = _other_clock(there, at, zone)
    return (
        None
        if here is None
        else _("Where you are, that will be on {day} at {clock}.", day=here.date(), clock=here.time())
    )


def _other_clock(there: str | None, at: datetime, zone: str) -> datetime | None:
    if there is None:
        return None
    here = at.astimezone(ZoneInfo(there))
    return None if here.utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset() else here
