"""A canteen at noon: guests at the table, one who picks up, and those who stand at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from models.canteens import Canteen
from models.meals import Meal, MealState
from models.people import Role
from models.seniors import Kinship, Mode, Senior
from tests.house import House, Phone
from tests.models.making import TUESDAY, a_senior
from tests.played import played_once

NOON = "2026-11-24 11:20"
CLOSED = "2026-11-24 12:46"


@dataclass
class Scene:
    house: House
    canteen: Canteen
    wang: Senior
    li: Senior
    other_li: Senior
    zhao: Senior
    absent: Senior
    chen: Phone
    cook: Phone
    mei: Phone

    async def state(self, senior: Senior) -> MealState | None:
        meal = await Meal.of(senior.id, TUESDAY)
        return None if meal is None else meal.state

    async def meal(self, senior: Senior) -> Meal:
        return await Meal.get(senior_id=senior.id, day=TUESDAY)


@played_once
async def at_noon(house: House, language: str = "en", when: str = NOON) -> Scene:
    """Tuesday, 11:20: three at the table (two of one name), one who picks up, one without a lunch today."""
    canteen = await house.canteen()
    canteen.human_name, canteen.human_phone = "Ms Chen", "+862155550000"
    await canteen.save()
    table = {"mode": Mode.DINE_IN}
    wang = await a_senior(
        canteen, name="Wang Guilan", short_id="A1", phone="+862155551234", born=1941, **table
    )
    li = await a_senior(canteen, name="Li Ming", short_id="A2", born=1939, **table)
    other_li = await a_senior(canteen, name="Li Ming", short_id="A3", born=1944, **table)
    zhao = await a_senior(canteen, name="Zhao Fu", short_id="A17", mode=Mode.PICK_UP)
    absent = await a_senior(canteen, name="Sun Yun", short_id="B3", weekdays=1, **table)
    chen = await house.member("Ms Chen", Role.COORDINATOR, language=language)
    cook = await house.member("Mr Wu", Role.KITCHEN, language=language)
    mei = await house.member("Mei", Role.FAMILY, language=language)
    await Kinship.create(
        senior_id=wang.id, person_id=(await mei.person()).id, linked=True, tell_served=True, since=house.now
    )
    await house.at("2026-11-23 16:01")
    await house.at(when)
    return Scene(house, canteen, wang, li, other_li, zhao, absent, chen, cook, mei)
