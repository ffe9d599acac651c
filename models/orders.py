"""Orders: one day's change of a senior's pattern, and days of pause; all of it only until the cut-off."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closures import Closure
from models.fields import UtcDatetimeField
from models.people import Membership, Person, Role
from models.refusals import DaysBackwards, NoLunchThatDay, NotAllowed, NotPaused, OrdersClosed
from models.seniors import Kinship, Mode, Pause, Senior

if TYPE_CHECKING:
    from models.meals import Meal


class Origin(StrEnum):
    """Where a dated row comes from; only pattern rows are ever made anew."""

    PATTERN = "pattern"
    FAMILY = "family"
    COORDINATOR = "coordinator"
    DESK = "desk"


class ChangeKind(StrEnum):
    """What is different on one day."""

    SKIP = "skip"
    EXTRA = "extra"
    SWAP = "swap"


class OrderChange(Model):
    """One day's change of a senior's pattern; the newest that is not void counts.

    mode: how lunch is had that day, where it differs; a skip keeps that of the change it took the place of.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="changes"
    )
    senior_id: int
    day = fields.DateField()
    kind = fields.CharEnumField(ChangeKind, max_length=16)
    mode = fields.CharEnumField(Mode, max_length=16, null=True)
    origin = fields.CharEnumField(Origin, max_length=16)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="order_changes", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "order_change"
        indexes = (("senior_id", "day"),)
        constraints = (
            UniqueConstraint(
                fields=("senior", "day"), name="order_change_in_force_is_one", condition="voided_at IS NULL"
            ),
            CheckConstraint(check="kind <> 'swap' OR mode IS NOT NULL", name="order_change_swap_has_a_mode"),
        )

    @classmethod
    async def may_skip(cls, senior: Senior, day: date, by: Person, now: datetime) -> Meal | None:
        """Check that one lunch may be left out; give its meal if it is made already.

        After the cut-off only a coordinator may, and takes the meal itself off the list.
        Raises NotAllowed, NoLunchThatDay, OrdersClosed.
        """
        origin = await may_order(senior, by)
        made = await _open(senior, day, origin, now)
        if (
            made is None
            and not await _wanted(senior, day, now)
            and not await cls.filter(senior_id=senior.id, day=day, voided_at__isnull=True).exists()
        ):
            raise NoLunchThatDay(day)
        return made

    @classmethod
    async def skip(cls, senior: Senior, day: date, by: Person, now: datetime) -> Meal | None:
        """Leave one lunch out; done twice, it is done once. Return the meal if it was made already.

        Raises what `may_skip` raises.
        """
        made = await cls.may_skip(senior, day, by, now)
        known = await cls.get_or_none(senior_id=senior.id, day=day, voided_at__isnull=True)
        if known is not None and known.kind is ChangeKind.SKIP:
            return made
        if known is not None:
            await cls.filter(id=known.id).update(voided_at=now)
        if made is not None:
            await made.cancel(by, now)
        await cls.create(
            senior_id=senior.id,
            day=day,
            kind=ChangeKind.SKIP,
            mode=None if known is None else known.mode or senior.mode,
            origin=await may_order(senior, by),
            by_id=by.id,
            at=now,
        )
        return made

    @classmethod
    async def in_force(cls, senior_id: int, day: date, kind: ChangeKind) -> bool:
        """Tell whether a day has a change of this kind."""
        return await cls.filter(senior_id=senior_id, day=day, kind=kind, voided_at__isnull=True).exists()

    @classmethod
    async def undo_skip(cls, senior: Senior, day: date, by: Person, now: datetime) -> Meal | None:
        """Let a senior eat after all; done twice, it is done once. Return the meal if it was made already.

        Raises NotAllowed, NoLunchThatDay, OrdersClosed.
        """
        origin = await may_order(senior, by)
        skips = cls.filter(senior_id=senior.id, day=day, kind=ChangeKind.SKIP, voided_at__isnull=True)
        if not await skips.exists():
            return None
        made = await _open(senior, day, origin, now)
        known = await skips.first()
        if known is None:
            return made
        await cls.filter(id=known.id).update(voided_at=now)
        if made is not None:
            await made.expect_again(now)
        if known.mode is not None:
            kind = ChangeKind.SWAP if await _wanted(senior, day, now) else ChangeKind.EXTRA
            await cls.create(
                senior_id=senior.id, day=day, kind=kind, mode=known.mode, origin=origin, by_id=by.id, at=now
            )
        return made


async def may_order(senior: Senior, by: Person) -> Origin:
    """Tell in whose name a person may change a senior's orders. Raises NotAllowed."""
    if await Membership.holds(by.id, senior.canteen_id, Role.COORDINATOR):
        return Origin.COORDINATOR
    if await Kinship.filter(
        person_id=by.id, senior_id=senior.id, linked=True, ended_at__isnull=True
    ).exists():
        return Origin.FAMILY
    raise NotAllowed


