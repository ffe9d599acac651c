"""The desk: who came to the table, who fetched a lunch, and whose chair stayed empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tortoise import fields
from tortoise.models import Model

from models.calendar import ServiceDay
from models.canteens import Canteen
from models.caselog import MET
from models.cases import Case, CaseKind, CaseOutcome
from models.dated import Diet
from models.deskrules import DeskRules
from models.fields import UtcDatetimeField
from models.meals import SEEN, Meal, MealEvent, MealState
from models.noon import Noon, is_open_for_guests
from models.orders import Origin
from models.people import Membership, Person, Role
from models.refusals import DeskShut, Gone, NoSpareLunch, TooLateToUndo
from models.routesheets import with_it
from models.seniors import Mode, Senior, Status
from models.serving import must_serve

UNDO: Final = timedelta(minutes=10)
GUESTS_AT_MOST: Final = 99
CAME: Final = (MealState.SIGNED_IN, MealState.FETCHED)


@dataclass(frozen=True, slots=True)
class Guest:
    """One senior who is expected at the desk, or came there.

    ahead: the closed days whose lunch is given with it.
    """

    meal: Meal
    senior: Senior
    diet: Diet | None
    ahead: Sequence[date] = ()

    @property
    def waiting(self) -> bool:
        """Tell whether nobody has seen this guest yet."""
        return self.meal.state in (MealState.EXPECTED, MealState.NOT_COME)


@dataclass(frozen=True, slots=True)
class Desk:
    """A day's desk as it stands; others: how many came without a name."""

    canteen: Canteen
    day: date
    service_day: ServiceDay
    guests: Sequence[Guest]
    others: int
    spare: int
    closes_at: datetime
    closed: bool

    @property
    def waiting(self) -> list[Guest]:
        """List who has not come yet."""
        return [guest for guest in self.guests if guest.waiting]

    @property
    def came(self) -> int:
        """Count who was signed in, and so was seen."""
        return sum(guest.meal.state is MealState.SIGNED_IN for guest in self.guests)

    @property
    def fetched(self) -> int:
        """Count the lunches that somebody else picked up: those seniors were not seen."""
        return sum(guest.meal.state is MealState.FETCHED for guest in self.guests)

    @classmethod
    async def of(cls, canteen_id: int, now: datetime) -> Desk:
        """Look at today's desk. Raises DeskShut."""
        canteen = await Canteen.get_or_none(id=canteen_id)
        if canteen is None:
            raise Gone
        day = canteen.today(now)
        service_day = await ServiceDay.of(canteen_id, day)
        if service_day is None or not is_open_for_guests(service_day):
            raise DeskShut(day)
        rules = await DeskRules.of(canteen_id)
        noon = await Noon.get_or_none(service_day_id=service_day.id)
        return cls(
            canteen=canteen,
            day=day,
            service_day=service_day,
            guests=await guests_of(service_day),
            others=await GuestCount.of(service_day.id),
            spare=rules.spare,
            closes_at=rules.closes(canteen, day),
            closed=noon is not None and noon.closed_at is not None,
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """What a word at the desk changed. news: the state is another than before."""

    meal: Meal
    senior: Senior
    before: MealState
    case: Case | None = None

    @property
    def news(self) -> bool:
        return self.meal.state is not self.before


class GuestCount(Model):
    """How many guests without a name ate on a day; the newest row counts."""

    id = fields.IntField(primary_key=True)
    service_day: fields.ForeignKeyRelation[ServiceDay] = fields.ForeignKeyField(
        "models.ServiceDay", related_name="guest_counts"
    )
    service_day_id: int
    count = fields.SmallIntField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="guest_counts", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "guest_count"
        indexes = (("service_day_id",),)

    @classmethod
    async def of(cls, service_day_id: int) -> int:
        """Tell how many guests without a name ate on a day."""
        last = await cls.filter(service_day_id=service_day_id).order_by("-id").first()
        return 0 if last is None else last.count


async def guests_of(service_day: ServiceDay) -> list[Guest]:
    """List the guests of a day by short id: who eats at the table, fetches lunch, or came all the same."""
    meals = (
        await Meal.filter(service_day_id=service_day.id)
        .exclude(state=MealState.CANCELLED)
        .prefetch_related("senior", "diet")
    )
    ahead = await with_it(service_day.canteen_id, service_day.day)
    found = [
        Guest(meal, meal.senior, meal.diet, ahead.get(meal.senior_id, ()))
        for meal in meals
        if meal.mode is not Mode.DELIVERY or meal.state in CAME
    ]
    return sorted(found, key=lambda guest: by_number(guest.senior))


def by_number(senior: Senior) -> tuple[int, str, int]:
    """Order as people count: A2 before A17, A99 before B1, Z99 before AA1."""
    letters = senior.short_id.rstrip("0123456789")
    return len(letters), letters, int(senior.short_id[len(letters) :] or 0)


# ------------------------------------------------------------------------------------------------ signing in


async def sign_in(meal_id: int, by: Person, at: datetime, now: datetime, *, other: bool = False) -> Signed:
    """Write down that a guest came at the instant `at`; `other`: somebody else fetched the lunch.

    Said twice, it is written once. Who had counted as not come is corrected, and the worry is closed.
    Raises Gone, NotAllowed, DeskShut; NoSpareLunch for a lunch that was called off.
    """
    meal = await _held(meal_id, by, now)
    if meal.state is MealState.CANCELLED:
        await _check_spare(await ServiceDay.filter(id=meal.service_day_id).select_for_update().get())
        meal.origin = Origin.DESK
        await meal.save(update_fields=["origin"])
    return await _say(meal, MealState.FETCHED if other else MealState.SIGNED_IN, by, at, now)


async def walk_in(senior_id: int, by: Person, at: datetime, now: datetime) -> Signed:
    """Let a senior eat who has no lunch ordered today, and sign them in.

    Raises Gone, NotAllowed, DeskShut, NoSpareLunch.
    """
    senior = await Senior.get_or_none(id=senior_id, status=Status.ACTIVE)
    if senior is None:
        raise Gone
    await must_serve(by, senior.canteen_id, now)
    day = (await Canteen.get(id=senior.canteen_id)).today(now)
    # Held first: of two who let somebody in at once, one makes the meal and the other finds it.
    service_day = await ServiceDay.filter(canteen_id=senior.canteen_id, day=day).select_for_update().first()
    if service_day is None or not is_open_for_guests(service_day):
        raise DeskShut(day)
    known = await Meal.of(senior_id, day)
    if known is not None:
        return await sign_in(known.id, by, at, now)
    await _check_spare(service_day)
    residence, diet = await senior.residence_on(day), await senior.diet_on(day)
    meal = await Meal.create(
        senior_id=senior_id,
        service_day_id=service_day.id,
        canteen_id=senior.canteen_id,
        day=day,
        mode=Mode.DINE_IN,
        origin=Origin.DESK,
        residence_id=None if residence is None else residence.id,
        diet_id=None if diet is None else diet.id,
    )
    return await _say(meal, MealState.SIGNED_IN, by, at, now)


async def undo(meal_id: int, by: Person, now: datetime) -> Signed:
    """Take the last sign-in of a meal back: for ten minutes anybody at the desk, later a coordinator.

    Raises Gone, NotAllowed, DeskShut, TooLateToUndo.
    """
    meal = await _held(meal_id, by, now)
    said = MealEvent.filter(meal_id=meal.id, voided_at=None, state__in=CAME)
    last = await said.order_by("-at", "-id").first()
    if last is None:
        raise Gone
    if now - last.heard_at > UNDO and not await Membership.holds(by.id, meal.canteen_id, Role.COORDINATOR):
        raise TooLateToUndo
    await MealEvent.filter(id=last.id).update(voided_at=now)
    before = meal.state
    await settle(meal)
    if meal.state is MealState.EXPECTED and meal.origin is Origin.DESK:
        await meal.cancel(by, now)
    senior, case = await Senior.get(id=meal.senior_id), None
    if meal.state is MealState.NOT_COME:
        case = await Case.open(CaseKind.EMPTY_PLACE, senior, meal.day, meal, by, None, now)
    return Signed(meal, senior, before, case)


async def set_guests(canteen_id: int, day: date, count: int, by: Person, now: datetime) -> int:
    """Set how many guests without a name ate today. Raises Gone, NotAllowed, DeskShut, NoSpareLunch."""
    await must_serve(by, canteen_id, now)
    canteen = await Canteen.get(id=canteen_id)
    service_day = await ServiceDay.filter(canteen_id=canteen_id, day=day).select_for_update().first()
    if service_day is None or day != canteen.today(now) or not is_open_for_guests(service_day):
        raise DeskShut(day)
    known = await GuestCount.of(service_day.id)
    if not 0 <= count <= GUESTS_AT_MOST:
        raise Gone
    if count > known:
        await _check_spare(service_day, more=count - known)
    if count != known:
        await GuestCount.create(service_day_id=service_day.id, count=count, by_id=by.id, at=now)
    return count


async def _held(meal_id: int, by: Person, now: datetime) -> Meal:
    """Hold one of today's meals for somebody at its desk."""
    meal = await Meal.filter(id=meal_id).select_for_update().first()
    if meal is None:
        raise Gone
    await must_serve(by, meal.canteen_id, now)
    canteen = await Canteen.get(id=meal.canteen_id)
    if meal.day != canteen.today(now):
        raise DeskShut(meal.day)
    return meal


async def _check_spare(service_day: ServiceDay, more: int = 1) -> None:
    """Check that the kitchen has a lunch left; the caller holds the day's row."""
    rules = await DeskRules.of(service_day.canteen_id)
    walked_in = Meal.filter(service_day_id=service_day.id, origin=Origin.DESK)
    taken = await walked_in.exclude(state=MealState.CANCELLED).count() + await GuestCount.of(service_day.id)
    if taken + more > rules.spare:
        raise NoSpareLunch(rules.spare)


async def _say(meal: Meal, state: MealState, by: Person, at: datetime, now: datetime) -> Signed:
    before, case = meal.state, None
    last = await _last(meal)
    if last is None or last.state is not state:
        await MealEvent.create(meal_id=meal.id, state=state, by_id=by.id, at=at, heard_at=now)
    await settle(meal)
    senior = await Senior.get(id=meal.senior_id)
    if meal.state in CAME:
        case = await _close_worry(meal, by, now)
    return Signed(meal, senior, before, case)


async def _close_worry(meal: Meal, by: Person, now: datetime) -> Case | None:
    """Close the worry over an empty chair: somebody has come now. One over a telephone rests."""
    open_ = Case.filter(senior_id=meal.senior_id, day=meal.day, kind=CaseKind.EMPTY_PLACE, closed_at=None)
    case = await open_.select_for_update().first()
    if case is not None:
        await case.close(CaseOutcome.FALSE_ALARM, by, now)
    elif meal.state in SEEN and (case := await Case.climbing(meal.senior_id, meal.day)) is not None:
        await case.rest(MET, by, now)
    return case


async def _last(meal: Meal) -> MealEvent | None:
    """Find the last word on a meal; that of a person counts before an empty chair at the closing."""
    said = await MealEvent.filter(meal_id=meal.id, voided_at=None).order_by("at", "id")
    return next((event for event in reversed(said) if event.state is not MealState.NOT_COME), None) or (
        said[-1] if said else None
    )


async def settle(meal: Meal) -> None:
    """Bring a meal to what was last said of it."""
    last = await _last(meal)
    meal.state = MealState.EXPECTED if last is None else last.state
    meal.state_at = None if last is None else last.at
    await meal.save(update_fields=["state", "state_at"])
