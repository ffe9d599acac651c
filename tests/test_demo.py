"""The demo: a whole day at the sample canteen, through the page that people open."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from structlog.testing import capture_logs
from tortoise.expressions import Q

from bot.app import App, load_features
from bot.channels import Kind, Update
from bot.database import transaction
from bot.demo import rehearsing
from bot.i18n import render
from handlers.chat import REGISTRY
from handlers.demo import fill
from handlers.languages import LANGUAGES
from handlers.sample import begins
from handlers.text import unpack
from models.cases import Case
from models.hours import HoursEntry
from models.meals import Meal, MealState
from models.messaging import OutboxMessage, Sent
from models.people import Account, Membership, Role
from models.routes import Stop
from models.seniors import Mode, Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.webchat.browser import chromium

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVENING_BEFORE = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)  # Tuesday, 15:40 in Shanghai
LABELS = [
    "orders close",
    "reminders of the day before",
    "who is missing tomorrow",
    "the lists for kitchen and rounds",
    "reminders of the morning",
    "lunch leaves the canteen",
    "lunch is on the table",
    "the report of the day",
]


async def heard_by(name: str) -> list[str]:
    """Read what was sent to somebody, in English."""
    rows = OutboxMessage.filter(state=Sent.SENT, kind="text").order_by("id").prefetch_related("person")
    return [
        render(unpack(row.body["text"]), language="en", zone="Asia/Shanghai", links=lambda _code: []).text
        for row in await rows
        if row.person is not None and row.person.name == name
    ]


async def does(app: App, name: str, event: str, **what: Any) -> None:
    """Do something on one of the phones, as the page's connection would pass it on."""
    account = next(one for one in await Account.all().prefetch_related("person") if one.person.name == name)
    await app.hear(Update("webchat", f"test:{event}", sender=account.address, place=account.address, **what))


async def delivered(app: App) -> None:
    """Wait until all that is due has been sent; what came in while its reader's lane was busy, too."""
    waiting = Q(owner__not_isnull=True) | Q(next_at__lte=app.clock.now())
    while await OutboxMessage.filter(waiting, state=Sent.PENDING).exists():
        for sender in app.senders:
            await sender.drain()
            await sender.finish()


@pytest.mark.parametrize("days", range(7))
def test_a_rehearsal_begins_the_afternoon_before_the_next_lunch(days: int) -> None:
    now = SUNDAY + timedelta(days=days)
    begin = begins(now).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{begin:%H:%M}" == "15:40"
    assert begin.weekday() in range(4)
    assert timedelta(0) <= begin.date() - now.date() < timedelta(days=4)


async def test_the_sample_is_a_canteen_with_a_past(db: str) -> None:
    load_features()
    async with transaction():
        phones = await fill(EVENING_BEFORE, "en")
    assert [phone.slot for phone in phones] == ["family", "volunteer", "coordinator"]
    seniors = await Senior.filter(status=Status.ACTIVE)
    assert Counter(senior.mode for senior in seniors) == {Mode.DELIVERY: 34, Mode.DINE_IN: 7, Mode.PICK_UP: 3}
    assert await Senior.filter(status=Status.ENQUIRY).count() == 1
    stops = Counter(stop.route_id for stop in await Stop.filter(left_at=None))
    assert sorted(stops.values()) == [10, 12, 12]
    assert await Membership.filter(role=Role.VOLUNTEER, accepted_at__not_isnull=True).count() == 11
    states = Counter(meal.state for meal in await Meal.all())
    assert states[MealState.IN_PERSON] > 250
    assert states[MealState.NO_ANSWER] == 1
    assert not states[MealState.EXPECTED]
    assert len({meal.day for meal in await Meal.all()}) == 10
    assert await HoursEntry.all().count() == 3 * 10
    assert await Case.filter(closed_at=None).count() == 1


@ONE_ENGINE
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_sample_speaks_the_language_of_its_guest(db: str, language: str) -> None:
    load_features()
    started = time.process_time()
    async with transaction():
        mei, _lin, _chen = await fill(EVENING_BEFORE, language)
    assert time.process_time() - started < 6
    assert mei.person.language == language
    (wang,) = await Senior.followed_by(mei.person)
    assert (wang.name, wang.called) == {
        "en": ("Wang Guilan", "Aunt Guilan"),
        "zh_Hans": ("王桂兰", "桂兰阿姨"),
        "zh_Hant": ("王桂蘭", "桂蘭阿姨"),
        "es": ("Wang Guilan", "doña Guilan"),
    }[language]


async def test_outside_a_rehearsal_there_are_no_moments(db: str) -> None:
    load_features()
    assert REGISTRY.moments is not None
    assert await REGISTRY.moments(EVENING_BEFORE) == []


