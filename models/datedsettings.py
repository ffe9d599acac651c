"""Settings from a day on, of a canteen, a route or one senior: kept until then, put into force once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import PLANNING, Canteen
from models.fields import UtcDatetimeField
from models.refusals import Gone, SettingUnreadable

if TYPE_CHECKING:
    from tortoise.queryset import QuerySet

    from models.people import Person
    from models.routes import Route
    from models.schedule import Schedule
    from models.seniors import Senior

CLOCKS: Final = frozenset({"lunch_at", "cutoff_at", "roster_at", "freeze_at", "finish_at", "remind_at"})
NUMBERS: Final = frozenset({"weekdays", "cutoff_days", "quota", "places", "week_limit"})
DATED: Final = CLOCKS | NUMBERS


class DatedSetting(Model):
    """One setting of a canteen from a day on; days from then on are planned with it beforehand.

    value: a clock, or a number; empty for none. starts_at: the canteen's midnight of `since`.
    before: what it took the place of, once it holds; None where nobody kept it.
    senior, route: it is a setting of this one alone; see models/datedseniors.py and models/datedroutes.py.
    name: a canteen's column, or a room and its rule, as models/datedrules.py names them.
    order: the seniors of a route in their new order.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="dated_settings"
    )
    canteen_id: int
    senior: fields.ForeignKeyNullableRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="dated_settings", null=True
    )
    senior_id: int | None
    route: fields.ForeignKeyNullableRelation[Route] = fields.ForeignKeyField(
        "models.Route", related_name="dated_settings", null=True
    )
    route_id: int | None
    name = fields.CharField(max_length=20)
    value = fields.CharField(max_length=20)
    before = fields.CharField(max_length=20, null=True)
    order: fields.Field[Any] = fields.JSONField(null=True)
    since = fields.DateField()
    starts_at = UtcDatetimeField(db_index=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="dated_settings", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    applied_at = UtcDatetimeField(null=True)
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "dated_setting"
        indexes = (("canteen_id", "since"),)

    @property
    def room(self) -> str | None:
        """Name the room whose rule it is; None of what is the canteen's, a route's or a senior's."""
        return self.name.partition(".")[0] if "." in self.name else None

    @property
    def rule(self) -> str:
        """Name the rule within its room."""
        return self.name.partition(".")[2]

    @property
    def whose(self) -> str:
        """Name what it is a setting of, as the audit does."""
        if self.senior_id is not None:
            return f"senior {self.senior_id}"
        return f"canteen {self.canteen_id}" if self.route_id is None else f"route {self.route_id}"

    @property
    def act(self) -> str:
        """Name the change as the audit does: whose, or which room's, and what."""
        return self.name if self.room else f"{self.whose.partition(' ')[0]}.{self.name}"

    @property
    def of_canteen(self) -> bool:
        """Tell whether it is a column of the canteen itself."""
        return self.senior_id is None and self.route_id is None and self.room is None

    @property
    def for_lists(self) -> bool:
        """Tell whether it is for the lists of a day, which are made when its orders close."""
        from models.datedroutes import ORDER

        return self.senior_id is not None or self.name == ORDER

    @property
    def setting(self) -> str | int | None:
        """Give the value as the canteen holds it."""
        return self.read(self.value)

    def read(self, value: str) -> str | int | None:
        """Read a value as the canteen holds it."""
        if self.name in CLOCKS:
            return value or None
        return int(value) if value else None

    @classmethod
    def waiting(cls) -> QuerySet[DatedSetting]:
        """Find what does not hold yet, and was not taken back."""
        return cls.filter(applied_at__isnull=True, voided_at__isnull=True)

    @classmethod
    async def coming(cls, canteen_ids: Sequence[int]) -> list[DatedSetting]:
        """List what is still to come at several canteens and on their routes, soonest first."""
        waiting = cls.waiting().filter(canteen_id__in=canteen_ids, senior_id__isnull=True)
        return await waiting.order_by("since", "id")

    @classmethod
    async def plan(
        cls,
        canteen_id: int,
        values: Mapping[str, Any],
        since: date,
        *,
        by: Person,
        now: datetime,
    ) -> Canteen:
        """Let settings hold from a day to come; a newer one for the same day takes an older one's place.

        Raises NotAllowed, Gone, SettingUnreadable (also for a day that is not to come), SettingsOutOfOrder;
        of rules also StepsOutOfOrder, CallHoursOutOfOrder.
        """
        from models import datedrules
        from models.people import Role

        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await Canteen.locked(canteen_id)
        assert values.keys() <= DATED | datedrules.RULES
        if since <= canteen.today(now):
            raise SettingUnreadable
        same = cls.waiting().filter(canteen_id=canteen_id, since=since, name__in=list(values))
        await same.filter(senior_id__isnull=True, route_id__isnull=True).update(voided_at=now)
        rooms = set()
        for name, value in values.items():
            row = await cls.create(
                canteen_id=canteen_id,
                name=name,
                value=datedrules.written(name, value) if "." in name else written(value),
                since=since,
                starts_at=canteen.at(since, "00:00"),
                by_id=by.id,
                at=now,
            )
            await AuditEvent.record(row.act, f"{row.whose} from {since}", by=by.id, now=now)
            if row.room is not None:
                rooms.add(row.room)
        for room in rooms:
            await datedrules.must_hold(room, canteen, now)
        await canteen.must_run(now)
        if values.keys() & PLANNING or rooms:
            await canteen.replan(now)
        return canteen

    @classmethod
    async def take_back(cls, setting_id: int, by: Person, now: datetime) -> DatedSetting:
        """Let things stay as they are; done twice, it is done once.

        Raises Gone once it holds, NotAllowed, and as `plan` does where the rest needs it.
        """
        from models import datedroutes, datedrules
        from models.people import Role

        row = await cls.get_or_none(id=setting_id)
        if row is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, row.canteen_id)
        canteen = await Canteen.locked(row.canteen_id)
        await row.refresh_from_db()
        if row.applied_at is not None or datedroutes.is_under_way(row):
            raise Gone
        if row.voided_at is None:
            await cls.filter(id=row.id).update(voided_at=now)
            await AuditEvent.record(f"{row.act}_stays", f"{row.whose} from {row.since}", by=by.id, now=now)
            await datedroutes.was_taken_back(row, now)
            await canteen.must_run(now)
            if row.room is not None:
                await datedrules.must_hold(row.room, canteen, now)
            await canteen.replan(now)
        return row

    def begins(self, schedule: Schedule) -> datetime:
        """Tell when it is put into force; lists of its day are made with what they are for."""
        from models import datedroutes, datedseniors

        if self.for_lists or (datedroutes.closes(self) and not datedroutes.is_under_way(self)):
            return datedseniors.starts_at(schedule, self.since)
        return schedule.canteen.at(self.since, "00:00")

    @classmethod
    async def keep(cls, canteen: Canteen, name: str, before: object, by: Person, now: datetime) -> None:
        """Note a setting that was changed at once, so that it can be told what held on the days before."""
        today = canteen.today(now)
        await cls.create(
            canteen_id=canteen.id,
            name=name,
            value=written(getattr(canteen, name)),
            before=written(before),
            since=today,
            starts_at=canteen.at(today, "00:00"),
            by_id=by.id,
            at=now,
            applied_at=now,
        )

    @classmethod
    async def quota_on(cls, canteen: Canteen, day: date) -> int | None:
        """Tell on how many days of a month the canteen meant or means to cook, as it holds on a day."""
        rows = await cls.filter(canteen_id=canteen.id, name="quota", voided_at=None).order_by("since", "id")
        quota: str | int | None = canteen.quota
        later = [row for row in rows if row.applied_at is not None and row.since > day]
        if later and later[0].before is not None:
            quota = later[0].read(later[0].before)
        elif not later:
            due = [row for row in rows if row.applied_at is None and row.since <= day]
            quota = due[-1].setting if due else quota
        assert not isinstance(quota, str)
        return quota

    @classmethod
    async def follow(cls, canteen: Canteen, now: datetime) -> None:
        """Move the instants of what is to come, after the canteen's clock, zone or days changed."""
        from models.schedule import Schedule

        waiting = await cls.waiting().filter(canteen_id=canteen.id)
        if not waiting:
            return
        schedule = await Schedule.of(canteen, now)
        for row in waiting:
            at = row.begins(schedule)
            if at != row.starts_at:
                await cls.filter(id=row.id).update(starts_at=at)


def written(value: object) -> str:
    """Write a value of the canteen for its row."""
    return "" if value is None else str(value)
