"""Run what needs PostgreSQL after what does not: each change of engines has the models described anew."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of one engine together, the long ones first, so that no worker ends alone."""
    items.sort(key=lambda item: (_on_postgres(item), item.get_closest_marker("slow") is None))


def _on_postgres(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgres") is not None
