"""Read a database's schema as facts that two ways to it can be compared by."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import asyncpg

from bot.database.config import sqlite_path

RECORDS = "tortoise_migrations"

POSTGRES_FACTS = {
    "column": """
        SELECT table_name AS name, concat_ws(' ', column_name, data_type, character_maximum_length,
            'null:' || is_nullable, 'default:' || column_default) AS fact
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraint": """
        SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS fact
        FROM pg_constraint WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace
    """,
    "index": """
        SELECT tablename AS name, regexp_replace(indexdef, 'INDEX .* ON', 'INDEX ON') AS fact
        FROM pg_indexes WHERE schemaname = 'public'
    """,
}

Schema = dict[str, set[str]]


async def read_schema(database_url: str) -> Schema:
    """Return the facts about each table: columns, keys, checks, uniques and indexes, whatever their names."""
    path = sqlite_path(database_url)
    schema = await _postgres(database_url) if path is None else _sqlite(path)
    schema.pop(RECORDS, None)
    return schema


async def _postgres(database_url: str) -> Schema:
    schema: Schema = {}
    connection = await asyncpg.connect(database_url)
    try:
        for kind, query in POSTGRES_FACTS.items():
            for row in await connection.fetch(query):
                schema.setdefault(row["name"].strip('"'), set()).add(f"{kind} {row['fact']}")
    finally:
        await connection.close()
    return schema


def _sqlite(path: Path) -> Schema:
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {name: set(_sqlite_facts(connection, name, sql)) for name, sql in tables}


def _sqlite_facts(connection: sqlite3.Connection, table: str, sql: str) -> Iterator[str]:
    for _, name, kind, not_null, default, key in connection.execute(f"PRAGMA table_info({table})"):
        yield f"column {name} {kind} not_null:{not_null} default:{default} key:{key}"
    for row in connection.execute(f"PRAGMA foreign_key_list({table})"):
        yield f"constraint {row[3]} REFERENCES {row[2]} ({row[4]}) ON DELETE {row[6]}"
    for check in _checks(sql):
        yield f"constraint {check}"
    for _, name, unique, _, partial in connection.execute(f"PRAGMA index_list({table})"):
        columns = [row[2] for row in connection.execute(f"PRAGMA index_info({name})")]
        where = ""
        if partial:
            [source] = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
            where = source.partition(" WHERE ")[2]
        yield f"index unique:{unique} {columns} {where}"
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", [table]
    ):
        yield f"trigger {name}"


def _checks(sql: str) -> Iterator[str]:
    """Find each `CONSTRAINT "name" CHECK (…)`, up to the bracket that closes it."""
    for found in re.finditer(r'CONSTRAINT "\w+" CHECK \(', sql):
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        yield sql[found.start() : end]
