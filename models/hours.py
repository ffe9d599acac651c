"""Volunteers' hours: minutes as facts, corrected by new entries, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.functions import Sum
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.months import month_of
from models.refusals import Gone
from models.shiftclock import AFTER, CLOSES_AFTER, EARLY

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.people import Person
    from models.shifts import Claim, Shift

MONTHS: Final = 6
LONGEST: Final = 24 * 60


class HoursSource(StrEnum):
    """How we know the minutes. Planned: the round was not ended, its planned end is assumed."""

    ROUND = "round"
    PLANNED = "planned"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Given:
    """What a volunteer has given, in minutes. assumed: of this, until planned ends that nobody confirmed."""

    this_month: int
    total: int
    assumed: int
    months: Sequence[tuple[date, int]]


class HoursEntry(Model):
    """Minutes that a volunteer served, travel excluded.

    True, accurate, complete: Order 67 of the Ministry of Civil Affairs, in force since 1 February 2021.
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
    minutes = fields.IntField()
    source = fields.CharEnumField(HoursSource, max_length=16)
    at = UtcDatetimeField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="entered_hours", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "hours_entry"
        indexes = (("person_id", "day"),)
        constraints = (
            UniqueConstraint(
                fields=("shift", "person"), name="hours_of_a_shift_count_once", condition="voided_at IS NULL"
            ),
        )

    @classmethod
    async def of_round(cls, claim: Claim, shift: Shift, now: datetime) -> HoursEntry:
        """Count a round from its first tap to its end, once; it takes the place of an assumed end.

        At most from a quarter of an hour before the shift (whoever looks at the doors at home has not begun)
        to two hours after it. The caller holds the shift's row.
        """
        from models.shifts import Claim

        assert claim.started_at is not None
        known = await cls.filter(shift_id=shift.id, person_id=claim.person_id, voided_at=None).first()
        if known is not None and known.source is not HoursSource.PLANNED:
            return known
        if known is not None:
            await cls._void(known, now)
        began = max(claim.started_at, shift.starts_at - EARLY)
        ended = max(began, min(now, shift.ends_at + AFTER))
        await Claim.filter(id=claim.id, finished_at=None).update(finished_at=ended)
        return await cls._add(claim, shift, max(1, _minutes(ended - began)), HoursSource.ROUND, now)

    @classmethod
    async def close_due(cls, now: datetime, limit: int) -> tuple[int, Sequence[HoursEntry]]:
        """Close up to `limit` shifts whose end has passed; tell how many, and whose end was assumed.

        A round that was begun and never ended counts to its planned end; one never begun counts nothing.
        """
        from models.introductions import Introduction
        from models.shifts import Claim, Shift, ShiftState

        due = await (
            Shift.filter(state=ShiftState.OPEN, next_at__lte=now, ends_at__lte=now - CLOSES_AFTER)
            .order_by("next_at", "id")
            .limit(limit)
            .select_for_update(skip_locked=True)
        )
        if not due:
            return 0, []
        by_id = {shift.id: shift for shift in due}
        await Shift.filter(id__in=list(by_id)).update(state=ShiftState.FINISHED, next_at=None)
        begun = await Claim.filter(
            shift_id__in=list(by_id),
            given_back_at=None,
            started_at__not_isnull=True,
            finished_at=None,
            missed_at=None,
        ).order_by("id")
        assumed = []
        for claim in begun:
            shift = by_id[claim.shift_id]
            minutes = _minutes(
                shift.ends_at - max(claim.started_at or shift.ends_at, shift.starts_at - EARLY)
            )
            if minutes > 0:
                assumed.append(await cls._add(claim, shift, minutes, HoursSource.PLANNED, now))
        for shift in due:
            await Introduction.of_shift(shift, now)
        return len(due), assumed

    @classmethod
    async def correct(cls, entry_id: int, minutes: int, by: Person, now: datetime) -> HoursEntry:
        """Put the right minutes in the place of an entry, which is kept as void. Raises NotAllowed, Gone."""
        from models.people import Role

        entry = await cls.filter(id=entry_id).select_for_update().first()
        if entry is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, entry.canteen_id)
        if entry.voided_at is not None or not 0 <= minutes <= LONGEST:
            raise Gone
        await cls._void(entry, now)
        return await cls.create(
            person_id=entry.person_id,
            canteen_id=entry.canteen_id,
            shift_id=entry.shift_id,
            day=entry.day,
            minutes=minutes,
            source=HoursSource.MANUAL,
            at=now,
            by_id=by.id,
        )

    @classmethod
    async def given_by(cls, person_id: int, today: date) -> Given:
        """Add up what a person has given: this month, in all, and in each of the last six months."""
        mine = cls.filter(person_id=person_id, voided_at=None)
        first = month_of(today, 1 - MONTHS)
        months = {month_of(today, -back): 0 for back in range(MONTHS)}
        for day, minutes in await mine.filter(day__gte=first).values_list("day", "minutes"):
            month = day.replace(day=1)
            months[month] = months.get(month, 0) + minutes
        sums = await mine.annotate(n=Sum("minutes")).values("n")
        assumed = await mine.filter(source=HoursSource.PLANNED).annotate(n=Sum("minutes")).values("n")
        return Given(
            months[month_of(today)],
            int(sums[0]["n"] or 0),
            int(assumed[0]["n"] or 0),
            sorted(months.items(), reverse=True),
        )

    @classmethod
    async def _add(
        cls, claim: Claim, shift: Shift, minutes: int, source: HoursSource, now: datetime
    ) -> HoursEntry:
        return await cls.create(
            person_id=claim.person_id,
            canteen_id=shift.canteen_id,
            shift_id=shift.id,
            day=shift.day,
            minutes=minutes,
            source=source,
            at=now,
        )

    @classmethod
    async def _void(cls, entry: HoursEntry, now: datetime) -> None:
        await cls.filter(id=entry.id, voided_at=None).update(voided_at=now)


def _minutes(length: timedelta) -> int:
    return round(length.total_seconds() / 60)
