"""Every way in which the rules may say no. Handlers find the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time


class Refusal(Exception):
    """A rule said no; nothing was changed."""


class NotAllowed(Refusal):
    """This person may not do this (any more)."""


class Gone(Refusal):
    """What this is about is no longer there."""


class CodeUnknown(Refusal):
    """The code was never made, was used, or is too old."""


class OwnCode(Refusal):
    """Whoever made this code cannot use it: it is for somebody else."""


class NotByMessage(NotAllowed):
    """This relative is told nothing of the senior by message, so nothing can be changed by it either."""


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
    """The orders of that day are closed. there: the zone of whoever hears it, where it is a known one."""

    day: date
    closed_at: datetime
    zone: str
    there: str | None = None


class KitchenFrozen(OrdersClosed):
    """Lunch of that day is being cooked; closed_at: from when on the kitchen's count was final."""


class CancelOnly(OrdersClosed):
    """The orders of that day are closed; until closed_at a lunch may still be called off, and no more."""


@dataclass
class PausedThen(Refusal):
    """Lunches are paused on that day."""

    day: date


class RegisteredAnew(Refusal):
    """This senior is on the list once more, under another number."""


class EndedForGood(Refusal):
    """The lunches ended too long ago to go on as before."""


class FoodNotSeen(Refusal):
    """A coordinator has still to see what this senior eats now; lunch comes again after that."""


@dataclass
class OrdersOpen(Refusal):
    """The orders of that day are still open: no sheet is printed for good."""

    day: date


@dataclass
class NoLunchThatDay(Refusal):
    """The canteen does not cook for this senior on that day."""

    day: date


@dataclass
class DayFixed(Refusal):
    """Whether the canteen cooks on that day can't be changed any more."""

    day: date


class DaysBackwards(Refusal):
    """A period ends before it starts, or lies in the past."""


class NobodyFollowed(Refusal):
    """This person follows nobody who has lunch here."""


class NotPaused(Refusal):
    """There is no pause to end."""


class NotYours(Refusal):
    """This place belongs to somebody else, or was given back."""


class TooLateToUndo(Refusal):
    """Ten minutes have passed."""


class NotOnRound(Refusal):
    """This volunteer does not carry this route now."""


@dataclass
class DeskShut(Refusal):
    """Nobody can be signed in for that day: its orders are still open, nothing is cooked, or it is past."""

    day: date


@dataclass
class NoSpareLunch(Refusal):
    """The kitchen has no lunch left for somebody who comes without an order."""

    spare: int


class CardUnknown(Refusal):
    """The card was never given out here, or another took its place."""


class NothingNoted(Refusal):
    """There is nothing to print or to cross out."""


class CaseClosed(Refusal):
    """A person has closed this case already."""


@dataclass
class CaseTaken(Refusal):
    """Somebody else looks after this case."""

    owner_id: int


class StepsOutOfOrder(Refusal):
    """Each step of the ladder comes after the one before it."""


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


@dataclass
class MenuOver(Refusal):
    """That lunch is over: what was on the table stays on record."""

    day: date


@dataclass
class CanteenClosed(Refusal):
    """The canteen is closed on that day. news_at: when people hear more."""

    day: date
    news_at: datetime | None
    zone: str


@dataclass
class ClosedOtherwise(Refusal):
    """Something else was declared for that day already."""

    day: date


@dataclass
class ClosureTooFar(Refusal):
    """The days after `last` are not planned yet."""

    last: date


@dataclass
class LunchIsOut(Refusal):
    """Lunch of that day is on its way or over. following: the next day that can still be changed."""

    day: date
    following: date | None


@dataclass
class NothingAhead(Refusal):
    """No lunch goes out before that day with which its own could go."""

    day: date


class NewsTooEarly(Refusal):
    """The next news is promised for a moment that has passed."""


class NobodyToCall(Refusal):
    """Nobody has left a phone number, and people must be able to ask."""


class RoundOver(Refusal):
    """The round on which a file was sent may not be seen any more; only coordinators open it now."""


class FileGone(Refusal):
    """The file was deleted, or never came."""


@dataclass
class NoPhotoAgreed(Refusal):
    """The senior has not agreed to photos."""

    senior_id: int


class NoBoxes(Refusal):
    """The boxes of this canteen do not come back, so none is counted."""


class NothingClosed(Refusal):
    """Nothing is closed that could still be opened."""


class MenuHidden(Refusal):
    """The canteen keeps its menu to its helpers."""


class ProposalDecided(Refusal):
    """Somebody has answered this wish already."""


@dataclass
class GroupTaken(Refusal):
    """The group shows the places of another canteen."""

    canteen: str


class GroupUnbound(Refusal):
    """The group shows no canteen's places any more."""


@dataclass
class NotOfThisCanteen(Refusal):
    """Only who helps a canteen may take its places."""

    canteen: str


class NotACaller(Refusal):
    """Seniors are called by coordinators, and by those whom a coordinator has chosen for it."""


@dataclass
class NotCallingNow(Refusal):
    """Phone volunteers see numbers only between these hours of the canteen."""

    opens: time
    shuts: time


class CallOver(Refusal):
    """Somebody else has seen to this call meanwhile."""


class CallHoursOutOfOrder(Refusal):
    """Calls begin and end within the hours in which seniors may be called, in their order."""


class NobodyAtRisk(Refusal):
    """Nobody is on the lists that were picked."""
