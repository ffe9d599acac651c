"""Whatever is done in whatever order: no shift is overfilled, and nobody is in two places at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.database import connect, disconnect, transaction
from models.canteens import Canteen
from models.people import Membership, Person, Role
from models.refusals import Refusal
from models.routes import Kind, Route
from models.shiftrefusals import (
    NeedsAdult,
    NotIntroduced,
    ShiftClashes,
    ShiftFull,
    SkillWanted,
    TooLateForAge,
    TooYoungToDrive,
)
from models.shifts import Claim, Shift, ShiftState
from models.skills import Ability, Need, Skill
from models.youth import AgeClass, AgeNote, GuardianYes
from tests.models.making import NOW, TUESDAY, at

PEOPLE = 5
# Who coordinates and so knows everything, who drives, and who is under age, with a guardian's yes.
CHEN, DRIVERS, YOUNG = 0, frozenset({0, 1}), 4
# Two that overlap, one that begins when the first ends, one for two volunteers; then a round for which one
# of two drives, a drive, and a kitchen in the evening.
HOURS = (
    ("10:00", "12:00", 1, Kind.ROUND), ("11:30", "13:00", 1, Kind.ROUND), ("12:00", "13:00", 1, Kind.ROUND),
    ("14:00", "15:00", 2, Kind.ROUND), ("15:00", "16:00", 2, Kind.ROUND), ("16:00", "17:00", 2, Kind.DRIVER),
    ("19:00", "21:00", 3, Kind.KITCHEN),
)  # fmt: skip
NEEDS_A_DRIVER = 4

Act = tuple[str, int, int]
acts = st.lists(
    st.tuples(
        st.sampled_from(("claim", "claim", "claim", "give back", "confirm")),
        st.integers(0, PEOPLE - 1),
        st.integers(0, len(HOURS) - 1),
    ),
    min_size=1,
    max_size=25,
)


@dataclass
class Expected:
    """Who holds what, by the rules as one would tell them.

    introduces: whoever is new (all but the coordinator) goes with somebody who knows it.
    """

    introduces: bool
    driving: int | None = None
    held: dict[int, set[int]] = field(default_factory=lambda: {shift: set() for shift in range(len(HOURS))})

    def clash(self, person: int, shift: int) -> bool:
        starts, ends, *_more = HOURS[shift]
        return any(
            person in people and other != shift and HOURS[other][0] < ends and starts < HOURS[other][1]
            for other, people in self.held.items()
        )

    def claim(self, person: int, shift: int) -> type[Refusal] | None:
        here, (_starts, ends, places, kind) = self.held[shift], HOURS[shift]
        if person in here:
            return None
        if person == YOUNG and kind is Kind.DRIVER:
            return TooYoungToDrive
        if person == YOUNG and ends > "20:00":
            return TooLateForAge
        if self.clash(person, shift):
            return ShiftClashes
        free = places - len(here)
        drives = shift == NEEDS_A_DRIVER and person in DRIVERS and self.driving is None
        if shift == NEEDS_A_DRIVER and free == 1 and self.driving is None and not drives:
            return SkillWanted
        if not free:
            return ShiftFull
        if person == YOUNG and kind is Kind.ROUND and not here:
            return NeedsAdult
        if self.introduces and person != CHEN and CHEN not in here and free == 1:
            return NotIntroduced
        here.add(person)
        if drives:
            self.driving = person
        return None

    def give_back(self, person: int, shift: int) -> None:
        self.held[shift].discard(person)
        if shift == NEEDS_A_DRIVER and self.driving == person:
            self.driving = None


@given(acts, st.booleans())
def test_claims_are_what_the_rules_say_after_any_acts(db_url: str, did: list[Act], introduces: bool) -> None:
    asyncio.run(plays(db_url, did, introduces))


async def plays(url: str, did: list[Act], introduces: bool) -> None:
    await connect(url)
    try:
        await _play(did, introduces)
    finally:
        await disconnect()


async def _play(did: list[Act], introduces: bool) -> None:
    canteen = await Canteen.open("Ping'an Lane", "Asia/Shanghai", "en", NOW)
    await Canteen.filter(id=canteen.id).update(introduces=introduces)
    people, shifts = await _people(canteen), await _shifts(canteen)
    expected = Expected(introduces)
    for act, who, which in did:
        person, shift = people[who], shifts[which]
        if act == "claim":
            refused = expected.claim(who, which)
            assert await _claims(shift, person) is refused
        elif (claim := await Claim.filter(shift_id=shift.id, person_id=person.id).last()) is not None:
            held = who in expected.held[which]
            assert (claim.given_back_at is None) is held
            async with transaction():
                if act == "give back":
                    assert (await Claim.give_back(claim.id, person, NOW)).news is held
                    expected.give_back(who, which)
                elif held:
                    await Claim.confirm(claim.id, person, NOW)
    for which, shift in enumerate(shifts):
        found = await Claim.filter(shift_id=shift.id, given_back_at=None)
        assert {claim.person_id for claim in found} == {people[who].id for who in expected.held[which]}
        assert (await Shift.get(id=shift.id)).taken == len(found) <= shift.places
        driving = [claim.person_id for claim in found if claim.part is Skill.DRIVE]
        drives = None if which != NEEDS_A_DRIVER else expected.driving
        assert driving == ([] if drives is None else [people[drives].id])


async def _claims(shift: Shift, person: Person) -> type[Refusal] | None:
    try:
        async with transaction():
            await Shift.claim(shift.id, person, NOW)
    except Refusal as refusal:
        return type(refusal)
    return None


async def _people(canteen: Canteen) -> list[Person]:
    people = [await Person.create(name=f"Volunteer {n}", created_at=NOW) for n in range(PEOPLE)]
    for person in people:
        role = Role.COORDINATOR if person is people[CHEN] else Role.VOLUNTEER
        await Membership.grant(person, canteen.id, role, by=None, now=NOW)
    for who in DRIVERS:
        await Ability.confirm(people[who], canteen.id, Skill.DRIVE, people[CHEN], NOW)
    await AgeNote.note(people[YOUNG], AgeClass.UNDER_18, people[CHEN], NOW)
    await GuardianYes.hear(people[YOUNG], canteen.id, "Mrs Lin", "+8613800000001", people[CHEN], NOW)
    return people


async def _shifts(canteen: Canteen) -> list[Shift]:
    def on(clock: str) -> datetime:
        return at(f"{TUESDAY} {clock}")

    shifts = []
    for number, (starts, ends, places, kind) in enumerate(HOURS):
        route = await Route.create(
            canteen_id=canteen.id,
            kind=kind,
            name=f"Route {number}",
            starts_at=starts,
            ends_at=ends,
            places=places,
        )
        if number == NEEDS_A_DRIVER:
            await Need.create(route_id=route.id, skill=Skill.DRIVE, places=1)
        shifts.append(
            await Shift.create(
                canteen_id=canteen.id,
                route_id=route.id,
                day=TUESDAY,
                starts_at=on(starts),
                ends_at=on(ends),
                places=places,
                state=ShiftState.OPEN,
            )
        )
    return shifts
