"""Relatives: who may know what, two clocks, and a stranger who learns nothing."""

from __future__ import annotations

from models.audit import AuditEvent
from models.care import Care
from models.cases import CaseKind
from models.kin import Kinship, Scope
from models.seniors import Senior
from models.wellbeing import WellBeing
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.house import House, Phone

__all__ = ["scene"]


async def allowed(scene: Scene, what: str, by: str = "Sun A-yi said so personally") -> None:
    """Let the coordinator say what Mei may know."""
    chen = scene.chen
    await chen.presses(f"relatives:{scene.seniors[1].id}")
    await chen.taps("Change Mei")
    await chen.taps("May know something else")
    await chen.walks((what, "By whose word?"), (by, f"Mei may know: {what}"))


async def test_each_relative_hears_what_they_may_know(scene: Scene) -> None:
    lin, mei, chen = scene.lin, scene.mei, scene.chen
    await Care.create(canteen_id=scene.canteen.id, wellbeing=True)
    await allowed(scene, "Nothing by message")
    kin = await Kinship.get(senior_id=scene.seniors[1].id)
    assert kin.scope == 0
    audit = await AuditEvent.filter(act="kin.scope").get()
    assert audit.about.endswith("0, own yes")
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"), ("✓ Handed over", "Door 3"))
    await lin.taps("🙂")
    assert not any("handed over" in message.text for message in mei.heard)
    assert "not told by message" in (await mei.says("did mum eat?"))[-1].text

    await allowed(scene, "How lunch stands")
    told = (await mei.says("did mum eat?"))[-1].text
    assert "handed over in person on Tue 24 Nov, 09:45" in told
    assert "seemed" not in told
    meal = await scene.meal(1)
    await lin.presses(f"at_door:{meal.id}:no_answer")
    await settled(scene)
    assert not any("is safe" in message.text for message in mei.heard), "not of problems"

    await allowed(scene, "Everything, also what concerns the health", by="I decide it as coordinator")
    assert (await Kinship.get(id=kin.id)).may(Scope.HEALTH)
    assert await WellBeing.of_meal(meal.id) == 3
    await lin.presses(f"at_door:{meal.id}:handed_over")
    assert "At the door Sun A-yi seemed well." in (await mei.says("/status"))[-1].text
    await lin.presses(f"different:{meal.id}")
    await lin.walks(("Mood", "has it now"))
    mei.reads()
    await chen.taps("It is settled")
    await chen.walks(
        ("Looked into", "Anything to note"), ("No", "Shall those of the family hear of it"),
        ("We had tea with her.", "gets a message from me"),
    )  # fmt: skip
    (said,) = mei.reads()
    assert "We had tea with her." in said.text


async def settled(scene: Scene) -> None:
    """Let Ms Chen close the shut door: she has spoken to Sun A-yi."""
    await scene.chen.taps("✓ Sun A-yi reached")
    await scene.chen.taps("It is settled")
    await scene.chen.walks(("Safe, was out", "Anything to note"), ("No", "on record"))


async def test_the_coordinator_keeps_the_list_and_the_order_of_calls(scene: Scene) -> None:
    house, chen, mei = scene.house, scene.chen, scene.mei
    sun = scene.seniors[1]
    neighbour = await Kinship.note(
        sun.id, "Old Gao", "+8613900000001", "neighbour", language="en", now=house.now
    )
    niece = await Kinship.note(sun.id, "Niece", "+8613900000002", "niece", language="en", now=house.now)
    await chen.presses(f"senior:{sun.id}")
    await chen.taps("Family and friends")
    assert chen.last.text.index("Old Gao (neighbour)") < chen.last.text.index("Niece (niece)")
    assert "May know: How lunch stands, and when something was wrong at the door" in chen.last.text
    await chen.taps("Change Niece")
    await chen.taps("Call first")
    assert chen.last.text.index("Niece (niece)") < chen.last.text.index("Old Gao (neighbour)")
    assert [kin.id for kin in await Kinship.to_call(sun)] == [niece.id, neighbour.id]
    await chen.taps("Change Mei")
    await chen.walks(("No longer family or friend", "hear nothing more about"), ("No, leave it", "Mei"))
    await chen.taps("Change Mei")
    await chen.walks(("No longer family or friend", "hear nothing more about"), ("Yes", "Old Gao"))
    assert "Mei" not in chen.last.text
    assert not any("Sun" in message.text for message in await mei.says("/status"))
    gone = await Kinship.get(person_id=(await mei.person()).id)
    assert "no longer there" in (await chen.presses(f"relative:{gone.id}"))[-1].text.lower()


@ONE_ENGINE
async def test_far_away_both_clocks_are_told(scene: Scene) -> None:
    house, lin, mei = scene.house, scene.lin, scene.mei
    await mei.says("/status")
    await mei.taps("What I want to be told")
    await mei.walks(
        ("My clock is another one", "In which city are you?"), ("Nowhere", "don't know that place")
    )
    await mei.walks(("New York", "Where you are it is 20:45 now"))
    soon = (await mei.says("did mum eat?"))[-1].text
    assert "leave the canteen on Tue 24 Nov, 10:00." in soon
    assert "Where you are, that will be on Mon 23 Nov at 21:00." in soon
    await mei.walks(("/skip", "Which day"), ("today", "the kitchen cooks for Tue 24 Nov"))
    assert "Since 08:00" in mei.last.text
    assert "Where you are, that was on Mon 23 Nov at 19:00." in mei.last.text
    await mei.walks(("/skip", "Which day"), ("On Wed 25 Nov", "no lunch on Wed 25 Nov"))
    kept = (await mei.taps("Yes, no lunch that day"))[-1].text
    assert "until Tue 24 Nov, 16:00.\nWhere you are, that will be on Tue 24 Nov at 03:00." in kept
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"), ("✓ Handed over", "Door 3"))
    told = (await mei.says("did mum eat?"))[-1].text
    assert "handed over in person on Tue 24 Nov, 09:45" in told
    assert "Where you are, that was on Mon 23 Nov at 20:45." in told
    # At home it is a quarter to nine in the evening: the daily message still comes today.
    daily = [message.text for message in mei.heard if "handed over" in message.text]
    assert all("Mon 23 Nov at 20:45" in text for text in daily)
    await house.at("2026-11-24 21:05")
    await mei.taps("What I want to be told")
    await mei.walks(
        ("My clock is another one", "In which city"),
        ("The same clock as the canteen", "canteen's clock only"),
    )
    assert "Where you are" not in (await mei.says("/status"))[-1].text


