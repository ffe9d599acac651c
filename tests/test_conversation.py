"""Durable conversations: every message is a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.channels import Kind, Update
from handlers import answers
from handlers.chat import ANYONE, COORDINATOR, REGISTRY, Chat, Choice, Priority, button, command, press
from handlers.text import _, lines, verbatim
from models.audit import AuditEvent
from models.messaging import Conversation, InboxUpdate, OutboxMessage
from models.people import Person
from tests.fixtures_database import ONE_ENGINE
from tests.house import House


@pytest.fixture(autouse=True)
def sample() -> Iterator[None]:
    """Declare a small feature for these scenes, and take it back after them."""
    before = (dict(REGISTRY.commands), dict(REGISTRY.buttons))

    @command("tea", for_=ANYONE, help=_("Order tea"), phrases=_("tea please|a cup of tea"))
    async def tea(chat: Chat) -> None:
        name = await chat.ask("name", _("Whose tea?"), answers.words, label=_("Name"))
        kind = await chat.ask(
            "kind",
            _("Which tea, {name}?", name=name),
            choices=[Choice("green", _("Green")), Choice("black", _("Black"))],
        )
        extras = await chat.choose_many(
            "extras", _("What with it?"), [Choice("milk", _("Milk")), Choice("sugar", _("Sugar"))]
        )
        cups = await chat.ask("cups", _("How many cups?"), answers.number(1, 20), label=_("Cups"))
        summary = lines(verbatim(f"{name} {kind} {'+'.join(extras)}"), _("{n} cups", n=cups))
        await chat.confirm("sure", summary, yes=_("Order"))
        await AuditEvent.record(
            "tea", f"{name} {kind} {'+'.join(extras)} {cups}", by=chat.person.id, now=chat.now
        )
        chat.say(_("Tea for {name} is coming.", name=name), buttons=[press(_("Drink"), "drink", 7)])

    @command("hush", for_=ANYONE, help=_("Say one thing"))
    async def hush(chat: Chat) -> None:
        chat.say(_("Hush."))

    @command("boss", for_=COORDINATOR, help=_("Only for the coordinator"))
    async def boss(chat: Chat) -> None:
        chat.say(_("Yes, boss."))

    @command("broken", for_=ANYONE, help=_("Break"))
    async def broken(chat: Chat) -> None:
        await AuditEvent.record("broken", "half done", by=None, now=chat.now)
        raise RuntimeError("secret words of a person")

    @command("greedy", for_=ANYONE, help=_("Write, then ask"))
    async def greedy(chat: Chat) -> None:
        await AuditEvent.record("greedy", "too early", by=None, now=chat.now)
        await chat.ask("late", _("Now what?"), answers.words)

    @button("drink")
    async def drink(chat: Chat, cups: int) -> None:
        await AuditEvent.record("drink", str(cups), by=chat.person.id, now=chat.now)
        chat.say(_("Cheers."), card="drink", priority=Priority.REPLY)

    @button("spill", phrases=_("!spilt|a cup fell"))
    async def spill(chat: Chat) -> None:
        await chat.ask("much", _("How much is gone?"), answers.words)
        chat.say(_("Never mind."))

    yield
    REGISTRY.commands, REGISTRY.buttons = before


async def acts(act: str) -> list[str]:
    return [event.about for event in await AuditEvent.filter(act=act).order_by("id")]


@ONE_ENGINE
async def test_a_whole_conversation_acts_once_at_its_end(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("/tea", "Whose tea?"),
        ("Wu", "Which tea, Wu?"),
        ("Green", "What with it?"),
        ("Milk", "What with it?"),
        ("Done", "How many cups?"),
        ("3", "3 cups"),
        ("Order", "Tea for Wu is coming."),
    )
    assert await acts("tea") == ["Wu green milk 3"]
    assert not await Conversation.exists()


@ONE_ENGINE
async def test_an_answer_that_cannot_be_read_gets_help_and_the_question_again(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("/tea", "Whose tea?"),
        ("Wu", "Which tea"),
        ("purple", "tap one of the buttons"),
        ("2", "What with it?"),
    )
    assert (await wu.sends(Kind.STICKER))[-1].text.endswith("What with it?")


@ONE_ENGINE
async def test_back_drops_the_last_answer_and_cancel_drops_all(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("/tea", "Whose tea?"),
        ("Wu", "Which tea, Wu?"),
        ("Back", "Whose tea?"),
        ("An", "Which tea, An?"),
        ("/cancel", "nothing was changed"),
    )
    assert not await Conversation.exists()
    assert await acts("tea") == []


@ONE_ENGINE
async def test_one_answer_is_changed_from_the_summary(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("/tea", "Whose"),
        ("Wu", "Which"),
        ("Black", "What with"),
        ("Done", "How many"),
        ("2", "2 cups"),
        ("Change an answer", "Which answer"),
        ("Name", "Whose tea?"),
        ("An", "An black"),
        ("Order", "Tea for An"),
    )
    assert await acts("tea") == ["An black  2"]


@ONE_ENGINE
async def test_several_answers_are_ticked_in_one_message(house: House) -> None:
    wu = house.stranger()
    await wu.walks(("/tea", "Whose"), ("Wu", "Which"), ("Green", "What with"))
    before = len(wu.heard)
    await wu.taps("Milk")
    assert len(wu.heard) == before
    assert wu.last.buttons[:2] == ["✓ Milk", "Sugar"]
    await wu.taps("Sugar")
    await wu.taps("✓ Milk")
    await wu.walks(("Done", "How many"), ("1", "Wu green sugar"))


async def test_a_redelivered_message_is_heard_once(house: House) -> None:
    wu = house.stranger()
    await wu.says("/tea")
    await asyncio.gather(
        *(
            wu.says(
                "Wu",
            )
            for _ in range(1)
        )
    )
    update = Update("test", "same-event", Kind.TEXT, sender=wu.address, place=wu.address, text="Green")
    await asyncio.gather(*(house.inbox.hear(update) for _ in range(5)))
    await house.deliver()
    assert await InboxUpdate.filter(event="same-event").count() == 1
    assert [message.text for message in wu.heard].count("What with it?") == 1


@ONE_ENGINE
async def test_a_button_pressed_twice_answers_once_and_an_old_button_answers_nothing(house: House) -> None:
    wu = house.stranger()
    await wu.walks(("/tea", "Whose"), ("Wu", "Which"))
    data = wu.last.keys[0][1]
    await wu.presses(data)
    news = await wu.presses(data)
    assert "earlier question" in news[0].text
    assert news[-1].text == "What with it?"


@ONE_ENGINE
async def test_a_command_that_asks_nothing_leaves_the_question_open_and_repeats_it(house: House) -> None:
    wu = house.stranger()
    await wu.walks(("/tea", "Whose tea?"))
    assert [message.text for message in await wu.says("/hush")] == ["Hush.", "Whose tea?"]
    await wu.walks(("Wu", "Which tea, Wu?"))


async def test_a_command_that_asks_parks_the_open_question_and_offers_it_again(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("/tea", "Whose tea?"),
        ("Wu", "Which tea, Wu?"),
        ("/tea", "Whose tea?"),
        ("Cancel", "nothing was changed"),
    )
    assert wu.last.buttons == ["Continue", "Leave it"]
    await wu.walks(("Continue", "Which tea, Wu?"))


@ONE_ENGINE
async def test_plain_words_find_a_command_and_others_are_refused_kindly(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("A cup of tea, would you?", "Whose tea?"),
        ("/cancel", "nothing"),
        ("/boss", "not open to you"),
        ("/nonsense", "/help"),
    )


@ONE_ENGINE
async def test_plain_words_lead_to_a_button_too_and_some_win_over_longer_ones(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("a cup of tea, but I spilt it", "How much is gone?"), ("all of it", "Never mind."),
        ("a cup fell", "How much is gone?"), ("/cancel", "nothing"), ("a cup of tea", "Whose tea?"),
    )  # fmt: skip


async def test_a_failure_on_our_side_changes_nothing_and_says_so(house: House) -> None:
    wu = house.stranger()
    await wu.says("/tea")
    news = await wu.says("/broken")
    assert "went wrong on our side" in news[-1].text
    assert "secret" not in news[-1].text
    assert await acts("broken") == []
    assert await InboxUpdate.filter(failed__not_isnull=True).count() == 1
    await wu.walks(("Wu", "Which tea, Wu?"))


@ONE_ENGINE
async def test_asking_after_writing_is_refused(house: House) -> None:
    wu = house.stranger()
    news = await wu.says("/greedy")
    assert "went wrong on our side" in news[-1].text
    assert await acts("greedy") == []


async def test_a_digit_presses_the_numbered_button_of_the_last_message(house: House) -> None:
    wu = house.stranger()
    await wu.walks(
        ("/tea", "Whose"),
        ("Wu", "Which"),
        ("1", "What with"),
        ("done", "How many"),
        ("2", "2 cups"),
        ("好", "Tea for Wu"),
        ("1", "Cheers."),
    )
    assert await acts("drink") == ["7"]


@ONE_ENGINE
@pytest.mark.parametrize(
    "name", ["{braces} <b>html</b> & %s", "שלום עולם", "👵🏽" * 50, 'O\'Neil \\ "quoted"']
)
async def test_a_name_is_never_a_format_string(house: House, name: str) -> None:
    wu = house.stranger()
    await wu.says("/tea")
    news = await wu.says(name)
    assert name in news[-1].text.replace("\u2068", "").replace("\u2069", "")


@ONE_ENGINE
async def test_a_name_of_ten_thousand_letters_gets_a_clear_sentence(house: House) -> None:
    wu = house.stranger()
    await wu.says("/tea")
    news = await wu.says("a" * 10_000)
    assert news[-1].text.endswith("Whose tea?")
    await wu.walks(("Wu", "Which tea, Wu?"))


async def test_a_group_tap_is_answered_to_whoever_tapped_and_to_nobody_else(house: House) -> None:
    wu = house.stranger()
    await wu.says("/hush")
    note = await house.inbox.hear(
        Update("test", "group-1", Kind.PRESS, sender=wu.address, place="group", data="drink:1")
    )
    await house.deliver()
    assert note == "Please write to me in a private chat."
    assert wu.last.text == "Hush."
    assert "group" not in house.wire.shown
    assert await acts("drink") == []


@ONE_ENGINE
async def test_every_person_hears_their_own_language(house: House) -> None:
    mei = house.stranger("Mei", language="es")
    person_count = await Person.all().count()
    await mei.says("/tea")
    assert await Person.all().count() == person_count + 1
    assert (await mei.person()).language == "es"


@ONE_ENGINE
async def test_a_card_is_edited_in_place(house: House) -> None:
    wu = house.stranger()
    await wu.says("/hush")
    await wu.presses("drink:1")
    count = len(wu.heard)
    await wu.presses("drink:2")
    assert len(wu.heard) == count
    assert wu.last.edited
    assert await OutboxMessage.filter(card="drink").count() == 2
