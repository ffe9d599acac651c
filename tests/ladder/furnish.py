"""Open a canteen of three routes whose seniors all live at a door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.database import transaction
from models.canteens import Canteen
from models.people import Account, Membership, Person, Role
from models.routes import Route
from models.seniors import Agreed, Mode, Senior
from models.standing import Standing
from tests.telegram_server import User

ZONE = "Asia/Shanghai"
WEEKDAYS = 0b0011111


async def furnish(
    now: datetime, seniors: int, coordinators: Sequence[User], volunteers: Sequence[User]
) -> Canteen:
    """Give each volunteer a route for every weekday, and each route as many seniors as the others."""
    async with transaction():
        canteen = await Canteen.open(name="Ping'an Lane", zone=ZONE, language="en", now=now)
        chen, *_others = [await _member(user, canteen, Role.COORDINATOR, now) for user in coordinators]
        routes = await Route.of(canteen.id)
        for number in range(1, len(volunteers)):
            routes.append(await Route.add(canteen.id, f"Route {number + 1}", chen, now))
        for number in range(seniors):
            senior = await Senior.register(
                canteen_id=canteen.id, name=f"Senior {number}", called=None, born=1940,
                phone=f"+8621555{number:05}", address=f"{number} Ping'an Lane", knock=None, plan=None,
                mode=Mode.DELIVERY, weekdays=WEEKDAYS, labels=[], texture="regular", allergies=[],
                avoids=None, contact=None, alone=True, agreed=Agreed.YES, by=chen, now=now,
            )  # fmt: skip
            await Senior.accept(senior.id, chen, now)
            await routes[number % len(routes)].put(senior.id, None, chen, now)
        for user, route in zip(volunteers, routes, strict=True):
            volunteer = await _member(user, canteen, Role.VOLUNTEER, now)
            await Standing.promise(route.id, WEEKDAYS, volunteer, now)
    return canteen


async def _member(user: User, canteen: Canteen, role: Role, now: datetime) -> Person:
    person = await Person.create(name=user.name, language="en", created_at=now)
    await Account.create(person_id=person.id, channel="telegram", address=str(user.id), heard_at=now)
    await Membership.grant(person, canteen.id, role, by=None, now=now)
    return person
