"""The desk's page: opened by one personal link, good for a day, and by nobody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import ClientResponse, ClientSession

from models.audit import AuditEvent
from models.boards import BoardKey
from models.meals import Meal, MealEvent, MealState
from models.people import Membership, Role
from models.qrcards import SeniorCard
from tests.desk.scene import Scene, at_noon
from tests.desk.serving import Served, browser, served
from tests.fixtures_database import ONE_ENGINE
from tests.house import House
from tests.models.making import TUESDAY, a_senior

JSON = {"Accept": "application/json"}


@pytest_asyncio.fixture
async def scene(house: House) -> Scene:
    return await at_noon(house)


@pytest_asyncio.fixture
async def there(house: House) -> AsyncIterator[Served]:
    async with served(house) as there:
        yield there


async def opened(session: ClientSession, there: Served, scene: Scene) -> str:
    """Open the page as the coordinator does; return its words."""
    link = await there.link(scene.chen)
    async with session.post(link) as answer:
        assert answer.status == 200
        return await answer.text()


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found
    return found[1]


async def acts(
    session: ClientSession, there: Served, page: str, act: str, **fields: object
) -> dict[str, object]:
    form = {"csrf": csrf(page), **{name: str(value) for name, value in fields.items()}}
    async with session.post(f"{there.url}/board/desk/{act}", data=form, headers=JSON) as answer:
        assert answer.status == 200, await answer.text()
        said: dict[str, object] = await answer.json()
        return said


def guarded(answer: ClientResponse) -> None:
    """Check what every answer tells the browser."""
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_link_opens_the_page_once_and_a_tap_on_it_counts(scene: Scene, there: Served) -> None:
    meal = await scene.meal(scene.wang)
    link = await there.link(scene.chen)
    await scene.cook.says("/signin")
    async with browser() as session:
        async with session.get(link) as answer:
            guarded(answer)
            assert "This link is for Ms Chen" in await answer.text()
        async with session.get(link) as answer:
            assert answer.status == 200, "a messenger may look at a link before its reader does"
        async with session.post(link) as answer:
            guarded(answer)
            page = await answer.text()
            (sent,) = answer.history
            cookie = sent.headers["Set-Cookie"]
        assert all(
            part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/board/desk/", "Max-Age=")
        )
        assert "0 of 4 came" in page
        assert "Wang Guilan" in page
        said = await acts(session, there, page, "sign_in", meal_id=meal.id, other=0, ago=60_000)
        assert said["ok"] is True
        assert "Wang Guilan" in str(said["said"])
        assert "1 of 4 came" in str(said["live"])
        await acts(session, there, page, "sign_in", meal_id=meal.id, other=0)
        event = await MealEvent.get(state=MealState.SIGNED_IN)
        assert (scene.house.now - event.at).total_seconds() == 60, "it happened when it was tapped"
        await scene.house.deliver()
        assert "1 of 4 came" in scene.cook.last.text, "the card in the chat follows"
        async with session.get(
            f"{there.url}/board/desk/live", headers={"If-None-Match": str(said["version"])}
        ) as a:
            assert a.status == 304
        assert "2 guests" in str((await acts(session, there, page, "guests", day=TUESDAY, count=2))["said"])
        undone = await acts(session, there, page, "undo", meal_id=meal.id)
        assert "0 of 4 came" in str(undone["live"])
        async with session.get(link) as answer:
            assert answer.url.path == "/board/desk/", "tapped once more, the open page comes"
    async with browser() as other, other.post(link) as answer:
        assert answer.status == 403
        assert "works once and for one day" in await answer.text()
        guarded(answer)
    assert await AuditEvent.filter(act="board.open").count() == 1
    assert await AuditEvent.filter(act="shown", about__startswith="names at the desk").exists()


async def test_what_is_typed_or_scanned_on_the_page_is_understood_as_in_the_chat(
    scene: Scene, there: Served
) -> None:
    await SeniorCard.issue_missing(scene.canteen.id, await scene.chen.person(), scene.house.now)
    code = (await SeniorCard.get(senior_id=scene.wang.id)).code
    async with browser() as session:
        page = await opened(session, there, scene)
        for text, ok, words in (
            (code, True, "Wang Guilan"),
            ("A1", True, "noted before"),
            (
                "li ming",
                False,
                "Several are called like that: Li Ming (A2, born 1939) and Li Ming (A3, born 1944)",
            ),
            ("a2 a3", True, "Li Ming (A3)"),
            ("A17", False, "Who picks up the lunch of Zhao Fu (A17)?\nPlease tap it in the list."),
            ("B3", False, "To sign in all the same, write B3+"),
            ("B3+", True, "Sun Yun"),
            ("Z9", False, "Nobody here has this number: Z9"),
            ("<script>", False, "find that senior"),
        ):
            said = await acts(session, there, page, "typed", text=text)
            assert (said["ok"], words in str(said["said"])) == (ok, True), (text, said)
        assert "4 of 5 came" in str(said["live"])


async def test_a_browser_without_scripts_sees_the_page_anew(scene: Scene, there: Served) -> None:
    meal = await scene.meal(scene.zhao)
    async with browser() as session:
        page = await opened(session, there, scene)
        form = {"csrf": csrf(page), "meal_id": str(meal.id), "other": "1"}
        async with session.post(f"{there.url}/board/desk/sign_in", data=form) as answer:
            page = await answer.text()
        assert "somebody else picked it up" in page
        assert await scene.state(scene.zhao) is MealState.FETCHED


@ONE_ENGINE
async def test_the_page_closes_with_the_role_with_the_day_and_by_hand(scene: Scene, there: Served) -> None:
    house, chen = scene.house, scene.chen
    async with browser() as session:
        page = await opened(session, there, scene)

        async def status() -> int:
            async with session.get(f"{there.url}/board/desk/live") as answer:
                return answer.status

        assert await status() == 200
        held = Membership.filter(person_id=(await chen.person()).id, role=Role.COORDINATOR)
        await held.update(ended_at=house.now)
        assert await status() == 403, "rights are checked at each request"
        form = {"csrf": csrf(page), "meal_id": "1", "other": "0"}
        async with session.post(f"{there.url}/board/desk/sign_in", data=form, headers=JSON) as answer:
            assert answer.status == 403
        await held.update(ended_at=None)
        assert await status() == 200
        await chen.taps("Close the page everywhere")
        assert "1 page is closed now" in chen.last.text
        assert await status() == 403
        await opened(session, there, scene)
        assert await status() == 200
        await house.at("2026-11-24 13:00")
        assert await status() == 403
    assert not await Meal.filter(state=MealState.SIGNED_IN).exists()


@ONE_ENGINE
async def test_nobody_else_speaks_for_the_page(scene: Scene, there: Served) -> None:
    meal = await scene.meal(scene.wang)
    elsewhere = await scene.house.canteen("Elsewhere")
    their = await a_senior(elsewhere, name="Theirs", short_id="A1")
    await Membership.grant(
        await scene.chen.person(), elsewhere.id, Role.COORDINATOR, by=None, now=scene.house.now
    )
    foreign = await Meal.create(
        senior_id=their.id,
        service_day_id=meal.service_day_id,
        canteen_id=elsewhere.id,
        day=TUESDAY,
        mode="dine_in",
    )
    async with browser() as session:
        await scene.chen.presses(f"desk_page:{scene.canteen.id}")
        link = re.search(r"http\S+", scene.chen.last.text)
        assert link
        async with session.post(link[0], headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403
        async with session.post(link[0], headers={"Sec-Fetch-Site": "cross-site"}) as answer:
            assert answer.status == 403
        async with session.post(link[0]) as answer:
            page = await answer.text()
        good = {"csrf": csrf(page), "meal_id": str(meal.id), "other": "0"}
        url = f"{there.url}/board/desk/sign_in"
        for form, headers, status in (
            (good | {"csrf": "0" * 32}, JSON, 403),
            ({"meal_id": "1", "other": "0"}, JSON, 403),
            (good, JSON | {"Origin": "https://evil.example"}, 403),
            (good | {"meal_id": "x"}, JSON, 400),
            ({"csrf": good["csrf"]}, JSON, 400),
        ):
            async with session.post(url, data=form, headers=headers) as answer:
                assert answer.status == status, (form, await answer.text())
                guarded(answer)
        for meal_id, other in ((foreign.id, 0), (999_999, 0), (meal.id, 7)):
            said = await acts(session, there, page, "sign_in", meal_id=meal_id, other=other)
            assert said["ok"] is False
            assert "no longer there" in str(said["said"])
        for path in ("nosuch/", "desk/nosuch", "static/x/../../boards.py", "static/x/nosuch.js"):
            async with session.post(f"{there.url}/board/{path}", data=good) as answer:
                assert answer.status in (404, 405)
        async with session.get(f"{there.url}/board/desk/in/nosuch-link") as answer:
            assert answer.url.path == "/board/desk/"
    spanish = {"Accept-Language": "es-MX"}
    async with browser() as stranger, stranger.get(f"{there.url}/board/desk/", headers=spanish) as answer:
        assert answer.status == 403
        assert "/signin" in await answer.text()
    assert not await MealEvent.exists()
    assert await BoardKey.filter(opened_at=None).count() == 0


@ONE_ENGINE
async def test_a_page_that_was_not_opened_in_time_says_when_the_desk_is(scene: Scene, there: Served) -> None:
    async with browser() as session:
        await opened(session, there, scene)
        await Meal.all().delete()
        async with session.get(f"{there.url}/board/desk/") as answer:
            assert "Nobody is expected" in await answer.text()
        await scene.canteen.fetch_related("days")
        for day in scene.canteen.days:
            await day.delete()
        async with session.get(f"{there.url}/board/desk/") as answer:
            assert "Nobody can be signed in for Tue 24 Nov" in await answer.text()
        async with session.get(f"{there.url}/board/desk/live") as answer:
            assert "Nobody can be signed in for Tue 24 Nov" in await answer.text()
