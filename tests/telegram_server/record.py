"""Write down every call, one JSON object a line, for the published checker."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TextIO

# Where servers that are given no file of their own write to; the pytest plugin sets it.
FOLDER = "TELEGRAM_CALLS"


def session_file() -> Path | None:
    """Name this process's file in the folder of the test session, if there is one."""
    folder = os.environ.get(FOLDER)
    return Path(folder) / f"calls-{os.getpid()}.jsonl" if folder else None


class Record:
    """Keep calls in memory and, where a file is named, on disk."""

    def __init__(self, path: Path | None) -> None:
        self.calls: list[dict[str, Any]] = []
        # Set by pytest, for this process and those that it starts: it leads from a wrong call to its test.
        self._test = os.environ.get("PYTEST_CURRENT_TEST", "")
        self._file: TextIO | None = path.open("a", encoding="utf-8", buffering=1) if path else None

    def begin(self, method: str, params: dict[str, Any], files: list[str], ts: float) -> dict[str, Any]:
        """Note a call that came in."""
        call = {"method": method, "params": params, "files": files, "ts": ts, "test": self._test}
        self.calls.append(call)
        return call

    def finish(self, call: dict[str, Any], code: int, description: str) -> None:
        """Note how it was answered (0: not at all) and write it to the file."""
        call["code"] = code
        if description:
            call["description"] = description
        if self._file:
            self._file.write(json.dumps(call, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
