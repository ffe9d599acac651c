"""Why a shift does not suit somebody, and the way on, in each of the four languages."""

from __future__ import annotations

import pytest

from models.canteens import Canteen
from models.people import Person
from models.routes import Kind, Route
from models.skills import Need, Skill
from models.youth import AgeClass, AgeNote, GuardianYes
from tests.house import House
from tests.models.making import TUESDAY, WEDNESDAY
from tests.shifts.scene import a_canteen_with_shifts, the_shift

# guardian, alone, driving, hour · skill, I have that, first time · kitchen shift, age, first visit
SCENES = {
    "en-GB": (
        "a parent or guardian has to say yes first", "Nobody under 18 goes to a door alone",
        "Nobody under 18 drives for us", "That shift goes on after 18:00",
        "for somebody with this: The local dialect", "I have that: tell the coordinator",
        "The first time (Delivery round) goes with somebody who knows it",
        "2 people have lunch that day.", "Please come to: Yard",
    ),
    "zh-CN": (
        "要先有家长或监护人同意", "不到18岁的不单独上门", "不到18岁的不开车", "这一班到18:00以后才结束",
        "要有：会说本地话", "我有：告诉负责人", "第一次（送餐）要有熟悉的人带",
        "那天有2位用餐。", "请到：Yard",
    ),
    "zh-TW": (
        "要先有家長或監護人同意", "不到18歲的不單獨到府", "不到18歲的不開車", "這一班到18:00以後才結束",
        "要有：會說本地話", "我有：告訴負責人", "第一次（送餐）要有熟悉的人帶",
        "那天有2位用餐。", "請到：Yard",
    ),
    "es-MX": (
        "antes tiene que decir que sí su padre, madre o tutor", "Ningún menor de 18 va solo a una puerta",
        "Ningún menor de 18 conduce para nosotros", "Ese turno sigue después de las 18:00",
        "para alguien con esto: El habla de aquí", "Lo tengo: avise a la coordinación",
        "La primera vez (Ronda de reparto) se va con alguien que lo conoce",
        "2 personas comen ese día.", "Venga, por favor, a: Yard",
    ),
}  # fmt: skip


async def works(canteen: Canteen, by: Person, house: House) -> None:
    """Open a drive, washing up in the evening, and a kitchen."""
    for name, kind, starts, ends in (
        ("Van", Kind.DRIVER, "08:00", "09:00"),
        ("Washing up", Kind.KITCHEN, "16:00", "18:30"),
        ("Kitchen", Kind.KITCHEN, "08:00", "09:30"),
    ):
        await Route.add(
            canteen.id, name, by, house.now, kind=kind, starts_at=starts, ends_at=ends, place="Yard"
        )
    await house.tick()


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tag", SCENES)
async def test_every_no_has_its_words_and_a_way_on(house: House, tag: str) -> None:
    guardian, alone, driving, hour, skill, have, first, lunches, place = SCENES[tag]
    canteen = await a_canteen_with_shifts(house, homes=2, places=1)
    chen, lin = await house.coordinator(), await house.volunteer("Lin", language=tag)
    by, person = await chen.person(), await lin.person()
    await works(canteen, by, house)
    await AgeNote.note(person, AgeClass.UNDER_16, by, house.now)

    async def hears(words: str, route: str = "Route 1") -> None:
        await lin.presses(f"shift_take:{(await the_shift(canteen, TUESDAY, route)).id}:0")
        assert words in lin.last.text

    await hears(guardian)
    await GuardianYes.hear(person, canteen.id, "Mrs Lin", "+8613800000001", by, house.now)
    await hears(alone)
    await hears(driving, "Van")
    await hears(hour, "Washing up")
    await hears(lunches, "Kitchen")
    assert place in lin.last.text
    await AgeNote.note(person, AgeClass.ADULT, by, house.now)
    canteen = await Canteen.change(canteen.id, by=by, now=house.now, introduces=True)
    await hears(first)
    route = await Route.get(name="Route 1")
    await Need.set(route.id, Skill.DIALECT, 1, by, house.now)
    await hears(skill)
    await lin.taps(have)
    await chen.taps("Note it")
    await lin.presses(f"shift_take:{(await the_shift(canteen, WEDNESDAY)).id}:0")
    assert first in lin.last.text
