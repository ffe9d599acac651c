"""A statement that is remembered is the one that would be built, with these values in their places."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tortoise.exceptions import FieldError
from tortoise.expressions import F, Q, Subquery

from bot.database import plans
from bot.database.lessons import STAR
from models.meals import Meal, MealEvent, MealState
from models.messaging import OutboxMessage
from models.people import Account, Person
from models.seniors import Mode, Senior, Status
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import a_town
from tests.house import House

DAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
numbers, days = st.integers(0, 9), st.integers(0, 9).map(lambda n: DAY + timedelta(days=n))
instants = st.integers(0, 9).map(lambda n: NOW + timedelta(minutes=n))
texts = st.text(max_size=2).filter(lambda text: text != STAR)
states, statuses = st.sampled_from(MealState), st.sampled_from(Status)


def lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give several, in whatever a caller has them."""
    several = st.lists(values, max_size=4)
    return st.one_of(several, several.map(tuple), several.map(frozenset), several.map(dict.fromkeys))


CONDITIONS = st.one_of(
    st.fixed_dictionaries({}, optional={"id": numbers, "day": days, "state": states}),
    st.fixed_dictionaries({"day__in": lists(days)}, optional={"surplus": st.booleans()}),
    st.fixed_dictionaries({"state__in": lists(states)}, optional={"guests__gt": numbers}),
    st.fixed_dictionaries({"mode__not": st.sampled_from(Mode)}, optional={"day__lte": days}),
    st.fixed_dictionaries({"route_id__not_in": lists(numbers)}, optional={"route_id": st.none()}),
    st.fixed_dictionaries({"state_at__range": st.tuples(instants, instants)}),
    st.fixed_dictionaries({"position__isnull": st.booleans()}, optional={"converted_from": st.none()}),
    st.fixed_dictionaries(
        {"senior__canteen_id": numbers}, optional={"senior__status": st.just(Status.ACTIVE)}
    ),
    st.fixed_dictionaries({"service_day__canteen__name__in": lists(texts)}),
    st.fixed_dictionaries({"events__state": states}, optional={"events__voided_at": st.none()}),
    st.fixed_dictionaries({"state_at__gte": st.one_of(instants, st.none())}),
)


def filters(children: st.SearchStrategy[Q]) -> st.SearchStrategy[Q]:
    either = st.lists(children, min_size=2, max_size=3).map(lambda several: Q(*several, join_type=Q.OR))
    both = st.lists(children, min_size=2, max_size=3).map(lambda several: Q(*several))
    return st.one_of(either, both, children.map(lambda one: ~one))


QS = st.recursive(
    st.builds(lambda found, how: Q(join_type=how, **found), CONDITIONS, st.sampled_from([Q.AND, Q.OR])),
    filters,
    max_leaves=4,
)
KINDS = {
    "all": lambda found: found.all(),
    "first": lambda found: found.order_by("-day", "id").first(),
    "some": lambda found: found.order_by("senior__id").offset(2).limit(3),
    "with": lambda found: found.select_related("senior", "service_day__canteen"),
    "few columns": lambda found: found.only("id", "day"),
    "locked": lambda found: found.select_for_update(skip_locked=True, of=("meal",)),
    "apart": lambda found: found.distinct(),
    "count": lambda found: found.count(),
    "count apart": lambda found: found.distinct().count(),
    "any": lambda found: found.exists(),
    "values": lambda found: found.order_by("id").values("id", canteen="senior__canteen_id"),
    "lists": lambda found: found.limit(5).values_list("senior_id", "state"),
    "flat": lambda found: found.distinct().values_list("day", flat=True),
    "delete": lambda found: found.delete(),
    "update": lambda found: found.update(state=MealState.CANCELLED, state_at=NOW, guests=2, route_id=None),
    "update a truth": lambda found: found.update(surplus=True, day=DAY),
}


def built(query: Any) -> tuple[str, list[Any]]:
    probe = copy.copy(query)
    probe._joined_tables = []
    probe._make_query()
    sql, values = probe.query.get_parameterized_sql()
    return sql, values


def remembered(query: Any) -> tuple[str, list[Any]] | None:
    query._choose_db_if_not_chosen()
    found = plans.planned(query)
    return found and found.get_parameterized_sql()


