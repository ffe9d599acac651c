"""The canteen's own choice of single days: it cooks, or it does not, whatever week and holidays say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.refusals import DayFixed

if TYPE_CHECKING:
    from models.people import Person


AHEAD: Final = timedelta(days=400)  # as far as months are shown


class ChoiceOrigin(StrEnum):
    """How a day was chosen: by itself, with a month's proposal, or as the answer to a reminder."""

    SINGLE = "single"
    PROPOSAL = "proposal"
    ANSWER = "answer"


class DayChoice(Model):
    """A day on which a canteen cooks or not by its own choice; the newest that is not void counts."""

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
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "day_choice"
        indexes = (("canteen_id", "day"),)
        constraints = (
            UniqueConstraint(
                fields=("canteen", "day"), name="day_choice_in_force_is_one", condition="voided_at IS NULL"
            ),
        )

    @classmethod
    async def in_force(cls, canteen_ids: Sequence[int], since: date) -> list[DayChoice]:
        """List what several canteens have chosen from a day on."""
        return await cls.filter(canteen_id__in=canteen_ids, voided_at__isnull=True, day__gte=since)

    @classmethod
    async def decide(
        cls, canteen_id: int, days: Mapping[date, bool], *, origin: ChoiceOrigin, by: Person, now: datetime
    ) -> None:
        """Cook on some days, and not on others; all of it or nothing; decided twice, it is decided once.

        A day whose orders have closed, or could not be given any more, is fixed.
        Raises NotAllowed, Gone, DayFixed.
        """
        from models.calendar import DayState, ServiceDay
        from models.people import Role
        from models.schedule import Schedule

        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await Canteen.locked(canteen_id)
        held = ServiceDay.filter(canteen_id=canteen_id, day__in=list(days)).select_for_update()
        planned = {row.day: row for row in await held}
        wished = (await Schedule.of(canteen, now)).wishing(days)
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
        in_force = cls.filter(canteen_id=canteen_id, day__in=list(days), voided_at__isnull=True)
        known = {row.day: row for row in await in_force}
        news = {
            day: cooks for day, cooks in days.items() if day not in known or known[day].cooks is not cooks
        }
        await cls.filter(id__in=[row.id for day, row in known.items() if day in news]).update(voided_at=now)
        for day, cooks in news.items():
            await cls.create(canteen_id=canteen_id, day=day, cooks=cooks, origin=origin, by_id=by.id, at=now)
            act = "canteen.day_open" if cooks else "canteen.day_closed"
            await AuditEvent.record(act, f"canteen {canteen_id} on {day}", by=by.id, now=now)
        if news:
            await canteen.replan(now)
