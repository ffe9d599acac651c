"""Closing the canteen for some days, or changing how lunch comes: asked, shown, and only then done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers import answers, callcard, today, unsuited
from handlers.chat import COORDINATOR, Button, Chat, Choice, Unclear, button, command, explains, press
from handlers.closurewords import KINDS, REASONS, headline, promise, reason
from handlers.periods import moment, period
from handlers.places import which_canteen
from handlers.text import NOTHING, Text, _, _n, bold, lines, verbatim
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closing import Possible, may_declare, may_touch
from models.closurenews import ClosureNews
from models.closures import NOT_COOKING, Closure, ClosureKind, ClosureReason, Plan
from models.conversion import put_on
from models.people import Role
from models.refusals import (
    ClosedOtherwise,
    ClosureTooFar,
    LunchIsOut,
    NewsTooEarly,
    NobodyToCall,
    NothingAhead,
)
from models.routes import Kind, Route
from models.seniors import Senior

DAYS: Final = 3
NO_NEWS: Final = "none"
HOURS: Final = (1, 2, 3)
NAMES: Final = 20


@command(
    "close",
    for_=COORDINATOR,
    help=_("Close for some days, or change how lunch comes"),
    phrases=_("close the canteen|we are closed|we must close|typhoon|no lunch for anybody|lunch is later"),
)
async def close(chat: Chat) -> None:
    """Ask which days, what happens instead, why and when news comes; show whom it concerns; do it."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    starts, ends = await _days(chat, canteen)
    await may_touch(canteen, starts, ends, chat.now)
    kind = ClosureKind(
        await chat.ask(
            "kind",
            _("What shall happen?"),
            choices=[Choice(each.value, label) for each, label in KINDS.items()],
            label=_("What happens"),
        )
    )
    minutes = await _later(chat, canteen) if kind is ClosureKind.LATER else None
    why, words = await chat.ask(
        "reason",
        _("Why? Tap a reason, or write it in your own words: everybody will read them."),
        _reason,
        choices=[Choice(each.value, label) for each, label in REASONS.items()],
        label=_("Reason"),
    )
    news_at = await ask_news(chat, canteen, ends)
    plan = Plan(canteen.id, starts, ends, kind, why, words, news_at, minutes)
    possible = await may_declare(plan, chat.person, chat.now)
    if possible is None:
        _say_known(chat)
        return
    await chat.confirm("sure", await _summary(chat, plan, possible), yes=_("Yes, do it and tell them"))
    declared = await Closure.declare(plan, chat.person, chat.now)
    if declared.news is None:
        _say_known(chat)
        return
    chat.say(
        lines(
            _("Done. Everybody whom it concerns is being told now, each with one message."),
            _("The lists that you have for it are void.") if _are_void(kind, possible) else None,
        ),
        buttons=[
            press(_("Tell them news"), "closure_news", declared.news.id),
            press(_("Open again"), "/reopen"),
        ],
    )
    await unsuited.tell(chat, declared.unsuited)
    if declared.affected is not None and declared.affected.left_out:
        await _say_left_out(chat, canteen, declared.news, kind, declared.affected.left_out)
    if declared.calls is not None:
        await callcard.show(chat, canteen.id, fresh=True)
    for day in {closure.day for closure in declared.closures} & {canteen.today(chat.now)}:
        await today.refresh(chat, canteen.id, day)


async def _days(chat: Chat, canteen: Canteen) -> tuple[date, date]:
    coming = await ServiceDay.filter(canteen_id=canteen.id, out_at__gt=chat.now).order_by("day").limit(DAYS)
    return await chat.ask(
        "days",
        _("Which day is it about? Tap it, or write a day, or the first and the last of several."),
        period(canteen.today(chat.began)),
        choices=[Choice(each.day.isoformat(), _("On {day}", day=each.day)) for each in coming],
        label=_("Days"),
    )


