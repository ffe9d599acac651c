"""Service records: what a volunteer gave, numbered, for the organisation to stamp; anybody can verify one."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.audit import AuditEvent
from models.canteens import Canteen
from models.fields import BlindIndexField, EncryptedTextField, UtcDatetimeField, blind
from models.hours import COUNTED, HoursEntry
from models.people import Membership, Role
from models.refusals import Gone, NotAllowed
from models.shiftrefusals import NoHours

if TYPE_CHECKING:
    from models.people import Person

# Without letters that look like digits; sixteen of them are eighty bits, which nobody guesses.
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 16
LIKE_DIGITS: Final = str.maketrans("OIL", "011")
EVER: Final = date(2000, 1, 1)


class Standing(StrEnum):
    """How a record stands today. Corrected: an entry that it sums up was put right after it was given out."""

    GOOD = "good"
    REPLACED = "replaced"
    CORRECTED = "corrected"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know of a record who has its number and its code: nothing about a person."""

    number: str
    day: date
    minutes: int
    standing: Standing


class ServiceRecord(Model):
    """What a person gave to a canteen from one day to another, as it stood in the ledger when it was issued.

    Its four parts are those of 民发〔2015〕149号: the person, the service, who records, number and date.
    It is no certificate: that is for whoever may stamp it. An identity number is not kept: it gets a line.
    number: canteen, year and a running number. code: sealed, so that the same record can be printed again.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="service_records"
    )
    canteen_id: int
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="service_records", null=True, on_delete=fields.SET_NULL
    )
    person_id: int | None
    number = fields.CharField(max_length=32, unique=True)
    code = EncryptedTextField()
    code_index = BlindIndexField()
    first_day = fields.DateField()
    last_day = fields.DateField()
    minutes = fields.IntField()
    issued_at = UtcDatetimeField()
    issued_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="issued_records", null=True, on_delete=fields.SET_NULL
    )
    issued_by_id: int | None
    replaced_at = UtcDatetimeField(null=True)
    voided_at = UtcDatetimeField(null=True)
    voided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="voided_records", null=True, on_delete=fields.SET_NULL
    )
    voided_by_id: int | None
    reason = EncryptedTextField(null=True)

    class Meta:
        table = "service_record"
        indexes = (("canteen_id", "issued_at"), ("person_id",))

    @classmethod
    async def issue(
        cls, canteen_id: int, person_id: int, year: int | None, by: Person, now: datetime
    ) -> ServiceRecord:
        """Put a person's service of a year (None: of all years) on record; unchanged, it is the same record.

        An older one of the same year is replaced by it. Raises NotAllowed, Gone, NoHours.
        """
        await must_see(by, canteen_id, person_id)
        canteen = await Canteen.locked(canteen_id)
        first, last = _span(year, canteen.today(now))
        entries = await _of(canteen_id, person_id, first, last).filter(voided_at=None, minutes__gt=0)
        minutes = sum(entry.minutes for entry in entries)
        if not minutes:
            raise NoHours
        first = first if year else min(entry.day for entry in entries)
        alike = cls.filter(
            canteen_id=canteen_id, person_id=person_id, first_day=first, replaced_at=None, voided_at=None
        )
        for known in await alike:
            if known.minutes == minutes and not await known._corrected():
                return known
        await alike.update(replaced_at=now)
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        record = await cls.create(
            canteen_id=canteen_id,
            person_id=person_id,
            number=await cls._next_number(canteen, now),
            code=code,
            code_index=_index(code),
            first_day=first,
            last_day=last,
            minutes=minutes,
            issued_at=now,
            issued_by_id=by.id,
        )
        await AuditEvent.record("record.issue", f"service record {record.number}", by=by.id, now=now)
        return record

    @classmethod
    async def _next_number(cls, canteen: Canteen, now: datetime) -> str:
        start = f"{canteen.id}-{canteen.today(now).year}-"
        return f"{start}{await cls.filter(number__startswith=start).count() + 1:04}"

    @classmethod
    async def void(cls, record_id: int, reason: str, by: Person, now: datetime) -> ServiceRecord:
        """Take a record's worth away; it stays, and whoever verifies it is told. Raises NotAllowed, Gone."""
        record = await cls.get_or_none(id=record_id)
        if record is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, record.canteen_id)
        news = await cls.filter(id=record.id, voided_at=None).update(
            voided_at=now, voided_by_id=by.id, reason=reason
        )
        if news:
            await AuditEvent.record("record.void", f"service record {record.number}", by=by.id, now=now)
        return record

    @classmethod
    async def standing_in(cls, canteen_id: int, limit: int) -> list[ServiceRecord]:
        """List a canteen's records that are not void, the newest first."""
        there = cls.filter(canteen_id=canteen_id, voided_at=None).order_by("-id")
        return await there.limit(limit).prefetch_related("person", "canteen")

    async def entries(self) -> Sequence[HoursEntry]:
        """List the entries that it sums up, as the ledger stood when it was issued."""
        assert self.person_id is not None
        then = Q(at__lte=self.issued_at) & (Q(voided_at=None) | Q(voided_at__gt=self.issued_at))
        found = _of(self.canteen_id, self.person_id, self.first_day, self.last_day).filter(then)
        return await found.filter(minutes__gt=0).order_by("day", "id").prefetch_related("shift__route")

    @classmethod
    async def verify(cls, number: str, code: str) -> Verified | None:
        """Tell what a number and a code prove together; None where there is no such record."""
        said = code.upper().translate(LIKE_DIGITS)
        plain = "".join(letter for letter in said if letter in LETTERS)
        record = await cls.filter(code_index=_index(plain)).prefetch_related("canteen").first()
        given = number.strip().encode()
        if record is None or not hmac.compare_digest(record.number.encode(), given):
            return None
        return Verified(
            record.number, record.canteen.today(record.issued_at), record.minutes, await record._standing()
        )

    async def _standing(self) -> Standing:
        if self.voided_at is not None:
            return Standing.VOID
        if await self._corrected():
            return Standing.CORRECTED
        return Standing.GOOD if self.replaced_at is None else Standing.REPLACED

    async def _corrected(self) -> bool:
        """Tell whether an entry that it sums up was replaced since."""
        if self.person_id is None:
            return False
        summed = _of(self.canteen_id, self.person_id, self.first_day, self.last_day)
        return await summed.filter(at__lte=self.issued_at, voided_at__gt=self.issued_at).exists()


async def must_see(by: Person, canteen_id: int, person_id: int) -> None:
    """Check that hours are somebody's own, or of a canteen that they coordinate. Raises NotAllowed."""
    if by.id == person_id:
        return
    await by.must_be(Role.COORDINATOR, canteen_id)
    if not await Membership.filter(person_id=person_id, canteen_id=canteen_id).exists():
        raise NotAllowed


def _of(canteen_id: int, person_id: int, first: date, last: date) -> QuerySet[HoursEntry]:
    there = HoursEntry.filter(canteen_id=canteen_id, person_id=person_id, source__in=COUNTED)
    return there.filter(day__gte=first, day__lte=last)


def _span(year: int | None, today: date) -> tuple[date, date]:
    if year is None:
        return EVER, today
    return date(year, 1, 1), min(date(year, 12, 31), today)


def _index(code: str) -> str:
    return blind(code, "service-record")
