"""Tell the kitchen in time: what is on the menu of the days to come and does not go for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from handlers.chat import Mail, Priority
from handlers.menuwords import check_lines
from handlers.text import Text, _, bold, lines
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.clashes import NO_CHECK, Check
from models.menus import menus
from models.people import Person, Role
from models.roster import kitchen_count, readers


async def coming_checks(canteen: Canteen, days: Sequence[date]) -> dict[date, Check]:
    """Hold the menus of some days against those who eat on them; days with nothing to say are left out."""
    found = {day: (await kitchen_count(canteen.id, day)).check for day in sorted(days)}
    return {day: check for day, check in found.items() if check != NO_CHECK}


async def days_ahead(canteen: Canteen, mail: Mail, dish_id: int | None = None) -> list[date]:
    """List the days to come on whose menu anything stands: any dish, or a certain one."""
    coming = await ServiceDay.filter(canteen_id=canteen.id, finish_at__gt=mail.now).order_by("day")
    if not coming:
        return []
    planned = await menus([canteen.id], coming[0].day, coming[-1].day)
    cooked = {
        day
        for (_id, day), served in planned.items()
        if dish_id is None or any(one.dish_id == dish_id for one in served)
    }
    return [row.day for row in coming if row.day in cooked]


async def tell_the_kitchen(
    mail: Mail,
    canteen: Canteen,
    days: Sequence[date],
    *,
    keep: Callable[[Check], Check] = lambda check: check,
    head: Text | None = None,
) -> int:
    """Tell coordinators and cooks what does not go on some days; tell of how many days there was something.

    keep: what of it is news. It goes out at once, also at night, where the lunch is today or tomorrow.
    """
    found = {day: keep(check) for day, check in (await coming_checks(canteen, days)).items()}
    found = {day: check for day, check in found.items() if check != NO_CHECK}
    for day, check in found.items():
        soon = (day - canteen.today(mail.now)).days <= 1
        for person in await kitchen_people(canteen):
            mail.say(
                lines(head, bold(_("Lunch on {day}", day=day)), *check_lines(check)),
                to=person,
                zone=canteen.zone,
                priority=Priority.URGENT if soon and check.groups else Priority.REPLY,
            )
    return len(found)


async def kitchen_people(canteen: Canteen) -> list[Person]:
    """List who must know: coordinators and cooks, each once."""
    people = await readers([canteen.id])
    both = [
        *people.get((canteen.id, Role.COORDINATOR), []),
        *people.get((canteen.id, Role.KITCHEN), []),
    ]
    return list({person.id: person for person in both}.values())
