"""Who may know what is to be cooked: the kitchen, and whoever looks after the canteen."""

from __future__ import annotations

from typing import Final

from models.people import Role

COOKS: Final = frozenset({Role.KITCHEN, Role.COORDINATOR})
