"""The database: engines that survive cancellation, safe migrations, and what failed for good."""
