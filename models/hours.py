"""Volunteers' hours: a ledger of minutes. What is wrong is put right by a new entry; nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import EncryptedTextField, UtcDatetimeField
from models.refusals import Gone, NotAllowed
from models.shiftclock import AFTER, EARLY
from models.shiftrefusals import HoursSettled

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.people import Person
    from models.shifts import Claim, Shift

LONGEST: Final = 24 * 60


class HoursSource(StrEnum):
    """How we know the minutes.

    Planned: the check-out was forgotten, and the minutes are those of the plan. Said: the volunteer has said
    since when it was. Neither counts until a coordinator has confirmed it.
    """

    ROUND = "round"
    PLANNED = "planned"
    SAID = "said"
    MANUAL = "manual"


class HoursKind(StrEnum):
    """What an entry does: it counts what was done, puts another right, or voids it."""

    WORKED = "worked"
    CORRECTION = "correction"
    VOID = "void"


COUNTED: Final = (HoursSource.ROUND, HoursSource.MANUAL)
OPEN: Final = (HoursSource.PLANNED, HoursSource.SAID)


class HoursEntry(Model):
    """Minutes that a volunteer served, from check-in to check-out, travel excluded.

    True, accurate, complete, and put right on the volunteer's request: Order 67 of the Ministry of Civil
    Affairs, in force since 1 February 2021.
    replaces: the entry in whose place it stands, which is void since `voided_at`; each has one successor.
    Only unvoided entries of a source in COUNTED make up a sum.
    """

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="hours")
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="hours"
    )
    canteen_id: int
    shift: fields.ForeignKeyNullableRelation[Shift] = fields.ForeignKeyField(
        "models.Shift", related_name="hours", null=True
    )
    shift_id: int | None
    day = fields.DateField()
    began_at = UtcDatetimeField(null=True)
    ended_at = UtcDatetimeField(null=True)
    minutes = fields.IntField()
    source = fields.CharEnumField(HoursSource, max_length=16)
    kind = fields.CharEnumField(
        HoursKind, max_length=16, default=HoursKind.WORKED, db_default=HoursKind.WORKED.value
    )
    replaces: fields.ForeignKeyNullableRelation[HoursEntry] = fields.ForeignKeyField(
        "models.HoursEntry", related_name="replaced_by", null=True, on_delete=fields.NO_ACTION
    )
    replaces_id: int | None
    reason = EncryptedTextField(null=True)
    at = UtcDatetimeField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="entered_hours", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "hours_entry"
        indexes = (("person_id", "day"), ("canteen_id", "day"))
        constraints = (
            UniqueConstraint(
                fields=("shift", "person"), name="hours_of_a_shift_count_once", condition="voided_at IS NULL"
            ),
            UniqueConstraint(fields=("replaces",), name="hours_are_replaced_once"),
            CheckConstraint(check="kind <> 'void' OR minutes = 0", name="void_hours_are_none"),
        )

    @property
    def open(self) -> bool:
        """Tell whether it waits for a coordinator to say how long it was."""
        return self.voided_at is None and self.source in OPEN

    @property
    def counted(self) -> int:
        """Give the minutes that it adds to a sum."""
        return self.minutes if self.voided_at is None and self.source in COUNTED else 0

    @classmethod
    async def of_round(cls, claim: Claim, shift: Shift, now: datetime) -> HoursEntry:
        """Count a round from check-in to its end, once; it takes the place of an end that was not known.

        At most to two hours after the shift. The caller holds the shift's row.
        """
        from models.shifts import Claim

        known = await cls.filter(shift_id=shift.id, person_id=claim.person_id, voided_at=None).first()
        if known is not None and not known.open:
            return known
        began = began_of(claim, shift)
        ended = max(began, min(now, shift.ends_at + AFTER))
        await Claim.filter(id=claim.id, finished_at=None).update(finished_at=ended)
        told: dict[str, Any] = {
            "minutes": max(1, minutes_of(ended - began)),
            "source": HoursSource.ROUND,
            "began_at": began,
            "ended_at": ended,
        }
        if known is not None:
            return await known.replaced(now, **told)
        return await cls.begin(claim, shift, now, **told)

    @classmethod
    async def begin(cls, claim: Claim, shift: Shift, now: datetime, **told: Any) -> HoursEntry:
        """Write the first entry of somebody's place on a shift."""
        return await cls.create(
            person_id=claim.person_id,
            canteen_id=shift.canteen_id,
            shift_id=shift.id,
            day=shift.day,
            at=now,
            **told,
        )

    @classmethod
    async def settle(cls, entry_id: int, minutes: int, by: Person, now: datetime) -> HoursEntry:
        """Say how long it was where the check-out was forgotten; 0 minutes count nothing.

        Raises Gone, NotAllowed, HoursSettled.
        """
        entry = await cls._coordinated(entry_id, by)
        if not entry.open or not 0 <= minutes <= LONGEST:
            raise HoursSettled
        ended = entry.began_at + timedelta(minutes=minutes) if entry.began_at and minutes else None
        return await entry.replaced(
            now,
            minutes=minutes,
            source=HoursSource.MANUAL,
            kind=HoursKind.WORKED if minutes else HoursKind.VOID,
            by_id=by.id,
            began_at=entry.began_at,
            ended_at=ended,
        )

    @classmethod
    async def correct(cls, entry_id: int, minutes: int, reason: str, by: Person, now: datetime) -> HoursEntry:
        """Put the right minutes in the place of an entry, with the reason; none at all voids it.

        Raises Gone, NotAllowed, HoursSettled when another entry stands in its place already.
        """
        entry = await cls._coordinated(entry_id, by)
        if entry.voided_at is not None or not 0 <= minutes <= LONGEST:
            raise HoursSettled
        kind = HoursKind.CORRECTION if minutes else HoursKind.VOID
        await AuditEvent.record(f"hours.{kind}", f"hours {entry.id}", by=by.id, now=now)
        return await entry.replaced(
            now, minutes=minutes, source=HoursSource.MANUAL, kind=kind, reason=reason, by_id=by.id
        )

    @classmethod
    async def add(
        cls,
        person_id: int,
        canteen_id: int,
        day: date,
        minutes: int,
        reason: str,
        by: Person,
        now: datetime,
    ) -> HoursEntry:
        """Write down service that no round recorded. Raises NotAllowed, Gone; ValueError: a day to come."""
        from models.canteens import Canteen
        from models.people import Membership, Role

        await by.must_be(Role.COORDINATOR, canteen_id)
        if not await Membership.filter(person_id=person_id, canteen_id=canteen_id).exists():
            raise Gone
        if day > (await Canteen.get(id=canteen_id)).today(now):
            raise ValueError(f"{day} is still to come")
        entry = await cls.create(
            person_id=person_id,
            canteen_id=canteen_id,
            day=day,
            minutes=minutes,
            source=HoursSource.MANUAL,
            reason=reason,
            at=now,
            by_id=by.id,
        )
        await AuditEvent.record("hours.add", f"hours {entry.id}", by=by.id, now=now)
        return entry

    @classmethod
    async def held(cls, entry_id: int) -> HoursEntry | None:
        """Read an entry, and hold its shift: whoever replaces it or ends that round comes after the other."""
        from models.shifts import Shift

        entry = await cls.get_or_none(id=entry_id)
        if entry is None:
            return None
        await Shift.filter(id=entry.shift_id).select_for_update()
        return await cls.filter(id=entry_id).select_for_update().first()

    async def replaced(self, now: datetime, **told: Any) -> HoursEntry:
        """Write an entry in the place of this one, which is kept as void. Raises HoursSettled."""
        if not await HoursEntry.filter(id=self.id, voided_at=None).update(voided_at=now):
            raise HoursSettled
        return await HoursEntry.create(
            person_id=self.person_id,
            canteen_id=self.canteen_id,
            shift_id=self.shift_id,
            day=self.day,
            at=now,
            replaces_id=self.id,
            **told,
        )

    @classmethod
    async def _coordinated(cls, entry_id: int, by: Person) -> HoursEntry:
        from models.people import Membership, Role

        entry = await cls.held(entry_id)
        if entry is None:
            raise Gone
        if not await Membership.holds(by.id, entry.canteen_id, Role.COORDINATOR):
            raise NotAllowed
        return entry


def began_of(claim: Claim, shift: Shift) -> datetime:
    """Tell when somebody's service began: when they said that they were there.

    Without that, with their first look at the doors, but not earlier than a quarter of an hour before the
    shift: whoever looks at home, or on the way, has not begun.
    """
    if claim.arrived_at is not None:
        return claim.arrived_at
    assert claim.started_at is not None
    return max(claim.started_at, shift.starts_at - EARLY)


def minutes_of(length: timedelta) -> int:
    """Round a length to minutes."""
    return round(length.total_seconds() / 60)
