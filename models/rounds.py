"""A round: the doors of a route in their order, and what was found at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tortoise.expressions import Q

from models.audit import AuditEvent
from models.claiming import must_have_company
from models.dated import Diet, Residence
from models.firstlunches import first_lunches
from models.firstvisits import FirstVisit
from models.households import door_of
from models.meals import BY_CLOSURE, EventOrigin, Meal, MealEvent, MealState
from models.people import Person, Role
from models.refusals import Gone, NotOnRound, TooLateToUndo
from models.routes import Kind
from models.routesheets import with_it
from models.seniors import Mode, Senior
from models.shiftclock import AFTER, BEFORE, EARLY
from models.shifts import Claim, Shift, ShiftState
from models.youth import AgeNote

UNDO: Final = timedelta(minutes=10)
RECENT: Final = timedelta(days=1)

# What a volunteer may say at a door. All but these two close it for the round.
OUTCOMES: Final = frozenset(
    {
        MealState.IN_PERSON,
        MealState.NEIGHBOUR,
        MealState.AT_DOOR,
        MealState.REFUSED,
        MealState.NO_ANSWER,
        MealState.RETURNED,
    }
)


@dataclass(frozen=True, slots=True)
class Door:
    """One stop of a round: a senior's meal, and where and how to bring it.

    ahead: the closed days whose lunch is brought with it; first: it is the first lunch of all.
    number: its place on the route, as printed: a door that is left out changes no other's.
    home: the same for all who live behind one door; each has a meal of their own. Above zero it is shared.
    """

    number: int
    meal: Meal
    senior: Senior
    residence: Residence | None
    diet: Diet | None
    ahead: tuple[date, ...] = ()
    home: int = 0
    first: bool = False

    @property
    def open(self) -> bool:
        """Tell whether nobody has said anything of this door yet."""
        return self.meal.state is MealState.EXPECTED


@dataclass(frozen=True, slots=True)
class Round:
    """A volunteer's round: the shift it belongs to, and its doors in order.

    not_today: the numbers of doors that were taken off after the lists had been made.
    beside: who goes along because somebody has the first lunch, and the carriers don't know the way.
    """

    shift: Shift
    claim: Claim | None
    doors: Sequence[Door]
    not_today: Sequence[int] = ()
    beside: Person | None = None

    @property
    def ends(self) -> datetime:
        """The instant at which addresses are taken away again."""
        return self.shift.ends_at + AFTER

    def next_open(self) -> Door | None:
        """Find the first door that nobody has said anything of."""
        return next((door for door in self.doors if door.open), None)

    def behind(self, door: Door) -> list[Door]:
        """List all who live behind a door, in their order."""
        return [one for one in self.doors if one.home == door.home]

    def door_of(self, meal_id: int) -> Door | None:
        """Find a meal's door."""
        return next((door for door in self.doors if door.meal.id == meal_id), None)

    @classmethod
    async def of(cls, person: Person, now: datetime, shift_id: int | None = None) -> Round | None:
        """Find the round that a volunteer may see: from an hour before its shift to two hours after."""
        held = Claim.filter(
            person_id=person.id,
            given_back_at=None,
            left_at=None,
            shift__starts_at__lte=now + BEFORE,
            shift__ends_at__gt=now - AFTER,
            shift__route__kind=Kind.ROUND,
        ).exclude(shift__state=ShiftState.CANCELLED)
        if shift_id is not None:
            held = held.filter(shift_id=shift_id)
        claims = await held.order_by("shift__starts_at").prefetch_related("shift")
        current = [claim for claim in claims if claim.finished_at is None] or list(claims)
        if not current:
            return None
        claim = current[0]
        walked = await doors(claim.shift)
        beside = await FirstVisit.companion(claim.shift_id) if any(door.first for door in walked) else None
        return cls(
            claim.shift,
            claim,
            walked,
            await _not_today(claim.shift, walked),
            None if beside is not None and beside.id == person.id else beside,
        )

    @classmethod
    async def with_meal(cls, meal: Meal, person: Person, now: datetime) -> Round | None:
        """Find the round of a volunteer to which a meal belongs: they may have two in one morning."""
        shift = await Shift.filter(route_id=meal.route_id, day=meal.day).first()
        return None if shift is None else await cls.of(person, now, shift.id)

    @classmethod
    async def visible(cls, claim_id: int, now: datetime) -> bool:
        """Tell whether this place still lets its holder see the doors."""
        claim = (
            await Claim.filter(id=claim_id, given_back_at=None, left_at=None)
            .prefetch_related("shift")
            .first()
        )
        return claim is not None and _shows_doors(claim.shift, now)

    @classmethod
    async def routes_seen(cls, person_id: int, canteen_id: int, day: date, now: datetime) -> set[int]:
        """List the routes of a day whose doors somebody may see now."""
        held = Claim.filter(person_id=person_id, given_back_at=None, left_at=None)
        there = held.filter(shift__canteen_id=canteen_id, shift__day=day).prefetch_related("shift")
        return {claim.shift.route_id for claim in await there if _shows_doors(claim.shift, now)}


