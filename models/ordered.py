"""The rule of who eats on a day, as SQL that both engines read: the lists, counts and meals come from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from tortoise.connection import get_connection

from models.sql import bit_of

# Who eats on the service days whose orders are open, by the pattern, its pauses and its one-day changes.
# Nobody is left out silently: without a diet or a route that column is empty. {eats}: the weekdays.
# A day that stands for others (a make-up workday, an added day) is for those who eat on all of them, too.
# A closure says what becomes of it: on a converted day everybody's lunch is brought home.
ORDERED: Final = """
    SELECT s.id AS senior_id, sd.id AS service_day_id, s.canteen_id, sd.day,
        {mode} AS mode, COALESCE(c.origin, 'pattern') AS origin,
        COALESCE(c.guests, 0) AS guests,
        (SELECT r.id FROM residence r WHERE r.senior_id = s.id AND r.since <= sd.day
            ORDER BY r.since DESC, r.id DESC LIMIT 1) AS residence_id,
        (SELECT d.id FROM diet d WHERE d.senior_id = s.id AND d.since <= sd.day
            ORDER BY d.since DESC, d.id DESC LIMIT 1) AS diet_id,
        CASE WHEN {mode} = 'delivery' THEN COALESCE(rt.id, ot.id) END AS route_id,
        CASE WHEN {mode} <> 'delivery' THEN NULL
            WHEN rt.id IS NOT NULL THEN st.position
            WHEN ot.id IS NOT NULL THEN (
                SELECT COALESCE(MAX(z.position), 0) FROM stop z WHERE z.route_id = ot.id AND z.left_at IS NULL
            ) + (
                SELECT COUNT(*) FROM order_change z WHERE z.route_id = ot.id AND z.day = c.day
                    AND z.voided_at IS NULL AND z.id <= c.id
            ) END AS position,
        COALESCE(c.mode, s.mode) AS wanted, cl.kind AS closure
    FROM service_day sd
    JOIN senior s ON s.canteen_id = sd.canteen_id AND s.status = 'active'
    LEFT JOIN order_change c ON c.senior_id = s.id AND c.day = sd.day AND c.voided_at IS NULL
    LEFT JOIN stop st ON st.senior_id = s.id AND st.left_at IS NULL
    LEFT JOIN route rt ON rt.id = st.route_id AND rt.closed_at IS NULL
    LEFT JOIN closure cl ON cl.canteen_id = sd.canteen_id AND cl.day = sd.day AND cl.ended_at IS NULL
    LEFT JOIN route ot ON ot.id = c.route_id AND ot.closed_at IS NULL
    WHERE {which} AND sd.state = 'planned'
        AND (c.kind = 'extra' OR ({eats} AND (c.kind IS NULL OR c.kind <> 'skip')))
        AND NOT EXISTS (SELECT 1 FROM pause p WHERE p.senior_id = s.id AND p.voided_at IS NULL
            AND p.starts <= sd.day AND (p.ends IS NULL OR p.ends >= sd.day))
"""
COLUMNS: Final = (
    "senior_id, service_day_id, canteen_id, day, mode, origin, guests,"
    " residence_id, diet_id, route_id, position"
)
MODE: Final = "CASE WHEN cl.kind = 'converted' THEN 'delivery' ELSE COALESCE(c.mode, s.mode) END"
COOKED: Final = "COALESCE(o.closure, '') NOT IN ('closed', 'ahead')"
NOT_COOKED: Final = "'cancelled', 'closed_by_canteen', 'brought_ahead'"
DUE: Final = """
    SELECT {columns}, NULL AS meal_id, 'expected' AS state FROM ({ordered}) o WHERE {cooked}
    UNION ALL
    SELECT {columns}, m.id AS meal_id, m.state FROM meal m WHERE {which} AND m.state NOT IN ({not_cooked})
    ORDER BY day, canteen_id, senior_id
