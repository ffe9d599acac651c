"""A slice of the month that `make bench ARGS=month` lives: two real processes, killed all the time."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from models.caselog import CaseEvent
from models.cases import Case
from tests.ladder.real import Rehearsal, service_days

SENIORS, SHARE, SPEED = 12, 0.15, 10.0
UNTIL = "10:40"
OUTAGE = timedelta(minutes=30)


@pytest.mark.kill
@pytest.mark.slow
@pytest.mark.postgres
async def test_a_ladder_climbs_on_time_while_processes_die_and_goes_on_rightly_after_an_outage(
    postgres_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    first, second = itertools.islice(service_days(), 2)
    async with (
        asyncio.timeout(280),
        Rehearsal.opened(tmp_path, postgres_url, seed=seed, seniors=SENIORS, speed=SPEED) as rehearsal,
    ):
        await rehearsal.live_day(first, SHARE, last=UNTIL)
        await rehearsal.live_day(second, SHARE, last=UNTIL, away=OUTAGE, after=2, people=False)
        account = await rehearsal.account()
        case = await Case.filter(day=second).order_by("id").first()
        assert case is not None
        events = await CaseEvent.filter(case_id=case.id).order_by("id").values_list("kind", flat=True)
    # Each once and in its order; the two in time, of one door or of two; then the one that is right after it.
    assert [kind.partition(":")[2] for kind in events[1:]] == ["red", "call", "go_on", "again"]
    assert (events[1], events[-2:]) == ("step:red", ["passed:go_on", "step:again"])
    assert account.in_time == len(account.waits) > 1, account
    record_property("note", f"seed {seed}; {account}; {rehearsal.twins}")
