"""The sentences of a closure: what happens, why, until when, and what it means to each reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from handlers.text import Blank, Span, Text, _, _n, lines, listed, verbatim
from models.closures import NOT_COOKING, Closure, ClosureKind, ClosureReason
from models.daychoices import DayChoice
from models.people import Person
from models.routes import Kind
from models.shifts import Claim

LISTED_AT_MOST: Final = 4

KINDS: Final[dict[ClosureKind, Text]] = {
    ClosureKind.CLOSED: _("Close: no lunch at all"),
    ClosureKind.CONVERTED: _("Bring every lunch home, nobody comes out"),
    ClosureKind.LATER: _("Begin later"),
    ClosureKind.AHEAD: _("Close, and bring that lunch the service day before"),
}
REASONS: Final[dict[ClosureReason, Text]] = {
    ClosureReason.WEATHER: _("the weather"),
    ClosureReason.ROAD: _("the roads"),
    ClosureReason.KITCHEN: _("trouble in the kitchen"),
    ClosureReason.STAFF: _("too few helpers"),
    ClosureReason.POWER: _("no electricity"),
    ClosureReason.WATER: _("no water"),
    ClosureReason.ILLNESS: _("an illness in the house"),
    ClosureReason.HOLIDAY: _("a public holiday"),
}


def reason_of(closure: Closure) -> Text:
    """Say why."""
    return reason(closure.reason, closure.words)


def reason(why: ClosureReason, words: str | None) -> Text:
    """Say why, in the coordinator's own words where there are some."""
    return _("Reason: {reason}", reason=verbatim(words) if words else REASONS[why])


def days(which: Sequence[date]) -> Blank:
    """Name some days: each one, or the first and last of many."""
    if len(which) <= LISTED_AT_MOST:
        return listed(which)
    return _n("{n} day, {first}", "{n} days, {first} to {last}", len(which), first=which[0], last=which[-1])


def headline(canteen: str, kind: ClosureKind, which: Sequence[date], minutes: int | None) -> Text:
    """Say what is not as always, and when."""
    match kind:
        case ClosureKind.CLOSED:
            return _("{canteen} is closed: {days}.", canteen=canteen, days=days(which))
        case ClosureKind.CONVERTED:
            return _(
                "{canteen} brings every lunch home: {days}. Please nobody come out for it.",
                canteen=canteen,
                days=days(which),
            )
        case ClosureKind.LATER:
            return _(
                "Lunch at {canteen} begins {later} later: {days}.",
                canteen=canteen,
                later=timedelta(minutes=minutes or 0),
                days=days(which),
            )
        case ClosureKind.AHEAD:
            return _(
                "{canteen} is closed: {days}. That lunch comes the service day before, with the other one.",
                canteen=canteen,
                days=days(which),
            )


def notice(closure: Closure, canteen: str, news_at: datetime | None) -> Text:
    """Say of one day what is not as always, why, and when there is news."""
    return lines(
        headline(canteen, closure.kind, [closure.day], closure.minutes),
        reason_of(closure),
        promise(news_at, None),
    )


def promise(news_at: datetime | None, following: date | None) -> Text | None:
    """Say when people hear more, or from when everything is as always."""
    if news_at is not None:
        return _("Next news by {when}.", when=news_at)
    return None if following is None else _("From {day} on everything is as always.", day=following)


def to_family(kind: ClosureKind, names: Sequence[str], ahead_on: Sequence[date]) -> Text:
    """Say what it means to those whom a family follows."""
    who = listed(names)
    match kind:
        case ClosureKind.CLOSED:
            return _(
                "There is no lunch for {names} then. Please see that there is something to eat.", names=who
            )
        case ClosureKind.CONVERTED:
            return _("The lunch of {names} is brought to the door.", names=who)
        case ClosureKind.LATER:
            return _("The lunch of {names} comes later than usual.", names=who)
        case ClosureKind.AHEAD:
            return _(
                "For {names} it comes on {days}, together with the lunch of that day. Please keep it cool.",
                names=who,
                days=days(ahead_on),
            )


def lunch_that_day(choice: DayChoice) -> Text:
    """Say of a day that the calendar adds or drops whether there is lunch."""
    if choice.cooks:
        return _("There is lunch on {day} as well.", day=choice.day)
    return _("There is no lunch on {day}.", day=choice.day)


