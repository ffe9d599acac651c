"""The database: engines that survive cancellation, safe migrations, and what failed for good."""

from bot.database.config import connect, dialect, disconnect, retryable, transaction
from bot.database.writes import written

__all__ = ["connect", "dialect", "disconnect", "retryable", "transaction", "written"]