async def _later(chat: Chat, canteen: Canteen) -> int:
    return await chat.ask(
        "later",
        _("How much later? Tap it, or write at what time lunch is."),
        _delay(canteen.lunch_at),
        choices=[
            Choice(str(60 * hours), _("{later} later", later=timedelta(hours=hours))) for hours in HOURS
        ],
        label=_("How much later"),
    )


def _delay(lunch_at: str) -> Callable[[str], int]:
    """Make a reader for minutes: as a button has them, or up to the hour at which lunch is then."""

    def read(text: str) -> int:
        if text in {str(60 * hours) for hours in HOURS}:
            return int(text)
        hour, minute = map(int, answers.clock(text).split(":"))
        usual = int(lunch_at[:2]) * 60 + int(lunch_at[3:])
        minutes = hour * 60 + minute - usual
        if not 0 < minutes <= 8 * 60:
            raise Unclear(_("Please write a time after {usual}, when lunch usually is.", usual=lunch_at))
        return minutes

    return read


def _reason(text: str) -> tuple[ClosureReason, str | None]:
    if text in {each.value for each in REASONS}:
        return ClosureReason(text), None
    return ClosureReason.OTHER, answers.words(text)


async def ask_news(chat: Chat, canteen: Canteen, ends: date) -> datetime | None:
    """Ask when people hear more."""
    here = chat.began.astimezone(ZoneInfo(canteen.zone))
    soon = [here.replace(hour=17, minute=0), (here + timedelta(days=1)).replace(hour=7, minute=0)]
    offered = [at for at in soon if at > here + timedelta(hours=1)]
    read = moment(chat.began, canteen.zone)

    def news(text: str) -> datetime | None:
        return None if text == NO_NEWS else read(text)

    return await chat.ask(
        "news",
        _("By when will they hear more? Tap it, or write a day and a time."),
        news,
        choices=[
            *(Choice(f"{at:%Y-%m-%dT%H:%M}", _("By {when}", when=f"{at:%H:%M}") if at.date() == here.date()
                     else _("Tomorrow by {when}", when=f"{at:%H:%M}")) for at in offered),
            Choice(NO_NEWS, _("No more news: after {day} all is as always", day=ends)),
        ],
        label=_("Next news"),
    )  # fmt: skip


async def _summary(chat: Chat, plan: Plan, possible: Possible) -> Text:
    affected, which = possible.affected, [day.day for day in possible.days]
    seniors, to_call = len(affected.seniors), len(await affected.must_call(chat.person))
    following = await ServiceDay.filter(canteen_id=plan.canteen_id, day__gt=plan.ends).order_by("day").first()
    rounds = sum(shift.route.kind is Kind.ROUND for shift in affected.shifts)
    volunteers = len({claim.person_id for claim in affected.claims})
    relatives = len({person for people in affected.kin.values() for person in people})
    names = [senior.display for senior in affected.left_out]
    return lines(
        bold(headline(possible.canteen.name, plan.kind, which, plan.minutes)),
        reason(plan.reason, plan.words),
        promise(plan.news_at, following.day if following else None),
        NOTHING,
        bold(_("Whom it concerns:")),
        _n("The lunch of {n} senior changes.", "The lunch of {n} seniors changes.", seniors),
        _n("{n} of them lives alone.", "{n} of them live alone.", affected.alone) if affected.alone else None,
        _n("{n} round is planned.", "{n} rounds are planned.", rounds),
        _n(
            "{n} shift in the kitchen, at the desk or with a car is planned.",
            "{n} shifts in the kitchen, at the desk or with a car are planned.",
            len(affected.shifts) - rounds,
        )
        if rounds < len(affected.shifts)
        else None,
        _n("{n} volunteer has a place on it.", "{n} volunteers have a place on them.", volunteers),
        _n("{n} cook is told.", "{n} cooks are told.", len(affected.cooks)),
        _n("{n} relative is told by chat.", "{n} relatives are told by chat.", relatives),
        _n("{n} senior has to be called by you.", "{n} seniors have to be called by you.", to_call)
        if to_call
        else None,
        _left_out(plan.kind, names) if names else None,
        NOTHING,
        _("Nobody is told before you say yes."),
    )


