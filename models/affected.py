"""Whom a closure concerns: seniors and their families, volunteers with places, cooks, coordinators."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.closurenews import ClosureNews, ClosureReceipt
from models.closures import Closure, ClosureKind
from models.meals import Due, Meal, MealState
from models.people import Account, Membership, Person, Role
from models.seniors import Kinship, Mode, Senior
from models.shifts import Claim, Shift, ShiftState


@dataclass(frozen=True, slots=True)
class Affected:
    """What a closure changes, as it is before it acts.

    lunches: those that it changes. left_out: seniors whom its help does not reach by itself: on no route when
    lunch is brought home, or without a lunch on the day before. claims: also of those who carry it that day.
    kin: who follows whom by chat.
    """

    lunches: Sequence[Due]
    seniors: Mapping[int, Senior]
    left_out: Sequence[Senior]
    shifts: Sequence[Shift]
    claims: Sequence[Claim]
    cooks: Sequence[Person]
    coordinators: Sequence[Person]
    kin: Mapping[int, Sequence[int]]

    @property
    def alone(self) -> int:
        """Count those who live alone."""
        return sum(senior.alone for senior in self.seniors.values())

    @classmethod
    async def of(
        cls, canteen: Canteen, days: Sequence[ServiceDay], kind: ClosureKind, ahead: Mapping[date, date]
    ) -> Affected:
        """Find whom a closure of these days concerns. ahead: on which day each day's lunch goes out."""
        dates = [day.day for day in days]
        wanted = await Meal.wanted([canteen.id], min(dates), max(dates))
        lunches = [each for each in wanted if each.day in dates and _is_changed(each, kind)]
        seniors = await _seniors({each.senior_id for each in lunches})
        shifts = await Shift.filter(
            canteen_id=canteen.id, day__in=dates, state=ShiftState.OPEN
        ).prefetch_related("route")
        concerned = {*dates, *ahead.values()}
        held = Claim.filter(
            shift__canteen_id=canteen.id,
            shift__day__in=list(concerned),
            shift__state=ShiftState.OPEN,
            given_back_at=None,
        )
        claims = await held.order_by("shift__starts_at", "id").prefetch_related("person", "shift__route")
        return cls(
            lunches=lunches,
            seniors=seniors,
            left_out=[seniors[number] for number in await _left_out(canteen, lunches, kind, ahead)],
            shifts=shifts,
            claims=claims,
            cooks=await Membership.people(canteen.id, Role.KITCHEN),
            coordinators=await Membership.people(canteen.id, Role.COORDINATOR),
            kin=await _kin(seniors),
        )

    @classmethod
    async def by_calendar(
        cls, canteen: Canteen, senior_ids: Collection[int], dropped: Collection[date]
    ) -> Affected:
        """Find whom it concerns that a calendar gives or takes these seniors a lunch, and drops some days."""
        seniors = await _seniors(senior_ids)
        held = Claim.filter(
            shift__canteen_id=canteen.id,
            shift__day__in=list(dropped),
            shift__state=ShiftState.OPEN,
            given_back_at=None,
        )
        return cls(
            lunches=[],
            seniors=seniors,
            left_out=[],
            shifts=[],
            claims=await held.order_by("shift__starts_at", "id").prefetch_related("person", "shift__route"),
            cooks=await Membership.people(canteen.id, Role.KITCHEN),
            coordinators=await Membership.people(canteen.id, Role.COORDINATOR),
            kin=await _kin(seniors),
        )

    async def must_call(self, by: Person | None) -> set[int]:
        """Find whom somebody has to call: who lives alone, and whom nobody follows who can be written to."""
        people = {person for followers in self.kin.values() for person in followers}
        found = Account.filter(person_id__in=list(people), reachable=True)
        reachable = {account.person_id for account in await found}
        return {
            senior.id
            for senior in self.seniors.values()
            if (by is None or by.id not in self.kin.get(senior.id, ()))
            and (senior.alone or not reachable.intersection(self.kin.get(senior.id, ())))
        }

    def receipts(self, news: ClosureNews, by: Person | None) -> list[ClosureReceipt]:
        """Make a receipt for everybody who is to be told, each once; whoever declares it knows it already."""
        found: dict[int, dict[str, Any]] = {}

        def of(person_id: int) -> dict[str, Any]:
            return found.setdefault(
                person_id, {"coordinates": False, "cooks": False, "seniors": [], "claims": []}
            )

        for person in self.coordinators:
            of(person.id)["coordinates"] = True
        for person in self.cooks:
            of(person.id)["cooks"] = True
        for senior_id, followers in self.kin.items():
            for person_id in followers:
                of(person_id)["seniors"].append(senior_id)
        for claim in self.claims:
            of(claim.person_id)["claims"].append(claim.id)
        if by is not None:
            found.pop(by.id, None)
        return [
            ClosureReceipt(news_id=news.id, person_id=person_id, **what)
            for person_id, what in sorted(found.items())
        ]


def _is_changed(due: Due, kind: ClosureKind) -> bool:
    if due.state is not MealState.EXPECTED:
        return False
    return kind is not ClosureKind.CONVERTED or due.mode is not Mode.DELIVERY


async def _left_out(
    canteen: Canteen, lunches: Sequence[Due], kind: ClosureKind, ahead: Mapping[date, date]
) -> list[int]:
    if kind is ClosureKind.CONVERTED:
        from models.routes import Stop

        ids = {each.senior_id for each in lunches}
        placed = Stop.filter(senior_id__in=list(ids), left_at=None, route__closed_at=None)
        return sorted(ids - set(await placed.values_list("senior_id", flat=True)))
    if kind is not ClosureKind.AHEAD:
        return []
    before = {
        day: {each.senior_id for each in await Meal.due([canteen.id], day)} for day in set(ahead.values())
    }
    return sorted({each.senior_id for each in lunches if each.senior_id not in before[ahead[each.day]]})


async def _seniors(ids: Collection[int]) -> dict[int, Senior]:
    return {senior.id: senior for senior in await Senior.filter(id__in=list(ids)).order_by("id")}


async def _kin(seniors: Collection[int]) -> dict[int, list[int]]:
    linked = Kinship.filter(senior_id__in=list(seniors), linked=True, ended_at=None).order_by("id")
    found: dict[int, list[int]] = {}
    for kin in await linked:
        if kin.hears:
            found.setdefault(kin.senior_id, []).append(kin.person_id)
    return found


async def in_force_before(canteen_id: int, day: date, without: Collection[date]) -> ServiceDay | None:
    """Find the last day before another one on which lunch is cooked, leaving some days out."""
    days = ServiceDay.filter(canteen_id=canteen_id, day__lt=day).exclude(day__in=list(without))
    for found in await days.order_by("-day").limit(30):
        closure = await Closure.of(canteen_id, found.day)
        if closure is None or closure.kind not in (ClosureKind.CLOSED, ClosureKind.AHEAD):
            return found
    return None
