"""Orders: one day's change of a senior's pattern, and days of pause; calling off goes on longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.calendar import DayState, ServiceDay, Window
from models.canteens import Canteen
from models.closures import Closure
from models.fields import UtcDatetimeField
from models.pauses import Homecoming
from models.people import Membership, Person, Role
from models.refusals import (
    DaysBackwards,
    FoodNotSeen,
    KitchenFrozen,
    NoLunchThatDay,
    NotPaused,
    OrdersClosed,
)
from models.routes import Route
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
    GUESTS = "guests"


class OrderChange(Model):
    """One day's change of a senior's pattern; the newest that is not void counts.

    mode: how lunch is had that day, where it differs. guests: how many come along.
    A skip keeps both of the change it took the place of.
    route: where lunch is brought that day to a door that is on no route.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="changes"
    )
    senior_id: int
    day = fields.DateField()
    kind = fields.CharEnumField(ChangeKind, max_length=16)
    mode = fields.CharEnumField(Mode, max_length=16, null=True)
    guests = fields.SmallIntField(default=0, db_default=0)
    route: fields.ForeignKeyNullableRelation[Route] = fields.ForeignKeyField(
        "models.Route", related_name="changes", null=True
    )
    route_id: int | None
    origin = fields.CharEnumField(Origin, max_length=16)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="order_changes", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "order_change"
        indexes = (("senior_id", "day"), ("route_id", "day"))
        constraints = (
            UniqueConstraint(
                fields=("senior", "day"), name="order_change_in_force_is_one", condition="voided_at IS NULL"
            ),
            CheckConstraint(check="kind <> 'swap' OR mode IS NOT NULL", name="order_change_swap_has_a_mode"),
        )

    @classmethod
    async def may_skip(cls, senior: Senior, day: date, by: Person, now: datetime) -> Meal | None:
        """Check that one lunch may be left out; give its meal if it is made already.

        After the cut-off the meal itself is taken off the list; when the kitchen's count is final, only a
        coordinator may. Raises NotAllowed, NoLunchThatDay, OrdersClosed, KitchenFrozen.
        """
        origin = await may_order(senior, by)
        made = await _open(senior, day, origin, by, now, calling_off=True)
        if (
            made is None
            and not await wanted(senior, day, now)
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
            return None
        if made is not None and not await made.cancel(by, now):
            made = None
        if known is not None:
            await cls.filter(id=known.id).update(voided_at=now)
        await cls.create(
            senior_id=senior.id,
            day=day,
            kind=ChangeKind.SKIP,
            mode=None if known is None else known.mode or senior.mode,
            guests=0 if known is None else known.guests,
            route_id=None if known is None else known.route_id,
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
        made = await _open(senior, day, origin, by, now)
        known = await skips.first()
        if known is None:
            return made
        await cls.filter(id=known.id).update(voided_at=now)
        if made is not None:
            await made.expect_again(now)
        if known.mode is not None:
            kind = await cls.kind_of(senior, day, now, known.mode, known.guests)
            if kind is not None:
                await cls.create(
                    senior_id=senior.id, day=day, kind=kind, mode=known.mode, guests=known.guests,
                    route_id=known.route_id, origin=origin, by_id=by.id, at=now,
                )  # fmt: skip
        return made

    @staticmethod
    async def kind_of(
        senior: Senior, day: date, now: datetime, mode: Mode | None, guests: int
    ) -> ChangeKind | None:
        """Tell what kind of change lets a senior eat so on a day; None where the pattern does."""
        if not await wanted(senior, day, now):
            return ChangeKind.EXTRA
        if mode is not None and mode is not senior.mode:
            return ChangeKind.SWAP
        return ChangeKind.GUESTS if guests else None


async def may_order(senior: Senior, by: Person) -> Origin:
    """Tell in whose name a person may change a senior's orders. Raises NotAllowed, NotByMessage.

    Whoever may not know how lunch stands does not order it either: each answer would tell them.
    """
    if await Membership.holds(by.id, senior.canteen_id, Role.COORDINATOR):
        return Origin.COORDINATOR
    await Kinship.informed(senior.id, by)
    return Origin.FAMILY


async def may_pause(senior: Senior, starts: date, ends: date | None, by: Person, now: datetime) -> list[Meal]:
    """Check that lunches may stop on these days; give the meals that were made for them already.

    Only a coordinator may begin on a day on which the kitchen's count is final.
    Raises NotAllowed, DaysBackwards, KitchenFrozen.
    """
    origin = await may_order(senior, by)
    canteen = await Canteen.get(id=senior.canteen_id)
    if starts < canteen.today(now) or (ends is not None and ends < starts):
        raise DaysBackwards
    closed: list[Meal] = []
    for day in await _hold(senior.canteen_id, starts, ends):
        if (window := day.window(now)) is Window.OPEN:
            continue
        made = await _meal(senior, day.day)
        final = window is Window.FROZEN and (made is not None or day.state is DayState.PLANNED)
        if origin is Origin.FAMILY and final:
            raise KitchenFrozen(day.day, day.freezes, canteen.zone, by.zone)
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
    Raises NotAllowed, DaysBackwards, CanteenClosed, OrdersClosed, NotPaused, and FoodNotSeen while a
    coordinator has still to see what is eaten now.
    """
    origin = await may_order(senior, by)
    canteen = await Canteen.get(id=senior.canteen_id)
    if day < canteen.today(now):
        raise DaysBackwards
    await Closure.must_cook(canteen.id, day, canteen.zone)
    for held in await _hold(senior.canteen_id, day, day):
        if held.state is not DayState.PLANNED or now >= held.close_at:
            raise OrdersClosed(day, held.close_at, canteen.zone, by.zone)
    over = await pauses_of(senior.id, day).filter(starts__lte=day).select_for_update()
    if not over:
        raise NotPaused
    if origin is Origin.FAMILY and await Homecoming.waiting(senior.id) is not None:
        raise FoodNotSeen
    return over


async def resume(senior: Senior, day: date, by: Person, now: datetime) -> list[Pause]:
    """Let lunches come again from `day` on; return the pauses that end by it. Raises as `may_resume`."""
    over = await may_resume(senior, day, by, now)
    await Homecoming.filter(senior_id=senior.id, seen_at=None, voided_at=None).update(voided_at=now)
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


async def _open(
    senior: Senior, day: date, origin: Origin, by: Person, now: datetime, *, calling_off: bool = False
) -> Meal | None:
    """Hold a day against its closing; give the meal if one was made that may still be changed."""
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
    window = service_day.window(now)
    late = calling_off and window is Window.CANCEL_ONLY
    # Past the closing, and no meal made yet: a calling-off is heard in time.
    if window is Window.OPEN or (late and service_day.state is DayState.PLANNED):
        return None
    if origin is Origin.FAMILY and calling_off and not late:
        raise KitchenFrozen(day, service_day.freezes, canteen.zone, by.zone)
    made = await _meal(senior, day)
    if late and made is None:
        raise NoLunchThatDay(day)
    if (origin is Origin.FAMILY and not late) or made is None or service_day.state is DayState.FINISHED:
        raise OrdersClosed(day, service_day.close_at, canteen.zone, by.zone)
    return made


async def wanted(senior: Senior, day: date, now: datetime) -> bool:
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
