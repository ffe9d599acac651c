"""Learn a statement by building it once with a mark in the place of each value.

Whatever does more with a mark than to pass it on can't be learned.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, NoReturn
from uuid import UUID

from pypika_tortoise.terms import ValueWrapper
from tortoise.expressions import Expression, Q, ResolveContext, ResolveResult
from tortoise.models import MetaInfo
from tortoise.queryset import AwaitableQuery, QuerySet, UpdateQuery

Encoder = Callable[[Any], Any]

# What a driver takes as it is, and what the builder writes nowhere but in the place of a value.
PLAIN: Final = frozenset({str, int, float, bool, bytes, datetime, date, time, timedelta, Decimal, UUID})
STAR: Final = "*"  # the one text that the builder writes into the statement
LISTS: Final = frozenset({list, tuple, set, frozenset, dict})


class Unlearnable(TypeError):
    """A statement depends on a value itself."""


def is_of_the_shape(value: Any) -> bool:
    """Tell whether a value stands in the statement's text, or changes it."""
    return value is None or type(value) is bool


class Mark:
    """Stands where a value, or one of a list, goes; nothing can be done with it but to pass it on."""

    __slots__ = ("at", "number")

    def __init__(self, number: int, at: int | None = None) -> None:
        self.number, self.at = number, at

    def __getattr__(self, name: str) -> NoReturn:
        raise Unlearnable

    def __str__(self) -> str:
        raise Unlearnable

    def __bool__(self) -> bool:
        raise Unlearnable


class Leaf:
    """Stands for the value of a filter until that is encoded."""

    __slots__ = ("number", "value")

    def __init__(self, number: int, value: Any) -> None:
        self.number, self.value = number, value

    def __bool__(self) -> bool:
        raise Unlearnable

    def marks(self, encoded: Any) -> Mark | list[Mark]:
        """Give what to write in the place of what it is encoded as: one mark, or one for each of a list."""
        if type(self.value) not in LISTS:
            return Mark(self.number)
        if type(encoded) is not list:
            raise Unlearnable
        return [Mark(self.number, at) for at in range(len(encoded))]


class Given(Expression):
    """Stands for a value that is set."""

    def __init__(self, number: int) -> None:
        self.number = number

    def resolve(self, resolve_context: ResolveContext) -> ResolveResult:
        """Give what to write in its place."""
        return ResolveResult(term=ValueWrapper(Mark(self.number)))


class Written:
    """A statement with its values, as a query's builder gives them."""

    __slots__ = ("sql", "values")

    def __init__(self, sql: str, values: list[Any]) -> None:
        self.sql, self.values = sql, values

    def get_parameterized_sql(self) -> tuple[str, list[Any]]:
        """Give both."""
        return self.sql, self.values


class Plan:
    """A statement that was learned: its text, how each value is encoded, and which goes where."""

    __slots__ = ("encoders", "places", "related", "sql")

    def __init__(self, sql: str, places: list[Any], encoders: list[Encoder], related: list[Any]) -> None:
        self.sql, self.places, self.encoders, self.related = sql, places, encoders, related

    def written(self, leaves: list[Any]) -> Written | None:
        """Fill in values; None where one is encoded as nothing that can be."""
        encoded = [encode(leaf) for encode, leaf in zip(self.encoders, leaves, strict=True)]
        values = []
        for place in self.places:
            value = place
            if type(place) is Mark:
                value = encoded[place.number] if place.at is None else encoded[place.number][place.at]
                if type(value) not in PLAIN or value == STAR:
                    return None
            values.append(value)
        return Written(self.sql, values)


class Lesson:
    """Notes how the values of a query are encoded while its statement is built with marks."""

    def __init__(self, query: AwaitableQuery[Any], leaves: list[Any]) -> None:
        self._encoders: list[Encoder | None] = [None] * len(leaves)
        self._query, self._leaves, self._next = query, leaves, 0

    def learn(self) -> Plan:
        """Build the statement; Unlearnable, or what the builder says to a mark, where that can't be."""
        probe: Any = copy.copy(self._query)
        probe._joined_tables = []
        probe._q_objects = [self._planted(q) for q in self._query._q_objects]
        if type(probe) is UpdateQuery:
            probe.update_kwargs = {
                name: self._given(name, value) for name, value in probe.update_kwargs.items()
            }
        with self._taking_notes():
            probe._make_query()
            sql, places = probe.query.get_parameterized_sql()
        encoders = [encode for encode in self._encoders if encode is not None]
        if len(encoders) != len(self._leaves):
            raise Unlearnable
        related = probe._select_related_idx if type(probe) is QuerySet else []
        # Rows of one model alone need not be cut into those of several.
        alone = len(related) == 1 and not probe._fields_for_select
        return Plan(sql, places, encoders, [] if alone else related)

    def _leaf_or(self, value: Any) -> Any:
        return value if is_of_the_shape(value) else self._leaf()

    def _leaf(self) -> Leaf:
        self._next += 1
        return Leaf(self._next - 1, self._leaves[self._next - 1])

    def _planted(self, q: Q) -> Q:
        planted, filters = copy.copy(q), dict[str, Any](q.filters)
        planted.filters = {name: self._leaf_or(value) for name, value in filters.items()}
        planted.children = tuple(self._planted(child) for child in q.children)
        return planted

    def _given(self, name: str, value: Any) -> Any:
        if value is None:
            return value
        field = self._query.model._meta.fields_map[name]
        leaf = self._leaf()
        self._encoders[leaf.number] = lambda value: field.to_db_value(value, None)
        return Given(leaf.number)

    @contextmanager
    def _taking_notes(self) -> Generator[None]:
        known = MetaInfo.get_filter

        def noting(meta: MetaInfo, name: str) -> Any:
            found = known(meta, name)
            return {**found, "value_encoder": self._noted(found.get("value_encoder"))}

        setattr(MetaInfo, "get_filter", noting)  # noqa: B010  mypy lets no method be replaced by its name
        try:
            yield
        finally:
            setattr(MetaInfo, "get_filter", known)  # noqa: B010  nor put back

    def _noted(self, encoder: Callable[..., Any] | None) -> Callable[..., Any]:
        def encode(value: Any, model: Any, *field: Any) -> Any:
            if encoder is not None:
                return encoder(value, model, *field)
            # A filter over another table that has no encoder passes values as they are.
            return field[0].to_db_value(value, model) if field else value

        def note(value: Any, model: Any, *field: Any) -> Any:
            if type(value) is not Leaf:
                return encode(value, model, *field)
            self._encoders[value.number] = lambda value: encode(value, model, *field)
            return value.marks(encode(value.value, model, *field))

        return note
