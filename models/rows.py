"""Questions to the rows that are clearer in SQL: one template, each engine's way of writing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from tortoise.connection import get_connection

from models.fields import UtcDatetimeField

# The bit of a day's weekday (Monday is the first) in a mask of weekdays; {day} is the column.
BIT: Final = {
    "sqlite": "(1 << (CAST(strftime('%w', {day}) AS INTEGER) + 6) % 7)",
    "postgres": "(1 << (EXTRACT(ISODOW FROM {day})::int - 1))",
}


async def query(template: str, *values: Any, bit_of: str = "") -> list[dict[str, Any]]:
    """Ask with {0}, {1}… for the values and {bit} for the weekday of the column `bit_of`.

    Instants are written as their columns write them.
    """
    database = get_connection("default")
    engine = database.capabilities.dialect
    marks = [f"{'$' if engine == 'postgres' else '?'}{place}" for place in range(1, len(values) + 1)]
    said = [_said(value, engine) for value in values]
    sql = template.format(*marks, bit=BIT[engine].format(day=bit_of))
    return await database.execute_query_dict(sql, said)


def _said(value: Any, engine: str) -> Any:
    if isinstance(value, datetime):
        return _INSTANT.to_db_value(value, None)
    return value.isoformat() if isinstance(value, date) and engine != "postgres" else value


def as_day(value: str | date) -> date:
    """Read a date as either engine gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


_INSTANT: Final = UtcDatetimeField()
