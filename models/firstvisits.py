"""The first lunch of somebody new: who brings it should not be a stranger to the route as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from models.claiming import must_be_free, must_carry, must_have_company, must_suit
from models.familiar import known_to
from models.fields import UtcDatetimeField
from models.firstlunches import NO_LUNCH, first_lunches
from models.meals import Meal
from models.people import Account, Membership, Person, Role
from models.quiet import after_quiet_hours
from models.refusals import NotYours, Refusal
from models.seniors import Mode
from models.shiftrefusals import ShiftOver
from models.shifts import Claim, GivenBack, Shift, ShiftState
from models.sql import rows
from models.standing import Away

AHEAD: Final = timedelta(hours=24)
FEW: Final = 3
# Rounds of the next day that somebody carries, none of whom has walked the route before, and that pass a
# door to which no lunch ever came.
NEW_DOORS: Final = """
    SELECT sh.id FROM shift sh JOIN route r ON r.id = sh.route_id AND r.kind = 'round'
    WHERE sh.starts_at > {0} AND sh.starts_at <= {1} AND sh.state = 'open' AND sh.taken > 0
        AND NOT EXISTS (SELECT 1 FROM first_visit fv WHERE fv.shift_id = sh.id)
        AND NOT EXISTS (
            SELECT 1 FROM claim c JOIN claim w ON w.person_id = c.person_id AND w.shift_id <> c.shift_id
            JOIN shift ws ON ws.id = w.shift_id
            WHERE c.shift_id = sh.id AND c.given_back_at IS NULL AND c.left_at IS NULL
                AND ws.route_id = sh.route_id AND w.started_at IS NOT NULL AND w.missed_at IS NULL)
        AND EXISTS (
            SELECT 1 FROM stop st JOIN senior s ON s.id = st.senior_id AND s.status = 'active'
            WHERE st.route_id = sh.route_id AND st.left_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM meal m
                WHERE m.senior_id = st.senior_id AND m.day < sh.day AND m.state NOT IN ({no_lunch})))
    ORDER BY sh.starts_at, sh.id
"""


class FirstVisit(Model):
    """A round with somebody's first lunch, whose carriers don't know the way; looked at once.

    beside: who goes with them, on a place that the shift has only for them; None until one of those who were
    asked says yes.
    """

    id = fields.IntField(primary_key=True)
    shift: fields.OneToOneRelation[Shift] = fields.OneToOneField("models.Shift", related_name="first_visit")
    shift_id: int
    at = UtcDatetimeField()
    beside: fields.ForeignKeyNullableRelation[Claim] = fields.ForeignKeyField(
        "models.Claim", related_name="first_visits", null=True, on_delete=fields.SET_NULL
    )
    beside_id: int | None

    class Meta:
        table = "first_visit"

    @classmethod
    async def companion(cls, shift_id: int) -> Person | None:
        """Find who goes beside the carriers of a shift, if somebody still does."""
        visit = await cls.filter(shift_id=shift_id, beside__given_back_at=None).first()
        if visit is None or visit.beside_id is None:
            return None
        return (await Claim.get(id=visit.beside_id).prefetch_related("person")).person

    @classmethod
    async def pass_on(cls, claim_id: int, to_claim_id: int) -> None:
        """Have somebody else go beside the carriers, in the place of whoever would have."""
        await cls.filter(beside_id=claim_id).update(beside_id=to_claim_id)

    @classmethod
    async def join_carriers(cls, *claim_ids: int) -> int:
        """Make a carrier of whoever of these goes beside; count the places that the shift has less then."""
        return await cls.filter(beside_id__in=claim_ids).update(beside_id=None)

    @classmethod
    async def with_company(cls, shift_ids: Collection[int]) -> set[int]:
        """Find which of these shifts have a place more than their route, for whoever goes beside."""
        visits = await cls.filter(shift_id__in=list(shift_ids), beside__given_back_at=None)
        return {visit.shift_id for visit in visits if visit.beside_id is not None}


class BesideCall(Model):
    """Somebody who knows the way was asked to go beside the carriers of a round."""

    id = fields.IntField(primary_key=True)
    visit: fields.ForeignKeyRelation[FirstVisit] = fields.ForeignKeyField(
        "models.FirstVisit", related_name="asked"
    )
    visit_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="asked_beside"
    )
    person_id: int
    at = UtcDatetimeField()
    declined_at = UtcDatetimeField(null=True)

    class Meta:
        table = "beside_call"
        unique_together = (("visit", "person"),)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A round with first lunches: who carries it, and who is asked to go beside them; nobody could be."""

    shift: Shift
    lunches: int
    carriers: Sequence[Person]
    calls: Sequence[BesideCall]


