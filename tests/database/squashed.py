"""Make the migrations anew, as one, from the models: what every upgrade has to arrive at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest

from bot.database.config import Schema
from bot.database.make import make

# Python remembers a package by its name, also when its folder is another test's.
_numbers = count()


async def squashed(modules: Sequence[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Schema:
    """Write one migration for these models into a new package in `folder`."""
    package = folder / f"squashed_{next(_numbers)}"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(folder)
    schema = Schema(modules, package.name)
    await make("initial", schema)
    return schema
