"""How long until 10,000 seniors in 300 canteens have their meals, and 300 coordinators their lists."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

from tortoise.connection import get_connection

from bot.app import collect_rarely, load_features
from bot.database import connect, disconnect
from bot.database.migrations import migrate_at_start
from bot.scheduler import Scheduler
from handlers.calendar import close_orders, plan_days
from handlers.roster import tell_the_coordinators
from models.canteens import Canteen
from models.dishes import Contents, Course
from models.fields import Keyring, new_secret, use_keys
from models.meals import Meal
from models.menus import enter
from models.messaging import OutboxMessage
from models.orders import ChangeKind, OrderChange, Origin
from models.people import Account, Membership, Person, Role
from models.roster import kitchen_count
from models.routes import Route, Stop
from models.seniors import Diet, Mode, Pause, Residence, Senior, Status
from tests.bench import bars
from tests.fixtures_database import create_database
from tests.house import TestClock
from tests.models.making import LONG_AGO, NOW, TUESDAY, at
from tests.postgres import TempPostgres

CANTEENS, SENIORS, BIG = 300, 10_000, 400
SECONDS, A_COUNT = 1.0, 0.1
"""The bars: of the roster with its lists, and of one kitchen's count."""
CLOSING = at("2026-11-23 16:00")
LABELS = ([], [], [], ["low_salt"], ["low_sugar"], ["gout", "low_salt"])


async def fill(canteens: int, seniors: int) -> None:
    """Write canteens and seniors, sealed as in life; one in twenty is paused, some skip Tuesday."""
    chance = random.Random(2026)
    await Canteen.bulk_create(
        [
            Canteen(id=n, name=f"Canteen {n}", zone="Asia/Shanghai", created_at=NOW)
            for n in range(1, canteens + 1)
        ]
    )
    places = range(1, canteens + 1)
    await Route.bulk_create([Route(id=n, canteen_id=n, name="Route 1") for n in places])
    await Person.bulk_create([Person(id=n, name=f"Coordinator {n}", created_at=NOW) for n in places])
    await Account.bulk_create(
        [Account(person_id=n, channel="test", address=str(n), heard_at=NOW) for n in places]
    )
    await Membership.bulk_create(
        [
            Membership(person_id=n, canteen_id=n, role=Role.COORDINATOR, asked_at=NOW, accepted_at=NOW)
            for n in places
        ]
    )
    everyone = range(1, seniors + 1)
    await Senior.bulk_create(
        [
            Senior(
                id=n, canteen_id=n % canteens + 1, short_id=f"A{n // canteens}", name=f"Wang Guilan {n}",
                called="Grandma Wang", phone="+8613900000000", mode=chance.choice(list(Mode)),
                weekdays=chance.choice([31, 31, 31, 21, 10]), status=Status.ACTIVE, registered_at=NOW,
            )
            for n in everyone
        ],
        batch_size=2000,
    )  # fmt: skip
    await Diet.bulk_create(
        [
            Diet(
                senior_id=n, since=since, labels=chance.choice(LABELS), texture="regular",
                allergies=["soy", "fish"] if n % 4 == 0 else [],
                avoids="lamb, coriander" if n % 4 == 1 else None, created_at=NOW,
            )
            for n in everyone
            for since in (LONG_AGO, TUESDAY - timedelta(days=30))
        ],
        batch_size=2000,
    )  # fmt: skip
    await Residence.bulk_create(
        [
            Residence(senior_id=n, since=LONG_AGO, address=f"{n} Ping'an Lane", created_at=NOW)
            for n in everyone
        ],
        batch_size=2000,
    )
    await Stop.bulk_create(
        [Stop(route_id=n % canteens + 1, senior_id=n, position=n, since=NOW) for n in everyone],
        batch_size=2000,
    )
    await Pause.bulk_create([Pause(senior_id=n, starts=LONG_AGO, at=NOW) for n in everyone if n % 20 == 0])
    await OrderChange.bulk_create(
        [
            OrderChange(senior_id=n, day=TUESDAY, kind=ChangeKind.SKIP, origin=Origin.FAMILY, at=NOW)
            for n in everyone
            if n % 33 == 0
        ]
    )


async def seconds(job: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await job()
    return time.perf_counter() - began


async def measure(url: str) -> dict[str, float]:
    """Run the jobs of one closing hour; return seconds."""
    use_keys(Keyring.parse(new_secret()))
    load_features()
    await migrate_at_start(url)
    await connect(url)
    try:
        clock = TestClock(NOW)
        scheduler = Scheduler(clock)
        await fill(CANTEENS, SENIORS)
        # As autovacuum does within a minute, and `canteen run` at its start.
        await get_connection("default").execute_query("ANALYZE")
        collect_rarely()
        figures = {"days planned": await seconds(lambda: scheduler.run(plan_days))}
        clock.instant = CLOSING
        figures["meals made"] = await seconds(lambda: scheduler.run(close_orders))
        figures["lists queued"] = await seconds(lambda: scheduler.run(tell_the_coordinators))
        figures["nothing left"] = await seconds(lambda: scheduler.run(close_orders))
        print(f"  {await Meal.all().count()} meals, {await OutboxMessage.all().count()} messages")
        tuesday = CLOSING.date() + timedelta(days=1)
        figures["one kitchen count"] = await _big_kitchen(tuesday)
        figures["with a menu"] = await _with_a_menu(tuesday)
        return figures
    finally:
        await disconnect()


async def _big_kitchen(day: date) -> float:
    """Move 400 meals into one canteen and count them for its kitchen."""
    ids = await Meal.filter(day=day).order_by("id").limit(BIG).values_list("id", flat=True)
    await Meal.filter(id__in=list(ids)).update(canteen_id=CANTEENS)
    await Meal.filter(day=day, canteen_id=CANTEENS).exclude(id__in=list(ids)).delete()
    counted = await kitchen_count(CANTEENS, day)
    assert counted.total == BIG
    return await seconds(lambda: kitchen_count(CANTEENS, day))


async def _with_a_menu(day: date) -> float:
    """Put six dishes on the menu of that day, and count for the kitchen for whom they do not go."""
    known = Contents(("soy", "gluten"), ("pork",), known=True)
    dishes = [Course(f"Dish {n}", known if n else Contents()) for n in range(6)]
    by = await Person.get(id=CANTEENS)
    await enter(CANTEENS, {day: dishes}, by, CLOSING)
    assert (await kitchen_count(CANTEENS, day)).check.groups
    return await seconds(lambda: kitchen_count(CANTEENS, day))


def main() -> None:
    """Print the seconds on both engines."""
    print(f"{SENIORS} seniors in {CANTEENS} canteens")
    with tempfile.TemporaryDirectory() as folder:
        _print("SQLite", asyncio.run(measure(f"sqlite://{Path(folder) / 'canteen.sqlite3'}")))
    with TempPostgres() as server:
        asyncio.run(create_database(server, "canteen"))
        _print("PostgreSQL", asyncio.run(measure(server.url("canteen"))))


def _print(engine: str, figures: dict[str, float]) -> None:
    print(engine, " · ".join(f"{name}: {value:.3f} s" for name, value in figures.items()))
    roster = figures["meals made"] + figures["lists queued"]
    bars.hold(f"roster of {SENIORS:,} with its lists, {engine}", roster, SECONDS, "s")
    for count in ("one kitchen count", "with a menu"):
        bars.hold(f"a kitchen's count of {BIG}, {count}, {engine}", figures[count], A_COUNT, "s")


if __name__ == "__main__":
    main()
