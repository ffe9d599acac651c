"""Boxes that come back: how many are still at whose door, from what was handed over and what was returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.functions import Count, Sum
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.care import Care
from models.fields import UtcDatetimeField
from models.households import doors_of
from models.meals import LEFT, Meal, MealState, Mode
from models.refusals import Gone, NoBoxes
from models.rounds import senior_at

if TYPE_CHECKING:
    from models.people import Person
    from models.seniors import Senior

AT_MOST: Final = 9
# With these a box has stayed there; a lunch for a closed day goes out in one of its own.
STAYED: Final = (MealState.IN_PERSON, *sorted(LEFT), MealState.AHEAD)


class BoxReturn(Model):
    """Boxes that came back. meal: at whose handing over; without one the coordinator wrote them off.

    full: what was in it was not eaten.
    """

    id = fields.BigIntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="box_returns"
    )
    senior_id: int
    meal: fields.ForeignKeyNullableRelation[Meal] = fields.ForeignKeyField(
        "models.Meal", related_name="box_returns", null=True, unique=True
    )
    meal_id: int | None
    count = fields.SmallIntField()
    full = fields.BooleanField(default=False, db_default=False)
    day = fields.DateField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="box_returns", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "box_return"
        indexes = (("senior_id", "day"),)

    @classmethod
    async def note(cls, meal_id: int, count: int, by: Person, now: datetime, *, full: bool = False) -> None:
        """Note how many boxes came back at a door, and whether as full as they went; the last word counts.

        0 takes it back.

        Raises Gone, NotOnRound, and NoBoxes where the canteen's boxes do not come back.
        """
        senior = await senior_at(meal_id, by, now)
        await cls.keep(await Meal.get(id=meal_id), senior.id, count, by, now, full=full)

    @classmethod
    async def keep(
        cls, meal: Meal, senior_id: int, count: int, by: Person, now: datetime, *, full: bool | None = None
    ) -> None:
        """Write down what was told of a meal's door; its right is checked. Raises Gone, NoBoxes.

        full: None where nobody says, as a sheet does not: then what was said of it stays.
        """
        if not 0 <= count <= AT_MOST:
            raise Gone
        if (await Care.of(meal.canteen_id)).boxes_since is None:
            raise NoBoxes
        row, created = await cls.get_or_create(
            {
                "senior_id": senior_id, "count": count, "full": bool(full), "day": meal.day, "by_id": by.id,
                "at": now,
            },
            meal_id=meal.id,
        )  # fmt: skip
        full = row.full if full is None else full
        if not created and (row.count, row.full) != (count, full):
            await cls.filter(id=row.id).update(count=count, full=full, by_id=by.id, at=now)

    @classmethod
    async def write_off(cls, senior: Senior, by: Person, now: datetime) -> int:
        """Let all boxes of a door be lost, or brought some other way; tell how many. Raises NotAllowed."""
        from models.people import Role

        await by.must_be(Role.COORDINATOR, senior.canteen_id)
        canteen = await Canteen.locked(senior.canteen_id)
        today = canteen.today(now)
        count = await out_at(senior, today)
        if count:
            await cls.create(senior_id=senior.id, count=count, day=today, by_id=by.id, at=now)
            await AuditEvent.record("senior.boxes", f"senior {senior.id}", by=by.id, now=now)
        return count


async def boxes_out(canteen_id: int, until: date) -> dict[int, int]:
    """Count the boxes that are still out, by door, given out up to a day; empty where none come back."""
    since = (await Care.of(canteen_id)).boxes_since
    if since is None:
        return {}
    gone = Meal.filter(canteen_id=canteen_id, day__gte=since, day__lte=until, mode=Mode.DELIVERY)
    given = await (
        gone.filter(state__in=STAYED)
        .annotate(n=Count("id"), more=Sum("guests"))
        .group_by("senior_id")
        .values("senior_id", "n", "more")
    )
    back = await (
        BoxReturn.filter(senior__canteen_id=canteen_id, day__gte=since)
        .annotate(n=Sum("count"))
        .group_by("senior_id")
        .values("senior_id", "n")
    )
    behind = await doors_of({row["senior_id"] for row in [*given, *back]})
    found: dict[int, int] = {}
    for row in given:
        door = behind[row["senior_id"]]
        found[door] = found.get(door, 0) + int(row["n"]) + int(row["more"] or 0)
    for row in back:
        door = behind[row["senior_id"]]
        found[door] = found.get(door, 0) - int(row["n"])
    return {door: n for door, n in found.items() if n > 0}


async def out_at(senior: Senior, until: date) -> int:
    """Count the boxes that are still behind a senior's door, given out up to a day."""
    behind = await doors_of([senior.id])
    return (await boxes_out(senior.canteen_id, until)).get(behind[senior.id], 0)


async def still_full(meal_ids: Iterable[int]) -> bool:
    """Tell whether a box came back at one of these meals that nobody had eaten from."""
    return await BoxReturn.filter(meal_id__in=list(meal_ids), count__gt=0, full=True).exists()


async def returned(meal_ids: Iterable[int]) -> dict[int, int]:
    """Tell how many boxes were noted as returned at these meals."""
    rows: Sequence[BoxReturn] = await BoxReturn.filter(meal_id__in=list(meal_ids), count__gt=0)
    return {row.meal_id: row.count for row in rows if row.meal_id is not None}
