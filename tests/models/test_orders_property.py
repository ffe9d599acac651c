"""Whatever families and clocks do: at most one meal a day, nothing manual lost, and all lists agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import transaction
from models.calendar import ServiceDay, serves
from models.canteens import Canteen
from models.meals import Meal
from models.orders import ChangeKind, OrderChange, pause, resume
from models.people import Person
from models.refusals import Refusal
from models.roster import kitchen_count, roster
from models.seniors import Mode, Senior
from tests.models.making import a_canteen, a_relative, a_senior, at, plan, run_the_day

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Madrid")
FIRST = date(2026, 10, 26)  # in the night before, Madrid turns its clocks back; a week later New York does
SENIORS = range(2)
DAYS = range(7)

senior, day = st.sampled_from(SENIORS), st.sampled_from(DAYS)
skipping = st.tuples(st.sampled_from(["skip", "skip", "undo"]), senior, day)
pausing = st.tuples(st.just("pause"), senior, day, st.one_of(st.none(), day))
resuming = st.tuples(st.just("resume"), senior, day)
waiting = st.tuples(st.just("wait"), st.integers(1, 30))
running = st.tuples(st.just("run"))
steps = st.lists(st.one_of(skipping, pausing, resuming, waiting, running), min_size=4, max_size=14)
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
    skips: set[tuple[int, date]] = field(default_factory=set)
    off: set[tuple[int, date]] = field(default_factory=set)
    made: dict[date, set[int]] = field(default_factory=dict)

    def eats(self, day: date) -> set[int]:
        return {
            one.id
            for one in self.seniors
            if serves(one.weekdays, day) and not {(one.id, day)} & (self.skips | self.off)
        }

    async def take(self, step: tuple) -> None:
        match step:
            case ("wait", hours):
                self.now += timedelta(hours=hours)
            case ("run",):
                await self.run()
            case (act, who, ahead, *until):
                try:
                    async with transaction():
                        await self.act(act, who, FIRST + timedelta(days=ahead), until)
                except Refusal:
                    return

    async def act(self, act: str, who: int, day: date, until: list[int | None]) -> None:
        one, mei = self.seniors[who], self.relatives[who]
        every = [FIRST + timedelta(days=ahead) for ahead in range(60)]
        match act:
            case "skip":
                await OrderChange.skip(one, day, mei, self.now)
                self.skips.add((one.id, day))
            case "undo":
                await OrderChange.undo_skip(one, day, mei, self.now)
                self.skips.discard((one.id, day))
            case "pause":
                (last,) = until
                ends = None if last is None else FIRST + timedelta(days=last)
                await pause(one, day, ends, mei, self.now)
                self.off |= {(one.id, each) for each in every if each >= day and (not ends or each <= ends)}
            case "resume":
                over = await resume(one, day, mei, self.now)
                for each in over:
                    ends = each.ends or every[-1]
                    still = [other for other in every if other >= day and other <= ends]
                    self.off -= {(one.id, other) for other in still}
                await self.look_at_pauses_that_are_left(one, every)

    async def look_at_pauses_that_are_left(self, one: Senior, every: list[date]) -> None:
        """Pauses may overlap: what another one still covers stays off."""
        async for left in one.pauses.filter(voided_at=None):
            self.off |= {(one.id, each) for each in every if left.starts <= each <= (left.ends or every[-1])}

    async def run(self) -> None:
        async for service_day in ServiceDay.filter(canteen_id=self.canteen.id):
            if service_day.day not in self.made and service_day.close_at <= self.now:
                over = self.now >= service_day.finish_at
                self.made[service_day.day] = set() if over else self.eats(service_day.day)
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
    world = World(canteen, now, seniors, [await a_relative(one) for one in seniors])
    for step in steps:
        await world.take(step)
    await world.run()
    await world.run()

    for service_day in await ServiceDay.filter(canteen_id=canteen.id):
        due = await Meal.due([canteen.id], service_day.day)
        expected = world.made.get(service_day.day)
        assert {each.senior_id for each in due} == (
            world.eats(service_day.day) if expected is None else expected
        )
        assert len(due) == len({each.senior_id for each in due})
        lists = await roster(canteen.id, service_day.day)
        assert lists.kitchen == await kitchen_count(canteen.id, service_day.day)
        assert lists.kitchen.total == len(due) == sum(len(part.lines) for part in lists.parts)
        for one in seniors:
            alone = await Meal.days_of(one.id, service_day.day, service_day.day)
            assert bool(alone) == (one.id in {each.senior_id for each in due})
    kept = OrderChange.filter(
        senior_id__in=[one.id for one in seniors], kind=ChangeKind.SKIP, voided_at__isnull=True
    )
    assert {(row[0], row[1]) for row in await kept.values_list("senior_id", "day")} == world.skips
