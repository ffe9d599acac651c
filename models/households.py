"""Who lives behind one door: one stop, a meal for each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import UtcDatetimeField
from models.people import Person
from models.refusals import Gone

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.routes import Route, Stop
    from models.seniors import Senior

T = TypeVar("T")


class Household(Model):
    """A door behind which several seniors of a canteen live; theirs are the rows that point here."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="households"
    )
    canteen_id: int
    created_at = UtcDatetimeField()

    class Meta:
        table = "household"

    @classmethod
    async def join(cls, senior_id: int, with_id: int, by: Person, now: datetime) -> Senior:
        """Let a senior be brought lunch at the door of another; their stop is that one's from now on.

        Said twice, it is so once. Raises NotAllowed; Gone, also for two canteens or with oneself.
        """
        from models.seniors import Senior

        senior = await Senior.coordinated(senior_id, by)
        other = await Senior.coordinated(with_id, by)
        if senior.id == other.id or senior.canteen_id != other.canteen_id:
            raise Gone
        if other.household_id is None:
            made = await cls.create(canteen_id=other.canteen_id, created_at=now)
            other.household_id = made.id
            await other.save(update_fields=["household_id"])
        if senior.household_id != other.household_id:
            await cls.leave(senior)
            senior.household_id = other.household_id
            await senior.save(update_fields=["household_id"])
            await AuditEvent.record(
                "senior.same_door", f"senior {senior.id} with senior {other.id}", by=by.id, now=now
            )
        await _one_stop(senior, other, by, now)
        return other

    @classmethod
    async def part(cls, senior_id: int, by: Person, now: datetime) -> None:
        """Let a senior have a door of their own, the next one on the route. Raises Gone, NotAllowed."""
        from models.routes import Route, Stop
        from models.seniors import Senior

        senior = await Senior.coordinated(senior_id, by)
        if senior.household_id is None:
            return
        await cls.leave(senior)
        await AuditEvent.record("senior.own_door", f"senior {senior_id}", by=by.id, now=now)
        stop = await Stop.filter(senior_id=senior_id, left_at=None).first()
        if stop is not None:
            await (await Route.locked(stop.route_id, by)).put(senior_id, stop.position + 1, by, now)

    @classmethod
    async def leave(cls, senior: Senior) -> None:
        """Take a senior out of a household; whoever is left alone there needs none."""
        from models.seniors import Senior

        household = senior.household_id
        if household is None:
            return
        senior.household_id = None
        await senior.save(update_fields=["household_id"])
        left = await Senior.filter(household_id=household)
        if len(left) == 1:
            left[0].household_id = None
            await left[0].save(update_fields=["household_id"])


async def _one_stop(senior: Senior, other: Senior, by: Person, now: datetime) -> None:
    """Bring a senior's stop to the other's, wherever that is."""
    from models.routes import Route, Stop
    from models.seniors import Mode, Status

    stop = await Stop.filter(senior_id=other.id, left_at=None).first()
    if stop is None or senior.mode is not Mode.DELIVERY or senior.status is not Status.ACTIVE:
        return
    await (await Route.locked(stop.route_id, by)).put(senior.id, None, by, now)


async def mates(senior: Senior) -> list[Senior]:
    """List who else lives behind a senior's door, first registered first."""
    from models.seniors import LISTED, Senior

    if senior.household_id is None:
        return []
    others = Senior.filter(household_id=senior.household_id, status__in=list(LISTED))
    return await others.exclude(id=senior.id).order_by("id")


async def route_of_mates(senior: Senior) -> Route | None:
    """Find the open route on which others who live behind a senior's door are brought lunch."""
    from models.routes import Stop

    behind = [mate.id for mate in await mates(senior)]
    stops = Stop.filter(senior_id__in=behind, left_at=None, route__closed_at=None)
    stop = await stops.order_by("id").prefetch_related("route").first()
    return None if stop is None else stop.route


async def alike(senior: Senior, now: datetime) -> Senior | None:
    """Find somebody with the same address in other words or spaces, whom nobody has put behind this door."""
    from models.canteens import Canteen
    from models.dated import Residence
    from models.seniors import Mode, Senior, Status

    today = (await Canteen.get(id=senior.canteen_id)).today(now)
    home = await senior.residence_on(today)
    if home is None:
        return None
    others = Senior.filter(canteen_id=senior.canteen_id, status=Status.ACTIVE, mode=Mode.DELIVERY)
    ids = [one.id for one in await others.exclude(id=senior.id).order_by("id")]
    lived: dict[int, Residence] = {}
    for one in await Residence.filter(senior_id__in=ids, since__lte=today).order_by("since", "id"):
        lived[one.senior_id] = one
    here = _folded(home.address)
    for number in ids:
        if number in lived and _folded(lived[number].address) == here:
            found = await Senior.get(id=number)
            if senior.household_id is None or found.household_id != senior.household_id:
                return found
    return None


def grouped(stops: Sequence[Stop]) -> list[list[Stop]]:
    """Put stops of one door together, where the first of them stands; their seniors must be fetched."""
    found: dict[int, list[Stop]] = {}
    for stop in stops:
        found.setdefault(door_of(stop.senior_id, stop.senior.household_id), []).append(stop)
    return list(found.values())


def door_of(senior_id: int, household_id: int | None) -> int:
    """Name a door: that of a household, or of one senior alone."""
    return household_id if household_id is not None else -senior_id


async def doors_of(senior_ids: Iterable[int]) -> dict[int, int]:
    """Name the doors of many seniors at once."""
    from models.seniors import Senior

    found = await Senior.filter(id__in=list(senior_ids)).values_list("id", "household_id")
    return {row[0]: door_of(row[0], row[1]) for row in found}


def _folded(address: str) -> str:
    said = unicodedata.normalize("NFKC", address).casefold()
    return "".join(char for char in said if char.isalnum())