@ONE_ENGINE
async def test_a_stranger_learns_not_even_that_somebody_exists(scene: Scene) -> None:
    house = scene.house
    gao = await house.family("Gao")
    known, never = scene.seniors[1].id, 999999
    for button in ("status", "told", "kin_invite"):
        heard = [(await gao.presses(f"{button}:{senior}"))[-1].text for senior in (known, never)]
        assert heard[0] == heard[1], button
        assert not any("Sun" in text for text in heard)
    for words in ("did Sun A-yi eat?", "/status Sun A-yi", "/status A2"):
        assert not any("Sun" in message.text for message in await gao.says(words))


@ONE_ENGINE
async def test_of_a_wrong_meal_only_those_near_hear_and_in_the_coordinators_words(scene: Scene) -> None:
    lin, mei, chen = scene.lin, scene.mei, scene.chen
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    await lin.taps("Something is different")
    await lin.walks(("The wrong meal", "Please stop"))
    await lin.taps("No, nothing")
    await chen.taps("It is settled")
    await chen.walks(("Looked into", "Anything to note"), ("No", "on record"))
    assert not any("wrong" in message.text or CaseKind.WRONG_MEAL in message.text for message in mei.heard)


async def link_of(phone: Phone, senior: Senior) -> str:
    """Let somebody ask for the link with which one more relative can follow."""
    await phone.presses(f"kin_invite:{senior.id}")
    return phone.last.text.partition("start=")[2].split()[0]


async def follows(house: House, name: str, code: str) -> Phone:
    """Let somebody new come by such a link."""
    phone = house.stranger(name)
    await phone.walks(
        (f"/start {code}", "What is your name?"), (name, "phone number"), ("138 0000 1111", "Welcome")
    )
    return phone


async def test_a_link_gives_no_more_than_its_maker_may_know_and_the_coordinators_hear_of_it(
    scene: Scene,
) -> None:
    house, chen, mei, sun = scene.house, scene.chen, scene.mei, scene.seniors[1]
    early, unused = await link_of(mei, sun), await link_of(mei, sun)
    assert "You made this invitation yourself" in (await mei.says(f"/start {early}"))[-1].text
    await allowed(scene, "How lunch stands")
    for code in (early, unused):
        assert "does not work any more" in (await house.stranger("Wu").says(f"/start {code}"))[-1].text

    bo = await follows(house, "Bo", await link_of(mei, sun))
    kin = await Kinship.get(person_id=(await bo.person()).id)
    assert kin.held is Scope.STATUS, "no more than Mei"
    for coordinator in (chen, scene.wu):
        told = [
            each.text for each in coordinator.heard if f"Bo follows Sun A-yi ({sun.short_id})" in each.text
        ]
        assert ["with a link from Mei" in text for text in told] == [True]
    await chen.taps("May know something else")
    await chen.walks(("Nothing by message", "By whose word?"), ("I decide it as coordinator", "Bo may know"))

    await bo.presses(f"kin_invite:{sun.id}")
    assert "nothing by message. Please call us" in bo.last.text
    await chen.presses(f"kin_end:{kin.id}")
    await chen.taps("Yes")
    again = await link_of(mei, sun)
    await bo.says(f"/start {again}")
    if "name" in bo.last.text:
        await bo.walks(("Bo", "phone number"), ("138 0000 1111", "Welcome"))
    assert "Not everything about Sun A-yi is told by message" in bo.last.text
    assert (await Kinship.get(id=kin.id)).held is Scope(0), "what was set stays"
    assert sum("Bo follows" in each.text for each in chen.heard) == 2

    last = await link_of(mei, sun)
    await chen.presses(f"kin_end:{(await Kinship.get(person_id=(await mei.person()).id)).id}")
    await chen.taps("Yes")
    assert "does not work any more" in (await house.stranger("Li").says(f"/start {last}"))[-1].text
    assert await Kinship.filter(linked=True, ended_at=None, scope__gt=0).count() == 0


@ONE_ENGINE
async def test_a_coordinator_who_lets_somebody_in_again_sees_what_they_may_know(scene: Scene) -> None:
    chen, mei, sun = scene.chen, scene.mei, scene.seniors[1]
    await allowed(scene, "Nothing by message")
    kin = await Kinship.get(person_id=(await mei.person()).id)
    await chen.presses(f"kin_end:{kin.id}")
    await chen.taps("Yes")
    await Kinship.ask(sun.id, await mei.person(), scene.house.now)
    await chen.presses(f"kin_yes:{sun.id}:{kin.person_id}")
    assert "May know: Nothing by message" in chen.last.text
    assert "Not everything about Sun A-yi is told by message" in mei.last.text
    await chen.taps("May know something else")
    await chen.walks(("How lunch stands", "By whose word?"), ("I decide it as coordinator", "Mei may know"))
