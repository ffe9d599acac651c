"""Write the next migration: `python -m bot.database.make NAME [--renames]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tortoise.migrations.operations import Operation, RenameConstraint, RenameField, RenameModel
from tortoise.migrations.writer import format_migration_name

from bot.database.config import PRODUCT, Schema
from bot.database.detector import missing_migrations

RENAMES = (RenameConstraint, RenameField, RenameModel)


class LooksLikeRename(ValueError):
    """Say that something vanished and something alike appeared, which may or may not be a rename."""


async def make(name: str, schema: Schema = PRODUCT, *, renames: bool = False) -> Path | None:
    """Write the migration that brings the models of now about; None when they are there already.

    Tortoise takes a field that goes and one of the same type that comes for a rename, and shows the old
    data under the new name. So a rename is written only when it was asked for.
    """
    for writer in await missing_migrations(schema):
        if not renames:
            _refuse_renames(writer.operations)
        writer.name = format_migration_name(int(writer.name.partition("_")[0]), name)
        return writer.write()
    return None


def _refuse_renames(operations: Sequence[Operation]) -> None:
    found = [operation.describe() for operation in operations if isinstance(operation, RENAMES)]
    if found:
        raise LooksLikeRename(
            f"{'; '.join(found)}: pass --renames if that is meant (an encrypted column must then be sealed "
            "anew in the same migration), or remove the old one and add the new one in two migrations"
        )


def main() -> int:
    """Write a migration and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m bot.database.make", description=__doc__)
    parser.add_argument("name", help="what changes, in a few words: add_second_phone")
    parser.add_argument("--renames", action="store_true", help="what looks like a rename is one")
    arguments = parser.parse_args()
    try:
        path = asyncio.run(make(arguments.name, renames=arguments.renames))
    except LooksLikeRename as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"{path}\n" if path else "models and migrations agree\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
