"""Remember the statement of a query: the next one of the same shape only brings other values.

To build a statement takes Tortoise 1.1.9 longer than SQLite takes to answer it, and a turn sends two dozen.
A query's shape is all that its statement depends on: its kind, its model, the names in its filters, how many
values a list has, what is empty or a truth value, order, limit, columns. A shape that can't be learned is
built each time as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from enum import Enum
from typing import Any, Final

from pypika_tortoise.terms import Term
from tortoise.expressions import Expression, Q
from tortoise.models import Model
from tortoise.queryset import (
    AwaitableQuery,
    CountQuery,
    DeleteQuery,
    ExistsQuery,
    QuerySet,
    UpdateQuery,
    ValuesListQuery,
    ValuesQuery,
)

from bot.database.lessons import LISTS, PLAIN, Lesson, Plan, Unlearnable, Written, is_of_the_shape

LONGEST: Final = 128  # values of one list: each length has a statement of its own
AT_MOST: Final = 2000  # statements

# What else of a query its statement depends on.
SETTINGS: Final[dict[type[AwaitableQuery[Any]], tuple[str, ...]]] = {
    QuerySet: (
        "_limit", "_offset", "_distinct", "_orderings", "_fields_for_select", "_select_related",
        "_select_for_update", "_select_for_update_nowait", "_select_for_update_skip_locked",
        "_select_for_update_of", "_select_for_update_no_key", "_force_indexes", "_use_indexes",
    ),
    ValuesListQuery: (
        "_fields_for_select_list", "_limit", "_offset", "_distinct", "_orderings", "_group_bys",
        "_force_indexes", "_use_indexes",
    ),
    ValuesQuery: (
        "_fields_for_select", "_limit", "_offset", "_distinct", "_orderings", "_group_bys",
        "_force_indexes", "_use_indexes",
    ),
    CountQuery: ("_distinct", "_force_indexes", "_use_indexes"),
    ExistsQuery: ("_force_indexes", "_use_indexes"),
    UpdateQuery: ("_limit", "_orderings"),
    DeleteQuery: ("_limit", "_orderings"),
}  # fmt: skip
WRITING: Final = frozenset({UpdateQuery, DeleteQuery})


def _shape(q: Q, leaves: list[Any]) -> tuple[Any, ...]:
    """Describe a filter, and gather its values in the order of its names."""
    parts: list[Any] = [q.join_type, q._is_negated]
    filters: dict[str, Any] = q.filters
    for name, value in filters.items():
        kind = type(value)
        if is_of_the_shape(value):
            parts.append((name, kind, value))
            continue
        if kind in LISTS:
            if len(value) > LONGEST:
                raise Unlearnable
            parts.append((name, "list", len(value)))
        elif kind in PLAIN or isinstance(value, Enum):
            parts.append((name, "value"))
        else:
            raise Unlearnable
        leaves.append(value)
    parts.extend(_shape(child, leaves) for child in q.children)
    return tuple(parts)


def _still(value: Any) -> Any:
    """Make a setting a part of the shape."""
    if type(value) is dict:
        return tuple(value.items())
    return tuple(value) if isinstance(value, list | set) else value


def _set(values: Iterable[tuple[str, Any]], leaves: list[Any]) -> tuple[Any, ...]:
    parts: list[tuple[Any, ...]] = []
    for name, value in values:
        if isinstance(value, Expression | Term | Model):
            raise Unlearnable
        if value is None:
            parts.append((name, None))
        else:
            parts.append((name, "value"))
            leaves.append(value)
    return tuple(parts)


PLANS: dict[tuple[Any, ...], Plan | None] = {}


def planned(query: Any) -> Written | None:
    """Give the statement of a query, and what its answer is read by; None where it has to be built."""
    kind = type(query)
    if query._annotations or query._custom_filters:
        return None
    leaves: list[Any] = []
    try:
        shape = (
            kind,
            query.model,
            query._db.capabilities.dialect,
            *[_still(getattr(query, name)) for name in SETTINGS[kind]],
            *[_shape(q, leaves) for q in query._q_objects],
            *(_set(query.update_kwargs.items(), leaves) if kind is UpdateQuery else ()),
        )
    except Unlearnable:
        return None
    if shape not in PLANS:
        if len(PLANS) >= AT_MOST:
            del PLANS[next(iter(PLANS))]
        try:
            PLANS[shape] = Lesson(query, leaves).learn()
        except Unlearnable:
            PLANS[shape] = None
        except Exception:  # noqa: BLE001  a fault of the query itself is told by building it as ever
            return None
    plan = PLANS[shape]
    if plan is None:
        return None
    if kind is QuerySet:
        query._select_related_idx = plan.related
    return plan.written(leaves)


def _remembering(kind: type[AwaitableQuery[Any]]) -> Callable[[Any], Generator[Any, None, Any]]:
    build: Callable[[Any], Generator[Any, None, Any]] = kind.__await__  # type: ignore[attr-defined]  # each kind has one

    def execute(query: Any) -> Generator[Any, None, Any]:
        query._choose_db_if_not_chosen(kind in WRITING or (kind is QuerySet and query._select_for_update))
        written = planned(query) if type(query) is kind else None
        if written is None:
            return build(query)
        query.query = written
        return query._execute().__await__()  # type: ignore[no-any-return]  # Tortoise leaves it open

    return execute


for _kind in SETTINGS:
    setattr(_kind, "__await__", _remembering(_kind))  # noqa: B010  mypy lets no method be replaced by its name
