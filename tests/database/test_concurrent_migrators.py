"""Start three processes at once on one database: one migrates it, the others wait and go on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.database.migrations import migrate_at_start
from tests.database.conftest import SAMPLE

ROOT = Path(__file__).parents[2]
PROCESSES = 3
PATIENCE = 60.0  # seconds

MIGRATE = """
import asyncio, json, sys
from bot.database.migrations import migrate_at_start
from tests.database.conftest import SAMPLE
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps(asyncio.run(migrate_at_start(sys.argv[1], SAMPLE))))
"""


@pytest.mark.kill
@pytest.mark.parametrize("start", [None, "0001_initial"])
def test_of_three_processes_that_start_at_once_one_migrates(empty_url: str, start: str | None) -> None:
    if start is not None:
        asyncio.run(migrate_at_start(empty_url, SAMPLE, target=start))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, empty_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    outputs = [process.communicate("go\n", timeout=PATIENCE) for process in processes]

    assert [process.returncode for process in processes] == [0] * PROCESSES, outputs
    applied = sorted(json.loads(output) for output, _ in outputs)
    missing = ["0001_initial", "0002_change"] if start is None else ["0002_change"]
    assert applied == [*([[]] * (PROCESSES - 1)), missing]
