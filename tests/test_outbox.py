"""One way out: what is said is a row first, and the row knows what became of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.channels import Ambiguous, Capabilities, EditGone, Later, Letter, Moved, Rejected
from bot.database import transaction
from bot.leases import Leases
from bot.outbox import Sender
from bot.pace import Pace
from bot.speech import Mailbag, Post
from handlers.chat import REGISTRY, Priority, every, still, unreachable
from handlers.text import _, verbatim
from models.audit import AuditEvent
from models.messaging import OutboxMessage, Sent
from models.people import Account, Person
from models.quiet import after_quiet_hours
from tests.house import MONDAY, House, Phone, Wire


@dataclass
class Moody(Wire):
    """The same wire, told beforehand how it will fail."""

    moods: list[Exception] = field(default_factory=list)
    asked: int = 0

    async def send(self, letter: Letter) -> str:
        self.asked += 1
        if self.moods:
            raise self.moods.pop(0)
        return await super().send(letter)


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Take back what a scene declares."""
    before = (list(REGISTRY.jobs), dict(REGISTRY.stills), REGISTRY.unreachable, REGISTRY.footer)
    REGISTRY.footer = None
    yield
    REGISTRY.jobs, REGISTRY.stills, REGISTRY.unreachable, REGISTRY.footer = before


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


async def say(house: House, person: Person, words: str, **options: object) -> None:
    mail = Mailbag(house.now)
    mail.say(verbatim(words), to=person, **options)
    async with transaction():
        await Post(house.now).write(mail.said)


async def states() -> list[Sent]:
    return [row.state for row in await OutboxMessage.filter(kind="text").order_by("id")]


async def test_the_more_urgent_goes_first_and_order_is_kept_within(house: House) -> None:
    wu, person = await known(house)
    for words, priority in [("n1", 3), ("r1", 1), ("u1", 0), ("n2", 3), ("r2", 1)]:
        await say(house, person, words, priority=Priority(priority))
    await house.deliver()
    assert [message.text for message in wu.heard] == ["u1", "r1", "r2", "n1", "n2"]


async def test_a_key_is_said_once_ever(house: House) -> None:
    wu, person = await known(house)
    for _round in range(3):
        await say(house, person, "once", key="shift 12, T-1")
    await house.deliver()
    assert [message.text for message in wu.heard] == ["once"]


async def test_a_busy_channel_gets_the_same_messages_later_in_order(house: House, moody: Moody) -> None:
    wu, person = await known(house)
    moody.moods = [Later(timedelta(seconds=30))]
    for words in ("first", "second", "third"):
        await say(house, person, words)
    await house.deliver()
    assert wu.heard == []
    house.clock.instant += timedelta(seconds=29)
    await house.deliver()
    assert wu.heard == []
    house.clock.instant += timedelta(seconds=2)
    await house.deliver()
    assert [message.text for message in wu.heard] == ["first", "second", "third"]


async def test_a_channel_that_wants_silence_gets_it_from_every_process(house: House, moody: Moody) -> None:
    _wu, person = await known(house)
    _lin, other = await known(house, "Lin")
    asked = moody.asked
    moody.moods = [Later(timedelta(seconds=60), everyone=True)]
    await say(house, person, "one")
    await house.deliver()
    await say(house, other, "two")
    second = Sender(moody, house.clock, house.channels.links, Leases())
    await second.drain()
    assert moody.asked == asked + 1
    house.clock.instant += timedelta(seconds=61)
    await second.drain()
    assert moody.asked == asked + 3


async def test_an_unsure_urgent_message_is_repeated_an_unsure_notice_is_not(
    house: House, moody: Moody
) -> None:
    wu, person = await known(house)
    moody.moods = [Ambiguous()]
    await say(house, person, "door", priority=Priority.URGENT)
    await house.deliver()
    house.clock.instant += timedelta(seconds=5)
    moody.moods = []
    await house.deliver()
    assert [message.text for message in wu.heard] == ["door"]
    moody.moods = [Ambiguous()]
    await say(house, person, "notice", priority=Priority.NOTICE)
    await house.deliver()
    assert (await states())[-1] is Sent.UNKNOWN


async def test_a_blocked_account_falls_back_to_the_next_and_then_somebody_is_told(house: House) -> None:
    told: list[int] = []

    @unreachable
    async def tell(_mail: object, person: Person) -> None:
        told.append(person.id)

    wu, person = await known(house)
    older = await Account.create(
        person_id=person.id, channel="test", address="second", heard_at=house.now - timedelta(days=1)
    )
    house.wire.blocked.add(wu.address)
    await say(house, person, "hello")
    await house.deliver()
    assert [message.text for message in house.wire.shown["second"]] == ["hello"]
    assert told == []
    house.wire.blocked.add("second")
    await say(house, person, "again")
    await house.deliver()
    assert told == [person.id]
    assert not await Account.filter(id=older.id, reachable=True).exists()
    await say(house, person, "nobody")
    assert (await states())[-1] is Sent.UNREACHABLE


async def test_a_refused_letter_is_given_up_and_a_moved_chat_is_followed(house: House, moody: Moody) -> None:
    wu, person = await known(house)
    moody.moods = [Rejected("nonsense")]
    await say(house, person, "refused")
    await house.deliver()
    assert (await states())[-1] is Sent.REJECTED
    moody.moods = [Moved("elsewhere")]
    await say(house, person, "follows")
    await house.deliver()
    house.clock.instant += timedelta(seconds=1)
    await house.deliver()
    assert [message.text for message in moody.shown["elsewhere"]] == ["follows"]
    assert wu.heard == []


