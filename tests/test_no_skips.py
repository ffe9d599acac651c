"""Where `CI=true`, a browser or PostgreSQL test that did not run has failed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.{marker}
def test_it():
    {body}
"""


def outcome(folder: Path, code: str, *, ci: str) -> str:
    """Run one file of tests in a process of its own; return pytest's last line."""
    (folder / "test_sample.py").write_text(code)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  browser: .\n  postgres: .\n  other: .\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugins.no_skips", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize("marker", ["browser", "postgres"])
def test_a_skip_for_want_of_a_server_or_a_browser_is_a_failure(tmp_path: Path, marker: str) -> None:
    code = TESTS.format(marker=marker, body='pytest.skip("there is none")')
    assert outcome(tmp_path, code, ci="true").startswith("1 failed")
    assert outcome(tmp_path, code, ci="").startswith("1 skipped")


def test_a_whole_file_that_is_skipped_is_a_failure(tmp_path: Path) -> None:
    code = 'import pytest\npytest.importorskip("no_such_library")\n'
    assert outcome(tmp_path, code, ci="true").startswith("1 error")


def test_other_skips_and_expected_failures_stay_what_they_are(tmp_path: Path) -> None:
    skipped = TESTS.format(marker="other", body='pytest.skip("not on this system")')
    assert outcome(tmp_path, skipped, ci="true").startswith("1 skipped")
    expected = TESTS.format(marker="browser", body='pytest.xfail("a fault of the browser")')
    assert outcome(tmp_path, expected, ci="true").startswith("1 xfailed")
