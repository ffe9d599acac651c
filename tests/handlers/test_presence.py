"""Who is there and who is not: check-in, nudge, the round that nobody came for, and late arrivals."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.scheduler import Scheduler
from handlers.presence import watch
from models.hours import HoursEntry
from models.meals import Meal
from models.presence import record_of
from models.routes import Route, Stop
from models.seniors import Residence
from models.shifts import Claim, Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.house import Heard, House, Phone
from tests.models.making import TUESDAY, a_senior
from tests.played import played_once

DOORS = 4


@dataclass
class Scene:
    house: House
    chen: Phone
    wu: Phone
    gao: Phone
    li: Phone
    one: Shift
    two: Shift

    async def sheets(self) -> dict[str, list[int]]:
        """List the doors of each route, by the position on it."""
        found: dict[str, list[int]] = {"Route 1": [], "Route 2": []}
        for meal in await Meal.filter(day=TUESDAY).order_by("position", "id").prefetch_related("route"):
            assert meal.route is not None
            found[meal.route.name].append(meal.senior_id)
        return found

    async def claim(self) -> Claim:
        return await Claim.get(person_id=(await self.gao.person()).id)


async def a_route(house: House, canteen_id: int, name: str, position: int) -> Route:
    route, _ = await Route.get_or_create({"position": position}, canteen_id=canteen_id, name=name)
    canteen = await route.canteen
    for number in range(1, DOORS + 1):
        senior = await a_senior(canteen, name=f"Granny {name} {number}")
        await Residence.create(
            senior_id=senior.id, since=TUESDAY, address=f"{name} Lane {number}", created_at=house.now
        )
        await Stop.create(route_id=route.id, senior_id=senior.id, position=number, since=house.now)
    return route


@pytest_asyncio.fixture
@played_once
async def scene(house: House) -> Scene:
    """Tuesday 24 November, 09:45: Gao has Route 1, Li Route 2, four doors each; Chen is on duty."""
    canteen = await house.canteen()
    one = await a_route(house, canteen.id, "Route 1", 1)
    two = await a_route(house, canteen.id, "Route 2", 2)
    chen, wu = await house.coordinator("Ms Chen"), await house.coordinator("Mr Wu")
    await chen.says("/settings")
    await chen.taps("Volunteers and duty")
    await chen.taps("Who is on duty")
    for label in ("Tue", "Done", "Ms Chen", "Mr Wu"):
        await chen.taps(label)
    assert "Tue: Ms Chen, deputy Mr Wu" in chen.last.text
    gao, li = await house.volunteer("Gao"), await house.volunteer("Li")
    person = await gao.person()
    person.set_phone("+8613912345678")
    await person.save()
    await house.tick()
    shifts = [await Shift.get(route_id=route.id, day=TUESDAY) for route in (one, two)]
    for phone, shift in zip((gao, li), shifts, strict=True):
        await Shift.claim(shift.id, await phone.person(), house.now)
    await house.at("2026-11-23 16:01")
    await house.at("2026-11-24 09:45")
    await li.says("/round")
    for phone in (chen, wu, gao, li):
        phone.reads()
    return Scene(house, chen, wu, gao, li, *shifts)


def about(phone: Phone, words: str) -> list[Heard]:
    return [message for message in phone.reads() if words in message.text]


async def missed(scene: Scene) -> Heard:
    """Let Gao not come; return what the coordinator on duty hears at 10:40."""
    for clock in ("10:00", "10:15", "10:40"):
        await scene.house.at(f"2026-11-24 {clock}")
    return scene.chen.last


async def test_the_clock_asks_then_tells_duty_then_the_deputy_then_everybody_each_once(scene: Scene) -> None:
    house, gao, chen, wu = scene.house, scene.gao, scene.chen, scene.wu
    await house.at("2026-11-24 09:59")
    assert gao.reads() == []
    await house.at("2026-11-24 10:00")
    assert gao.last.text.splitlines() == [
        "Gao, the lunch for Route 1 is packed (4 homes). Are you on the way?",
        "If you are there already, just tap it.",
    ]
    assert chen.reads() == []
    await gao.taps("I am on the way")
    await house.at("2026-11-24 10:15")
    await house.at("2026-11-24 10:16")
    (told,) = chen.reads()
    assert told.text.splitlines() == [
        "Gao has not checked in for Route 1 yet (4 homes).",
        "On the way, said Tue 24 Nov, 10:00.",
        "Please call Gao: +8613912345678",
        "Rounds walked so far: 0.",
    ]
    assert wu.reads() == []
    await house.at("2026-11-24 10:39")
    assert not any("Gao" in message.text for message in scene.li.heard)
    await house.at("2026-11-24 10:40")
    await house.at("2026-11-24 10:41")
    for phone in (chen, wu):
        (alarm,) = phone.reads()
        assert alarm.urgent
        assert alarm.text.startswith("Nobody carries Route 1 (4 homes): Gao has not come.")
        assert "Not come so far: 1 time." in alarm.text
        assert alarm.buttons == [
            "I will go myself",
            "Half to Route 2, half I take",
            "All doors to Route 2",
            "Look for somebody now",
        ]
    await house.at("2026-11-24 10:55")
    assert [len(about(phone, "Nobody carries")) for phone in (chen, wu)] == [1, 1]
    await house.at("2026-11-24 11:30")
    assert [phone.reads() for phone in (chen, wu)] == [[], []]


async def test_a_check_in_in_time_keeps_everybody_in_peace(scene: Scene) -> None:
    await scene.gao.says("/my")
    await scene.gao.taps("I am there")
    assert "Good that you are there!" in scene.gao.last.text
    for clock in ("10:00", "10:15", "10:40", "10:55"):
        await scene.house.at(f"2026-11-24 {clock}")
    assert scene.chen.reads() == []
    assert not about(scene.gao, "Are you on the way")


async def test_opening_the_round_at_home_is_no_check_in_but_a_quarter_of_an_hour_before_it_is(
    scene: Scene,
) -> None:
    await Claim.filter(person_id=(await scene.gao.person()).id).update(
        started_at=scene.one.starts_at.replace(hour=1)
    )
    await scene.house.at("2026-11-24 10:00")
    assert about(scene.gao, "Are you on the way")
    await scene.gao.says("/round")
    await scene.house.at("2026-11-24 10:40")
    assert not about(scene.chen, "has not")


@ONE_ENGINE
async def test_a_late_check_in_undoes_the_alarm(scene: Scene) -> None:
    alarm = await missed(scene)
    await scene.gao.taps("I am there")
    assert scene.chen.last.text == "Gao is there now for Route 1. All is well."
    claim = await scene.claim()
    assert (claim.missed_at, claim.given_back_at) == (None, None)
    data = dict(alarm.keys)["I will go myself"]
    assert "settled already" in (await scene.chen.presses(data))[-1].text
    await scene.house.at("2026-11-24 10:55")
    assert not about(scene.wu, "Nobody carries Route 1 (4 homes): Gao has not come.")[1:]
    assert (await record_of(claim.person_id, scene.one.canteen_id)).missed == 0


async def test_a_check_in_at_the_last_minute_cancels_what_was_to_come(scene: Scene) -> None:
    for clock in ("10:00", "10:15", "10:39"):
        await scene.house.at(f"2026-11-24 {clock}")
    await scene.gao.taps("I am there")
    scene.chen.reads()
    for clock in ("10:40", "10:55"):
        await scene.house.at(f"2026-11-24 {clock}")
    assert scene.chen.reads() == []


async def test_the_round_is_split_and_every_door_is_on_exactly_one_sheet(scene: Scene) -> None:
    before = await scene.sheets()
    gao, chen, li = scene.gao, scene.chen, scene.li
    await missed(scene)
    await chen.taps("Half to Route 2, half I take")
    assert chen.last.text.splitlines() == ["2 doors go to Route 2 now.", "The first half is yours: /round"]
    after = await scene.sheets()
    assert after == {"Route 1": before["Route 1"][:2], "Route 2": before["Route 2"] + before["Route 1"][2:]}
    assert "2 doors of Route 1 come to your round." in li.last.text
    assert "Door 1 of 6" in (await li.says("/round"))[-1].text
    assert "Door 1 of 2" in (await chen.says("/round"))[-1].text
    assert "Lane" not in (await gao.says("/round"))[-1].text
    await scene.house.at("2026-11-24 10:52")
    claim = await scene.claim()
    assert "Never mind: somebody carries Route 1 today" in (await gao.presses(f"here:{claim.id}"))[-1].text
    for phone, doors in ((chen, 2), (li, 6)):
        await phone.says("/round")
        for _door in range(doors):
            await phone.taps("✓ Handed over")
    assert not await HoursEntry.filter(person_id=claim.person_id).exists()
    assert "settled already" in (await scene.wu.taps("I will go myself"))[-1].text


async def test_whoever_is_replaced_loses_the_addresses_that_were_shown(scene: Scene) -> None:
    gao = scene.gao
    await gao.says("/round")
    assert "Route 1 Lane 1" in gao.last.text
    # As if he had looked at home, well before the start.
    mine = Claim.filter(person_id=(await gao.person()).id)
    at_home = scene.one.starts_at - timedelta(minutes=50)
    await mine.update(arrived_at=None, started_at=at_home, watch_at=scene.one.starts_at)
    await missed(scene)
    await scene.chen.taps("All doors to Route 2")
    assert not any("Route 1 Lane" in message.text for message in gao.heard)
    assert (await Shift.get(id=scene.one.id)).state is ShiftState.CANCELLED
    assert (await scene.sheets())["Route 1"] == []


@ONE_ENGINE
async def test_the_coordinator_goes_herself_with_one_tap(scene: Scene) -> None:
    await missed(scene)
    await scene.chen.taps("I will go myself")
    assert "Route 1 is yours now" in scene.chen.last.text
    assert "Door 1 of 4" in (await scene.chen.says("/round"))[-1].text
    shift = await Shift.get(id=scene.one.id)
    assert shift.taken == 1


async def test_a_few_are_asked_to_jump_in_without_naming_anybody(scene: Scene) -> None:
    house = scene.house
    zhao = await house.volunteer("Zhao")
    for clock in ("10:00", "10:15"):
        await house.at(f"2026-11-24 {clock}")
    await scene.chen.taps("Look for somebody now")
    await house.tick()
    assert zhao.last.text.startswith("Could you come? Tue 24 Nov, 10:00–12:00, Route 1")
    await zhao.taps("I'll take it")
    assert not any("Gao" in message.text for message in zhao.heard)
    assert "Never mind" in scene.gao.last.text
    assert "Door 1 of 4" in (await zhao.says("/round"))[-1].text
    await house.at("2026-11-24 10:40")
    assert not about(scene.chen, "Nobody carries")


@ONE_ENGINE
async def test_those_who_are_there_go_on_without_the_one_who_is_not(scene: Scene) -> None:
    house = scene.house
    zhao = await house.volunteer("Zhao")
    await Shift.filter(id=scene.one.id).update(places=2)
    await Shift.claim(scene.one.id, await zhao.person(), house.now)
    await zhao.says("/round")
    alarm = await missed(scene)
    assert alarm.text.startswith("Gao has not come for Route 1.")
    assert "Already there: Zhao." in alarm.text
    await scene.chen.taps("Go on without Gao")
    assert "Route 1 goes on without Gao" in scene.chen.last.text
    assert (await Shift.get(id=scene.one.id)).taken == 1


@ONE_ENGINE
async def test_after_an_outage_nobody_is_missed_who_was_not_asked(scene: Scene) -> None:
    house = scene.house
    await house.at("2026-11-24 10:50")
    assert "Are you on the way?" in scene.gao.last.text
    assert not about(scene.chen, "has not")
    await house.at("2026-11-24 11:00")
    assert about(scene.chen, "has not checked in")
    await house.at("2026-11-24 11:10")
    assert about(scene.chen, "Nobody carries")


async def test_without_a_check_in_window_or_a_right_nothing_happens(scene: Scene) -> None:
    claim = await scene.claim()
    assert "not yours" in (await scene.li.presses(f"here:{claim.id}"))[-1].text
    assert "not yours" in (await scene.li.presses(f"coming:{claim.id}"))[-1].text
    thursday = await Shift.filter(route_id=scene.one.route_id, day__gt=TUESDAY).order_by("day").first()
    assert thursday is not None
    early = await Shift.claim(thursday.id, await scene.gao.person(), scene.house.now)
    assert "not yours just now" in (await scene.gao.presses(f"here:{early.id}"))[-1].text
    await missed(scene)
    assert (
        "Nobody carries that route any more"
        in (await scene.chen.presses(f"split_half:{claim.id}:{thursday.id}"))[-1].text
    )
    assert (await Claim.get(id=claim.id)).given_back_at is None
    await scene.house.at("2026-11-24 12:00")
    assert "has begun or is over" in (await scene.gao.presses(f"coming:{claim.id}"))[-1].text


async def test_several_schedulers_take_each_step_once(scene: Scene) -> None:
    await Claim.filter(id=(await scene.claim()).id).update(watched=1, watch_at=scene.house.now)
    schedulers = [Scheduler(scene.house.clock) for _ in range(3)]
    await asyncio.gather(*(scheduler.run(watch) for scheduler in schedulers))
    await scene.house.deliver()
    assert len(about(scene.chen, "has not checked in")) == 1


async def test_if_the_one_on_duty_cannot_be_reached_the_deputy_is(scene: Scene) -> None:
    from models.people import Account

    await Account.filter(person_id=(await scene.chen.person()).id).update(reachable=False)
    for clock in ("10:00", "10:15"):
        await scene.house.at(f"2026-11-24 {clock}")
    assert about(scene.wu, "Gao has not checked in")


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "asked", "coming", "careful", "here", "good"),
    [
        (
            "zh_Hans",
            "Gao，Route 1（4户）的饭装好了，您在路上吗？",
            "我在路上",
            "路上小心",
            "我到了",
            "您到了，太好了",
        ),
        (
            "zh_Hant",
            "Gao，Route 1（4戶）的餐裝好了，您在路上嗎？",
            "我在路上",
            "路上小心",
            "我到了",
            "您到了，太好了",
        ),
        (
            "es",
            "la comida de Route 1 (4 casas) está lista",
            "Voy de camino",
            "con cuidado",
            "Ya estoy aquí",
            "Qué bien",
        ),
    ],
)
async def test_a_nudge_in_the_volunteers_language(
    scene: Scene, language: str, asked: str, coming: str, careful: str, here: str, good: str
) -> None:
    person = await scene.gao.person()
    await person.speak(language)
    await scene.house.at("2026-11-24 10:00")
    assert asked in scene.gao.last.text
    assert careful in (await scene.gao.taps(coming))[-1].text
    assert good in (await scene.gao.taps(here))[-1].text
