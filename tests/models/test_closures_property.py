"""Whatever is closed, opened again, skipped, paused and run: one lunch a day, and nothing manual is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.database import transaction
from models import daychanges, hospital, shiftplan
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closures import NOT_COOKING, Closure, ClosureKind, ClosureReason, Plan
from models.meals import Meal, MealState
from models.orders import ChangeKind, OrderChange, pause
from models.people import Person
from models.refusals import Refusal
from models.reopening import still_closed
from models.routes import Route, Stop
from models.seniors import Mode, Senior
from models.shifts import Shift
from tests.models.making import a_canteen, a_coordinator, a_relative, a_senior, at, plan, run_the_day
from tests.models.outputs import every_output

FIRST = date(2026, 10, 26)
SENIORS, DAYS = range(3), range(5)
READ: int = 4  # days of each example of which every list is read; who eats is looked at on all

who, ahead = st.sampled_from(SENIORS), st.sampled_from(DAYS)
closing = st.tuples(st.just("close"), ahead, st.integers(0, 2), st.sampled_from(list(ClosureKind)))
reopening = st.tuples(st.just("reopen"), st.integers(0, 3))
skipping = st.tuples(st.sampled_from(["skip", "undo"]), who, ahead)
pausing = st.tuples(st.just("pause"), who, ahead, ahead)
swapping = st.tuples(st.just("swap"), who, ahead, st.sampled_from(list(Mode)))
inviting = st.tuples(st.just("guests"), who, ahead, st.integers(0, 3))
falling_ill = st.tuples(st.just("hospital"), who)
serving = st.tuples(st.just("serve"), who, ahead)
waiting = st.tuples(st.just("wait"), st.integers(1, 20))
running = st.tuples(st.just("run"))
steps = st.lists(
    st.one_of(
        closing,
        closing,
        reopening,
        skipping,
        pausing,
        swapping,
        inviting,
        falling_ill,
        serving,
        waiting,
        running,
    ),
    min_size=5,
    max_size=16,
)


@dataclass
class World:
    """What must be true, kept beside the database in the plainest way."""

    canteen: Canteen
    now: datetime
    chen: Person
    seniors: list[Senior]
    relatives: list[Person]
    skips: set[tuple[int, date]] = field(default_factory=set)
    off: set[tuple[int, date]] = field(default_factory=set)
    made: dict[date, set[int]] = field(default_factory=dict)
    closed: dict[date, ClosureKind] = field(default_factory=dict)
    served: set[tuple[int, date]] = field(default_factory=set)
    lunches: dict[tuple[int, date], tuple[Mode, int]] = field(default_factory=dict)

    def wanted(self, day: date) -> set[int]:
        return {one.id for one in self.seniors if not {(one.id, day)} & (self.skips | self.off)}

    def eats(self, day: date) -> set[int]:
        """Tell who is on the lists of a day."""
        came = {senior_id for senior_id, served in self.served if served == day}
        if self.closed.get(day) in NOT_COOKING:
            return came
        return self.made.get(day, self.wanted(day)) | came

    async def take(self, step: tuple) -> None:
        match step:
            case ("wait", hours):
                self.now += timedelta(hours=hours)
            case ("run",):
                await self.run()
            case _:
                try:
                    async with transaction():
                        await self.act(*step)
                except Refusal:
                    return

    async def act(self, act: str, *what: int) -> None:
        days = [FIRST + timedelta(days=number) for number in range(20)]
        match act, what:
            case "close", (first, more, kind):
                await self.close(days[first], days[first + more], kind)
            case "reopen", (number,):
                closures = await still_closed(self.canteen.id, self.now)
                if number < len(closures):
                    await self.reopen(closures[number])
            case "skip", (one, day):
                await OrderChange.skip(self.seniors[one], days[day], self.relatives[one], self.now)
                self.skips.add((self.seniors[one].id, days[day]))
            case "undo", (one, day):
                await OrderChange.undo_skip(self.seniors[one], days[day], self.relatives[one], self.now)
                self.skips.discard((self.seniors[one].id, days[day]))
            case "pause", (one, first, last):
                senior = self.seniors[one]
                await pause(senior, days[first], days[last], self.relatives[one], self.now)
                self.off |= {(senior.id, each) for each in days[first : last + 1]}
            case "swap" | "guests", (one, day, wish):
                await self.change(self.seniors[one], days[day], wish)
            case "hospital", (one,):
                await self.admit(self.seniors[one])
            case "serve", (one, day):
                found = Meal.filter(senior_id=self.seniors[one].id, day=days[day], state=MealState.EXPECTED)
                if await found.update(state=MealState.IN_PERSON, state_at=self.now):
                    self.served.add((self.seniors[one].id, days[day]))

    def lunch(self, one: Senior, day: date) -> tuple[Mode, int]:
        """Tell how somebody has lunch on a day, and with how many guests."""
        mode, guests = self.lunches.get((one.id, day), (one.mode, 0))
        return (Mode.DELIVERY, guests) if self.closed.get(day) is ClosureKind.CONVERTED else (mode, guests)

    async def change(self, one: Senior, day: date, wish: Mode | int) -> None:
        mode, guests = self.lunches.get((one.id, day), (one.mode, 0))
        if isinstance(wish, Mode):
            await daychanges.change(one, day, self.chen, self.now, mode=wish)
            self.lunches[one.id, day] = (wish, 0 if wish is Mode.PICK_UP else guests)
        else:
            await daychanges.change(one, day, self.chen, self.now, guests=wish)
            # Guests come along while a closure has all lunches brought; nobody comes along to fetch one.
            self.lunches[one.id, day] = (Mode.DELIVERY if wish and mode is Mode.PICK_UP else mode, wish)
        self.skips.discard((one.id, day))
        if day in self.made:
            self.made[day].add(one.id)

    async def admit(self, one: Senior) -> None:
        today = self.canteen.today(self.now)
        called_off = {meal.day for meal in await hospital.admit(one, self.chen, self.now)}
        self.off |= {(one.id, today + timedelta(days=ahead)) for ahead in range(40)}
        for day in called_off:
            assert (one.id, day) not in self.served
            self.made[day].discard(one.id)

    async def close(self, first: date, last: date, kind: ClosureKind) -> None:
        minutes = 90 if kind is ClosureKind.LATER else None
        wish = Plan(self.canteen.id, first, last, kind, ClosureReason.WEATHER, None, None, minutes)
        declared = await Closure.declare(wish, self.chen, self.now)
        again = await Closure.declare(wish, self.chen, self.now)
        assert again.news is None
        for closure in declared.closures:
            self.closed[closure.day] = kind
            day = await ServiceDay.get(canteen_id=self.canteen.id, day=closure.day)
            if day.state is not DayState.PLANNED and day.day not in self.made:
                self.made[day.day] = self.wanted(day.day)

    async def reopen(self, closure: Closure) -> None:
        ended = await Closure.end(closure.id, self.chen, self.now)
        for each in ended.closures:
            del self.closed[each.day]
            if each.day in self.made:
                came = {senior_id for senior_id, day in self.served if day == each.day}
                self.made[each.day] &= self.wanted(each.day) | came

    async def run(self) -> None:
        async for day in ServiceDay.filter(canteen_id=self.canteen.id):
            if day.day not in self.made and day.close_at <= self.now:
                self.made[day.day] = set() if self.now >= day.finish_at else self.wanted(day.day)
        await run_the_day(self.now)
        await plan(self.now)
        async with transaction():
            await shiftplan.open_ahead(self.now, 100)


RUN, BROUGHT, OPEN = ("run",), ("close", 1, 0, ClosureKind.CONVERTED), ("reopen", 0)
MADE = (*[("wait", 20)] * 4, RUN)  # the lists of the second day
TABLE, COUNTER = [Mode.DINE_IN] * 3, [Mode.PICK_UP] * 3


@pytest.mark.fuzz
@example(steps=[RUN, BROUGHT, ("guests", 0, 1, 0), OPEN], modes=TABLE)
@example(steps=[RUN, BROUGHT, ("guests", 0, 1, 2), OPEN], modes=COUNTER)
@example(steps=[*MADE, BROUGHT, ("guests", 0, 1, 2), OPEN], modes=TABLE)
@example(steps=[*MADE, BROUGHT, ("swap", 0, 1, Mode.DELIVERY), OPEN], modes=TABLE)
@example(steps=[*MADE, BROUGHT, ("swap", 0, 1, Mode.PICK_UP)], modes=TABLE)
@example(steps=[*MADE, BROUGHT, ("swap", 0, 1, Mode.DINE_IN), OPEN], modes=COUNTER)
@given(steps=steps, modes=st.lists(st.sampled_from(list(Mode)), min_size=3, max_size=3))
async def test_whatever_is_closed_and_opened_the_meals_are_right(
    db: str, steps: list[tuple], modes: list[Mode]
) -> None:
    now = at("2026-10-23 09:00")
    canteen = await a_canteen("Asia/Shanghai", now, weekdays=127, human_phone="+862155550000")
    route = await Route.get(canteen_id=canteen.id)
    seniors = [await a_senior(canteen, weekdays=127, mode=mode) for mode in modes]
    for position, senior in enumerate(seniors, 1):
        await Stop.create(route_id=route.id, senior_id=senior.id, position=position, since=now)
    relatives = [await a_relative(one) for one in seniors]
    world = World(canteen, now, await a_coordinator(canteen), seniors, relatives)
    for step in steps:
        await world.take(step)
    await world.run()
    await world.run()

    ids = [one.id for one in seniors]
    by_id = {one.id: one for one in seniors}
    in_force = await Closure.filter(canteen_id=canteen.id, ended_at=None)
    assert {closure.day: closure.kind for closure in in_force} == world.closed
    days = await ServiceDay.filter(canteen_id=canteen.id).order_by("day")
    all_due = await Meal.due_between([canteen.id], days[0].day, days[-1].day)
    touched = (
        {day for _one, day in world.skips | world.off | world.served}
        | world.made.keys()
        | world.closed.keys()
    )
    read = 0
    for day in days:
        assert day.close_at <= day.roster_at <= day.out_at <= day.finish_at
        due = [each for each in all_due if each.day == day.day]
        assert {each.senior_id for each in due} == world.eats(day.day), (day.day, world.closed.get(day.day))
        assert len(due) == len({each.senior_id for each in due})
        if day.day in touched and read < READ:
            read += 1
            assert await every_output(day) == {each.senior_id: (each.mode, each.guests) for each in due}
        for each in due:
            if each.state is MealState.EXPECTED:
                assert (each.mode, each.guests) == world.lunch(by_id[each.senior_id], day.day)
                assert (each.route_id is not None) == (each.mode is Mode.DELIVERY)
        if world.closed.get(day.day) in NOT_COOKING:
            assert not await Shift.filter(canteen_id=canteen.id, day=day.day, state="open").exists()
    for senior_id, served in world.served:
        assert (await Meal.get(senior_id=senior_id, day=served)).state is MealState.IN_PERSON
    kept = OrderChange.filter(senior_id__in=ids, kind=ChangeKind.SKIP, voided_at__isnull=True)
    assert {(row[0], row[1]) for row in await kept.values_list("senior_id", "day")} == world.skips
