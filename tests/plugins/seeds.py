"""Print what tests noted with `record_property("note", …)`, such as seeds, also of those that passed."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the notes; with xdist they come from the workers."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    notes = [
        (report.nodeid, str(value))
        for report in reports
        for name, value in report.user_properties
        if name == "note"
    ]
    if notes:
        terminalreporter.section("notes")
    for test, note in notes:
        terminalreporter.write_line(f"{test.rpartition('::')[2]}: {note}")
