from __future__ import annotations

from dataclasses import replace

from pypika_tortoise.context import DEFAULT_SQL_CONTEXT

from bot.database import pace


def test_settings_are_copied_as_the_query_builder_means_it() -> None:
    changed = {"with_alias": True, "quote_char": "`", "parameterizer": None}

    assert DEFAULT_SQL_CONTEXT.copy(**changed) == replace(DEFAULT_SQL_CONTEXT, **changed)
    assert DEFAULT_SQL_CONTEXT.copy() == DEFAULT_SQL_CONTEXT
    assert type(DEFAULT_SQL_CONTEXT).copy is pace.copy
