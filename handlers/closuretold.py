"""Telling of a closure: one message for each person, whatever they are here, and a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from handlers import calendartold, callcard
from handlers import closurewords as say
from handlers.chat import Button, Chat, Mail, Priority, button, every, press, still, task
from handlers.doorcard import hide_round
from handlers.shiftwords import cannot_come
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed, verbatim
from models.calendar import DayState, ServiceDay
from models.calls import CallList, CallState
from models.canteens import Canteen
from models.closurenews import TASK, ClosureNews, ClosureReceipt, NewsKind
from models.closures import NOT_COOKING, Closure, ClosureKind
from models.daychoices import DayChoice
from models.messaging import Task
from models.people import Person
from models.seniors import Kinship, Senior
from models.shifts import Claim

BATCH: Final = 50
PROMISES: Final = 50
SOON: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Story:
    """All that a message about a closure may need. void: lists for these days went out already."""

    news: ClosureNews
    canteen: Canteen
    closures: Sequence[Closure]
    following: date | None
    void: bool

    @property
    def kind(self) -> ClosureKind:
        return self.closures[0].kind

    @property
    def days(self) -> list[date]:
        return [closure.day for closure in self.closures]

    @classmethod
    async def of(cls, news_id: int) -> Story:
        news = await ClosureNews.get(id=news_id).prefetch_related("canteen", "by")
        canteen, closures = news.canteen, await news.days()
        days = ServiceDay.filter(canteen_id=canteen.id)
        listed_ = await days.filter(day__in=[each.day for each in closures]).exclude(state=DayState.PLANNED)
        following = await days.filter(day__gt=news.ends).order_by("day").first()
        return cls(news, canteen, closures, following.day if following else None, bool(listed_))


@task(TASK)
async def tell_the_next(mail: Mail, task: Task) -> None:
    """Write to one batch of those whom a closure concerns."""
    news = await ClosureNews.get(id=task.about)
    calendar = await calendartold.Change.of(news.id) if news.kind is NewsKind.CALENDAR else None
    story = await Story.of(news.id) if calendar is None else None
    receipts = ClosureReceipt.filter(news_id=task.about, id__gt=task.cursor).order_by("id").limit(BATCH)
    found = await receipts.prefetch_related("person")
    seniors = await Senior.in_bulk([number for one in found for number in one.seniors], "id")
    held = Claim.filter(id__in=[number for one in found for number in one.claims])
    claims = {claim.id: claim for claim in await held.prefetch_related("shift__route", "shift__canteen")}
    for one in found:
        if calendar is not None:
            calendartold.tell(mail, calendar, one, seniors, claims)
        elif story is not None:
            await _tell(mail, story, one, seniors, claims)
    task.done += len(found)
    if len(found) < BATCH:
        task.total, task.finished_at = task.done, mail.now
    else:
        task.cursor = found[-1].id


async def _tell(
    mail: Mail,
    story: Story,
    receipt: ClosureReceipt,
    seniors: Mapping[int, Senior],
    claims: Mapping[int, Claim],
) -> None:
    names = [seniors[number].display for number in receipt.seniors if number in seniors]
    places = [claims[number] for number in receipt.claims if number in claims]
    soon = story.news.starts <= story.canteen.today(mail.now + SOON)
    mail.say(
        _words(story, receipt, names, places),
        to=receipt.person,
        buttons=_keys(story, receipt, places),
        zone=story.canteen.zone,
        priority=Priority.URGENT if soon else Priority.REMINDER,
        key=story.news.key(receipt.person_id),
        still=("closure", story.news.id),
    )
    if story.news.kind is NewsKind.DECLARED and story.kind in NOT_COOKING:
        for claim in places:
            if claim.started_at is not None and claim.shift.day in story.days:
                await hide_round(mail, claim.shift, receipt.person)


def _words(story: Story, receipt: ClosureReceipt, names: Sequence[str], places: Sequence[Claim]) -> Text:
    if story.news.kind is NewsKind.NEWS:
        told = [
            bold(_("News of {canteen}: {days}", canteen=story.canteen.name, days=say.days(story.days))),
            verbatim(story.news.words or ""),
        ]
    else:
        tell = _declared if story.news.kind is NewsKind.DECLARED else _reopened
        told = tell(story, receipt, names, places)
    over = story.news.kind is NewsKind.REOPENED
    human, phone = story.canteen.human
    # A family has whom to call at the end of every message.
    asks = None if receipt.seniors and phone else _whom(story, human, phone)
    return lines(*told, None if over else say.promise(story.news.news_at, story.following), asks)


def _whom(story: Story, human: str, phone: str) -> Text | None:
    if phone or story.news.by is None:
        return say.questions(human, phone)
    return say.questions(story.news.by.name, story.news.by.phone)


def _declared(
    story: Story, receipt: ClosureReceipt, names: Sequence[str], places: Sequence[Claim]
) -> list[Text]:
    first = story.closures[0]
    ahead = sorted({each.ahead_on for each in story.closures if each.ahead_on is not None})
    works = receipt.cooks or receipt.coordinates
    found = [
        bold(say.headline(story.canteen.name, story.kind, story.days, first.minutes)),
        say.reason_of(first),
        NOTHING,
    ]
    found += [say.declared_by(story.news.by)] if receipt.coordinates else []
    found += [say.to_family(story.kind, names, ahead)] if names else []
    found += [say.to_volunteer(story.kind, claim, ahead) for claim in places]
    found += [say.to_cook(story.kind, story.news.lunches, ahead)] if works else []
    if works and story.void and story.kind in NOT_COOKING:
        found.append(_("The lists that you have for it are void."))
    return [*found, NOTHING]


def _reopened(
    story: Story, receipt: ClosureReceipt, names: Sequence[str], places: Sequence[Claim]
) -> list[Text]:
    works = receipt.cooks or receipt.coordinates
    found = [
        bold(
            _(
                "At {canteen} everything is as always again: {days}.",
                canteen=story.canteen.name,
                days=say.days(story.days),
            )
        )
    ]
    found += [_("Lunch comes again for {names}, as it was ordered.", names=listed(names))] if names else []
    found += [say.back_for_volunteer(story.kind, claim) for claim in places]
    found += [say.back_for_cook(story.kind, story.news.lunches)] if works else []
    return found


def _keys(story: Story, receipt: ClosureReceipt, places: Sequence[Claim]) -> list[Button]:
    keys = [press(_("I have read this"), "closure_seen", story.news.id)]
    for claim in places:
        if story.news.kind is NewsKind.DECLARED and story.kind is ClosureKind.LATER:
            keys.append(cannot_come(claim, named=True))
        elif story.news.kind is NewsKind.REOPENED and story.kind is not ClosureKind.LATER:
            keys.append(
                press(_("I can come: {when}", when=claim.shift.starts_at), "shift_take", claim.shift_id, 0)
            )
    if receipt.coordinates:
        keys.append(press(_("Whom to call"), "calls", story.canteen.id))
    return keys


@still("closure")
async def still_in_force(news_id: int, now: datetime) -> bool:
    """Tell whether news of a closure is still true; that it is over stays true."""
    news = await ClosureNews.get(id=news_id)
    if news.kind is NewsKind.REOPENED:
        return True
    if news.kind is NewsKind.CALENDAR:
        return await DayChoice.filter(news_id=news.id, voided_at=None).exists()
    return any(closure.ended_at is None for closure in await news.days())


@button("closure_seen")
async def seen(chat: Chat, news_id: int) -> None:
    """Note that somebody has read it; whom their family tells need not be called."""
    receipt = await ClosureReceipt.see(news_id, chat.person, chat.now)
    chat.say(_("Thank you. Now we know that it reached you."))
    news = await ClosureNews.get(id=news_id)
    shorter = await CallList.settle(*news.calls, receipt.seniors, CallState.READ, chat.now)
    if shorter is not None:
        await callcard.refresh(chat, shorter.canteen_id)


@every(seconds=30)
async def call_whom_nothing_reaches(mail: Mail) -> None:
    """Put seniors on the call list whose family no message has reached."""
    for receipt in await ClosureReceipt.take_lost(mail.now):
        news = receipt.news
        if news.kind is NewsKind.REOPENED or not await still_in_force(news.id, mail.now):
            continue
        alone = [number for number in receipt.seniors if not await _others_reached(news, number)]
        found = await CallList.open(news.canteen_id, *news.calls, alone, news.ends, None, mail.now)
        if found is not None:
            await callcard.refresh(mail, found.canteen_id)


async def _others_reached(news: ClosureNews, senior_id: int) -> bool:
    """Tell whether somebody else follows a senior whom the message has reached, as far as we know."""
    kin = Kinship.filter(senior_id=senior_id, linked=True, ended_at=None)
    followers = [one.person_id for one in await kin if one.hears]
    return await ClosureReceipt.filter(news_id=news.id, person_id__in=followers, lost_at=None).exists()


@every(seconds=30)
async def remind_of_the_promise(mail: Mail) -> bool:
    """Remind the coordinators half an hour before the promised news, and when they are due."""
    due = await ClosureNews.take_promises(mail.now, PROMISES)
    for news in due:
        passed = news.news_at is None or mail.now >= news.news_at
        readers = await ClosureReceipt.filter(news_id=news.root_id).count()
        for coordinator in await news.canteen.coordinators():
            _remind(mail, news, coordinator, readers, passed=passed)
    return bool(due)


def _remind(mail: Mail, news: ClosureNews, coordinator: Person, readers: int, *, passed: bool) -> None:
    assert news.news_at is not None
    mail.say(
        lines(
            bold(
                _("News was promised for {when}, and nobody has heard any.", when=news.news_at)
                if passed
                else _("News is promised for {when}.", when=news.news_at)
            ),
            _n("{n} person waits for it.", "{n} people wait for it.", readers),
            _("How does it stand? If nothing has changed, just say so, and until when."),
        ),
        to=coordinator,
        buttons=[press(_("Tell them news"), "closure_news", news.id), press(_("Open again"), "/reopen")],
        zone=news.canteen.zone,
        priority=Priority.URGENT,
        key=f"closure {news.id} promise {news.asked} for {coordinator.id}",
    )
