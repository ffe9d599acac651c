"""How the rules of shifts and of hours may say no. Handlers find the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.refusals import Refusal


class ShiftFull(Refusal):
    """The last place is taken."""


@dataclass
class SkillWanted(Refusal):
    """The places that are left are for somebody who can do something this person can't, as far as we know."""

    skill: str
    canteen_id: int


@dataclass
class NotIntroduced(Refusal):
    """The first shift of this kind goes with somebody who knows it, and nobody who does can be there."""

    kind: str
    canteen_id: int


class GuardianMissing(Refusal):
    """This person is under age, and no guardian has agreed so far."""


class NeedsAdult(Refusal):
    """Nobody under age is alone at a door, and no adult has a place on this round."""


class TooYoungToDrive(Refusal):
    """Nobody under age drives."""


@dataclass
class TooLateForAge(Refusal):
    """The shift ends after the hour (local "HH:MM") until which somebody of this age may help."""

    until: str


@dataclass
class WeekFull(Refusal):
    """This person has as many places in that week as one person may have, until `lifted_at`."""

    limit: int
    held: int
    lifted_at: datetime
    zone: str


class NoLine(Refusal):
    """There is a free place: nobody needs to wait in line."""


class SwapOver(Refusal):
    """One of the two places of a swap is no longer there to be swapped."""


class NobodyThere(Refusal):
    """Nobody is there to take this over."""


class HandoverOver(Refusal):
    """There is nothing left to hand over, or it was answered already."""


class NoLongerMissed(Refusal):
    """Whoever was missed is there after all, or somebody has already seen to it."""


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


class HoursSettled(Refusal):
    """Another entry stands in the place of this one already."""


class NoHours(Refusal):
    """Nothing was counted in that time, so there is nothing to put on record."""
