"""Rules of the desk, the menu, the calls and the doors from a day on: rows of the dated settings.

Such a row is named after the room and the rule, as "calls.tries". It is put into force at the midnight of its
day; noons and kitchen lines of days from then on go by it beforehand.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from models.audit import AuditEvent
from models.callrules import HOURS, NUMBERS, CallRules
from models.canteens import Canteen
from models.care import MINUTES, Care
from models.datedsettings import DatedSetting
from models.deskrules import CLOCKS as DESK_CLOCKS
from models.deskrules import RULES as DESK_RULES
from models.deskrules import DeskRules
from models.menumail import MenuSetting
from models.menus import LINES
from models.risks import Risk

Rules: TypeAlias = Care | CallRules | DeskRules | MenuSetting
MASKS: Final[Mapping[str, Sequence[str]]] = {
    "calls.daily_for": [risk.value for risk in Risk],
    "menu.lines": LINES,
}
YES_NO: Final = frozenset({"care.wellbeing", "menu.families"})
ROOMS: Final[Mapping[str, type[Rules]]] = {
    "care": Care,
    "calls": CallRules,
    "desk": DeskRules,
    "menu": MenuSetting,
}
CLOCKS: Final = frozenset(
    {*(f"calls.{name}" for name in HOURS), *(f"desk.{name}" for name in DESK_CLOCKS), "menu.menu_at"}
)
RULES: Final = (
    CLOCKS
    | YES_NO
    | MASKS.keys()
    | {f"care.{name}" for name in (*MINUTES, "unseen_days", "photo_days", "voice_days")}
    | {f"calls.{name}" for name in NUMBERS}
    | {f"desk.{name}" for name in DESK_RULES}
)


def written(name: str, value: Any) -> str:
    """Write the value of a rule for its row; a list as the sum of its bits."""
    if name in MASKS:
        held = [MASKS[name].index(one) for one in value or ()]
        return "" if value is None else str(sum(1 << bit for bit in held))
    if name in YES_NO:
        return str(int(value))
    return "" if value is None else str(value)


def read(name: str, value: str) -> Any:
    """Read the value of a rule."""
    if name in MASKS:
        return [one for bit, one in enumerate(MASKS[name]) if int(value) >> bit & 1] if value else None
    if name in YES_NO:
        return value == "1"
    if name in CLOCKS:
        return value or None
    return int(value) if value else None


async def coming(canteen_ids: Sequence[int], room: str) -> dict[int, list[DatedSetting]]:
    """List what is still to come of the rules of one room, soonest first, by canteen."""
    found: dict[int, list[DatedSetting]] = {}
    for row in await DatedSetting.coming(canteen_ids):
        if row.room == room:
            found.setdefault(row.canteen_id, []).append(row)
    return found


def on(rules: Rules, rows: Iterable[DatedSetting], day: date) -> Rules:
    """Give the rules that hold on a day; not to be saved."""
    then = copy.copy(rules)
    for row in rows:
        if row.since <= day:
            setattr(then, row.rule, read(row.name, row.value))
    return then


async def with_row(row: DatedSetting) -> Rules:
    """Give the rules as they will be with a row, or would have been; not to be saved."""
    assert row.room is not None
    if row.applied_at is not None:
        return await ROOMS[row.room].of(row.canteen_id)
    rows = (await coming([row.canteen_id], row.room)).get(row.canteen_id, [])
    earlier = [one for one in rows if (one.since, one.id) < (row.since, row.id)]
    return on(await ROOMS[row.room].of(row.canteen_id), [*earlier, row], row.since)


async def must_hold(room: str, canteen: Canteen, now: datetime, rules: Rules | None = None) -> None:
    """Check that the rules of a room fit together on every date to come; `rules`: those of now.

    Raises StepsOutOfOrder, CallHoursOutOfOrder, SettingUnreadable.
    """
    from models.schedule import Schedule

    rules = rules or await ROOMS[room].of(canteen.id)
    rows = (await coming([canteen.id], room)).get(canteen.id, [])
    schedule = await Schedule.of(canteen, now)
    rules.must_fit(canteen)
    for since in dict.fromkeys(row.since for row in rows):
        on(rules, rows, since).must_fit(schedule.on(since))


async def desk_rules(canteens: Sequence[Canteen]) -> Callable[[int, date], DeskRules]:
    """Read the rules of several desks; the answer tells those of a canteen that hold on a day."""
    ids = [canteen.id for canteen in canteens]
    now, rows = await DeskRules.of_all(ids), await coming(ids, "desk")

    def then(canteen_id: int, day: date) -> DeskRules:
        held = on(now[canteen_id], rows.get(canteen_id, ()), day)
        assert isinstance(held, DeskRules)
        return held

    return then


async def kitchen_lines(canteen_ids: Sequence[int]) -> Callable[[int, date], Sequence[str]]:
    """Read the kitchen lines of several canteens beside the ordinary; the answer tells those of a day."""
    now, rows = await MenuSetting.lines_of(canteen_ids), await coming(canteen_ids, "menu")

    def then(canteen_id: int, day: date) -> Sequence[str]:
        lines: Sequence[str] = now[canteen_id]
        for row in rows.get(canteen_id, ()):
            if row.rule == "lines" and row.since <= day:
                lines = read(row.name, row.value)
        return lines

    return then


async def put_into_force(row: DatedSetting, canteen: Canteen, now: datetime) -> bool:
    """Let a rule hold, with old and new on record; the caller holds the canteen, and replans."""
    from models.callrounds import CallRound
    from models.calls import CallReason

    assert row.room is not None
    rules = await ROOMS[row.room].of(canteen.id)
    before = written(row.name, getattr(rules, row.rule))
    setattr(rules, row.rule, read(row.name, row.value))
    if isinstance(rules, MenuSetting):
        late = canteen.at(canteen.today(now), rules.menu_at) <= now
        if late and rules.next_at is not None and canteen.today(rules.next_at) == canteen.today(now):
            rules.next_at = min(rules.next_at, now)
        else:
            rules.follow(canteen, now)
    elif isinstance(rules, CallRules) and row.rule == "daily_at" and rules.daily_at is not None:
        # After an outage the hour may have passed: then the calls of the day begin at once.
        today = canteen.today(now)
        begins, reason = canteen.at(today, rules.daily_at), CallReason.DAILY
        if (
            begins <= now
            and not await CallRound.filter(canteen_id=canteen.id, reason=reason, day=today).exists()
        ):
            rules.next_at = begins
    await rules.save()
    await DatedSetting.filter(id=row.id).update(before=before, applied_at=now)
    about = f"canteen {canteen.id}: {before} → {row.value}"
    await AuditEvent.record(f"{row.act}_holds", about, by=row.by_id, now=now)
    return True
