"""On the way the rest of a round goes over to somebody else, once they have said yes."""

from __future__ import annotations

import pytest

from models.handover import Handover
from models.hours import HoursEntry
from models.meals import Meal
from models.seniors import Kinship, Senior
from models.shifts import Claim, Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_presence import Scene, scene
from tests.house import Phone
from tests.models.making import TUESDAY

__all__ = ["scene"]


async def under_way(scene: Scene) -> Phone:
    """Let Gao hand over one of four doors, and want to hand over the rest."""
    gao = scene.gao
    await scene.house.at("2026-11-24 10:00")
    await gao.says("/round")
    await gao.taps("✓ Handed over")
    await gao.taps("Something else happened")
    await gao.taps("Hand over what is left")
    return gao


async def test_half_of_what_is_left_goes_to_another_round(scene: Scene) -> None:
    before = await scene.sheets()
    gao = await under_way(scene)
    assert gao.last.text.splitlines()[0] == "3 doors are left. Who shall take over?"
    assert gao.last.buttons == [
        "All to Li", "Half to Li", "All to Ms Chen", "All to Mr Wu", "Back to the round",
    ]  # fmt: skip
    await gao.taps("Half to Li")
    assert "I have asked Li" in gao.last.text
    assert scene.li.last.text.splitlines() == [
        "Gao asks you to take over 1 door of Route 1.",
        "You see the doors when you say yes.",
    ]
    assert await scene.sheets() == before
    await scene.li.taps("Yes, I take them")
    after = await scene.sheets()
    assert after == {"Route 1": before["Route 1"][:3], "Route 2": before["Route 2"] + before["Route 1"][3:]}
    assert "Li has taken over 1 door." in gao.last.text
    assert "Door 2 of 3" in (await gao.says("/round"))[-1].text
    assert "of 5" in (await scene.li.says("/round"))[-1].text
    handover = await Handover.get()
    assert "nothing left to take over" in (await scene.li.presses(f"hand_yes:{handover.id}"))[-1].text


@ONE_ENGINE
async def test_all_that_is_left_goes_to_another_round_and_the_minutes_count(scene: Scene) -> None:
    gao = await under_way(scene)
    await gao.taps("All to Li")
    await scene.house.at("2026-11-24 10:30")
    await scene.li.taps("Yes, I take them")
    assert not any("Route 1 Lane" in message.text for message in gao.heard)
    assert (await HoursEntry.get()).minutes == 30
    assert (await Shift.get(id=scene.one.id)).state is ShiftState.FINISHED
    assert [len(doors) for doors in (await scene.sheets()).values()] == [1, 7]


async def test_whoever_is_on_duty_carries_the_round_on(scene: Scene) -> None:
    gao = await under_way(scene)
    await gao.taps("All to Ms Chen")
    await scene.house.at("2026-11-24 10:30")
    await scene.chen.taps("Yes, I take them")
    assert "3 doors are yours now" in scene.chen.last.text
    assert not any("Route 1 Lane" in message.text for message in gao.heard)
    assert "Lane" not in (await gao.says("/round"))[-1].text
    await scene.chen.says("/round")
    assert "Door 2 of 4" in scene.chen.last.text
    await scene.house.at("2026-11-24 11:00")
    for _door in range(3):
        await scene.chen.taps("✓ Handed over")
    minutes = {entry.person_id: entry.minutes for entry in await HoursEntry.all()}
    assert minutes == {(await gao.person()).id: 30, (await scene.chen.person()).id: 30}
    assert (await Shift.get(id=scene.one.id)).taken == 1


async def test_a_no_leaves_the_doors_where_they_are(scene: Scene) -> None:
    gao = await under_way(scene)
    await gao.taps("All to Li")
    await scene.li.taps("I can't")
    assert "Li can't take the doors over" in gao.last.text
    assert "3 doors are left" in (await gao.taps("Ask somebody else"))[-1].text
    handover = await Handover.get()
    assert "not yours" in (await scene.chen.presses(f"hand_yes:{handover.id}"))[-1].text
    assert "no longer there" in (await scene.chen.presses("hand_no:4711"))[-1].text
    assert (
        "This round is not yours just now" in (await scene.chen.presses(f"hand_over:{scene.one.id}"))[-1].text
    )
    claim = await Claim.get(person_id=(await gao.person()).id)
    assert (claim.left_at, claim.finished_at) == (None, None)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "asks", "yes", "mine"),
    [
        ("zh_Hans", "Gao想请您接着送Route 1的3户。", "好，我来送", "这3户现在归您送"),
        ("zh_Hant", "Gao想請您接著送Route 1的3戶。", "好，我來送", "這3戶現在由您送"),
        ("es", "Gao le pide que siga con 3 casas de Route 1.", "Sí, las llevo yo", "3 casas son suyas"),
    ],
)
async def test_taking_over_in_the_language_of_whoever_does(
    scene: Scene, language: str, asks: str, yes: str, mine: str
) -> None:
    gao = await under_way(scene)
    await (await scene.li.person()).speak(language)
    await gao.taps("All to Li")
    assert asks in scene.li.last.text
    await scene.li.taps(yes)
    assert any(mine in message.text for message in scene.li.heard)


@ONE_ENGINE
async def test_doors_that_went_to_another_round_are_gone_from_every_message(scene: Scene) -> None:
    gao = await under_way(scene)
    fourth = await Meal.get(route_id=scene.one.route_id, position=4, day=TUESDAY)
    news = await gao.presses(f"door:{scene.one.id}:{fourth.id}")
    assert "Route 1 Lane 4" in news[-1].text
    await gao.says("/round")
    await gao.presses(f"hand_half:{scene.one.id}:{(await scene.li.person()).id}")
    await scene.li.taps("Yes, I take them")
    assert not any("Route 1 Lane 4" in message.text for message in gao.heard)
    assert "Door 2 of 3" in (await gao.says("/round"))[-1].text
    await scene.house.at("2026-11-24 14:00")
    assert not any("Route 1 Lane" in message.text for message in gao.heard)


@ONE_ENGINE
async def test_the_card_of_a_shut_door_goes_with_its_door(scene: Scene) -> None:
    gao = await under_way(scene)
    await gao.says("/round")
    await gao.taps("✗ No answer")
    shown = [message for message in gao.heard if "look through the window" in message.text]
    assert shown
    second = await Meal.get(route_id=scene.one.route_id, position=2, day=TUESDAY)
    await gao.taps("Undo: " + (await Senior.get(id=second.senior_id)).display)
    mei = await scene.house.family("Mei")
    await Kinship.create(
        senior_id=second.senior_id, person_id=(await mei.person()).id, linked=True, since=scene.house.now
    )
    mei.reads()
    await scene.house.at("2026-11-24 10:50")
    await gao.presses(f"hand_all:{scene.one.id}:{(await scene.li.person()).id}")
    await scene.li.taps("Yes, I take them")
    assert (await Meal.get(id=second.id)).route_id == scene.two.route_id
    # It is reached at the end of the other round: who follows that senior hears about when.
    assert [message.text.split(" comes ")[-1].splitlines()[0] for message in mei.reads()] == [
        "a little later today, at about 12:30."
    ]
    assert {message.text for message in shown} == {
        "This round is over, so the addresses are gone from here. Thank you."
    }
