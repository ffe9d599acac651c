"""A small town for scenes of closures: four seniors, two families, a volunteer, a cook, two coordinators."""

from __future__ import annotations

from dataclasses import dataclass

from models.canteens import Canteen
from models.people import Role
from models.routes import Route, Stop
from models.seniors import Kinship, Mode, Senior
from models.shifts import Claim, Shift
from tests.house import Heard, House, Phone
from tests.models.making import TUESDAY, a_senior
from tests.played import played_once


@dataclass
class Town:
    """Monday, 09:00. Mei follows Wang and has a place on Tuesday's round: two roles in one person."""

    canteen: Canteen
    route: Route
    chen: Phone
    wu: Phone
    mei: Phone
    gao: Phone
    lin: Phone
    cook: Phone
    wang: Senior
    sun: Senior
    li: Senior
    zhao: Senior
    claim: Claim

    def others(self) -> list[Phone]:
        return [self.wu, self.mei, self.gao, self.lin, self.cook]

    def read_all(self) -> None:
        for phone in (self.chen, *self.others()):
            phone.reads()


@played_once
async def a_town(house: House, language: str = "en") -> Town:
    canteen = await house.canteen()
    canteen.human_name, canteen.human_phone = "Ms Chen", "+862155550000"
    await canteen.save()
    route = await Route.get(canteen_id=canteen.id)
    wang = await a_senior(canteen, name="Wang Guilan", alone=True, phone="+862155550101")
    sun = await a_senior(canteen, name="Sun Meifang", alone=True, phone="+862155550102")
    li = await a_senior(canteen, name="Li Ming", mode=Mode.DINE_IN, phone="+862155550103")
    zhao = await a_senior(canteen, name="Zhao Fu", mode=Mode.PICK_UP)
    for position, senior in enumerate((wang, sun), 1):
        await Stop.create(route_id=route.id, senior_id=senior.id, position=position, since=house.now)
    chen = await house.coordinator("Ms Chen", language=language)
    wu = await house.coordinator("Mr Wu", language=language)
    mei = await house.volunteer("Mei", language=language)
    gao = await house.family("Gao", language=language)
    lin = await house.volunteer("Lin", language=language)
    cook = await house.member("Cook Sun", Role.KITCHEN, language=language)
    await Kinship.begin(wang.id, await mei.person(), house.now)
    await Kinship.begin(zhao.id, await gao.person(), house.now)
    await route.put(wang.id, 1, await chen.person(), house.now)
    await house.tick()
    shift = await Shift.get(day=TUESDAY)
    claim = await Shift.claim(shift.id, await mei.person(), house.now)
    await house.tick()
    town = Town(canteen, route, chen, wu, mei, gao, lin, cook, wang, sun, li, zhao, claim)
    town.read_all()
    return town


async def closes(phone: Phone, *answers: str) -> list[Heard]:
    """Answer the questions of /close one after the other; return what came last."""
    news = await phone.says("/close")
    for answer in answers:
        labels = [label for label, _data in phone.last.keys]
        news = await (phone.taps(answer) if answer in labels else phone.says(answer))
    return news
