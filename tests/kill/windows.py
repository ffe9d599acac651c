"""The moments at which a process can die between what it did and what others know of it."""

from __future__ import annotations

from enum import StrEnum

JOURNAL, WINDOW, PASSAGE = "KILL_JOURNAL", "KILL_WINDOW", "KILL_PASSAGE"


class Window(StrEnum):
    """Where a process is killed; at RANDOM from outside, at any moment. STOPPED: asked to end instead."""

    BEFORE_COMMIT = "before-commit"
    BEFORE_ACKNOWLEDGEMENT = "between-commit-and-acknowledgement"
    BEFORE_MARK = "between-send-and-mark"
    RANDOM = "random"
    STOPPED = "stopped"


KILLS = (Window.BEFORE_COMMIT, Window.BEFORE_ACKNOWLEDGEMENT, Window.BEFORE_MARK, Window.RANDOM)
