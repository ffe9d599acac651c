"""Not met at the door, at the table or by telephone: one worry a day, with one ladder and one end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.database import transaction
from models.caselog import CaseEvent
from models.cases import Case, CaseKind
from models.seniors import Senior
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.house import Phone
from tests.models.making import TUESDAY

__all__ = ["scene"]


async def calls_begin(scene: Scene, tries: int) -> None:
    """Let all live alone and have a number, and begin the calls of Tuesday."""
    for place, senior in enumerate(scene.seniors):
        await Senior.filter(id=senior.id).update(alone=True)
        senior.phone = f"+86215555000{place}"
        await senior.save(update_fields=["phone"])
    await scene.chen.presses(f"set_calls:{scene.canteen.id}:tries")
    await scene.chen.says(str(tries))
    await scene.chen.taps("From now on")
    await scene.chen.says("/calls")
    await scene.chen.taps("Begin the calls of today")


async def has_in_hand(phone: Phone, scene: Scene, name: str) -> None:
    """Go through the calls until somebody has this senior in hand; the others are put back."""
    await phone.presses(f"call_next:{scene.canteen.id}")
    while f"{name} (" not in phone.last.text:
        await phone.taps("Reached, all is well")


def heard(phone: Phone, words: str) -> bool:
    return any(words in message.text for message in phone.reads())


@ONE_ENGINE
async def test_who_is_called_in_vain_and_then_not_met_at_the_door_is_one_case(scene: Scene) -> None:
    house, chen, wu, lin = scene.house, scene.chen, scene.wu, scene.lin
    await calls_begin(scene, tries=1)
    await wu.presses(f"call_next:{scene.canteen.id}")
    for _senior in range(2):
        await wu.taps("No answer, later")
    wang, sun = [await Case.get(senior_id=senior.id) for senior in scene.seniors[:2]]
    assert {wang.kind, sun.kind} == {CaseKind.UNREACHED}
    # It is amber until all numbers are to be called, ten minutes later; then it can't wait.
    await house.at("2026-11-24 09:54")
    assert not (await Case.get(id=sun.id)).red
    await house.at("2026-11-24 09:55")
    (card,) = [one.text for one in chen.reads() if "Please phone now" in one.text and "Sun A-yi" in one.text]
    assert "🔴 Sun A-yi" in card
    await chen.presses(f"take:{sun.id}")
    # Wang Guilan opens the door to her lunch: nobody needs to look for her any more.
    await house.at("2026-11-24 10:25")
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    assert (await Case.get(id=wang.id)).rested_at == house.now
    assert heard(chen, "Lin says that Wang Guilan was met after all.")
    # At Sun A-yi's nobody opens either: the same case is about a shut door from now on.
    await lin.taps("✗ No answer")
    (case,) = await Case.filter(senior_id=sun.senior_id)
    assert (case.id, case.kind, case.began_at) == (sun.id, CaseKind.NO_ANSWER, house.now)
    assert case.red, "what was red is not amber again"
    assert heard(lin, "Back window; the niece has a key")
    assert "Nobody answers at Sun A-yi's" in chen.last.text
    assert "nobody answers at the door either, told by Lin" in chen.last.text
    await house.at("2026-11-24 10:40")
    assert heard(lin, "Ms Chen looks after Sun A-yi now. You may go on with your round")
    # Two hours after the call in vain a second coordinator is asked, not two hours after the door.
    assert not heard(wu, "Shall the police be called")
    await house.at("2026-11-24 11:45")
    assert heard(wu, "Shall the police be called")
    await chen.presses(f"settle:{case.id}")
    await chen.walks(("Safe, was out", "With whom"), ("With the family", "Anything"), ("No", "on record"))
    assert heard(lin, "Sun A-yi is safe. Thank you for telling us.")
    assert heard(wu, f"You called {scene.seniors[1].short_id} on Tue 24 Nov in vain: all is well.")


@ONE_ENGINE
async def test_who_was_called_in_vain_and_does_not_want_lunch_at_the_door_was_met(scene: Scene) -> None:
    chen, wu, lin = scene.chen, scene.wu, scene.lin
    await calls_begin(scene, tries=1)
    await has_in_hand(wu, scene, "Wang Guilan")
    await wu.taps("No answer, later")
    case = await Case.get(kind=CaseKind.UNREACHED)
    await lin.walks(("/round", "Door 1"), ("Something else happened", "Door 1"))
    await lin.taps("Bringing it back")
    assert (await Case.get(id=case.id)).climbs, "a lunch that is brought back has met nobody yet"
    await lin.taps("Met Wang Guilan")
    assert (await Case.get(id=case.id)).rested_at == scene.house.now
    assert "Lin says that Wang Guilan was met after all." in chen.last.text


@ONE_ENGINE
async def test_who_does_not_open_and_is_reached_by_telephone_is_looked_for_no_longer(scene: Scene) -> None:
    house, chen, wu, lin = scene.house, scene.chen, scene.wu, scene.lin
    await calls_begin(scene, tries=3)
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"), ("✗ No answer", "Nobody answers"))
    case = await Case.get(kind=CaseKind.NO_ANSWER)
    await house.at("2026-11-24 09:47")
    await has_in_hand(wu, scene, "Sun A-yi")
    lin.reads()
    await wu.taps("Reached, all is well")
    assert (await Case.get(id=case.id)).rested_at == house.now
    assert (await Case.get(id=case.id)).closed_at is None, "only a person closes it"
    assert "Mr Wu has reached Sun A-yi by telephone." in chen.last.text
    (plan,) = [message for message in lin.reads() if "Please knock once more." in message.text]
    assert "you may go on with your round" in plan.text
    assert plan.buttons == ["I can see someone down", "The door opened: handed over"]
    await house.at("2026-11-24 09:52")
    assert not heard(lin, "Still nobody at Sun A-yi's")
    # It was another Sun: the ladder begins again, and so does the plan at the door.
    await wu.taps("Undo: Sun A-yi")
    assert (await Case.get(id=case.id)).climbs
    assert heard(lin, "Back window; the niece has a key")
    # She is reached, and something is different: the coordinator knows both, and Lin stays at the door.
    for button in ("Reached, something is different", "Health", "It can't wait"):
        await wu.taps(button)
    assert await Case.filter(kind=CaseKind.CONCERN, urgent=True).count() == 1
    assert (await Case.get(id=case.id)).climbs
    (plan,) = [message for message in lin.reads() if "Please knock once more." in message.text]
    assert "you may go on" not in plan.text
    await house.at("2026-11-24 09:58")
    assert heard(lin, "Still nobody at Sun A-yi's")
    # Of Zhao, who was called in vain and opens to nobody, the end of the calls makes no second case.
    await wu.presses(f"call_next:{scene.canteen.id}")
    await wu.taps("No answer, later")
    await lin.says("/round")
    await lin.taps("✗ No answer")
    zhao = await Case.get(senior_id=scene.seniors[2].id)
    chen.reads()
    await house.at("2026-11-24 19:00")
    assert (await Case.get(senior_id=scene.seniors[2].id)).began_at == zhao.began_at
    await chen.presses(f"case:{zhao.id}")
    assert "19:00: no call has reached Old Mr Zhao." in chen.last.text


async def test_several_processes_see_the_same_senior_missing_and_open_one_case(scene: Scene) -> None:
    now, senior, meal = scene.house.now, scene.seniors[0], await scene.meal(0)
    lin = await scene.lin.person()

    async def misses(kind: CaseKind) -> None:
        async with transaction():
            await Case.open(kind, senior, TUESDAY, meal, lin, None, now)

    kinds = [CaseKind.UNREACHED, CaseKind.NO_ANSWER, CaseKind.EMPTY_PLACE] * 3
    await asyncio.gather(*(misses(kind) for kind in kinds))
    case = await Case.get(senior_id=senior.id)
    assert case.kind is CaseKind.NO_ANSWER, "what was seen at the door leads"
    assert await CaseEvent.filter(case_id=case.id).count() == len(kinds)
    assert case.began_at == now
    # A call in vain takes nothing from the door; once somebody was met, it begins anew as what was seen last.
    later = now + timedelta(hours=3)
    async with transaction():
        again = await Case.open(CaseKind.UNREACHED, senior, TUESDAY, None, lin, None, later)
        assert again.kind is CaseKind.NO_ANSWER, "the door goes on to lead"
        await again.rest("opened after all", lin, later)
        again = await Case.open(CaseKind.UNREACHED, senior, TUESDAY, None, None, None, later)
    assert (again.id, again.kind, again.climbs, again.began_at) == (case.id, CaseKind.UNREACHED, True, later)
