"""A round that is late: families hear when lunch comes; and food that is on its way too long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.chat import Mail, Priority, every, press, still
from handlers.text import _, _n, bold, lines
from handlers.twoclocks import it_will_be_there
from models import lateness
from models.canteens import Canteen
from models.kin import Scope
from models.lateness import Expected, Old
from models.meals import Meal, MealState
from models.seniors import Kinship
from models.shifts import Shift

BATCH: Final = 20
OF_USE: Final = timedelta(hours=1)


@every(seconds=30)
async def tell_of_late_rounds(mail: Mail) -> bool:
    """Tell families once at about what time lunch comes, where a round was begun late."""
    due = await lateness.take_late(mail.now, BATCH)
    for shift, expected in due:
        await _tell(mail, shift, expected)
    return len(due) == BATCH


async def tell_of_moved(mail: Mail, into: Shift, meal_ids: Collection[int]) -> None:
    """Tell families whose doors went to the end of another round."""
    await _tell(mail, into, await lateness.expected(into, max(mail.now, into.starts_at), only=meal_ids))


async def _tell(mail: Mail, shift: Shift, expected: Sequence[Expected]) -> None:
    """Tell those who wished to be told; never why, and no name of a volunteer."""
    canteen = await Canteen.get(id=shift.canteen_id)
    for one in expected:
        senior = one.door.senior
        for kin in await Kinship.of(senior):
            wished = kin.tell_served or (kin.tell_problems and kin.may(Scope.NOTICES))
            if kin.hears and wished:
                mail.say(
                    lines(
                        _(
                            "Lunch for {name} comes a little later today, at about {clock}.",
                            name=senior.display,
                            clock=one.about.astimezone(ZoneInfo(canteen.zone)).time(),
                        ),
                        it_will_be_there(kin.person.zone, one.about, canteen.zone),
                    ),
                    to=kin.person,
                    zone=canteen.zone,
                    priority=Priority.REMINDER,
                    expires=one.about + OF_USE,
                    key=f"late {one.door.meal.id} for {kin.person_id}",
                    still=("to_come", one.door.meal.id),
                )


@still("to_come")
async def still_to_come(meal_id: int, _now: datetime) -> bool:
    """Tell whether nobody has said anything of a lunch yet."""
    return await Meal.filter(id=meal_id, state=MealState.EXPECTED).exists()


@every(seconds=30)
async def warn_of_old_food(mail: Mail) -> bool:
    """Warn whoever carries food that was packed too long ago, and the coordinators, of what to do."""
    due = await lateness.take_old(mail.now, BATCH)
    for old in due:
        await _warn(mail, old)
    return len(due) == BATCH


async def _warn(mail: Mail, old: Old) -> None:
    shift, canteen = old.shift, old.shift.canteen
    clock = old.packed_at.astimezone(ZoneInfo(canteen.zone)).time()
    doors = _n("{n} door is still to come.", "{n} doors are still to come.", old.doors)
    name, phone = canteen.human
    for person in old.carriers:
        mail.say(
            lines(
                bold(_("The lunch of {route} was packed at {clock}: that is long ago for hot food.",
                       route=shift.route.name, clock=clock)),
                doors,
                _("Please feel each box. What is hot may be eaten at once: say so at the door."),
                _("What is only lukewarm: do not hand it over before you have called."),
                _("To call: {name}, {phone}", name=name, phone=phone) if phone else None,
            ),
            to=person,
            buttons=[press(_("Show my round"), "/round")],
            zone=canteen.zone,
            priority=Priority.URGENT,
            expires=shift.ends_at + OF_USE * 2,
            key=f"old food {shift.id} for {person.id}",
        )  # fmt: skip
    carrying = {person.id for person in old.carriers}
    names = tuple(person.name or "?" for person in old.carriers)
    for person in await canteen.coordinators():
        if person.id not in carrying:
            mail.say(
                lines(
                    bold(_("The lunch of {route} was packed at {clock}, and is still on its way.",
                           route=shift.route.name, clock=clock)),
                    doors,
                    _("It is carried by: {names}.", names=names),
                    _("Please call and decide: what is lukewarm is heated until it steams, or another meal is"
                      " given."),
                ),
                to=person,
                buttons=[press(_("Who carries?"), "carriers", canteen.id, shift.day)],
                zone=canteen.zone,
                priority=Priority.URGENT,
                expires=shift.ends_at + OF_USE * 2,
                key=f"old food {shift.id} for {person.id}",
            )  # fmt: skip
