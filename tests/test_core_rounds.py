"""A round from the side of what can go wrong: two volunteers, two rounds, two taps, and what stays behind."""

from __future__ import annotations

from datetime import timedelta

from models.cases import Case, CaseEvent, CaseKind
from models.meals import MealState
from models.messaging import OutboxMessage
from models.routes import Route, Stop
from models.seniors import Residence
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.models.making import TUESDAY, a_senior

__all__ = ["scene"]


async def carries(scene: Scene, name: str, shift: Shift) -> object:
    phone = await scene.house.volunteer(name)
    await Shift.filter(id=shift.id).update(places=9)
    await Shift.claim(shift.id, await phone.person(), scene.house.now)
    return phone


async def test_addresses_are_taken_away_once_and_from_every_message(scene: Scene) -> None:
    lin, house = scene.lin, scene.house
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"), ("✗ No answer", "Nobody answers"))
    await lin.says("/round")
    assert sum("Ping'an Lane" in message.text for message in lin.heard) >= 1
    assert any("the niece has a key" in message.text for message in lin.heard)
    await house.at("2026-11-24 14:05")
    for private in ("Ping'an Lane", "niece", "5555"):
        assert not any(private in message.text for message in lin.heard if "human" not in message.text), (
            private
        )
    written = await OutboxMessage.all().count()
    for minute in range(3):
        await house.at(f"2026-11-24 14:1{minute}")
    assert await OutboxMessage.filter(person_id=(await lin.person()).id).count() <= written


@ONE_ENGINE
async def test_whoever_stands_at_the_door_may_say_that_someone_is_down(scene: Scene) -> None:
    lin, house = scene.lin, scene.house
    shift = await Shift.get(day=TUESDAY)
    await lin.walks(("/round", "Door 1"), ("✗ No answer", "Nobody answers"))
    await scene.chen.walks(
        ("It is settled", "How is"),
        ("False alarm", "With whom"),
        ("With nobody yet", "Anything"),
        ("No", "on record"),
    )
    zhao = await carries(scene, "Zhao", shift)
    meal = await scene.meal(0)
    await zhao.presses(f"at_door:{meal.id}:no_answer")  # type: ignore[attr-defined]  # a Phone
    assert (await Case.get()).closed_at is None
    news = await zhao.taps("I can see someone down")  # type: ignore[attr-defined]  # a Phone
    assert news[-1].text.startswith("Call ")
    assert any("Zhao sees someone lying" in message.text for message in scene.wu.heard)
    stranger = await house.volunteer("Gao")
    assert "settled already" in (await stranger.presses(f"down:{(await Case.get()).id}"))[-1].text


async def test_no_answer_tapped_twice_alarms_once_but_again_after_it_was_settled(scene: Scene) -> None:
    lin, chen = scene.lin, scene.chen
    await lin.says("/round")
    meal = await scene.meal(0)
    for _tap in range(2):
        await lin.presses(f"at_door:{meal.id}:no_answer")
    assert [event.kind for event in await CaseEvent.all()] == ["opened"]
    assert sum("Nobody answers" in message.text for message in chen.heard) == 1
    await chen.walks(
        ("It is settled", "How is"),
        ("False alarm", "With whom"),
        ("With nobody yet", "Anything"),
        ("No", "on record"),
    )
    await lin.presses(f"at_door:{meal.id}:no_answer")
    assert (await Case.get(kind=CaseKind.NO_ANSWER)).closed_at is None
    assert "Nobody looks after it yet" in chen.last.text


async def test_of_two_rounds_the_one_whose_door_was_tapped_goes_on(scene: Scene) -> None:
    lin, house = scene.lin, scene.house
    route = await Route.create(
        canteen_id=scene.canteen.id, name="Route 2", position=2, starts_at="12:00", ends_at="13:00"
    )
    for position, name in enumerate(("Granny Li", "Granny Xu"), start=1):
        senior = await a_senior(scene.canteen, name=name)
        residence = await Residence.create(
            senior_id=senior.id, since=TUESDAY, address=f"Well Street {position}", created_at=house.now
        )
        await Stop.create(route_id=route.id, senior_id=senior.id, position=position, since=house.now)
        first = await scene.meal(0)
        await type(first).create(
            senior_id=senior.id,
            service_day_id=first.service_day_id,
            canteen_id=scene.canteen.id,
            day=TUESDAY,
            mode=first.mode,
            residence_id=residence.id,
            route_id=route.id,
            position=position,
        )
    starts = house.now + timedelta(minutes=50)
    second = await Shift.create(
        canteen_id=scene.canteen.id, route_id=route.id, day=TUESDAY, starts_at=starts,
        ends_at=starts + timedelta(hours=1), places=1, taken=1,
    )  # fmt: skip
    await Claim.create(shift=second, person=await lin.person(), claimed_at=house.now, started_at=house.now)
    await lin.says("/round")
    assert "Door 1 of 3" in lin.last.text
    meals = await type(await scene.meal(0)).filter(route_id=route.id).order_by("position")
    await lin.presses(f"at_door:{meals[0].id}:handed_over")
    assert "Granny Xu" in lin.last.text
    assert (await type(meals[0]).get(id=meals[0].id)).state is MealState.IN_PERSON
