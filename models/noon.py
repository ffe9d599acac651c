"""What falls due around a lunch, beside the steps of its day: the desk closes, samples are missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.deskrules import instants
from models.fields import UtcDatetimeField
from models.schedule import Schedule
from models.sql import rows

if TYPE_CHECKING:
    from models.people import Person

BATCH: Final = 100
# Of a lunch that lies further back nobody needs to be asked any more: what was not noted stays unknown.
BACK: Final = timedelta(days=1)
UNPLANNED: Final = """
    SELECT sd.id FROM service_day sd
    WHERE sd.state IN ('orders_closed', 'roster_made', 'kitchen_frozen', 'out', 'finished') AND sd.day >= {0}
        AND NOT EXISTS (SELECT 1 FROM noon n WHERE n.service_day_id = sd.id)
    ORDER BY sd.day, sd.id LIMIT {1}
"""


class Noon(Model):
    """The noon of one service day; the instants become NULL when what is due has been done.

    desk_at: when the desk closes. samples_at: when missing samples are reminded of.
    closed_at: when it closed; closed_by: who said that nobody came, where nobody had been signed in.
    """

    id = fields.IntField(primary_key=True)
    service_day: fields.ForeignKeyRelation[ServiceDay] = fields.ForeignKeyField(
        "models.ServiceDay", related_name="noon", unique=True
    )
    service_day_id: int
    desk_at = UtcDatetimeField(null=True, db_index=True)
    samples_at = UtcDatetimeField(null=True, db_index=True)
    closed_at = UtcDatetimeField(null=True)
    closed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="closed_desks", null=True, on_delete=fields.SET_NULL
    )
    closed_by_id: int | None

    class Meta:
        table = "noon"

    @classmethod
    async def plan_due(cls, now: datetime, limit: int = BATCH) -> int:
        """Note the instants of up to `limit` days whose orders have closed; tell how many."""
        from models import datedrules

        unplanned = await rows(UNPLANNED, (now - BACK).date(), limit)
        if not unplanned:
            return 0
        days = await ServiceDay.filter(id__in=[row["id"] for row in unplanned])
        canteens = {
            canteen.id: canteen for canteen in await Canteen.filter(id__in={day.canteen_id for day in days})
        }
        rules = await datedrules.desk_rules(list(canteens.values()))
        schedules = await Schedule.of_all(list(canteens.values()), now)
        noons = []
        for day in days:
            canteen = schedules[day.canteen_id].on(day.day)
            desk_at, samples_at = instants(canteen, rules(canteen.id, day.day), day)
            noons.append(cls(service_day_id=day.id, desk_at=desk_at, samples_at=samples_at))
        # Two processes may plan at once: the first row of a day counts.
        await cls.bulk_create(noons, ignore_conflicts=True)
        return len(days)

    @classmethod
    async def replan(cls, canteen: Canteen, now: datetime) -> None:
        """Bring what is still to come in line with the canteen's rules."""
        from models import datedrules

        rules, schedule = await datedrules.desk_rules([canteen]), await Schedule.of(canteen, now)
        days = {
            day.id: day for day in await ServiceDay.filter(canteen_id=canteen.id, finish_at__gt=now - BACK)
        }
        ahead = cls.filter(service_day_id__in=list(days), closed_at=None)
        for noon in await ahead.order_by("id").select_for_update():
            day = days[noon.service_day_id]
            desk_at, samples_at = instants(schedule.on(day.day), rules(canteen.id, day.day), day)
            noon.desk_at = None if noon.desk_at is None else desk_at
            noon.samples_at = None if noon.samples_at is None else samples_at
            await noon.save(update_fields=["desk_at", "samples_at"])

    @classmethod
    async def desks_due(cls, now: datetime, limit: int) -> Sequence[Noon]:
        """Take days whose desk closes now, each once ever."""
        return await cls._take("desk_at", now, limit)

    @classmethod
    async def samples_due(cls, now: datetime, limit: int) -> Sequence[Noon]:
        """Take days of which missing samples are to be reminded of now, each once ever."""
        return await cls._take("samples_at", now, limit)

    @classmethod
    async def _take(cls, instant: str, now: datetime, limit: int) -> Sequence[Noon]:
        found = cls.filter(**{f"{instant}__lte": now}).order_by(instant, "id").limit(limit)
        due = await found.select_for_update(skip_locked=True)
        if due:
            await cls.filter(id__in=[noon.id for noon in due]).update(**{instant: None})
        return due


def is_open_for_guests(day: ServiceDay | None) -> bool:
    """Tell whether somebody can be signed in for a day: its orders are closed and its meals are made."""
    return day is not None and day.state is not DayState.PLANNED
