"""Put dated settings into force: each once, on its day, the canteen's own first."""

from __future__ import annotations

from datetime import datetime

from models import datedroutes, datedrules, datedseniors
from models.audit import AuditEvent
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.datedsettings import DatedSetting, written


async def apply_due(now: datetime) -> tuple[Canteen, list[DatedSetting]] | None:
    """Put into force what is due at one canteen, in its order; None when nothing is due.

    What was planned for a senior or a route that has gone meanwhile is voided, and not returned.
    """
    due = DatedSetting.waiting().filter(starts_at__lte=now)
    first = await due.order_by("starts_at", "id").first()
    if first is None:
        return None
    # The canteen is held first, as by everybody who changes it.
    canteen = await Canteen.locked(first.canteen_id)
    rows = await due.filter(canteen_id=canteen.id).order_by("since", "id")
    # Lists of days before it are made first, also after an outage.
    unmade = (
        await ServiceDay.filter(canteen_id=canteen.id, state=DayState.PLANNED, close_at__lte=now)
        .order_by("day")
        .first()
    )
    rows = [
        row
        for row in rows
        if unmade is None or unmade.day >= row.since or not (row.for_lists or datedroutes.closes(row))
    ]
    if not rows:
        return None  # another process was first, or it waits for those lists
    mine = [row for row in rows if row.of_canteen]
    for row in mine:
        was, is_ = getattr(canteen, row.name), row.setting
        row.before, row.applied_at = written(was), now
        setattr(canteen, row.name, is_)
        about = f"canteen {canteen.id}: {was} → {is_}"
        await AuditEvent.record(f"{row.act}_holds", about, by=row.by_id, now=now)
    if mine:
        await canteen.save(update_fields=list({row.name for row in mine}))
        await DatedSetting.bulk_update(mine, ["before", "applied_at"])
    done = [row for row in rows if row in mine or await _put_into_force(row, canteen, now)]
    await canteen.replan(now)
    return canteen, done


async def _put_into_force(row: DatedSetting, canteen: Canteen, now: datetime) -> bool:
    """Do what is not the canteen's own; tell whether it is done, and can be told."""
    if row.room is not None:
        return await datedrules.put_into_force(row, canteen, now)
    if row.route_id is not None:
        return await datedroutes.put_into_force(row, canteen, now)
    return await datedseniors.put_into_force(row, now)
