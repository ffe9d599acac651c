"""Volunteers at the desk and in the kitchen have its card and its log, for as long as their shift lasts."""

from __future__ import annotations

from models.audit import AuditEvent
from models.meals import MealState
from models.refusals import NotAllowed
from models.routes import Kind, Route
from models.samples import Reading
from models.serving import must_serve
from tests.desk.scene import Scene, at_noon
from tests.desk.serving import browser, served
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import TUESDAY, at
from tests.shifts.scene import the_shift

NOT_FOR_YOU = "not open to you"


async def helps(scene: Scene, phone: Phone, name: str, kind: Kind, starts: str, ends: str) -> int:
    """Open such work at the canteen, and give somebody Tuesday's shift; return its claim's id."""
    chen = await scene.chen.person()
    await Route.add(scene.canteen.id, name, chen, scene.house.now, kind=kind, starts_at=starts, ends_at=ends)
    await scene.house.tick()
    shift = await the_shift(scene.canteen, TUESDAY, name)
    await phone.presses(f"shift_take:{shift.id}:0")
    return shift.id


@ONE_ENGINE
async def test_a_volunteer_at_the_desk_signs_in_guests_until_the_shift_is_over(house: House) -> None:
    scene = await at_noon(house, when="2026-11-23 16:30")
    lin, gao = await house.volunteer("Lin"), await house.volunteer("Gao")
    await helps(scene, lin, "Desk", Kind.DESK, "10:45", "12:30")
    for early in ("2026-11-24 09:00", "2026-11-24 09:44"):
        await house.at(early)
        assert NOT_FOR_YOU in (await lin.presses(f"desk_open:{scene.canteen.id}"))[-1].text
    await house.at("2026-11-24 10:50")
    await lin.taps("I am there")
    assert lin.last.buttons == ["I am done", "Sign in guests"]
    (card,) = await lin.taps("Sign in guests")
    assert "0 of 4 came" in card.text
    assert "A1 Wang Guilan" in card.buttons
    assert "Cards with a code" not in card.buttons
    await lin.taps("A1 Wang Guilan")
    await lin.says("A2")
    assert "2 of 4 came" in lin.last.text
    assert [await scene.state(one) for one in (scene.wang, scene.li)] == [MealState.SIGNED_IN] * 2
    assert "+86" not in "".join(message.text for message in lin.heard)
    assert await AuditEvent.filter(act="shown", about__startswith="names at the desk").count() == 2
    # The page on the tablet shows to them what the card does, and nothing of what anybody eats.
    async with served(house) as there, browser() as session:
        (told, *_more) = await lin.taps("Open the desk page")
        link = next(word for word in told.text.split() if "/board/desk/in/" in word)
        async with session.post(link) as answer:
            page = await answer.text()
        assert "Zhao Fu" in page
        assert "low salt" not in page
        async with browser() as other, other.post(await there.link(scene.cook)) as answer:
            assert "low salt" in await answer.text()
        # Who has no shift there has no desk either.
        assert NOT_FOR_YOU in (await gao.presses(f"desk_open:{scene.canteen.id}"))[-1].text
        await house.at("2026-11-24 12:20")
        await lin.says("/my")
        await lin.taps("I am done")
        assert not any("2 of 4 came" in message.text for message in lin.heard), "the card was emptied"
        (emptied,) = [message for message in lin.heard if "names are no longer shown here" in message.text]
        assert emptied.edited
        assert emptied.buttons == []
        async with session.get(f"{there.url}/board/desk/") as answer:
            assert "Zhao Fu" not in await answer.text()
    meal = await scene.meal(scene.other_li)
    assert NOT_FOR_YOU in (await lin.presses(f"desk_in:{meal.id}"))[-1].text
    await lin.says("A3")
    assert await scene.state(scene.other_li) is MealState.EXPECTED


@ONE_ENGINE
async def test_the_right_ends_half_an_hour_after_the_shift_for_who_forgot_to_say_so(house: House) -> None:
    scene = await at_noon(house, when="2026-11-23 16:30")
    lin = await house.volunteer("Lin")
    await helps(scene, lin, "Desk", Kind.DESK, "10:45", "12:30")
    person, canteen_id = await lin.person(), scene.canteen.id
    for clock, allowed in (("09:44", False), ("09:45", True), ("12:59", True), ("13:00", False)):
        now = at(f"2026-11-24 {clock}")
        try:
            await must_serve(person, canteen_id, now)
        except NotAllowed:
            assert not allowed, clock
        else:
            assert allowed, clock
        for other in (must_serve(person, canteen_id, now, Kind.KITCHEN), must_serve(person, 99_999, now)):
            try:
                await other
            except NotAllowed:
                continue
            raise AssertionError(clock)


@ONE_ENGINE
async def test_a_volunteer_in_the_kitchen_writes_its_log_until_the_shift_is_over(house: House) -> None:
    scene = await at_noon(house, when="2026-11-23 16:30")
    lin = await house.volunteer("Lin")
    await helps(scene, lin, "Kitchen", Kind.KITCHEN, "08:30", "11:00")
    await lin.says("fish 72 130g")
    assert not await Reading.exists()
    await house.at("2026-11-24 08:31")
    await lin.taps("I am there")
    await lin.walks(("Temperature and samples", "Nothing is noted yet"), ("Note dishes", "Which dishes?"))
    assert "fish: 72 °C. Good." in (await lin.says("fish 72 130g"))[0].text
    assert "rice: 48 °C. That is too cold" in (await lin.says("rice 48 130g"))[0].text
    assert "too cold" in scene.chen.last.text
    assert "The log on paper" not in (await lin.taps("Show the log"))[-1].buttons
    assert NOT_FOR_YOU in (await lin.presses(f"desk_open:{scene.canteen.id}"))[-1].text
    await house.at("2026-11-24 11:31")
    assert NOT_FOR_YOU in (await lin.presses(f"food_note:{scene.canteen.id}"))[-1].text
    await lin.says("soup 80 130g")
    assert await Reading.all().count() == 2
