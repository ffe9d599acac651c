"""What coordinators are asked about the calendar: make-up workdays to come, and years nobody knows yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from tortoise import fields
from tortoise.models import Model

from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.months import month_of
from models.quota import MonthPlan
from models.schedule import Schedule

ASK_AT: Final = "09:00"
DAYS_BEFORE: Final = (14, 3)
MONTH_BEFORE: Final = 10  # a week and a weekend: orders, and the first shifts, are still to be given
LOOK_AHEAD: Final = 28  # orders may close a week of service days, and of days off, before their day
DECEMBER: Final = 12


class AskKind(StrEnum):
    """What is asked or told. Known: what was not known of a year when it was told, is known now.

    Month: the days of the next month do not come to the canteen's number yet.
    """

    MAKEUP = "makeup"
    MONTH = "month"
    YEAR_UNKNOWN = "year_unknown"
    YEAR_KNOWN = "year_known"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be asked now. day: a make-up workday, or the first of a month or year.

    cooks: as planned so far. settled: the day is open and nothing can be answered any more; it is only told.
    """

    id: int
    canteen: Canteen
    kind: AskKind
    day: date
    cooks: bool
    settled: bool


class CalendarAsk(Model):
    """One question to a canteen's coordinators, asked once. step: how many days before; 0 for a year.

    next_at: when it is asked; empty once it was, or when there is nothing to ask any more.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="calendar_asks"
    )
    canteen_id: int
    kind = fields.CharEnumField(AskKind, max_length=16)
    day = fields.DateField()
    step = fields.SmallIntField()
    next_at = UtcDatetimeField(null=True, db_index=True)
    asked_at = UtcDatetimeField(null=True)

    class Meta:
        table = "calendar_ask"
        unique_together = (("canteen", "kind", "day", "step"),)

    @classmethod
    async def prepare(cls, schedules: Iterable[Schedule], now: datetime) -> None:
        """Note what is to be asked at several canteens; noted twice, it is asked once."""
        rows = [row for schedule in schedules for row in _next_month(schedule, now)]
        asked = [schedule for schedule in schedules if schedule.canteen.region is not None]
        rows += [row for schedule in asked for row in _makeup_days(schedule, now)]
        years = [(schedule, year) for schedule in asked for year in _years(schedule, now)]
        rows += [
            _of_year(schedule, year, AskKind.YEAR_UNKNOWN, now)
            for schedule, year in years
            if not schedule.sure(year)
        ]
        unknown = await cls._told_unknown([schedule.canteen.id for schedule in asked]) if asked else set()
        rows += [
            _of_year(schedule, year, AskKind.YEAR_KNOWN, now)
            for schedule, year in years
            if schedule.sure(year) and (schedule.canteen.id, year) in unknown
        ]
        if rows:
            await cls.bulk_create(rows, batch_size=500, ignore_conflicts=True)

    @classmethod
    async def _told_unknown(cls, canteen_ids: Sequence[int]) -> set[tuple[int, int]]:
        told = cls.filter(
            canteen_id__in=canteen_ids, kind=AskKind.YEAR_UNKNOWN, asked_at__not_isnull=True
        ).values_list("canteen_id", "day")
        return {(canteen_id, day.year) for canteen_id, day in await told}

    @classmethod
    async def take_due(cls, now: datetime, limit: int) -> tuple[int, Sequence[Ask]]:
        """Take up to `limit` questions whose hour has come; tell how many, and which are still worth asking.

        A day that somebody has decided meanwhile is not asked about; that it is open is told all the same the
        last time. Of two missed reminders one is said.
        """
        due = cls.filter(next_at__lte=now).order_by("next_at", "id").limit(limit)
        rows = await due.select_for_update(skip_locked=True)
        if not rows:
            return 0, []
        canteens = await Canteen.filter(id__in={row.canteen_id for row in rows})
        schedules = await Schedule.of_all(canteens, now)
        said: dict[tuple[int, AskKind, date], Ask] = {}
        for row in rows:
            schedule = schedules[row.canteen_id]
            open_ = await row._still_open(schedule, now)
            if open_ or row._to_tell(schedule, now):
                ask = Ask(row.id, schedule.canteen, row.kind, row.day, schedule.cooks(row.day), not open_)
                said[row.canteen_id, row.kind, row.day] = ask
        await cls.filter(id__in=[row.id for row in rows]).update(next_at=None, asked_at=now)
        return len(rows), list(said.values())

    @classmethod
    async def holds(cls, ask_id: int, now: datetime) -> bool:
        """Tell whether a question is still worth asking."""
        row = await cls.get(id=ask_id).prefetch_related("canteen")
        return await row._still_open(await Schedule.of(row.canteen, now), now)

    @classmethod
    async def holds_open(cls, ask_id: int, now: datetime) -> bool:
        """Tell whether a make-up day is still to come, and open."""
        row = await cls.get(id=ask_id).prefetch_related("canteen")
        return row._to_tell(await Schedule.of(row.canteen, now), now)

    def _to_tell(self, schedule: Schedule, now: datetime) -> bool:
        return (
            self.kind is AskKind.MAKEUP
            and self.step == min(DAYS_BEFORE)
            and schedule.cooks(self.day)
            and schedule.canteen.today(now) < self.day
        )

    async def _still_open(self, schedule: Schedule, now: datetime) -> bool:
        match self.kind:
            case AskKind.MAKEUP:
                special = schedule.special(self.day)
                return (
                    special is not None
                    and special.workday
                    and self.day not in schedule.choices
                    and now < schedule.closes_at(self.day)
                )
            case AskKind.MONTH:
                if schedule.canteen.today(now) >= self.day:
                    return False
                return bool((await MonthPlan.ahead(schedule.canteen, self.day, now)).proposal())
            case AskKind.YEAR_UNKNOWN:
                return not schedule.sure(self.day.year)
            case AskKind.YEAR_KNOWN:
                return schedule.sure(self.day.year)


def _next_month(schedule: Schedule, now: datetime) -> list[CalendarAsk]:
    canteen = schedule.canteen
    first = month_of(canteen.today(now), 1)
    at = canteen.at(first - timedelta(days=MONTH_BEFORE), ASK_AT)
    # A canteen that came after that has other things to do first; it looks at its months by itself.
    if schedule.on(first).quota is None or canteen.today(at) > canteen.today(now) or canteen.created_at > at:
        return []
    return [CalendarAsk(canteen_id=canteen.id, kind=AskKind.MONTH, day=first, step=MONTH_BEFORE, next_at=at)]


def _makeup_days(schedule: Schedule, now: datetime) -> list[CalendarAsk]:
    canteen = schedule.canteen
    today = canteen.today(now)
    return [
        CalendarAsk(canteen_id=canteen.id, kind=AskKind.MAKEUP, day=day, step=step, next_at=at)
        for day in _days_ahead(today, LOOK_AHEAD)
        if (special := schedule.special(day)) is not None and special.workday
        for step in DAYS_BEFORE
        if canteen.today(at := reminder(schedule, day, step)) <= today
    ]


def reminder(schedule: Schedule, day: date, step: int) -> datetime:
    """Tell when a make-up day is asked about: so many days before, or earlier while orders can be given.

    After days off the orders of a day may close long before it: those of Sunday 4 January 2026, after the
    three days of New Year, on 31 December.
    """
    canteen, closes_at = schedule.canteen, schedule.closes_at(day)
    last = canteen.at(canteen.today(closes_at), ASK_AT)
    if last >= closes_at:
        last = canteen.at(canteen.today(closes_at) - timedelta(days=1), ASK_AT)
    return min(canteen.at(day - timedelta(days=step), ASK_AT), last)


def _days_ahead(today: date, count: int) -> list[date]:
    return [today + timedelta(days=ahead) for ahead in range(1, count + 1)]


def _years(schedule: Schedule, now: datetime) -> list[int]:
    """Tell which years are needed now: this one, and the next from December on."""
    today = schedule.canteen.today(now)
    return [today.year, today.year + 1] if today.month == DECEMBER else [today.year]


def _of_year(schedule: Schedule, year: int, kind: AskKind, now: datetime) -> CalendarAsk:
    canteen = schedule.canteen
    needed = max(canteen.today(now), date(year - 1, DECEMBER, 1))
    return CalendarAsk(
        canteen_id=canteen.id, kind=kind, day=date(year, 1, 1), step=0, next_at=canteen.at(needed, ASK_AT)
    )
