"""The canteen's own choice of single days: it cooks, or it does not, whatever week and holidays say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.refusals import ClosedOtherwise, DayFixed

if TYPE_CHECKING:
    from models.closurenews import ClosureNews
    from models.daynews import Told, Turned
    from models.people import Person


AHEAD: Final = timedelta(days=400)  # as far as months are shown


class ChoiceOrigin(StrEnum):
    """How a day was chosen: by itself, with a month's proposal, or as the answer to a reminder."""

    SINGLE = "single"
    PROPOSAL = "proposal"
    ANSWER = "answer"


class DayChoice(Model):
    """A day on which a canteen cooks or not by its own choice; the newest that is not void counts.

    news: the messages about it. eaters: whose lunch it gives or takes, by what was known when they were
    told. pending: not told yet, as the day is not planned.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="day_choices"
    )
    canteen_id: int
    day = fields.DateField()
    cooks = fields.BooleanField()
    origin = fields.CharEnumField(ChoiceOrigin, max_length=16)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="day_choices", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    news: fields.ForeignKeyNullableRelation[ClosureNews] = fields.ForeignKeyField(
        "models.ClosureNews", related_name="choices", null=True
    )
    news_id: int | None
    eaters: fields.Field[Any] = fields.JSONField(null=True)
    pending = fields.BooleanField(default=False, db_default=False)
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "day_choice"
        indexes = (("canteen_id", "day"), ("news_id",), ("pending", "day"))
        constraints = (
            UniqueConstraint(
                fields=("canteen", "day"), name="day_choice_in_force_is_one", condition="voided_at IS NULL"
            ),
        )

    @property
    def seniors(self) -> frozenset[int]:
        """Tell of whom people were told: nobody as long as nobody was."""
        return frozenset(self.eaters or ())

    @classmethod
    async def in_force(cls, canteen_ids: Sequence[int], since: date) -> list[DayChoice]:
        """List what several canteens have chosen from a day on."""
        return await cls.filter(canteen_id__in=canteen_ids, voided_at__isnull=True, day__gte=since)

    @classmethod
    async def would(
        cls, canteen_id: int, days: Mapping[date, bool], *, by: Person, now: datetime
    ) -> Turned | None:
        """Tell whom a decision concerns, before it is taken; None: nobody. Raises what `decide` raises."""
        from models.people import Role

        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await Canteen.get(id=canteen_id)
        look = await cls._look(canteen, days, now)
        return look.turned if look.turned.concerns else None

    @classmethod
    async def decide(
        cls, canteen_id: int, days: Mapping[date, bool], *, origin: ChoiceOrigin, by: Person, now: datetime
    ) -> Told | None:
        """Cook on some days, and not on others; all of it or nothing; decided twice, it is decided once.

        Those whose lunch comes or goes by it are told, at once of days that are planned by now, of others as
        soon as they are. A day whose orders have closed, or could not be given any more, is fixed.
        Raises NotAllowed, Gone, DayFixed, ClosedOtherwise.
        """
        from models import daynews
        from models.people import Role

        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await Canteen.locked(canteen_id)
        look = await cls._look(canteen, days, now)
        over = [row for day, row in look.known.items() if day in look.news]
        await cls.filter(id__in=[row.id for row in over]).update(voided_at=now)
        tell: list[DayChoice] = []
        for day, cooks in look.news.items():
            known = look.known.get(day)
            # What is turned back before anybody was told of it is no news.
            turns = day in look.turned.cooks and not (known is not None and known.pending)
            soon = daynews.is_planned(canteen, day, now)
            row = await cls.create(
                canteen_id=canteen_id, day=day, cooks=cooks, origin=origin, by_id=by.id, at=now,
                pending=turns and not soon,
            )  # fmt: skip
            tell += [row] if turns and soon else []
            act = "canteen.day_open" if cooks else "canteen.day_closed"
            await AuditEvent.record(act, f"canteen {canteen_id} on {day}", by=by.id, now=now)
        if not look.news:
            return None
        uncalled = await daynews.call_nobody_any_more(over, now)
        turned = await look.turned.only([row.day for row in tell], canteen)
        await canteen.replan(now)
        return await daynews.tell(canteen, tell, turned, by, now, uncalled)

    @classmethod
    async def _look(cls, canteen: Canteen, days: Mapping[date, bool], now: datetime) -> _Look:
        """Hold the days and check that they may be chosen. Raises DayFixed, ClosedOtherwise."""
        from models.calendar import DayState, ServiceDay
        from models.closures import Closure
        from models.daynews import Turned
        from models.schedule import Schedule

        held = ServiceDay.filter(canteen_id=canteen.id, day__in=list(days)).select_for_update()
        planned = {row.day: row for row in await held}
        before = await Schedule.of(canteen, now)
        wished = before.wishing(days)
        today = canteen.today(now)
        for day, cooks in days.items():
            if not today <= day <= today + AHEAD:
                raise DayFixed(day)
            row = planned.get(day)
            still_open = now < (wished.closes_at(day) if row is None else row.close_at)
            if row is not None and row.state is not DayState.PLANNED:
                still_open = False
            if not still_open and cooks is (row is None):
                raise DayFixed(day)
            # A day with which others go out must be cooked; and what was declared for it is ended first.
            if row is not None and not cooks:
                if await Closure.of(canteen.id, day) is not None:
                    raise ClosedOtherwise(day)
                if carried := await Closure.ahead_of([canteen.id], day):
                    raise ClosedOtherwise(carried[0].day)
        in_force = cls.filter(canteen_id=canteen.id, day__in=list(days), voided_at__isnull=True)
        known = {row.day: row for row in await in_force}
        news = {
            day: cooks for day, cooks in days.items() if day not in known or known[day].cooks is not cooks
        }
        return _Look(known, news, await Turned.of(canteen, news, before, wished))


@dataclass(frozen=True, slots=True)
class _Look:
    """Days that may be chosen. known: what is in force for them; news: what is chosen otherwise now."""

    known: Mapping[date, DayChoice]
    news: Mapping[date, bool]
    turned: Turned
