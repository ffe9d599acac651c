"""In hospital: lunches stop at once, whatever the hour; and they come again with care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.audit import AuditEvent
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closures import NOT_COOKING, Closure
from models.kin import Kinship, Scope
from models.meals import Meal, MealState
from models.orders import may_order, pauses_of, resume
from models.pauses import HOSPITAL, Homecoming, Pause
from models.people import Membership, Person, Role
from models.refusals import Gone, OrdersClosed
from models.seniors import Senior, Status


@dataclass(frozen=True, slots=True)
class Today:
    """What becomes of today's lunch when a senior goes to hospital. cooked: it is too late to cook less."""

    wanted: bool
    cooked: bool


async def stay(senior_id: int, day: date) -> Pause | None:
    """Find the pause of a senior who is in hospital on a day; of several the one that lasts longest."""
    held = await pauses_of(senior_id, day).filter(starts__lte=day)
    stays = [pause for pause in held if pause.reason == HOSPITAL]
    return max(stays, key=lambda pause: pause.ends or date.max, default=None)


async def may_hear(stay: Pause, senior: Senior, person: Person) -> bool:
    """Tell whether a person may hear that a pause is a stay in hospital: who said it may, of the family."""
    # Ending it leaves a shorter pause by somebody else: the first one names who said it.
    first = Pause.filter(senior_id=senior.id, starts=stay.starts).order_by("id")
    said_by = next((each.by_id for each in await first if each.reason == HOSPITAL), None)
    return (
        said_by == person.id
        or await Membership.holds(person.id, senior.canteen_id, Role.COORDINATOR)
        or await Kinship.may_know(senior.id, person, Scope.HEALTH)
    )


async def today_of(senior: Senior, by: Person, now: datetime) -> Today:
    """Tell what would become of today's lunch. Raises NotAllowed."""
    await may_order(senior, by)
    canteen = await Canteen.get(id=senior.canteen_id)
    day = canteen.today(now)
    due = [each for each in await Meal.days_of(senior.id, day, day) if each.state is MealState.EXPECTED]
    service_day = await ServiceDay.of(canteen.id, day)
    if service_day is None or service_day.state is DayState.FINISHED:
        return Today(wanted=False, cooked=False)
    return Today(bool(due), service_day.frozen_at is not None)


async def admit(senior: Senior, by: Person, now: datetime) -> list[Meal]:
    """Stop lunches from today on because a senior is in hospital; said twice, it is done once.

    A relative may say so at any hour. Returns the made meals that this takes off the list.
    Raises NotAllowed, Gone.
    """
    await may_order(senior, by)
    canteen = await Canteen.get(id=senior.canteen_id)
    today = canteen.today(now)
    coming = await senior.meals_to_call_off(today)
    if not await Senior.filter(id=senior.id, status=Status.ACTIVE).exists():
        raise Gone
    known = await stay(senior.id, today)
    # One that ends on a day that was named is another stay: lunch would come again.
    if known is None or known.ends is not None:
        await Pause.create(senior_id=senior.id, starts=today, reason=HOSPITAL, by_id=by.id, at=now)
        await AuditEvent.record("senior.pause", f"senior {senior.id}", by=by.id, now=now)
    await Homecoming.filter(senior_id=senior.id, seen_at=None, voided_at=None).update(voided_at=now)
    return [meal for meal in coming if await meal.cancel(by, now)]


async def come_home(senior: Senior, day: date, food: str | None, by: Person, now: datetime) -> bool:
    """Let lunches come again from a day on; tell whether they do.

    With a word on food that has changed they wait until a coordinator has seen it.
    Raises what `may_resume` raises.
    """
    if food is None:
        await resume(senior, day, by, now)
        return True
    await Homecoming.filter(senior_id=senior.id, seen_at=None, voided_at=None).update(voided_at=now)
    await Homecoming.create(senior_id=senior.id, day=day, food=food, by_id=by.id, at=now)
    return False


async def seen(senior_id: int, by: Person, now: datetime) -> date:
    """Let lunches come again after a coordinator has seen what is different; return from which day on.

    That is the day the family named, or the first later one that is cooked and whose orders are open.
    Raises NotAllowed, Gone, NotPaused, OrdersClosed.
    """
    senior = await Senior.coordinated(senior_id, by)
    waiting = await Homecoming.waiting(senior_id)
    if waiting is None:
        raise Gone
    days = await ServiceDay.filter(
        canteen_id=senior.canteen_id, day__gte=waiting.day, state=DayState.PLANNED, close_at__gt=now
    ).order_by("day")
    closures = await Closure.in_force(senior.canteen_id, days[0].day, days[-1].day) if days else {}
    shut = {day for day, closure in closures.items() if closure.kind in NOT_COOKING}
    cooked = (each for each in days if each.day not in shut)
    first = next((each.day for each in cooked if each.wanted_by(senior.weekdays)), None)
    if first is None:
        canteen = await Canteen.get(id=senior.canteen_id)
        raise OrdersClosed(waiting.day, now, canteen.zone)
    await Homecoming.filter(id=waiting.id).update(seen_at=now)
    await resume(senior, first, by, now)
    return first
