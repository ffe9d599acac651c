"""Whom it concerns that a canteen's calendar adds or drops days, and how they are told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tortoise.expressions import Q

from models.affected import Affected
from models.calls import WAITING, CallItem, CallList, CallReason, CallState
from models.canteens import Canteen
from models.closurenews import TASK, ClosureNews, ClosureReceipt, NewsKind
from models.daychoices import DayChoice
from models.dayplan import HORIZON
from models.messaging import Task
from models.orders import ChangeKind, OrderChange
from models.people import Person
from models.schedule import Opening, Schedule
from models.seniors import Pause, Senior, Status
from models.shifts import Claim

A_DAY: Final = timedelta(days=1)  # somewhere it is tomorrow already


@dataclass(frozen=True, slots=True)
class Turned:
    """Days that a choice turns round. cooks: which way; eaters: whose lunch that gives, or takes."""

    cooks: Mapping[date, bool]
    eaters: Mapping[date, Sequence[int]]
    affected: Affected

    @property
    def concerns(self) -> bool:
        """Tell whether there is anybody to be told."""
        return bool(self.affected.seniors or self.affected.claims)

    @classmethod
    async def of(
        cls, canteen: Canteen, days: Mapping[date, bool], before: Schedule, wished: Schedule
    ) -> Turned:
        """Find which of these days are turned round from one schedule to the other, and for whom."""
        cooks = {day: wanted for day, wanted in days.items() if before.cooks(day) is not wanted}
        openings = {day: (wished if wanted else before).opening(day) for day, wanted in cooks.items()}
        return await cls._among(canteen, cooks, await eaters(canteen, openings))

    async def only(self, days: Collection[date], canteen: Canteen) -> Turned:
        """Give the same for some of the days."""
        cooks = {day: wanted for day, wanted in self.cooks.items() if day in days}
        return await self._among(canteen, cooks, {day: self.eaters[day] for day in cooks})

    @classmethod
    async def _among(
        cls, canteen: Canteen, cooks: Mapping[date, bool], eat: Mapping[date, Sequence[int]]
    ) -> Turned:
        everybody = {number for numbers in eat.values() for number in numbers}
        dropped = [day for day, wanted in cooks.items() if not wanted]
        return cls(cooks, eat, await Affected.by_calendar(canteen, everybody, dropped))


@dataclass(frozen=True, slots=True)
class Told:
    """News of the calendar that are on their way. calls: whom somebody has to call."""

    news: ClosureNews
    calls: CallList | None


def is_planned(canteen: Canteen, day: date, now: datetime) -> bool:
    """Tell whether a day is near enough for its lunch to be planned."""
    return day <= canteen.today(now) + HORIZON


async def eaters(canteen: Canteen, openings: Mapping[date, Opening]) -> dict[date, list[int]]:
    """Find who eats on days, also on those that are not planned, by the rule of `Meal.due`."""
    if not openings:
        return {}
    first, last = min(openings), max(openings)
    seniors = await Senior.filter(canteen_id=canteen.id, status=Status.ACTIVE).order_by("id")
    changed = OrderChange.filter(senior__canteen_id=canteen.id, day__in=list(openings), voided_at=None)
    kinds = {(change.senior_id, change.day): change.kind for change in await changed}
    pauses: dict[int, list[Pause]] = {}
    held = Pause.filter(Q(ends__isnull=True) | Q(ends__gte=first), starts__lte=last, voided_at=None)
    for pause in await held.filter(senior__canteen_id=canteen.id):
        pauses.setdefault(pause.senior_id, []).append(pause)

    def eats(senior: Senior, day: date, opening: Opening) -> bool:
        if any(each.starts <= day <= (each.ends or day) for each in pauses.get(senior.id, ())):
            return False
        kind = kinds.get((senior.id, day))
        if kind is ChangeKind.EXTRA:
            return True
        return kind is not ChangeKind.SKIP and opening.wanted_by(senior.weekdays)

    return {
        day: [senior.id for senior in seniors if eats(senior, day, opening)]
        for day, opening in openings.items()
    }


async def call_nobody_any_more(choices: Sequence[DayChoice], now: datetime) -> dict[date, set[int]]:
    """Take those off the call lists whom nobody has told yet of days that are turned back; name them."""
    found: dict[date, set[int]] = {}
    for choice in choices:
        others = await DayChoice.filter(news_id=choice.news_id, voided_at=None).exclude(id=choice.id)
        still = {number for other in others for number in other.seniors} if choice.news_id else set()
        waiting = CallItem.filter(
            call_list__reason=CallReason.CALENDAR, call_list__about=choice.news_id or 0, state__in=WAITING
        )
        found[choice.day] = {item.senior_id for item in await waiting} & choice.seniors
        if choice.news_id is not None and (gone := found[choice.day] - still):
            await CallList.settle(CallReason.CALENDAR, choice.news_id, gone, CallState.VOID, now)
    return found


async def tell(
    canteen: Canteen,
    choices: Sequence[DayChoice],
    turned: Turned,
    by: Person | None,
    now: datetime,
    uncalled: Mapping[date, Collection[int]],
) -> Told | None:
    """Have everybody told, each once, whom chosen days concern; None: nobody.

    uncalled: who never heard that a day had been turned the other way, and so need not be called.
    """
    if not turned.concerns:
        return None
    days = sorted(turned.cooks)
    news = await ClosureNews.create(
        canteen_id=canteen.id, kind=NewsKind.CALENDAR, starts=days[0], ends=days[-1],
        lunches=sum(map(len, turned.eaters.values())), by_id=by.id if by else None, at=now,
    )  # fmt: skip
    for choice in choices:
        choice.news_id, choice.eaters, choice.pending = news.id, list(turned.eaters[choice.day]), False
        await choice.save(update_fields=["news_id", "eaters", "pending"])
    await ClosureReceipt.bulk_create(turned.affected.receipts(news, by), batch_size=500)
    await Task.create(name=TASK, about=news.id, created_at=now)
    hear = {
        number
        for day, numbers in turned.eaters.items()
        for number in numbers
        if number not in uncalled.get(day, ())
    }
    called = await turned.affected.must_call(by) & hear
    calls = await CallList.open(canteen.id, CallReason.CALENDAR, news.id, called, news.ends, by, now)
    return Told(news, calls)


async def tell_due(now: datetime, limit: int) -> list[Told]:
    """Have people told of up to `limit` chosen days that have come near enough to be planned."""
    near = DayChoice.filter(pending=True, voided_at=None, day__lte=(now + HORIZON + A_DAY).date())
    found = await near.order_by("id").limit(limit).select_for_update(skip_locked=True)
    by_decision: dict[tuple[int, int | None], list[DayChoice]] = {}
    canteens = {one.id: one for one in await Canteen.filter(id__in={row.canteen_id for row in found})}
    for row in found:
        if is_planned(canteens[row.canteen_id], row.day, now):
            by_decision.setdefault((row.canteen_id, row.by_id), []).append(row)
    said: list[Told] = []
    for (canteen_id, by_id), choices in by_decision.items():
        canteen = canteens[canteen_id]
        wished = await Schedule.of(canteen, now)
        before = wished.wishing({choice.day: not choice.cooks for choice in choices})
        turned = await Turned.of(canteen, {row.day: row.cooks for row in choices}, before, wished)
        await DayChoice.filter(id__in=[row.id for row in choices]).update(pending=False)
        told = await tell(canteen, choices, turned, await Person.get_or_none(id=by_id), now, {})
        said += [told] if told is not None else []
    return said


async def told_of(claims: Sequence[Claim]) -> set[int]:
    """Find the places of which the news of a calendar say already that they are gone."""
    if not claims:
        return set()
    people = {claim.person_id for claim in claims}
    found = ClosureReceipt.filter(person_id__in=list(people), news__kind=NewsKind.CALENDAR)
    return {number for receipt in await found for number in receipt.claims} & {claim.id for claim in claims}
