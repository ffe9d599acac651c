"""Canteens and their clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models import holidays
from models.audit import AuditEvent
from models.fields import EncryptedTextField, LocalTimeField, UtcDatetimeField
from models.labelsheets import LabelSheet
from models.refusals import Gone, SettingsOutOfOrder, SettingUnreadable
from models.routes import Route as Route
from models.routes import Stop as Stop
from models.sql import numbers, rows

if TYPE_CHECKING:
    from models.people import Organisation, Person

MONDAY_TO_FRIDAY: Final = 0b0011111
QUOTA: Final = 22
EMERGENCY: Final = {
    "Asia/Shanghai": "120",
    "Asia/Urumqi": "120",
    "Asia/Hong_Kong": "999",
    "Asia/Macau": "999",
    "Asia/Taipei": "119",
    "Asia/Singapore": "995",
    "Asia/Tokyo": "119",
    "Europe/London": "999",
    "America/New_York": "911",
    "America/Chicago": "911",
    "America/Denver": "911",
    "America/Los_Angeles": "911",
    "America/Mexico_City": "911",
}
PLANNING: Final = frozenset(
    {
        "weekdays",
        "lunch_at",
        "cutoff_at",
        "cutoff_days",
        "roster_at",
        "freeze_at",
        "finish_at",
        "remind_at",
        "places",
        "zone",
        "region",
    }
)
# Who is family where, and not the coordinator there.
CARING: Final = """
    SELECT person_id, canteen_id FROM (
        SELECT m.person_id, m.canteen_id FROM membership m
        WHERE m.person_id IN ({people}) AND m.role = 'family'
            AND m.ended_at IS NULL AND m.accepted_at IS NOT NULL
        UNION
        SELECT k.person_id, s.canteen_id FROM kinship k JOIN senior s ON s.id = k.senior_id
        WHERE k.person_id IN ({people}) AND k.ended_at IS NULL AND k.linked
    ) family
    WHERE NOT EXISTS (SELECT 1 FROM membership c
        WHERE c.person_id = family.person_id AND c.canteen_id = family.canteen_id
            AND c.role = 'coordinator' AND c.ended_at IS NULL AND c.accepted_at IS NOT NULL)
    ORDER BY person_id, canteen_id
