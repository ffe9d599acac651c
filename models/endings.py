"""Lunches that end for good: why, since when, and the way back within a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.cases import Case
from models.fields import UtcDatetimeField
from models.households import route_of_mates
from models.kin import Kinship
from models.meals import Meal, MealEvent, MealState
from models.messaging import OutboxMessage, Sent
from models.people import Account, Person
from models.refusals import EndedForGood, NotPending, RegisteredAnew
from models.routes import Route, Stop, leave
from models.seniors import Mode, Senior, Status
from models.shifts import Claim

UNDO: Final = timedelta(days=30)
WEEKS: Final = timedelta(weeks=4)
RECENT: Final = timedelta(days=7)


class EndReason(StrEnum):
    """Why the lunches ended."""

    MOVED = "moved"
    HOME = "home"
    OWN_WISH = "own_wish"
    DIED = "died"
    OTHER = "other"


class Ending(Model):
    """The end of a senior's lunches; one is in force at most. was: how they stood with us before."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="endings"
    )
    senior_id: int
    reason = fields.CharEnumField(EndReason, max_length=16)
    was = fields.CharEnumField(Status, max_length=32)
    at = UtcDatetimeField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="endings", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    undone_at = UtcDatetimeField(null=True)

    class Meta:
        table = "ending"
        constraints = (
            UniqueConstraint(
                fields=("senior",), name="ending_in_force_is_one", condition="undone_at IS NULL"
            ),
        )

    @classmethod
    async def of(cls, senior_id: int) -> Ending | None:
        """Find the end that is in force."""
        return await cls.filter(senior_id=senior_id, undone_at=None).first()

    def may_be_undone(self, now: datetime) -> bool:
        """Tell whether everything may still go on as before."""
        return now - self.at <= UNDO


@dataclass(frozen=True, slots=True)
class Ended:
    """What an end did: who followed by chat, and which made meals it took off the list."""

    senior: Senior
    followers: Sequence[Person]
    meals: Sequence[Meal]


async def end(senior_id: int, reason: EndReason, by: Person, now: datetime) -> Ended:
    """Let lunches end for good, in one act: meals, route, who follows, what waits to be said.

    What was stays on record. Raises Gone, NotAllowed, NotPending.
    """
    senior = await Senior.coordinated(senior_id, by)
    canteen = await Canteen.get(id=senior.canteen_id)
    today = canteen.today(now)
    coming = await senior.meals_to_call_off(today)
    ending = Senior.filter(id=senior_id, status=senior.status)
    if senior.status not in (Status.ACTIVE, Status.OWN_YES) or not await ending.update(
        status=Status.ENDED, decided_by_id=by.id, decided_at=now
    ):
        raise NotPending
    await Ending.create(senior_id=senior_id, reason=reason, was=senior.status, at=now, by_id=by.id)
    await senior.refresh_from_db()
    await leave(senior_id, now)
    meals = [meal for meal in coming if await meal.cancel(by, now)]
    await AuditEvent.record(f"senior.end.{reason}", f"senior {senior_id}", by=by.id, now=now)
    followers = await Kinship.end_all(senior_id, now)
    await _unsay(senior_id, now)
    return Ended(senior, followers, meals)


async def _unsay(senior_id: int, now: datetime) -> None:
    """Drop what waits to be said about a senior: news of a meal or a case, questions, doors and cards."""
    recent = Meal.filter(senior_id=senior_id, state_at__gte=now - RECENT)
    meals = [f"meal {meal_id} for " for meal_id in await recent.values_list("id", flat=True)]
    known = Case.filter(senior_id=senior_id, opened_at__gte=now - UNDO)
    cases = [
        f"{what}:{case_id}:" for case_id in await known.values_list("id", flat=True) for what in CASE_NEWS
    ]
    about = Q(reveals__endswith=f" senior {senior_id}") | Q(key__startswith=f"senior {senior_id} ")
    # What tells of several who live behind one door names them one after the other.
    about |= Q(reveals__contains=f" senior {senior_id},")
    for start in (*meals, *cases):
        about |= Q(key__startswith=start)
    await OutboxMessage.filter(about, state=Sent.PENDING).update(state=Sent.DROPPED)


