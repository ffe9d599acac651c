"""Promises of the way out: order, the reader's night, cards, and what a standstill may cost."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.channels import Ambiguous, EditGone, Later, Letter
from bot.database import transaction
from bot.delivery import TRIES_AT_MOST
from bot.leases import Leases
from bot.outbox import Sender
from bot.speech import Mailbag, Post
from handlers.chat import REGISTRY, Priority, still, unreachable
from handlers.text import _, verbatim
from models.messaging import OutboxMessage, Sent
from models.people import Account, Person
from tests.house import MONDAY, House, Phone, Wire

EVENING = MONDAY + timedelta(hours=13)  # 22:00 in Shanghai


@dataclass
class Moody(Wire):
    """The same wire, told beforehand how it will fail."""

    moods: list[Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def send(self, letter: Letter) -> str:
        if self.gate is not None:
            await self.gate.wait()
        if self.moods:
            raise self.moods.pop(0)
        return await super().send(letter)


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Take back what a scene declares."""
    before = (dict(REGISTRY.stills), REGISTRY.footer, REGISTRY.unreachable)
    REGISTRY.footer = None
    yield
    REGISTRY.stills, REGISTRY.footer, REGISTRY.unreachable = before


@pytest.fixture
def moody(house: House) -> Moody:
    """Give the house a wire with moods."""
    wire = Moody()
    house.wire = wire
    house.channels.by_name[wire.name] = wire
    house.sender = Sender(wire, house.clock, house.channels.links, Leases())
    return wire


async def known(house: House, name: str = "Wu") -> tuple[Phone, Person]:
    phone = house.stranger(name)
    await phone.says("/nothing")
    phone.heard.clear()
    return phone, await phone.person()


async def post(house: House, mail: Mailbag) -> None:
    async with transaction():
        await Post(house.now).write(mail.said)


async def say(house: House, person: Person, words: str, **options: object) -> None:
    mail = Mailbag(house.now)
    mail.say(verbatim(words), to=person, **options)
    await post(house, mail)


def texts(phone: Phone) -> list[str]:
    return [message.text for message in phone.heard]


# --------------------------------------------------------------------------------------------------- order


async def test_what_one_turn_says_comes_in_the_order_in_which_it_was_said(house: House) -> None:
    wu, person = await known(house)
    mail = Mailbag(house.now)
    for words, key in [("one", "k1"), ("two", None), ("three", "k3"), ("four", None)]:
        mail.say(verbatim(words), to=person, key=key)
    await post(house, mail)
    await house.deliver()
    assert texts(wu) == ["one", "two", "three", "four"]


async def test_what_is_said_later_does_not_overtake_what_must_wait(house: House, moody: Moody) -> None:
    wu, person = await known(house)
    moody.moods = [Later(timedelta(seconds=30))]
    await say(house, person, "first")
    await house.deliver()
    await say(house, person, "second")
    await say(house, person, "a door", priority=Priority.URGENT)
    await house.deliver()
    assert texts(wu) == ["a door"]
    house.clock.instant += timedelta(seconds=31)
    await house.deliver()
    assert texts(wu) == ["a door", "first", "second"]


async def test_a_card_that_is_said_twice_in_one_turn_is_said_once(house: House) -> None:
    wu, person = await known(house)
    mail = Mailbag(house.now)
    mail.say(verbatim("early"), to=person, card="day", fresh=True)
    mail.say(verbatim("late"), to=person, card="day", only_update=True)
    await post(house, mail)
    await house.deliver()
    assert texts(wu) == ["late"]
    assert await OutboxMessage.filter(card="day").count() == 1


# ------------------------------------------------------------------------------------------------ attempts


async def test_a_channel_that_was_down_does_not_use_up_the_tries_of_an_alarm(
    house: House, moody: Moody
) -> None:
    wu, person = await known(house)
    await say(house, person, "door", priority=Priority.URGENT)
    for _hour in range(TRIES_AT_MOST + 2):
        moody.moods = [Later(timedelta(seconds=5), everyone=True)]
        await house.deliver()
        house.clock.instant += timedelta(seconds=6)
    moody.moods = [Ambiguous()]
    await house.deliver()
    house.clock.instant += timedelta(seconds=6)
    await house.deliver()
    assert texts(wu) == ["door"]


async def test_what_is_asked_just_before_sending_is_asked_after_the_wait(house: House) -> None:
    asked: list[int] = []

    @still("yet")
    async def check(number: int, _now: object) -> bool:
        asked.append(number)
        return False

    class Waiting:
        async def pass_(self, _address: str, _priority: int) -> None:
            assert asked == []

    wu, person = await known(house)
    house.sender._delivery._pace = Waiting()  # type: ignore[assignment]  # a pace that looks
    await say(house, person, "gone", still=("yet", 7))
    await house.deliver()
    assert asked == [7]
    assert texts(wu) == []


