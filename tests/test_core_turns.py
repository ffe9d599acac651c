"""Holes that a turn could fall into: two at once, too many questions, words instead of buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from bot.channels import Kind, Update
from bot.inbox import Inbox
from handlers import answers
from handlers.chat import ANYONE, COORDINATOR, REGISTRY, Chat, Choice, Crowd, command
from handlers.text import Text, _, verbatim
from models.audit import AuditEvent
from models.invitations import Invitation, Purpose
from models.messaging import Conversation, InboxUpdate, OutboxMessage, Sent
from models.people import Account, Membership, Person
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone


@pytest.fixture(autouse=True)
def sample() -> Iterator[None]:
    """Declare what these scenes say, and take it back after them."""
    before = (dict(REGISTRY.commands), dict(REGISTRY.buttons), REGISTRY.footer, REGISTRY.otherwise)

    @command("pet", for_=ANYONE, help=_("Tell of a pet"))
    async def pet(chat: Chat) -> None:
        kind = await chat.ask(
            "kind",
            _("Which animal?"),
            answers.words,
            choices=[Choice("none", _("No pet at all"))],
            want="contact",
        )
        name = await chat.ask("name", _("What is it called?"), answers.words)
        chat.say(verbatim(f"{name} the {kind}"))

    @command("secret", for_=COORDINATOR, help=_("Only for the coordinator"))
    async def secret(chat: Chat) -> None:
        await chat.ask("one", _("First?"), answers.words)
        await chat.ask("two", _("Second?"), answers.words)
        chat.say(_("All secrets."))

    @command("rawly", for_=ANYONE, help=_("Write by hand, then ask"))
    async def rawly(chat: Chat) -> None:
        await get_connection("default").execute_query(
            f"UPDATE person SET name = NULL WHERE id = {chat.person.id}"
        )
        await chat.ask("late", _("Now what?"), answers.words)

    @command("greedy", for_=ANYONE, help=_("Catch everything"))
    async def greedy(chat: Chat) -> None:
        try:
            name = await chat.ask("name", _("Who?"), answers.words)
        except Exception:  # noqa: BLE001 -- what a careless feature does
            name = "nobody"
        await AuditEvent.record("greedy", name, by=chat.person.id, now=chat.now)

    @command("wide", for_=ANYONE, help=_("Ask too much of a button"))
    async def wide(chat: Chat) -> None:
        await chat.ask("kind", _("Which?"), choices=[Choice("x" * 50, _("Long"))])

    yield
    REGISTRY.commands, REGISTRY.buttons, REGISTRY.footer, REGISTRY.otherwise = before


def text(phone: Phone, event: str, words: str) -> Update:
    return Update("test", event, Kind.TEXT, sender=phone.address, place=phone.address, text=words)


# ------------------------------------------------------------------------------------------- heard once


async def test_two_first_messages_at_once_make_one_person(house: House) -> None:
    wu = house.stranger()
    inboxes = [Inbox(house.clock) for _ in range(4)]
    await asyncio.gather(
        *(inbox.hear(text(wu, f"first {number}", "/help")) for number, inbox in enumerate(inboxes))
    )
    assert await Account.all().count() == 1
    assert await Person.all().count() == 1
    assert not await InboxUpdate.filter(failed__not_isnull=True).exists()


async def test_a_turn_that_waited_while_its_account_was_joined_is_lived_as_the_joined_person(
    house: House,
) -> None:
    await house.canteen()
    lin, other = await house.volunteer(), house.stranger()
    await other.says("/help")
    code = await Invitation.make(Purpose.LINK, by=await lin.person(), now=house.now)
    await asyncio.gather(
        house.inbox.hear(text(other, "join", f"/start {code}")),
        *(Inbox(house.clock).hear(text(other, f"more {n}", "/pet")) for n in range(3)),
    )
    joined = await lin.person()
    assert (await Account.get(address=other.address)).person_id == joined.id
    assert {one.person_id for one in await Conversation.all()} <= {joined.id}


@ONE_ENGINE
async def test_an_account_is_joined_also_while_a_question_is_open_there(house: House) -> None:
    await house.canteen()
    lin, other = await house.volunteer(), house.stranger()
    await other.says("/pet")
    code = await Invitation.make(Purpose.LINK, by=await lin.person(), now=house.now)
    news = await other.says(f"/start {code}")
    assert "same person" in news[0].text
    assert (await Account.get(address=other.address)).person_id == (await lin.person()).id


@ONE_ENGINE
async def test_an_update_that_can_not_even_be_apologised_for_is_heard(house: House) -> None:
    wu = house.stranger()
    await wu.says("/help")

    async def broken(_people: Sequence[Person]) -> Mapping[int, Text]:
        raise ZeroDivisionError

    REGISTRY.footer = broken
    await house.inbox.hear(text(wu, "poison", "/help"))
    REGISTRY.footer = None
    assert (await InboxUpdate.get(event="poison")).failed is not None
    assert await wu.says("/help")


async def test_a_tap_in_a_group_that_fails_is_apologised_for_to_whoever_tapped(house: House) -> None:
    wu = house.stranger()
    await wu.says("/help")
    heard = len(wu.heard)

    async def broken(_crowd: Crowd) -> Text:
        raise ZeroDivisionError

    REGISTRY.taps["broken"] = broken
    try:
        note = await house.inbox.hear(
            Update("test", "poison", Kind.PRESS, sender=wu.address, place="-5", data="broken")
        )
    finally:
        del REGISTRY.taps["broken"]
    failed = (await InboxUpdate.get(event="poison")).failed
    assert failed
    assert f"(Number {failed})" in note
    await house.deliver()
    assert len(wu.heard) == heard
    assert "-5" not in house.wire.shown


@pytest.mark.parametrize("kind", [Kind.UNKNOWN, Kind.MIGRATED, Kind.TEXT])
async def test_an_update_without_a_sender_is_marked_heard(house: House, kind: Kind) -> None:
    await house.inbox.hear(Update("test", "nobody", kind, place="group"))
    await house.inbox.hear(Update("test", "nobody", kind, place="group"))
    assert (await InboxUpdate.get()).kind == kind
    assert not await Person.exists()


async def test_of_what_people_say_in_a_group_nothing_is_kept(house: House) -> None:
    await house.inbox.hear(
        Update("test", "chatter", Kind.TEXT, sender="42", place="group", text="hello all", name="Zhao")
    )
    assert not await Person.exists()
    assert await InboxUpdate.all().count() == 1


async def test_somebody_who_blocks_us_is_told_of_at_once(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    chen.reads()
    sender = {"sender": lin.address, "place": lin.address}
    await house.inbox.hear(Update("test", "blocked", Kind.BLOCKED, **sender))
    await house.deliver()
    assert ["Lin does not get my messages any more." in said.text for said in chen.reads()] == [True]


# ----------------------------------------------------------------------------------------- conversations


async def test_the_oldest_of_many_parked_questions_can_be_taken_up(house: House) -> None:
    wu = house.stranger()
    for _form in range(4):
        await wu.says("/pet")
    oldest = await Conversation.all().order_by("id").first()
    assert oldest is not None
    news = await wu.presses(f"k:{oldest.id}:go")
    assert news[-1].text == "Which animal?"
    await wu.walks(("cat", "What is it called?"), ("Tom", "Tom the cat"))


async def test_back_cancel_and_choices_may_be_typed(house: House) -> None:
    wu = house.stranger()
    await wu.walks(("/pet", "Which animal?"), ("cat", "What is it called?"))
    assert (await wu.says("back"))[-1].text == "Which animal?"
    assert (await wu.says("no pet at ALL"))[-1].text == "What is it called?"
    conversation = await Conversation.get()
    assert dict(conversation.answers)["kind"] == "none"
    assert "nothing was changed" in (await wu.says("Cancel."))[0].text
    assert not await Conversation.exists()


@pytest.mark.parametrize(("language", "back"), [("es", "Atrás"), ("zh-CN", "上一步"), ("zh-TW", "上一步")])
async def test_back_is_typed_in_the_persons_language(house: House, language: str, back: str) -> None:
    wu = house.stranger(language=language)
    await wu.says("/pet")
    await wu.says("cat")
    assert back in wu.last.buttons
    await wu.says(back)
    assert (await Conversation.get()).pending == "kind"


@ONE_ENGINE
async def test_a_role_that_ended_ends_its_open_question(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.walks(("/secret", "First?"), ("one", "Second?"))
    await Membership.all().update(ended_at=house.now)
    news = await chen.says("two")
    assert "not open to you here" in news[0].text
    assert not any("secrets" in message.text for message in news)
    assert not await Conversation.exists()


async def test_asking_after_a_write_by_hand_is_refused_too(house: House) -> None:
    wu = house.stranger()
    assert "went wrong on our side" in (await wu.says("/rawly"))[-1].text
    assert (await wu.person()).name == "Wu"


async def test_a_feature_that_catches_every_exception_does_not_catch_a_question(house: House) -> None:
    wu = house.stranger()
    await wu.walks(("/greedy", "Who?"))
    assert not await AuditEvent.filter(act="greedy").exists()
    await wu.says("Wu")
    assert (await AuditEvent.get(act="greedy")).about == "Wu"


@ONE_ENGINE
async def test_a_choice_too_long_for_a_button_is_noticed_when_it_is_asked(house: House) -> None:
    wu = house.stranger()
    assert "went wrong on our side" in (await wu.says("/wide"))[-1].text


@ONE_ENGINE
async def test_a_command_may_be_parted_from_its_words_by_a_new_line(house: House) -> None:
    await house.canteen()
    wu = house.stranger()
    assert "does not work any more" in (await wu.says("/start\nabcdefghjkmn"))[-1].text


# ----------------------------------------------------------------------------------------------- numbers


async def test_a_number_presses_only_what_was_seen(house: House) -> None:
    await house.canteen()
    wu = house.stranger()
    await wu.says("hello")
    person, account = await wu.person(), await Account.get(address=wu.address)
    await OutboxMessage.create(
        person_id=person.id,
        account_id=account.id,
        channel="test",
        body={"text": {"f": "verbatim", "b": {"body": "tomorrow"}}, "rows": [[[{}, "/cancel"]]]},
        next_at=house.now + timedelta(days=1),
        created_at=house.now,
    )
    assert wu.last.keys[0][1] == "/register"
    await wu.says("1")
    assert await Conversation.filter(script="command:register").exists()
    assert await OutboxMessage.filter(state=Sent.PENDING).count() == 1
