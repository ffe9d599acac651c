"""Take brakes off the query builder: what it copies and writes anew for each statement."""

from __future__ import annotations

import copy as copying
from operator import is_
from typing import Any

from pypika_tortoise import queries
from pypika_tortoise.context import SqlContext
from pypika_tortoise.dialects import postgresql, sqlite
from pypika_tortoise.queries import QueryBuilder
from pypika_tortoise.terms import Field
from tortoise import queryset

CONTAINERS = frozenset({dict, list, set})


def copy(settings: SqlContext, **changes: Any) -> SqlContext:
    """Copy frozen settings with some changed, without asking for each of the twelve by its name."""
    copied = object.__new__(SqlContext)
    copied.__dict__.update(settings.__dict__, **changes)
    return copied


def duplicate(value: Any) -> Any:
    """Copy a value as `copy.copy` does; two dozen lists of each query and of each step to it."""
    return value.copy() if type(value) in CONTAINERS else copying.copy(value)


def select_sql(query: QueryBuilder, settings: SqlContext) -> str:
    """Write what is selected; the columns of a model, always the same, are remembered with the first one."""
    return f"SELECT {query._distinct_sql(settings)}{columns_sql(query._selects, settings)}"


def columns_sql(columns: list[Any], settings: SqlContext) -> str:
    """Write columns, or what else is selected, one after the other."""
    first = columns[0] if columns else None
    table = first.table if type(first) is Field else None
    how = (
        settings.with_namespace, settings.quote_char, settings.alias_quote_char, settings.as_keyword,
        table and table.alias,
    )  # fmt: skip
    kept: Any = first.__dict__.get("written") if table else None
    if kept and kept[0] == how and len(kept[1]) == len(columns) and all(map(is_, kept[1], columns)):
        return str(kept[2])
    inner = settings.copy(subquery=True, with_alias=True)
    written = ",".join(column.get_sql(inner) for column in columns)
    # With anything but columns go values, which would be missing the next time.
    if table and all(type(column) is Field for column in columns):
        first.__dict__["written"] = (how, list(columns), written)
    return written


# A tenth of all that a turn costs.
setattr(SqlContext, "copy", copy)  # noqa: B010  mypy lets no method be replaced by its name
setattr(QueryBuilder, "_select_sql", select_sql)  # noqa: B010  nor this one
for module in (queries, sqlite, postgresql, queryset):
    setattr(module, "copy", duplicate)  # noqa: B010  nor a function that was imported
