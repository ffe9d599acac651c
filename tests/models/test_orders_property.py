"""Whatever families and clocks do: at most one meal a day, nothing manual lost, and all lists agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import transaction
from models import daychanges
from models.calendar import ServiceDay, serves
from models.canteens import Canteen
from models.meals import Meal
from models.orders import ChangeKind, OrderChange, pause, resume
from models.people import Person
from models.refusals import Refusal
from models.seniors import Mode, Senior
from tests.models.making import a_canteen, a_coordinator, a_relative, a_senior, at, plan, run_the_day
from tests.models.outputs import every_output

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Madrid")
FIRST = date(2026, 10, 26)  # in the night before, Madrid turns its clocks back; a week later New York does
Lunch = tuple[Mode, int]
SENIORS = range(2)
READ: int = 4  # days of each example of which every list is read; who eats is looked at on all
DAYS = range(7)

senior, day = st.sampled_from(SENIORS), st.sampled_from(DAYS)
by = st.sampled_from(["family", "family", "coordinator"])
skipping = st.tuples(st.sampled_from(["skip", "skip", "undo"]), senior, by, day)
swapping = st.tuples(st.just("swap"), senior, by, day, st.sampled_from(list(Mode)))
inviting = st.tuples(st.just("guests"), senior, by, day, st.integers(0, 3))
pausing = st.tuples(st.just("pause"), senior, by, day, st.one_of(st.none(), day))
resuming = st.tuples(st.just("resume"), senior, by, day)
waiting = st.tuples(st.just("wait"), st.integers(1, 30))
running = st.tuples(st.sampled_from(["run", "run", "replan"]))
steps = st.lists(
    st.one_of(skipping, swapping, inviting, pausing, resuming, waiting, running), min_size=4, max_size=14
)
people = st.lists(
    st.tuples(st.integers(0, 127), st.sampled_from(list(Mode))), min_size=len(SENIORS), max_size=len(SENIORS)
)


@dataclass
class World:
    """What must be true, kept beside the database in the plainest way."""

    canteen: Canteen
    now: datetime
    seniors: list[Senior]
    relatives: list[Person]
    chen: Person
    skips: set[tuple[int, date]] = field(default_factory=set)
    changes: dict[tuple[int, date], Lunch] = field(default_factory=dict)
    off: set[tuple[int, date]] = field(default_factory=set)
    made: dict[date, dict[int, Lunch]] = field(default_factory=dict)
    taken_off: dict[tuple[int, date], Lunch] = field(default_factory=dict)

    def lunch(self, one: Senior, day: date) -> Lunch | None:
        """Tell how somebody who eats on a day has lunch."""
        key = (one.id, day)
        if key in self.skips | self.off or not (serves(one.weekdays, day) or key in self.changes):
            return None
        return self.changes.get(key, (one.mode, 0))

    def eats(self, day: date) -> dict[int, Lunch]:
        return {one.id: lunch for one in self.seniors if (lunch := self.lunch(one, day)) is not None}

    async def take(self, step: tuple) -> None:
        match step:
            case ("wait", hours):
                self.now += timedelta(hours=hours)
            case ("run",):
                await self.run()
            case ("replan",):
                async with transaction():
                    await self.canteen.replan(self.now)
            case (act, who, by, ahead, *more):
                try:
                    async with transaction():
                        await self.act(act, who, by, FIRST + timedelta(days=ahead), more)
                except Refusal:
                    return

    async def act(self, act: str, who: int, by: str, day: date, more: list) -> None:
        one, someone = self.seniors[who], self.chen if by == "coordinator" else self.relatives[who]
        key, every = (one.id, day), [FIRST + timedelta(days=ahead) for ahead in range(60)]
        match act:
            case "skip":
                await OrderChange.skip(one, day, someone, self.now)
                self.skips.add(key)
                self.made.get(day, {}).pop(one.id, None)
            case "undo":
                await OrderChange.undo_skip(one, day, someone, self.now)
                if key in self.skips and day in self.made:
                    self.made[day][one.id] = self.taken_off[key]
                self.skips.discard(key)
            case "swap" | "guests":
                await self.change(one, day, someone, act, more[0])
            case "pause":
                ends = None if more[0] is None else FIRST + timedelta(days=more[0])
                await pause(one, day, ends, someone, self.now)
                days = {each for each in every if each >= day and (not ends or each <= ends)}
                self.off |= {(one.id, each) for each in days}
                for each in days & self.made.keys():
                    self.made[each].pop(one.id, None)
            case "resume":
                over = await resume(one, day, someone, self.now)
                for each in over:
                    ends = each.ends or every[-1]
                    still = [other for other in every if other >= day and other <= ends]
                    self.off -= {(one.id, other) for other in still}
                await self.look_at_pauses_that_are_left(one, every)

    async def change(self, one: Senior, day: date, by: Person, act: str, what: Mode | int) -> None:
        before = self.made[day].get(one.id) if day in self.made else self.lunch(one, day)
        mode, guests = before or (one.mode, 0)
        if isinstance(what, Mode):
            changed = await daychanges.change(one, day, by, self.now, mode=what)
            after = (what, 0 if what is Mode.PICK_UP else guests)
        else:
            changed = await daychanges.change(one, day, by, self.now, guests=what)
            after = (mode, what)
        assert (changed.lunch.mode, changed.lunch.guests) == after, act
        self.skips.discard((one.id, day))
        self.changes[one.id, day] = after
        if day in self.made:
            self.made[day][one.id] = self.taken_off[one.id, day] = after

    async def look_at_pauses_that_are_left(self, one: Senior, every: list[date]) -> None:
        """Pauses may overlap: what another one still covers stays off."""
        async for left in one.pauses.filter(voided_at=None):
            self.off |= {(one.id, each) for each in every if left.starts <= each <= (left.ends or every[-1])}

    async def run(self) -> None:
        async for service_day in ServiceDay.filter(canteen_id=self.canteen.id):
            if service_day.day not in self.made and service_day.close_at <= self.now:
                over = self.now >= service_day.finish_at
                self.made[service_day.day] = {} if over else self.eats(service_day.day)
                self.taken_off |= {
                    (one, service_day.day): lunch for one, lunch in self.made[service_day.day].items()
                }
        await run_the_day(self.now)
        await plan(self.now)


@pytest.mark.fuzz
@given(zone=st.sampled_from(ZONES), people=people, steps=steps, cutoff_days=st.integers(0, 2))
async def test_whatever_is_ordered_and_however_often_jobs_run_the_meals_are_right(
    db: str, zone: str, people: list[tuple[int, Mode]], steps: list[tuple], cutoff_days: int
) -> None:
    now = at("2026-10-23 09:00", zone)
    canteen = await a_canteen(zone, now, weekdays=127, cutoff_days=cutoff_days, cutoff_at="07:30")
    seniors = [await a_senior(canteen, weekdays=weekdays, mode=mode) for weekdays, mode in people]
    relatives = [await a_relative(one) for one in seniors]
    world = World(canteen, now, seniors, relatives, await a_coordinator(canteen))
    for step in steps:
        await world.take(step)
    await world.run()
    await world.run()

    days = await ServiceDay.filter(canteen_id=canteen.id).order_by("day")
    due = await Meal.due_between([canteen.id], days[0].day, days[-1].day)
    touched = {day for _one, day in world.skips | world.off | world.changes.keys()} | world.made.keys()
    read = 0
    for service_day in days:
        day = service_day.day
        expected = world.eats(day) if world.made.get(day) is None else world.made[day]
        assert sorted((each.senior_id, each.mode, each.guests) for each in due if each.day == day) == sorted(
            (one, *lunch) for one, lunch in expected.items()
        )
        if day in touched and read < READ:
            read += 1
            assert await every_output(service_day) == expected
    for one in seniors:
        alone = await Meal.days_of(one.id, days[0].day, days[-1].day)
        assert sorted(each.day for each in alone) == sorted(
            each.day for each in due if each.senior_id == one.id
        )
    kept = OrderChange.filter(
        senior_id__in=[one.id for one in seniors], kind=ChangeKind.SKIP, voided_at__isnull=True
    )
    assert {(row[0], row[1]) for row in await kept.values_list("senior_id", "day")} == world.skips
