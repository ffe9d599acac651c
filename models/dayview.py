"""How a day stands at a canteen, in a few questions to the rows: lunches, routes, and what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.boxes import boxes_out
from models.calendar import DayState, ServiceDay
from models.calls import CallList
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.closures import Closure
from models.doorwords import left_with, unsure
from models.households import doors_of
from models.meals import NOT_MET, Due, Meal, MealState
from models.messaging import Heartbeat
from models.people import Membership, Person
from models.quota import Served, served
from models.routes import Kind
from models.seniors import Mode, Senior, Status
from models.shifts import Claim, Shift, ShiftState

LATE_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody who carries a route."""

    person: Person
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """One route, or other work, of a day: who does it, how far it is. started_at: of whoever began first."""

    name: str
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    carriers: Sequence[Carrier]
    free: int
    doors: int
    done: int
    started_at: datetime | None
    finished: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next day in numbers. orders_open: they may still change. closed: nothing is cooked on it."""

    day: date
    lunches: int
    orders_open: bool
    close_at: datetime
    free: int
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Standstill:
    """A step of a day is overdue: nothing has moved it. last_run: when a job last ran to its end."""

    due_at: datetime
    last_run: datetime | None


@dataclass(frozen=True, slots=True)
class DayView:
    """What a coordinator wants to know at one glance. What nobody noted is unknown, never served.

    homeless: lunches to be brought home that are on no route. guests: lunches more, for who comes along.
    states: a lunch that goes elsewhere stays with a shut door while the worry about it goes on.
    unsure: lunches brought back of which nobody has said whether somebody was met.
    with_neighbours: whose lunch is with whom, where somebody has named them.
    calls: seniors whom somebody has to call. boxes: those that are still out and shall come back.
    """

    canteen: Canteen
    day: date
    service_day: ServiceDay | None
    modes: Mapping[Mode, int]
    states: Mapping[MealState, int]
    homeless: int
    guests: int
    walks: Sequence[Walk]
    cases: Sequence[Case]
    waiting: int
    ahead: Ahead | None
    standstill: Standstill | None
    month: Served | None
    closure: Closure | None = None
    calls: int = 0
    boxes: int = 0
    unsure: int = 0
    with_neighbours: Sequence[tuple[str, str]] = ()

    @property
    def lunches(self) -> int:
        """Count the lunches of the day."""
        return sum(self.modes.values())

    @property
    def free(self) -> int:
        """Count the places that nobody has claimed, of rounds that are not over."""
        rounds = [walk for walk in self.walks if walk.kind is Kind.ROUND]
        return sum(walk.free for walk in rounds if not walk.finished)

    @property
    def brought_out(self) -> bool:
        """Tell whether lunch has left the house for somebody's door."""
        left = self.service_day is not None and self.service_day.state in (DayState.OUT, DayState.FINISHED)
        return left and self.modes.get(Mode.DELIVERY, 0) > 0

    @classmethod
    async def of(cls, canteen_id: int, day: date, now: datetime) -> DayView:
        """Look at a day of a canteen."""
        canteen = await Canteen.get(id=canteen_id)
        days = await ServiceDay.filter(canteen_id=canteen_id, day__gte=day).order_by("day").limit(2)
        today = next((each for each in days if each.day == day), None)
        following = next((each for each in days if each.day > day), None)
        due = [] if today is None else await Meal.due([canteen_id], day)
        cases = await Case.open_of([canteen_id])
        shut = _shut(cases)
        back = [each.meal_id for each in due if _state(each, shut) is MealState.RETURNED and each.meal_id]
        return cls(
            canteen=canteen,
            day=day,
            service_day=today,
            modes=Counter(each.mode for each in due),
            states=Counter(_state(each, shut) for each in due),
            homeless=sum(each.mode is Mode.DELIVERY and each.route_id is None for each in due),
            guests=sum(each.guests for each in due),
            walks=await _walks(canteen_id, day, due),
            cases=cases,
            waiting=await _waiting(canteen_id),
            ahead=None if following is None else await _ahead(following, now),
            standstill=await _standstill(canteen_id, now),
            month=await served(canteen, day, now),
            closure=await Closure.of(canteen_id, day),
            calls=await CallList.left(canteen_id, canteen.today(now)),
            boxes=sum((await boxes_out(canteen_id, day)).values()),
            unsure=len(await unsure(back)),
            with_neighbours=await _with_neighbours(due),
        )


