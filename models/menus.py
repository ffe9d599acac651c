"""The menu: which dishes are planned for a day, for whom, and what was really cooked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.dishes import Contents, Course, Dish, Recipe, must_cook, nameable
from models.fields import UtcDatetimeField
from models.foods import folded, foods_in
from models.refusals import Gone, MenuOver, SettingUnreadable

if TYPE_CHECKING:
    from models.people import Person

ORDINARY: Final = "ordinary"
HALAL: Final = "halal"
# Who has several of these labels eats from the line that comes first.
LINES: Final = (HALAL, "vegetarian", "gout", "low_sugar", "low_salt")
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Served:
    """A dish on the menu of a day, for one kitchen line, with what is in it on that day."""

    planned_id: int
    dish_id: int
    day: date
    line: str
    name: str
    contents: Contents

    @property
    def said(self) -> tuple[str, ...]:
        """Give the words that speak of what is in it."""
        return (self.name, *self.contents.ingredients)

    @property
    def foods(self) -> frozenset[str]:
        """Find the foods in it: those entered, and those of which its words speak."""
        return frozenset(self.contents.allergens).union(*map(foods_in, self.said))


class Planned(Model):
    """One dish on the menu of one day, for one kitchen line, by its recipe of then; voided, never deleted."""

    id = fields.BigIntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="planned"
    )
    canteen_id: int
    day = fields.DateField()
    line = fields.CharField(max_length=20)
    position = fields.SmallIntField()
    dish: fields.ForeignKeyRelation[Dish] = fields.ForeignKeyField("models.Dish", related_name="planned")
    dish_id: int
    recipe: fields.ForeignKeyRelation[Recipe] = fields.ForeignKeyField(
        "models.Recipe", related_name="planned"
    )
    recipe_id: int
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="planned", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "planned_dish"
        indexes = (("canteen_id", "day"), ("dish_id", "day"))

    @classmethod
    async def held(cls, planned_id: int, by: Person) -> Planned:
        """Find a planned dish for a cook or coordinator, its row held. Raises Gone, NotAllowed."""
        planned = await cls.filter(id=planned_id, voided_at=None).select_for_update().first()
        if planned is None:
            raise Gone
        await must_cook(by, planned.canteen_id)
        return planned

    @classmethod
    async def cook(
        cls,
        planned_id: int,
        allergens: Sequence[str],
        ingredients: Sequence[str],
        by: Person,
        now: datetime,
    ) -> Served:
        """Note what else is really in a dish on its day, and return it so; the recipe stays as it was.

        Raises Gone, NotAllowed, and MenuOver once that lunch is over.
        """
        planned = await cls.held(planned_id, by)
        await _must_be_ahead(await Canteen.get(id=planned.canteen_id), planned.day, now)
        real = (await planned.served()).contents.with_(allergens, ingredients, known=False)
        await Cooked.create(
            planned_id=planned_id,
            allergens=list(real.allergens),
            ingredients=list(real.ingredients),
            by_id=by.id,
            at=now,
        )
        await AuditEvent.record("dish.cooked", f"planned dish {planned_id}", by=by.id, now=now)
        return await planned.served()

    async def served(self) -> Served:
        """Tell what is in it on its day, as far as that is known."""
        return next(one for one in await menu(self.canteen_id, self.day) if one.planned_id == self.id)


class Cooked(Model):
    """What was really in a planned dish, all of it; the newest counts, and none is ever changed."""

    id = fields.BigIntField(primary_key=True)
    planned: fields.ForeignKeyRelation[Planned] = fields.ForeignKeyField(
        "models.Planned", related_name="cooked"
    )
    planned_id: int
    allergens: fields.Field[Any] = fields.JSONField(default=list)
    ingredients: fields.Field[Any] = fields.JSONField(default=list)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="cooked", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "cooked_dish"
        indexes = (("planned_id",),)


# -------------------------------------------------------------------------------------------------- looking


async def menu(canteen_id: int, day: date) -> list[Served]:
    """List the dishes of a day, the ordinary line first."""
    return (await menus([canteen_id], day, day)).get((canteen_id, day), [])


async def menus(canteen_ids: Sequence[int], first: date, until: date) -> dict[tuple[int, date], list[Served]]:
    """List the dishes of several canteens and days, with what is really in them as far as that is known."""
    planned = (
        await Planned.filter(canteen_id__in=canteen_ids, day__gte=first, day__lte=until, voided_at=None)
        .order_by("day", "position", "id")
        .prefetch_related("dish", "recipe")
    )
    if not planned:
        return {}
    real = {
        row.planned_id: row
        for row in await Cooked.filter(planned_id__in=[one.id for one in planned]).order_by("id")
    }
    found: dict[tuple[int, date], list[Served]] = {}
    for one in sorted(planned, key=lambda row: line_place(row.line)):
        contents, cooked = one.recipe.contents, real.get(one.id)
        if cooked is not None:
            contents = contents.with_(cooked.allergens, cooked.ingredients, known=False)
        found.setdefault((one.canteen_id, one.day), []).append(
            Served(one.id, one.dish_id, one.day, one.line, one.dish.name, contents)
        )
    return found


def line_place(line: str) -> int:
    """Order the kitchen lines: the ordinary one first."""
    return 1 + LINES.index(line) if line in LINES else 0


def line_of(labels: Sequence[str], lines: Sequence[str]) -> str:
    """Tell from which kitchen line somebody eats. Halal is always a kitchen of its own."""
    return next((line for line in LINES if line in labels and (line in lines or line == HALAL)), ORDINARY)


# ------------------------------------------------------------------------------------------------- entering


async def enter(canteen_id: int, days: Mapping[date, Sequence[Course]], by: Person, now: datetime) -> None:
    """Set the menus of some days: each takes the place of what was planned for that day.

    A dish that the canteen knows keeps what is usually in it; what is said now comes in addition.
    Raises NotAllowed, Gone, MenuOver, SettingUnreadable.
    """
    await must_cook(by, canteen_id)
    canteen = await Canteen.locked(canteen_id)
    for day in days:
        await _must_be_ahead(canteen, day, now)
    courses = [course for menu_ in days.values() for course in menu_]
    if any(not nameable(course.name) for course in courses):
        raise SettingUnreadable
    recipes = await _recipes(canteen, courses, by, now)
    for day, menu_ in days.items():
        await Planned.filter(canteen_id=canteen_id, day=day, voided_at=None).update(voided_at=now)
        lines = {
            (folded(course.name), line): None
            for course in menu_
            for line in course.lines or tuple(recipes[folded(course.name)].lines) or (ORDINARY,)
        }
        await Planned.bulk_create(
            [
                Planned(
                    canteen_id=canteen_id, day=day, line=line, position=place, dish_id=recipes[key].dish_id,
                    recipe_id=recipes[key].id, by_id=by.id, at=now,
                )
                for place, (key, line) in enumerate(lines)
            ]
        )  # fmt: skip
        await AuditEvent.record("menu.enter", f"canteen {canteen_id} on {day}", by=by.id, now=now)


async def _recipes(
    canteen: Canteen, courses: Sequence[Course], by: Person, now: datetime
) -> dict[str, Recipe]:
    """Find or write the recipe of each dish; the caller holds the canteen's row."""
    known = await Dish.known(canteen.id, [course.name for course in courses])
    recipes = {key: recipe for key, (_dish, recipe) in known.items()}
    for course in courses:
        key, said = folded(course.name), course.contents
        old = recipes.get(key)
        if old is None:
            dish = await Dish.create(canteen_id=canteen.id, name=course.name, key=key, created_at=now)
            recipes[key] = await Recipe.write(dish.id, said, course.lines, by, now)
            continue
        both = old.contents.with_(said.allergens, said.ingredients, known=said.known)
        if both != old.contents:
            dish = await Dish.rewrite(old.dish_id, both, old.lines, by, now)
            recipes[key] = (await Recipe.newest([dish.id]))[dish.id]
    return recipes


async def _must_be_ahead(canteen: Canteen, day: date, now: datetime) -> None:
    known = await ServiceDay.of(canteen.id, day)
    over = known is not None and (known.state is DayState.FINISHED or known.finish_at <= now)
    if over or day < canteen.today(now):
        raise MenuOver(day)


def monday_of(day: date) -> date:
    """Find the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
