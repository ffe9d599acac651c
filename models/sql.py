"""Questions that the query builder can't ask, or asks slowly, in the way of each engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from tortoise.connection import get_connection

# The bit of a day's weekday (Monday is the first) in a mask of weekdays; {day} is the column.
BIT: Final = {
    "sqlite": "(1 << (CAST(strftime('%w', {day}) AS INTEGER) + 6) % 7)",
    "postgres": "(1 << (EXTRACT(ISODOW FROM {day})::int - 1))",
}


async def rows(template: str, *values: object, **words: str) -> list[dict[str, Any]]:
    """Run a statement and return its rows.

    {0}, {1}… in the template stand for `values`, {name} for `words` of the statement itself.
    Instants are compared as UtcDatetimeField writes them, dates as DateField does.
    """
    database = get_connection("default")
    postgres = database.capabilities.dialect == "postgres"
    marks = [f"{'$' if postgres else '?'}{place}" for place in range(1, len(values) + 1)]
    said = [_written(value, postgres=postgres) for value in values]
    return await database.execute_query_dict(template.format(*marks, **words), said)


def bit_of(column: str) -> str:
    """Write the bit of the weekday of a date column in a mask of weekdays."""
    return BIT[get_connection("default").capabilities.dialect].format(day=column)


def as_day(value: str | date) -> date:
    """Read a date as either engine gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def numbers(ids: Iterable[int]) -> str:
    """Write ids as the list of an IN."""
    return ", ".join(str(int(each)) for each in ids)


def _written(value: object, *, postgres: bool) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC)
        case date() if not postgres:
            return value.isoformat()
    return value
