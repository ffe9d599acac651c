"""The sentences of the calls: whom somebody has in hand, what for, and what was noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from handlers.chat import explains
from handlers.closurewords import lunch_that_day, notice
from handlers.text import NOTHING, Text, _, _n, bold, lines, verbatim
from models.callqueue import ORDER, Waiting
from models.callrounds import CallRound
from models.callrules import CallRules
from models.calls import CHECKS, CallReason
from models.canteens import Canteen
from models.closures import Closure
from models.daychoices import DayChoice
from models.phonecalls import Outcome, PhoneCall
from models.phonenumbers import Number
from models.refusals import CallOver, NotACaller, NotCallingNow
from models.seniors import Senior

WHY: Final[Mapping[CallReason, Text]] = {
    CallReason.CLOSED: _("Please tell them by telephone what is different, why, and when there is news."),
    CallReason.REOPENED: _(
        "They heard of the closure by telephone. Please tell them that lunch comes again."
    ),
    CallReason.CALENDAR: _("Please tell them by telephone on which days lunch is different."),
    CallReason.DAILY: _("Please ask how they are today."),
    CallReason.HEAT: _("It is very hot. Please ask: do they drink enough, is it cool inside, are they well?"),
    CallReason.COLD: _(
        "It is very cold. Please ask: is it warm inside, have they had something warm, are they well?"
    ),
}


def nobody() -> Text:
    """Say that there is nobody to call."""
    return _("Nobody has to be called just now.")


def overview(waiting: Sequence[Waiting], now: datetime, canteen: Canteen) -> Text:
    """Say how many are still to be called, what for, and who is called again later; no names."""
    if not waiting:
        return nobody()
    counts = Counter(each.reasons[0] for each in waiting)
    later = [each.next_at for each in waiting if not each.ready(now) and each.next_at is not None]
    return lines(
        bold(
            _n(
                "{n} senior is still to be called.", "{n} seniors are still to be called.", len(waiting)
            )
        ),
        *(_count(reason, counts[reason]) for reason in ORDER if counts[reason]),
        _n(
            "{n} of them did not answer, and is called again from {clock} on.",
            "{n} of them did not answer, and are called again from {clock} on.",
            len(later),
            clock=_clock(min(later), canteen),
        )
        if later
        else None,
    )  # fmt: skip


def _count(reason: CallReason, n: int) -> Text:
    match reason:
        case CallReason.HEAT:
            return _n("Heat, extra check: {n}", "Heat, extra checks: {n}", n)
        case CallReason.COLD:
            return _n("Cold, extra check: {n}", "Cold, extra checks: {n}", n)
        case CallReason.CLOSED:
            return _n("To be told of the closure: {n}", "To be told of the closure: {n}", n)
        case CallReason.REOPENED:
            return _n("To be told that lunch comes again: {n}", "To be told that lunch comes again: {n}", n)
        case CallReason.CALENDAR:
            return _n("To be told of other lunch days: {n}", "To be told of other lunch days: {n}", n)
        case _:
            return _n("The call of every day: {n}", "The calls of every day: {n}", n)


async def in_hand(
    call: PhoneCall, each: Waiting, others: Sequence[Number], address: str | None, canteen: Canteen
) -> Text:
    """Show whom somebody calls now, the number large; others and address: for coordinators alone."""
    senior = each.senior
    return lines(
        bold(_("{name} ({short_id})", name=senior.spoken, short_id=senior.short_id)),
        _("Lives alone") if senior.alone else None,
        *[WHY[reason] for reason in each.reasons],
        *(await _closed(each, canteen)),
        *(await _weather(each)),
        NOTHING,
        bold(verbatim(senior.phone)) if senior.phone else _("No phone number of their own."),
        NOTHING,
        *(_("Or call {name}: {phone}", name=one.name, phone=one.phone) for one in others),
        _("Nobody can be called: please look in at {address}.", address=address) if address else None,
        _n("Nobody answered {n} time so far.", "Nobody answered {n} times so far.", each.tries)
        if each.tries
        else None,
        _("Until {clock} nobody else calls them.", clock=_clock(call.until_at, canteen)),
    )


async def _closed(each: Waiting, canteen: Canteen) -> list[Text]:
    """Say what to tell of a closure, or of other days."""
    said = []
    for item in each.items:
        if item.call_list.reason is CallReason.CLOSED:
            closure = await Closure.filter(news_id=item.call_list.about, ended_at=None).first()
            if closure is not None:
                said.append(notice(closure, canteen.name, await closure.promised()))
        if item.call_list.reason is CallReason.CALENDAR:
            chosen = await DayChoice.filter(news_id=item.call_list.about, voided_at=None).order_by("day")
            said += [lunch_that_day(choice) for choice in chosen if item.senior_id in choice.seniors]
    return said


async def _weather(each: Waiting) -> list[Text]:
    """Say what the coordinator wants callers to know of the heat or the cold."""
    abouts = [item.call_list.about for item in each.items if item.call_list.reason in CHECKS]
    rounds = await CallRound.filter(id__in=abouts).order_by("id").prefetch_related("spell")
    return [verbatim(one.spell.words) for one in rounds if one.spell is not None and one.spell.words]


def only_to_tell(each: Waiting) -> bool:
    """Tell whether nobody asks how they are: then somebody else may have told them."""
    return not CHECKS & set(each.reasons)


def noted(call: PhoneCall, senior: Senior, rules: CallRules, canteen: Canteen) -> Text | None:
    """Say what was written down of a call; None where nothing was."""
    name = senior.display
    match call.outcome:
        case Outcome.REACHED:
            return _("Noted: you have spoken with {name}.", name=name)
        case Outcome.NO_ANSWER if call.case_id is not None:
            return _(
                "Noted: {name} did not answer again. The coordinators know it now and look after it.",
                name=name,
            )
        case Outcome.NO_ANSWER if call.before and call.ended_at is not None:
            return _n(
                "Noted: {name} did not answer. Again in {n} minute.",
                "Noted: {name} did not answer. Again in {n} minutes.",
                rules.again_after,
                name=name,
            )
        case Outcome.WRONG:
            return _("Noted: the number of {name} is wrong. A coordinator looks for another.", name=name)
        case Outcome.TOLD:
            return _("Noted: somebody has told {name}.", name=name)
        case _:
            return None


def over(senior: Senior) -> Text:
    """Say that the time in hand is over."""
    return _(
        "The time for {short_id} is over, so the number is gone from here. What came of a call still counts.",
        short_id=senior.short_id,
    )


def _clock(at: datetime, canteen: Canteen) -> time:
    return at.astimezone(ZoneInfo(canteen.zone)).time()


@explains(NotACaller)
def not_a_caller(_refusal: NotACaller) -> Text:
    return _(
        "Seniors are called by those whom the coordinator has asked to."
        " Would you like to? Write 0 and tell the coordinator."
    )


@explains(NotCallingNow)
def not_calling_now(refusal: NotCallingNow) -> Text:
    return _(
        "Seniors are called between {opens} and {shuts}. Please come back then: /calls",
        opens=refusal.opens,
        shuts=refusal.shuts,
    )


@explains(CallOver)
def call_over(_refusal: CallOver) -> Text:
    return _("Somebody else has seen to this call already. Thank you. Who is next: /calls")
