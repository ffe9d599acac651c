"""The one source of "now"; it can be set and sped up for rehearsals."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Tell the time: real, or started at an instant and running `speed` times as fast."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self._speed = speed
        self._zero = time.monotonic()
        self._start = start
        if start is None and speed != 1.0:
            self._start = datetime.now(UTC)

    def now(self) -> datetime:
        """Tell the instant in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=(time.monotonic() - self._zero) * self._speed)

    def move(self, to: datetime) -> None:
        """Set the clock forward. Raises ValueError when asked to go back: what was done stays done."""
        if to < self.now():
            raise ValueError("the clock only moves forward")
        self._start, self._zero = to, time.monotonic()

    @property
    def speed(self) -> float:
        """Tell how many seconds pass here in one of the world's."""
        return self._speed

    @property
    def real(self) -> bool:
        """Tell whether this is the world's time."""
        return self._start is None
