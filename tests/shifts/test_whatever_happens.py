"""Whatever people do and the clock brings: no shift is overfilled, nobody is doubled, all is said once."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.database import connect, disconnect, transaction
from models import cover, filling, presence, reminders, shiftplan, standing
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.forgottenends import close_due
from models.handover import Handover
from models.introductions import Introduction
from models.line import Standby
from models.people import Account, Membership, Person, Role
from models.refusals import Gone, Refusal
from models.routes import Kind, Route, Stop
from models.shifts import Claim, Shift, ShiftState
from models.skills import Ability, Need, Skill
from models.standing import Standing
from models.swaps import Swap
from models.youth import AgeClass, AgeNote, GuardianYes
from tests.models.making import NOW, TUESDAY, a_senior, plan

PEOPLE = 4
HOURS = (
    ("10:00", "12:00", 1, Kind.ROUND),
    ("11:30", "13:00", 1, Kind.ROUND),
    ("12:00", "13:00", 2, Kind.KITCHEN),
)
KITCHEN, SPEAKS, KNOWS, YOUNG = 2, 1, 2, 3
DAYS = (TUESDAY,)
ALL = 1_000

people = st.integers(0, PEOPLE - 1)
shifts = st.integers(0, len(HOURS) - 1)
# Which of the places that somebody has.
places = st.integers(0, 11)


class Shifts(RuleBasedStateMachine):
    """One canteen, two routes that overlap and a kitchen, one day, four people: the first coordinates.

    One of the two in the kitchen speaks the dialect, as the second person does; the third knows the work,
    and a first time is not alone; the fourth is under age, with a guardian's yes.
    """

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.now = NOW
        self.closed = False
        self.said: Counter[tuple[object, ...]] = Counter()
        self.runner.run(self._open())

    def teardown(self) -> None:
        self.runner.run(self._close())
        self.runner.close()

    async def _open(self) -> None:
        await connect(self.url)
        self.canteen = await Canteen.open("Ping'an Lane", "Asia/Shanghai", "en", NOW)
        self.people = [await Person.create(name=f"Person {n}", created_at=NOW) for n in range(PEOPLE)]
        for at, person in enumerate(self.people):
            role = Role.VOLUNTEER if at else Role.COORDINATOR
            await Membership.grant(person, self.canteen.id, role, by=None, now=NOW)
            await Account.create(person_id=person.id, channel="test", address=f"{person.id}", heard_at=NOW)
        await Route.filter(canteen_id=self.canteen.id).update(closed_at=NOW)
        await self._suit()
        for number, (starts, ends, places, kind) in enumerate(HOURS):
            route = await Route.create(
                canteen_id=self.canteen.id,
                kind=kind,
                name=f"Route {number}",
                starts_at=starts,
                ends_at=ends,
                places=places,
            )
            if number == KITCHEN:
                await Need.create(route_id=route.id, skill=Skill.DIALECT)
            for position in (1, 2) if number != KITCHEN else ():
                senior = await a_senior(self.canteen)
                await Stop.create(route_id=route.id, senior_id=senior.id, position=position, since=NOW)
        await plan(NOW)
        async with transaction():
            await shiftplan.open_ahead(NOW, ALL)
        found = Shift.filter(canteen_id=self.canteen.id, day__in=DAYS)
        self.shifts = [shift.id for shift in await found.order_by("day", "id")]
        # Somebody has something from the start, or most acts would be about nothing.
        for shift_id, person in zip(self.shifts, self.people[1:], strict=True):
            await self._does(lambda shift_id=shift_id, person=person: Shift.claim(shift_id, person, NOW))

    async def _suit(self) -> None:
        """Note what people can do, what they know, and how old they are."""
        chen, here = self.people[0], self.canteen.id
        self.canteen = await Canteen.change(here, by=chen, now=NOW, introduces=True)
        await Ability.confirm(self.people[SPEAKS], here, Skill.DIALECT, chen, NOW)
        for who in (SPEAKS, KNOWS):
            await Introduction.say(self.people[who], here, Kind.ROUND, chen, NOW)
        await Introduction.say(self.people[KNOWS], here, Kind.KITCHEN, chen, NOW)
        await AgeNote.note(self.people[YOUNG], AgeClass.UNDER_18, chen, NOW)
        await GuardianYes.hear(self.people[YOUNG], here, "Mrs Lin", "+8613800000001", chen, NOW)

    async def _close(self) -> None:
        # What is left must not fall due in the next example, whose clock begins on Monday again.
        mine = Shift.filter(canteen_id=self.canteen.id)
        await Claim.filter(shift__canteen_id=self.canteen.id).update(watch_at=None, next_at=None)
        await Standby.filter(shift__canteen_id=self.canteen.id, ended_at=None).update(ended_at=self.now)
        await Standing.filter(route__canteen_id=self.canteen.id).update(ended_at=self.now)
        await mine.update(state=ShiftState.CANCELLED, next_at=None, fill_at=None)
        await ServiceDay.filter(canteen_id=self.canteen.id).update(next_at=None, tell_at=None)
        await disconnect()

    def does(self, act: Callable[[], Awaitable[Any]]) -> Any:
        """Do one thing in a transaction of its own; a rule may say no."""
        return self.runner.run(self._does(act))

    async def _does(self, act: Callable[[], Awaitable[Any]]) -> Any:
        try:
            async with transaction():
                return await act()
        except Refusal as refusal:
            return refusal

    async def _held(self, nth: int) -> Claim:
        """Pick one of the places that somebody has, or has just given back."""
        held = Claim.filter(shift_id__in=self.shifts).order_by("id")
        found = await held.prefetch_related("person")
        active = [claim for claim in found if claim.given_back_at is None] or found
        if not active:
            raise Gone
        return active[nth % len(active)]

    def holder_does(self, nth: int, act: Callable[[Claim, Person], Awaitable[Any]]) -> None:
        """Let whoever has a place do something about it."""

        async def do() -> Any:
            claim = await self._held(nth)
            return await act(claim, claim.person)

        self.does(do)

    # -------------------------------------------------------------------------------------------- people

    @rule(who=people, which=shifts)
    def claims(self, who: int, which: int) -> None:
        self.does(lambda: Shift.claim(self.shifts[which], self.people[who], self.now))

    @rule(which=shifts)
    def everybody_claims_at_once(self, which: int) -> None:
        async def race() -> None:
            acts = [
                self._does(lambda person=person: Shift.claim(self.shifts[which], person, self.now))
                for person in self.people
            ]
            await asyncio.gather(*acts, self._does(lambda: Standby.offer_due(self.now, ALL)))

        self.runner.run(race())

    @rule(nth=places)
    def gives_back(self, nth: int) -> None:
        self.holder_does(nth, lambda claim, person: Claim.give_back(claim.id, person, self.now))

    @rule(which=shifts)
    def all_others_wait_in_line(self, which: int) -> None:
        for person in self.people:
            self.does(lambda person=person: Standby.join(self.shifts[which], person, self.now))

    @rule(who=people)
    def leaves_the_line(self, who: int) -> None:
        async def act() -> None:
            for standby in (await Standby.of(self.people[who], self.now))[:1]:
                await Standby.leave(standby.id, self.people[who], self.now)

        self.does(act)

    @rule(nth=places, on=st.booleans())
    def looks_for_a_stand_in(self, nth: int, on: bool) -> None:
        self.holder_does(
            nth, lambda claim, person: Claim.look_for_stand_in(claim.id, person, self.now, on=on)
        )

    @rule(nth=places, yes=st.booleans())
    def swaps(self, nth: int, yes: bool) -> None:
        async def act(mine: Claim, person: Person) -> None:
            for theirs in await Swap.partners(mine.id, person, self.now, 1):
                asked = await Swap.ask(mine.id, theirs.id, person, self.now)
                await (Swap.agree if yes else Swap.decline)(asked.id, theirs.person, self.now)

        self.holder_does(nth, act)

    @rule(nth=places)
    def checks_in(self, nth: int) -> None:
        self.holder_does(nth, lambda claim, person: presence.arrive(claim.id, person, self.now))

    @rule(who=people, weekdays=st.integers(1, 31), route=st.integers(0, len(HOURS) - 1))
    def promises_every_week(self, who: int, weekdays: int, route: int) -> None:
        async def act() -> None:
            shift = await Shift.get(id=self.shifts[route])
            await Standing.promise(shift.route_id, weekdays, self.people[who], self.now)

        self.does(act)

    @rule(nth=places, how=st.sampled_from(("myself", "half", "all", "go on", "look")))
    def the_coordinator_covers(self, nth: int, how: str) -> None:
        async def act(claim: Claim, _person: Person) -> None:
            chen, shift = self.people[0], await Shift.get(id=claim.shift_id)
            match how:
                case "myself":
                    await cover.go_oneself(claim.id, chen, self.now)
                case "go on":
                    await cover.release(claim.id, chen, self.now)
                case "look":
                    await cover.want_somebody(claim.id, chen, self.now)
                case _:
                    for other in (await cover.others_on_the_way(shift, self.now))[:1]:
                        await cover.split(claim.id, other.id, chen, self.now, whole=how == "all")

        self.holder_does(nth, act)

    @rule(nth=places, to=people, half=st.booleans())
    def hands_over(self, nth: int, to: int, half: bool) -> None:
        async def act(claim: Claim, person: Person) -> None:
            receiver = self.people[to]
            asked, _doors = await Handover.ask(claim.shift_id, receiver.id, person, self.now, half=half)
            await Handover.accept(asked.id, receiver, self.now)

        self.holder_does(nth, act)

    @precondition(lambda self: not self.closed and self.now > NOW + timedelta(hours=5))
    @rule(route=st.integers(0, len(HOURS) - 1))
    def a_route_is_closed(self, route: int) -> None:
        async def act() -> None:
            shift = await Shift.get(id=self.shifts[route]).prefetch_related("route")
            others = [one for one in await Route.of(self.canteen.id) if one.id != shift.route_id]
            await shift.route.close(others[0], self.people[0], self.now)
            await shiftplan.drop_lost(self.now, ALL)

        self.closed = True
        self.does(act)

    # --------------------------------------------------------------------------------------------- clock

    @rule(minutes=st.sampled_from((5, 60, 600)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.runner.run(self._tick())

    @rule()
    def the_next_thing_falls_due(self) -> None:
        self.now = self.runner.run(self._next())
        self.runner.run(self._tick())

    async def _next(self) -> datetime:
        mine = Claim.filter(shift_id__in=self.shifts, given_back_at=None)
        found: list[Any] = []
        for column in ("next_at", "watch_at"):
            found += await mine.filter(**{f"{column}__gt": self.now}).values_list(column, flat=True)
        due = Shift.filter(id__in=self.shifts, fill_at__gt=self.now)
        found += await due.values_list("fill_at", flat=True)
        line = Standby.filter(shift_id__in=self.shifts, ended_at=None, offered_until__gt=self.now)
        found += await line.values_list("offered_until", flat=True)
        return min(found, default=self.now + timedelta(hours=1))

    async def _tick(self) -> None:
        for job in (
            self._due, self._offers, self._waves, self._absent, self._promises, self._hours, self._days,
        ):  # fmt: skip
            await asyncio.gather(self._does(job), self._does(job))
            await self._does(job)

    def _say(self, *key: object) -> None:
        self.said[key] += 1

    async def _due(self) -> None:
        for due in (await reminders.take_due(self.now, ALL))[1]:
            self._say("reminder", due.claim.id, due.step)

    async def _offers(self) -> None:
        await Standby.expire_due(self.now, ALL)
        for standby in (await Standby.offer_due(self.now, ALL))[1]:
            self._say("offer", standby.id)

    async def _waves(self) -> None:
        for wave in (await filling.take_waves(self.now, ALL))[1]:
            for call in wave.calls:
                self._say("call", wave.shift.id, call.person.id)
            if wave.coordinator:
                self._say("nobody found", wave.shift.id, wave.number)

    async def _absent(self) -> None:
        for absent in (await presence.take_absent(self.now, ALL))[1]:
            self._say("absent", absent.claim.id, absent.step)

    async def _promises(self) -> None:
        for kept in await standing.keep_promises(self.now, ALL):
            for claim in kept.claims:
                self._say("promise", claim.shift_id, kept.person.id)

    async def _hours(self) -> None:
        await close_due(self.now, ALL)

    async def _days(self) -> None:
        await ServiceDay.close_due(self.now)

    # ---------------------------------------------------------------------------------------- invariants

    @invariant()
    def holds(self) -> None:
        self.runner.run(self._holds())

    async def _holds(self) -> None:
        rows = await Shift.filter(canteen_id=self.canteen.id, day__in=DAYS).prefetch_related(
            "claims", "route"
        )
        busy: dict[int, list[tuple[datetime, datetime]]] = {}
        for shift in rows:
            active = [each for each in shift.claims if each.given_back_at is None and each.left_at is None]
            offers = await Standby.filter(shift_id=shift.id, ended_at=None, offered_at__not_isnull=True)
            assert shift.taken == len(active), f"{shift.taken} taken, {len(active)} held"
            assert shift.offered == len(offers), f"{shift.offered} offered, {len(offers)} wait for an answer"
            assert shift.taken + shift.offered <= shift.places
            parts = [each.person_id for each in (*active, *offers) if each.part is Skill.DIALECT]
            assert parts in ([], [self.people[SPEAKS].id])
            young = [each.person_id for each in active] == [self.people[YOUNG].id]
            assert not young or shift.route.kind is Kind.KITCHEN or await self._was_left(shift)
            holders = [each.person_id for each in active]
            assert len(set(holders)) == len(holders)
            waiting = await Standby.filter(shift_id=shift.id, ended_at=None).values_list(
                "person_id", flat=True
            )
            assert not set(holders) & set(waiting)
            if shift.state is ShiftState.OPEN:
                for each in active:
                    busy.setdefault(each.person_id, []).append((shift.starts_at, shift.ends_at))
        for held in busy.values():
            held.sort()
            assert all(one[1] <= other[0] for one, other in itertools.pairwise(held)), held
        assert [key for key, count in self.said.items() if count > 1] == []

    async def _was_left(self, shift: Shift) -> bool:
        """Tell whether somebody had a place beside whoever is under age, and has given it back."""
        others = Claim.filter(shift_id=shift.id).exclude(person_id=self.people[YOUNG].id)
        return await others.exists()


@pytest.mark.fuzz
def test_no_order_of_acts_overfills_a_shift_doubles_a_person_or_says_a_thing_twice(db_url: str) -> None:
    machine = type("OfOneEngine", (Shifts,), {"url": db_url})
    some = settings.default.max_examples // 5
    run_state_machine_as_test(machine, settings=settings(max_examples=some, stateful_step_count=30))
