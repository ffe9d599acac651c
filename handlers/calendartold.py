"""Days that the calendar adds or drops: whom it concerns is shown first, then each is told in one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers import callcard
from handlers import closurewords as say
from handlers.chat import Button, Chat, Mail, Priority, every, press
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed
from models import daynews
from models.canteens import Canteen
from models.closurenews import ClosureNews, ClosureReceipt
from models.closures import ClosureKind
from models.daychoices import ChoiceOrigin, DayChoice
from models.daynews import Turned
from models.seniors import Senior
from models.shifts import Claim

BATCH: Final = 50


async def choose(chat: Chat, canteen: Canteen, days: Mapping[date, bool], origin: ChoiceOrigin) -> bool:
    """Choose days, once whom it concerns was shown and there was a yes; tell whether there was a question."""
    turned = await DayChoice.would(canteen.id, days, by=chat.person, now=chat.now)
    if turned is not None:
        await chat.confirm("sure", await _whom(chat, canteen, turned), yes=_("Yes, do it and tell them"))
    told = await DayChoice.decide(canteen.id, days, origin=origin, by=chat.person, now=chat.now)
    if told is not None and told.calls is not None:
        await callcard.show(chat, canteen.id, fresh=True)
    return turned is not None


async def _whom(chat: Chat, canteen: Canteen, turned: Turned) -> Text:
    affected = turned.affected
    seniors, followed = len(affected.seniors), len(affected.kin)
    to_call = len(await affected.must_call(chat.person))
    volunteers = len({claim.person_id for claim in affected.claims})
    far = any(not daynews.is_planned(canteen, day, chat.now) for day in turned.cooks)
    return lines(
        bold(_("Whom it concerns:")),
        *(_of_day(day, len(turned.eaters[day]), cooks=turned.cooks[day]) for day in sorted(turned.cooks)),
        _n("{n} of them lives alone.", "{n} of them live alone.", affected.alone) if affected.alone else None,
        _n("For {n} senior a family is here by chat.", "For {n} seniors a family is here by chat.", followed),
        _n("For {n} senior nobody is.", "For {n} seniors nobody is.", seniors - followed)
        if seniors > followed
        else None,
        _n("{n} senior has to be called by you.", "{n} seniors have to be called by you.", to_call)
        if to_call
        else None,
        _n("{n} volunteer has a place on it.", "{n} volunteers have a place on them.", volunteers)
        if volunteers
        else None,
        NOTHING,
        _("Of days more than three weeks ahead they are told three weeks before.") if far else None,
        _("Nobody is told before you say yes."),
    )


def _of_day(day: date, n: int, *, cooks: bool) -> Text:
    if cooks:
        return _n("On {day} {n} lunch is added.", "On {day} {n} lunches are added.", n, day=day)
    return _n("On {day} {n} lunch falls away.", "On {day} {n} lunches fall away.", n, day=day)


@every(seconds=60)
async def tell_of_days_that_come_near(mail: Mail) -> bool:
    """Have people told of days that were chosen long ago and are planned by now."""
    told = await daynews.tell_due(mail.now, BATCH)
    for one in told:
        if one.calls is not None:
            await callcard.refresh(mail, one.news.canteen_id)
    return bool(told)


@dataclass(frozen=True, slots=True)
class Change:
    """All that a message about other days may need; without those that were turned back meanwhile."""

    news: ClosureNews
    canteen: Canteen
    choices: Sequence[DayChoice]

    @classmethod
    async def of(cls, news_id: int) -> Change:
        news = await ClosureNews.get(id=news_id).prefetch_related("canteen", "by")
        choices = DayChoice.filter(news_id=news_id, voided_at=None).order_by("day")
        return cls(news, news.canteen, await choices)


def tell(
    mail: Mail,
    change: Change,
    receipt: ClosureReceipt,
    seniors: Mapping[int, Senior],
    claims: Mapping[int, Claim],
) -> None:
    """Write to one person, whatever they are here."""
    if not change.choices:
        return
    places = [claims[number] for number in receipt.claims if number in claims]
    works = receipt.cooks or receipt.coordinates
    human, phone = change.canteen.human
    mail.say(
        lines(
            bold(_("The lunch days of {canteen} change.", canteen=change.canteen.name)),
            say.declared_by(change.news.by) if receipt.coordinates else None,
            *[words for choice in change.choices for words in _to_family(choice, receipt, seniors)],
            *[say.to_volunteer(ClosureKind.CLOSED, claim, []) for claim in places],
            *[_of_day(one.day, len(one.seniors), cooks=one.cooks) for one in change.choices if works],
            # A family has whom to call at the end of every message.
            None if receipt.seniors and phone else say.questions(human, phone),
        ),
        to=receipt.person,
        buttons=_keys(change, receipt),
        zone=change.canteen.zone,
        priority=Priority.REMINDER,
        key=change.news.key(receipt.person_id),
        still=("closure", change.news.id),
    )


def _to_family(choice: DayChoice, receipt: ClosureReceipt, seniors: Mapping[int, Senior]) -> list[Text]:
    theirs = [number for number in receipt.seniors if number in choice.seniors and number in seniors]
    if not theirs:
        return []
    names = listed([seniors[number].display for number in theirs])
    if choice.cooks:
        return [
            _(
                "On {day} there is lunch for {names} as well. If nobody is at home then, tell me: /skip",
                day=choice.day,
                names=names,
            )
        ]
    return [
        _(
            "On {day} there is no lunch for {names}. Please see that there is something to eat.",
            day=choice.day,
            names=names,
        )
    ]


def _keys(change: Change, receipt: ClosureReceipt) -> list[Button]:
    added = any(one.cooks and one.seniors & set(receipt.seniors) for one in change.choices)
    return [
        press(_("I have read this"), "closure_seen", change.news.id),
        *([press(_("Leave one lunch out"), "/skip")] if added else []),
        *([press(_("Whom to call"), "calls", change.canteen.id)] if receipt.coordinates else []),
    ]
