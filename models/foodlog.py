"""The food log: written by who cooks and who carries, judged by the canteen's rules, crossed out at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.audit import AuditEvent
from models.canteens import Canteen
from models.deskrules import DeskRules
from models.people import Membership, Person, Role
from models.refusals import Gone, NotOnRound
from models.rounds import Round
from models.routes import Kind
from models.samples import KEPT, KINDS, Logged, Place, Reading, Sample, Verdict
from models.schedule import Schedule
from models.serving import must_serve

LOGGED_LATELY: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Noted:
    """One dish as a cook said it: tenths of a degree Celsius, and the grams of its sample."""

    dish: str
    tenths: int | None
    grams: int | None
    cold: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """The log of a day; what was crossed out is not in it."""

    day: date
    readings: Sequence[Reading]
    samples: Sequence[Sample]

    @classmethod
    async def of(cls, canteen_id: int, day: date) -> Log:
        """Read the log of a day, in the order in which it was written."""
        mine = {"canteen_id": canteen_id, "day": day, "voided_at": None}
        return cls(
            day,
            await Reading.filter(**mine).order_by("at", "id").prefetch_related("route"),
            await Sample.filter(**mine).order_by("at", "id"),
        )

    @property
    def without_sample(self) -> list[str]:
        """Name the dishes that were measured at packing and of which no whole sample is kept."""
        kept = {_same(sample.dish) for sample in self.samples if sample.enough}
        dishes = {
            _same(reading.dish): reading.dish for reading in self.readings if reading.place is Place.PACKING
        }
        dishes |= {_same(sample.dish): sample.dish for sample in self.samples if not sample.enough}
        return [dish for same, dish in dishes.items() if same not in kept]


async def note(canteen_id: int, dishes: Sequence[Noted], by: Person, now: datetime) -> list[Logged]:
    """Write down what was measured at packing and what is kept of it. Raises NotAllowed."""
    await must_serve(by, canteen_id, now, Kind.KITCHEN)
    canteen = await Canteen.get(id=canteen_id)
    rules = await DeskRules.of(canteen_id)
    written: list[Logged] = []
    remind_at = None
    if any(each.grams is not None for each in dishes):
        remind_at = await _when_somebody_is_there(canteen, now + KEPT)
    for each in dishes:
        if each.tenths is not None:
            written.append(await _read(canteen, rules, each, Place.PACKING, None, by, now))
        if each.grams is not None:
            written.append(
                await Sample.create(
                    canteen_id=canteen_id,
                    day=canteen.today(now),
                    dish=each.dish,
                    grams=each.grams,
                    at=now,
                    by_id=by.id,
                    discard_after=now + KEPT,
                    remind_at=remind_at,
                )
            )
    return written


async def note_at_last_stop(shift_id: int, tenths: int, by: Person, now: datetime) -> Reading:
    """Write down the temperature of the meal that came last on a round. Raises NotOnRound."""
    round_ = await Round.of(by, now, shift_id)
    if round_ is None:
        raise NotOnRound
    canteen = await Canteen.get(id=round_.shift.canteen_id)
    rules = await DeskRules.of(canteen.id)
    noted = Noted("", tenths, None)
    reading = await _read(canteen, rules, noted, Place.LAST_STOP, round_.shift.route_id, by, now)
    await reading.fetch_related("route")
    return reading


async def _read(
    canteen: Canteen,
    rules: DeskRules,
    noted: Noted,
    place: Place,
    route_id: int | None,
    by: Person,
    now: datetime,
) -> Reading:
    assert noted.tenths is not None
    return await Reading.create(
        canteen_id=canteen.id,
        day=canteen.today(now),
        dish=noted.dish,
        tenths=noted.tenths,
        # A dish that comes out of the fridge is a cold one, also where nobody says so.
        cold=noted.cold or noted.tenths <= rules.cold_at_most * 10,
        place=place,
        verdict=verdict(noted, rules),
        route_id=route_id,
        by_id=by.id,
        at=now,
    )


def verdict(noted: Noted, rules: DeskRules) -> Verdict:
    """Judge a temperature: a hot dish is hot enough, a cold one cold enough, between the two is neither."""
    assert noted.tenths is not None
    hot_enough = noted.tenths >= rules.hot_at_least * 10 and not noted.cold
    if hot_enough or noted.tenths <= rules.cold_at_most * 10:
        return Verdict.GOOD
    return Verdict.TOO_WARM if noted.cold else Verdict.TOO_COLD


async def cross_out(kind: str, entry_id: int, by: Person, now: datetime) -> Logged:
    """Cross out an entry of today: one's own, or as a coordinator anybody's. Raises Gone, NotAllowed."""
    table = KINDS.get(kind)
    entry = None if table is None else await table.filter(id=entry_id, voided_at=None).first()
    if table is None or entry is None:
        raise Gone
    await must_serve(by, entry.canteen_id, now, Kind.KITCHEN)
    canteen = await Canteen.get(id=entry.canteen_id)
    if entry.by_id != by.id:
        await by.must_be(Role.COORDINATOR, entry.canteen_id)
    if entry.day != canteen.today(now):
        raise Gone
    await table.filter(id=entry_id, voided_at=None).update(voided_at=now, voided_by_id=by.id)
    if table is Sample:
        await Sample.filter(id=entry_id).update(remind_at=None)
    await AuditEvent.record("food.cross_out", f"{table._meta.db_table} {entry_id}", by=by.id, now=now)
    return entry


async def to_discard(now: datetime, limit: int) -> list[Sample]:
    """Take samples that were kept long enough and of which nobody was reminded yet, each once ever."""
    over = Sample.filter(remind_at__lte=now).order_by("canteen_id", "id").limit(limit)
    due = await over.select_for_update(skip_locked=True)
    if due:
        await Sample.filter(id__in=[sample.id for sample in due]).update(remind_at=None)
    return due


async def discard(canteen_id: int, by: Person, now: datetime) -> list[Sample]:
    """Note that all samples which were kept long enough are thrown away. Raises NotAllowed."""
    await must_serve(by, canteen_id, now, Kind.KITCHEN)
    over = Sample.filter(canteen_id=canteen_id, discard_after__lte=now, discarded_at=None, voided_at=None)
    found = await over.order_by("id").select_for_update()
    await Sample.filter(id__in=[sample.id for sample in found]).update(
        discarded_at=now, discarded_by_id=by.id, remind_at=None
    )
    return found


async def keeps_a_log(canteen_id: int, day: date) -> bool:
    """Tell whether a canteen has written anything down within the last two weeks."""
    lately = {"canteen_id": canteen_id, "day__gte": day - LOGGED_LATELY, "day__lte": day, "voided_at": None}
    return await Reading.filter(**lately).exists() or await Sample.filter(**lately).exists()


async def cooks(canteen_id: int) -> list[Person]:
    """List who is reminded of samples: the kitchen, or the coordinators where it has nobody here."""
    for role in (Role.KITCHEN, Role.COORDINATOR):
        if found := await Membership.people(canteen_id, role):
            return found
    return []


async def of_month(canteen_id: int, first: date, until: date) -> tuple[list[Reading], list[Sample]]:
    """Read all that was written in a period, with what was crossed out."""
    period = {"canteen_id": canteen_id, "day__gte": first, "day__lte": until}
    return (
        await Reading.filter(**period)
        .order_by("day", "at", "id")
        .prefetch_related("by", "voided_by", "route"),
        await Sample.filter(**period)
        .order_by("day", "at", "id")
        .prefetch_related("by", "voided_by", "discarded_by"),
    )


async def _when_somebody_is_there(canteen: Canteen, at: datetime) -> datetime:
    """Move a reminder to the next day on which the canteen cooks: nobody opens the fridge on a Sunday."""
    day, schedule = canteen.today(at), await Schedule.of(canteen, at)
    if schedule.cooks(day):
        return at
    while not schedule.cooks(day):
        day += timedelta(days=1)
    return canteen.at(day, canteen.roster_at)


def _same(dish: str) -> str:
    return "".join(dish.casefold().split())