async def pair_due(now: datetime, limit: int) -> list[Pairing]:
    """Ask, a day before, a few who know the way for each round that brings a first lunch to a new door.

    Only where somebody carries it and none of them knows the route or the senior; each round once.
    Nobody is asked in the canteen's night.
    """
    passing = [row["id"] for row in await rows(NEW_DOORS, now, now + AHEAD, no_lunch=NO_LUNCH)]
    coming = Shift.filter(id__in=passing).order_by("starts_at", "id")
    found: list[Pairing] = []
    for shift in await coming.prefetch_related("route", "canteen"):
        if len(found) == limit:
            break
        if after_quiet_hours(now, shift.canteen.zone) == now and (pairing := await _pair(shift, now)):
            found.append(pairing)
    return found


async def new_doors(shift: Shift) -> tuple[set[int], set[int]]:
    """Find who has the first lunch of all on a round, and who had one before, by the senior's id."""
    due = [
        each.senior_id
        for each in await Meal.due([shift.canteen_id], shift.day)
        if each.route_id == shift.route_id and each.mode is Mode.DELIVERY
    ]
    new = await first_lunches(shift.day, due)
    return new, set(due) - new


async def _pair(shift: Shift, now: datetime) -> Pairing | None:
    new, known = await new_doors(shift)
    carriers = await Shift.carrier(shift.route_id, shift.day)
    # Where every door is new, as on a canteen's first day, nobody can know the way.
    if not new or not known or not carriers or any([await _knows(person, shift, new) for person in carriers]):
        return None
    visit, created = await FirstVisit.get_or_create({"at": now}, shift_id=shift.id)
    if not created:
        return None
    calls = []
    for person in await _familiar(shift):
        call = await BesideCall.create(visit_id=visit.id, person_id=person.id, at=now)
        call.person = person
        calls.append(call)
    return Pairing(shift, len(new), carriers, calls)


async def _knows(person: Person, shift: Shift, new: set[int]) -> bool:
    walked = Claim.filter(
        person_id=person.id, shift__route_id=shift.route_id, started_at__not_isnull=True, missed_at=None
    )
    return await walked.exclude(shift_id=shift.id).exists() or bool(new & await known_to(person))


async def _familiar(shift: Shift) -> list[Person]:
    """List a few who have walked the route, who are free and can be reached."""
    helpers = {one.id: one for one in await Membership.people(shift.canteen_id, Role.VOLUNTEER)}
    out = await Away.on(shift.day)
    reached = await Account.filter(person_id__in=list(helpers), reachable=True).values_list(
        "person_id", flat=True
    )
    walked = Counter(
        claim.person_id
        for claim in await Claim.filter(
            person_id__in=list({int(str(number)) for number in reached} - out),
            shift__route_id=shift.route_id,
            started_at__not_isnull=True,
            given_back_at=None,
            missed_at=None,
        ).exclude(shift_id=shift.id)
    )
    chosen: list[Person] = []
    for number, _times in sorted(walked.items(), key=lambda each: (-each[1], each[0])):
        if len(chosen) < FEW and await _can_go(helpers[number], shift):
            chosen.append(helpers[number])
    return chosen


