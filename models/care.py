"""How a canteen cares: the minutes of the ladder at a shut door, and what else it wants to know."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.people import Person, Role
from models.refusals import StepsOutOfOrder

if TYPE_CHECKING:
    from models.canteens import Canteen

MINUTES: Final = ("red_after", "call_after", "go_on_after", "again_after", "second_after")
AT_MOST: Final = 480
MAINLAND: Final = frozenset(
    {"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "Asia/Kashgar", "PRC"}
)


class MapService(StrEnum):
    """Whose map shows volunteers the way."""

    AMAP = "amap"
    GOOGLE = "google"
    OSM = "osm"
    NONE = "none"


class Care(Model):
    """What a canteen wants done when nobody answers; a canteen without a row has the defaults.

    All in minutes after nobody answered: the case turns red; the coordinator phones; the volunteer may go on;
    all coordinators are alerted again (and after every so many minutes); a second coordinator is asked.
    wellbeing: volunteers may say at the door how somebody is. unseen_days: service days until amber.
    maps: whose map shows the way; None: the one that works where the canteen is.
    boxes_since: from which day on boxes are counted that come back; None: they do not.
    photo_days, voice_days: for how long photos and voice notes are kept.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="care"
    )
    canteen_id: int
    red_after = fields.SmallIntField(default=5)
    call_after = fields.SmallIntField(default=10)
    go_on_after = fields.SmallIntField(default=15)
    again_after = fields.SmallIntField(default=30)
    second_after = fields.SmallIntField(default=120)
    wellbeing = fields.BooleanField(default=False)
    unseen_days = fields.SmallIntField(default=2)
    maps = fields.CharEnumField(MapService, max_length=16, null=True)
    boxes_since = fields.DateField(null=True)
    photo_days = fields.SmallIntField(default=30, db_default=30)
    voice_days = fields.SmallIntField(default=90, db_default=90)

    class Meta:
        table = "care"
        unique_together = (("canteen",),)

    @property
    def minutes(self) -> list[int]:
        """List the minutes of the ladder in the order of its steps."""
        return [getattr(self, name) for name in MINUTES]

    def must_fit(self, _canteen: Canteen) -> None:
        """Check that the steps come one after the other. Raises StepsOutOfOrder."""
        if (
            self.minutes != sorted(set(self.minutes))
            or not 1 <= self.red_after < self.second_after <= AT_MOST
        ):
            raise StepsOutOfOrder

    def map_service(self, zone: str) -> MapService:
        """Tell whose map is used in a time zone: in mainland China others do not open."""
        return self.maps or (MapService.AMAP if zone in MAINLAND else MapService.GOOGLE)

    @classmethod
    async def of(cls, canteen_id: int) -> Care:
        """Find what a canteen wants; the defaults if nobody has changed them."""
        return await cls.get_or_none(canteen_id=canteen_id) or cls(canteen_id=canteen_id)

    @classmethod
    async def change(
        cls, canteen_id: int, *, by: Person, now: datetime, **values: int | bool | MapService | date | None
    ) -> Care:
        """Change what a canteen wants; a ladder under way keeps the minutes with which it began.

        Raises NotAllowed, Gone, and StepsOutOfOrder if a step would come before the one above it.
        """
        from models import datedrules
        from models.canteens import Canteen

        await by.must_be(Role.COORDINATOR, canteen_id)
        # Held, so that two first changes do not make two rows.
        canteen = await Canteen.locked(canteen_id)
        care = await cls.of(canteen_id)
        care.update_from_dict(values)
        await datedrules.must_hold("care", canteen, now, care)
        await care.save()
        for name in values:
            await AuditEvent.record(f"care.{name}", f"canteen {canteen_id}", by=by.id, now=now)
        return care

    @classmethod
    async def use_boxes(cls, canteen_id: int, today: date | None, by: Person, now: datetime) -> None:
        """Count boxes from a day on, or no more; what is counted already goes on. Raises NotAllowed, Gone."""
        care = await cls.of(canteen_id)
        if (care.boxes_since is None) != (today is None):
            await cls.change(canteen_id, by=by, now=now, boxes_since=today)
        else:
            await by.must_be(Role.COORDINATOR, canteen_id)