def _shows_doors(shift: Shift, now: datetime) -> bool:
    open_ = shift.starts_at - BEFORE <= now < shift.ends_at + AFTER
    return open_ and shift.state is not ShiftState.CANCELLED


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a word about a door changed.

    news: the door's state is another than before. repeated: the same person said the same just before.
    """

    meal: Meal
    senior: Senior
    before: MealState
    news: bool
    repeated: bool = False


async def doors(shift: Shift) -> list[Door]:
    """List the doors of a shift in their order; meals that were cancelled or closed have none."""
    meals = (
        await Meal.filter(route_id=shift.route_id, day=shift.day, mode=Mode.DELIVERY)
        .exclude(state__in=(MealState.CANCELLED, *BY_CLOSURE))
        .order_by("position", "id")
        .prefetch_related("senior", "residence", "diet")
    )
    ahead = await with_it(shift.canteen_id, shift.day)
    new = await first_lunches(shift.day, [meal.senior_id for meal in meals])
    numbers: dict[int, int] = {}
    for place, meal in enumerate(meals, start=1):
        numbers.setdefault(_home(meal), meal.position or place)
    found = [
        Door(
            numbers[_home(meal)],
            meal,
            meal.senior,
            meal.residence,
            meal.diet,
            tuple(ahead.get(meal.senior_id, ())),
            _home(meal),
            meal.senior_id in new,
        )
        for meal in meals
    ]
    # Those behind one door as on paper (models/roster.py): meals are made in no order at all.
    ids = {door: door.senior.short_id for door in found}
    return sorted(found, key=lambda door: (door.number, door.home, len(ids[door]), ids[door]))


def _home(meal: Meal) -> int:
    return door_of(meal.senior_id, meal.senior.household_id)


async def _not_today(shift: Shift, walked: Sequence[Door]) -> list[int]:
    """List the doors that nobody walks to; one where somebody else has lunch is walked all the same."""
    left_out = Meal.filter(route_id=shift.route_id, day=shift.day, state=MealState.CANCELLED)
    homes, numbers = {door.home for door in walked}, {door.number for door in walked}
    found = await left_out.order_by("position", "id").prefetch_related("senior")
    places = [meal.position for meal in found if meal.position is not None and _home(meal) not in homes]
    return list(dict.fromkeys(place for place in places if place not in numbers))


async def record(meal_id: int, state: MealState, by: Person, at: datetime, now: datetime) -> Recorded:
    """Write down what happened at a door at the instant `at`; the latest word about a door counts.

    Said twice, it is written once; words that arrive out of order end in the same state. A word that was said
    before a sheet was typed in, and arrives after that, makes the sheet's void: nobody was asked about it.
    Raises Gone, NotOnRound.
    """
    if state not in OUTCOMES:
        raise Gone
    meal = await _held(meal_id)
    await _check_carries(meal, by, now)
    before = meal.state
    events = MealEvent.filter(meal_id=meal.id, voided_at=None)
    last = await events.order_by("-at", "-id").first()
    if (
        last is not None
        and last.origin is EventOrigin.PAPER
        and last.state is not state
        and at < last.at
        and not await events.filter(state=state, by_id=by.id).exists()
    ):
        await MealEvent.filter(id=last.id).update(voided_at=now)
    if last is None or last.state is not state:
        await MealEvent.create(
            meal_id=meal.id, state=state, by_id=by.id, at=at, heard_at=now, origin=EventOrigin.CHAT
        )
    await _settle(meal)
    repeated = last is not None and last.state is state and last.by_id == by.id
    return Recorded(
        meal, await Senior.get(id=meal.senior_id), before, meal.state is not before, repeated=repeated
    )


async def at_home(meal_id: int, state: MealState, by: Person, at: datetime, now: datetime) -> list[Recorded]:
    """Write down one thing of all who live behind a door, except of those of whom another was said.

    Raises Gone, NotOnRound.
    """
    meal = await _held(meal_id)
    shift = await Shift.filter(route_id=meal.route_id, day=meal.day).first()
    there = [] if shift is None else await doors(shift)
    here = next((door for door in there if door.meal.id == meal_id), None)
    if here is None:
        raise Gone
    await _check_carries(meal, by, now)
    same = (MealState.EXPECTED, state)
    told = [door for door in there if door.home == here.home and door.meal.state in same]
    return [await record(door.meal.id, state, by, at, now) for door in told]


async def own_word(meal_id: int, by: Person) -> MealEvent | None:
    """Find the word that counts about a door, where it is one's own."""
    last = await last_word(meal_id)
    return last if last is not None and last.by_id == by.id else None


