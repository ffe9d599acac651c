"""A day's lists on paper: for coordinators, in their language, with what a volunteer needs at each door."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from models.audit import AuditEvent
from models.canteens import Canteen
from models.dated import Residence
from models.messaging import OutboxMessage
from models.people import Role
from models.routes import Route
from models.seniors import Diet, Mode, Senior
from tests.fixtures_database import ONE_ENGINE
from tests.house import Heard, House, Phone
from tests.models.making import LONG_AGO, NOW, TUESDAY, a_senior
from tests.pdf import fonts, page_sizes, pages

CLOSING = "2026-11-23 16:00"


async def guests(house: House, coordinator: Phone, canteen: Canteen) -> list[Senior]:
    """Give a canteen two doors on a route, one on none, and one guest at the table."""
    wang = await a_senior(canteen, name="Wang Guilan", called="Granny Wang", short_id="A1")
    he = await a_senior(canteen, name="何美珍", short_id="A2")
    lost = await a_senior(canteen, name="Zhao Fu", short_id="A3")
    table = await a_senior(canteen, name="Li Ming", short_id="A4", mode=Mode.DINE_IN)
    await Residence.create(
        senior_id=he.id, since=TUESDAY, address="平安里 3 号楼 501", knock="three times", created_at=NOW
    )
    await Diet.create(senior_id=table.id, since=LONG_AGO, labels=[], allergies=["peanuts"], created_at=NOW)
    await Diet.create(senior_id=he.id, since=TUESDAY, labels=["gout"], allergies=["eggs"], created_at=NOW)
    (route,) = await Route.of(canteen.id)
    for senior in (he, wang):
        await route.put(senior.id, None, await coordinator.person(), house.now)
    return [wang, he, lost, table]


async def prints(phone: Phone) -> list[Heard]:
    """Press [Print] under the newest list, and then for all; return the messages that carry a paper."""
    await phone.taps("Print")
    return [message for message in await phone.taps("All to print") if message.file is not None]


def words(message: Heard) -> list[str]:
    assert message.file is not None
    return pages(message.file.content)


@ONE_ENGINE
async def test_under_the_roster_one_button_prints_the_list_and_the_route_sheets(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    assert [message.buttons for message in chen.reads()] == [[], [], [], ["Print"]]
    papers = await prints(chen)
    assert [paper.file and paper.file.name for paper in papers] == [
        "roster-2026-11-24.pdf", "routes-2026-11-24.pdf", "kitchen-2026-11-24.pdf", "labels-2026-11-24.pdf"
    ]  # fmt: skip
    roster, routes, kitchen, labels = papers
    assert routes.buttons == ["Type in a sheet"]
    (list_,) = words(roster)
    assert "Ping'an Lane · Tue 24 Nov" in list_
    assert "1 何美珍 A2 for gout and no eggs 2 Wang Guilan A1 low salt" in list_
    assert "Li Ming A4 no peanuts" in list_
    assert "平安里" not in list_
    first, second = words(routes)
    assert "Ping'an Lane · Tue 24 Nov · Route 1" in first
    assert "Route 1, Tue 24 Nov: 2 homes 1 × for gout 1 × low salt" in first
    assert "Handed over No answer Left there 1 何" in first, "no box to come back here"
    assert "1 何美珍 A2 平安里 3 号楼 501 How to knock: three times for gout 2" in first
    assert "2 Granny Wang A1 3 Ping'an Lane low salt" in first
    assert "Please give this sheet back after the round." in first
    assert "On no route yet" in second
    assert "Zhao Fu A3" in second
    assert "eggs" not in first
    assert "Li Ming" not in first + second
    assert "Carried by:" in first
    (count,) = words(kitchen)
    assert "4 lunches on Tue 24 Nov Orders are closed. Not final yet: the count is final on" in count
    assert "2 low salt 1 ordinary food 1 for gout Take care: A2 no eggs A4 no peanuts" in count
    assert not any(name in count for name in ("何美珍", "Wang", "Li Ming"))
    (stickers,) = words(labels)
    assert stickers.split(" Tue 24 Nov")[:4] == [
        "A2 Route 1 · 1 何美珍 for gout no eggs",
        " A4 At the canteen Li Ming no peanuts",
        " A1 Route 1 · 2 Granny Wang low salt",
        " A3 No route yet Zhao Fu low salt",
    ]
    for paper in papers:
        assert paper.file is not None
        embedded = fonts(paper.file.content)
        assert embedded
        assert all(embedded.values())


async def test_what_was_printed_is_written_to_the_audit(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    await prints(chen)
    shown = await AuditEvent.filter(act="shown").order_by("id").values_list("about", flat=True)
    assert list(shown) == [
        f"names and diets of canteen {canteen.id} on 2026-11-24",
        f"names, addresses and diets of canteen {canteen.id} on 2026-11-24",
        f"diets of canteen {canteen.id} on 2026-11-24",
        f"names and diets of canteen {canteen.id} on 2026-11-24",
    ]


async def test_the_row_in_the_database_holds_a_papers_name_and_no_bytes(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    await prints(chen)
    bodies = [row.body for row in await OutboxMessage.all().order_by("id") if "paper" in row.body]
    assert [body["paper"] for body in bodies] == [
        ["roster", str(canteen.id), "2026-11-24"],
        ["routes", str(canteen.id), "2026-11-24"],
        ["kitchen", str(canteen.id), "2026-11-24"],
        ["labels", str(canteen.id), "2026-11-24", "1"],
    ]


# print, all, a day, a diet and an allergy on the roster, the sheet's last words, the label's allergy
SPOKEN = {
    "en": ("Print", "All to print", "Tue 24 Nov", "for gout and no eggs", "Please give this sheet back",
           "no eggs"),
    "zh_Hans": ("打印", "全部打印", "11月24日周二", "痛风餐和不放鸡蛋", "请在送完后交回这张单子", "不放鸡蛋"),
    "zh_Hant": ("列印", "全部列印", "11月24日週二", "痛風餐和不放雞蛋", "請在送完後交回這張單子", "不放雞蛋"),
    "es": ("Imprimir", "Todo para imprimir", "mar 24 nov", "para la gota y sin huevo",
           "Devuelva esta hoja", "sin huevo"),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("language", SPOKEN)
async def test_the_papers_speak_the_coordinators_language(house: House, language: str) -> None:
    print_, everything, day, eats, closing, never = SPOKEN[language]
    canteen = await house.canteen(language=language)
    chen = await house.coordinator("Ms Chen", language=language)
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    await chen.taps(print_)
    papers = [message for message in await chen.taps(everything) if message.file is not None]
    # Chinese letters and Latin digits stand a little apart in good print.
    said = ["".join(words(paper)).replace(" ", "") for paper in papers]
    roster, routes, kitchen, labels = said
    assert all(day.replace(" ", "") in paper for paper in said)
    assert f"何美珍A2{eats.replace(' ', '')}" in roster
    assert closing.replace(" ", "") in routes
    assert f"A2{never.replace(' ', '')}" in kitchen
    assert never.replace(" ", "") in labels


async def test_tables_open_as_tables_and_words_in_them_stay_words(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    seniors = await guests(house, chen, canteen)
    await Senior.filter(id=seniors[3].id).update(name='=HYPERLINK("http://x","Li")')
    await house.at(CLOSING)
    await chen.taps("Print")
    offer = chen.last
    assert offer.text == (
        "Tue 24 Nov: what shall I make? Each comes as a PDF to print; a table opens in Excel."
    )
    data = dict.fromkeys(data for label, data in offer.keys if label == "… as a table")
    roster, routes, kitchen = [tabs(await chen.presses(each, message=offer.id)) for each in data]
    day = datetime.fromisoformat("2026-11-24")
    assert roster["Roster"][0] == (
        "Date", "Number", "Senior", "How lunch is had", "Route", "Stop", "Diet", "Also the box for",
        "Lunches",
    )  # fmt: skip
    assert roster["Roster"][1:3] == [
        (day, "A2", "何美珍", "Brought home", "Route 1", 1, "for gout and no eggs", None, 1),
        (day, "A1", "Wang Guilan", "Brought home", "Route 1", 2, "low salt", None, 1),
    ]
    assert roster["Roster"][4][2] == '=HYPERLINK("http://x","Li")'
    assert roster["Roster"][5] == (None, None, "Together", None, None, None, None, None, 4)
    assert list(routes) == ["Route 1", "No route yet"]
    assert routes["Route 1"][1] == (
        day, 1, "A2", "何美珍", "平安里 3 号楼 501", "three times", "for gout", 1
    )  # fmt: skip
    assert kitchen["Kitchen count"][1:] == [
        ("Main kitchen", "low salt", 2), ("Main kitchen", "ordinary food", 1),
        ("Main kitchen", "for gout", 1), ("Together", None, 4),
    ]  # fmt: skip
    assert kitchen["Take care"][1:] == [("A2", "no eggs"), ("A4", "no peanuts")]


def tabs(news: list[Heard]) -> dict[str, list[tuple[Any, ...]]]:
    """Read the tables of a file as a spreadsheet shows them; a formula would be one."""
    (file,) = [message.file for message in news if message.file is not None]
    assert file.name.endswith(".xlsx")
    book = load_workbook(io.BytesIO(file.content))
    cells = [cell for tab in book for row in tab.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    return {tab.title: list(tab.iter_rows(values_only=True)) for tab in book}


@ONE_ENGINE
async def test_labels_go_on_where_a_sheet_is_half_used(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    await chen.taps("Print")
    (asked,) = await chen.taps("Meal labels")
    assert asked.text.startswith("At which label of the sheet shall I begin? It has 24;")
    assert "from 1 to 24" in (await chen.says("25"))[-1].text
    (labels,) = await chen.says("23")
    assert labels.text.startswith("The labels for Tue 24 Nov. First those with an allergy")
    first, second = words(labels)
    assert "A2" in first
    assert "A4" in first
    assert "A1" in second
    assert "A3" in second


async def test_a_canteen_says_which_sheets_of_labels_it_has(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    await chen.says("/settings")
    await chen.walks(
        ("Paper", "Sheets of labels: A4 with 24 labels, 70 × 37 mm"),
        ("Other sheets of labels", "Which sheets of labels do you have?"),
        ("Letter with 14 labels, 4 × 1⅓ inches (Avery 5162)", "From now on labels are printed for: Letter"),
    )
    (asked,) = await chen.presses(f"labels:{canteen.id}:2026-11-24")
    assert "It has 14;" in asked.text
    (labels,) = await chen.taps("A new sheet")
    assert labels.file is not None
    assert page_sizes(labels.file.content) == {(612, 792)}


@ONE_ENGINE
async def test_the_menu_is_for_coordinators_and_the_kitchen_count_for_cooks_too(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    cook = await house.member("Cook Sun", Role.KITCHEN)
    await guests(house, chen, canteen)
    (count,) = await chen.says("/kitchen")
    assert count.buttons[:2] == ["Who eats?", "Print"]
    assert len(await prints(chen)) == 4
    (count,) = await cook.says("/kitchen")
    assert count.buttons[:2] == ["Kitchen count", "… as a table"]
    (paper,) = await cook.taps("Kitchen count")
    assert paper.file is not None
    of_day = f"{canteen.id}:2026-11-24"
    closed = [f"print:{of_day}", f"paper:{of_day}:all", f"paper:{of_day}:roster_table", f"labels:{of_day}"]
    elsewhere = await house.canteen("Elsewhere")
    stranger = await house.coordinator("Ms Sun", canteen=elsewhere)
    for other in (cook, await house.volunteer(), await house.family(), house.stranger(), stranger):
        for data in closed if other is cook else [*closed, f"count:{of_day}:kitchen"]:
            news = await other.presses(data)
            assert all(message.file is None and "what shall I make" not in message.text for message in news)
    for unknown in (f"paper:{of_day}:kitchen", f"count:{of_day}:roster"):
        assert all(message.file is None for message in await chen.presses(unknown))


@ONE_ENGINE
async def test_without_deliveries_there_is_no_route_sheet_and_without_guests_no_paper(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    for act in ("print:{}:{}", "paper:{}:{}:all", "count:{}:{}:kitchen"):
        (nobody,) = await chen.presses(act.format(canteen.id, "2026-11-24"))
        assert nobody.text.startswith("Nobody has lunch on Tue 24 Nov.")
        (none,) = await chen.presses(act.format(canteen.id, "2026-11-29"))
        assert none.text.startswith("There is no lunch on Sun 29 Nov anyway.")
    await chen.presses(f"labels:{canteen.id}:2026-11-24")
    assert (await chen.taps("A new sheet"))[-1].text.startswith("Nobody has lunch on Tue 24 Nov.")
    await a_senior(canteen, mode=Mode.DINE_IN)
    (offer,) = await chen.presses(f"print:{canteen.id}:2026-11-24")
    assert "Route sheets" not in offer.buttons
    papers = await chen.taps("All to print")
    assert [paper.file and paper.file.name.partition("-")[0] for paper in papers] == [
        "roster", "kitchen", "labels"
    ]  # fmt: skip
    (none,) = await chen.presses(f"paper:{canteen.id}:2026-11-24:routes")
    assert none.file is None


@ONE_ENGINE
async def test_each_route_begins_on_a_page_of_its_own(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    routes = [(await Route.of(canteen.id))[0]]
    routes += [await Route.create(canteen_id=canteen.id, name=f"Route {n}", position=n) for n in (2, 3)]
    by = await chen.person()
    for number in range(60):
        senior = await a_senior(canteen, name=f"Grandmother {number:02}")
        await routes[number % 3].put(senior.id, None, by, house.now)
    (sheets,) = await chen.presses(f"paper:{canteen.id}:2026-11-24:routes")
    found = words(sheets)
    assert [next(r.name for r in routes if f"· {r.name} " in page) for page in found] == [
        name for name in ("Route 1", "Route 2", "Route 3") for _page in range(len(found) // 3)
    ]
    assert all(f"Grandmother {number:02}" in " ".join(found) for number in range(60))
    each = len(found) // 3
    assert [page[-5:] for page in found] == [f"{n} / {each}" for _r in routes for n in range(1, each + 1)]
    assert ["continued" in page for page in found] == [n > 0 for _route in routes for n in range(each)]
