"""Who may know what is to be cooked: the kitchen, and whoever looks after the canteen."""

from __future__ import annotations

from typing import Final

from handlers.chat import Chat
from models.people import Role
from models.refusals import NotAllowed

COOKS: Final = frozenset({Role.KITCHEN, Role.COORDINATOR})


async def must_cook(chat: Chat, canteen_id: int) -> None:
    """Check that this person cooks at a canteen or looks after it. Raises NotAllowed."""
    try:
        await chat.person.must_be(Role.COORDINATOR, canteen_id)
    except NotAllowed:
        await chat.person.must_be(Role.KITCHEN, canteen_id)