"""
# Who would eat if no closure stood in between, or does.
WANTED: Final = """
    SELECT {columns}, NULL AS meal_id, 'expected' AS state FROM ({ordered}) o
    UNION ALL
    SELECT {columns}, m.id AS meal_id, m.state FROM meal m WHERE {which} AND m.state <> 'cancelled'
    ORDER BY day, canteen_id, senior_id
"""
HOMES: Final = """
    SELECT d.route_id, d.day, COUNT(DISTINCT COALESCE(h.household_id, -h.id)) AS n FROM (
        SELECT route_id, day, senior_id FROM ({ordered}) o WHERE {cooked}
        UNION ALL
        SELECT m.route_id, m.day, m.senior_id FROM meal m WHERE {which} AND m.state NOT IN ({not_cooked})
    ) d JOIN senior h ON h.id = d.senior_id WHERE d.route_id IS NOT NULL GROUP BY d.route_id, d.day
"""
LUNCHES: Final = """
    SELECT d.canteen_id, d.day, d.mode, COUNT(*) AS n FROM (
        SELECT canteen_id, day, mode FROM ({ordered}) o WHERE {cooked}
        UNION ALL
        SELECT m.canteen_id, m.day, m.mode FROM meal m WHERE {which} AND m.state NOT IN ({not_cooked})
    ) d GROUP BY d.canteen_id, d.day, d.mode
"""
MAKE: Final = """
    INSERT INTO meal ({columns}, converted_from, state)
    SELECT {columns}, CASE WHEN mode <> wanted THEN wanted END,
        CASE closure WHEN 'closed' THEN 'closed_by_canteen' WHEN 'ahead' THEN 'brought_ahead'
            ELSE 'expected' END
    FROM ({ordered}) o WHERE true ON CONFLICT (senior_id, day) DO NOTHING
"""
# That a senior's weekdays have a service day: its own weekday, or all those that it stands for.
EATS: Final = "(s.weekdays & {bit} <> 0 OR s.weekdays & sd.stands_for = sd.stands_for)"
OF_CANTEENS: Final = "{day} = {0} AND {canteen} IN ({after_first})"
OF_PERIOD: Final = "{day} BETWEEN {0} AND {1} AND {canteen} IN ({after_second})"
OF_SENIOR: Final = "{senior} = {0} AND {day} BETWEEN {1} AND {2}"
OF_DAYS: Final = "{service_day} IN ({all})"
IN_ORDERED: Final = {"day": "sd.day", "canteen": "sd.canteen_id", "senior": "s.id", "service_day": "sd.id"}
IN_MEAL: Final = {
    "day": "m.day",
    "canteen": "m.canteen_id",
    "senior": "m.senior_id",
    "service_day": "m.service_day_id",
}


def filled(template: str, which: str, values: Sequence[object]) -> tuple[str, list[Any]]:
    """Write a statement in the way of the engine, for the days or people that `which` selects."""
    engine = get_connection("default").capabilities.dialect
    marks = [f"{'$' if engine == 'postgres' else '?'}{place}" for place in range(1, len(values) + 1)]
    listed = {
        "all": ", ".join(marks),
        "after_first": ", ".join(marks[1:]),
        "after_second": ", ".join(marks[2:]),
    }
    ordered = ORDERED.format(which=which.format(*marks, **listed, **IN_ORDERED), eats=eats(), mode=MODE)
    sql = template.format(
        columns=COLUMNS,
        ordered=ordered,
        which=which.format(*marks, **listed, **IN_MEAL),
        cooked=COOKED,
        not_cooked=NOT_COOKED,
    )
    if engine == "postgres":
        return sql, list(values)
    return sql, [value.isoformat() if isinstance(value, date) else value for value in values]


def eats() -> str:
    """Say in SQL that a senior's weekdays have a service day (`wanted` in models/schedule.py)."""
    return EATS.format(bit=bit_of("sd.day"))
