"""What a month of cases comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from models.canteens import Canteen
from models.cases import MISSED, Case, CaseKind, CaseOutcome
from models.months import last_day, month_of


@dataclass(frozen=True, slots=True)
class Figures:
    """The cases of a canteen's month, by its first day: how many of each kind, and how those ended.

    still_open: nobody has closed them yet. usually: until it was known how somebody is who was not met (the
    median).
    """

    month: date
    opened: Mapping[CaseKind, int]
    ended: Mapping[CaseOutcome, int]
    still_open: int
    usually: timedelta | None

    @classmethod
    async def of(cls, canteen: Canteen, month: date) -> Figures:
        """Count the cases of the month in which a day lies."""
        first = month_of(month)
        cases = await Case.filter(canteen_id=canteen.id, day__gte=first, day__lte=last_day(first))
        lasted = [
            (case.closed_at - (case.began_at or case.opened_at)).total_seconds()
            for case in cases
            if case.closed_at is not None and case.kind in MISSED
        ]
        return cls(
            month=first,
            opened=Counter(case.kind for case in cases),
            ended=Counter(CaseOutcome(case.outcome) for case in cases if case.closed_at is not None),
            still_open=sum(case.closed_at is None for case in cases),
            usually=timedelta(seconds=median(lasted)) if lasted else None,
        )
