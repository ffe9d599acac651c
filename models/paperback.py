"""Paper comes back: what stands on a ticked route sheet, typed in by a coordinator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.calendar import ServiceDay
from models.meals import EventOrigin, Meal, MealEvent, MealState
from models.people import Person, Role
from models.refusals import Gone, NoLunchThatDay, OrdersOpen
from models.rounds import OUTCOMES, Recorded
from models.routesheets import RouteSheet, route_sheets
from models.seniors import Mode, Senior


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One door of a sheet. said: the last word about it so far; None where nobody has said anything."""

    number: int
    meal_id: int
    senior: Senior
    state: MealState
    said: MealEvent | None


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A route sheet as it is typed in; without a route it is that of those who are on none."""

    route_id: int | None
    route: str | None
    rows: Sequence[SheetRow]


async def sheets(canteen_id: int, day: date, by: Person) -> list[TypedSheet]:
    """List the sheets of a day, and hold their meals until the turn ends: no word is lost in between.

    Raises NotAllowed, NoLunchThatDay, OrdersOpen while nothing is printed for good.
    """
    await by.must_be(Role.COORDINATOR, canteen_id)
    service_day = await ServiceDay.of(canteen_id, day)
    if service_day is None:
        raise NoLunchThatDay(day)
    made = Meal.filter(canteen_id=canteen_id, day=day, mode=Mode.DELIVERY).select_for_update()
    ids = [meal.id for meal in await made]
    if not ids and service_day.closed_at is None:
        raise OrdersOpen(day)
    said = MealEvent.filter(meal_id__in=ids, voided_at=None).order_by("at", "id").prefetch_related("by")
    last = {event.meal_id: event for event in await said}
    return [_typed(sheet, last) for sheet in await route_sheets(canteen_id, day)]


def _typed(sheet: RouteSheet, last: Mapping[int, MealEvent]) -> TypedSheet:
    return TypedSheet(
        sheet.route_id,
        sheet.part.route,
        [
            SheetRow(door.number, meal_id, door.senior, door.line.state, last.get(meal_id))
            for door in sheet.doors
            if (meal_id := door.line.due.meal_id) is not None
        ],
    )


async def record_sheet(
    canteen_id: int, outcomes: Mapping[int, MealState], by: Person, now: datetime
) -> list[Recorded]:
    """Write down what a sheet says of meals, as told by paper; what is known already is not written again.

    Raises NotAllowed, Gone.
    """
    await by.must_be(Role.COORDINATOR, canteen_id)
    found = Meal.filter(id__in=list(outcomes), canteen_id=canteen_id, mode=Mode.DELIVERY).select_for_update()
    meals = {meal.id: meal for meal in await found.prefetch_related("senior")}
    if meals.keys() != outcomes.keys() or not set(outcomes.values()) <= OUTCOMES:
        raise Gone
    recorded = [
        Recorded(meal, meal.senior, meal.state, news=True)
        for meal in meals.values()
        if meal.state is not outcomes[meal.id]
    ]
    events = []
    for each in recorded:
        meal = each.meal
        # Paper tells no hour, and none is made up.
        meal.state, meal.state_at = outcomes[meal.id], None
        events.append(
            MealEvent(
                meal_id=meal.id,
                state=meal.state,
                by_id=by.id,
                at=now,
                heard_at=now,
                origin=EventOrigin.PAPER,
            )
        )
    if events:
        await MealEvent.bulk_create(events, batch_size=100)
        await Meal.bulk_update([each.meal for each in recorded], ["state", "state_at"], batch_size=100)
    return recorded
