"""A card that is brought up to date is edited, comes anew, or is left alone."""

from __future__ import annotations

from datetime import timedelta

from bot.speech import Mailbag, Post
from handlers.text import verbatim
from models.messaging import OutboxMessage
from models.people import Person
from tests.fixtures_database import ONE_ENGINE
from tests.house import House


async def say(house: House, person: Person, words: str, *, fresh: bool = False, update: bool = False) -> None:
    mail = Mailbag(house.now)
    mail.say(verbatim(words), to=person, card="card", fresh=fresh, only_update=update)
    await Post(house.now).write(mail.said)


async def test_whoever_has_no_chat_gets_no_update(house: House) -> None:
    somebody = await Person.create(name="Somebody", created_at=house.now)
    await say(house, somebody, "one", update=True)
    assert not await OutboxMessage.exists()


@ONE_ENGINE
async def test_a_card_that_was_asked_for_anew_comes_anew_with_the_newest_words(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    person = await chen.person()
    await say(house, person, "old")
    await house.deliver()
    await say(house, person, "fresh", fresh=True)
    await say(house, person, "newest", update=True)
    await house.deliver()
    assert [message.text for message in chen.heard][-2:] == ["old", "newest"]
    assert not chen.last.edited


async def test_many_readers_are_written_to_where_each_was_last_heard(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    person = await lin.person()
    await person.accounts.all().update(heard_at=house.now - timedelta(days=1))
    later = house.phone("Lin's new phone")
    await later.says("hello")
    await (await later.person()).accounts.all().update(person_id=person.id)
    mail = Mailbag(house.now)
    for reader in (person, await chen.person()):
        mail.say(verbatim("Soup!"), to=reader)
    await Post(house.now).write(mail.said)
    await house.deliver()
    assert later.last.text == chen.last.text == "Soup!"
    assert "Soup!" not in [message.text for message in lin.heard]
