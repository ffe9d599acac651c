"""The day goes on by itself: days are planned, orders close, and each step is taken when its hour comes."""

from __future__ import annotations

from handlers.chat import Mail, every
from models import dayplan
from models.calendar import ServiceDay


@every(seconds=60)
async def plan_days(mail: Mail) -> bool:
    """Keep the days of every canteen planned ahead."""
    return await dayplan.plan_due(mail.now) > 0


@every(seconds=15)
async def close_orders(mail: Mail) -> bool:
    """Close the orders of every canteen whose hour has come."""
    return await ServiceDay.close_due(mail.now) > 0


@every(seconds=15)
async def go_on_with_the_day(mail: Mail) -> bool:
    """Take every day on to the step that is due."""
    return await ServiceDay.advance_due(mail.now) > 0