async def _can_go(person: Person, shift: Shift) -> bool:
    try:
        await _must_fit_beside(person, shift)
    except Refusal:
        return False
    return True


async def _must_fit_beside(person: Person, shift: Shift) -> None:
    await must_suit(person, shift)
    await must_have_company(person, shift, room=shift.places_open)
    await must_be_free(person, shift)


async def go_beside(call_id: int, person: Person, now: datetime) -> tuple[Claim, bool]:
    """Go beside the carriers of a round, on a place of one's own; tell whether that is news.

    Where all carriers have given their place back, whoever was asked carries it themselves. Said twice, it
    is once. Raises NotYours, ShiftOver when it is too late or another goes already, and what stands against
    having a place.
    """
    await Person.locked(person.id)
    call = await BesideCall.filter(id=call_id, person_id=person.id).prefetch_related("visit").first()
    if call is None:
        raise NotYours
    await Shift.filter(id=call.visit.shift_id).select_for_update().first()
    shift = await Shift.get(id=call.visit.shift_id).prefetch_related("route", "canteen")
    visit = await FirstVisit.get(id=call.visit_id)
    held = await Claim.filter(shift_id=shift.id, person_id=person.id, given_back_at=None).first()
    if held is not None:
        held.shift = shift
        return held, False
    if shift.state is not ShiftState.OPEN or now >= shift.starts_at:
        raise ShiftOver
    if visit.beside_id is not None and await FirstVisit.companion(shift.id) is not None:
        raise ShiftOver
    if not await Shift.carrier(shift.route_id, shift.day):
        return await Shift.claim(shift.id, person, now), True
    await must_carry(person, shift.canteen_id)
    await _must_fit_beside(person, shift)
    await Shift.filter(id=shift.id).update(places=F("places") + 1, taken=F("taken") + 1)
    claim = await Claim.begin(shift, person, now)
    await FirstVisit.filter(id=visit.id).update(beside_id=claim.id)
    return claim, True


@dataclass(frozen=True, slots=True)
class Declined:
    """A no to going beside somebody. nobody: the round that is left, once all have said no.

    given: the place beside the carriers that they had taken; held: a place of their own, which stays.
    """

    call: BesideCall
    nobody: Pairing | None = None
    given: GivenBack | None = None
    held: Claim | None = None


async def decline(call_id: int, person: Person, now: datetime) -> Declined:
    """Say no to going beside somebody, also after a yes; the last to say no leaves nobody.

    Raises NotYours, ShiftOver after a yes once they are there.
    """
    await Person.locked(person.id)
    mine = BesideCall.filter(id=call_id, person_id=person.id)
    call = await mine.first()
    if call is None:
        raise NotYours
    visit = await FirstVisit.filter(id=call.visit_id).select_for_update().get()
    held = await Claim.filter(shift_id=visit.shift_id, person_id=person.id, given_back_at=None).first()
    given = None
    if held is not None and held.id == visit.beside_id:
        given, held = await Claim.give_back(held.id, person, now), None
    news = await mine.filter(declined_at=None).update(declined_at=now)
    silent = BesideCall.filter(visit_id=visit.id, declined_at=None)
    if not news or await silent.exists() or await FirstVisit.companion(visit.shift_id) is not None:
        return Declined(call, None, given, held)
    shift = await Shift.get(id=visit.shift_id).prefetch_related("route", "canteen")
    carriers = await Shift.carrier(shift.route_id, shift.day)
    nobody = Pairing(shift, len((await new_doors(shift))[0]), carriers, [])
    return Declined(call, nobody, given, held)


async def is_wanted(call_id: int, now: datetime) -> bool:
    """Tell whether somebody is still to go beside the carriers."""
    call = await BesideCall.filter(id=call_id, declined_at=None).prefetch_related("visit__shift").first()
    if call is None or call.visit.shift.starts_at <= now:
        return False
    return await FirstVisit.companion(call.visit.shift_id) is None
