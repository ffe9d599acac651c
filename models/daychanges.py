"""One day's lunch in another way: elsewhere, on a day outside the pattern, or with guests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from tortoise.functions import Max

from models.calendar import DayState, ServiceDay, Window
from models.canteens import Canteen
from models.closures import Closure
from models.households import mates
from models.meals import BY_CLOSURE, Meal, MealState
from models.orders import OrderChange, Origin, may_order, pauses_of, wanted
from models.people import Person
from models.refusals import CancelOnly, Gone, KitchenFrozen, NoLunchThatDay, OrdersClosed, PausedThen
from models.routes import Route, Stop
from models.seniors import Mode, Senior, Status

GUESTS_AT_MOST: Final = 9


@dataclass(frozen=True, slots=True)
class Lunch:
    """How a senior's lunch of one day stands. eats: with all that was changed."""

    day: date
    eats: bool
    mode: Mode
    guests: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did. put_on: the route at whose end a door without a place was put for this day."""

    lunch: Lunch
    meal: Meal | None
    put_on: Route | None


async def lunch_of(senior: Senior, day: date) -> Lunch:
    """Tell how a senior's lunch of a day stands."""
    for due in await Meal.days_of(senior.id, day, day):
        return Lunch(day, True, due.mode, due.guests)
    return Lunch(day, False, senior.mode, 0)


async def may_change(
    senior: Senior, day: date, by: Person, now: datetime, *, back: bool = False
) -> ServiceDay:
    """Hold a day on which a lunch may be added or had in another way.

    After the cut-off only a coordinator may. On a closed day nothing is changed; `back`: but a change is
    taken back while its orders are open, so that it is gone should the day open again.
    Raises NotAllowed, NoLunchThatDay, CanteenClosed, PausedThen, CancelOnly, KitchenFrozen, OrdersClosed.
    """
    origin = await may_order(senior, by)
    if not await Senior.filter(id=senior.id, status=Status.ACTIVE).exists():
        raise Gone
    canteen = await Canteen.get(id=senior.canteen_id)
    held = await ServiceDay.filter(canteen_id=canteen.id, day=day).select_for_update().first()
    if held is None:
        raise NoLunchThatDay(day)
    window = held.window(now)
    if not (back and window is Window.OPEN):
        await Closure.must_cook(canteen.id, day, canteen.zone)
    if window is not Window.OPEN:
        if origin is Origin.FAMILY and window is Window.CANCEL_ONLY:
            raise CancelOnly(day, held.freezes, canteen.zone, by.zone)
        if origin is Origin.FAMILY:
            raise KitchenFrozen(day, held.freezes, canteen.zone, by.zone)
        if held.state in (DayState.PLANNED, DayState.FINISHED):
            raise OrdersClosed(day, held.close_at, canteen.zone, by.zone)
    if await pauses_of(senior.id, day).filter(starts__lte=day).exists():
        raise PausedThen(day)
    return held


async def change(
    senior: Senior,
    day: date,
    by: Person,
    now: datetime,
    *,
    mode: Mode | None = None,
    guests: int | None = None,
    back: bool = False,
) -> Changed:
    """Let a senior have lunch in another way on one day, or with guests; done twice, it is done once.

    mode: where; on a day outside the pattern, or one that was called off, it is an extra lunch.
    guests: how many come along to the lunch of that day, unless it is picked up; 0: nobody any more.
    While a closure has every lunch brought, a mode is kept for the case that the closure ends.
    Raises what `may_change` raises, and NoLunchThatDay, Gone.
    """
    held = await may_change(senior, day, by, now, back=back)
    before = await lunch_of(senior, day)
    if mode is None and not before.eats:
        raise NoLunchThatDay(day)
    brought = await Closure.brings_all(senior.canteen_id, day)
    known = await _otherwise(senior, before) if brought else before.mode
    otherwise = known if mode is None else mode
    how = Mode.DELIVERY if brought else otherwise
    fetched = Mode.PICK_UP in (mode, how)
    if guests and fetched:
        raise Gone
    many = 0 if fetched else before.guests if guests is None else guests
    if many and otherwise is Mode.PICK_UP:
        # Nobody comes along to fetch a lunch: it is brought, whatever becomes of the closure.
        otherwise = Mode.DELIVERY
    meal = None
    if held.window(now) is not Window.OPEN:
        meal = await _hold(senior, held, how)
    place = await _place_of(senior, day) if how is Mode.DELIVERY else None
    route = await _first_route(senior) if how is Mode.DELIVERY and place is None else None
    after = Lunch(day, True, how, many)
    if before != after or known is not otherwise:
        await _write(senior, replace(after, mode=otherwise), place, route, by, now)
        if meal is not None:
            meal.converted_from = None if otherwise is how else otherwise  # type: ignore[assignment]  # the field's stub forgets null=True
            await _bring_in_line(senior, meal, after, place, route, by, now)
    return Changed(after, meal, route if before.mode is not how or not before.eats else None)


