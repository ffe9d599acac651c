"""Take a brake off the query builder: it copies its settings a dozen times for each statement."""

from __future__ import annotations

from typing import Any

from pypika_tortoise.context import SqlContext


def copy(settings: SqlContext, **changes: Any) -> SqlContext:
    """Copy frozen settings with some changed, without asking for each of the twelve by its name."""
    copied = object.__new__(SqlContext)
    copied.__dict__.update(settings.__dict__, **changes)
    return copied


# A twentieth of all that a turn costs.
setattr(SqlContext, "copy", copy)  # noqa: B010  mypy lets no method be replaced by its name
