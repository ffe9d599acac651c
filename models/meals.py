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
from models.orders import Origin
from models.seniors import Mode
from models.sql import as_day, bit_of

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

# Who eats on the service days whose orders are open, by the pattern, its pauses and its one-day changes.
# Nobody is left out silently: without a diet or a route that column is empty. {eats}: the weekdays.
# A day that stands for others (a make-up workday, an added day) is for those who eat on all of them, too.
# A closure says what becomes of it: on a converted day everybody's lunch is brought home.
ORDERED: Final = """
    SELECT s.id AS senior_id, sd.id AS service_day_id, s.canteen_id, sd.day,
        {mode} AS mode, COALESCE(c.origin, 'pattern') AS origin,
        COALESCE(c.guests, 0) AS guests,
        (SELECT r.id FROM residence r WHERE r.senior_id = s.id AND r.since <= sd.day
            ORDER BY r.since DESC, r.id DESC LIMIT 1) AS residence_id,
        (SELECT d.id FROM diet d WHERE d.senior_id = s.id AND d.since <= sd.day
            ORDER BY d.since DESC, d.id DESC LIMIT 1) AS diet_id,
        CASE WHEN {mode} = 'delivery' THEN COALESCE(rt.id, ot.id) END AS route_id,
        CASE WHEN {mode} <> 'delivery' THEN NULL
            WHEN rt.id IS NOT NULL THEN st.position
            WHEN ot.id IS NOT NULL THEN (
                SELECT COALESCE(MAX(z.position), 0) FROM stop z WHERE z.route_id = ot.id AND z.left_at IS NULL
            ) + (
                SELECT COUNT(*) FROM order_change z WHERE z.route_id = ot.id AND z.day = c.day
                    AND z.voided_at IS NULL AND z.id <= c.id
            ) END AS position,
        COALESCE(c.mode, s.mode) AS wanted, cl.kind AS closure
    FROM service_day sd
    JOIN senior s ON s.canteen_id = sd.canteen_id AND s.status = 'active'
    LEFT JOIN order_change c ON c.senior_id = s.id AND c.day = sd.day AND c.voided_at IS NULL
    LEFT JOIN stop st ON st.senior_id = s.id AND st.left_at IS NULL
    LEFT JOIN route rt ON rt.id = st.route_id AND rt.closed_at IS NULL
    LEFT JOIN closure cl ON cl.canteen_id = sd.canteen_id AND cl.day = sd.day AND cl.ended_at IS NULL
    LEFT JOIN route ot ON ot.id = c.route_id AND ot.closed_at IS NULL
    WHERE {which} AND sd.state = 'planned'
        AND (c.kind = 'extra' OR ({eats} AND (c.kind IS NULL OR c.kind <> 'skip')))
        AND NOT EXISTS (SELECT 1 FROM pause p WHERE p.senior_id = s.id AND p.voided_at IS NULL
            AND p.starts <= sd.day AND (p.ends IS NULL OR p.ends >= sd.day))
"""
COLUMNS: Final = (
    "senior_id, service_day_id, canteen_id, day, mode, origin, guests,"
    " residence_id, diet_id, route_id, position"
)
MODE: Final = "CASE WHEN cl.kind = 'converted' THEN 'delivery' ELSE COALESCE(c.mode, s.mode) END"
COOKED: Final = "COALESCE(o.closure, '') NOT IN ('closed', 'ahead')"
NOT_COOKED: Final = "'cancelled', 'closed_by_canteen', 'brought_ahead'"
DUE: Final = """
    SELECT {columns}, NULL AS meal_id, 'expected' AS state FROM ({ordered}) o WHERE {cooked}
    UNION ALL
    SELECT {columns}, m.id AS meal_id, m.state FROM meal m WHERE {which} AND m.state NOT IN ({not_cooked})
    ORDER BY day, canteen_id, senior_id
"""
# Who would eat if no closure stood in between, or does.
WANTED: Final = """
    SELECT {columns}, NULL AS meal_id, 'expected' AS state FROM ({ordered}) o
    UNION ALL
    SELECT {columns}, m.id AS meal_id, m.state FROM meal m WHERE {which} AND m.state <> 'cancelled'
    ORDER BY day, canteen_id, senior_id
"""
HOMES: Final = """
    SELECT d.route_id, d.day, COUNT(DISTINCT COALESCE(h.household_id, -h.id)) AS n FROM (
        SELECT route_id, day, senior_id FROM ({ordered}) o WHERE {cooked}
        UNION ALL
        SELECT m.route_id, m.day, m.senior_id FROM meal m WHERE {which} AND m.state NOT IN ({not_cooked})
    ) d JOIN senior h ON h.id = d.senior_id WHERE d.route_id IS NOT NULL GROUP BY d.route_id, d.day
"""
LUNCHES: Final = """
    SELECT d.canteen_id, d.day, d.mode, COUNT(*) AS n FROM (
        SELECT canteen_id, day, mode FROM ({ordered}) o WHERE {cooked}
        UNION ALL
        SELECT m.canteen_id, m.day, m.mode FROM meal m WHERE {which} AND m.state NOT IN ({not_cooked})
    ) d GROUP BY d.canteen_id, d.day, d.mode
"""
MAKE: Final = """
    INSERT INTO meal ({columns}, converted_from, state)
    SELECT {columns}, CASE WHEN mode <> wanted THEN wanted END,
        CASE closure WHEN 'closed' THEN 'closed_by_canteen' WHEN 'ahead' THEN 'brought_ahead'
            ELSE 'expected' END
    FROM ({ordered}) o WHERE true ON CONFLICT (senior_id, day) DO NOTHING
"""
# That a senior's weekdays have a service day: its own weekday, or all those that it stands for.
EATS: Final = "(s.weekdays & {bit} <> 0 OR s.weekdays & sd.stands_for = sd.stands_for)"
OF_CANTEENS: Final = "{day} = {0} AND {canteen} IN ({after_first})"
OF_PERIOD: Final = "{day} BETWEEN {0} AND {1} AND {canteen} IN ({after_second})"
OF_SENIOR: Final = "{senior} = {0} AND {day} BETWEEN {1} AND {2}"
OF_DAYS: Final = "{service_day} IN ({all})"
IN_ORDERED: Final = {"day": "sd.day", "canteen": "sd.canteen_id", "senior": "s.id", "service_day": "sd.id"}
IN_MEAL: Final = {
    "day": "m.day",
    "canteen": "m.canteen_id",
    "senior": "m.senior_id",
    "service_day": "m.service_day_id",
}


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
    """

    id = fields.BigIntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="meals")
    senior_id: int
    service_day: fields.ForeignKeyRelation[ServiceDay] = fields.ForeignKeyField(
        "models.ServiceDay", related_name="meals"
    )
    service_day_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="meals"
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
        "models.Residence", related_name="meals", null=True
    )
    residence_id: int | None
    diet: fields.ForeignKeyNullableRelation[Diet] = fields.ForeignKeyField(
        "models.Diet", related_name="meals", null=True
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
        sql, values = _filled(HOMES, OF_PERIOD, [first, until, *canteen_ids])
        rows = await get_connection("default").execute_query_dict(sql, values)
        return {(row["route_id"], as_day(row["day"])): int(row["n"]) for row in rows}

    @classmethod
    async def lunches(
        cls, canteen_ids: Sequence[int], first: date, until: date
    ) -> dict[tuple[int, date], dict[Mode, int]]:
        """Count for each canteen and day of a period who eats, by how lunch is had, by the same rule."""
        if not canteen_ids:
            return {}
        sql, values = _filled(LUNCHES, OF_PERIOD, [first, until, *canteen_ids])
        found: dict[tuple[int, date], dict[Mode, int]] = {}
        for row in await get_connection("default").execute_query_dict(sql, values):
            by_mode = found.setdefault((row["canteen_id"], as_day(row["day"])), {})
            by_mode[Mode(row["mode"])] = int(row["n"])
        return found

    @classmethod
    async def make(cls, service_day_ids: Sequence[int]) -> None:
        """Make the meals of days that are about to close, in one statement; repeated, it adds nothing."""
        sql, values = _filled(MAKE, OF_DAYS, [*service_day_ids])
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
    sql, said = _filled(template, which, values)
    return [_read(row) for row in await get_connection("default").execute_query_dict(sql, said)]


def _filled(template: str, which: str, values: Sequence[object]) -> tuple[str, list[Any]]:
    """Write a statement in the way of the engine, for the days or people that `which` selects."""
    engine = get_connection("default").capabilities.dialect
    marks = [f"{'$' if engine == 'postgres' else '?'}{place}" for place in range(1, len(values) + 1)]
    listed = {
        "all": ", ".join(marks),
        "after_first": ", ".join(marks[1:]),
        "after_second": ", ".join(marks[2:]),
    }
    ordered = ORDERED.format(which=which.format(*marks, **listed, **IN_ORDERED), eats=eats(), mode=MODE)
    sql = template.format(
        columns=COLUMNS,
        ordered=ordered,
        which=which.format(*marks, **listed, **IN_MEAL),
        cooked=COOKED,
        not_cooked=NOT_COOKED,
    )
    if engine == "postgres":
        return sql, list(values)
    return sql, [value.isoformat() if isinstance(value, date) else value for value in values]


def eats() -> str:
    """Say in SQL that a senior's weekdays have a service day (`wanted` in models/schedule.py)."""
    return EATS.format(bit=bit_of("sd.day"))


def _read(row: dict[str, Any]) -> Due:
    row["day"] = as_day(row["day"])
    row["mode"], row["origin"], row["state"] = (
        MODES[row["mode"]],
        ORIGINS[row["origin"]],
        STATES[row["state"]],
    )
    return Due(**row)