@settings(max_examples=200)
@given(kind=st.sampled_from(list(KINDS)), one=QS, another=QS)
async def test_what_is_remembered_is_what_is_built(db: str, kind: str, one: Q, another: Q) -> None:
    for filters in ([one], [another], [one, another], [another, ~one]):
        query = KINDS[kind](Meal.filter(*filters))
        found = remembered(query)
        assert found is not None
        sql, values = built(query)
        assert found == (sql, values)
        assert [type(value) for value in found[1]] == [type(value) for value in values]


async def test_values_go_to_their_places_the_second_time_too(db: str) -> None:
    plans.PLANS.clear()
    first = remembered(Meal.filter(day=DAY, id__in=[1, 2]).exclude(state=MealState.CANCELLED))
    assert len(plans.PLANS) == 1
    second = remembered(
        Meal.filter(day=DAY + timedelta(1), id__in=(7, 8)).exclude(state=MealState.AT_DOOR).all()
    )
    assert len(plans.PLANS) == 1, "the same shape"
    assert first is not None
    assert second is not None
    assert first[0] == second[0]
    assert second[1] == [DAY + timedelta(1), 7, 8, MealState.AT_DOOR.value]


@pytest.mark.parametrize(
    "query",
    [
        lambda: Shift.filter(taken__lt=F("places")),
        lambda: Shift.filter(id=1).update(taken=F("taken") + 1),
        lambda: Account.filter(person_id__in=Subquery(Person.filter(id__gt=3).values("id"))),
        lambda: OutboxMessage.filter(key__startswith="day:%_"),
        lambda: Meal.filter(senior__canteen_id=1, senior__short_id=Status.ACTIVE).count(),
        lambda: Claim.filter(id__in=list(range(plans.LONGEST + 1))),
        lambda: Meal.filter(senior=Senior(id=4)),
    ],
    ids=["a column", "a sum", "a query", "a beginning", "a word of ours", "a long list", "a row"],
)
@ONE_ENGINE
async def test_what_depends_on_more_than_its_shape_is_built_each_time(db: str, query: Any) -> None:
    for _ in range(2):
        one = query()
        assert remembered(one) is None
        assert built(one)[0].startswith(("SELECT", "UPDATE"))
        await one


async def test_the_one_text_that_the_builder_writes_out_is_written_out(db: str) -> None:
    assert remembered(Meal.filter(senior__short_id="A1")) is not None
    star = Meal.filter(senior__short_id="*")
    assert remembered(star) is None
    assert built(star)[1] == []
    assert await Meal.filter(senior__short_id__in=["*", "A1"]).count() == 0


@ONE_ENGINE
async def test_a_fault_of_a_query_is_told_as_ever(db: str) -> None:
    for _ in range(2):
        with pytest.raises(FieldError, match="Unknown filter param 'lunch'"):
            await Meal.filter(lunch=1)
        with pytest.raises(ValueError, match="expected an aware"):
            await Meal.filter(state_at=datetime(2026, 11, 24))  # noqa: DTZ001  that is the fault


@ONE_ENGINE
async def test_only_so_many_are_remembered(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "AT_MOST", 3)
    plans.PLANS.clear()
    for size in range(5):
        assert remembered(Meal.filter(id__in=[1] * (size + 1))) is not None
        assert len(plans.PLANS) <= 3


async def test_answers_are_read_as_ever(house: House) -> None:
    await a_town(house)
    await house.at("2026-11-24 09:00")
    for _ in range(2):
        meals = await Meal.filter(day=DAY).order_by("id").select_related("senior", "service_day__canteen")
        assert [meal.senior.name for meal in meals][:1] == ["Wang Guilan"]
        assert {meal.service_day.canteen.name for meal in meals} == {"Ping'an Lane"}
        one = await Meal.filter(senior__short_id__not="Z9", day=DAY).order_by("id").first()
        assert one == meals[0]
        assert await Meal.get_or_none(id=one.id, day=DAY - timedelta(1)) is None
        assert await MealEvent.filter(meal_id__in=[meal.id for meal in meals]).count() == 0
        assert await Meal.filter(id=one.id).update(guests=one.guests) == 1
