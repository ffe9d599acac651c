"""What one can do here, and a person to talk to in every state."""

from __future__ import annotations

import pytest

from handlers.chat import REGISTRY
from models.canteens import Canteen
from models.following import invite
from models.people import Membership, Role
from models.seniors import Kinship
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_start import owner
from tests.house import House
from tests.models.making import a_senior


@ONE_ENGINE
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VOLUNTEER, Role.FAMILY, Role.KITCHEN, Role.STRANGER])
async def test_help_lists_just_what_is_open_to_a_role(house: House, role: Role) -> None:
    await house.canteen()
    phone = house.stranger() if role is Role.STRANGER else await house.member("Lin", role)
    listed = {
        line[1:].split(":")[0]
        for line in (await phone.says("/help"))[-1].text.splitlines()
        if line[:1] == "/"
    }
    assert listed == {command.name for command in REGISTRY.commands.values() if role in command.for_}
    assert listed == set(phone.menu)


@ONE_ENGINE
async def test_nought_leads_to_a_person_in_the_middle_of_a_question_and_the_question_goes_on(
    house: House,
) -> None:
    await house.canteen()
    await owner(house)
    lin = house.stranger("Lin")
    await lin.walks(
        ("hello", "Who are you?"), ("I would like to help as a volunteer", "your name"), ("Lin", "phone")
    )
    for nought in ("0", "０", "0."):
        told, asked = await lin.says(nought)
        assert "Ms Chen is there for you: +8613912345678" in told.text
        assert "If somebody is in danger, call 120 first." in told.text
        assert "On which phone number" in asked.text


@ONE_ENGINE
async def test_a_stranger_is_led_to_the_person_of_the_only_canteen(house: House) -> None:
    await house.canteen()
    await owner(house)
    wu = house.stranger()
    await wu.says("hello")
    assert (
        "At Ping'an Lane, Ms Chen is there for you"
        in (await wu.taps("I would like to talk to a person"))[-1].text
    )


@ONE_ENGINE
async def test_everyone_is_led_to_the_people_of_their_own_canteens(house: House) -> None:
    north, south = await house.canteen("North"), await house.canteen("South")
    for canteen in (north, south):
        canteen.human_name, canteen.human_phone = f"Aunt {canteen.name}", "+8613912345678"
        await canteen.save()
    lin = await house.volunteer(canteen=south)
    heard = (await lin.says("0"))[-1].text
    assert "Aunt South" in heard
    assert "Aunt North" not in heard
    await Membership.grant(await lin.person(), north.id, Role.FAMILY, by=None, now=house.now)
    heard = (await lin.says("0"))[-1].text
    assert "Aunt South" in heard
    assert "Aunt North" in heard


@ONE_ENGINE
async def test_every_message_to_a_family_ends_with_a_person_to_talk_to(house: House) -> None:
    canteen = await house.canteen()
    chen = await owner(house)
    mei, lin = await house.family(), await house.volunteer()
    line = "A person to talk to: Ms Chen, +8613912345678"
    for said in ("/start", "/help", "/language", "/link", "hm", "/nonsense"):
        assert (await mei.says(said))[-1].text.splitlines()[-1] == line
        assert line not in (await lin.says(said))[-1].text
    senior = await a_senior(canteen)
    await Kinship.create(senior=senior, person=await lin.person(), linked=True, since=house.now)
    assert (await lin.says("/help"))[-1].text.splitlines()[-1] == line
    assert line not in (await chen.says("/help"))[-1].text


@ONE_ENGINE
async def test_a_relative_follows_a_senior_by_a_code(house: House) -> None:
    canteen = await house.canteen()
    await owner(house)
    senior = await a_senior(canteen, name="Wang Guilan")
    mei, jun = await house.family(), house.stranger("Jun")
    await Kinship.begin(senior.id, await mei.person(), house.now)
    code = await invite(senior.id, await mei.person(), house.now)
    await jun.walks(
        (f"/start {code}", "What is your name?"),
        ("Jun", "phone number"),
        ("13912345678", "From now on you can ask me about Wang Guilan at any time."),
    )
    assert jun.last.buttons == ["How is lunch today?", "What I want to be told"]
    person = await jun.person()
    assert await Canteen.caring_for([person.id]) == {person.id: [canteen]}
    assert "status" in jun.menu
    assert "does not work any more" in (await house.stranger("Li").says(f"/start {code}"))[-1].text


@ONE_ENGINE
@pytest.mark.parametrize(
    "said", ["<b>&lt;", "{name} {0} %s", "שלום", "x" * 10_000, "\u202e abc", "🥟", "/", "//", "/ ", "99"]
)
async def test_whatever_is_written_gets_an_answer_without_an_error(house: House, said: str) -> None:
    await house.canteen()
    for phone in (house.stranger(), await house.family(), await house.coordinator()):
        heard = await phone.says(said)
        assert heard
        assert not any("went wrong" in message.text for message in heard)
        assert (await phone.says("/start"))[-1].buttons
