"""Meals: one senior, one service day, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model

from models.fields import EncryptedTextField, UtcDatetimeField
from models.ordered import (
    DUE,
    HOMES,
    LUNCHES,
    MAKE,
    OF_CANTEENS,
    OF_DAYS,
    OF_PERIOD,
    OF_SENIOR,
    WANTED,
    filled,
)
from models.orders import Origin
from models.seniors import Mode
from models.sql import as_day

if TYPE_CHECKING:
    from models.calendar import ServiceDay
    from models.canteens import Canteen, Route
    from models.people import Person
    from models.seniors import Diet, Residence, Senior

__all__ = [
    "LEFT",
    "NOT_MET",
    "SEEN",
    "Due",
    "EventOrigin",
    "Meal",
    "MealEvent",
    "MealState",
    "Mode",
    "Origin",
]


class MealState(StrEnum):
    """What became of a meal. Unknown stays expected: it is never called delivered.

    Closed: the canteen did not cook; ahead: it went out the day before. Neither is missed or served.
    """

    EXPECTED = "expected"
    CANCELLED = "cancelled"
    CLOSED = "closed_by_canteen"
    AHEAD = "brought_ahead"
    IN_PERSON = "handed_over"
    NEIGHBOUR = "left_with_neighbour"
    AT_DOOR = "left_at_door"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    RETURNED = "returned"
    SIGNED_IN = "signed_in"
    NOT_COME = "not_come"
    FETCHED = "fetched"


class EventOrigin(StrEnum):
    """How we know what became of a meal: said in the chat, or typed in from a ticked sheet."""

    CHAT = "chat"
    PAPER = "paper"


SEEN = frozenset({MealState.IN_PERSON, MealState.SIGNED_IN})
LEFT = frozenset({MealState.NEIGHBOUR, MealState.AT_DOOR})
# Of these alone nobody knows that somebody was met: a worry about the door goes on.
NOT_MET = frozenset({MealState.NO_ANSWER, MealState.RETURNED, *LEFT})
BY_CLOSURE = frozenset({MealState.CLOSED, MealState.AHEAD})


@dataclass(frozen=True, slots=True)
class Due:
    """One senior who eats on a day; before the orders close no meal is made yet and meal_id is None.

    guests: how many come along.
    """

    senior_id: int
    service_day_id: int
    canteen_id: int
    day: date
    mode: Mode
    origin: Origin
    residence_id: int | None
    diet_id: int | None
    route_id: int | None
    position: int | None
    meal_id: int | None
    state: MealState
    guests: int = 0


class Meal(Model):
    """One lunch of one senior on one service day, with the residence and diet of that day.

    converted_from: how it was to be had, where a closure has it brought home.
    guests: how many lunches more go with it. surplus: it was called off when it was cooked already.
    canteen, residence, diet: copied from the day and the senior, whose references are checked; checked again
    for each lunch they were most of what a closing hour cost.
    """

    id = fields.BigIntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="meals")
    senior_id: int
    service_day: fields.ForeignKeyRelation[ServiceDay] = fields.ForeignKeyField(
        "models.ServiceDay", related_name="meals"
    )
    service_day_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="meals", db_constraint=False
    )
    canteen_id: int
    day = fields.DateField()
    mode = fields.CharEnumField(Mode, max_length=16)
    origin = fields.CharEnumField(Origin, max_length=16, default=Origin.PATTERN)
    state = fields.CharEnumField(MealState, max_length=32, default=MealState.EXPECTED)
    state_at = UtcDatetimeField(null=True)
    guests = fields.SmallIntField(default=0, db_default=0)
    surplus = fields.BooleanField(default=False, db_default=False)
    residence: fields.ForeignKeyNullableRelation[Residence] = fields.ForeignKeyField(
        "models.Residence", related_name="meals", null=True, db_constraint=False
    )
    residence_id: int | None
    diet: fields.ForeignKeyNullableRelation[Diet] = fields.ForeignKeyField(
        "models.Diet", related_name="meals", null=True, db_constraint=False
    )
    diet_id: int | None
    route: fields.ForeignKeyNullableRelation[Route] = fields.ForeignKeyField(
        "models.Route", related_name="meals", null=True
    )
    route_id: int | None
    position = fields.SmallIntField(null=True)
    converted_from = fields.CharEnumField(Mode, max_length=16, null=True)

    class Meta:
        table = "meal"
        unique_together = (("senior", "day"),)
        indexes = (("canteen_id", "day"), ("route_id", "day"))

    @classmethod
    async def of(cls, senior_id: int, day: date) -> Meal | None:
        """Find a senior's meal of a day; None before the orders close, or when there is none."""
        return await cls.get_or_none(senior_id=senior_id, day=day)

    @classmethod
    async def due(cls, canteen_ids: Sequence[int], day: date) -> list[Due]:
        """List who eats on a day: who would, before the orders close, and who does, afterwards."""
        return await _due(OF_CANTEENS, [day, *canteen_ids]) if canteen_ids else []

    @classmethod
    async def wanted(cls, canteen_ids: Sequence[int], first: date, until: date) -> list[Due]:
        """List who eats on the days of a period, or would but for a closure, by the same rule."""
        return await _due(OF_PERIOD, [first, until, *canteen_ids], WANTED) if canteen_ids else []

    @classmethod
    async def due_between(cls, canteen_ids: Sequence[int], first: date, until: date) -> list[Due]:
        """List who eats in a period, by the same rule."""
        return await _due(OF_PERIOD, [first, until, *canteen_ids]) if canteen_ids else []

    @classmethod
    async def days_of(cls, senior_id: int, first: date, until: date) -> list[Due]:
        """List the days of a period on which a senior eats, by the same rule."""
        return await _due(OF_SENIOR, [senior_id, first, until])

    @classmethod
    async def homes(cls, canteen_ids: Sequence[int], first: date, until: date) -> dict[tuple[int, date], int]:
        """Count for each route and day of a period to how many homes lunch is brought, by the same rule."""
        if not canteen_ids:
            return {}
        sql, values = filled(HOMES, OF_PERIOD, [first, until, *canteen_ids])
        rows = await get_connection("default").execute_query_dict(sql, values)
        return {(row["route_id"], as_day(row["day"])): int(row["n"]) for row in rows}

    @classmethod
    async def lunches(
        cls, canteen_ids: Sequence[int], first: date, until: date
    ) -> dict[tuple[int, date], dict[Mode, int]]:
        """Count for each canteen and day of a period who eats, by how lunch is had, by the same rule."""
        if not canteen_ids:
            return {}
        sql, values = filled(LUNCHES, OF_PERIOD, [first, until, *canteen_ids])
        found: dict[tuple[int, date], dict[Mode, int]] = {}
        for row in await get_connection("default").execute_query_dict(sql, values):
            by_mode = found.setdefault((row["canteen_id"], as_day(row["day"])), {})
            by_mode[Mode(row["mode"])] = int(row["n"])
        return found

    @classmethod
    async def make(cls, service_day_ids: Sequence[int]) -> None:
        """Make the meals of days that are about to close, in one statement; repeated, it adds nothing."""
        sql, values = filled(MAKE, OF_DAYS, [*service_day_ids])
        await get_connection("default").execute_query(sql, values)

    async def cancel(self, by: Person, now: datetime) -> bool:
        """Take a made meal off the list, on record; the caller has locked it and checked the right.

        One that goes out with another day's lunch can be called off as well, until that is over.
        """
        expected = self.state is MealState.EXPECTED or await self._goes_ahead()
        if expected:
            cooked = await self._cooked_with()
            self.surplus = cooked is not None and cooked.frozen_at is not None
            await MealEvent.create(
                meal_id=self.id, state=MealState.CANCELLED, by_id=by.id, at=now, heard_at=now
            )
            await self._become(MealState.CANCELLED, now, now)
        return expected

    async def expect_again(self, now: datetime) -> bool:
        """Put a cancelled meal back on the list; the caller has locked it and checked the right.

        On a day that a closure took meanwhile it becomes what all others of that day are. False: it stays
        off the list, as nobody cooks or brings it any more.
        """
        from models.closures import Closure, ClosureKind

        if self.state is not MealState.CANCELLED:
            return True
        closure = await Closure.of(self.canteen_id, self.day)
        state = MealState.EXPECTED
        if closure is not None and closure.kind is ClosureKind.CLOSED:
            state = MealState.CLOSED
        elif closure is not None and closure.kind is ClosureKind.AHEAD:
            cooked = await self._cooked_with()
            if cooked is None or cooked.finished_at is not None:
                return False
            state = MealState.AHEAD
        cancelled = MealEvent.filter(meal_id=self.id, state=MealState.CANCELLED, voided_at__isnull=True)
        await cancelled.update(voided_at=now)
        self.surplus = False
        await self._become(state, None if state is MealState.EXPECTED else now, now)
        return True

    async def _goes_ahead(self) -> bool:
        if self.state is not MealState.AHEAD:
            return False
        cooked = await self._cooked_with()
        return cooked is not None and cooked.finished_at is None

    async def _cooked_with(self) -> ServiceDay | None:
        """Find the day on which it is cooked and goes out."""
        from models.calendar import ServiceDay
        from models.closures import Closure

        return await ServiceDay.of(self.canteen_id, await Closure.goes_with(self.canteen_id, self.day))

    async def _become(self, state: MealState, at: datetime | None, now: datetime) -> None:
        from models.calendar import ServiceDay

        self.state, self.state_at = state, at
        await self.save(update_fields=["state", "state_at", "surplus"])
        await ServiceDay.recount([self.service_day_id], now)


