"""Who has the lunch: the neighbour by name, in one tap where it is known, and never in the way."""

from __future__ import annotations

from models.cases import Case, CaseEvent
from models.kin import Kinship, Scope
from models.meals import MealEvent, MealState
from tests.handlers.test_rounds import Scene, scene

__all__ = ["scene"]
ASKED = "Who has Sun A-yi's lunch now?"


async def left(scene: Scene) -> None:
    """Hand over the first lunch, and leave that of Sun A-yi with the neighbour."""
    await scene.lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    await scene.lin.taps("Something else happened")
    await scene.lin.taps("Left with the neighbour")


async def test_the_neighbour_on_the_card_is_one_tap_and_all_who_may_hear_the_name(scene: Scene) -> None:
    house, lin, chen, mei = scene.house, scene.lin, scene.chen, scene.mei
    sun = scene.seniors[1]
    for name, relation in (("Ms Li", "Next door"), ("Mr Gao", "son"), ("老周", "对门邻居")):
        await Kinship.note(sun.id, name, "+8613900000077", relation, language="en", now=house.now)
    await left(scene)
    # The outcome is kept by the tap before; the round goes on, whether somebody names them or not.
    assert await scene.state(1) is MealState.NEIGHBOUR
    assert ASKED in lin.last.text
    assert "Door 3 of 3" in lin.last.text
    assert {"It is with Ms Li", "It is with 老周", "Somebody else: write the name"} <= set(lin.last.buttons)
    assert "It is with Mr Gao" not in lin.last.buttons, "he is no neighbour"
    assert "+86139" not in lin.last.text
    assert "was left with a neighbour on" in mei.last.text
    tap = dict(lin.last.keys)["It is with Ms Li"]
    before = len(mei.heard)
    for _press in range(2):
        await lin.presses(tap)
    assert "Sun A-yi: Left with Ms Li. Thank you." in lin.last.text
    assert ASKED not in lin.last.text
    assert [message.text.splitlines()[0] for message in mei.heard[before:]] == ["Ms Li has Sun A-yi's lunch."]
    assert "lunch was left with Ms Li on Tue 24 Nov" in (await mei.says("/status"))[-1].text
    assert "Sun A-yi's lunch is with Ms Li." in (await chen.says("/today"))[-1].text
    # Whom the senior does not let know how lunch stands hears no name either.
    await Kinship.filter(linked=True).update(scope=int(Scope.NOTICES))
    assert "Ms Li" not in (await mei.says("/status"))[-1].text
    # No number of a relative who is no neighbour can be had by making up a button; nor by somebody else.
    son = next(kin for kin in await Kinship.of(sun) if kin.person.name == "Mr Gao")
    meal, word = await scene.meal(1), await MealEvent.get(state=MealState.NEIGHBOUR)
    forged = f"with_kin:{meal.id}:{word.id}:{son.id}"
    assert "no longer there" in (await lin.presses(forged))[-1].text.lower()
    gao = await house.volunteer("Gao")
    assert "not yours just now" in (await gao.presses(tap))[-1].text
    await lin.presses(f"at_door:{meal.id}:no_answer")
    await lin.taps("Undo: Sun A-yi")
    await lin.presses(f"undo:{meal.id}:{word.id}")
    assert "no longer there" in (await lin.presses(tap))[-1].text.lower()


async def test_another_name_is_written_once_and_offered_the_next_time(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    meal = await scene.meal(1)
    await left(scene)
    assert [button for button in lin.last.buttons if "It is with" in button] == []
    word = await MealEvent.get(state=MealState.NEIGHBOUR)
    await lin.presses(f"at_door:{meal.id}:no_answer")
    await lin.presses(f"at_door:{meal.id}:left_with_neighbour")
    assert (await Case.get()).rested_at is None, "nobody was seen"
    await lin.taps("Somebody else: write the name")
    await lin.walks(("Xiao Zhou, 302", "Sun A-yi: Left with Xiao Zhou, 302. Thank you."))
    note = await CaseEvent.get(kind="left with")
    assert note.note == "Xiao Zhou, 302"
    await chen.says("/cases")
    await chen.taps("Show Sun A-yi")
    assert "Lin left the lunch with Xiao Zhou, 302." in chen.last.text
    # The one named last is offered at the next lunch that is left there; the word of before is another.
    assert (await MealEvent.get(id=word.id)).neighbour is None
    await lin.presses(f"at_door:{meal.id}:refused")
    await lin.presses(f"at_door:{meal.id}:left_with_neighbour")
    await lin.taps("It is with Xiao Zhou, 302")
    assert await MealEvent.filter(neighbour__not_isnull=True).count() == 2
    # With the round the name goes from the volunteer's card.
    await house.at("2026-11-24 14:01")
    assert not any("Left with Xiao Zhou" in message.text for message in lin.heard)