"""
SETTINGS: Final = PLANNING | {
    "week_limit",
    "introduces",
    "name",
    "language",
    "human_name",
    "human_phone",
    "emergency_number",
    "quota",
    "label_sheet",
}


class Canteen(Model):
    """A place that cooks lunch, with its own clock.

    All times are local "HH:MM". Orders close at `cutoff_at`, `cutoff_days` service days before.
    region: whose public holidays it keeps, such as "CN" or "ES-MD"; none keeps its week all year.
    quota: on how many days of a month it means to cook; none counts nothing.
    introduces: whoever is new to a kind of shift goes with somebody who knows it, the first time.
    freeze_at: from when on the kitchen cooks by what it has; None: with the roster.
    report_at: when the report of the month that ends before it is due; None until that is first worked out.
    """

    id = fields.IntField(primary_key=True)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="canteens", null=True
    )
    organisation_id: int | None
    name = fields.CharField(max_length=200)
    zone = fields.CharField(max_length=40)
    language = fields.CharField(max_length=10, default="en")
    weekdays = fields.SmallIntField(default=MONDAY_TO_FRIDAY)
    lunch_at = LocalTimeField(default="11:30")
    cutoff_at = LocalTimeField(default="16:00")
    cutoff_days = fields.SmallIntField(default=1)
    roster_at = LocalTimeField(default="08:00")
    freeze_at = LocalTimeField(null=True)
    finish_at = LocalTimeField(default="12:30")
    remind_at = LocalTimeField(default="18:00")
    human_name = EncryptedTextField(null=True)
    human_phone = EncryptedTextField(null=True)
    emergency_number = fields.CharField(max_length=40, default="112")
    places = fields.SmallIntField(default=1)
    region = fields.CharField(max_length=6, null=True)
    quota = fields.SmallIntField(null=True, default=QUOTA, db_default=QUOTA)
    week_limit = fields.SmallIntField(null=True)
    introduces = fields.BooleanField(default=False, db_default=False)
    planned_until = fields.DateField(null=True)
    next_at = UtcDatetimeField(null=True, db_index=True)
    label_sheet = fields.CharEnumField(LabelSheet, max_length=16, null=True)
    report_at = UtcDatetimeField(null=True, db_index=True)
    created_at = UtcDatetimeField()
    routes: fields.ReverseRelation[Route]

    class Meta:
        table = "canteen"
        constraints = (
            CheckConstraint(check="weekdays BETWEEN 1 AND 127", name="canteen_opens_some_day"),
            CheckConstraint(check="places >= 1", name="canteen_shift_has_a_place"),
        )

    @classmethod
    async def open(
        cls, name: str, zone: str, language: str, now: datetime, *, route: str = "Route 1"
    ) -> Canteen:
        """Begin a canteen that is usable at once: the default clock, weekdays and one route.

        Raises SettingUnreadable for a zone that nobody knows.
        """
        from models import dayplan
        from models.dayplan import HORIZON

        if zone not in available_timezones() or not name.strip():
            raise SettingUnreadable
        canteen = await cls.create(
            name=name.strip(),
            zone=zone,
            language=language,
            emergency_number=EMERGENCY.get(zone, "112"),
            region=holidays.region_of(zone),
            created_at=now,
        )
        await Route.create(canteen_id=canteen.id, name=route, position=1)
        await dayplan.plan(canteen, canteen.today(now) + HORIZON, now)
        return canteen

    @classmethod
    async def locked(cls, canteen_id: int) -> Canteen:
        """Read a canteen and hold its row until the transaction ends. Raises Gone."""
        canteen = await cls.filter(id=canteen_id).select_for_update().first()
        if canteen is None:
            raise Gone
        return canteen

    @classmethod
    async def caring_for(cls, person_ids: Iterable[int]) -> dict[int, list[Canteen]]:
        """List for each of these people the canteens where they are family, and not the coordinator."""
        found = [
            (row["person_id"], row["canteen_id"]) for row in await rows(CARING, people=numbers(person_ids))
        ]
        known = (
            {canteen.id: canteen for canteen in await cls.filter(id__in={one[1] for one in found})}
            if found
            else {}
        )
        caring: dict[int, list[Canteen]] = {}
        for person_id, canteen_id in found:
            caring.setdefault(person_id, []).append(known[canteen_id])
        return caring

    @property
    def labels(self) -> LabelSheet:
        """Tell on which sheet labels are printed."""
        return self.label_sheet or LabelSheet.A4_24

    async def coordinators(self) -> list[Person]:
        """List who looks after this canteen, longest first."""
        from models.people import Membership, Role

        return await Membership.people(self.id, Role.COORDINATOR)

    @property
    def human(self) -> tuple[str, str]:
        """Tell whom to call: a name and a phone number; empty until the first coordinator has come."""
        return self.human_name or "", self.human_phone or ""

    @classmethod
    async def change(cls, canteen_id: int, *, by: Person, now: datetime, **values: Any) -> Canteen:
        """Change settings, and what is planned by them.

        Raises NotAllowed, SettingUnreadable, and SettingsOutOfOrder if the day would not run in its order.
        """
        from models.datedsettings import DatedSetting
        from models.people import Role

        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await cls.locked(canteen_id)
        assert values.keys() <= SETTINGS
        quota = canteen.quota
        canteen.update_from_dict(values)
        await canteen.must_run(now)
        await canteen.save(update_fields=list(values))
        for name in values:
            await AuditEvent.record(f"canteen.{name}", f"canteen {canteen_id}", by=by.id, now=now)
        if canteen.quota != quota:
            await DatedSetting.keep(canteen, "quota", quota, by, now)
        if values.keys() & PLANNING:
            await canteen.replan(now)
        return canteen

    async def must_run(self, now: datetime) -> None:
        """Check that its day runs in its order, also with what is to come. Raises as `change`."""
        from models.schedule import Schedule

        for canteen in (await Schedule.of(self, now)).changes():
            canteen._validate()

    async def replan(self, now: datetime) -> None:
        """Bring the days, noons, shifts and calls to come in line with the settings."""
        from models import callrules, dayplan
        from models.datedsettings import DatedSetting
        from models.noon import Noon
        from models.shiftplan import replan

        await DatedSetting.follow(self, now)
        await dayplan.replan(self, now)
        await replan(self, now)
        await Noon.replan(self, now)
        await callrules.replan(self, now)

    @property
    def freezes_at(self) -> str:
        """Tell from which hour on the kitchen cooks by what it has."""
        return self.freeze_at or self.roster_at

    def _validate(self) -> None:
        if (
            self.zone not in available_timezones()
            or not self.name.strip()
            or not self.emergency_number.strip()
            or not 1 <= self.weekdays <= 127
            or not 1 <= self.places <= 20
            or not 0 <= self.cutoff_days <= 7
            or not (self.quota is None or 1 <= self.quota <= 31)
            or not (self.region is None or holidays.exists(self.region))
            or not 1 <= (self.week_limit or 1) <= 7
        ):
            raise SettingUnreadable
        closes = self.cutoff_at if self.cutoff_days == 0 else "00:00"
        if not closes <= self.roster_at <= self.freezes_at <= self.lunch_at < self.finish_at:
            raise SettingsOutOfOrder

    def today(self, now: datetime) -> date:
        """Tell the canteen's date at an instant."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, clock: str) -> datetime:
        """Turn a local wall time of a day into an instant (UTC): `instant` in this canteen's zone."""
        return instant(day, clock, self.zone)


def instant(day: date, clock: str, zone: str) -> datetime:
    """Turn a local wall time into an instant (UTC).

    A time in a daylight-saving gap moves forward; of a repeated hour the first counts.
    """
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)