async def may_pause(senior: Senior, starts: date, ends: date | None, by: Person, now: datetime) -> list[Meal]:
    """Check that lunches may stop on these days; give the meals that were made for them already.

    Only a coordinator may begin on a day whose orders are closed.
    Raises NotAllowed, DaysBackwards, OrdersClosed.
    """
    origin = await may_order(senior, by)
    canteen = await Canteen.get(id=senior.canteen_id)
    if starts < canteen.today(now) or (ends is not None and ends < starts):
        raise DaysBackwards
    closed: list[Meal] = []
    for day in await _hold(senior.canteen_id, starts, ends):
        if day.state is DayState.PLANNED and now < day.close_at:
            continue
        made = await _meal(senior, day.day)
        if origin is Origin.FAMILY and (made is not None or day.state is DayState.PLANNED):
            raise OrdersClosed(day.day, day.close_at, canteen.zone)
        if made is not None:
            closed.append(made)
    return closed


async def pause(senior: Senior, starts: date, ends: date | None, by: Person, now: datetime) -> list[Meal]:
    """Stop a senior's lunches from a day on, until `ends` (its last day) or until somebody resumes.

    Return the made meals that this takes off the list. Raises what `may_pause` raises.
    """
    closed = await may_pause(senior, starts, ends, by, now)
    taken_off = [meal for meal in closed if await meal.cancel(by, now)]
    await Pause.create(senior_id=senior.id, starts=starts, ends=ends, by_id=by.id, at=now)
    return taken_off


async def may_resume(senior: Senior, day: date, by: Person, now: datetime) -> list[Pause]:
    """Check that lunches may come again from `day` on; give the pauses that would end by it.

    A pause that would begin after `day` is another plan and stays.
    Raises NotAllowed, DaysBackwards, OrdersClosed, NotPaused.
    """
    await may_order(senior, by)
    canteen = await Canteen.get(id=senior.canteen_id)
    if day < canteen.today(now):
        raise DaysBackwards
    for held in await _hold(senior.canteen_id, day, day):
        if held.state is not DayState.PLANNED or now >= held.close_at:
            raise OrdersClosed(day, held.close_at, canteen.zone)
    over = await pauses_of(senior.id, day).filter(starts__lte=day).select_for_update()
    if not over:
        raise NotPaused
    return over


async def resume(senior: Senior, day: date, by: Person, now: datetime) -> list[Pause]:
    """Let lunches come again from `day` on; return the pauses that end by it. Raises as `may_resume`."""
    over = await may_resume(senior, day, by, now)
    await Pause.filter(id__in=[each.id for each in over]).update(voided_at=now)
    await Pause.bulk_create(
        Pause(
            senior_id=senior.id, starts=each.starts, ends=day - timedelta(days=1),
            reason=each.reason, by_id=by.id, at=now,
        )
        for each in over
        if each.starts < day
    )  # fmt: skip
    return over


def pauses_of(senior_id: int, day: date) -> QuerySet[Pause]:
    """Select a senior's pauses that are not over before a day, the next one first."""
    return Pause.filter(
        Q(ends__isnull=True) | Q(ends__gte=day), senior_id=senior_id, voided_at__isnull=True
    ).order_by("starts", "id")


async def _open(senior: Senior, day: date, origin: Origin, now: datetime) -> Meal | None:
    """Hold a day against its closing; give the meal if one was made that a coordinator may still change."""
    canteen = await Canteen.get(id=senior.canteen_id)
    held = await _hold(canteen.id, day, day)
    if not held:
        today = canteen.today(now)
        planned = canteen.planned_until is not None and day <= canteen.planned_until
        if day < today or planned or not await ServiceDay.cooks_on(canteen, day, now):
            raise NoLunchThatDay(day)
        return None
    (service_day,) = held
    await Closure.must_cook(canteen.id, day, canteen.zone)
    if service_day.state is DayState.PLANNED and now < service_day.close_at:
        return None
    made = await _meal(senior, day)
    if origin is Origin.FAMILY or made is None or service_day.state is DayState.FINISHED:
        raise OrdersClosed(day, service_day.close_at, canteen.zone)
    return made


async def _wanted(senior: Senior, day: date, now: datetime) -> bool:
    """Tell whether a senior has lunch on a day without any change."""
    canteen = await Canteen.get(id=senior.canteen_id)
    return await ServiceDay.wanted_on(canteen, day, senior.weekdays, now)


async def _hold(canteen_id: int, starts: date, ends: date | None) -> list[ServiceDay]:
    """Lock the service days of a period, so that none is closed while its orders change."""
    days = ServiceDay.filter(canteen_id=canteen_id, day__gte=starts)
    if ends is not None:
        days = days.filter(day__lte=ends)
    return await days.order_by("day").select_for_update()


async def _meal(senior: Senior, day: date) -> Meal | None:
    """Find a made meal of which nothing is known yet but whether it is wanted."""
    from models.meals import Meal, MealState

    return (
        await Meal.filter(senior_id=senior.id, day=day, state__in=(MealState.EXPECTED, MealState.CANCELLED))
        .select_for_update()
        .first()
    )
