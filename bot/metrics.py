"""What the house counts of itself, for Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

HEARD: Final = Counter(
    "canteen_updates_total", "Updates lived, by channel and how it went", ["channel", "outcome"]
)
SENT: Final = Counter(
    "canteen_messages_total", "Outbox rows settled, by channel and state", ["channel", "state"]
)
TURN_SECONDS: Final = Histogram(
    "canteen_turn_seconds", "Length of a turn's transaction", buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.5)
)
WAITING: Final = Gauge("canteen_messages_waiting", "Outbox rows that wait, by channel", ["channel"])
