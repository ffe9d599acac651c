"""Service days: when each step of a day on which a canteen cooks is due, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.expressions import F, Q
from tortoise.models import Model

from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.schedule import Schedule, wanted
from models.schedule import serves as serves

if TYPE_CHECKING:
    from models.meals import Meal
    from models.routes import Route

BATCH: Final = 100
CLOSED_AT_ONCE: Final = 50  # a backlog is shared by more than one transaction
TOGETHER: Final = timedelta(minutes=1)


class DayState(StrEnum):
    """How far a service day is."""

    PLANNED = "planned"
    CLOSED = "orders_closed"
    ROSTER = "roster_made"
    FROZEN = "kitchen_frozen"
    OUT = "out"
    FINISHED = "finished"


class Window(StrEnum):
    """What may still be changed of a day: all; lunches only called off; nothing but by the coordinator."""

    OPEN = "open"
    CANCEL_ONLY = "cancel_only"
    FROZEN = "frozen"


class ServiceDay(Model):
    """One day on which a canteen cooks; its instants are computed from the canteen's clock when planned.

    They never go backwards: close_at <= roster_at <= freeze_at <= out_at <= finish_at.
    freeze_at is None on days that were planned before there was such an hour: then it is roster_at.
    makeup: it is cooked though the canteen's week lacks this weekday; standing places don't count on it.
    stands_for: the weekdays whose eaters eat on it as well (a mask), where it is a make-up or added day.
    next_at is the instant of its next step: the one column that the scheduler asks.
    tell_at is set while the coordinators have not been told of the last step.
    recount_at is set while the kitchen has not been told what changed after its count was final.
    later: minutes by which a closure has lunch begin later. closes_with: the day with which it goes out.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="days"
    )
    canteen_id: int
    day = fields.DateField()
    state = fields.CharEnumField(DayState, max_length=32, default=DayState.PLANNED)
    close_at = UtcDatetimeField()
    roster_at = UtcDatetimeField()
    freeze_at = UtcDatetimeField(null=True)
    out_at = UtcDatetimeField()
    finish_at = UtcDatetimeField()
    closed_at = UtcDatetimeField(null=True)
    roster_made_at = UtcDatetimeField(null=True)
    frozen_at = UtcDatetimeField(null=True)
    finished_at = UtcDatetimeField(null=True)
    next_at = UtcDatetimeField(null=True, db_index=True)
    tell_at = UtcDatetimeField(null=True, db_index=True)
    makeup = fields.BooleanField(default=False, db_default=False)
    stands_for = fields.SmallIntField(null=True)
    later = fields.SmallIntField(null=True)
    closes_with = fields.DateField(null=True)
    recount_at = UtcDatetimeField(null=True, db_index=True)
    meals: fields.ReverseRelation[Meal]

    class Meta:
        table = "service_day"
        unique_together = (("canteen", "day"),)
        indexes = (("state", "day"),)

    def set_clock(self, schedule: Schedule, rounds: Iterable[Route]) -> None:
        """Compute the instants still to come, and which is next; lunch leaves with the first of `rounds`."""
        canteen = schedule.on(self.day)
        if self.state is DayState.PLANNED:
            opening = schedule.opening(self.day)
            self.makeup, self.stands_for = opening.makeup, opening.stands_for
            self.close_at = schedule.closes_at(self.closes_with or self.day)
        if self.state in (DayState.PLANNED, DayState.CLOSED):
            self.roster_at = max(self.close_at, canteen.at(self.day, canteen.roster_at))
        if self.state in (DayState.PLANNED, DayState.CLOSED, DayState.ROSTER):
            self.freeze_at = max(self.roster_at, canteen.at(self.day, canteen.freezes_at))
        later = timedelta(minutes=self.later or 0)
        if self.state is not DayState.OUT:
            starts = schedule.first_start(rounds, self.day)
            self.out_at = max(self.freezes, canteen.at(self.day, starts or canteen.lunch_at) + later)
        self.finish_at = max(self.out_at, canteen.at(self.day, canteen.finish_at) + later)
        self.next_at = {
            DayState.PLANNED: self.close_at,
            DayState.CLOSED: self.roster_at,
            DayState.ROSTER: self.freezes,
            DayState.FROZEN: self.out_at,
            DayState.OUT: self.finish_at,
        }[self.state]

    # -------------------------------------------------------------------------------------------- looking

    @property
    def freezes(self) -> datetime:
        """The instant from which on the kitchen cooks by what it has."""
        return self.freeze_at or self.roster_at

    def window(self, now: datetime) -> Window:
        """Tell what may still be changed."""
        if self.state is DayState.PLANNED and now < self.close_at:
            return Window.OPEN
        early = self.state in (DayState.PLANNED, DayState.CLOSED, DayState.ROSTER)
        return Window.CANCEL_ONLY if early and now < self.freezes else Window.FROZEN

    @classmethod
    async def open_days(cls, canteen_id: int, now: datetime, count: int) -> list[ServiceDay]:
        """List the next days whose orders are still open."""
        return (
            await cls.filter(canteen_id=canteen_id, state=DayState.PLANNED, close_at__gt=now)
            .order_by("day")
            .limit(count)
        )

    @classmethod
    async def cancel_only(cls, canteen_id: int, now: datetime) -> list[ServiceDay]:
        """List the days whose orders are closed, and whose lunches can still be called off."""
        early = (DayState.PLANNED, DayState.CLOSED, DayState.ROSTER)
        found = await cls.filter(
            canteen_id=canteen_id, state__in=early, close_at__lte=now, finish_at__gt=now
        ).order_by("day")
        return [row for row in found if row.window(now) is Window.CANCEL_ONLY]

    @classmethod
    async def coming(cls, canteen_id: int, now: datetime, count: int = 1) -> list[ServiceDay]:
        """List the service days whose lunch is not over, today's first."""
        return await cls.filter(canteen_id=canteen_id, finish_at__gt=now).order_by("day").limit(count)

    @classmethod
    async def of(cls, canteen_id: int, day: date) -> ServiceDay | None:
        """Find a canteen's service day; None when it does not cook, or is not planned so far ahead."""
        return await cls.get_or_none(canteen_id=canteen_id, day=day)

    @classmethod
    async def cooks_on(cls, canteen: Canteen, day: date, now: datetime) -> bool:
        """Tell whether a canteen means to cook on a day that is not planned yet."""
        return (await Schedule.of(canteen, now)).cooks(day)

    @classmethod
    async def wanted_on(cls, canteen: Canteen, day: date, weekdays: int, now: datetime) -> bool:
        """Tell whether somebody with these weekdays has lunch on a day, also on one not planned yet."""
        known = await cls.of(canteen.id, day)
        if known is not None:
            return known.wanted_by(weekdays)
        return (await Schedule.of(canteen, now)).opening(day).wanted_by(weekdays)

    def wanted_by(self, weekdays: int) -> bool:
        """Tell whether somebody with these weekdays has lunch on this day."""
        return wanted(weekdays, self.day, self.stands_for)

    # ---------------------------------------------------------------------------------------------- steps

    @classmethod
    async def close_due(cls, now: datetime, limit: int = CLOSED_AT_ONCE) -> int:
        """Close the orders of up to `limit` days whose hour has come, and make their meals; tell how many.

        Any number of processes may run it, as often as they like. A day that nobody closed in time is
        brought to where its clock is; when even its lunch is over, no meals are made and nobody is told.
        """
        from models.meals import Meal

        due = await cls._take(Q(state=DayState.PLANNED, next_at__lte=now), limit)
        if still_to_come := [row.id for row in due if now < row.finish_at]:
            await Meal.make(still_to_come)
        await cls._advance(due, now)
        return len(due)

    @classmethod
    async def advance_due(cls, now: datetime, limit: int = BATCH) -> int:
        """Take up to `limit` days whose orders are closed on to the step that is due; tell how many."""
        due = await cls._take(Q(next_at__lte=now) & ~Q(state=DayState.PLANNED), limit)
        await cls._advance(due, now)
        return len(due)

    @classmethod
    async def tell_due(cls, now: datetime, limit: int) -> list[ServiceDay]:
        """Take days whose last step the coordinators have not heard of; the caller tells them now."""
        due = await cls._take(Q(tell_at__lte=now), limit)
        if due:
            await cls.filter(id__in=[row.id for row in due]).update(tell_at=None)
        return due

    @classmethod
    async def recount(cls, day_ids: Sequence[int], now: datetime) -> None:
        """Let kitchens hear, a minute from now and all at once, what changed after their count was final."""
        from models.closures import Closure

        which = Q(id__in=list(day_ids))
        # What goes out with the lunch of another day is cooked on that one.
        days = {(row[0], row[1]) for row in await cls.filter(which).values_list("canteen_id", "day")}
        for canteen_id, day in await Closure.cooked_ahead(days):
            which |= Q(canteen_id=canteen_id, day=day)
        final = cls.filter(which, frozen_at__not_isnull=True, finished_at=None)
        await final.filter(recount_at=None).update(recount_at=now + TOGETHER)

    @classmethod
    async def recount_due(cls, now: datetime, limit: int) -> list[ServiceDay]:
        """Take days of which the kitchen is to hear what changed; the caller tells it now."""
        due = await cls._take(Q(recount_at__lte=now), limit)
        if due:
            await cls.filter(id__in=[row.id for row in due]).update(recount_at=None)
        return [row for row in due if row.state is not DayState.FINISHED]

    @classmethod
    async def _take(cls, which: Q, limit: int) -> list[ServiceDay]:
        found = cls.filter(which).order_by("day", "canteen_id").limit(limit)
        return await found.select_for_update(skip_locked=True)

    @classmethod
    async def _advance(cls, due: Sequence[ServiceDay], now: datetime) -> None:
        """Bring days to the state of their clock, one statement for each kind of step."""
        steps: dict[tuple[DayState, DayState], list[int]] = {}
        for row in due:
            steps.setdefault((row.state, row._state_at(now)), []).append(row.id)
        for (was, state), ids in steps.items():
            rows = cls.filter(id__in=ids)
            if was is DayState.PLANNED:
                await rows.update(closed_at=now)
            if was in (DayState.PLANNED, DayState.CLOSED) and state is not DayState.CLOSED:
                await rows.update(roster_made_at=now)
            if was not in (DayState.FROZEN, DayState.OUT) and state not in (DayState.CLOSED, DayState.ROSTER):
                await rows.update(frozen_at=now)
            # Neither the start of the rounds nor the roster of a lunch that is over is news.
            if (was, state) not in ((DayState.FROZEN, DayState.OUT), (DayState.PLANNED, DayState.FINISHED)):
                await rows.update(tell_at=now)
            match state:
                case DayState.CLOSED:
                    await rows.update(state=state, next_at=F("roster_at"))
                case DayState.ROSTER:
                    await rows.update(state=state, next_at=F("freeze_at"))
                case DayState.FROZEN:
                    await rows.update(state=state, next_at=F("out_at"))
                case DayState.OUT:
                    await rows.update(state=state, next_at=F("finish_at"))
                case _:
                    await rows.update(state=state, next_at=None, finished_at=now)

    def _state_at(self, now: datetime) -> DayState:
        if now >= self.finish_at:
            return DayState.FINISHED
        if now >= self.out_at:
            return DayState.OUT
        if now >= self.freezes:
            return DayState.FROZEN
        return DayState.ROSTER if now >= self.roster_at else DayState.CLOSED