async def test_what_no_longer_holds_is_not_said(house: House) -> None:
    holds = True

    @still("holds")
    async def check(_number: int, _now: object) -> bool:
        return holds

    wu, person = await known(house)
    await say(house, person, "expired", expires=house.now)
    await say(house, person, "yes", still=("holds", 1))
    await house.deliver()
    holds = False
    await say(house, person, "no", still=("holds", 1))
    await house.deliver()
    assert [message.text for message in wu.heard] == ["yes"]


async def test_a_card_whose_message_is_gone_is_sent_anew(house: House, moody: Moody) -> None:
    wu, person = await known(house)
    await say(house, person, "one", card="day")
    await house.deliver()
    moody.moods = [EditGone()]
    await say(house, person, "two", card="day")
    await house.deliver()
    assert [message.text for message in wu.heard] == ["one", "two"]
    await say(house, person, "three", card="day")
    await house.deliver()
    assert [message.text for message in wu.heard] == ["one", "three"]


async def test_the_newer_row_of_a_card_replaces_the_waiting_one(house: House) -> None:
    wu, person = await known(house)
    for words in ("one", "two", "three"):
        await say(house, person, words, card="day")
    await say(house, person, "never", card="other", only_update=True)
    await house.deliver()
    assert [message.text for message in wu.heard] == ["three"]


async def test_a_look_at_personal_data_is_audited_when_it_is_sent(house: House) -> None:
    _wu, person = await known(house)
    await say(house, person, "Lane 3, door 5", reveals="address of senior 12")
    assert not await AuditEvent.exists()
    await house.deliver()
    event = await AuditEvent.get()
    assert (event.act, event.about, event.person_id) == ("shown", "address of senior 12", person.id)


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(12, 12), (20, 20), (21, 32), (23, 32), (7, 8), (8, 8)],
    ids=lambda value: f"{value}h",
)
def test_quiet_hours_hold_until_eight_where_the_reader_is(hour: int, expected: int) -> None:
    midnight = MONDAY - timedelta(hours=9)
    due = after_quiet_hours(midnight + timedelta(hours=hour), "Asia/Shanghai")
    assert due == midnight + timedelta(hours=expected)


async def test_quiet_hours_hold_reminders_but_not_alarms_or_answers(house: House) -> None:
    wu, person = await known(house)
    house.clock.instant = MONDAY + timedelta(hours=13)  # 22:00 in Shanghai
    await say(house, person, "reminder", priority=Priority.REMINDER, zone="Asia/Shanghai")
    await say(house, person, "alarm", priority=Priority.URGENT, zone="Asia/Shanghai")
    await house.deliver()
    assert [message.text for message in wu.heard] == ["alarm"]
    house.clock.instant = MONDAY + timedelta(hours=23)
    await house.deliver()
    assert [message.text for message in wu.heard] == ["alarm", "reminder"]


async def test_two_senders_on_one_database_send_everything_once(house: House) -> None:
    people = [await known(house, f"P{number}") for number in range(20)]
    for phone, person in people:
        for words in ("a", "b"):
            await say(house, person, f"{phone.name} {words}")
    senders = [Sender(house.wire, house.clock, house.channels.links, Leases()) for _ in range(3)]
    await asyncio.gather(*(sender.drain() for sender in senders))
    for phone, _person in people:
        assert sorted(message.text for message in phone.heard) == [f"{phone.name} a", f"{phone.name} b"]


async def test_a_job_that_two_schedulers_run_says_its_words_once(house: House) -> None:
    wu, person = await known(house)

    @every(seconds=30)
    async def remind(mail: Mailbag) -> None:
        mail.say(_("Hello"), to=person, key=f"hello {person.id}")

    await asyncio.gather(*(house.tick() for _ in range(2)))
    await house.tick()
    assert len(wu.heard) == 1


async def test_no_second_holds_more_than_the_channel_allows() -> None:
    pace = Pace(Capabilities(per_second=20))
    went: list[float] = []

    async def go() -> None:
        await pace.pass_("chat", 1)
        went.append(time.monotonic())

    await asyncio.gather(*(go() for _ in range(50)))
    for first in went:
        assert sum(first <= at < first + 0.999 for at in went) <= 20


async def test_a_reply_overtakes_a_waiting_broadcast() -> None:
    pace = Pace(Capabilities(per_second=20))
    order: list[str] = []

    async def go(what: str, priority: int) -> None:
        await pace.pass_(what, priority)
        order.append(what)

    notices = [asyncio.create_task(go(f"notice {number}", 3)) for number in range(60)]
    await asyncio.sleep(0)
    await asyncio.gather(go("reply", 1), *notices)
    assert order.index("reply") <= 21


async def test_a_row_that_fails_by_itself_is_given_up_and_holds_nobody_up(house: House, moody: Moody) -> None:
    wu, person = await known(house)
    await say(house, person, "poison")
    await say(house, person, "after it")
    for _attempt in range(8):
        moody.moods = [ValueError("can't be rendered")]
        await house.deliver()
        house.clock.instant += timedelta(minutes=6)
    moody.moods = []
    await house.deliver()
    assert [message.text for message in wu.heard] == ["after it"]
    assert (await states())[-2:] == [Sent.REJECTED, Sent.SENT]
