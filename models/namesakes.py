"""Seniors of one name at one canteen: found by what they are called, and told apart for ever."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final

from models.fields import blind
from models.seniors import LISTED, Senior

BATCH: Final = 100


def spoken_index(senior: Senior) -> str:
    """Give the blind index of how a senior of a canteen is spoken of, without case, width and spaces."""
    folded = "".join(unicodedata.normalize("NFKC", senior.spoken).casefold().split())
    return blind(f"{senior.canteen_id}:{folded}", "senior-spoken")


async def tell_apart(senior: Senior) -> list[Senior]:
    """Note how a senior is spoken of; return those of the same name, who have their number beside it now.

    Once told apart they stay so: a paper of last month must not mean somebody else.
    """
    senior.spoken_index = spoken_index(senior)
    others = await senior.namesakes()
    senior.namesake = senior.namesake or bool(others)
    await senior.save(update_fields=["spoken_index", "namesake"])
    fresh = [other.id for other in others if not other.namesake]
    if fresh:
        await Senior.filter(id__in=fresh).update(namesake=True)
    return others


async def tell_all_apart(_now: datetime) -> bool:
    """Note how those are spoken of of whom nobody has noted it yet; tell whether there are more."""
    found = (
        await Senior.filter(spoken_index__isnull=True, status__in=list(LISTED)).order_by("id").limit(BATCH)
    )
    for senior in found:
        await tell_apart(senior)
    return len(found) == BATCH
