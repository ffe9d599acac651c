"""What a door's words leave open, in each of the four languages: met or not, with whom, and taken back."""

from __future__ import annotations

import pytest

from models.kin import Kinship
from models.meals import MealEvent, MealState
from models.people import Person
from tests.handlers.test_rounds import Scene, scene

__all__ = ["scene"]

# the kin's relation · met?, [yes], [no], its count, nobody answers · who has it?, [Li], [other], which name?,
# left with · the family: told, status · the card of the day · the case
SAID = {
    "en": (
        "next-door neighbour", "Did you meet Sun A-yi?", "Met Sun A-yi", "Nobody answered: Sun A-yi",
        "❗ 1 brought back, and nobody has said whether they met somebody", "Nobody answers at Sun A-yi's",
        "Who has Sun A-yi's lunch now?", "It is with Li", "Somebody else: write the name",
        "Who has the lunch? Please write the name.", "Sun A-yi: Left with Zhou. Thank you.",
        "Zhou has Sun A-yi's lunch.", "Sun A-yi's lunch was left with Zhou on Tue 24 Nov",
        "Sun A-yi's lunch is with Zhou.", "Lin left the lunch with Zhou.",
    ),
    "zh_Hans": (
        "邻居", "您见到Sun A-yi了吗？", "见到Sun A-yi了", "Sun A-yi家没人应",
        "❗ 1份带了回来，还没人说有没有见到老人", "Sun A-yi家没人应",
        "Sun A-yi的午饭是谁代收的？", "是Li代收的", "是别人：写名字",
        "午饭是谁代收的？请写下名字。", "Sun A-yi：Zhou代收。谢谢您。",
        "Sun A-yi的午饭在Zhou那里。", "由Zhou代收。我们没有当面见到Sun A-yi。",
        "Sun A-yi的午饭由Zhou代收。", "Lin把午饭交给Zhou代收了。",
    ),
    "zh_Hant": (
        "對門鄰居", "您見到Sun A-yi了嗎？", "見到Sun A-yi了", "Sun A-yi家無人應門",
        "❗ 1份帶了回來，還沒人說有沒有見到長輩", "Sun A-yi家無人應門",
        "Sun A-yi的午餐是誰代收的？", "是Li代收的", "是別人：寫名字",
        "午餐是誰代收的？請寫下名字。", "Sun A-yi：Zhou代收。謝謝您。",
        "Sun A-yi的午餐在Zhou那裡。", "由Zhou代收。我們沒有當面見到Sun A-yi。",
        "Sun A-yi的午餐由Zhou代收。", "Lin把午餐交給Zhou代收了。",
    ),
    "es": (
        "la vecina de al lado", "¿Vio usted a Sun A-yi?", "Vi a Sun A-yi", "No abrieron: Sun A-yi",
        "❗ 1 devuelta sin que conste si se vio a la persona", "No abren en casa de Sun A-yi",
        "¿Quién tiene ahora la comida de Sun A-yi?", "La tiene Li", "Otra persona: escribir el nombre",
        "¿Quién tiene la comida? Escriba el nombre, por favor.", "Sun A-yi: La tiene Zhou. Gracias.",
        "La comida de Sun A-yi la tiene Zhou.", "La comida de Sun A-yi se dejó a Zhou",
        "Zhou tiene la comida de Sun A-yi.", "Lin dejó la comida a Zhou.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", SAID)
async def test_a_lunch_goes_back_or_next_door(scene: Scene, language: str) -> None:
    house, lin, chen, mei = scene.house, scene.lin, scene.chen, scene.mei
    relation, asked, yes, no, unsure, nobody, who, li, other, name, left, told, status, day, case = SAID[
        language
    ]
    kin = await Kinship.note(
        scene.seniors[1].id, "Li", "+8613900000077", relation, language="en", now=house.now
    )
    await Person.all().update(language=language)
    await lin.says("/round")
    meal = await scene.meal(1)
    await lin.presses(f"at_door:{meal.id}:returned")
    assert asked in lin.last.text
    assert yes in lin.last.buttons
    assert unsure in (await chen.says("/today"))[-1].text
    await lin.taps(no)
    assert nobody in lin.last.text
    assert await scene.state(1) is MealState.NO_ANSWER
    await lin.presses(f"at_door:{meal.id}:left_with_neighbour")
    round_ = next(message for message in lin.heard if who in message.text)
    assert {li, other} <= set(round_.buttons)
    await lin.taps(other)
    assert name in lin.last.text
    await lin.says("Zhou")
    assert left in lin.last.text
    assert told in mei.last.text
    assert status in (await mei.says("/status"))[-1].text
    assert day in (await chen.says("/today"))[-1].text
    assert any(case in message.text for message in chen.heard)
    word = await MealEvent.get(neighbour__not_isnull=True)
    await lin.presses(f"with_kin:{meal.id}:{word.id}:{kin.id}")
    assert (await MealEvent.get(id=word.id)).neighbour == "Li"
