"""Hello: strangers, those who are known, and those who come with a code."""

from __future__ import annotations

import pytest

from bot.channels import Kind
from models import joining
from models.canteens import Canteen
from models.invitations import Invitation, Purpose
from models.messaging import Conversation
from models.people import Account, Membership, Person, Role
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.played import played_once


@played_once
async def owner(house: House, name: str = "Ms Chen") -> Phone:
    """Come in as the first coordinator."""
    canteen = await Canteen.first()
    assert canteen is not None
    code = await Invitation.make(Purpose.JOIN, role=Role.COORDINATOR, canteen_id=canteen.id, now=house.now)
    chen = house.stranger(name)
    await chen.walks(
        (f"/start {code}", "What is your name?"),
        (name, "On which phone number"),
        ("139 1234 5678", f"Welcome, {name}. You now look after Ping'an Lane."),
    )
    return chen


@ONE_ENGINE
async def test_the_first_owner_comes_in_with_a_code_and_becomes_the_human_to_call(house: House) -> None:
    await house.canteen()
    chen = await owner(house)
    canteen = await Canteen.get()
    assert canteen.human == ("Ms Chen", "+8613912345678")
    assert [person.name for person in await canteen.coordinators()] == ["Ms Chen"]
    assert {"start", "help", "invite", "people"} <= set(chen.menu)
    assert "At Ping'an Lane, Ms Chen is there for you: +8613912345678" in (await chen.says("0"))[0].text


@ONE_ENGINE
async def test_the_second_coordinator_does_not_replace_the_human(house: House) -> None:
    await house.canteen()
    await owner(house)
    await owner(house, "Mr Wu")
    assert (await Canteen.get()).human == ("Ms Chen", "+8613912345678")


@ONE_ENGINE
async def test_a_code_works_once_and_a_second_tap_of_its_user_greets(house: House) -> None:
    canteen = await house.canteen()
    code = await Invitation.make(Purpose.JOIN, role=Role.VOLUNTEER, canteen_id=canteen.id, now=house.now)
    lin, gao = house.stranger("Lin"), house.stranger("Gao")
    await lin.walks(
        (f"/start {code}", "your name"),
        ("Lin", "phone"),
        ("13912345678", "How old"),
        ("18 or older", "You are a volunteer"),
    )
    assert "does not work any more" in (await gao.says(f"/start {code}"))[-1].text
    assert "Good to see you, Lin." in (await lin.says(f"/start {code}"))[-1].text
    assert await Membership.filter(role=Role.VOLUNTEER).count() == 1


@ONE_ENGINE
async def test_a_code_is_too_old_after_two_weeks(house: House) -> None:
    canteen = await house.canteen()
    code = await Invitation.make(Purpose.JOIN, role=Role.VOLUNTEER, canteen_id=canteen.id, now=house.now)
    await house.at("2026-12-07 09:01")
    assert "does not work any more" in (await house.stranger().says(f"/start {code}"))[-1].text


@ONE_ENGINE
async def test_of_two_who_hold_one_code_the_faster_comes_in(house: House) -> None:
    canteen = await house.canteen()
    code = await Invitation.make(Purpose.JOIN, role=Role.VOLUNTEER, canteen_id=canteen.id, now=house.now)
    lin, gao = house.stranger("Lin"), house.stranger("Gao")
    for phone in (lin, gao):
        await phone.walks((f"/start {code}", "your name"), (phone.name, "phone"))
    await gao.walks(("13912345678", "How old"), ("1", "You are a volunteer"))
    assert "does not work any more" in (await lin.says("13912345679"))[-1].text
    assert [person.name for person in await Membership.people(canteen.id, Role.VOLUNTEER)] == ["Gao"]


@ONE_ENGINE
@pytest.mark.parametrize("code", ["x", "abcdefghjkmn", "🥟" * 50, "<b>{name}</b>", "a b c d", "%s" * 900])
async def test_nonsense_instead_of_a_code_gets_a_sentence(house: House, code: str) -> None:
    await house.canteen()
    assert "does not work any more" in (await house.stranger().says(f"/start {code}"))[-1].text