class MealEvent(Model):
    """What somebody said of a meal, and when; undone by voiding, never deleted.

    origin: None is the chat, of before there was any other. A sheet on paper tells no hour: its `at` is when
    it was typed in. met: somebody was met, where the word leaves that open. neighbour: who has the lunch.
    """

    id = fields.BigIntField(primary_key=True)
    meal: fields.ForeignKeyRelation[Meal] = fields.ForeignKeyField("models.Meal", related_name="events")
    meal_id: int
    state = fields.CharEnumField(MealState, max_length=32)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="meal_events", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    heard_at = UtcDatetimeField()
    origin = fields.CharEnumField(EventOrigin, max_length=16, null=True)
    met = fields.BooleanField(null=True)
    neighbour = EncryptedTextField(null=True)
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "meal_event"
        indexes = (("meal_id",),)


# A day of many canteens has ten thousand rows: a look into these is quicker than making a choice of a text.
MODES: Final = {mode.value: mode for mode in Mode}
ORIGINS: Final = {origin.value: origin for origin in Origin}
STATES: Final = {state.value: state for state in MealState}


async def _due(which: str, values: Sequence[object], template: str = DUE) -> list[Due]:
    sql, said = filled(template, which, values)
    return [_read(row) for row in await get_connection("default").execute_query_dict(sql, said)]


def _read(row: dict[str, Any]) -> Due:
    row["day"] = as_day(row["day"])
    row["mode"], row["origin"], row["state"] = (
        MODES[row["mode"]],
        ORIGINS[row["origin"]],
        STATES[row["state"]],
    )
    return Due(**row)
