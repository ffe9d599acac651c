"""Every week the same shift, and the days on which one is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from handlers import answers
from handlers.chat import VOLUNTEER, Button, Chat, Choice, Mail, Priority, Unclear, button, every, press
from handlers.myshifts import tell_coordinators
from handlers.shiftwords import canteens_of, refresh_today, when
from handlers.text import Text, Weekdays, _, _n, bold, lines
from models import standing
from models.canteens import Canteen
from models.refusals import Gone
from models.routes import Kind, Route
from models.shifts import Claim
from models.standing import Away, Standing

BATCH: Final = 200
SHOWN: Final = 8
CARD: Final = "every week"


@button("every_week", for_=VOLUNTEER)
async def every_week(chat: Chat) -> None:
    """Show what one has promised for every week, and when one is away."""
    await _show(chat, fresh=True)


async def _show(chat: Chat, *, fresh: bool = False) -> None:
    canteens = await canteens_of(chat)
    promises = await Standing.of(chat.person)
    today = _today(canteens, chat)
    breaks = await Away.coming(chat.person, today)
    keys: list[Button] = [
        press(_("No longer every week: {route}", route=one.route.name), "promise_end", one.id)
        for one in promises
    ]
    keys += [press(_("I am there after all: {day}", day=one.starts), "away_end", one.id) for one in breaks]
    promised = {one.route_id for one in promises}
    routes = [route for canteen in canteens for route in await Route.with_works(canteen.id)]
    keys += [
        press(_("Every week: {route}", route=route.name), "promise", route.id)
        for route in routes
        if route.id not in promised
    ][:SHOWN]
    chat.say(
        lines(
            bold(_("Every week, and away")),
            *(
                _("{weekdays}: {route}", weekdays=Weekdays(one.weekdays), route=one.route.name)
                for one in promises
            ),
            *(_("Away from {starts} to {ends}", starts=one.starts, ends=one.ends) for one in breaks),
            _(
                "If you always come on the same days, I put you down two weeks ahead. Any single shift can"
                " be given back, and holidays are left out."
            ),
        ),
        buttons=[*keys, press(_("I am away for some days"), "away")],
        card=CARD,
        fresh=fresh,
    )


def _today(canteens: list[Canteen], chat: Chat) -> date:
    return canteens[0].today(chat.now) if canteens else chat.now.date()


@button("promise", for_=VOLUNTEER)
async def promise(chat: Chat, route_id: int) -> None:
    """Ask for the weekdays, and promise them."""
    route = await Route.filter(id=route_id, closed_at=None).prefetch_related("canteen").first()
    if route is None or route.canteen_id not in {canteen.id for canteen in await canteens_of(chat)}:
        raise Gone
    days = await chat.choose_many(
        "days",
        _("On which days would you like to carry {route} every week?", route=route.name)
        if route.kind is Kind.ROUND
        else _("On which days would you like to come every week? {route}", route=route.name),
        [
            Choice(str(day), _("{weekdays}", weekdays=Weekdays(1 << day)))
            for day in range(7)
            if (route.weekdays or route.canteen.weekdays) & route.canteen.weekdays >> day & 1
        ],
    )
    if not days:
        chat.say(_("Then nothing changes. Thank you for thinking of it!"))
        return
    mask = sum(1 << int(day) for day in days)
    made = await Standing.promise(route_id, mask, chat.person, chat.now)
    chat.say(
        lines(
            bold(
                _(
                    "Thank you! {weekdays}, {route}: that is yours every week now.",
                    weekdays=Weekdays(made.weekdays),
                    route=route.name,
                )
            ),
            _("I put you down two weeks ahead, and remind you each time."),
        ),
        buttons=[press(_("Every week, or away"), "every_week")],
    )


@button("promise_end", for_=VOLUNTEER)
async def end_promise(chat: Chat, standing_id: int) -> None:
    """End a promise; what it brought so far stays."""
    ended = await Standing.end(standing_id, chat.person, chat.now)
    chat.say(
        _(
            "All right, {route} is no longer yours every week. What you have taken so far stays: /my",
            route=ended.route.name,
        )
    )
    await _show(chat)


@button("away", for_=VOLUNTEER)
async def away(chat: Chat) -> None:
    """Ask from when to when, rest the promises and give the places of those days back."""
    canteens = await canteens_of(chat)
    today = _today(canteens, chat)
    starts = await chat.ask("starts", _("What is the first day on which you are away?"), answers.day(today))
    ends = await chat.ask("ends", _("And the last day?"), _from(starts, answers.day(today)))
    await Away.say(chat.person, starts, ends, today, chat.now)
    given = [
        await Claim.give_back(claim.id, chat.person, chat.now)
        for claim in await standing.held_between(chat.person, starts, ends, chat.now)
    ]
    chat.say(
        lines(
            bold(_("Noted: you are away from {starts} to {ends}.", starts=starts, ends=ends)),
            _n(
                "{n} shift of those days is open to others now.",
                "{n} shifts of those days are open to others now.",
                len(given),
            )
            if given
            else _("You had no shift on those days."),
            _("Nobody asks you for those days. Have a good time!"),
        ),
        buttons=[press(_("My shifts"), "/my")],
    )
    for one in given:
        await tell_coordinators(chat, one)
        await refresh_today(chat, one.claim.shift)


def _from(first: date, read: Callable[[str], date]) -> Callable[[str], date]:
    def read_last(text: str) -> date:
        last = read(text)
        if last < first:
            raise Unclear(_("The last day can't be before {day}. Please write it once more.", day=first))
        return last

    return read_last


@button("away_end", for_=VOLUNTEER)
async def there_after_all(chat: Chat, away_id: int) -> None:
    """Be there again on days on which one was to be away."""
    await Away.end(away_id, chat.person, chat.now)
    chat.say(_("Good to know that you are there. Open shifts are under /shifts"))
    await _show(chat)


@every(seconds=60)
async def keep_promises(mail: Mail) -> bool:
    """Put those down who come every week, and tell them in one message."""
    kept = await standing.keep_promises(mail.now, BATCH)
    for each in kept:
        mail.say(
            lines(
                bold(_("As every week, I have put you down. Thank you!")),
                *(_yours(claim) for claim in each.claims),
                _("If one of them does not suit you, give it back: /my"),
            ),
            to=each.person,
            buttons=[press(_("My shifts"), "/my")],
            zone=each.claims[0].shift.canteen.zone,
            priority=Priority.NOTICE,
        )
    return bool(kept)


def _yours(claim: Claim) -> Text:
    return _("{when} · {route}", when=when(claim.shift), route=claim.shift.route.name)
