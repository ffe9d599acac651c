"""Relatives: what they are told, and who else may follow."""

from __future__ import annotations

from models.people import Role
from models.seniors import Kinship, Senior
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import has_registered
from tests.house import House, Phone
from tests.played import played_once


@played_once
async def accepted(house: House) -> tuple[Phone, Phone, Senior]:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await has_registered(mei)
    await chen.taps("Accept")
    return chen, mei, await Senior.get()


@ONE_ENGINE
async def test_a_relative_chooses_what_to_be_told_and_changes_it(house: House) -> None:
    _chen, mei, senior = await accepted(house)
    await mei.walks(("Tell me each day", "each day when Grandma Wang has had lunch"))
    assert (await Kinship.between(senior.id, await mei.person())).tell_served
    await mei.walks(("Only when something is wrong", "only when something is wrong"))
    kin = await Kinship.between(senior.id, await mei.person())
    assert not kin.tell_served
    assert kin.tell_problems
    await mei.says("/status")
    news = await mei.taps("What I want to be told")
    assert "only when something is wrong" in news[0].text
    assert "Tell me each day" in news[0].buttons


@ONE_ENGINE
async def test_pressed_twice_it_says_the_same_twice(house: House) -> None:
    _chen, mei, senior = await accepted(house)
    first = (await mei.presses(f"tell:{senior.id}:1"))[-1].text
    assert (await mei.presses(f"tell:{senior.id}:1"))[-1].text == first


@ONE_ENGINE
async def test_a_second_relative_comes_by_the_link(house: House) -> None:
    _chen, mei, senior = await accepted(house)
    await mei.taps("Invite a relative")
    assert "It works once, for 14 days" in mei.last.text
    code = mei.last.text.partition("start=")[2].split()[0]
    bo = house.stranger("Bo")
    await bo.walks(
        (f"/start {code}", "What is your name?"),
        ("Bo", "On which phone number"),
        ("138 0000 1111", "Welcome, Bo"),
    )
    assert Role.FAMILY in await (await bo.person()).roles()
    assert await Senior.followed_by(await bo.person()) == [senior]


@ONE_ENGINE
async def test_strangers_to_a_senior_press_in_vain(house: House) -> None:
    chen, _mei, senior = await accepted(house)
    other = await house.family("Bo")
    asked_by = (await chen.person()).id
    for data in (f"told:{senior.id}", f"tell:{senior.id}:1", f"kin_invite:{senior.id}",
                 f"kin_answer:{senior.id}:{asked_by}"):  # fmt: skip
        news = await other.presses(data)
        assert "not open to you" in news[0].text
        assert "Wang" not in news[0].text
    news = await other.presses(f"kin_invite:{senior.id + 100}")
    assert "not open to you" in news[0].text, "who does not exist is refused as who does"


@ONE_ENGINE
async def test_whoever_follows_nobody_can_still_leave_a_number(house: House) -> None:
    await house.canteen()
    wu = house.stranger()
    await wu.says("hello")
    await wu.presses("my_phone")
    await wu.walks(("Wu", "On which phone number"), ("138 0000 1111", "We will call you"))
    assert (await wu.person()).phone == "+8613800001111"
