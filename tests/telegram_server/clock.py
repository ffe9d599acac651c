"""The server's own clock: real time, which a test may move on."""

from __future__ import annotations

import time


class Clock:
    """Give the time in seconds since 1970."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Give the current time."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds
