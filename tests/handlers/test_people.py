"""Volunteers offer help, the coordinator answers, invites and ends roles."""

from __future__ import annotations

import pytest

from models.audit import AuditEvent
from models.canteens import Canteen
from models.invitations import Invitation
from models.messaging import Conversation
from models.people import Membership, Role
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_start import owner
from tests.house import House, Phone
from tests.played import played_once


@played_once
async def offers(house: House, name: str = "Lin") -> Phone:
    """Let a stranger offer help."""
    lin = house.stranger(name)
    await lin.walks(
        ("hello", "Who are you?"),
        ("I would like to help as a volunteer", "What is your name?"),
        (name, f"Thank you, {name}. On which phone number"),
        ("13912345678", "How old are you? I keep no birthday."),
        ("18 or older", f"They will see your name and your number: {name}, +8613912345678"),
        ("Yes, please tell them", "as soon as the coordinator has answered"),
    )
    return lin


@ONE_ENGINE
async def test_a_stranger_offers_help_and_the_coordinator_says_yes(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    chen.reads()
    lin = await offers(house)
    (card,) = chen.reads()
    assert "Lin would like to help as a volunteer at Ping'an Lane." in card.text
    assert "Phone: +8613912345678" in card.text
    assert card.buttons == ["Accept", "Decline"]
    assert "shifts" not in lin.menu
    lin.reads()
    (edited,) = await chen.taps("Accept")
    assert edited.id == card.id
    assert edited.text == "Lin is a volunteer now. Ms Chen said yes."
    assert edited.buttons == []
    (news,) = lin.reads()
    assert "You are a volunteer at Ping'an Lane now." in news.text
    assert news.buttons == ["Open shifts"]
    assert await (await lin.person()).roles() == {Role.VOLUNTEER}


@ONE_ENGINE
async def test_the_other_coordinators_card_shows_the_answer_too(house: House) -> None:
    await house.canteen()
    chen, wu = await house.coordinator(), await house.coordinator("Mr Wu")
    await offers(house)
    await wu.taps("Decline")
    assert chen.last.text == "Mr Wu has declined the offer of Lin."
    assert chen.last.buttons == []


async def test_two_answers_at_once_count_once(house: House) -> None:
    await house.canteen()
    chen, wu = await house.coordinator(), await house.coordinator("Mr Wu")
    await offers(house)
    yes, no = (data for _label, data in chen.last.keys)
    await chen.presses(yes)
    assert "settled already: yes" in (await chen.presses(yes))[-1].text
    assert "settled already: yes" in (await wu.presses(no))[-1].text
    assert await Membership.filter(role=Role.VOLUNTEER, accepted_at__isnull=False, ended_at=None).count() == 1


async def test_after_a_no_a_month_passes_before_one_may_ask_again(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    lin = await offers(house)
    await chen.taps("Decline")
    assert "Just now there is no free place" in lin.last.text
    assert (
        "settled already: no"
        in (await chen.presses(f"member_yes:{(await Membership.get(role='volunteer')).id}"))[-1].text
    )
    await lin.says("hello")
    await lin.taps("I would like to help as a volunteer")
    assert "there was no place for another helper" in (await lin.taps("Yes, please tell them"))[-1].text
    await house.at("2026-12-23 09:01")
    await lin.says("hello")
    await lin.taps("I would like to help as a volunteer")
    assert "as soon as the coordinator has answered" in (await lin.taps("Yes, please tell them"))[-1].text


@ONE_ENGINE
async def test_who_waits_hears_that_when_saying_hello(house: House) -> None:
    await house.canteen()
    await house.coordinator()
    lin = await offers(house)
    heard = (await lin.says("hello"))[-1]
    assert "The coordinator of Ping'an Lane has not answered yet" in heard.text
    assert "I would like to help as a volunteer" not in heard.buttons


@ONE_ENGINE
async def test_asking_twice_is_asking_once(house: House) -> None:
    await house.canteen()
    await house.coordinator()
    lin = await offers(house)
    await lin.presses("offer")
    await lin.taps("Yes, please tell them")
    assert await Membership.filter(role=Role.VOLUNTEER).count() == 1


async def test_a_redelivered_yes_counts_once(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    lin = await offers(house)
    before = len(lin.heard)
    yes = f"member_yes:{(await Membership.get(role='volunteer')).id}"
    for _delivery in range(3):
        await chen.presses(yes, event="the same press")
    assert len(lin.heard) == before + 1
    assert await AuditEvent.filter(act="member.accept").count() == 1


async def test_with_several_canteens_a_volunteer_says_which(house: House) -> None:
    await house.canteen("North")
    south = await house.canteen("South")
    lin = house.stranger("Lin")
    await lin.walks(
        ("hello", "I help North and South"),
        ("I would like to help as a volunteer", "Which canteen"),
        ("Nowhere", "tap one of the buttons"),
        ("South", "What is your name?"),
        ("Lin", "phone"),
        ("13912345678", "How old"),
        ("18 or older", "coordinator of South"),
        ("Change an answer", "Which answer"),
        ("My name", "What is your name?"),
        ("Lin Yue", "Lin Yue, +8613912345678"),
        ("yes", "Thank you, Lin Yue"),
    )
    assert (await Membership.get()).canteen_id == south.id


async def test_nothing_is_kept_of_an_offer_that_was_cancelled(house: House) -> None:
    await house.canteen()
    lin = house.stranger("Lin")
    await lin.walks(("hello", "Who"), ("I would like to help as a volunteer", "name"), ("Lin", "phone"))
    await lin.taps("Cancel")
    assert await Membership.all().count() == 0
    assert (await lin.person()).phone is None
    assert await Conversation.all().count() == 0


# ------------------------------------------------------------------------------------------- who is there


@ONE_ENGINE
async def test_people_lists_who_helps_and_who_waits(house: House) -> None:
    await house.canteen()
    chen = await owner(house)
    await house.volunteer("Gao")
    await offers(house)
    chen.reads()
    await chen.says("/people")
    listed, request, last = chen.reads()
    assert listed.text.splitlines() == [
        "People of Ping'an Lane",
        "Coordinator: Ms Chen, +8613912345678",
        "Volunteer: Gao, no number yet",
    ]
    assert request.buttons == ["Accept", "Decline"]
    assert last.text == "1 person waits for your answer, just above."


async def test_looking_at_phone_numbers_is_written_down(house: House) -> None:
    canteen = await house.canteen()
    chen = await owner(house)
    await chen.says("/people")
    seen = await AuditEvent.filter(about=f"phones of the helpers of canteen {canteen.id}").count()
    assert seen == 1


# ------------------------------------------------------------------------------------------------ invite


@ONE_ENGINE
@pytest.mark.parametrize(
    ("whom", "role", "words"),
    [
        ("A volunteer", Role.VOLUNTEER, "Would you like to bring lunch"),
        ("A family", Role.FAMILY, "register your family member"),
        ("Another coordinator", Role.COORDINATOR, "help to look after Ping'an Lane"),
    ],
)
async def test_an_invitation_can_be_forwarded_as_it_is(
    house: House, whom: str, role: Role, words: str
) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.says("/invite")
    note, letter = await chen.taps(whom)
    assert "forward the next message" in note.text
    assert words in letter.text
    assert "until Mon 7 Dec, 09:00" in letter.text
    code = letter.text.split("/start ")[1].split()[0]
    assert f"test://chat?start={code}" in letter.text
    lin = house.stranger("Lin")
    age = (("13912345678", "How old"), ("1", "Welcome, Lin."))
    rest = age if role is Role.VOLUNTEER else (("13912345678", "Welcome, Lin."),)
    await lin.walks((f"/start {code}", "name"), ("Lin", "phone"), *rest)
    assert role in await (await lin.person()).roles()


async def test_each_tap_makes_another_link(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.says("/invite")
    first = (await chen.taps("A volunteer"))[-1].text
    second = (await chen.taps("One more link"))[-1].text
    assert first != second
    assert await Invitation.all().count() == 2


@ONE_ENGINE
@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.FAMILY, Role.KITCHEN, Role.STRANGER])
async def test_only_the_coordinator_invites_lists_and_revokes(house: House, role: Role) -> None:
    canteen = await house.canteen()
    lin = house.stranger() if role is Role.STRANGER else await house.member("Lin", role)
    for said in ("/invite", "/people", "/revoke"):
        assert "not open to you here" in (await lin.says(said))[-1].text
    for data in (f"invite:{canteen.id}:coordinator", "member_yes:1", "member_no:1"):
        assert "not open to you here" in (await lin.presses(data))[-1].text
    assert await Invitation.all().count() == 0


@ONE_ENGINE
async def test_a_coordinator_of_another_canteen_may_nothing_here(house: House) -> None:
    north = await house.canteen("North")
    chen = await house.coordinator(canteen=north)
    lin = await offers(house)
    south = await Canteen.open("South", "Asia/Shanghai", "en", house.now)
    wu = await house.coordinator("Mr Wu", canteen=south)
    yes, no = (data for _label, data in chen.last.keys)
    for data in (yes, no, f"invite:{north.id}:volunteer"):
        assert "That is not open to you." in (await wu.presses(data))[-1].text
    assert await (await lin.person()).roles() == {Role.STRANGER}
    assert "no longer there" in (await wu.presses("invite:99:volunteer"))[-1].text
    assert "no longer there" in (await wu.presses(f"invite:{south.id}:owner"))[-1].text


# ------------------------------------------------------------------------------------------------ the end


@ONE_ENGINE
async def test_a_role_ends_after_being_sure_and_the_person_hears_it(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    await chen.walks(
        ("/revoke", "Whose role at Ping'an Lane shall end?"),
        ("Volunteer: Lin, no number yet", "From then on Lin sees nothing"),
        ("Yes, end it", "Done. Lin has been told."),
    )
    assert "Your role at Ping'an Lane has ended. Thank you" in lin.last.text
    assert await (await lin.person()).roles() == {Role.STRANGER}
    assert "not open to you here" in (await lin.says("/invite"))[-1].text
    assert "people" not in lin.menu


@ONE_ENGINE
async def test_the_only_coordinator_stays(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await chen.says("/revoke")
    await chen.says("1")
    assert "You are the only coordinator" in (await chen.taps("Yes, end it"))[-1].text
    assert await (await chen.person()).roles() == {Role.COORDINATOR}


@ONE_ENGINE
async def test_the_number_of_a_coordinator_who_left_is_not_forgotten(house: House) -> None:
    await house.canteen()
    await owner(house)
    wu = await owner(house, "Mr Wu")
    await wu.says("/revoke")
    await wu.taps("Coordinator: Ms Chen, +8613912345678")
    heard = await wu.taps("Yes, end it")
    assert "Families still see the number of Ms Chen" in heard[-1].text
    await wu.taps("Change the number")
    assert "Who answers the phone" in wu.last.text


@ONE_ENGINE
async def test_a_member_who_went_meanwhile_is_asked_for_again(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    await house.volunteer("Gao")
    await chen.says("/revoke")
    label = "Volunteer: Lin, no number yet"
    await Membership.filter(person_id=(await lin.person()).id).update(ended_at=house.now)
    assert "Whose role" in (await chen.taps(label))[-1].text
    assert label not in chen.last.buttons


@ONE_ENGINE
async def test_a_role_that_ended_begins_again_by_invitation(house: House) -> None:
    await house.canteen()
    chen, lin = await house.coordinator(), await house.volunteer()
    await Membership.filter(person_id=(await lin.person()).id).update(ended_at=house.now)
    await chen.says("/invite")
    letter = (await chen.taps("A volunteer"))[-1]
    await lin.says("/start " + letter.text.split("/start ")[1].split()[0])
    await lin.walks(("Lin", "phone"), ("13912345678", "How old"), ("1", "You are a volunteer"))
    assert await (await lin.person()).roles() == {Role.VOLUNTEER}
