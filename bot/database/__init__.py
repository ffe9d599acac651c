"""The database: engines that survive cancellation, safe migrations, and what failed for good."""

from bot.database import pace, plans  # both change how queries are made
from bot.database.config import connect, dialect, disconnect, retryable, side_by_side, transaction
from bot.database.writes import WouldWrite, only_looking, traced, written

__all__ = [
    "WouldWrite",
    "connect",
    "dialect",
    "disconnect",
    "only_looking",
    "pace",
    "plans",
    "retryable",
    "side_by_side",
    "traced",
    "transaction",
    "written",
]
