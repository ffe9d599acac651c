"""A whole house for a test: real database, real inbox, real scheduler, real rendering; only the wire is ours.

Scenes are played with phones: `await mei.says("/register")`, `await mei.taps("Brought home")`.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest_asyncio
from aiohttp import web

from bot.app import load_features
from bot.channels import Attachment, Capabilities, Channels, EditGone, Hear, Kind, Letter, Unreachable, Update
from bot.inbox import Inbox
from bot.leases import Leases
from bot.outbox import Sender
from bot.scheduler import Scheduler
from models.canteens import Canteen
from models.people import Membership, Person, Role
from tests.plugins import refusals

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
EVENTS = itertools.count(1)
MESSAGES = itertools.count(1)

# Once, before any fixture: one that takes declarations back must not take the features with them.
load_features()


@dataclass
class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False
    instant: datetime = MONDAY

    def now(self) -> datetime:
        return self.instant


@dataclass
class Heard:
    """A message as its reader sees it."""

    id: str
    text: str
    keys: list[tuple[str, str]]
    links: dict[str, str] = field(default_factory=dict)
    edited: bool = False
    urgent: bool = False
    want: str = "text"
    file: Attachment | None = None

    @property
    def buttons(self) -> list[str]:
        return [label for label, _data in self.keys]


@dataclass
class Wire:
    """The only thing that is not the product: a channel that shows letters as a messenger does."""

    name: str = "test"
    capabilities: Capabilities = field(default_factory=Capabilities)
    shown: dict[str, list[Heard]] = field(default_factory=dict)
    menus: dict[str, list[str]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def send(self, letter: Letter) -> str:
        if letter.address in self.blocked:
            raise Unreachable
        if letter.commands is not None:
            self.menus[letter.address] = [name for name, _help in letter.commands]
            return ""
        assert letter.text.strip(), "an empty message"
        messages = self.shown.setdefault(letter.address, [])
        shown = [key for row in letter.keys for key in row]
        keys = [(key.label, key.data) for key in shown if key.opens is None]
        links = {key.label: key.opens for key in shown if key.opens}
        assert all(len(data.encode()) <= 64 for _label, data in keys), keys
        if letter.edits is not None:
            for message in messages:
                if message.id == letter.edits and message.file is not None:
                    # As on Telegram: a file can't become words, but it can go.
                    if letter.takes_back:
                        messages.remove(message)
                        return message.id
                    raise EditGone
                if message.id == letter.edits:
                    message.text, message.keys, message.edited = letter.text, keys, True
                    message.links = links
                    return message.id
            raise EditGone
        urgent, want, file = letter.urgent, letter.want, letter.file
        messages.append(
            Heard(str(next(MESSAGES)), letter.text, keys, links, urgent=urgent, want=want, file=file)
        )
        return messages[-1].id

    async def receive(self, hear: Hear) -> None: ...

    def routes(self, hear: Hear) -> Sequence[web.RouteDef]:
        return []

    def link(self, code: str) -> str:
        return f"test://chat?start={code}"

    def group_link(self, code: str) -> str:
        return f"test://group?start={code}"


@dataclass
class Phone:
    """A person with a phone."""

    house: House
    address: str
    name: str
    language: str = "en"
    _read: int = 0

    async def says(self, text: str, **more: Any) -> list[Heard]:
        """Write a message; return what newly came or changed in this chat."""
        return await self._does(Update("test", self._event(), Kind.TEXT, text=text, **self._from(), **more))

    async def taps(self, button: str, **more: Any) -> list[Heard]:
        """Press the newest button with these words (or this data)."""
        for message in reversed(self.heard):
            for label, data in message.keys:
                if button in (label, data):
                    return await self.presses(data, message=message.id, **more)
        raise AssertionError(
            f"{self.name} sees no button {button!r}; there are {[m.buttons for m in self.heard[-3:]]}"
        )

    async def presses(self, data: str, **more: Any) -> list[Heard]:
        """Press a button by its data, also one that is no longer shown."""
        more.setdefault("event", self._event())
        return await self._does(Update("test", kind=Kind.PRESS, data=data, **self._from(), **more))

    async def sends(self, kind: Kind, text: str = "", file: str = "") -> list[Heard]:
        """Send something else: a photo, a sticker, a contact, a location."""
        return await self._does(Update("test", self._event(), kind, text=text, file=file, **self._from()))

    async def walks(self, *lines: tuple[str, str]) -> None:
        """Play a dialog: say (or tap, when it is a button's label) and hear words of the answer."""
        for said, heard in lines:
            labels = [label for message in self.heard[-1:] for label in message.buttons]
            news = await (self.taps(said) if said in labels else self.says(said))
            texts = [message.text for message in news]
            assert any(heard in text for text in texts), f"{self.name}: {said!r} -> {texts!r}, not {heard!r}"

    @property
    def heard(self) -> list[Heard]:
        return self.house.wire.shown.get(self.address, [])

    @property
    def last(self) -> Heard:
        return self.heard[-1]

    @property
    def menu(self) -> list[str]:
        return self.house.wire.menus.get(self.address, [])

    def reads(self) -> list[Heard]:
        """Return the messages that came since this was last asked."""
        news, self._read = self.heard[self._read :], len(self.heard)
        return news

    async def person(self) -> Person:
        """Read the person behind this phone."""
        return await Person.get(accounts__channel="test", accounts__address=self.address)

    def _event(self) -> str:
        return str(next(EVENTS))

    def _from(self) -> dict[str, str]:
        return {"sender": self.address, "place": self.address, "name": self.name, "language": self.language}

    async def _does(self, update: Update) -> list[Heard]:
        before = {message.id: (message.text, message.keys) for message in self.heard}
        with refusals.listening() as raised:
            await self.house.inbox.hear(update)
        await self.house.deliver()
        await refusals.told(raised, self.address)
        return [message for message in self.heard if before.get(message.id) != (message.text, message.keys)]


class House:
    """The product in one process of a test."""

    def __init__(self) -> None:
        self.clock = TestClock()
        self.wire = Wire()
        self.channels = Channels({self.wire.name: self.wire})
        self.inbox = Inbox(self.clock)
        self.scheduler = Scheduler(self.clock)
        self.leases = Leases()
        self.sender = Sender(self.wire, self.clock, self.channels.links, self.leases)
        self.phones = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def deliver(self) -> None:
        """Send everything that is due."""
        await self.sender.drain()

    async def at(self, when: str, zone: str = "Asia/Shanghai") -> None:
        """Move the clock to a local time ("2026-11-24 16:00") and do all that is due by then."""
        instant = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        assert instant >= self.clock.instant, "the clock only moves forward"
        self.clock.instant = instant
        await self.tick()

    async def tick(self) -> None:
        """Run every due job and deliver what they said."""
        await self.scheduler.catch_up()
        await self.deliver()

    async def canteen(
        self, name: str = "Ping'an Lane", zone: str = "Asia/Shanghai", language: str = "en"
    ) -> Canteen:
        """Open a canteen with its defaults."""
        return await Canteen.open(name=name, zone=zone, language=language, now=self.now)

    def phone(self, name: str, language: str = "en") -> Phone:
        """Give somebody a phone on which nothing was said yet."""
        self.phones += 1
        return Phone(self, f"{name.split()[-1].lower()}-{self.phones}", name, language)

    async def member(
        self, name: str, role: Role, canteen: Canteen | None = None, language: str = "en"
    ) -> Phone:
        """Give somebody a phone and a role; the newest canteen if none is named."""
        phone = self.phone(name, language)
        await self.inbox.hear(Update("test", phone._event(), Kind.UNBLOCKED, **phone._from()))
        canteen = canteen or await Canteen.all().order_by("-id").first()
        assert canteen is not None, "open a canteen first"
        person = await phone.person()
        person.name = name
        await person.save()
        await Membership.grant(person, canteen.id, role, by=None, now=self.now)
        await self.deliver()
        return phone

    async def coordinator(self, name: str = "Ms Chen", **more: Any) -> Phone:
        return await self.member(name, Role.COORDINATOR, **more)

    async def volunteer(self, name: str = "Lin", **more: Any) -> Phone:
        return await self.member(name, Role.VOLUNTEER, **more)

    async def family(self, name: str = "Mei", **more: Any) -> Phone:
        return await self.member(name, Role.FAMILY, **more)

    def stranger(self, name: str = "Wu", language: str = "en") -> Phone:
        return self.phone(name, language)


@pytest_asyncio.fixture
async def house(db: str) -> AsyncIterator[House]:
    """Give a test a house on each engine."""
    yield House()
