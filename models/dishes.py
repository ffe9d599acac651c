"""Dishes: what a canteen cooks, and what is usually in it, from an instant on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.foods import ALLERGENS, folded
from models.people import Membership, Role
from models.refusals import Gone, NotAllowed

if TYPE_CHECKING:
    from models.people import Person

NAME_AT_MOST: Final = 80


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
        from models.menus import Planned

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


async def must_cook(by: Person, canteen_id: int) -> None:
    """Check that somebody cooks at a canteen or looks after it. Raises NotAllowed."""
    if not await Membership.holds(by.id, canteen_id, Role.KITCHEN, Role.COORDINATOR):
        raise NotAllowed


def nameable(name: str) -> bool:
    """Tell whether a dish can be called so: not too long, and with letters in it."""
    return 0 < len(name) <= NAME_AT_MOST and 0 < len(folded(name)) <= 2 * NAME_AT_MOST
