"""Days on which every lunch is brought home: whose door is on no route yet, and putting it on one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tortoise.connection import get_connection

from models.closurenews import ClosureNews
from models.closures import Closure, ClosureKind
from models.meals import Meal, MealState
from models.people import Person, Role
from models.refusals import Gone, NotAllowed
from models.routes import Route
from models.seniors import Mode, Senior

# Lunches at the table and at the counter become lunches brought home, each on the route of its door.
CONVERT: Final = """
    UPDATE meal SET converted_from = mode, mode = 'delivery',
        route_id = (SELECT rt.id FROM stop st JOIN route rt ON rt.id = st.route_id AND rt.closed_at IS NULL
            WHERE st.senior_id = meal.senior_id AND st.left_at IS NULL),
        position = (SELECT st.position FROM stop st JOIN route rt ON rt.id = st.route_id
            AND rt.closed_at IS NULL WHERE st.senior_id = meal.senior_id AND st.left_at IS NULL)
    WHERE service_day_id IN ({days}) AND state = 'expected' AND mode <> 'delivery'
"""


async def convert(day_ids: Sequence[int]) -> None:
    """Have the lunches of days brought home that were made for the table and the counter."""
    listed = ", ".join(str(day_id) for day_id in day_ids)
    await get_connection("default").execute_query(CONVERT.format(days=listed))


async def unplaced(news: ClosureNews) -> list[Senior]:
    """List who would have lunch brought home on converted days, and whose door is on no route."""
    days = Closure.filter(news_id=news.root_id, kind=ClosureKind.CONVERTED, ended_at=None)
    found: set[int] = set()
    for closure in await days:
        found |= {
            each.senior_id
            for each in await Meal.due([closure.canteen_id], closure.day)
            if each.mode is Mode.DELIVERY and each.route_id is None
        }
    return await Senior.filter(id__in=list(found)).order_by("id")


async def put_on(news_id: int, route_id: int, by: Person, now: datetime) -> list[Senior]:
    """Put the doors that are on no route at the end of one; give them. They keep it for the next time.

    Raises Gone, NotAllowed.
    """
    news = await ClosureNews.get_or_none(id=news_id)
    if news is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, news.canteen_id)
    route = await Route.locked(route_id, by)
    if route.canteen_id != news.canteen_id:
        raise NotAllowed
    seniors = await unplaced(news)
    for stop in await route.put_last([senior.id for senior in seniors], by, now):
        made = Meal.filter(
            senior_id=stop.senior_id, state=MealState.EXPECTED, mode=Mode.DELIVERY, route_id=None
        )
        await made.filter(day__gte=news.starts, day__lte=news.ends).update(
            route_id=route.id, position=stop.position
        )
    return seniors
