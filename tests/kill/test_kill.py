"""Killed at any moment, the house loses nothing that it accepted and does nothing twice."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.kill.campaign import campaign
from tests.kill.windows import Window

EACH = 3


@pytest.mark.kill
@pytest.mark.slow
@pytest.mark.parametrize("webhook", [True, False], ids=["webhook", "polling"])
async def test_a_house_killed_again_and_again_does_everything_once(
    db_url: str, tmp_path: Path, webhook: bool
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    windows = list(Window) * EACH
    random.Random(seed).shuffle(windows)
    began = time.monotonic()
    report = await campaign(tmp_path, db_url, windows, webhook=webhook, seed=seed)
    print(f"{report}; {time.monotonic() - began:.0f} s")