async def test_a_whole_day_goes_by_on_the_page(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with (
            rehearsing(0, "en", tmp_path) as app,
            aiohttp.ClientSession(
                f"http://127.0.0.1:{app.port}", cookie_jar=aiohttp.CookieJar(unsafe=True)
            ) as browser,
        ):
            await three_phones(app, browser)
            gone_to = []
            while (event := await coming(browser)) is not None:
                gone_to.append(event)
                await go_on(app, browser)
                if event == "lunch leaves the canteen":
                    await lin_hands_over(app)
            assert gone_to == LABELS
            await told_at_the_end()
            assert not await OutboxMessage.filter(state__in=(Sent.UNKNOWN, Sent.REJECTED)).exists()
    assert [entry["event"] for entry in logs if entry["log_level"] in ("error", "critical")] == []


async def three_phones(app: App, browser: aiohttp.ClientSession) -> None:
    async with browser.get("/") as page:
        body = await page.text()
        assert page.status == 200
    for slot, owner in (
        ("family", "Family: Li Mei"),
        ("volunteer", "Volunteer: Lin Hao"),
        ("coordinator", "Coordinator: Ms Chen"),
    ):
        assert f'<iframe src="/chat/{slot}/" title="{owner}">' in body
        async with browser.get(f"/chat/{slot}/") as phone:
            assert phone.status == 200
    await delivered(app)
    for name in ("Li Mei", "Lin Hao", "Ms Chen"):
        (welcome,) = await heard_by(name)
        assert welcome.startswith(f"Hello {name}, this is the canteen Ping'an Lane.")


async def coming(browser: aiohttp.ClientSession) -> str | None:
    """Ask what the bar above the phones offers to go to."""
    async with browser.get("/rehearsal/state", params={"language": "en"}) as answer:
        state = await answer.json()
    return None if state["next"] is None else str(state["next"]["label"])


async def go_on(app: App, browser: aiohttp.ClientSession) -> None:
    origin = {"Origin": f"http://127.0.0.1:{app.port}"}
    async with browser.post("/rehearsal/next", headers=origin) as answer:
        assert answer.status == 200
    await delivered(app)


async def lin_hands_over(app: App) -> None:
    """Lin hands Wang Guilan's lunch over: her daughter hears of it, and Ms Chen's card counts it."""
    await does(app, "Ms Chen", "today", kind=Kind.TEXT, text="/today")
    await does(app, "Lin Hao", "round", kind=Kind.TEXT, text="/round")
    wang = await Meal.get(senior__short_id="A5", day=app.clock.now().date())
    await does(app, "Lin Hao", "door", kind=Kind.PRESS, data=f"at_door:{wang.id}:handed_over")
    await delivered(app)
    assert "Aunt Guilan's lunch was handed over in person on" in (await heard_by("Li Mei"))[-1]
    assert "Route 1: Lin Hao · 1 of " in (await heard_by("Ms Chen"))[-1]


async def told_at_the_end() -> None:
    chen = await heard_by("Ms Chen")
    for words in ("Kitchen for", "This count is final.", "Route 1, ", "Route 3, ", "How "):
        assert any(words in text for text in chen), words
    report = next(text for text in chen if text.startswith("How "))
    last = await Meal.all().order_by("-day").first()
    assert last is not None
    seen = await Meal.filter(day=last.day, state=MealState.IN_PERSON).count()
    assert seen > 15
    assert f"{seen} were handed over in person." in report
    lin = await heard_by("Lin Hao")
    assert any("Tomorrow is your shift" in text for text in lin)
    assert any("Today is your shift" in text for text in lin)


@pytest.mark.browser
async def test_what_is_done_on_one_phone_shows_on_another_in_a_browser(tmp_path: Path) -> None:
    async with rehearsing(0, "en", tmp_path) as app, chromium() as browser:
        page = await (await browser.new_context(locale="en-GB")).new_page()
        page.set_default_timeout(20_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"http://127.0.0.1:{app.port}/")
        lin, chen = (
            page.frame_locator(f'iframe[src="/chat/{slot}/"]') for slot in ("volunteer", "coordinator")
        )
        for title, name in (("Family", "Li Mei"), ("Volunteer", "Lin Hao"), ("Coordinator", "Ms Chen")):
            phone = page.frame_locator(f'iframe[title="{title}: {name}"]')
            await phone.locator(".words", has_text=f"Hello {name}").wait_for()
        for event in ("reminders of the day before", "who is missing tomorrow"):
            await page.click("#next")
            await page.locator("#event", has_text=event).wait_for()
        await lin.locator(".words", has_text="Tomorrow is your shift").wait_for()
        assert await chen.locator(".words", has_text="Lin Hao can't come").count() == 0
        await lin.locator("button", has_text="I can't come").last.click()
        await lin.locator(".words", has_text="is open to others again").wait_for()
        await chen.locator(".words", has_text="Lin Hao can't come").wait_for()
        assert complaints == []
