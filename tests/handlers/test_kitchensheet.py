"""The kitchen's printed count says what the chat says: clashes, the halal kitchen, guests, days ahead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.canteens import Canteen
from models.meals import Meal
from models.orders import OrderChange
from models.seniors import Diet, Mode, Senior
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import closes
from tests.handlers.test_closing import AHEAD
from tests.handlers.test_menu import pastes
from tests.handlers.test_printing import tabs, words
from tests.house import House
from tests.models.making import LONG_AGO, NOW, TUESDAY, a_senior

NO_NEWS = "No more news: after Wed 25 Nov all is as always"
MENU = "Tue: braised pork (soy, gluten); rice (none); halal: mutton (none)\nWed: noodles (gluten)"


async def eats(canteen: Canteen, short_id: str, mode: Mode = Mode.DINE_IN, **diet: Any) -> Senior:
    senior = await a_senior(canteen, short_id=short_id, mode=mode)
    values = {"labels": [], "allergies": [], "avoids": None, **diet}
    await Diet.create(senior_id=senior.id, since=LONG_AGO, created_at=NOW, **values)
    return senior


async def a_kitchen(house: House, canteen: Canteen, mei: Any) -> list[Senior]:
    """Let an allergy, the halal kitchen, an unknown diet and a guest meet on Tuesday."""
    soy = await eats(canteen, "A2", allergies=["soy"], texture="pureed")
    halal = await eats(canteen, "A3", Mode.PICK_UP, labels=["halal"])
    unknown = await a_senior(canteen, short_id="A4")
    await Diet.filter(senior_id=unknown.id).delete()
    plain = await eats(canteen, "A5")
    await OrderChange.create(
        senior_id=plain.id, day=TUESDAY, kind="guests", guests=2, by_id=mei.id, at=NOW, origin="family"
    )
    return [soy, halal, unknown, plain, await eats(canteen, "A6")]


@ONE_ENGINE
async def test_paper_and_table_say_what_the_chat_says(house: House) -> None:
    canteen = await house.canteen()
    await Canteen.filter(id=canteen.id).update(human_name="Ms Chen", human_phone="+862155550000")
    chen = await house.coordinator()
    seniors = await a_kitchen(house, canteen, await chen.person())
    await pastes(chen, MENU, ">this")
    await closes(chen, "Wed", AHEAD, "the weather", NO_NEWS, "Yes, do it and tell them")
    await house.at("2026-11-23 16:00")
    await house.at("2026-11-24 08:00")
    await (await Meal.get(senior_id=seniors[4].id, day=TUESDAY)).cancel(await chen.person(), house.now)
    await house.at("2026-11-24 08:02")
    (chat,) = [one.text for one in await chen.says("/kitchen") if "Kitchen for" in one.text]
    of_day = f"count:{canteen.id}:2026-11-24:kitchen"
    (paper,) = await chen.presses(of_day)
    said = " ".join(words(paper))
    for words_ in (
        "This count is final, with all changes up to version 2.", "And 2 guests: ordinary food",
        "On the menu: braised pork and rice",
        "To be prepared “puréed”: 1 lunch, 1 of them with something else",
        "1 × no diet on record: please ask before cooking (A4)",
        "Halal kitchen: 1 lunch, in containers of its own", "On the menu: mutton",
        "1 × instead of braised pork (soy)", "A2: no soy",
        "And to go out with it for Wed 25 Nov: 5 lunches more", "On the menu: noodles",
        "Nothing is on the menu yet for this kitchen line: halal. It is for A3.",
    ):  # fmt: skip
        assert words_ in chat
        # On paper a number or a short id has a column of its own.
        assert words_.replace("A2: ", "A2 ") in said
    book = tabs(await chen.presses(f"{of_day}_table"))
    assert book["Kitchen count"][1:] == [
        ("Main kitchen", "puréed", 1), ("Main kitchen", "ordinary food", 1), ("Halal kitchen", "halal", 1),
        ("Main kitchen", "ordinary food, for guests", 2), (None, "no diet on record", 1),
        ("Together", None, 6),
    ]  # fmt: skip
    assert book["How lunch is had"][1:] == [
        ("Brought home", 1, 0), ("At the canteen", 4, 2), ("Picked up", 1, 0), ("Together", 6, 2)
    ]  # fmt: skip
    assert book["To be prepared"][1:] == [("Main kitchen", "puréed", 1, 1)]
    assert book["Menu"][1:] == [("ordinary", "braised pork"), ("ordinary", "rice"), ("halal", "mutton")]
    assert [row[0] for row in book["Menu and diets"]][2:4] == ["1 × instead of braised pork (soy)", "A2"]
    assert book["Goes out with it"][-1] == ("Together", None, 5, None)
    assert (datetime.fromisoformat("2026-11-25"), "no diet on record", 1, "A4") in book["Goes out with it"]
    assert book["Version"][1][1] == "This count is final, with all changes up to version 2."
    await (await chen.person()).speak("zh_Hant")
    (paper,) = await chen.presses(of_day)
    for words_ in ("清真廚房：1份", "另有客人2位", "已含到第2版", "（大豆）", "11月25日週三"):
        assert words_ in "".join(words(paper)).replace(" ", "")
