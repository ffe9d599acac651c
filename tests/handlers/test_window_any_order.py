"""Whoever presses whatever at whatever hour: only those who carry an address read it, in their window."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import settings

from handlers.chat import REGISTRY
from models.care import Care
from models.kin import Kinship, Scope
from models.messaging import OutboxMessage
from models.people import Membership, Person, Role
from models.seniors import Senior
from models.shifts import Claim, Shift, ShiftState
from tests.facts import apologies
from tests.house import House, Phone
from tests.neighbours import TODAY, Neighbour, two_canteens
from tests.test_roles import arguments, plausible, pressed

AT_LENGTH: Final = settings.default.max_examples > 1000
DRAWS: Final = 150 if AT_LENGTH else 5
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=2)
HOURS: Final = ("10:31", "11:30", "13:59", "14:00")
PHONE: Final = "+862155559999"


@dataclass
class Watchers:
    """All who might read something, and what nobody may read who does not carry it now."""

    house: House
    ours: Neighbour
    phones: list[Phone]
    secrets: tuple[str, ...]
    less: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By the address of a phone, the secrets of others alone: the rest concerns their own senior."""
    persons: dict[str, Person] = field(default_factory=dict)

    async def may(self, phone: Phone) -> bool:
        """Tell by the rows whether somebody may read addresses now."""
        me = self.persons[phone.address]
        if await Membership.filter(person_id=me.id, canteen_id=self.ours.canteen.id, role=Role.COORDINATOR):
            return True
        if phone is self.ours.phones[Role.FAMILY]:
            return True  # both seniors of this canteen are theirs
        carried = Claim.filter(
            person_id=me.id, given_back_at=None, left_at=None,
            shift__starts_at__lte=self.house.now + BEFORE, shift__ends_at__gt=self.house.now - AFTER,
        )  # fmt: skip
        return await carried.exclude(shift__state=ShiftState.CANCELLED).exists()

    async def look(self, did: object) -> None:
        """Let all jobs run, and look at every message of every phone, wherever one scrolls."""
        await self.house.tick()
        for phone in self.phones:
            if not await self.may(phone):
                read = self.reads(phone)
                assert not read, f"{phone.name} reads at {self.house.now}, after {did}: {read}"

    async def every_row_ends_with_the_window(self) -> None:
        """Look at all that was ever said: what waits for a phone that is off must not outlive the window."""
        end = self.ours.shift.ends_at + AFTER
        trusted = {
            self.persons[self.ours.phones[role].address].id for role in (Role.COORDINATOR, Role.FAMILY)
        }
        trusted |= {self.persons[address].id for address in self.less}
        rows = [row for row in await OutboxMessage.all() if row.person_id not in trusted]
        telling = [row for row in rows if any(secret in str(row.body) for secret in self.secrets)]
        assert telling
        for row in telling:
            assert row.expires_at is not None, row.body
            assert row.expires_at <= end, row.body
            assert (row.still or "").startswith("on_round:"), row.body
            assert row.reveals, row.body

    def reads(self, phone: Phone) -> list[str]:
        """Find what somebody can read of the secrets, wherever they scroll."""
        secrets = self.less.get(phone.address, self.secrets)
        return [each.text for each in phone.heard if any(secret in each.text for secret in secrets)]


async def watched(house: House) -> Watchers:
    """Half past ten: the volunteer carries, Zhao gave back, Gao has no place, and Li one tomorrow.

    Ning may know how lunch stands of the other senior alone.
    """
    ours, theirs = await two_canteens(house)
    await Care.create(canteen_id=ours.canteen.id, wellbeing=True)
    zhao, gao, li = [await house.volunteer(name, canteen=ours.canteen) for name in ("Zhao", "Gao", "Li")]
    await Shift.filter(id=ours.shift.id).update(places=4)
    given = await Claim.create(
        shift_id=ours.shift.id, person_id=(await zhao.person()).id, claimed_at=house.now
    )
    await zhao.says("/round")
    await Claim.filter(id=given.id).update(given_back_at=house.now)
    tomorrow = await Shift.filter(canteen_id=ours.canteen.id, day__gt=TODAY, taken=0).order_by("day").first()
    assert tomorrow is not None
    await Shift.claim(tomorrow.id, await li.person(), house.now)
    stranger, ning = house.stranger("Nobody"), await house.family("Ning", canteen=ours.canteen)
    await stranger.says("/start")
    await Kinship.create(
        senior_id=ours.waiting.id, person_id=(await ning.person()).id, linked=True, scope=Scope.STATUS,
        since=house.now,
    )  # fmt: skip
    phones = [*ours.phones.values(), *theirs.phones.values(), ning, zhao, gao, li, stranger]
    # The neighbours' seniors have the same numbers as ours.
    await Senior.filter(id=ours.senior.id).update(phone=PHONE)
    secrets = ("Wang Lane, door", "Knock Wang", "Plan Wang", PHONE)
    watchers = Watchers(house, ours, phones, secrets)
    watchers.less[ning.address] = ("1 Wang Lane, door", "Knock Wang 1", "Plan Wang 1", PHONE)
    assert watchers.reads(zhao)
    for phone in phones:
        watchers.persons[phone.address] = await phone.person()
    return watchers


@pytest.mark.fuzz
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_whoever_presses_whatever_reads_no_address_outside_the_window(
    house: House, record_property: Any
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    record_property("note", f"seed {seed}")
    print(f"seed {seed}")
    dice = random.Random(seed)
    watchers = await watched(house)
    ours = watchers.ours
    there = await plausible(ours)
    names = [name for name in REGISTRY.buttons if set(arguments(name)) <= there.keys()]
    carrier, gao = ours.phones[Role.VOLUNTEER], watchers.phones[-3]
    await carrier.says("/round")
    assert watchers.reads(carrier)
    await carrier.presses(f"hand_all:{ours.shift.id}:{watchers.persons[gao.address].id}")
    await watchers.look("the question")
    assert not watchers.reads(gao)
    await gao.taps("Yes, I take them")
    await watchers.look("the answer")
    assert not watchers.reads(carrier)
    await gao.says("/round")
    assert watchers.reads(gao)
    for hour in HOURS:
        await house.at(f"{TODAY} {hour}")
        await watchers.look(f"{hour} has come")
        for phone in watchers.phones:
            did = []
            for _draw in range(DRAWS):
                if dice.random() < 0.25:
                    did.append(f"/{dice.choice(list(REGISTRY.commands))}")
                    await phone.says(did[-1])
                else:
                    data = list(pressed(dice.choice(names), there))
                    did.append(dice.choice(data))
                    await phone.presses(did[-1])
            await phone.says("/cancel")
        await watchers.look(did)
    assert await apologies() == []
    await watchers.every_row_ends_with_the_window()
