"""A calendar as a handler hands it over, before anybody wrote it in the format of phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.text import Text


@dataclass(frozen=True, slots=True)
class Event:
    """One event. uid: its name for ever; sequence: rises with each change; changed_at: of the last one."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: Text
    note: Text
    place: str
    cancelled: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a person's calendar is given, in their language; made_at: since when under this address."""

    name: Text
    language: str
    made_at: datetime
    events: Sequence[Event]
