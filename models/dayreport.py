"""How a day went, for the coordinator: counts, and the names of those whom nobody saw."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from models.calendar import ServiceDay
from models.cases import Case, CaseKind
from models.meals import BY_CLOSURE, SEEN, Meal, MealState
from models.orders import ChangeKind, OrderChange
from models.seniors import Mode, Senior
from models.shifts import Claim, ShiftState

NOT_HANDED_OVER = (MealState.REFUSED, MealState.NO_ANSWER, MealState.RETURNED, MealState.NOT_COME)


@dataclass(frozen=True, slots=True)
class DayReport:
    """The figures of a day; `unknown` is what nobody noted, and never counts as served.

    fetched: picked up by somebody else, so that nobody saw the senior. guests: who came along, as noted.
    surplus: called off when they were cooked already.
    planned: the meals made when orders closed; cancelled: of these, taken off the list later.
    closed: lunches that fell away because the canteen closed, or went out the day before; neither is planned.
    skipped: lunches that were called off in time. not_seen: those brought a lunch and not seen in person;
    those who eat at the canteen are among them only when somebody signs people in there.
    different: of whom a volunteer said that something is different that day.
    """

    day: date
    planned: int
    in_person: int
    left: int
    fetched: int
    not_handed_over: int
    cancelled: int
    unknown: int
    skipped: int
    not_seen: list[Senior]
    different: list[Senior]
    volunteers: list[str]
    open_cases: int
    closed: int = 0
    guests: int = 0
    surplus: int = 0

    @property
    def figures(self) -> dict[str, int | list[int]]:
        """Give what may still change when the day is over, without names."""
        return {
            "in_person": self.in_person,
            "left": self.left,
            "not_handed_over": self.not_handed_over,
            "unknown": self.unknown,
            "cancelled": self.cancelled,
            "open_cases": self.open_cases,
            "not_seen": sorted(senior.id for senior in self.not_seen),
            "different": sorted(senior.id for senior in self.different),
        }

    @classmethod
    async def of(cls, service_day: ServiceDay) -> DayReport:
        """Add up a day."""
        canteen_id, day = service_day.canteen_id, service_day.day
        meals = (
            await Meal.filter(service_day_id=service_day.id)
            .order_by("route_id", "position", "senior_id")
            .prefetch_related("senior")
        )
        states = Counter(meal.state for meal in meals)
        desk = any(meal.state is MealState.SIGNED_IN for meal in meals)
        closed = sum(states[state] for state in BY_CLOSURE)
        expected_to_be_seen = [
            meal
            for meal in meals
            if meal.state not in SEEN
            and meal.state not in (MealState.CANCELLED, *BY_CLOSURE)
            and (meal.mode is Mode.DELIVERY or desk or meal.state in (MealState.NOT_COME, MealState.FETCHED))
        ]
        concerns = (
            await Case.filter(canteen_id=canteen_id, day=day, kind=CaseKind.CONCERN)
            .order_by("id")
            .prefetch_related("senior")
        )
        claims = (
            await Claim.filter(shift__canteen_id=canteen_id, shift__day=day, given_back_at=None)
            .exclude(shift__state=ShiftState.CANCELLED)
            .prefetch_related("person")
        )
        return cls(
            day=day,
            planned=len(meals) - closed,
            in_person=sum(states[state] for state in SEEN),
            left=states[MealState.NEIGHBOUR] + states[MealState.AT_DOOR],
            fetched=states[MealState.FETCHED],
            not_handed_over=sum(states[state] for state in NOT_HANDED_OVER),
            cancelled=states[MealState.CANCELLED],
            unknown=states[MealState.EXPECTED],
            skipped=await OrderChange.filter(
                senior__canteen_id=canteen_id, day=day, kind=ChangeKind.SKIP, voided_at=None
            )
            .exclude(senior_id__in=[meal.senior_id for meal in meals])
            .count(),
            not_seen=[meal.senior for meal in expected_to_be_seen],
            different=[case.senior for case in concerns],
            volunteers=sorted({claim.person.name or "" for claim in claims} - {""}),
            surplus=sum(meal.surplus for meal in meals),
            guests=sum(meal.guests for meal in meals if meal.state not in (MealState.CANCELLED, *BY_CLOSURE)),
            open_cases=await Case.filter(canteen_id=canteen_id, closed_at=None).count(),
            closed=closed,
        )
