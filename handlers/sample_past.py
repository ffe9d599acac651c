"""Two weeks that the sample canteen has behind it: lunches, rounds, hours, and two worries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from handlers.sample import Cast
from models.calendar import ServiceDay
from models.cases import Case, CaseKind, CaseOutcome
from models.hours import HoursEntry, HoursSource
from models.meals import Meal, MealEvent, MealState
from models.people import Person
from models.seniors import Mode, Senior
from models.shifts import Claim, Shift, ShiftState

Rounds: TypeAlias = dict[tuple[int, int], Claim]

ALL: Final = 1000
A_DOOR: Final = timedelta(minutes=5)
SILENT: Final = 13  # the place in OLD of the one who did not open, three service days ago
DIFFERENT: Final = 28  # and of the one with whom something is different today


async def live_through(cast: Cast, now: datetime) -> None:
    """Let the past days run by their own steps, and note what became of each lunch."""
    days = await ServiceDay.filter(canteen_id=cast.canteen.id, finish_at__lte=now).order_by("day")
    for day in days:
        await ServiceDay.close_due(day.close_at, ALL)
        for step in (day.roster_at, day.out_at, day.finish_at):
            await ServiceDay.advance_due(step, ALL)
    # What is two weeks old is no news to the coordinators of today.
    while await ServiceDay.tell_due(now, ALL):
        pass
    rounds = await _rounds(cast, days)
    await _outcomes(cast, days, rounds)
    await _worries(cast, days, rounds)


async def _rounds(cast: Cast, days: Sequence[ServiceDay]) -> Rounds:
    """Let each route be carried; give the claim of a day (its place in `days`) and a route."""
    past = Shift.filter(canteen_id=cast.canteen.id, day__lte=cast.today)
    shifts = {(shift.day, shift.route_id): shift for shift in await past}
    claims: Rounds = {}
    for at, day in enumerate(days):
        for number, route in enumerate(cast.routes):
            shift = shifts[day.day, route.id]
            carrier = _carrier(cast, at, number)
            claims[at, route.id] = Claim(
                shift_id=shift.id,
                person_id=carrier.id,
                claimed_at=shift.starts_at - timedelta(days=6, hours=at % 5),
                confirmed_at=shift.starts_at - timedelta(hours=15, minutes=50 - at),
                started_at=shift.starts_at + timedelta(minutes=(at * 3 + number * 4) % 7),
                finished_at=shift.starts_at + timedelta(minutes=72 + (at * 7 + number * 11) % 30),
                reminded=3,
            )
    await Claim.bulk_create(list(claims.values()))
    await past.update(state=ShiftState.FINISHED, next_at=None, taken=1)
    await HoursEntry.bulk_create(
        HoursEntry(
            person_id=claim.person_id,
            canteen_id=cast.canteen.id,
            shift_id=claim.shift_id,
            day=days[at].day,
            began_at=claim.started_at,
            ended_at=claim.finished_at,
            minutes=round((claim.finished_at - claim.started_at).total_seconds() / 60),
            source=HoursSource.ROUND,
            at=claim.finished_at,
        )
        for (at, _route), claim in claims.items()
        if claim.started_at and claim.finished_at
    )
    return claims


def _carrier(cast: Cast, at: int, number: int) -> Person:
    """Take the volunteers in turn; Lin has the first route twice a week."""
    if number == 0 and at % 5 in (0, 2):
        return cast.lin
    return cast.volunteers[1 + (at * 3 + number) % (len(cast.volunteers) - 2)]


async def _outcomes(cast: Cast, days: Sequence[ServiceDay], rounds: Rounds) -> None:
    made = Meal.filter(service_day_id__in=[day.id for day in days], state=MealState.EXPECTED)
    places = {day.id: at for at, day in enumerate(days)}
    meals = await made.order_by("id")
    events = []
    for meal in meals:
        at = places[meal.service_day_id]
        if meal.route_id is not None and meal.position is not None:
            claim = rounds[at, meal.route_id]
            assert claim.started_at is not None
            meal.state_at, by = claim.started_at + A_DOOR * meal.position, claim.person_id
        else:
            meal.state_at = days[at].finish_at - timedelta(minutes=55 - meal.senior_id % 25)
            by = cast.coordinators[1].id
        meal.state = _became(cast, meal, at, len(days))
        events.append(
            MealEvent(meal_id=meal.id, state=meal.state, by_id=by, at=meal.state_at, heard_at=meal.state_at)
        )
    await MealEvent.bulk_create(events, batch_size=200)
    await Meal.bulk_update(meals, ["state", "state_at"], batch_size=200)


def _became(cast: Cast, meal: Meal, at: int, days: int) -> MealState:
    """Tell what became of a lunch: nearly always it was handed over in person."""
    if meal.senior_id == cast.seniors[SILENT].id and at == days - 4:
        return MealState.NO_ANSWER
    odd = (meal.senior_id * 7 + at * 11) % 53
    if meal.mode is not Mode.DELIVERY:
        return MealState.NOT_COME if odd == 5 else MealState.SIGNED_IN
    if meal.senior_id == cast.seniors[4].id:
        return MealState.IN_PERSON
    return {11: MealState.NEIGHBOUR, 23: MealState.REFUSED, 35: MealState.AT_DOOR}.get(
        odd, MealState.IN_PERSON
    )


async def _worries(cast: Cast, days: Sequence[ServiceDay], rounds: Rounds) -> None:
    """One shut door that ended well, and one worry of today that Mr Wu looks into."""
    chen, wu = cast.coordinators
    for place, kind, at, owner, words in (
        (SILENT, CaseKind.NO_ANSWER, len(days) - 4, chen, None),
        (DIFFERENT, CaseKind.CONCERN, len(days) - 1, wu, cast.words.worry),
    ):
        senior = await Senior.get(id=cast.seniors[place].id)
        meal = await Meal.get(senior_id=senior.id, day=days[at].day)
        assert meal.state_at is not None
        assert meal.route_id is not None
        carrier = await Person.get(id=rounds[at, meal.route_id].person_id)
        case = await Case.open(kind, senior, days[at].day, meal, carrier, words, meal.state_at)
        await case.take(owner, meal.state_at + timedelta(minutes=4))
        if kind is CaseKind.NO_ANSWER:
            closed = meal.state_at + timedelta(minutes=21)
            await case.close(CaseOutcome.SAFE_OUT, owner, closed, cast.words.found)
