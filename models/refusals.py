"""Every way in which the rules may say no. Handlers find the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


class Refusal(Exception):
    """A rule said no; nothing was changed."""


class NotAllowed(Refusal):
    """This person may not do this (any more)."""


class Gone(Refusal):
    """What this is about is no longer there."""


class CodeUnknown(Refusal):
    """The code was never made, was used, or is too old."""


class TwoPersons(Refusal):
    """Both accounts belong to persons who hold facts: only a coordinator may merge them."""


class FormOpen(Refusal):
    """A question is still open, and its answers belong to where it was begun."""


class AlreadyMember(Refusal):
    """This person has that role in that canteen already."""


class AskedBefore(Refusal):
    """The canteen said no not long ago."""


@dataclass
class MemberDecided(Refusal):
    """A coordinator has said yes or no to this person already."""

    accepted: bool


class LastCoordinator(Refusal):
    """Without this one, nobody would look after the canteen."""


@dataclass
class SeniorKnown(Refusal):
    """A senior with this name, and this birth year or phone number, is already on the list."""

    senior_id: int


class NotPending(Refusal):
    """This registration was already decided."""


@dataclass
class OrdersClosed(Refusal):
    """The orders of that day are closed."""

    day: date
    closed_at: datetime
    zone: str


@dataclass
class OrdersOpen(Refusal):
    """The orders of that day are still open: no sheet is printed for good."""

    day: date


@dataclass
class NoLunchThatDay(Refusal):
    """The canteen does not cook for this senior on that day."""

    day: date


class DaysBackwards(Refusal):
    """A period ends before it starts, or lies in the past."""


class NobodyFollowed(Refusal):
    """This person follows nobody who has lunch here."""


class NotPaused(Refusal):
    """There is no pause to end."""


class ShiftFull(Refusal):
    """The last place is taken."""


class ShiftOver(Refusal):
    """The shift has begun or ended."""


class ShiftCancelled(Refusal):
    """The canteen cancelled this shift."""


@dataclass
class ShiftClashes(Refusal):
    """The volunteer holds another shift at that time."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    route: str
    zone: str


class NotYours(Refusal):
    """This place belongs to somebody else, or was given back."""


class TooLateToUndo(Refusal):
    """Ten minutes have passed."""


class NotOnRound(Refusal):
    """This volunteer does not carry this route now."""


class CaseClosed(Refusal):
    """A person has closed this case already."""


@dataclass
class CaseTaken(Refusal):
    """Somebody else looks after this case."""

    owner_id: int


class NothingToSend(Refusal):
    """A notice without readers or without words."""


class SettingUnreadable(Refusal):
    """The setting cannot be that."""


class SettingsOutOfOrder(Refusal):
    """The day must run in its order: orders close, roster, lunch, finish."""


class LastRoute(Refusal):
    """Its homes have no other route to go to."""


class StopsChanged(Refusal):
    """Somebody has moved the stops of this route meanwhile."""
