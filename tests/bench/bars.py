"""The bars that the figures are held against: each said in a line, and a missed one fails the run."""

from __future__ import annotations

from typing import Final

MISSED: Final[list[str]] = []


def hold(what: str, figure: float, bar: float, unit: str) -> bool:
    """Say whether a figure is at most its bar; a missed one is remembered for the end of the run."""
    met = figure <= bar
    print(f"{'met    ' if met else 'NOT MET'}  {what}: {figure:.3g} {unit} (bar: {bar:g} {unit})")
    if not met:
        MISSED.append(what)
    return met


def status() -> int:
    """Give the exit code of a run: 1 where a bar was missed."""
    if MISSED:
        print(f"{len(MISSED)} not met: {', '.join(MISSED)}")
    return 1 if MISSED else 0
