"""What a month of cases comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from models.canteens import Canteen
from models.cases import MISSED, Case, CaseKind


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cases were opened in a month, by kind; usually: until a shut door was cleared up (median)."""

    opened: Mapping[CaseKind, int]
    usually: timedelta | None

    @classmethod
    async def of(cls, canteen: Canteen, now: datetime) -> Figures:
        """Count the cases of the canteen's month so far."""
        today = canteen.today(now)
        cases = await Case.filter(canteen_id=canteen.id, day__gte=today.replace(day=1), day__lte=today)
        lasted = [
            (case.closed_at - (case.began_at or case.opened_at)).total_seconds()
            for case in cases
            if case.closed_at is not None and case.kind in MISSED
        ]
        usually = timedelta(seconds=median(lasted)) if lasted else None
        return cls(Counter(case.kind for case in cases), usually)
