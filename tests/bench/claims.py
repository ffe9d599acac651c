"""How many places are claimed a second when 500 people want 200 of them 10,000 times, at once.

Run as `python -m tests.bench.claims URL NUMBER`, it is one of the processes in which they do: it says
"ready", waits for a line, claims what its share of the people wants, and says what came of it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import combinations
from pathlib import Path

from bot.app import collect_rarely, load_features
from bot.database import connect, disconnect, retryable, transaction
from bot.database.migrations import migrate_at_start
from models.canteens import Canteen
from models.fields import use_keys
from models.people import Membership, Person, Role
from models.refusals import Refusal
from models.routes import Route
from models.shifts import Claim, Shift
from tests.bench.processes import module
from tests.fixtures_database import KEYS, create_database
from tests.models.making import NOW, WEDNESDAY
from tests.postgres import TempPostgres

PEOPLE, CLAIMS, PROCESSES, AT_ONCE, SEED = 500, 10_000, 2, 32, 2026
DAYS, PLACES = 10, 4
# Five routes a day, of which each overlaps the one before: whoever has one can't have its neighbours.
HOURS = (("09:30", "11:00"), ("10:30", "12:00"), ("11:30", "13:00"), ("12:30", "14:00"), ("13:30", "15:00"))
TRIES = 50


async def fill(url: str) -> None:
    """Write a canteen with 50 shifts of four places each, and everybody who wants one."""
    use_keys(KEYS)
    load_features()
    await migrate_at_start(url)
    await connect(url)
    try:
        canteen = await Canteen.create(name="Ping'an Lane", zone="Asia/Shanghai", created_at=NOW)
        for number, (starts, ends) in enumerate(HOURS, 1):
            route = await Route.create(canteen_id=canteen.id, name=f"Route {number}", position=number)
            days = [WEDNESDAY + timedelta(days=ahead) for ahead in range(DAYS)]
            await Shift.bulk_create(
                Shift(
                    canteen_id=canteen.id,
                    route_id=route.id,
                    day=day,
                    starts_at=canteen.at(day, starts),
                    ends_at=canteen.at(day, ends),
                    places=PLACES,
                )
                for day in days
            )
        await Person.bulk_create(
            Person(id=n, name=f"Volunteer {n}", created_at=NOW) for n in range(1, PEOPLE + 1)
        )
        await Membership.bulk_create(
            Membership(person_id=n, canteen_id=canteen.id, role=Role.VOLUNTEER, asked_at=NOW, accepted_at=NOW)
            for n in range(1, PEOPLE + 1)
        )
    finally:
        await disconnect()


async def storm(url: str, number: int) -> None:
    """Be one of the processes in which people claim."""
    use_keys(KEYS)
    load_features()
    await connect(url)
    try:
        shifts = await Shift.all().order_by("id").values_list("id", flat=True)
        people = await Person.filter(id__in=range(number, PEOPLE + 1, PROCESSES))
        chance = random.Random(SEED + number)
        wanted = [(one, chance.choice(list(shifts))) for one in people for _ in range(CLAIMS // PEOPLE)]
        chance.shuffle(wanted)
        collect_rarely()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        left = iter(wanted)
        came: Counter[str] = Counter()
        await asyncio.gather(*(_work(left, came) for _ in range(AT_ONCE)))
        print(json.dumps(came), flush=True)
    finally:
        await disconnect()


async def _work(left: Iterator[tuple[Person, int]], came: Counter[str]) -> None:
    """Claim one after the other what is left; one iterator serves all workers."""
    for person, shift_id in left:
        came[await _claim(person, shift_id)] += 1


async def _claim(person: Person, shift_id: int) -> str:
    """Claim in a transaction of its own, again where the database asks for it; say what came of it."""
    for attempt in range(1, TRIES + 1):
        try:
            async with transaction():
                await Shift.claim(shift_id, person, NOW)
        except Refusal as refusal:
            return type(refusal).__name__
        except Exception as error:
            if not retryable(error):
                raise
            await asyncio.sleep(0.01 * attempt)
        else:
            return "held"
    raise RuntimeError("the database was never free")


async def check(url: str, held: int) -> int:
    """Check that no shift has too many and nobody is in two places at once; count the places taken."""
    await connect(url)
    try:
        claims = await Claim.filter(given_back_at=None).prefetch_related("shift")
        shifts = await Shift.all()
    finally:
        await disconnect()
    on = Counter(claim.shift_id for claim in claims)
    for shift in shifts:
        assert on[shift.id] == shift.taken <= shift.places, f"shift {shift.id} is overfilled or miscounted"
    theirs: dict[int, list[Shift]] = {}
    for claim in claims:
        theirs.setdefault(claim.person_id, []).append(claim.shift)
    for person, places in theirs.items():
        for one, other in combinations(places, 2):
            apart = one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
            assert apart, f"person {person} is in two places at once"
    # Wanted again by its holder, a place is the same place.
    assert len(claims) <= held
    return len(claims)


async def measure(engine: str, url: str) -> None:
    """Let everybody claim; print how fast it went and what came of it."""
    await fill(url)
    async with AsyncExitStack() as stack:
        storms = [
            await stack.enter_async_context(module("tests.bench.claims", url, str(number)))
            for number in range(1, PROCESSES + 1)
        ]
        for process in storms:
            assert process.stdout
            assert await process.stdout.readline() == b"ready\n"
        began = time.perf_counter()
        for process in storms:
            assert process.stdin
            process.stdin.write(b"go\n")
            await process.stdin.drain()
        came: Counter[str] = Counter()
        for process in storms:
            assert process.stdout
            came.update(json.loads(await process.stdout.readline()))
        seconds = time.perf_counter() - began
    assert came.total() == CLAIMS, f"{came.total()} of {CLAIMS} claims were decided"
    taken = await check(url, came["held"])
    print(
        f"\n{CLAIMS:,} claims by {PEOPLE} people on {DAYS * len(HOURS) * PLACES} places, {engine},"
        f" {PROCESSES} processes, seed {SEED}: {CLAIMS / seconds:,.0f} claims a second ({seconds:.1f} s);"
        f" {taken} places taken, none overfilled, nobody in two places at once"
        f" ({', '.join(f'{name} {count:,}' for name, count in came.most_common())})"
    )


async def run() -> None:
    """Measure on both engines, each as durable as in a real run."""
    with tempfile.TemporaryDirectory() as folder:
        await measure("SQLite", f"sqlite://{Path(folder) / 'canteen.sqlite3'}")
    with TempPostgres(durable=True) as server:
        await create_database(server, "canteen")
        await measure("PostgreSQL", server.url("canteen"))


def main(arguments: Sequence[str]) -> None:
    """Be one of the processes that are measured."""
    url, number = arguments
    asyncio.run(storm(url, int(number)))


if __name__ == "__main__":
    main(sys.argv[1:])
