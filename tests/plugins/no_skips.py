"""Turn a skipped browser or PostgreSQL test into a failure where `CI=true`."""

import os
from collections.abc import Generator

import pytest

NEVER_SKIPPED = ("browser", "postgres")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") == "true":
        config.pluginmanager.register(NoSkips(), "no-skips")


class NoSkips:
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        marked = [name for name in NEVER_SKIPPED if item.get_closest_marker(name)]
        if marked and report.skipped and not hasattr(report, "wasxfail"):
            report.outcome = "failed"
            report.longrepr = f"a {marked[0]} test may not be skipped with CI=true: {_reason(report)}"
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        if report.skipped:  # a whole file, whose markers nobody has read yet
            report.outcome = "failed"
            report.longrepr = f"a test file may not be skipped with CI=true: {_reason(report)}"
        return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
