from __future__ import annotations

from copy import copy
from dataclasses import replace

from pypika_tortoise import Query, Table
from pypika_tortoise.context import DEFAULT_SQL_CONTEXT
from pypika_tortoise.queries import QueryBuilder
from pypika_tortoise.terms import ValueWrapper

from bot.database import pace
from models.meals import Meal


def test_settings_are_copied_as_the_query_builder_means_it() -> None:
    changed = {"with_alias": True, "quote_char": "`", "parameterizer": None}

    assert DEFAULT_SQL_CONTEXT.copy(**changed) == replace(DEFAULT_SQL_CONTEXT, **changed)
    assert DEFAULT_SQL_CONTEXT.copy() == DEFAULT_SQL_CONTEXT
    assert type(DEFAULT_SQL_CONTEXT).copy is pace.copy


def test_lists_are_copied_and_what_is_no_list_is_copied_as_ever() -> None:
    query = Query.from_(Table("meal")).select("id")

    assert pace.duplicate(query) is not query
    assert pace.duplicate(query) == query
    for value in ([1, 2], {"a": [1]}, {1}, None, "a", (1, 2)):
        assert pace.duplicate(value) == value
    kept = [[1]]
    assert pace.duplicate(kept) is not kept
    assert pace.duplicate(kept)[0] is kept[0], "not deep"


async def test_columns_that_are_remembered_are_written_as_they_are_selected(db: str) -> None:
    def sql(query: QueryBuilder) -> str:
        return query.get_sql()

    meals, seniors = Meal._meta.basequery_all_fields, Table("senior")
    alone = sql(copy(meals))
    assert alone == sql(copy(meals))
    joined = copy(meals).join(seniors).on(seniors.id == Meal._meta.basetable.senior_id)
    assert sql(joined).startswith('SELECT "meal"."'), "with another table its name is written"
    assert sql(copy(meals)) == alone
    more = copy(meals).select(ValueWrapper(7).as_("seven"))
    assert sql(more).partition(" FROM ")[0] == alone.partition(" FROM ")[0] + ',7 "seven"'
    assert sql(copy(meals).distinct()) == alone.replace("SELECT ", "SELECT DISTINCT ")