def to_volunteer(kind: ClosureKind, claim: Claim, ahead_on: Sequence[date]) -> Text:
    """Say what it means to somebody who has a place on a shift; the claim comes with its shift and route."""
    shift = claim.shift
    when, route = Span(shift.starts_at, shift.ends_at), shift.route.name
    if shift.day in ahead_on:
        return _more_that_day(shift.route.kind, when, route)
    if kind in NOT_COOKING and claim.finished_at is not None:
        return _(
            "Your shift ends now: {when}, {route}. The time that you have given until now counts. Thank you.",
            when=when,
            route=route,
        )
    if kind in NOT_COOKING:
        return _(
            "Your shift is called off: {when}, {route}."
            " You need not do anything, and it counts against nobody.",
            when=when,
            route=route,
        )
    if kind is ClosureKind.LATER:
        return _("Your shift begins later: {when}, {route}.", when=when, route=route)
    return _all_brought_home(shift.route.kind, when, route)


def _more_that_day(kind: Kind, when: Span, route: str) -> Text:
    match kind:
        case Kind.ROUND:
            return _(
                "On your round each door gets more than one box: {when}, {route}.", when=when, route=route
            )
        case Kind.KITCHEN:
            return _(
                "More is cooked that day, for the closed day as well: {when}, {route}.",
                when=when,
                route=route,
            )
        case Kind.DESK | Kind.DRIVER:
            return _("More lunches than usual go out that day: {when}, {route}.", when=when, route=route)


def _all_brought_home(kind: Kind, when: Span, route: str) -> Text:
    match kind:
        case Kind.ROUND:
            return _("Your round may go to more doors than usual: {when}, {route}.", when=when, route=route)
        case Kind.KITCHEN:
            return _("All lunches are brought home that day: {when}, {route}.", when=when, route=route)
        case Kind.DESK:
            return _(
                "Nobody comes to the desk that day. Please ask the coordinator whether you are needed:"
                " {when}, {route}.",
                when=when,
                route=route,
            )
        case Kind.DRIVER:
            return _("More lunches than usual go out that day: {when}, {route}.", when=when, route=route)


def to_cook(kind: ClosureKind, lunches: int, ahead_on: Sequence[date]) -> Text:
    """Say what it means to the kitchen."""
    match kind:
        case ClosureKind.CLOSED:
            return _n(
                "Please do not cook: {n} lunch falls away.",
                "Please do not cook: {n} lunches fall away.",
                lunches,
            )
        case ClosureKind.CONVERTED:
            return _n(
                "Please pack {n} more lunch to be carried.",
                "Please pack {n} more lunches to be carried.",
                lunches,
            )
        case ClosureKind.LATER:
            return _n(
                "Please have {n} lunch ready that much later.",
                "Please have {n} lunches ready that much later.",
                lunches,
            )
        case ClosureKind.AHEAD:
            return _n(
                "Please cook {n} lunch more, to go out on {days}.",
                "Please cook {n} lunches more, to go out on {days}.",
                lunches,
                days=days(ahead_on),
            )


def back_for_cook(kind: ClosureKind, lunches: int) -> Text:
    """Say to the kitchen that it is over."""
    if kind in NOT_COOKING:
        return _n("Please cook after all: {n} lunch.", "Please cook after all: {n} lunches.", lunches)
    return _n("{n} lunch is as always again.", "{n} lunches are as always again.", lunches)


def back_for_volunteer(kind: ClosureKind, claim: Claim) -> Text:
    """Say to a volunteer that it is over; a place that was called off is not given back silently."""
    shift = claim.shift
    when, route = Span(shift.starts_at, shift.ends_at), shift.route.name
    if kind is ClosureKind.LATER:
        return _("Your shift begins at its usual hour again: {when}, {route}.", when=when, route=route)
    return _(
        "Your shift takes place after all: {when}, {route}. It is yours again only if you tap below.",
        when=when,
        route=route,
    )


def questions(name: str | None, phone: str | None) -> Text | None:
    """Say whom to call."""
    return _("Questions? {name}: {phone}", name=name or "?", phone=phone) if phone else None


def declared_by(person: Person | None) -> Text:
    """Say to another coordinator who did it."""
    return _("{who} has declared this.", who=(person.name if person else None) or _("A coordinator"))


def what_kind(kind: ClosureKind) -> Text:
    """Name a kind in a few words, for a button."""
    match kind:
        case ClosureKind.CLOSED:
            return _("closed")
        case ClosureKind.CONVERTED:
            return _("every lunch brought home")
        case ClosureKind.LATER:
            return _("begins later")
        case ClosureKind.AHEAD:
            return _("closed, lunch the day before")
