"""Measure what README and the bars speak of, all of it or some: `python -m tests.bench turns start`.

Each bar is said to be met or not; it ends with 1 where one is not.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable

from tests.bench import bars, claims, kills, million, month, papers, roster, start, turns

BENCHES: dict[str, Callable[[], None]] = {
    "turns": lambda: asyncio.run(turns.run()),
    "start": lambda: asyncio.run(start.run()),
    "roster": roster.main,
    "claims": lambda: asyncio.run(claims.run()),
    "million": lambda: asyncio.run(million.run()),
    "papers": lambda: asyncio.run(papers.run()),
    "kills": lambda: asyncio.run(kills.run()),
    "month": lambda: asyncio.run(month.run()),
}


def main(names: list[str]) -> int:
    """Run the named ones, or all; give the exit code."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    for name in names or BENCHES:
        BENCHES[name]()
    return bars.status()


if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in BENCHES]
    if unknown:
        sys.exit(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    sys.exit(main(sys.argv[1:]))
