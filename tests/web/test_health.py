"""What the house tells of itself over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from bot.app import App
from bot.settings import load
from handlers.chat import REGISTRY
from models.messaging import Heartbeat
from tests.fixtures_database import SECRET


@pytest_asyncio.fixture
async def app(sqlite_url: str) -> AsyncIterator[App]:
    settings = load(
        _env_file=None,
        database_url=sqlite_url,
        secret_key=SECRET,
        port=0,
        metrics_token="let-me-in",
    )
    async with App(settings).running() as running:
        yield running


async def get(app: App, path: str, **headers: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"http://127.0.0.1:{app.port}{path}") as answer,
    ):
        return answer.status, await answer.text()


async def test_a_process_says_that_it_is_alive(app: App) -> None:
    assert await get(app, "/healthz") == (200, '{"alive": true}')


async def test_a_process_shows_its_public_pages_whatever_they_are_asked(app: App) -> None:
    for asked in ("", "?number=1-2026-0001", "?number=%ED%A0%80%00&code=%FF%0D%0A", f"?code={'A' * 5000}"):
        status, text = await get(app, f"/public/record/{asked}")
        assert status == 200
        assert 'name="code"' in text
        assert ("There is no service record" in text) == bool(asked)
    assert (await get(app, "/public/nothing/"))[0] == 404


async def test_readiness_names_the_job_that_does_not_run(app: App) -> None:
    status, text = await get(app, "/readyz")
    assert status == 503
    assert "job late: bot.tasks.work" in text
    for _seconds, job in REGISTRY.jobs:
        await app.scheduler.run(job)
    assert (await get(app, "/readyz"))[0] == 200
    await Heartbeat.filter(job="bot.tasks.work").delete()
    assert (await get(app, "/readyz"))[0] == 503


async def test_metrics_are_for_this_machine_or_for_whoever_has_the_token(app: App) -> None:
    status, text = await get(app, "/metrics")
    assert status == 200
    assert "canteen_turn_seconds" in text
    assert (await get(app, "/metrics", **{"X-Forwarded-For": "203.0.113.5"}))[0] == 403
    forwarded = {"X-Forwarded-For": "203.0.113.5", "Authorization": "Bearer let-me-in"}
    assert (await get(app, "/metrics", **forwarded))[0] == 200


@pytest.mark.parametrize("path", ["/rehearsal/state", "/nothing"])
async def test_a_real_house_has_no_rehearsal(app: App, path: str) -> None:
    assert (await get(app, path))[0] == 404
