"""Somebody is asked to cook, comes in by the link, and knows what to cook the same afternoon."""

from __future__ import annotations

import pytest

from models.people import Membership, Role
from models.seniors import Diet
from tests.fixtures_database import ONE_ENGINE
from tests.house import House
from tests.models.making import LONG_AGO, NOW, a_senior

# whom, letter, name, phone, welcome, today, count, care, listed
SCENES = {
    "en-GB": (
        "A cook", "Please cook for older people with Ping'an Lane", "name", "On which phone number",
        "Welcome, Sun Da. You are in the kitchen of Ping'an Lane now.", "How many lunches today",
        "Kitchen for Tue 24 Nov: 2 lunches", "A1: no peanuts", "Kitchen: Sun Da, +8613912345678",
    ),
    "zh-TW": (
        "一位廚房師傅", "請到Ping'an Lane的廚房，為長輩做飯", "請問您怎麼稱呼", "電話",
        "歡迎您，Sun Da。您現在是Ping'an Lane廚房的一員了。",
        "今天的份數", "11月24日 週二廚房：2份午餐", "A1：不放花生", "廚房：Sun Da，+8613912345678",
    ),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("tag", SCENES)
async def test_a_cook_comes_in_by_invitation_and_gets_the_count(house: House, tag: str) -> None:
    whom, letter, name, phone, welcome, today, count, care, listed = SCENES[tag]
    canteen = await house.canteen()
    allergic = await a_senior(canteen, name="Wang Guilan", short_id="A1")
    await Diet.create(senior_id=allergic.id, since=LONG_AGO, labels=[], allergies=["peanuts"], created_at=NOW)
    await a_senior(canteen, name="Li Ming", short_id="A2")
    chen = await house.coordinator(language=tag)
    await chen.says("/invite")
    _note, forwarded = await chen.taps(whom)
    assert letter in forwarded.text
    code = forwarded.text.split("/start ")[1].split()[0]
    sun = house.stranger("Sun", tag)
    await sun.walks((f"/start {code}", name), ("Sun Da", phone), ("13912345678", welcome))
    assert await (await sun.person()).roles() == {Role.KITCHEN}
    assert {"kitchen", "menu", "signin"} <= set(sun.menu)
    assert not {"shifts", "round", "people"} & set(sun.menu)
    assert any(count in message.text for message in await sun.taps(today))
    sun.reads()
    await house.at("2026-11-23 16:00")
    (list_,) = sun.reads()
    assert count in list_.text
    assert care in list_.text
    assert "Wang" not in list_.text
    assert any(listed in message.text for message in await chen.says("/people"))


@ONE_ENGINE
async def test_who_cooks_for_one_canteen_and_coordinates_another_says_which_is_meant(house: House) -> None:
    north = await house.canteen("North")
    sun = await house.member("Sun", Role.KITCHEN, canteen=north)
    south = await house.canteen("South")
    await Membership.grant(await sun.person(), south.id, Role.COORDINATOR, by=None, now=house.now)
    for command in ("/kitchen", "/signin"):
        (question,) = await sun.says(command)
        assert (question.text, question.buttons[:2]) == ("Which canteen is it about?", ["North", "South"])
        await sun.says("/cancel")
