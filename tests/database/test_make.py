"""Write migrations: only what changed, and no rename that nobody asked for."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bot.database.config import Schema
from bot.database.make import LooksLikeRename, make
from tests.database import sample
from tests.database.conftest import SAMPLE

HOUSE = "    name = fields.CharField(max_length=80)\n"


def changed(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str) -> Schema:
    """Copy the sample under a name of its own, with one change in its tables."""
    package = folder / name
    shutil.copytree(Path(next(iter(sample.__path__))), package)
    tables = package / "tables.py"
    source = tables.read_text()
    assert old in source
    tables.write_text(source.replace(old, new, 1))
    monkeypatch.syspath_prepend(folder)
    return Schema((f"{name}.tables",), f"{name}.migrations")


async def test_without_a_change_nothing_is_written() -> None:
    assert await make("nothing", SAMPLE) is None


async def test_a_new_column_becomes_the_next_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = changed(tmp_path, monkeypatch, "adds", HOUSE, f"{HOUSE}    rooms = fields.IntField(null=True)\n")

    path = await make("Count the rooms", schema)

    assert path == tmp_path / "adds" / "migrations" / "0003_count_the_rooms.py"
    source = path.read_text()
    assert "name='rooms'" in source
    assert source.count("ops.") == 1
    assert await make("again", schema) is None


async def test_what_looks_like_a_rename_is_written_only_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = changed(tmp_path, monkeypatch, "renames", HOUSE, "    title = fields.CharField(max_length=80)\n")

    with pytest.raises(LooksLikeRename, match="Rename field name to title on House: pass --renames"):
        await make("title", schema)
    path = await make("title", schema, renames=True)

    assert path is not None
    assert "ops.RenameField(" in path.read_text()


async def test_docstrings_and_new_members_of_a_choice_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = "fields.CharEnumField(Status, max_length=32)"
    schema = changed(tmp_path, monkeypatch, "chooses", "fields.CharField(max_length=32)", choice)
    tables = tmp_path / "chooses" / "tables.py"
    members = '\n\nclass Status(StrEnum):\n    NEW = "new"\n    HERE = "here"\n\n\nclass House'
    source = tables.read_text().replace(
        "from tortoise import fields", "from enum import StrEnum\nfrom tortoise import fields"
    )
    tables.write_text(source.replace("\n\nclass House", members, 1).replace("A child of a house", "A guest"))

    assert await make("nothing", schema) is None
    assert "chooses.tables" in sys.modules
