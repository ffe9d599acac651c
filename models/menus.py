"""The menu: what a dish usually holds, what is planned for which day, and what was really cooked."""

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
from models.fields import UtcDatetimeField
from models.foods import ALLERGENS, folded, foods_in
from models.people import Membership, Role
from models.refusals import Gone, MenuOver, NotAllowed, SettingUnreadable

if TYPE_CHECKING:
    from models.people import Person

ORDINARY: Final = "ordinary"
HALAL: Final = "halal"
# Who has several of these labels eats from the line that comes first.
LINES: Final = (HALAL, "vegetarian", "gout", "low_sugar", "low_salt")
NAME_AT_MOST: Final = 80
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a dish, as entered. known: somebody has said its allergens, be it that there are none."""

    allergens: tuple[str, ...] = ()
    ingredients: tuple[str, ...] = ()
    known: bool = False

    def with_(self, allergens: Sequence[str], ingredients: Sequence[str], *, known: bool) -> Contents:
        """Add what is in it, too: nothing that was said before gets lost."""
        held = {*self.allergens, *allergens}
        named: dict[str, str] = {}
        for word in (*self.ingredients, *ingredients):
            named.setdefault(folded(word), word)
        return Contents(
            tuple(code for code in ALLERGENS if code in held), tuple(named.values()), self.known or known
        )


@dataclass(frozen=True, slots=True)
class Course:
    """A dish as somebody puts it on a menu. lines: for which kitchen lines; empty: its usual ones."""

    name: str
    contents: Contents = Contents()
    lines: tuple[str, ...] = ()


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
    def foods(self) -> frozenset[str]:
        """Find the foods in it: those entered, and those of which its name and ingredients speak."""
        said = (foods_in(words) for words in (self.name, *self.contents.ingredients))
        return frozenset(self.contents.allergens).union(*said)


class Dish(Model):
    """A dish that a canteen cooks, by its name."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="dishes"
    )
    canteen_id: int
    name = fields.CharField(max_length=NAME_AT_MOST)
    key = fields.CharField(max_length=2 * NAME_AT_MOST)
    created_at = UtcDatetimeField()
    recipes: fields.ReverseRelation[Recipe]

    class Meta:
        table = "dish"
        unique_together = (("canteen", "key"),)

    @classmethod
    async def known(cls, canteen_id: int, names: Sequence[str]) -> dict[str, tuple[Dish, Recipe]]:
        """Find those of some dishes that the canteen knows, with what is usually in them, by folded name."""
        found = await cls.filter(canteen_id=canteen_id, key__in=[folded(name) for name in names])
        recipes = await Recipe.newest([dish.id for dish in found])
        return {dish.key: (dish, recipes[dish.id]) for dish in found}

    @classmethod
    async def lately(cls, canteen_id: int, limit: int) -> list[Dish]:
        """List the dishes of a canteen, the newest first."""
        return await cls.filter(canteen_id=canteen_id).order_by("-id").limit(limit)

    @classmethod
    async def cooked_by(cls, dish_id: int, by: Person) -> Dish:
        """Find a dish for a cook or coordinator of its canteen. Raises Gone, NotAllowed."""
        dish = await cls.get_or_none(id=dish_id)
        if dish is None:
            raise Gone
        await must_cook(by, dish.canteen_id)
        return dish

    @classmethod
    async def rewrite(
        cls, dish_id: int, contents: Contents, lines: Sequence[str], by: Person, now: datetime
    ) -> Dish:
        """Say what is usually in a dish from now on, also where it is planned for days to come.

        Raises Gone, NotAllowed.
        """
        dish = await cls.cooked_by(dish_id, by)
        canteen = await Canteen.locked(dish.canteen_id)
        recipe = await Recipe.write(dish.id, contents, lines, by, now)
        coming = Planned.filter(dish_id=dish.id, day__gte=canteen.today(now), voided_at=None)
        await coming.update(recipe_id=recipe.id)
        await AuditEvent.record("dish.recipe", f"dish {dish.id}", by=by.id, now=now)
        return dish


class Recipe(Model):
    """What is usually in a dish and for whom it is cooked, from an instant on; never changed."""

    id = fields.IntField(primary_key=True)
    dish: fields.ForeignKeyRelation[Dish] = fields.ForeignKeyField("models.Dish", related_name="recipes")
    dish_id: int
    allergens: fields.Field[Any] = fields.JSONField(default=list)
    ingredients: fields.Field[Any] = fields.JSONField(default=list)
    known = fields.BooleanField(default=False)
    lines: fields.Field[Any] = fields.JSONField(default=list)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="recipes", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "recipe"
        indexes = (("dish_id",),)

    @property
    def contents(self) -> Contents:
        """Tell what is usually in it."""
        return Contents(tuple(self.allergens), tuple(self.ingredients), self.known)

    @classmethod
    async def newest(cls, dish_ids: Sequence[int]) -> dict[int, Recipe]:
        """Find what is usually in some dishes now."""
        return {recipe.dish_id: recipe for recipe in await cls.filter(dish_id__in=dish_ids).order_by("id")}

    @classmethod
    async def write(
        cls, dish_id: int, contents: Contents, lines: Sequence[str], by: Person, now: datetime
    ) -> Recipe:
        """Write down what is in a dish; the caller has checked the right."""
        return await cls.create(
            dish_id=dish_id,
            allergens=list(contents.allergens),
            ingredients=list(contents.ingredients),
            known=contents.known,
            lines=list(lines),
            by_id=by.id,
            at=now,
        )


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


async def must_cook(by: Person, canteen_id: int) -> None:
    """Check that somebody cooks at a canteen or looks after it. Raises NotAllowed."""
    for role in (Role.KITCHEN, Role.COORDINATOR):
        if await Membership.holds(by.id, canteen_id, role):
            return
    raise NotAllowed


async def _must_be_ahead(canteen: Canteen, day: date, now: datetime) -> None:
    known = await ServiceDay.of(canteen.id, day)
    over = known is not None and (known.state is DayState.FINISHED or known.finish_at <= now)
    if over or day < canteen.today(now):
        raise MenuOver(day)


def nameable(name: str) -> bool:
    """Tell whether a dish can be called so: not too long, and with letters in it."""
    return 0 < len(name) <= NAME_AT_MOST and 0 < len(folded(name)) <= 2 * NAME_AT_MOST


def monday_of(day: date) -> date:
    """Find the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
