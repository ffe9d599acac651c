"""Two clocks for those who live far away: the canteen's, and their own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.text import Text, _
from models.people import Person


def where_you_are(person: Person, at: datetime, zone: str) -> Text | None:
    """Say an instant by the reader's own clock; None where it shows what the canteen's does."""
    if person.zone is None:
        return None
    here = at.astimezone(ZoneInfo(person.zone))
    if here.utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset():
        return None
    return _("Where you are, that was on {day} at {clock}.", day=here.date(), clock=here.time())