async def _otherwise(senior: Senior, lunch: Lunch) -> Mode:
    """Tell how a lunch would be had that only a closure has brought home."""
    if not lunch.eats:
        return lunch.mode
    made = await Meal.get_or_none(senior_id=senior.id, day=lunch.day)
    if made is not None:
        return made.converted_from or made.mode
    noted = await OrderChange.get_or_none(senior_id=senior.id, day=lunch.day, voided_at__isnull=True)
    return senior.mode if noted is None or noted.mode is None else noted.mode


async def as_usual(senior: Senior, day: date, by: Person, now: datetime) -> Changed:
    """Take a day's change back; the lunch that was extra is called off.

    Raises what `may_change` raises, and what calling a lunch off raises.
    """
    if await wanted(senior, day, now):
        return await change(senior, day, by, now, mode=senior.mode, guests=0, back=True)
    held = await ServiceDay.of(senior.canteen_id, day)
    closure = await Closure.of(senior.canteen_id, day)
    none = Lunch(day, False, senior.mode, 0)
    if held is None or closure is None or held.window(now) is not Window.OPEN:
        return Changed(none, await OrderChange.skip(senior, day, by, now), None)
    await may_change(senior, day, by, now, back=True)
    await OrderChange.filter(senior_id=senior.id, day=day, voided_at__isnull=True).update(voided_at=now)
    return Changed(none, None, None)


async def _write(
    senior: Senior, lunch: Lunch, place: Stop | Meal | None, route: Route | None, by: Person, now: datetime
) -> None:
    in_force = OrderChange.filter(senior_id=senior.id, day=lunch.day, voided_at__isnull=True)
    await in_force.update(voided_at=now)
    kind = await OrderChange.kind_of(senior, lunch.day, now, lunch.mode, lunch.guests)
    at_a_mates = place is not None and place.senior_id != senior.id
    if kind is not None:
        await OrderChange.create(
            senior_id=senior.id, day=lunch.day, kind=kind, mode=lunch.mode, guests=lunch.guests,
            route_id=place.route_id if place and at_a_mates else route.id if route else None,
            origin=await may_order(senior, by),
            by_id=by.id, at=now,
        )  # fmt: skip


async def _place_of(senior: Senior, day: date) -> Stop | Meal | None:
    """Find the place of a door on that day: where somebody who lives there is brought lunch, or a stop."""
    behind = [mate.id for mate in await mates(senior)]
    with_lunch = Meal.filter(senior_id__in=behind, day=day, mode=Mode.DELIVERY, route_id__not_isnull=True)
    meal = await with_lunch.exclude(state__in=(MealState.CANCELLED, *BY_CLOSURE)).order_by("id").first()
    if meal is not None:
        return meal
    stops = await Stop.filter(senior_id__in=[senior.id, *behind], left_at=None, route__closed_at=None)
    return min(stops, key=lambda stop: (stop.senior_id != senior.id, stop.id), default=None)


async def _first_route(senior: Senior) -> Route | None:
    routes = await Route.of(senior.canteen_id)
    return routes[0] if routes else None


async def _hold(senior: Senior, day: ServiceDay, mode: Mode) -> Meal:
    """Find a made meal that may still be changed, or one to be made. Raises OrdersClosed."""
    made = await Meal.filter(senior_id=senior.id, day=day.day).select_for_update().first()
    if made is None:
        return Meal(
            senior_id=senior.id, service_day_id=day.id, canteen_id=day.canteen_id, day=day.day, mode=mode
        )
    if made.state not in (MealState.EXPECTED, MealState.CANCELLED):
        canteen = await Canteen.get(id=senior.canteen_id)
        raise OrdersClosed(day.day, day.close_at, canteen.zone)
    return made


async def _bring_in_line(
    senior: Senior,
    meal: Meal,
    lunch: Lunch,
    place: Stop | Meal | None,
    route: Route | None,
    by: Person,
    now: datetime,
) -> None:
    """Change the made meal itself; a door that comes late is the last of its route."""
    if meal.id is None:
        home, diet = await senior.residence_on(lunch.day), await senior.diet_on(lunch.day)
        meal.residence_id = None if home is None else home.id
        meal.diet_id = None if diet is None else diet.id
    else:
        await meal.expect_again(now)
    if lunch.mode is not Mode.DELIVERY:
        meal.route_id, meal.position = None, None
    elif meal.route_id is None:
        if place is not None:
            meal.route_id, meal.position = place.route_id, place.position
        elif route is not None:
            meal.route_id, meal.position = route.id, await _last(route.id, lunch.day) + 1
    meal.mode, meal.guests, meal.origin = lunch.mode, lunch.guests, await may_order(senior, by)
    await meal.save()
    await ServiceDay.recount([meal.service_day_id], now)


async def _last(route_id: int, day: date) -> int:
    stops = Stop.filter(route_id=route_id, left_at=None)
    meals = Meal.filter(route_id=route_id, day=day)
    found = [
        *await stops.annotate(last=Max("position")).values_list("last"),
        *await meals.annotate(last=Max("position")).values_list("last"),
    ]
    return max(row[0] or 0 for row in found)
