"""Boxes at the door: how many are to come back, as the card of a round says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.chat import Button, press
from handlers.text import Text, _, _n
from models.boxes import boxes_out, returned, still_full
from models.rounds import Door, Round


async def said(round_: Round, door: Door) -> list[Text]:
    """Say how many boxes are to be brought back from a door, and how many came."""
    home = round_.behind(door)
    back = sum((await returned(one.meal.id for one in home)).values())
    if back and await still_full(one.meal.id for one in home):
        return [_("A box came back still full. Thank you for telling us.")]
    if back:
        return [_n("{n} box is back. Thank you.", "{n} boxes are back. Thank you.", back)]
    out = await _out(round_, door)
    return [_n("Please bring back: {n} box", "Please bring back: {n} boxes", out)] if out else []


async def keys(round_: Round, door: Door | None, after: Sequence[Door]) -> list[Button | list[Button]]:
    """Offer to note boxes of the door in hand, and of the one just left."""
    found: list[Button | list[Button]] = []
    known: set[int] = set()
    for one in [*([] if door is None else [door]), *after]:
        if one.home in known:
            continue
        known.add(one.home)
        home = round_.behind(one)
        here = door is not None and door.home == one.home
        back = await returned(each.meal.id for each in home)
        if back:
            found += (
                [press(_("No box after all"), "box_back", meal_id, 0) for meal_id in back] if here else []
            )
        elif out := await _out(round_, one):
            found.append(_how_many(home, out, here=here))
    return found


def _how_many(home: Sequence[Door], out: int, *, here: bool) -> list[Button]:
    """Offer one box, all of them, or one from which somebody who lives there has not eaten."""
    meal, name = home[0].meal.id, home[0].senior.display
    one = press(_("Box is back") if here else _("Box is back: {name}", name=name), "box_back", meal, 1)
    full = [
        press(
            _("Box is back, still full")
            if here and len(home) == 1
            else _("Box is back, still full: {name}", name=each.senior.display),
            "box_full",
            each.meal.id,
        )
        for each in home
    ]
    if out == 1:
        return [one, *full]
    return [one, press(_n("{n} box is back", "{n} boxes are back", out), "box_back", meal, out), *full]


async def _out(round_: Round, door: Door) -> int:
    day = round_.shift.day - timedelta(days=1)
    return min((await boxes_out(round_.shift.canteen_id, day)).get(door.home, 0), 9)
