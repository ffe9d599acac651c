"""What the house knows, row by row; and whether any turn of it has failed."""

from __future__ import annotations

from typing import Any, Final

from tortoise import Tortoise
from tortoise.connection import get_connection

from models.messaging import InboxUpdate

# What comes and goes with every message, whatever it says.
TALK: Final = frozenset(
    {
        "account", "channel_state", "conversation", "heartbeat", "inbox_update", "lease", "outbox_message",
        "web_message", "web_session",
    }
)  # fmt: skip

Facts = dict[str, list[dict[str, Any]]]


async def facts(besides: frozenset[str] = TALK) -> Facts:
    """Read every row of every table that holds facts, in the order of their keys."""
    database = get_connection("default")
    tables = sorted(
        str(model._meta.db_table) for models in (Tortoise.apps or {}).values() for model in models.values()
    )
    return {
        table: [dict(row) for row in await database.execute_query_dict(f'SELECT * FROM "{table}" ORDER BY 1')]
        for table in tables
        if table not in besides
    }


def changed(before: Facts, after: Facts) -> list[str]:
    """Name the tables that differ, with what is new, gone or other in them."""
    found = []
    for table in before:
        rows, now = ({row["id"]: row for row in side[table]} for side in (before, after))
        found += [f"{table} {number} is new" for number in now.keys() - rows.keys()]
        found += [f"{table} {number} is gone" for number in rows.keys() - now.keys()]
        for number in rows.keys() & now.keys():
            other = [name for name in rows[number] if rows[number][name] != now[number][name]]
            found += [f"{table} {number} has another {name}" for name in other]
    return found


async def apologies() -> list[str]:
    """List the updates that ended in an apology: each is a turn that failed."""
    return [f"{row.kind} {row.event}: number {row.failed}" for row in await InboxUpdate.exclude(failed=None)]