def _left_out(kind: ClosureKind, names: Sequence[str]) -> Text:
    named = tuple(map(verbatim, names[:NAMES]))
    if kind is ClosureKind.CONVERTED:
        return _("On no route yet, so nobody would bring lunch to: {names}.", names=named)
    return _("No lunch on the day before, so nobody would bring it to: {names}.", names=named)


async def _say_left_out(
    chat: Chat, canteen: Canteen, news: ClosureNews, kind: ClosureKind, seniors: Sequence[Senior]
) -> None:
    keys: list[Button] = []
    if kind is ClosureKind.CONVERTED:
        keys = [
            press(_("Put them on {route}", route=route.name), "closure_route", news.id, route.id)
            for route in await Route.of(canteen.id)
        ]
    keys += [press(verbatim(senior.display), "senior", senior.id) for senior in seniors[:DAYS]]
    chat.say(
        lines(
            _left_out(kind, [senior.display for senior in seniors]),
            _("Please put them on a route, or call them.")
            if kind is ClosureKind.CONVERTED
            else _("Please call them."),
        ),
        buttons=keys,
        card=f"left out {news.id}",
    )


@button("closure_route", for_=COORDINATOR)
async def put_them_on(chat: Chat, news_id: int, route_id: int) -> None:
    """Put the doors that a converted day found on no route at the end of one."""
    seniors = await put_on(news_id, route_id, chat.person, chat.now)
    route = await Route.get(id=route_id)
    names = tuple(verbatim(senior.display) for senior in seniors)
    chat.say(
        _(
            "Done. At the end of {route} now: {names}. Their order is under /settings",
            route=route.name,
            names=names,
        )
        if seniors
        else _("All of them are on a route already."),
        card=f"left out {news_id}",
    )


def _are_void(kind: ClosureKind, possible: Possible) -> bool:
    return kind in NOT_COOKING and any(day.state is not DayState.PLANNED for day in possible.days)


def _say_known(chat: Chat) -> None:
    chat.say(
        _("That is declared already, so nothing was changed and nobody is told again."),
        buttons=[press(_("Open again"), "/reopen")],
    )


@explains(ClosedOtherwise)
def closed_otherwise(refusal: ClosedOtherwise) -> Text:
    return _("For {day} something else is declared already. End that first: /reopen", day=refusal.day)


@explains(ClosureTooFar)
def closure_too_far(refusal: ClosureTooFar) -> Text:
    return _(
        "I can do that for days up to {day} only. For a longer time, change the weekdays under /settings,"
        " or come back to me later.",
        day=refusal.last,
    )


@explains(LunchIsOut)
def lunch_is_out(refusal: LunchIsOut) -> Text:
    if refusal.following is None:
        return _("Lunch of {day} is on its way or over. Please call the volunteers: /today", day=refusal.day)
    return _(
        "Lunch of {day} is on its way or over. Please call the volunteers: /today"
        " You can still /close from {following} on.",
        day=refusal.day,
        following=refusal.following,
    )


@explains(NothingAhead)
def nothing_ahead(refusal: NothingAhead) -> Text:
    return _(
        "No lunch goes out any more before {day}, so that one can't come ahead."
        " You can /close that day instead.",
        day=refusal.day,
    )


@explains(NewsTooEarly)
def news_too_early(_refusal: NewsTooEarly) -> Text:
    return _("The moment of the next news has passed meanwhile, so nothing was changed. Please start again.")


@explains(NobodyToCall)
def nobody_to_call(_refusal: NobodyToCall) -> Text:
    return _(
        "People must be able to ask: please set a phone number first, under /settings, and then close again."
    )