@ONE_ENGINE
async def test_a_pasted_code_is_as_good_as_its_link(house: House) -> None:
    canteen = await house.canteen()
    code = await Invitation.make(Purpose.JOIN, role=Role.FAMILY, canteen_id=canteen.id, now=house.now)
    mei = house.stranger("Mei")
    await mei.walks(
        (f"test://chat?start={code}", "your name"),
        ("Mei", "phone"),
        ("13912345678", "Now you can register your family member"),
    )
    assert "/register" in [data for _label, data in mei.last.keys]


@ONE_ENGINE
async def test_a_code_can_be_written_after_a_tap(house: House) -> None:
    canteen = await house.canteen()
    code = await Invitation.make(Purpose.JOIN, role=Role.VOLUNTEER, canteen_id=canteen.id, now=house.now)
    lin = house.stranger("Lin")
    await lin.walks(
        ("hello", "Who are you?"),
        ("I have an invitation code", "write the code"),
        ("what code?", "does not look like a code"),
        (code.upper(), "your name"),
        ("Lin", "phone"),
        ("+86 139 1234 5678", "How old are you?"),
        ("18", "tap one of the buttons"),
        ("18 or older", "You are a volunteer"),
    )


@ONE_ENGINE
async def test_who_made_an_invitation_is_told_to_forward_it(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    code = await joining.invite(canteen.id, Role.VOLUNTEER, await chen.person(), house.now)
    assert "forward it" in (await chen.says(f"/start {code}"))[-1].text
    assert await Invitation.look(code, house.now)


@ONE_ENGINE
async def test_who_is_a_member_already_does_not_use_up_the_code(house: House) -> None:
    canteen = await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    code = await joining.invite(canteen.id, Role.VOLUNTEER, await chen.person(), house.now)
    assert "You are with us already" in (await lin.says(f"/start {code}"))[-1].text
    assert await Invitation.look(code, house.now)


@ONE_ENGINE
async def test_the_name_that_the_channel_shows_is_offered_on_a_button(house: House) -> None:
    canteen = await house.canteen()
    code = await Invitation.make(Purpose.JOIN, role=Role.VOLUNTEER, canteen_id=canteen.id, now=house.now)
    lin = house.stranger("Lin")
    await lin.walks((f"/start {code}", "your name"), ("1", "Thank you, Lin"), ("Back", "your name"))
    await lin.walks(("42", "in letters"), ("Lin Yue", "Thank you, Lin Yue"))
    await lin.sends(Kind.CONTACT, text="+8613912345678")
    await lin.taps("18 or older")
    assert (await lin.person()).phone == "+8613912345678"
    assert (await lin.person()).name == "Lin Yue"


@ONE_ENGINE
async def test_bad_answers_get_help_and_nothing_is_lost(house: House) -> None:
    canteen = await house.canteen()
    code = await Invitation.make(Purpose.JOIN, role=Role.VOLUNTEER, canteen_id=canteen.id, now=house.now)
    lin = house.stranger("Lin")
    await lin.says(f"/start {code}")
    assert "at most 200 characters" in (await lin.says("x" * 10_000))[-1].text
    assert "only read words" in (await lin.sends(Kind.PHOTO, file="f"))[-1].text
    odd = "<b>{name}</b> 🥟 שלום"
    assert odd.split()[0] in (await lin.says(odd))[-1].text
    assert "phone number" in (await lin.says("call me"))[-1].text
    assert "How old are you?" in (await lin.says("13912345678"))[-1].text
    assert "tap one of the buttons" in (await lin.says("very"))[-1].text
    assert "You are a volunteer" in (await lin.taps("18 or older"))[-1].text
    assert (await lin.person()).name == odd


# ------------------------------------------------------------------------------------------------ strangers


@ONE_ENGINE
async def test_a_stranger_who_says_hello_is_asked_who_they_are(house: House) -> None:
    await house.canteen()
    wu = house.stranger()
    heard = (await wu.says("good day to you"))[0]
    assert "I help Ping'an Lane to bring lunch" in heard.text
    assert heard.buttons == [
        "I would like to register a family member",
        "I would like to help as a volunteer",
        "I have an invitation code",
        "I would like to talk to a person",
        "English · 中文 · Español",
    ]


@ONE_ENGINE
async def test_before_the_first_canteen_a_stranger_hears_so(house: House) -> None:
    assert "No canteen has begun here yet" in (await house.stranger().says("hello"))[-1].text
    assert "Nobody has left a phone number" in (await house.stranger("Li").says("0"))[-1].text


@ONE_ENGINE
async def test_plain_words_that_nobody_understands_offer_what_is_near(house: House) -> None:
    await house.canteen()
    mei = await house.family()
    heard = (await mei.says("the weather is fine"))[-1]
    assert "did not understand" in heard.text
    assert "How is lunch today?" in heard.buttons
    assert "Talk to a person" in heard.buttons


@ONE_ENGINE
@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        (Role.COORDINATOR, "Settings", "My shifts"),
        (Role.VOLUNTEER, "My shifts", "Settings"),
        (Role.FAMILY, "How is lunch today?", "My shifts"),
        (Role.KITCHEN, "How many lunches today", "Settings"),
    ],
)
async def test_everyone_is_greeted_with_what_they_need(
    house: House, role: Role, seen: str, unseen: str
) -> None:
    await house.canteen()
    phone = await house.member("Lin", role)
    heard = (await phone.says("/start"))[-1]
    assert "Good to see you, Lin." in heard.text
    assert seen in heard.buttons
    assert unseen not in heard.buttons