async def test_a_sender_that_stood_still_sends_nothing_that_another_may_have_sent(
    house: House, moody: Moody
) -> None:
    wu, person = await known(house)
    await say(house, person, "one")
    await say(house, person, "two")
    moody.gate = asyncio.Event()
    await house.sender.step()
    house.sender._sure_until = 0.0
    moody.gate.set()
    await asyncio.wait(house.sender._lanes.values())
    assert len(texts(wu)) <= 1
    assert await OutboxMessage.filter(state=Sent.PENDING, kind="text", owner=None).count() >= 1
    house.sender._sure_until = math.inf
    moody.gate = None
    await house.deliver()
    assert texts(wu) == ["one", "two"]


# ------------------------------------------------------------------------------------------------- by night


async def test_what_was_due_by_day_wakes_nobody_when_the_house_comes_back_by_night(house: House) -> None:
    wu, person = await known(house)
    await say(house, person, "reminder", priority=Priority.REMINDER, zone="Asia/Shanghai")
    await say(house, person, "alarm", priority=Priority.URGENT, zone="Asia/Shanghai")
    house.clock.instant = EVENING
    await house.deliver()
    assert texts(wu) == ["alarm"]
    house.clock.instant = MONDAY + timedelta(hours=23)
    await house.deliver()
    assert texts(wu) == ["alarm", "reminder"]


async def test_the_night_is_that_of_the_canteen_where_no_zone_is_named(house: House) -> None:
    await house.canteen(zone="Asia/Shanghai")
    lin = await house.volunteer()
    lin.reads()
    house.clock.instant = EVENING
    await say(house, await lin.person(), "thank you")
    await house.deliver()
    assert lin.reads() == []
    house.clock.instant = MONDAY + timedelta(hours=23)
    await house.deliver()
    assert [message.text for message in lin.reads()] == ["thank you"]


async def test_a_clock_is_read_in_the_canteens_zone_where_none_is_named(house: House) -> None:
    await house.canteen(zone="Asia/Shanghai")
    lin = await house.volunteer()
    mail = Mailbag(house.now)
    mail.say(_("Your next round starts {when}. One hour before, /round will show you the doors.",
               when=house.now), to=await lin.person())  # fmt: skip
    await post(house, mail)
    await house.deliver()
    assert "09:00" in lin.last.text


# --------------------------------------------------------------------------------------------------- cards


async def test_an_update_of_a_card_that_its_reader_deleted_is_not_sent_anew(
    house: House, moody: Moody
) -> None:
    wu, person = await known(house)
    await say(house, person, "one", card="day")
    await house.deliver()
    moody.moods = [EditGone()]
    await say(house, person, "two", card="day", only_update=True)
    await house.deliver()
    assert texts(wu) == ["one"]
    assert (await OutboxMessage.all().order_by("-id").first()).state is Sent.DROPPED  # type: ignore[union-attr]  # there is one


async def test_a_card_is_taken_away_from_every_message_that_showed_it(house: House) -> None:
    wu, person = await known(house)
    second = await Account.create(
        person_id=person.id, channel="test", address="second", heard_at=house.now - timedelta(days=1)
    )
    await say(house, person, "Lane 3, door 1", card="round")
    await house.deliver()
    await say(house, person, "Lane 3, door 2", card="round", fresh=True)
    await house.deliver()
    await Account.filter(id=second.id).update(heard_at=house.now + timedelta(hours=1))
    await say(house, person, "Lane 3, door 3", card="round")
    await house.deliver()
    for _minute in range(3):
        await say(house, person, "gone", card="round", everywhere=True, key="over round")
        await house.deliver()
    assert texts(wu) == ["gone", "gone"]
    assert [message.text for message in house.wire.shown["second"]] == ["gone"]
    assert await OutboxMessage.filter(key__startswith="over round").count() == 3


async def test_a_change_of_a_shown_message_goes_to_no_other_channel(house: House) -> None:
    lost: list[int] = []

    @unreachable
    async def tell(_mail: object, person: Person) -> None:
        lost.append(person.id)

    wu, person = await known(house)
    await say(house, person, "Lane 3, door 1", card="round")
    await house.deliver()
    await Account.create(person_id=person.id, channel="test", address="second", heard_at=house.now)
    await Account.filter(address=wu.address).update(heard_at=house.now + timedelta(hours=1))
    house.wire.blocked.add(wu.address)
    await say(house, person, "Lane 3, door 2", card="round", only_update=True)
    await say(house, person, "gone", card="round", everywhere=True, key="over round")
    await house.deliver()
    assert "second" not in house.wire.shown
    assert lost == [], "there is another way to reach them"
    await say(house, person, "a word")
    await house.deliver()
    assert [message.text for message in house.wire.shown["second"]] == ["a word"]
