"""The scheduler's end: nobody who was called is cut off, whenever it comes."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.app import load_features
from bot.clock import Clock
from bot.scheduler import Scheduler
from tests.fixtures_database import ONE_ENGINE


@ONE_ENGINE
async def test_an_end_in_the_middle_of_the_first_looks_cuts_nobody_off(
    db: str, caplog: pytest.LogCaptureFixture
) -> None:
    load_features()
    with caplog.at_level(logging.INFO):
        for steps in range(40):
            scheduler = Scheduler(Clock())
            scheduler.start()
            for _step in range(steps):
                await asyncio.sleep(0)
            await scheduler.stop()
            await asyncio.sleep(0)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