async def test_who_has_two_canteens_chooses_one_for_good(house: House) -> None:
    first, second = await house.canteen("North"), await house.canteen("South")
    chen = await house.coordinator(canteen=first)
    await Membership.grant(await chen.person(), second.id, Role.COORDINATOR, by=None, now=house.now)
    heard = await chen.says("/people")
    assert heard[-1].text.startswith("Which canteen is it about?")
    await chen.says("/start")
    await chen.taps("Cancel")
    await chen.taps("Always South")
    assert (await chen.person()).canteen_id == second.id
    assert "People of South" in (await chen.says("/people"))[0].text


@ONE_ENGINE
async def test_the_canteen_is_not_changed_under_an_open_question(house: House) -> None:
    first, second = await house.canteen("North"), await house.canteen("South")
    chen = await house.coordinator(canteen=first)
    await Membership.grant(await chen.person(), second.id, Role.COORDINATOR, by=None, now=house.now)
    await chen.says("/revoke")
    await chen.says("/start")
    assert any("still open" in message.text for message in await chen.taps("Always South"))
    assert (await chen.person()).canteen_id is None
    await chen.taps("Cancel")
    assert "That is not open to you" in (await chen.presses("canteen:999"))[-1].text


# -------------------------------------------------------------------------------------- a second channel


async def code_of(phone: Phone) -> str:
    """Read the code out of a message with a link."""
    return phone.last.text.split("/start ")[1].split()[0]


@ONE_ENGINE
async def test_a_link_brings_the_second_phone_to_the_same_person(house: House) -> None:
    await house.canteen()
    mei, tablet = await house.family(), house.stranger("Tablet")
    await mei.says("/link")
    await tablet.says("hello")
    assert "the same person for me" in (await tablet.says(f"/start {await code_of(mei)}"))[-1].text
    assert (await tablet.person()).id == (await mei.person()).id
    assert "Good to see you, Mei." in (await tablet.says("/start"))[-1].text
    assert "help" in tablet.menu


@ONE_ENGINE
async def test_a_link_is_over_after_ten_minutes(house: House) -> None:
    await house.canteen()
    mei, tablet = await house.family(), house.stranger("Tablet")
    await mei.says("/link")
    await house.at("2026-11-23 09:10")
    assert "does not work any more" in (await tablet.says(f"/start {await code_of(mei)}"))[-1].text


@ONE_ENGINE
async def test_two_persons_with_things_of_their_own_are_not_joined(house: House) -> None:
    await house.canteen()
    mei, lin = await house.family(), await house.volunteer()
    await mei.says("/link")
    code = await code_of(mei)
    assert "can't simply join the two" in (await lin.says(f"/start {code}"))[-1].text
    assert (await lin.person()).id != (await mei.person()).id
    assert await Invitation.look(code, house.now)


async def test_a_linked_account_forgets_the_form_that_was_open_there(house: House) -> None:
    await house.canteen()
    mei, tablet = await house.family(), house.stranger("Tablet")
    await tablet.says("hello")
    await tablet.taps("I would like to help as a volunteer")
    await mei.says("/link")
    await tablet.says(f"/start {await code_of(mei)}")
    assert await Conversation.all().count() == 0
    assert await Account.filter(person_id=(await mei.person()).id).count() == 2
    assert await Person.filter(accounts__isnull=True).count() == 1
