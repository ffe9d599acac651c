"""Routes from door to door and the order of their stops; and the other work that has shifts of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.functions import Max
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import LocalTimeField, UtcDatetimeField
from models.households import grouped
from models.refusals import Gone, LastRoute, NotAllowed, SettingsOutOfOrder, SettingUnreadable, StopsChanged

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.people import Person
    from models.seniors import Senior

SETTINGS: Final = frozenset({"name", "starts_at", "ends_at", "places", "weekdays", "place"})


class Kind(StrEnum):
    """What is done on a shift. Only a round has doors."""

    ROUND = "round"
    KITCHEN = "kitchen"
    DESK = "desk"
    DRIVER = "driver"


WORKS: Final = (Kind.KITCHEN, Kind.DESK, Kind.DRIVER)


class Route(Model):
    """A walk from door to door, or other work of the canteen, with its hours and the places it needs.

    weekdays: on which days of the week it is done; None: whenever the canteen cooks.
    place: where one comes to.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="routes"
    )
    canteen_id: int
    kind = fields.CharEnumField(Kind, max_length=16, default=Kind.ROUND, db_default=Kind.ROUND.value)
    name = fields.CharField(max_length=80)
    weekdays = fields.SmallIntField(null=True)
    place = fields.CharField(max_length=120, null=True)
    starts_at = LocalTimeField(default="10:00")
    ends_at = LocalTimeField(default="12:00")
    places = fields.SmallIntField(null=True)
    position = fields.SmallIntField(default=0)
    closed_at = UtcDatetimeField(null=True)
    stops: fields.ReverseRelation[Stop]

    class Meta:
        table = "route"
        constraints = (CheckConstraint(check="places IS NULL OR places >= 1", name="route_has_a_place"),)

    @classmethod
    async def of(cls, canteen_id: int) -> list[Route]:
        """List the open routes of a canteen, in their order."""
        return [route for route in await cls.with_works(canteen_id) if route.kind is Kind.ROUND]

    @classmethod
    async def with_works(cls, canteen_id: int) -> list[Route]:
        """List the open routes of a canteen and its other work, in their order."""
        return await cls.filter(canteen_id=canteen_id, closed_at=None).order_by("position", "id")

    @classmethod
    async def add(cls, canteen_id: int, name: str, by: Person, now: datetime, **work: Any) -> Route:
        """Open another route, with the hours of the first; `work`: what else is known, such as its kind.

        Raises NotAllowed, SettingUnreadable, SettingsOutOfOrder.
        """
        from models.canteens import Canteen

        await _must_coordinate(by, canteen_id)
        await Canteen.locked(canteen_id)
        assert work.keys() <= SETTINGS | {"kind"}
        known = await cls.with_works(canteen_id)
        rounds = [route for route in known if route.kind is Kind.ROUND]
        hours = {"starts_at": rounds[0].starts_at, "ends_at": rounds[0].ends_at} if rounds else {}
        route = cls(canteen_id=canteen_id, name=name, position=len(known) + 1, **{**hours, **work})
        route.must_fit()
        await route.save()
        await AuditEvent.record("route.add", f"route {route.id}", by=by.id, now=now)
        return route

    @classmethod
    async def change(cls, route_id: int, *, by: Person, now: datetime, **values: Any) -> Route:
        """Change name, hours or places. Raises NotAllowed, Gone, SettingUnreadable, SettingsOutOfOrder."""
        route = await cls.locked(route_id, by)
        assert values.keys() <= SETTINGS
        route.update_from_dict(values)
        route.must_fit()
        await route.save(update_fields=list(values))
        for name in values:
            await AuditEvent.record(f"route.{name}", f"route {route_id}", by=by.id, now=now)
        await route.replan(now)
        return route

    async def close(self, into: Route | None, by: Person, now: datetime) -> None:
        """Close this route for good; its homes follow each other at the end of another one.

        Raises NotAllowed, Gone, LastRoute if it is the only one, or has homes and they have nowhere to go.
        """
        from models import datedroutes, goingover
        from models.calendar import DayState, ServiceDay

        # No list is made meanwhile, which would have its homes still here.
        planned = ServiceDay.filter(canteen_id=self.canteen_id, state=DayState.PLANNED)
        await planned.order_by("id").select_for_update()
        route = await Route.locked(self.id, by)
        doors = await route.doors()
        others = [one for one in await Route.of(route.canteen_id) if one.id != route.id]
        if route.kind is Kind.ROUND and (not others or (doors and into is None)):
            raise LastRoute
        if into is not None:
            into = await Route.locked(into.id, by)
            for stop in doors:
                await into._put(stop.senior_id, None, now)
        if route.kind is Kind.ROUND:
            stays = await datedroutes.staying(route)
            await goingover.hand_over_now(route, into or (stays or others)[0], now)
        route.closed_at = now
        await route.save(update_fields=["closed_at"])
        await datedroutes.drop(route.id, now)
        await AuditEvent.record("route.close", f"route {route.id}", by=by.id, now=now)
        await route.replan(now)

    @classmethod
    async def locked(cls, route_id: int, by: Person) -> Route:
        """Hold the row of an open route for its coordinator. Raises NotAllowed, Gone."""
        route = await cls.filter(id=route_id, closed_at=None).select_for_update().first()
        if route is None:
            raise Gone
        await _must_coordinate(by, route.canteen_id)
        return route

    async def doors(self) -> list[Stop]:
        """List the stops of now in the order in which they are walked, with their seniors."""
        stops = Stop.filter(route_id=self.id, left_at=None)
        return await stops.order_by("position", "id").prefetch_related("senior")

    async def homes(self) -> list[list[Stop]]:
        """List the doors in the order in which they are walked, each with the stops of all who live there."""
        return grouped(await self.doors())

    async def put(self, senior_id: int, position: int | None, by: Person, now: datetime) -> Stop:
        """Place a senior's door on this route: as number `position` (from 1), or last.

        A door is on one route only, and who lives behind it goes along. Raises NotAllowed, Gone.
        """
        route = await Route.locked(self.id, by)
        stop = await route._place(senior_id, position, by, now)
        await route.replan(now)
        return stop

    async def receive(self, senior_id: int, now: datetime) -> Stop:
        """Place a door at the end of this route, as was planned; the caller holds the route, and replans."""
        return await self._put(senior_id, None, now)

    async def put_last(self, senior_ids: Sequence[int], by: Person, now: datetime) -> list[Stop]:
        """Place the doors of several seniors at the end of this route, in their order.

        Raises NotAllowed, Gone.
        """
        route = await Route.locked(self.id, by)
        stops = [await route._place(senior_id, None, by, now) for senior_id in senior_ids]
        if stops:
            await route.replan(now)
        return stops

    async def _place(self, senior_id: int, position: int | None, by: Person, now: datetime) -> Stop:
        """Place a door of the same canteen, on record; the caller holds the route, and replans."""
        from models.seniors import Senior

        if not await Senior.filter(id=senior_id, canteen_id=self.canteen_id).exists():
            raise NotAllowed
        stop = await self._put(senior_id, position, now)
        await AuditEvent.record("route.put", f"senior {senior_id} on route {self.id}", by=by.id, now=now)
        return stop

    async def _put(self, senior_id: int, position: int | None, now: datetime) -> Stop:
        stop, came = await self._stop_of(senior_id, now)
        await stop.fetch_related("senior")
        household = stop.senior.household_id
        if household is not None:
            away = Stop.filter(senior__household_id=household, left_at=None).exclude(route_id=self.id)
            for mate in await away.order_by("position", "id"):
                await self._stop_of(mate.senior_id, now)
        homes = await self.homes()
        here = next(home for home in homes if any(one.id == stop.id for one in home))
        if position is None and (len(here) > 1 or not came):
            position = homes.index(here) + 1
        others = [home for home in homes if home is not here]
        at = len(others) if position is None else position - 1
        await number([*others[:at], here, *others[at:]])
        return stop

    async def _stop_of(self, senior_id: int, now: datetime) -> tuple[Stop, bool]:
        """Find a senior's stop on this route, or make one at its end; tell whether it was made."""
        await Stop.filter(senior_id=senior_id, left_at=None).exclude(route_id=self.id).update(left_at=now)
        stop = await Stop.filter(senior_id=senior_id, route_id=self.id, left_at=None).first()
        if stop is not None:
            return stop, False
        last = await Stop.filter(route_id=self.id, left_at=None).annotate(n=Max("position")).values("n")
        place = (last[0]["n"] or 0) + 1
        return await Stop.create(route_id=self.id, senior_id=senior_id, position=place, since=now), True

    async def reorder(self, stops: Sequence[int], by: Person, now: datetime) -> None:
        """Walk the stops with these ids in this order. Raises StopsChanged if they are not all of now's."""
        route = await Route.locked(self.id, by)
        known = {stop.id: stop for stop in await route.doors()}
        if sorted(stops) != sorted(known):
            raise StopsChanged
        await number(grouped([known[stop] for stop in stops]))
        await AuditEvent.record("route.order", f"route {route.id}", by=by.id, now=now)

    async def replan(self, now: datetime) -> None:
        """Bring the canteen's days and this route's shifts to come in line with it."""
        from models import dayplan
        from models.canteens import Canteen
        from models.shiftplan import replan

        canteen = await Canteen.get(id=self.canteen_id)
        await dayplan.replan(canteen, now)
        await replan(canteen, now)

    def must_fit(self) -> None:
        """Check hours, places and names. Raises SettingUnreadable, SettingsOutOfOrder."""
        if (
            not self.name.strip()
            or len(self.name) > 80
            or (self.places is not None and not 1 <= self.places <= 20)
            or not 1 <= (self.weekdays or 1) <= 127
            or (self.weekdays is not None and self.kind is Kind.ROUND)
            or len(self.place or "") > 120
        ):
            raise SettingUnreadable
        if self.starts_at >= self.ends_at:
            raise SettingsOutOfOrder


class Stop(Model):
    """A senior's door on a route, in its order; a stop that was left keeps its row."""

    id = fields.IntField(primary_key=True)
    route: fields.ForeignKeyRelation[Route] = fields.ForeignKeyField("models.Route", related_name="stops")
    route_id: int
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="stops")
    senior_id: int
    position = fields.SmallIntField()
    since = UtcDatetimeField()
    left_at = UtcDatetimeField(null=True)

    class Meta:
        table = "stop"
        constraints = (
            UniqueConstraint(fields=("senior",), name="stop_of_a_senior_is_one", condition="left_at IS NULL"),
        )


async def leave(senior_id: int, now: datetime) -> None:
    """Take a senior's door off its route; the stop keeps its row."""
    await Stop.filter(senior_id=senior_id, left_at=None).update(left_at=now)


async def number(homes: Sequence[Sequence[Stop]]) -> None:
    """Number the doors in their order; the stops of one door have one number."""
    for position, home in enumerate(homes, 1):
        for stop in home:
            if stop.position != position:
                stop.position = position
                await stop.save(update_fields=["position"])


async def _must_coordinate(by: Person, canteen_id: int) -> None:
    from models.people import Role

    await by.must_be(Role.COORDINATOR, canteen_id)
