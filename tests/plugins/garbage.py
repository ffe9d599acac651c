"""Look for garbage as seldom as a running process does: what the imports left behind is never any."""

from bot.app import collect_rarely


def pytest_collection_finish() -> None:
    """Begin once all tests are imported."""
    collect_rarely()