async def undo(meal_id: int, event_id: int, by: Person, now: datetime) -> Recorded:
    """Take back one word of one's own about a door, up to ten minutes after it was heard.

    Said again of a word that was taken back, it takes back no other. Raises Gone, NotOnRound, TooLateToUndo.
    """
    meal = await _held(meal_id)
    await _check_carries(meal, by, now)
    before = meal.state
    word = await MealEvent.get_or_none(id=event_id, meal_id=meal.id, by_id=by.id)
    if word is None or word.state not in OUTCOMES:
        raise Gone
    if word.voided_at is None:
        if now - word.heard_at > UNDO:
            raise TooLateToUndo
        await MealEvent.filter(id=word.id).update(voided_at=now)
        await _settle(meal)
    return Recorded(meal, await Senior.get(id=meal.senior_id), before, meal.state is not before)


async def must_not_be_alone(person: Person, shift_id: int) -> None:
    """Check that nobody under age sets out to the doors without an adult. Raises NeedsAdult."""
    if (await AgeNote.of(person)).minor:
        shift = await Shift.get(id=shift_id).prefetch_related("route", "canteen")
        await must_have_company(person, shift, room=1)


async def start(claim: Claim, now: datetime) -> None:
    """Note that a volunteer has begun; the first time counts. Shortly before the start it is a check-in."""
    if claim.started_at is None:
        await Claim.filter(id=claim.id, started_at=None).update(started_at=now)
    if claim.arrived_at is None:
        there = Claim.filter(id=claim.id, arrived_at=None, shift__starts_at__lte=now + EARLY)
        await there.update(arrived_at=now, watch_at=None, missed_at=None)


async def _held(meal_id: int) -> Meal:
    meal = await Meal.filter(id=meal_id).select_for_update().first()
    if meal is None or meal.mode is not Mode.DELIVERY or meal.state in BY_CLOSURE:
        raise Gone
    return meal


async def _check_carries(meal: Meal, by: Person, now: datetime) -> None:
    carried = Claim.filter(
        person_id=by.id,
        given_back_at=None,
        left_at=None,
        shift__route_id=meal.route_id,
        shift__day=meal.day,
        shift__starts_at__lte=now + BEFORE,
        shift__ends_at__gt=now - AFTER,
    ).exclude(shift__state=ShiftState.CANCELLED)
    if meal.route_id is not None and await carried.exists():
        return
    if Role.COORDINATOR not in await by.roles():
        raise NotOnRound
    await by.must_be(Role.COORDINATOR, meal.canteen_id)


async def last_word(meal_id: int) -> MealEvent | None:
    """Find the word that counts about a door."""
    return await MealEvent.filter(meal_id=meal_id, voided_at=None).order_by("-at", "-id").first()


async def _settle(meal: Meal) -> None:
    last = await last_word(meal.id)
    meal.state = MealState.EXPECTED if last is None else last.state
    # Paper tells no hour, and none is made up.
    meal.state_at = None if last is None or last.origin is EventOrigin.PAPER else last.at
    await meal.save(update_fields=["state", "state_at"])


async def to_hide(now: datetime) -> list[Claim]:
    """List the places whose round may not be seen any more, of the last day: it is over, or given back."""
    past = (
        await Claim.filter(
            Q(shift__ends_at__lte=now - AFTER) | Q(given_back_at__not_isnull=True),
            shift__ends_at__gt=now - AFTER - RECENT,
            shift__route__kind=Kind.ROUND,
        )
        .order_by("id")
        .prefetch_related("person", "shift")
    )
    going = [claim.shift_id for claim in past if claim.shift.ends_at > now - AFTER]
    held = await Claim.filter(shift_id__in=going, given_back_at=None) if going else []
    # Who gave a place back and took it again carries it.
    again = {(claim.shift_id, claim.person_id) for claim in held}
    return [
        claim
        for claim in past
        if claim.shift.ends_at <= now - AFTER or (claim.shift_id, claim.person_id) not in again
    ]


async def senior_at(meal_id: int, by: Person, now: datetime) -> Senior:
    """Find who lives at a door that this volunteer carries to now. Raises Gone, NotOnRound."""
    meal = await _held(meal_id)
    await _check_carries(meal, by, now)
    return await Senior.get(id=meal.senior_id)


async def note_place(meal: Meal, place: str, by: Person, now: datetime) -> None:
    """Note where the door of a meal is, as "geo:LAT,LON" (WGS 84); the last who stood there is right.

    Raises Gone, NotOnRound.
    """
    held = await _held(meal.id)
    await _check_carries(held, by, now)
    home = await Residence.get_or_none(id=held.residence_id)
    if home is None:
        raise Gone
    home.place = place
    await home.save(update_fields=["place"])
    await AuditEvent.record("door.place", f"senior {held.senior_id}", by=by.id, now=now)


async def under_way(now: datetime) -> list[Claim]:
    """List the places whose round was begun and is not done, while its window is open."""
    begun = Claim.filter(
        started_at__not_isnull=True,
        finished_at=None,
        given_back_at=None,
        left_at=None,
        shift__route__kind=Kind.ROUND,
    )
    return (
        await begun.filter(shift__ends_at__gt=now - AFTER).order_by("id").prefetch_related("person", "shift")
    )
