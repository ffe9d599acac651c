"""Hours added up: always from the ledger, never from a sum that was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tortoise.functions import Count, Sum
from tortoise.queryset import QuerySet

from models.hours import COUNTED, OPEN, HoursEntry
from models.months import last_day, month_of
from models.people import Membership, Person, Role

MONTHS: Final = 6


@dataclass(frozen=True, slots=True)
class Given:
    """What a volunteer has given, in minutes, and the entries of this month.

    open: the entries of any month that wait to be confirmed, and count nothing yet.
    """

    this_month: int
    total: int
    months: Sequence[tuple[date, int]]
    entries: Sequence[HoursEntry]
    open: Sequence[HoursEntry]


@dataclass(frozen=True, slots=True)
class Share:
    """What one person gave in a month, in minutes; rounds: on how many occasions; open: not counted yet."""

    person: Person
    minutes: int
    rounds: int
    open: int


async def given_by(person_id: int, today: date) -> Given:
    """Add up what a person has given: this month, in all, and in each of the last six months."""
    mine = HoursEntry.filter(person_id=person_id, voided_at=None)
    counted = mine.filter(source__in=COUNTED)
    this = month_of(today)
    months = {month_of(today, -back): 0 for back in range(MONTHS)}
    for day, minutes in await counted.filter(day__gte=min(months)).values_list("day", "minutes"):
        months[day.replace(day=1)] = months.get(day.replace(day=1), 0) + minutes
    sums = await counted.annotate(n=Sum("minutes")).values("n")
    return Given(
        months[this],
        int(sums[0]["n"] or 0),
        sorted(months.items(), reverse=True),
        await _listed(counted.filter(day__gte=this)),
        await _listed(mine.filter(source__in=OPEN)),
    )


async def of_person(person_id: int, canteen_id: int, month: date) -> list[HoursEntry]:
    """List what stands for a person in a month, also what was voided in the end; the oldest first."""
    there = HoursEntry.filter(person_id=person_id, canteen_id=canteen_id, voided_at=None)
    return await _listed(there.filter(day__gte=month, day__lte=last_day(month)))


async def by_person(canteen_id: int, month: date) -> list[Share]:
    """Add up a canteen's month for each person, most minutes first."""
    there = HoursEntry.filter(canteen_id=canteen_id, voided_at=None, day__gte=month, day__lte=last_day(month))
    open_: dict[int, int] = {}
    sums: dict[int, tuple[int, int]] = {}
    for person_id, n in (
        await there.filter(source__in=OPEN)
        .annotate(n=Count("id"))
        .group_by("person_id")
        .values_list("person_id", "n")
    ):
        open_[person_id] = int(n)
    for person_id, minutes, n in (
        await there.filter(source__in=COUNTED, minutes__gt=0)
        .annotate(sum=Sum("minutes"), n=Count("id"))
        .group_by("person_id")
        .values_list("person_id", "sum", "n")
    ):
        sums[person_id] = (int(minutes), int(n))
    people = await Person.filter(id__in=list(open_.keys() | sums.keys()))
    shares = [Share(person, *sums.get(person.id, (0, 0)), open_.get(person.id, 0)) for person in people]
    return sorted(shares, key=lambda share: (-share.minutes, share.person.id))


async def open_in(canteen_id: int) -> list[HoursEntry]:
    """List a canteen's entries that wait for a coordinator, the oldest first."""
    return await _listed(HoursEntry.filter(canteen_id=canteen_id, voided_at=None, source__in=OPEN))


async def servants(canteen_id: int, month: date) -> list[Person]:
    """List whose hours can be looked at: who carries now, and who gave something in a month."""
    known = {share.person.id: share.person for share in await by_person(canteen_id, month)}
    for role in (Role.VOLUNTEER, Role.COORDINATOR):
        for person in await Membership.people(canteen_id, role):
            known.setdefault(person.id, person)
    return sorted(known.values(), key=lambda person: ((person.name or "").casefold(), person.id))


async def ledger(
    *, canteen_id: int | None = None, person_id: int | None = None, month: date | None = None
) -> list[HoursEntry]:
    """List every entry that was ever written, void ones too, of a person or of a canteen's month."""
    found = HoursEntry.all()
    if canteen_id is not None:
        found = found.filter(canteen_id=canteen_id)
    if person_id is not None:
        found = found.filter(person_id=person_id)
    if month is not None:
        found = found.filter(day__gte=month, day__lte=last_day(month))
    return await found.order_by("day", "id").prefetch_related("person", "shift__route", "canteen", "by")


async def _listed(found: QuerySet[HoursEntry]) -> list[HoursEntry]:
    return await found.order_by("day", "id").prefetch_related("person", "shift__route", "canteen")
