"""A month of doors: every step once and within a minute, no case lost, doubled, or closed by the machine."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import settings

from models.caselog import CaseEvent
from models.cases import Case
from models.messaging import OutboxMessage
from tests.ladder.month import MINUTE, Month

AT_LENGTH = settings.default.max_examples > 1000
SENIORS, SHARE = (60, 0.06) if AT_LENGTH else (8, 0.08)


@pytest.mark.fuzz
@pytest.mark.parametrize("time", range(12 if AT_LENGTH else 1))
async def test_a_month_of_doors(db: str, time: int, record_property: Any) -> None:
    seed = random.SystemRandom().randrange(2**32)
    record_property("note", f"seed {seed}")
    month = await Month.begin(seed, SENIORS)
    figures = await month.live(SHARE)
    record_property("note", f"{figures}")
    assert figures.late <= MINUTE
    assert figures.steps > figures.passed > 0

    cases = await Case.all()
    assert len(cases) == figures.doors == len({(case.senior_id, case.day) for case in cases})
    for case in cases:
        if case.closed_at is None:
            assert case.next_at is not None, "an open case is always brought up again"
        else:
            assert case.closed_by_id == month.chen.id
            assert await CaseEvent.filter(case_id=case.id, kind__startswith="closed:", by_id=month.chen.id)
    told = await OutboxMessage.filter(key__not_isnull=True).values_list("key", flat=True)
    assert len(told) == len(set(told))
