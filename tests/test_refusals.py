"""A run of all tests in which somebody is never refused something fails, and names it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.refusals import every


@pytest.mark.parametrize(("more", "fails"), [((), True), (("-k", "it"), False)])
def test_a_refusal_without_a_scene_is_missed(tmp_path: Path, more: tuple[str, ...], fails: bool) -> None:
    (tmp_path / "test_sample.py").write_text("def test_it():\n    pass\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    here = Path(__file__).parents[1]
    plugins = ("-p", "tests.plugins.refusals", "-p", "no:cacheprovider")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugins, *more],
        cwd=tmp_path, env={"PATH": "", "PYTHONPATH": str(here)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    missed = {name.strip() for line in ran.stdout.splitlines() for name in line.split(",")}
    assert (ran.returncode, every() <= missed) == ((1, True) if fails else (0, False)), ran.stdout
