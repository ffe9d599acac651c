"""Logging: one line an event, without anybody's words, names, numbers or tokens."""

from __future__ import annotations

import logging
import secrets
import sys

import structlog


def scrubbed(error: BaseException) -> tuple[type[BaseException], BaseException, object]:
    """Give what to log of an error: where it was and of which kind. Its message may hold a person's words."""
    kinds = [type(error).__name__]
    cause = error.__cause__
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    return type(error), RuntimeError(" from ".join(kinds)), error.__traceback__


def reference_number() -> str:
    """Give a number that a person can read out, to find in the log what went wrong."""
    return f"{secrets.randbelow(900_000) + 100_000}"


def set_up(level: str) -> None:
    """Log to stderr: readable on a terminal, JSON elsewhere."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    # A tick that finds the last one still at work is left out: rows decide what is due, not ticks.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Local variables of a traceback would hold people's words.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            )
            if not terminal
            else structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