async def _with_neighbours(due: Sequence[Due]) -> list[tuple[str, str]]:
    left = {
        each.meal_id: each.senior_id for each in due if each.state is MealState.NEIGHBOUR and each.meal_id
    }
    named = {meal_id: word.neighbour for meal_id, word in (await left_with(left)).items() if word.neighbour}
    seniors = await Senior.in_bulk([left[meal_id] for meal_id in named]) if named else {}
    return [(seniors[left[meal_id]].display, name) for meal_id, name in named.items()]


def _shut(cases: Sequence[Case]) -> set[int]:
    """List the lunches of doors that stay shut, wherever these lunches go."""
    climbing = [case for case in cases if case.kind is CaseKind.NO_ANSWER and case.rested_at is None]
    return {case.meal_id for case in climbing if case.meal_id is not None}


def _state(due: Due, shut: Collection[int]) -> MealState:
    return MealState.NO_ANSWER if due.state in NOT_MET and due.meal_id in shut else due.state


async def _walks(canteen_id: int, day: date, due: Sequence[Due]) -> list[Walk]:
    shifts = (
        await Shift.filter(canteen_id=canteen_id, day=day)
        .exclude(state__in=(ShiftState.CANCELLED, ShiftState.DROPPED))
        .order_by("starts_at", "route__position", "id")
        .prefetch_related("route")
    )
    held = Claim.filter(shift_id__in=[shift.id for shift in shifts], given_back_at=None, left_at=None)
    claims: dict[int, list[Claim]] = {}
    for claim in await held.order_by("id").prefetch_related("person"):
        claims.setdefault(claim.shift_id, []).append(claim)
    behind = await doors_of(each.senior_id for each in due if each.route_id is not None)
    doors = _count((each.route_id, behind[each.senior_id]) for each in due if each.route_id is not None)
    open_doors = _count(
        (each.route_id, behind[each.senior_id])
        for each in due
        if each.route_id is not None and each.state is MealState.EXPECTED
    )
    return [
        Walk(
            name=shift.route.name,
            kind=shift.route.kind,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            carriers=[
                Carrier(claim.person, claim.confirmed_at is not None) for claim in claims.get(shift.id, [])
            ],
            free=shift.places_left,
            doors=doors[shift.route_id],
            done=doors[shift.route_id] - open_doors[shift.route_id],
            started_at=min(
                (claim.started_at for claim in claims.get(shift.id, []) if claim.started_at), default=None
            ),
            finished=shift.state is ShiftState.FINISHED,
        )
        for shift in shifts
    ]


def _count(doors: Iterable[tuple[int, int]]) -> Counter[int]:
    """Count the doors of each route; two who live behind one are one."""
    return Counter(route_id for route_id, _door in set(doors))


async def _waiting(canteen_id: int) -> int:
    seniors = await Senior.filter(canteen_id=canteen_id, status__in=(Status.ENQUIRY, Status.OWN_YES)).count()
    return (
        seniors
        + await Membership.filter(
            canteen_id=canteen_id, accepted_at__isnull=True, ended_at__isnull=True
        ).count()
    )


async def _ahead(day: ServiceDay, now: datetime) -> Ahead:
    shifts = await Shift.filter(
        canteen_id=day.canteen_id, day=day.day, state=ShiftState.OPEN, route__kind=Kind.ROUND
    )
    return Ahead(
        day=day.day,
        lunches=len(await Meal.due([day.canteen_id], day.day)),
        orders_open=day.state is DayState.PLANNED and now < day.close_at,
        close_at=day.close_at,
        free=sum(shift.places_left for shift in shifts),
        closed=(await Closure.editions([(day.canteen_id, day.day)]))[day.canteen_id, day.day].closed,
    )


async def _standstill(canteen_id: int, now: datetime) -> Standstill | None:
    stuck = ServiceDay.filter(canteen_id=canteen_id, next_at__lt=now - LATE_AFTER).order_by("next_at")
    first = await stuck.first()
    if first is None or first.next_at is None:
        return None
    beat = await Heartbeat.all().order_by("-at").first()
    return Standstill(first.next_at, None if beat is None else beat.at)
