"""What a change means for those who work from lists that were made already: cooks, coordinators, carriers."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat import Chat, Priority, press
from handlers.text import Text, _
from models import rounds
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closures import Closure
from models.households import door_of
from models.meals import Meal, MealState
from models.people import Membership, Role
from models.seniors import Senior
from models.shifts import Shift


async def tell(chat: Chat, canteen: Canteen, senior: Senior, meals: Sequence[Meal | None]) -> None:
    """Tell of meals that were taken off a made list, or put back on it; never why.

    When a kitchen's count is final it hears the difference a minute later, with all else that changed.
    """
    for meal in meals:
        if meal is None or meal.state is MealState.CLOSED:
            continue
        day = await ServiceDay.of(canteen.id, await Closure.goes_with(canteen.id, meal.day))
        if day is None:
            continue
        if day.frozen_at is None:
            await _tell_the_canteen(chat, canteen, senior, meal)
        elif day.state is not DayState.FINISHED and meal.route_id is not None and day.day == meal.day:
            await _tell_the_carriers(chat, canteen, senior, meal)


async def _tell_the_canteen(chat: Chat, canteen: Canteen, senior: Senior, meal: Meal) -> None:
    cooks = await Membership.people(canteen.id, Role.KITCHEN)
    readers = {person.id: person for person in [*cooks, *await canteen.coordinators()]}
    readers.pop(chat.person.id, None)
    if meal.state is MealState.CANCELLED:
        text = _(
            "One lunch less on {day}: {short_id} was called off.", day=meal.day, short_id=senior.short_id
        )
    else:
        text = _(
            "One lunch more on {day}: {short_id} eats after all.", day=meal.day, short_id=senior.short_id
        )
    for reader in readers.values():
        chat.say(text, to=reader, zone=canteen.zone, priority=Priority.REMINDER)


async def _tell_the_carriers(chat: Chat, canteen: Canteen, senior: Senior, meal: Meal) -> None:
    text = await _door(senior, meal)
    for carrier in await Shift.carrier(meal.route_id or 0, meal.day):
        chat.say(
            text,
            to=carrier,
            buttons=[press(_("Show my round"), "/round")],
            zone=canteen.zone,
            priority=Priority.URGENT,
        )


async def _door(senior: Senior, meal: Meal) -> Text:
    """Say what is another at a door; where somebody else there is still to be brought lunch, one goes.

    It is said at any hour and stays in the chat, so it names nobody (data minimisation, GDPR Art. 5).
    """
    shift = await Shift.filter(route_id=meal.route_id, day=meal.day).first()
    home = door_of(senior.id, senior.household_id)
    there = [] if shift is None else [one for one in await rounds.doors(shift) if one.home == home]
    number = there[0].number if there else meal.position or 0
    if meal.state is not MealState.CANCELLED:
        return _("At door {number} there is lunch today after all. Please look at your round.", number=number)
    if any(one.open for one in there):
        return _(
            "At door {number} one lunch less today. Please go there all the same: your round says for whom.",
            number=number,
        )
    return _("Please skip door {number} today, and bring the spare lunch back.", number=number)
