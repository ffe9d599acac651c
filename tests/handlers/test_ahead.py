"""A box for a closed day goes out with another lunch: roster, labels, paper and the desk say to whom."""

from __future__ import annotations

from models.canteens import Canteen
from models.meals import Meal, MealState
from models.orders import OrderChange
from models.routes import Route
from models.seniors import Mode
from tests.desk.serving import browser, served
from tests.desk.test_page import acts
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import closes
from tests.handlers.test_closing import AHEAD
from tests.handlers.test_kitchensheet import NO_NEWS
from tests.handlers.test_printing import tabs, words
from tests.house import House
from tests.models.making import NOW, TUESDAY, a_senior

BOX = "the box for Wed 25 Nov"


@ONE_ENGINE
async def test_whoever_gives_or_packs_a_lunch_knows_of_the_box_that_goes_with_it(house: House) -> None:
    canteen = await house.canteen()
    await Canteen.filter(id=canteen.id).update(human_name="Ms Chen", human_phone="+862155550000")
    chen = await house.coordinator()
    by = await chen.person()
    wang = await a_senior(canteen, name="Wang Guilan", short_id="A1")
    await (await Route.get(canteen_id=canteen.id)).put(wang.id, None, by, house.now)
    li = await a_senior(canteen, name="Li Ming", short_id="A2", mode=Mode.DINE_IN)
    await a_senior(canteen, name="Zhao Fu", short_id="A3", mode=Mode.PICK_UP)
    away = await a_senior(canteen, name="Sun Yun", short_id="A4", mode=Mode.DINE_IN)
    await OrderChange.create(
        senior_id=away.id, day=TUESDAY, kind="skip", by_id=by.id, at=NOW, origin="family"
    )
    await closes(chen, "Wed", AHEAD, "the weather", NO_NEWS, "Yes, do it and tell them")
    await house.at("2026-11-23 16:00")
    roster = "\n".join(message.text for message in chen.heard)
    for name in ("1. Wang Guilan (A1)", "Li Ming (A2)", "Zhao Fu (A3)"):
        assert f"{name}: low salt, also {BOX}" in roster

    (answer,) = await chen.presses(f"print:{canteen.id}:2026-11-25")
    assert answer.text == "The lunch of Wed 25 Nov goes out on Tue 24 Nov, and is printed with that day's."
    await chen.taps("Print for Tue 24 Nov")
    table, _routes, _kitchen = (
        data for data in dict.fromkeys(data for label, data in chen.last.keys if "table" in label)
    )
    papers = [message for message in await chen.taps("All to print") if message.file is not None]
    list_, _sheets, _count, labels = ("".join(words(paper)) for paper in papers)
    assert list_.count(f"low salt, also {BOX}") == 3
    # A label for each box that leaves: three for today, four for the day that is closed, each where it goes.
    assert [labels.count(day) for day in ("Tue 24 Nov", "Wed 25 Nov")] == [3, 4]
    assert labels.count("A1 Route 1 · 1 Wang Guilan low salt") == 2
    rows = tabs(await chen.presses(table))["Roster"][1:]
    assert [row[-2:] for row in rows] == [("Wed 25 Nov", 1)] * 3 + [(None, 3)]

    await house.at("2026-11-24 11:20")
    (card,) = await chen.says("/signin")
    assert f"Who has a “+” gets {BOX} as well." in card.text
    assert card.buttons[:2] == ["A2 Li Ming +1", "A3 Zhao Fu +1 (picks up)"]
    await chen.taps("A2 Li Ming +1")
    assert (await Meal.get(senior_id=li.id, day=TUESDAY)).state is MealState.SIGNED_IN
    assert f"✓ Li Ming (A2), 11:20\nPlease give {BOX} as well." in chen.last.text
    async with served(house) as there, browser() as session:
        async with session.post(await there.link(chen)) as answer:
            page = await answer.text()
        assert f"Also {BOX}" in page
        zhao = await Meal.get(senior__short_id="A3", day=TUESDAY)
        said = await acts(session, there, page, "sign_in", meal_id=zhao.id, other=1)
        assert f"Please give {BOX} as well." in str(said)

    await by.speak("zh_Hant")
    list_ = (await chen.presses(f"paper:{canteen.id}:2026-11-24:roster"))[-1]
    assert "少鹽，另帶11月25日週三的便當盒" in "".join(words(list_)).replace(" ", "")
