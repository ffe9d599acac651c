"""A coordinator writes to many: seen before it goes, counted after."""

from __future__ import annotations

import pytest

from models.canteens import Canteen
from models.messaging import OutboxMessage, Task
from models.notices import Audience, Notice, Receipt
from models.people import Membership, Person, Role
from models.refusals import NotAllowed
from tests.fixtures_database import ONE_ENGINE
from tests.house import Heard, House, Phone

WORDS = "Tomorrow we cook dumplings.\n\nPlease bring {your} <b>own</b> bowl."


async def send(chen: Phone, audience: str, words: str = WORDS) -> list[Heard]:
    """Go through /broadcast up to the first answer after [Send]."""
    await chen.walks(("/broadcast", "Who should read it?"))
    await chen.taps(next(label for label in chen.last.buttons if label.startswith(audience)))
    await chen.says(words)
    return await chen.taps("Send")


async def count(house: House) -> None:
    """Let the job that counts look once more after everything was delivered."""
    await house.tick()
    await house.tick()


async def test_volunteers_read_exactly_what_was_shown_before(house: House) -> None:
    await house.canteen()
    chen, lin, gao, mei = (
        await house.coordinator(),
        await house.volunteer("Lin"),
        await house.volunteer("Gao"),
        await house.family(),
    )
    await chen.walks(
        ("/broadcast", "Who should read it?"),
        ("Volunteers (2)", "Write it just as they should read it"),
        (WORDS, "This is how they will see it:"),
    )
    preview = chen.last.text
    assert "2 people get it." in preview
    await chen.taps("Send")
    await count(house)
    assert lin.last.text == gao.last.text
    assert lin.last.text in preview
    assert WORDS in lin.last.text
    assert not any("dumplings" in message.text for message in mei.heard)
    assert chen.last.text == "Sent to 2 of 2."
    assert chen.last.edited
    assert (await Notice.get()).finished_at is not None


@ONE_ENGINE
async def test_whoever_has_two_roles_reads_it_once(house: House) -> None:
    canteen = await house.canteen()
    chen, lin, mei = await house.coordinator(), await house.volunteer(), await house.family()
    await Membership.grant(await lin.person(), canteen.id, Role.FAMILY, by=None, now=house.now)
    await send(chen, "Everyone (2)")
    await count(house)
    for reader in (lin, mei):
        assert sum("dumplings" in message.text for message in reader.heard) == 1
    assert await Receipt.all().count() == 2


async def test_send_pressed_twice_sends_once(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    await chen.walks(("/broadcast", "Who"), ("Volunteers (1)", "Write it"), ("Soup!", "This is how"))
    data = dict(chen.last.keys)["Send"]
    await chen.presses(data)
    await chen.presses(data)
    await count(house)
    assert await Notice.all().count() == 1
    assert sum("Soup!" in message.text for message in lin.heard) == 1


@ONE_ENGINE
async def test_a_notice_that_is_cancelled_reaches_nobody(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    await chen.walks(
        ("/broadcast", "Who"), ("Volunteers (1)", "Write it"), ("Soup!", "This is how"), ("Cancel", "nothing")
    )
    await count(house)
    assert not await Notice.exists()
    assert not any("Soup!" in message.text for message in lin.heard)


async def test_without_readers_nothing_is_sent(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.walks(("/broadcast", "Who"), ("Families (0)", "Nobody would read that yet"))
    assert not await Notice.exists()


async def test_the_card_counts_whom_it_reached_and_who_has_read_it(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer("Lin")
    gao, sun = await house.volunteer("Gao"), await house.volunteer("Sun")
    person = await gao.person()
    person.set_phone("+8610000000007")
    await person.save()
    house.wire.blocked.add(gao.address)
    await send(chen, "Volunteers (3)")
    await count(house)
    card = chen.heard[-1] if "Sent to" in chen.last.text else chen.heard[-2]
    assert "Sent to 2 of 3.\n1 could not be reached." in card.text
    assert "Thank you" in (await lin.taps("I have read it"))[0].text
    await lin.taps("I have read it")
    assert "1 has read it." in card.text
    heard = await chen.taps("Who has not read it?")
    assert heard[-1].text.splitlines()[1:] == [
        "Gao, +8610000000007 – could not be reached, please call",
        "Sun, no number yet",
    ]
    assert sun.last.buttons == ["I have read it"]


@ONE_ENGINE
async def test_nobody_is_woken_at_night(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    await house.at("2026-11-23 22:30")
    await send(chen, "Volunteers (1)")
    await count(house)
    assert not any("dumplings" in message.text for message in lin.heard)
    assert chen.last.text == "Sent to 0 of 1.\n1 gets it in the morning."
    await house.at("2026-11-24 08:00")
    await count(house)
    assert "dumplings" in lin.last.text
    assert "Sent to 1 of 1." in [message.text for message in chen.heard]


async def test_many_readers_are_written_to_in_batches(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await crowd(canteen, 450, house)
    await send(chen, "Everyone (450)")
    task = await Task.get(name="notice")
    assert (task.done, task.total) == (0, 450)
    await house.scheduler.catch_up()
    task = await Task.get(name="notice")
    assert task.done == 450
    assert task.finished_at is not None
    assert await OutboxMessage.filter(key__startswith="notice ").count() == 450
    assert await Receipt.all().count() == 450


async def test_a_batch_takes_no_reader_twice(house: House) -> None:
    canteen = await house.canteen()
    chen = await (await house.coordinator()).person()
    await crowd(canteen, 12, house)
    notice = await Notice.send(canteen.id, Audience.VOLUNTEERS, "Soup!", chen, house.now)
    task = await Task.get(name="notice", about=notice.id)
    batches = [[p.id for p in await notice.next_readers(task, 5, house.now)] for _ in range(3)]
    assert [len(batch) for batch in batches] == [5, 5, 2]
    assert len({reader for batch in batches for reader in batch}) == 12
    assert task.finished_at is not None


@ONE_ENGINE
async def test_only_a_coordinator_of_the_canteen_sends(house: House) -> None:
    canteen = await house.canteen()
    await house.coordinator()
    lin = await (await house.volunteer()).person()
    with pytest.raises(NotAllowed):
        await Notice.send(canteen.id, Audience.EVERYONE, "Soup!", lin, house.now)
    chen = await (await house.coordinator("Ms Other", canteen=await house.canteen("Elsewhere"))).person()
    with pytest.raises(NotAllowed):
        await Notice.send(canteen.id, Audience.EVERYONE, "Soup!", chen, house.now)


async def test_a_notice_is_for_those_to_whom_it_was_sent(house: House) -> None:
    await house.canteen()
    chen, lin, mei = await house.coordinator(), await house.volunteer(), await house.family()
    await send(chen, "Volunteers (1)")
    await count(house)
    notice = await Notice.get()
    assert "no longer there" in (await mei.presses(f"notice_seen:{notice.id}"))[0].text
    assert "not open to you" in (await lin.presses(f"notice_unread:{notice.id}"))[0].text
    assert "not open to you" in (await lin.says("/broadcast"))[0].text


async def crowd(canteen: Canteen, size: int, house: House) -> None:
    """Let many volunteers come, none of whom has a phone with a chat."""
    await Person.bulk_create(Person(name=f"Volunteer {n}", created_at=house.now) for n in range(size))
    await Membership.bulk_create(
        Membership(
            person_id=person.id,
            canteen_id=canteen.id,
            role=Role.VOLUNTEER,
            asked_at=house.now,
            accepted_at=house.now,
        )
        for person in await Person.all().order_by("-id").limit(size)
    )
