"""Make canteens, seniors and people for the tests of the rules."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.database import transaction
from models import dayplan
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.meals import Meal
from models.people import Membership, Person, Role
from models.routes import Route
from models.seniors import Diet, Kinship, Mode, Residence, Senior, Status

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, 23 + ahead) for ahead in range(5))
LONG_AGO = date(2026, 1, 1)
NUMBERS = itertools.count(1)


def at(when: str, zone: str = "Asia/Shanghai") -> datetime:
    """Read a local time as an instant."""
    return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


NOW = at("2026-11-23 09:00")


async def a_canteen(zone: str = "Asia/Shanghai", now: datetime = NOW, **settings: Any) -> Canteen:
    """Open a canteen with these settings, its days planned."""
    canteen = await Canteen.create(name="Ping'an Lane", zone=zone, created_at=now, **settings)
    await Route.create(canteen_id=canteen.id, name="Route 1", position=1)
    await plan(now)
    return canteen


async def a_senior(canteen: Canteen, **more: Any) -> Senior:
    """Write down a senior who has lunch from Monday to Friday, brought home, with a diet and an address."""
    number = next(NUMBERS)
    values = {
        "canteen_id": canteen.id, "short_id": f"A{number}", "name": f"Senior {number}",
        "mode": Mode.DELIVERY, "weekdays": 31, "status": Status.ACTIVE, "registered_at": NOW,
    }  # fmt: skip
    senior = await Senior.create(**{**values, **more})
    await Diet.create(senior_id=senior.id, since=LONG_AGO, labels=["low_salt"], created_at=NOW)
    await Residence.create(senior_id=senior.id, since=LONG_AGO, address="3 Ping'an Lane", created_at=NOW)
    return senior


async def a_person(name: str = "Somebody") -> Person:
    return await Person.create(name=name, created_at=NOW)


async def a_coordinator(canteen: Canteen) -> Person:
    person = await a_person("Ms Chen")
    await Membership.grant(person, canteen.id, Role.COORDINATOR, by=None, now=NOW)
    return person


async def a_relative(senior: Senior, **wishes: bool) -> Person:
    """Make a person who follows a senior by chat."""
    person = await a_person("Mei")
    await Kinship.create(senior_id=senior.id, person_id=person.id, linked=True, since=NOW, **wishes)
    return person


async def plan(now: datetime) -> None:
    """Run the job that plans days."""
    async with transaction():
        await dayplan.plan_due(now)


async def run_the_day(now: datetime) -> None:
    """Run the jobs that close orders and go on with the day, as often as there is something to do."""
    for job in (ServiceDay.close_due, ServiceDay.advance_due):
        more = True
        while more:
            async with transaction():
                more = await job(now) > 0


async def eaters(canteen: Canteen, day: date) -> list[int]:
    """List who eats on a day, by id."""
    return [due.senior_id for due in await Meal.due([canteen.id], day)]


async def the_day(canteen: Canteen, day: date) -> ServiceDay:
    found = await ServiceDay.of(canteen.id, day)
    assert found is not None
    return found
