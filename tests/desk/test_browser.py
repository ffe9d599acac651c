"""The desk's page in a real browser: touched, typed, scanned, and without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from models.meals import MealEvent, MealState
from models.qrcards import SeniorCard
from tests.desk.scene import Scene, at_noon
from tests.desk.serving import Served, served
from tests.house import House
from tests.webchat.browser import PHONE, chromium
from tests.webchat.test_access import CONTRAST, SMALL_TARGETS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("db_url", ["sqlite"], indirect=True),
]


@pytest_asyncio.fixture
async def scene(house: House) -> Scene:
    return await at_noon(house)


@pytest_asyncio.fixture
async def there(house: House) -> AsyncIterator[Served]:
    async with served(house) as there:
        yield there


async def test_the_desk_on_a_phone(scene: Scene, there: Served) -> None:
    """One scene, for a browser takes long to start."""
    link = await there.link(scene.chen)
    errors: list[str] = []
    async with chromium() as browser:
        context = await browser.new_context(**PHONE)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Policy" in line.text else None)
        await page.goto(link)
        await page.get_by_role("button", name="Open the page").click()
        assert page.url == f"{there.url}/board/desk/"
        await page.get_by_text("0 of 4 came").wait_for()

        seen = await page.evaluate(CONTRAST)
        assert seen["seen"] > 10
        assert seen["poor"] == []
        assert await page.evaluate(SMALL_TARGETS) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        # Touched: the tile goes, the count follows, and it is said aloud.
        await page.get_by_role("button", name="A1 Wang Guilan").click()
        await page.get_by_text("1 of 4 came").wait_for()
        assert "Wang Guilan" in str(await page.get_by_role("status").text_content())

        # Typed: the list is filtered, and Enter signs in; a name of two is left open.
        box = page.get_by_label("Name, number or card")
        await box.fill("li")
        assert await page.locator(".tiles li:visible").count() == 2
        await box.press("Enter")
        await page.get_by_text("Several are called like that").wait_for()

        # Scanned: a scanner types digits wherever the focus is, and ends with Enter.
        await SeniorCard.issue_missing(scene.canteen.id, await scene.chen.person(), scene.house.now)
        await page.locator("h1").click()
        await page.keyboard.type((await SeniorCard.get(senior_id=scene.li.id)).code)
        await page.keyboard.press("Enter")
        await page.get_by_text("2 of 4 came").wait_for()

        # Somebody else at another phone.
        await scene.cook.says("/signin")
        await scene.cook.says("A3")
        await page.get_by_text("3 of 4 came").wait_for()

        # Without a network the tap is shown as waiting, survives a reload, and counts from when it was made.
        meal = await scene.meal(scene.zhao)
        await page.route("**/board/desk/sign_in", lambda route: route.abort())
        await page.get_by_role("button", name="Somebody else picks it up").click()
        await page.locator(".unsent:visible").wait_for()
        assert await page.locator(f"#in{meal.id}.sending").count() == 1
        assert await scene.state(scene.zhao) is MealState.EXPECTED
        await page.reload()
        await page.locator(f"#in{meal.id}.sending").wait_for()
        await page.unroute("**/board/desk/sign_in")
        await page.get_by_text("picked up by somebody else, 11:19").wait_for()
        assert await MealEvent.filter(meal_id=meal.id).count() == 1

        # By keyboard alone.
        undo = page.get_by_role("button", name="Undo Zhao Fu")
        await undo.focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Somebody else picks it up").wait_for()
        assert await scene.state(scene.zhao) is MealState.EXPECTED

        # The page closes where it is open.
        await scene.chen.taps("Close the page everywhere")
        await page.get_by_text("This page is not open here").wait_for()
        await context.close()
    assert errors == []
