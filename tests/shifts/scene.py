"""A canteen whose routes walk to somebody, so that there are shifts to take."""

from __future__ import annotations

from datetime import date

from models.canteens import Canteen
from models.routes import Route, Stop
from models.shifts import Shift
from tests.house import House
from tests.models.making import NOW, a_senior
from tests.played import played_once


async def walks_to(route: Route, homes: int, **more: object) -> None:
    """Give a route so many doors, of seniors who have lunch from Monday to Friday."""
    canteen = await Canteen.get(id=route.canteen_id)
    for position in range(1, homes + 1):
        senior = await a_senior(canteen, **more)
        await Stop.create(route_id=route.id, senior_id=senior.id, position=position, since=NOW)


@played_once
async def a_canteen_with_shifts(
    house: House, homes: int = 12, zone: str = "Asia/Shanghai", **settings: object
) -> Canteen:
    """Open a canteen with one route, and let the house plan its days and open its shifts."""
    canteen = await house.canteen(zone=zone)
    canteen.update_from_dict(settings)
    await canteen.save()
    await walks_to(await Route.get(canteen_id=canteen.id), homes)
    await house.tick()
    return canteen


async def the_shift(canteen: Canteen, day: date, route: str = "Route 1") -> Shift:
    return await Shift.get(canteen_id=canteen.id, day=day, route__name=route)
