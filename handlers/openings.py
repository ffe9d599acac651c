"""Shifts open by themselves two weeks ahead, and go when their day or their route goes."""

from __future__ import annotations

from typing import Final

from handlers.chat import Mail, every, press
from handlers.shiftwords import when
from handlers.text import _
from models import daynews, shiftplan

BATCH: Final = 200


@every(seconds=30)
async def open_shifts(mail: Mail) -> bool:
    """Open a shift for each route that walks to somebody on a service day of the next two weeks."""
    return await shiftplan.open_ahead(mail.now, BATCH) == BATCH


@every(seconds=30)
async def drop_shifts(mail: Mail) -> bool:
    """Drop the shifts whose day or route is gone, and tell those who had a place."""
    dropped = await shiftplan.drop_lost(mail.now, BATCH)
    for lost in dropped:
        told = await daynews.told_of(lost.claims)
        for claim in [one for one in lost.claims if one.id not in told]:
            mail.say(
                _(
                    "The plan of {canteen} has changed: nobody is needed on {when}, {route}."
                    " Thank you for having kept that time free!",
                    canteen=lost.shift.canteen.name,
                    when=when(lost.shift),
                    route=lost.shift.route.name,
                ),
                to=claim.person,
                buttons=[press(_("See the other shifts"), "/shifts")],
                zone=lost.shift.canteen.zone,
            )
    return len(dropped) == BATCH
