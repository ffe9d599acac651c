"""A day's lists on paper: for coordinators, in their language, with what a volunteer needs at each door."""

from __future__ import annotations

from models.audit import AuditEvent
from models.canteens import Canteen
from models.dated import Residence
from models.messaging import OutboxMessage
from models.routes import Route
from models.seniors import Diet, Mode, Senior
from tests.house import Heard, House, Phone
from tests.models.making import LONG_AGO, NOW, TUESDAY, a_senior
from tests.pdf import fonts, pages

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
    """Press [Print] under the newest list; return the messages that carry a paper."""
    return [message for message in await phone.taps("Print") if message.file is not None]


def words(message: Heard) -> list[str]:
    assert message.file is not None
    return pages(message.file.content)


async def test_under_the_roster_one_button_prints_the_list_and_the_route_sheets(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    assert [message.buttons for message in chen.reads()] == [[], [], [], ["Print"]]
    roster, routes = await prints(chen)
    assert roster.file is not None
    assert routes.file is not None
    assert (roster.file.name, routes.file.name) == ("roster-2026-11-24.pdf", "routes-2026-11-24.pdf")
    (list_,) = words(roster)
    assert "Ping'an Lane · Tue 24 Nov" in list_
    assert "1 何美珍 A2 for gout and no eggs 2 Wang Guilan A1 low salt" in list_
    assert "Li Ming A4 no peanuts" in list_
    assert "平安里" not in list_
    first, second = words(routes)
    assert "Ping'an Lane · Tue 24 Nov · Route 1" in first
    assert "1 何美珍 A2 平安里 3 号楼 501 How to knock: three times for gout 2" in first
    assert "2 Granny Wang A1 3 Ping'an Lane low salt" in first
    assert "Please give this sheet back after the round." in first
    assert "On no route yet" in second
    assert "Zhao Fu A3" in second
    assert "eggs" not in first
    assert "Li Ming" not in first + second
    assert all(fonts(roster.file.content).values())
    assert all(fonts(routes.file.content).values())


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
    ]


async def test_the_row_in_the_database_holds_a_papers_name_and_no_bytes(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    await prints(chen)
    bodies = [row.body for row in await OutboxMessage.all() if "paper" in row.body]
    assert [body["paper"] for body in bodies] == [
        ["roster", str(canteen.id), "2026-11-24"],
        ["routes", str(canteen.id), "2026-11-24"],
    ]


async def test_a_coordinator_reads_the_papers_in_chinese(house: House) -> None:
    canteen = await house.canteen(language="zh_Hans")
    chen = await house.coordinator("Ms Chen", language="zh_Hans")
    await guests(house, chen, canteen)
    await house.at(CLOSING)
    papers = [message for message in await chen.taps(chen.last.buttons[0]) if message.file is not None]
    # Chinese letters and Latin digits stand a little apart in good print.
    (list_,), (first, _second) = [[page.replace(" ", "") for page in words(paper)] for paper in papers]
    assert "11月24日周二" in list_
    assert "何美珍A2痛风餐和不放鸡蛋" in list_
    assert "请在送完后交回这张单子" in first


async def test_the_kitchen_count_can_be_printed_by_coordinators_only(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await guests(house, chen, canteen)
    (count,) = await chen.says("/kitchen")
    assert count.buttons[:2] == ["Who eats?", "Print"]
    assert len(await prints(chen)) == 2
    data = f"print:{canteen.id}:2026-11-24"
    for other in (await house.volunteer(), await house.family(), house.stranger()):
        assert all(message.file is None for message in await other.presses(data))
    elsewhere = await house.canteen("Elsewhere")
    stranger = await house.coordinator("Ms Sun", canteen=elsewhere)
    assert all(message.file is None for message in await stranger.presses(data))


async def test_without_deliveries_there_is_no_route_sheet_and_without_guests_no_paper(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    data = f"print:{canteen.id}:2026-11-24"
    (nobody,) = await chen.presses(data)
    assert nobody.text.startswith("Nobody has lunch on Tue 24 Nov.")
    await a_senior(canteen, mode=Mode.DINE_IN)
    (roster,) = await chen.presses(data)
    assert roster.file is not None
    (none,) = await chen.presses(f"print:{canteen.id}:2026-11-29")
    assert none.file is None


async def test_each_route_begins_on_a_page_of_its_own(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    routes = [(await Route.of(canteen.id))[0]]
    routes += [await Route.create(canteen_id=canteen.id, name=f"Route {n}", position=n) for n in (2, 3)]
    by = await chen.person()
    for number in range(60):
        senior = await a_senior(canteen, name=f"Grandmother {number:02}")
        await routes[number % 3].put(senior.id, None, by, house.now)
    _list, sheets = [m for m in await chen.presses(f"print:{canteen.id}:2026-11-24") if m.file is not None]
    found = words(sheets)
    assert [next(r.name for r in routes if f"· {r.name} " in page) for page in found] == [
        name for name in ("Route 1", "Route 2", "Route 3") for _page in range(len(found) // 3)
    ]
    assert all(f"Grandmother {number:02}" in " ".join(found) for number in range(60))