CASE_NEWS: Final = ("settled", "family")


async def carriers(senior_id: int, now: datetime) -> list[Person]:
    """List the volunteers who brought this senior lunch in the last weeks, and still have a chat."""
    brought = (
        await Meal.filter(
            senior_id=senior_id, mode=Mode.DELIVERY, route_id__not_isnull=True, day__gte=(now - WEEKS).date()
        )
        .exclude(state=MealState.CANCELLED)
        .values_list("route_id", "day")
    )
    walks = set(brought)
    held = Claim.filter(
        given_back_at=None,
        shift__route_id__in=[route_id for route_id, _day in walks],
        shift__day__in=[day for _route_id, day in walks],
        shift__starts_at__lte=now,
    )
    claims = await held.order_by("id").prefetch_related("person", "shift")
    people = {one.person_id: one.person for one in claims if (one.shift.route_id, one.shift.day) in walks}
    reachable = Account.filter(person_id__in=list(people), reachable=True)
    reached = {row[0] for row in await reachable.values_list("person_id")}
    return [person for person_id, person in people.items() if person_id in reached]


async def undo(senior_id: int, by: Person, now: datetime) -> Ended:
    """Let everything go on as before an end: place, meals of days to come, who follows.

    Raises Gone, NotAllowed, NotPending, EndedForGood after 30 days, RegisteredAnew.
    """
    senior = await Senior.coordinated(senior_id, by)
    ending = await Ending.filter(senior_id=senior_id, undone_at=None).select_for_update().first()
    if senior.status is not Status.ENDED or ending is None:
        raise NotPending
    if not ending.may_be_undone(now):
        raise EndedForGood
    if await senior.twin() is not None:
        raise RegisteredAnew
    days = ServiceDay.filter(canteen_id=senior.canteen_id, finish_at__gt=now)
    coming = [day.id for day in await days.order_by("day").select_for_update()]
    await Ending.filter(id=ending.id).update(undone_at=now)
    await Senior.filter(id=senior_id).update(status=ending.was)
    await senior.refresh_from_db()
    await AuditEvent.record("senior.end.undo", f"senior {senior_id}", by=by.id, now=now)
    await _back_on_the_route(senior, ending, by, now)
    taken_off = MealEvent.filter(
        meal__senior_id=senior_id, state=MealState.CANCELLED, at=ending.at, voided_at=None
    )
    ids = await taken_off.values_list("meal_id", flat=True)
    meals = await Meal.filter(id__in=list(ids), service_day_id__in=coming).select_for_update()
    meals = [meal for meal in meals if await meal.expect_again(now)]
    kin = await Kinship.filter(senior_id=senior_id, ended_at=ending.at).prefetch_related("person")
    await Kinship.filter(id__in=[one.id for one in kin]).update(ended_at=None)
    for one in kin:
        await Account.renew_menus(one.person_id)
    return Ended(senior, [one.person for one in kin if one.linked], meals)


async def _back_on_the_route(senior: Senior, ending: Ending, by: Person, now: datetime) -> None:
    if senior.status is not Status.ACTIVE or senior.mode is not Mode.DELIVERY:
        return
    if (there := await route_of_mates(senior)) is not None:
        await there.put(senior.id, None, by, now)
        return
    stop = await Stop.filter(senior_id=senior.id, left_at=ending.at).prefetch_related("route").first()
    if stop is not None and stop.route.closed_at is None:
        await stop.route.put(senior.id, stop.position, by, now)
    elif routes := await Route.of(senior.canteen_id):
        await routes[0].put(senior.id, None, by, now)
