"""Who reads what on which phone: all secrets of a canteen, and those who may know them, hour by hour."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import unquote_plus

from openpyxl import load_workbook

from bot.channels import Attachment, Kind, Update
from bot.conversations import QUESTION
from models.care import Care
from models.firstvisits import FirstVisit
from models.kin import Kinship, Scope
from models.messaging import Conversation, OutboxMessage
from models.people import Membership, Person, Role
from models.routes import Route, Stop
from models.seniors import Agreed, Mode, Senior
from models.shifts import Claim, Shift, ShiftState
from tests import pdf
from tests.house import Heard, House, Phone
from tests.neighbours import TODAY, Neighbour, neighbour, noon
from tests.played import played_once

BEFORE, AFTER = timedelta(hours=1), timedelta(hours=2)
PHONE: Final = "+862155559999"
OF_THE_DOOR: Final = ("Wang Lane, door", "Knock Wang", "Plan Wang", PHONE)
OF_THE_FAMILY: Final = ("Cousin Wang",)
FULL_NAMES: Final = ("Wang-1", "Wang-2")
NAMES: Final = (*FULL_NAMES, "Auntie Gui", "Uncle Gui")
ALL: Final = (*OF_THE_DOOR, *OF_THE_FAMILY, *NAMES)


def words_of(message: Heard) -> str:
    """Give all that can be read of a message: its words, its buttons, where they lead, and its file."""
    links = [unquote_plus(address) for address in message.links.values()]
    return "\n".join([message.text, *message.buttons, *links, *_file(message.file)])


def _file(file: Attachment | None) -> list[str]:
    if file is None or file.kept is not None:
        return [] if file is None else [file.name]
    if file.name.endswith(".pdf"):
        return [file.name, *pdf.pages(file.content)]
    if file.name.endswith(".xlsx"):
        book = load_workbook(io.BytesIO(file.content), read_only=True)
        return [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return [file.name, file.content.decode()]


@dataclass
class Watchers:
    """All who might read something of a canteen's seniors, and what each may not read now."""

    house: House
    ours: Neighbour
    phones: list[Phone]
    roles: dict[str, Phone]
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By the address of a phone, the secrets of their own senior, which are none for them."""
    persons: dict[str, Person] = field(default_factory=dict)
    given: Claim | None = None
    _seen: dict[str, tuple[str, object, frozenset[str]]] = field(default_factory=dict)

    async def trusted(self, phone: Phone) -> bool:
        """Tell whether nothing of this canteen is a secret for somebody: coordinators, and whose it is."""
        if phone is self.roles["family"]:
            return True  # both seniors are theirs
        me = self.persons[phone.address]
        return await Membership.holds(me.id, self.ours.canteen.id, Role.COORDINATOR)

    async def carries(self, phone: Phone) -> bool:
        """Tell by the rows whether somebody may see the doors of the first route now."""
        carried = Claim.filter(
            person_id=self.persons[phone.address].id, given_back_at=None, left_at=None,
            shift__route_id=self.ours.route.id,
            shift__starts_at__lte=self.house.now + BEFORE, shift__ends_at__gt=self.house.now - AFTER,
        )  # fmt: skip
        return await carried.exclude(shift__state=ShiftState.CANCELLED).exists()

    async def secrets(self, phone: Phone) -> list[str]:
        """List what somebody may not read now."""
        if await self.trusted(phone):
            return []
        if await self.carries(phone):
            return [*OF_THE_FAMILY, *FULL_NAMES]
        own = self.own.get(phone.address, ())
        return [each for each in ALL if each not in own]

    async def give_back(self) -> None:
        """Let Zhao, who had a place, read the doors and then give it back."""
        assert self.given is not None
        place, zhao = Claim.filter(id=self.given.id), self.roles["gave back"]
        await place.update(given_back_at=None)
        await zhao.says("/round")
        assert self.reads(zhao)
        await place.update(given_back_at=self.house.now)
        await self.house.tick()
        assert not self.reads(zhao)

    def reads(self, phone: Phone, secrets: Sequence[str] = OF_THE_DOOR) -> list[str]:
        """Find what somebody can read of these, wherever they scroll."""
        return [self._words(each) for each in phone.heard if self._told(each).intersection(secrets)]

    async def look(self, did: object) -> None:
        """Look at every message of every phone, wherever one scrolls."""
        for phone in self.phones:
            if any(map(self._told, phone.heard)):
                read = self.reads(phone, await self.secrets(phone))
                assert not read, f"{phone.name} reads at {self.house.now:%H:%M} UTC, after {did}: {read}"

    async def look_at_rows(self, after: int) -> None:
        """Look at all that was said since a row, sent or not: it shows nobody more than they may read now."""
        rows = await OutboxMessage.filter(id__gt=after, kind="text").order_by("id")
        bodies = [(row.person_id, unquote_plus(str(row.body))) for row in rows]
        telling = [each for each in bodies if any(secret in each[1] for secret in ALL)]
        for phone in self.phones:
            me = self.persons[phone.address].id
            told = [body for person_id, body in telling if person_id == me]
            secrets = await self.secrets(phone) if told else []
            read = [body for body in told if any(secret in body for secret in secrets)]
            assert not read, f"{phone.name} is told at {self.house.now:%H:%M} UTC: {read}"

    async def every_row_ends_with_the_window(self) -> None:
        """Look at all that was ever said: what waits for a phone that is off must not outlive the window."""
        end = self.ours.shift.ends_at + AFTER
        helpers = {self.persons[self.roles[role].address].id for role in ("carrier", "companion", "no place")}
        rows = await OutboxMessage.filter(person_id__in=list(helpers)).order_by("id")
        telling = [row for row in rows if any(secret in unquote_plus(str(row.body)) for secret in ALL)]
        assert telling
        for row in telling:
            assert row.expires_at is not None, row.body
            assert row.expires_at <= end, row.body
            assert (row.still or "").startswith("on_round:"), row.body
            assert row.reveals or not any(secret in str(row.body) for secret in OF_THE_DOOR), row.body

    async def press(self, phone: Phone, data: str) -> None:
        """Let somebody write a command, or press a button by its data, also one that is shown nowhere."""
        if data.startswith("/"):
            update = Update("test", phone._event(), Kind.TEXT, text=data, **phone._from())
        else:
            update = Update("test", phone._event(), Kind.PRESS, data=data, **phone._from())
        await Conversation.filter(person_id=self.persons[phone.address].id).delete()
        await self.house.inbox.hear(update)

    async def answer(self, phone: Phone) -> None:
        """Answer the open question, if there is one, with what is offered first, or with anything."""
        asked = await Conversation.filter(
            person_id=self.persons[phone.address].id, parked_at=None, pending__not_isnull=True
        ).first()
        if asked is None:
            return
        offered = [data for _label, data in phone.last.keys if data.startswith(f"{QUESTION}:")]
        if offered:
            await phone.presses(offered[0])
        elif phone.last.want in ("photo", "voice", "file"):
            await phone.sends(Kind.PHOTO, file="photo")
        elif phone.last.want == "location":
            await phone.sends(Kind.LOCATION, text="geo:31.2,121.4")
        else:
            await phone.says("11:00 Anything else")

    def _told(self, message: Heard) -> frozenset[str]:
        """Find which secrets stand in a message as it is now; one that is as it was is not read again."""
        seen = self._seen.get(message.id)
        if seen is None or seen[0] is not message.text or seen[1] is not message.keys:
            words = words_of(message)
            told = frozenset(secret for secret in ALL if secret in words)
            self._seen[message.id] = seen = (message.text, message.keys, told)
        return seen[2]

    _words = staticmethod(words_of)


@played_once
async def watched(house: House, at: str) -> Watchers:
    """Go on to an hour of the round, with one person of each kind before a phone.

    Of our volunteers one carries, Kai goes along, Zhao gave her place back, Gao has none, Li has one
    tomorrow, and Luo carries another route. Ning may know how lunch stands of the other senior alone.
    """
    ours = await neighbour(house, "Ping'an Lane", "Wang")
    theirs = await neighbour(house, "Long Street", "Zhao")
    chen = await ours.phones[Role.COORDINATOR].person()
    await Care.create(canteen_id=ours.canteen.id, wellbeing=True)
    names = ("Kai", "Zhao", "Gao", "Li", "Luo")
    kai, zhao, gao, li, luo = [await house.volunteer(name, canteen=ours.canteen) for name in names]
    # Another route, with a door and a carrier of its own.
    other = await Route.add(ours.canteen.id, "Route 2", chen, house.now)
    await _elsewhere(house, ours, other)
    await house.tick()
    theirs_too = await Shift.get(route_id=other.id, day=TODAY)
    await Shift.claim(theirs_too.id, await luo.person(), house.now)
    tomorrow = await Shift.filter(route_id=ours.route.id, day__gt=TODAY, taken=0).order_by("day").first()
    assert tomorrow is not None
    await Shift.claim(tomorrow.id, await li.person(), house.now)
    await Shift.filter(id=ours.shift.id).update(places=5)
    beside, given = [
        await Claim.create(shift_id=ours.shift.id, person_id=(await one.person()).id, claimed_at=house.now)
        for one in (kai, zhao)
    ]
    await FirstVisit.filter(shift_id=ours.shift.id).update(beside_id=beside.id)
    # The neighbours' seniors have the same numbers as ours.
    await Senior.filter(id=ours.senior.id).update(phone=PHONE, called="Auntie Gui")
    await Senior.filter(id=ours.waiting.id).update(called="Uncle Gui")
    stranger, ning = house.stranger("Nobody"), await house.family("Ning", canteen=ours.canteen)
    await stranger.says("/start")
    await Kinship.create(
        senior_id=ours.waiting.id, person_id=(await ning.person()).id, linked=True, scope=Scope.STATUS,
        since=house.now,
    )  # fmt: skip
    await noon(house, ours, theirs, at=at)
    await Claim.filter(id=given.id).update(given_back_at=house.now)
    roles = {
        "carrier": ours.phones[Role.VOLUNTEER], "companion": kai, "gave back": zhao, "no place": gao,
        "tomorrow": li, "another route": luo, "cook": ours.phones[Role.KITCHEN],
        "counsellor": ours.phones[Role.COUNSELLOR], "family": ours.phones[Role.FAMILY],
        "another's family": ning, "stranger": stranger, "coordinator": ours.phones[Role.COORDINATOR],
    }  # fmt: skip
    watchers = Watchers(house, ours, [*roles.values(), *theirs.phones.values()], roles)
    watchers.given = given
    watchers.own[ning.address] = ("Uncle Gui", "Wang-2", "2 Wang Lane, door")
    for phone in watchers.phones:
        watchers.persons[phone.address] = await phone.person()
    return watchers


async def _elsewhere(house: House, ours: Neighbour, route: Route) -> None:
    """Take in somebody who lives on another route."""
    family, chen = await ours.phones[Role.FAMILY].person(), await ours.phones[Role.COORDINATOR].person()
    senior = await Senior.register(
        canteen_id=ours.canteen.id, name="Sun-3", called="Grandma Sun", born=1942, phone="+862155550303",
        address="3 Sun Street, door 301", knock="Knock Sun 3", plan="Plan Sun 3", mode=Mode.DELIVERY,
        weekdays=31, labels=["low_salt"], texture="soft", allergies=[], avoids=None, contact=None,
        alone=True, agreed=Agreed.YES, by=family, now=house.now,
    )  # fmt: skip
    await Senior.accept(senior.id, chen, house.now)
    await Stop.filter(senior_id=senior.id).update(route_id=route.id)
