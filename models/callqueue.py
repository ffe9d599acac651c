"""Whom to call next, over all lists of a canteen: one call to a senior answers for every list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.calls import CHECKS, CallItem, CallReason
from models.canteens import Canteen
from models.meals import SEEN, Meal
from models.risks import in_hospital
from models.seniors import Senior

# A check that may save a life goes before news of lunch, and that before the call of every day.
ORDER: Final[Mapping[CallReason, int]] = {
    CallReason.HEAT: 0,
    CallReason.COLD: 0,
    CallReason.CLOSED: 1,
    CallReason.REOPENED: 1,
    CallReason.CALENDAR: 1,
    CallReason.DAILY: 2,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A senior who is still to be called, with what for."""

    senior: Senior
    items: Sequence[CallItem]

    @property
    def reasons(self) -> list[CallReason]:
        """List why they are called, the most urgent first."""
        found = {CallReason(item.call_list.reason) for item in self.items}
        return sorted(found, key=lambda reason: (ORDER[reason], reason))

    @property
    def tries(self) -> int:
        """Tell how often nobody answered."""
        return max(int(item.tries) for item in self.items)

    @property
    def next_at(self) -> datetime | None:
        """Tell when they are called again; None: now."""
        later = [item.next_at for item in self.items]
        return None if None in later else min(at for at in later if at is not None)

    def ready(self, now: datetime) -> bool:
        """Tell whether they may be called now."""
        return self.next_at is None or self.next_at <= now


async def waiting(canteen: Canteen, now: datetime, *senior_ids: int) -> list[Waiting]:
    """List who is still to be called today, the next one first; some seniors only, if they are named.

    First whom a check is for, then those who did not answer least often, then who lives alone.
    """
    today = canteen.today(now)
    due = CallItem.due(canteen.id, today)
    if senior_ids:
        due = due.filter(senior_id__in=senior_ids)
    items = await due.order_by("id").prefetch_related("senior", "call_list")
    by_senior: dict[int, list[CallItem]] = {}
    for item in await still_asked(canteen, now, items):
        by_senior.setdefault(item.senior_id, []).append(item)
    found = [Waiting(mine[0].senior, mine) for mine in by_senior.values()]
    return sorted(
        found,
        key=lambda each: (ORDER[each.reasons[0]], each.tries, not each.senior.alone, each.items[0].id),
    )


async def still_asked(canteen: Canteen, now: datetime, items: Sequence[CallItem]) -> list[CallItem]:
    """List the calls that are still of use; their lists must be fetched.

    Whom somebody met in person today, or looks after in hospital, need not be asked how they are.
    """
    seen = await _seen(canteen, now) if any(_daily(item) for item in items) else set()
    away = await in_hospital(canteen, canteen.today(now)) if any(_check(item) for item in items) else set()
    return [
        item
        for item in items
        if not (_daily(item) and item.senior_id in seen) and not (_check(item) and item.senior_id in away)
    ]


def _daily(item: CallItem) -> bool:
    return item.call_list.reason is CallReason.DAILY


def _check(item: CallItem) -> bool:
    return item.call_list.reason in CHECKS


async def _seen(canteen: Canteen, now: datetime) -> set[object]:
    met = Meal.filter(canteen_id=canteen.id, day=canteen.today(now), state__in=list(SEEN))
    return set(await met.values_list("senior_id", flat=True))
