"""Killed at any moment, the house loses nothing that it accepted and does nothing twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kill.campaign import campaign
from tests.kill.windows import KILLS, Window

EACH = 3
"""Kills in each window, on each engine, by webhook and by polling: 48 in all, 12 in each window."""
STOPS, FEW = 3, 4

pytestmark = [
    pytest.mark.kill,
    pytest.mark.slow,
    pytest.mark.parametrize("webhook", [True, False], ids=["webhook", "polling"]),
]

Note = Callable[[str, object], None]


async def test_a_house_killed_again_and_again_does_everything_once(
    db_url: str, tmp_path: Path, webhook: bool, record_property: Note
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    windows = list(KILLS) * EACH
    random.Random(seed).shuffle(windows)
    report = await campaign(tmp_path, db_url, windows, webhook=webhook, seed=seed)
    record_property("note", str(report))


async def test_a_house_that_is_asked_to_end_finishes_what_it_began_and_repeats_nothing(
    db_url: str, tmp_path: Path, webhook: bool, record_property: Note
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    windows = [Window.STOPPED] * STOPS
    report = await campaign(tmp_path, db_url, windows, webhook=webhook, seed=seed, families=FEW)
    assert report.repeated == 0
    record_property("note", str(report))
