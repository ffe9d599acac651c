"""Medians and ratios of interleaved runs, as a table."""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable, Mapping

RUNS = 5


async def interleaved(contestants: Mapping[str, Callable[[], Awaitable[float]]], runs: int = RUNS) -> Results:
    """Let each run once, then each again, and so on: what disturbs one disturbs the others, too."""
    measured: Results = {name: [] for name in contestants}
    for _ in range(runs):
        for name, measure in contestants.items():
            measured[name].append(await measure())
    return measured


Results = dict[str, list[float]]


def show(title: str, unit: str, results: Results, against: str | None = None) -> None:
    """Print the medians with their spread; `against`: whose run in the same round each is divided by."""
    print(f"\n{title}\n")
    print(f"{'':44}{unit:>12}{'least':>10}{'most':>10}{'ratio':>8}")
    for name, runs in results.items():
        ratio = ""
        if against in results:
            pairs = zip(runs, results[against], strict=True)
            ratio = f"{statistics.median(one / other for one, other in pairs):.2f}"
        print(f"{name:44}{statistics.median(runs):12.2f}{min(runs):10.2f}{max(runs):10.2f}{ratio:>8}")
