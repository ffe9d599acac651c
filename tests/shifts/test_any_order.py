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
from models.refusals import Refusal, ShiftClashes, ShiftFull
from models.routes import Route
from models.shifts import Claim, Shift, ShiftState
from tests.models.making import NOW, TUESDAY, at

PEOPLE = 4
# Two that overlap, one that begins when the first ends, one for two volunteers.
HOURS = (("10:00", "12:00", 1), ("11:30", "13:00", 1), ("12:00", "13:00", 1), ("14:00", "15:00", 2))

Act = tuple[str, int, int]
acts = st.lists(
    st.tuples(
        st.sampled_from(("claim", "claim", "give back", "confirm")),
        st.integers(0, PEOPLE - 1),
        st.integers(0, len(HOURS) - 1),
    ),
    min_size=1,
    max_size=25,
)


@dataclass
class Expected:
    """Who holds what, by the rules as one would tell them."""

    held: dict[int, set[int]] = field(default_factory=lambda: {shift: set() for shift in range(len(HOURS))})

    def clash(self, person: int, shift: int) -> bool:
        starts, ends, _places = HOURS[shift]
        return any(
            person in people and other != shift and HOURS[other][0] < ends and starts < HOURS[other][1]
            for other, people in self.held.items()
        )

    def claim(self, person: int, shift: int) -> type[Refusal] | None:
        if person in self.held[shift]:
            return None
        if self.clash(person, shift):
            return ShiftClashes
        if len(self.held[shift]) == HOURS[shift][2]:
            return ShiftFull
        self.held[shift].add(person)
        return None


@given(acts)
def test_claims_are_what_the_rules_say_after_any_acts(db_url: str, did: list[Act]) -> None:
    asyncio.run(plays(db_url, did))


async def plays(url: str, did: list[Act]) -> None:
    await connect(url)
    try:
        await _play(did)
    finally:
        await disconnect()


async def _play(did: list[Act]) -> None:
    canteen = await Canteen.open("Ping'an Lane", "Asia/Shanghai", "en", NOW)
    people, shifts = await _people(canteen), await _shifts(canteen)
    expected = Expected()
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
                    expected.held[which].discard(who)
                elif held:
                    await Claim.confirm(claim.id, person, NOW)
    for which, shift in enumerate(shifts):
        found = await Claim.filter(shift_id=shift.id, given_back_at=None)
        assert {claim.person_id for claim in found} == {people[who].id for who in expected.held[which]}
        assert (await Shift.get(id=shift.id)).taken == len(found) <= shift.places


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
        await Membership.grant(person, canteen.id, Role.VOLUNTEER, by=None, now=NOW)
    return people


async def _shifts(canteen: Canteen) -> list[Shift]:
    def on(clock: str) -> datetime:
        return at(f"{TUESDAY} {clock}")

    return [
        await Shift.create(
            canteen_id=canteen.id,
            route_id=(await Route.create(canteen_id=canteen.id, name=f"Route {number}")).id,
            day=TUESDAY,
            starts_at=on(starts),
            ends_at=on(ends),
            places=places,
            state=ShiftState.OPEN,
        )
        for number, (starts, ends, places) in enumerate(HOURS)
    ]
