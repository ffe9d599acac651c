"""The last word on a day: what the coordinators heard of it first, so that only news is told once more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model

from models.calendar import ServiceDay
from models.dayreport import DayReport
from models.fields import UtcDatetimeField

LATER: Final = timedelta(minutes=90)


class FirstReport(Model):
    """The figures that the coordinators were told when a day was over.

    last_at: when it is looked at once more, an hour and a half after lunch is over; None when that is done.
    """

    id = fields.IntField(primary_key=True)
    service_day: fields.OneToOneRelation[ServiceDay] = fields.OneToOneField(
        "models.ServiceDay", related_name="first_report"
    )
    service_day_id: int
    figures: fields.Field[Any] = fields.JSONField()
    told_at = UtcDatetimeField()
    last_at = UtcDatetimeField(null=True, db_index=True)

    class Meta:
        table = "first_report"

    @classmethod
    async def keep(cls, day: ServiceDay, report: DayReport, now: datetime) -> None:
        """Keep what is told of a day now; told too late for a last word, it is the last word itself."""
        last_at = day.finish_at + LATER
        await cls.get_or_create(
            {"figures": report.figures, "told_at": now, "last_at": last_at if last_at > now else None},
            service_day_id=day.id,
        )

    @classmethod
    async def take_due(cls, now: datetime, limit: int) -> list[FirstReport]:
        """Take up to `limit` days whose last word is due; the caller says it now, where there is news."""
        due = await (
            cls.filter(last_at__lte=now)
            .order_by("last_at", "id")
            .limit(limit)
            .select_for_update(skip_locked=True)
        )
        if due:
            await cls.filter(id__in=[row.id for row in due]).update(last_at=None)
        return due
